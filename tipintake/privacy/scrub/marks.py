"""Put marks where masked words stood."""

from __future__ import annotations

from collections.abc import Sequence

from tipintake.privacy.scrub.findings import Finding, Verdict

MARK = {Verdict.REMOVE: "[removed]", Verdict.UNSURE: "[held]"}


def masked_text(text: str, findings: Sequence[Finding]) -> str:
    """The text with one untyped mark for each masked stretch; neighbours of one verdict merge."""
    parts: list[str] = []
    at = 0
    last: Verdict | None = None
    for finding in findings:
        if finding.verdict is Verdict.KEEP:
            continue
        between = text[at : finding.start]
        if not (last is finding.verdict and not between.strip()):
            parts += [between, MARK[finding.verdict]]
        at = finding.end
        last = finding.verdict
    parts.append(text[at:])
    return "".join(parts)
