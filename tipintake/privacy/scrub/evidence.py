"""Read evidence from the words that the scrubber left."""

from __future__ import annotations

import re

from tipintake.privacy.scrub.findings import EvidenceKind, Scrubbed, WordEvidence
from tipintake.privacy.scrub.patterns import find_candidates
from tipintake.privacy.scrub.readable import readable

KIND_OF_CANDIDATE = {
    "PLATE": EvidenceKind.PLATE,
    "PHONE": EvidenceKind.PHONE,
    "EMAIL": EvidenceKind.EMAIL,
    "HANDLE": EvidenceKind.HANDLE,
    "URL": EvidenceKind.URL,
}
ROOM = re.compile(
    r"(?<!\w)(?:rooms?|rms?|units?|apt|apartment|suite|ste|cuartos?|habitaci[oó]n|hab|apto|apartamento)"
    r"\.? {0,2}#? {0,1}(\d{1,5}[A-Za-z]?|[A-Za-z]-?\d{1,4})(?!\w)",
    re.IGNORECASE,
)


def read_evidence(scrubbed: Scrubbed | str) -> tuple[WordEvidence, ...]:
    """Each value once, as it is read where it stands first, in order of the text."""
    text = readable(scrubbed if isinstance(scrubbed, str) else scrubbed.text).text
    found = [
        (candidate.start, WordEvidence(KIND_OF_CANDIDATE[candidate.kind], value))
        for candidate in find_candidates(text)
        if candidate.kind in KIND_OF_CANDIDATE
        and (value := text[candidate.start : candidate.end].strip())
    ]
    found += [
        (match.start(1), WordEvidence(EvidenceKind.ROOM, match.group(1)))
        for match in ROOM.finditer(text)
    ]
    found.sort(key=lambda item: item[0])
    return tuple(dict.fromkeys(evidence for _, evidence in found))
