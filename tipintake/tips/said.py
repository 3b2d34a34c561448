"""What a person said of a finding: it is said of these words, not of the place where they stand.

A decision's key is "<pointer>:<name>". The name holds the words, so that no "keep" is ever taken
for said of other words that came to stand in their place.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from tipintake.privacy.scrub import Finding, Verdict
from tipintake.tips.draft import TipDraft

NO_DECISIONS: Mapping[str, Verdict] = MappingProxyType({})
_DIGITS = 8  # of the words' digest, at the end of a name


def key_of(pointer: str, text: str, finding: Finding) -> str:
    """What a decision on this finding is filed under."""
    return f"{pointer}:{finding.id}{_digest(text[finding.start : finding.end])}"


def keys_in(draft: TipDraft, findings: Mapping[str, tuple[Finding, ...]]) -> Iterator[str]:
    """The keys of all findings in the texts of this draft."""
    for pointer, ones in findings.items():
        text = text_at(draft, pointer)
        yield from (key_of(pointer, text, one) for one in ones)


def text_at(draft: TipDraft, pointer: str) -> str:
    """The value that a pointer names, "/vehicles/0/features" or "/narrative"."""
    value: Any = draft
    for step in pointer.strip("/").split("/"):
        value = value[int(step)] if isinstance(value, tuple) else getattr(value, step)
    return str(value)


def words_of(key: str) -> str:
    """The digest of the words that a key speaks of."""
    return key[-_DIGITS:]


def not_to_be_seen(said: Mapping[str, Verdict]) -> dict[str, Verdict]:
    """What was to be taken out or held, by its words: removed wins."""
    held = {words_of(key): one for key, one in said.items() if one is Verdict.UNSURE}
    return held | {words_of(key): one for key, one in said.items() if one is Verdict.REMOVE}


def carried_over(said: Mapping[str, Verdict], keys: Iterable[str]) -> dict[str, Verdict]:
    """The same decisions when the texts were changed since: each goes with its words.

    What was to be taken out or held is so wherever these words stand now. "Keep" is carried on
    only where there is no doubt of which was meant.
    """
    here = list(dict.fromkeys(keys))
    decisions = dict(said)
    for key, verdict in sorted(said.items(), key=lambda one: one[1] is Verdict.KEEP):
        if key in here:
            continue
        same = [one for one in here if words_of(one) == words_of(key)]
        if verdict is not Verdict.KEEP or len(same) == 1:
            for one in same:
                decisions.setdefault(one, verdict)
    return decisions


def _digest(words: str) -> str:
    """The same for another spelling: "(314) 555-0142" and "314 555 0142"."""
    plain = "".join(char for char in words.casefold() if char.isalnum()) or words
    size = _DIGITS // 2
    return hashlib.blake2s(plain.encode("utf-8", "replace"), digest_size=size).hexdigest()
