"""Once removed, everywhere: a name or number taken out of one text goes from the others too.

Within one text the scrubber does this itself. Across the texts of a tip it is done here: the name
of a victim in its own field must not stand in the narrative, nor the writer's in a description.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from tipintake.privacy.scrub import Finding, Verdict
from tipintake.privacy.scrub.findings import LEARNED
from tipintake.privacy.scrub.labels import NAME_KINDS, VAULT_KINDS
from tipintake.privacy.scrub.lexicon import fold, ordinary_words, surnames
from tipintake.privacy.scrub.readable import readable

CONTACTS = frozenset(("REPORTER_CONTACT", "REPORTER_ACCOUNT", "REPORTER_ID"))
RULE = "said-elsewhere"
OWN_NAME = "REPORTER_NAME"
LEAST_OF_A_WHOLE_NAME = 2  # words
_BETWEEN_NAMES = r"[\W_]{1,3}"
_SHORTEST_NAME = 3
_SHORTEST_CONTACT = 5
_SHORTEST_OF_MINE = 4
_WORD = re.compile(r"[^\W\d_]+(?:['’-][^\W\d_]+)*")
# A name inside the name of a place is not the person: St. Charles, Madison Street, Florence Inn.
_NOT_AFTER = r"(?<![\w@])(?<!\bst )(?<!\bst\. )(?<!\bsaint )(?<!\bsan )(?<!\bsanta )"
_NOT_BEFORE = (
    r"(?![\w@])(?!\s+(?:st|street|ave|avenue|rd|road|blvd|boulevard|dr|drive|ln|lane|ct|court|pl"
    r"|place|pkwy|parkway|hwy|highway|inn|motel|hotel|suites|county|city|park|school|church)\b)"
)
_NEXT_WORD = re.compile(rf"[ -]([A-ZÁÉÍÓÚÑ][\w'’]{{1,30}})(?i:{_NOT_BEFORE})")


@dataclass(frozen=True, slots=True, repr=False)
class Taken:
    """A value that was taken out of one text, and where; `pattern` finds it in the others."""

    value: str
    pointer: str
    kind: str
    sure: bool = False  # plain words say whose it is
    pattern: re.Pattern[str] | None = field(init=False, compare=False)
    whole: re.Pattern[str] | None = field(init=False, compare=False)

    def __post_init__(self) -> None:
        # Once: compiled anew for each other text, a tip of a thousand names took half a minute.
        object.__setattr__(self, "pattern", _pattern(self.value, self.kind))
        whole = _whole_name(self.value, self.kind) if self.sure else None
        object.__setattr__(self, "whole", whole)


def taken_out(
    texts: Mapping[str, str], findings: Mapping[str, Sequence[Finding]]
) -> Iterator[Taken]:
    """Names and contacts that are removed or held somewhere in the tip."""
    for pointer, ones in findings.items():
        for one in ones:
            if one.verdict is not Verdict.KEEP and one.kind in NAME_KINDS | CONTACTS:
                words = readable(texts[pointer][one.start : one.end]).text
                sure = one.verdict is Verdict.REMOVE and one.rule != LEARNED
                yield Taken(words, pointer, one.kind, sure)


def repeats(
    text: str, pointer: str, taken: Iterable[Taken], findings: Sequence[Finding]
) -> list[Finding]:
    """New findings where `text` repeats what was taken out of another text of the tip."""
    new: list[Finding] = []
    read = readable(text)
    for one in taken:
        if one.pointer == pointer:
            continue
        for first, last in _repeated(one, read.text, pointer):
            whole = first, _with_surname(read.text, last) if one.kind in NAME_KINDS else last
            start, end = read.place_of(whole)
            if not any(start < other.end and other.start < end for other in [*findings, *new]):
                new.append(Finding(start, end, Verdict.REMOVE, one.kind, RULE))
    return new


def patterns_of(mine: Iterable[str]) -> tuple[re.Pattern[str], ...]:
    """What finds these words of the writer's again, the longest first."""
    return tuple(
        re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)
        for words in sorted({readable(one).text for one in mine}, key=len, reverse=True)
        if len(words) >= _SHORTEST_OF_MINE and fold(words) not in ordinary_words()
    )


def said_again(
    text: str, mine: Iterable[re.Pattern[str]], findings: Sequence[Finding]
) -> list[Finding]:
    """New findings where `text` has words again of which the writer said that they are theirs."""
    new: list[Finding] = []
    read = readable(text)
    for pattern in mine:
        for match in pattern.finditer(read.text):
            start, end = read.place_of(match.span())
            if not any(start < other.end and other.start < end for other in [*findings, *new]):
                new.append(Finding(start, end, Verdict.REMOVE, "REPORTER_ID", RULE))
    return new


def _repeated(one: Taken, text: str, pointer: str) -> Iterator[tuple[int, int]]:
    """Where the text says it again."""
    both_are_names = _is_name_of_a_person(one.pointer) and _is_name_of_a_person(pointer)
    if both_are_names and one.kind in VAULT_KINDS:
        if _in_one_form(one.value) == _in_one_form(text):
            yield 0, len(text)
    elif one.pattern is not None and _applies(one, pointer):
        yield from (match.span() for match in one.pattern.finditer(text))
    elif one.whole is not None:
        yield from (match.span() for match in one.whole.finditer(text))


def _with_surname(text: str, end: int) -> int:
    """ "Marisol Vega" where only Marisol was told of before: half a name tells whose it is."""
    while (found := _NEXT_WORD.match(text, end)) and fold(found[1]) in surnames():
        end = found.end()
    return end


def _is_name_of_a_person(pointer: str) -> bool:
    return pointer.startswith("/persons/") and pointer.endswith("/name_or_alias")


def _in_one_form(name: str) -> str:
    return " ".join(name.casefold().split())


def _applies(one: Taken, pointer: str) -> bool:
    """A person's name is not looked for in the name of a city, a street or a suspect; who has the
    very same name as a victim in another row is no other person."""
    _, group, *rest = pointer.split("/")
    if one.kind in CONTACTS or group not in {"locations", "persons", "online"}:
        return True
    field = rest[-1]
    if group == "locations":
        return field == "name" and one.kind in VAULT_KINDS
    return field not in {"name_or_alias", "ad_alias", "race"}


def _whole_name(value: str, kind: str) -> re.Pattern[str] | None:
    """The writer's own, first and last: that goes from the name of a place or a person too."""
    words = _WORD.findall(value)
    if kind != OWN_NAME or len(words) < LEAST_OF_A_WHOLE_NAME:
        return None
    in_a_row = _BETWEEN_NAMES.join(map(re.escape, words))
    return re.compile(rf"{_NOT_AFTER}{in_a_row}{_NOT_BEFORE}", re.IGNORECASE)


def _pattern(value: str, kind: str) -> re.Pattern[str] | None:
    if kind in CONTACTS:
        digits = [char for char in value if char.isdigit()]
        if len(digits) >= 7:
            return re.compile(r"(?<!\d)" + r"\W{0,3}".join(digits) + r"(?!\d)")
        plain = value.strip()
        long_enough = len(plain) >= _SHORTEST_CONTACT
        return re.compile(re.escape(plain), re.IGNORECASE) if long_enough else None
    words = [
        word
        for word in _WORD.findall(value)
        if len(word) >= _SHORTEST_NAME and fold(word) not in ordinary_words()
    ]
    if not words:
        return None
    any_of = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
    return re.compile(f"{_NOT_AFTER}(?:{any_of})(?:['’]s)?{_NOT_BEFORE}", re.IGNORECASE)
