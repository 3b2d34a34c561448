"""Remove who wrote a text and keep what they saw.

    scrubbed = scrub("The ad says 314-555-0142. Call me at 314-555-0163.")
    scrubbed.text      -> "The ad says 314-555-0142. Call me at [removed]."
    scrubbed.findings  -> stretches of the input with verdict, kind and rule

Kinds VICTIM_NAME and MINOR_NAME with verdict REMOVE: the caller may seal the value to the vault
key. Verdict UNSURE is masked as `[held]`: the caller may seal it for the privacy officer.

What reads a text is loaded with the first text, or by `load`: worker, clock and exporter read
none.
"""

from __future__ import annotations

import importlib

from tipintake.privacy.scrub.findings import (
    EvidenceKind,
    Finding,
    KnownEvidence,
    Scrubbed,
    Verdict,
    WordEvidence,
    Writer,
)

__all__ = [
    "EvidenceKind",
    "Finding",
    "KnownEvidence",
    "Scrubbed",
    "Verdict",
    "WordEvidence",
    "Writer",
    "evidence_in",
    "load",
    "scrub",
]

NOTHING_KNOWN = KnownEvidence()
SOMEBODY = Writer()


def load() -> None:
    """What reads a text, for a server that divides into processes before the first one comes."""
    for part in ("ensemble", "evidence", "scrubber"):
        importlib.import_module(f"{__name__}.{part}")


def scrub(
    text: str,
    *,
    known: KnownEvidence = NOTHING_KNOWN,
    writer: Writer = SOMEBODY,
) -> Scrubbed:
    """The text without its writer. English and Spanish are read alike, also mixed in one text.

    `known` are values of structured fields. `writer` is what else the caller knows. The
    resident's own word on a finding is no matter of this text alone: tips/cleaning.py.
    """
    from tipintake.privacy.scrub.ensemble import shipped_ensemble  # noqa: PLC0415
    from tipintake.privacy.scrub.scrubber import scrub_with  # noqa: PLC0415

    return scrub_with(shipped_ensemble(), text, known, writer)


def evidence_in(scrubbed: Scrubbed | str) -> tuple[WordEvidence, ...]:
    """Plates, phones, e-mails, handles, URLs and rooms that stand in the scrubbed words."""
    from tipintake.privacy.scrub.evidence import read_evidence  # noqa: PLC0415

    return read_evidence(scrubbed)
