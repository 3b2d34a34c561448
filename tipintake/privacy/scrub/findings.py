"""What the scrubber says about a text: findings, verdicts and the words that remain."""

from __future__ import annotations

import enum
import hashlib
from dataclasses import dataclass

# Rules of which more than one place must know.
LEARNED = "labeller"  # the labellers' own opinion, which can be wrong: no cue decided
OWN_FIELD = "structured-field"  # the person gave the value in a field of its own too
CLAIMED_FIELD = "structured-field-claimed"  # and a plain cue says that it is theirs
IN_A_FIELD = frozenset({OWN_FIELD, CLAIMED_FIELD})


class Verdict(enum.StrEnum):
    """What happens to a stretch of text."""

    REMOVE = "remove"
    KEEP = "keep"
    UNSURE = "unsure"


@dataclass(slots=True)
class Mark:
    """What was decided about one token."""

    verdict: Verdict
    kind: str
    rule: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One stretch of the input, `text[start:end]`, with the verdict on it.

    `kind` names what was found (REPORTER_CONTACT, VICTIM_NAME, …: `labels.py`); `rule` names what
    decided.
    `overruled` is the scrubber's own verdict, where the person's word stands in its place.
    """

    start: int
    end: int
    verdict: Verdict
    kind: str
    rule: str
    overruled: Verdict | None = None

    @property
    def id(self) -> str:
        """A short id, the same for the same text, by which a resident's decision is matched."""
        raw = f"{self.start}:{self.end}:{self.kind}".encode()
        return hashlib.blake2s(raw, digest_size=6).hexdigest()


@dataclass(frozen=True, slots=True)
class KnownEvidence:
    """Values that the person also gave in structured fields: kept wherever they stand."""

    plates: tuple[str, ...] = ()
    ad_phones: tuple[str, ...] = ()
    handles: tuple[str, ...] = ()
    urls: tuple[str, ...] = ()
    rooms: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Writer:
    """What the caller knows of a text besides its words.

    `captive`: the writer said in a field that they are the one in the situation;
    `short_field`: the text is no narrative but a field for a few words;
    `told`: the text is a narrative or an answer, however few its words.
    """

    captive: bool = False
    short_field: bool = False
    told: bool = False


@dataclass(frozen=True, slots=True, repr=False)
class Scrubbed:
    """The words that an agency would see, and what was found in the words as written.

    Finding offsets are indices into the input, not into `text`.
    """

    text: str
    findings: tuple[Finding, ...]

    def __repr__(self) -> str:
        return f"Scrubbed({len(self.findings)} findings)"


class EvidenceKind(enum.StrEnum):
    """Kinds of evidence that can be read from scrubbed words."""

    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    URL = "url"
    ROOM = "room"


@dataclass(frozen=True, slots=True)
class WordEvidence:
    """A piece of evidence as it was written in the scrubbed text."""

    kind: EvidenceKind
    value: str
