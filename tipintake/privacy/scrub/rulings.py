"""What a rule says of a stretch of a text, and the few questions that all rules ask of it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass

from tipintake.privacy.scrub.cues.belongings import I_WROTE_IT, WRITTEN_OR_SHOUTED
from tipintake.privacy.scrub.features import Analysis

OWN_WORDS = frozenset(("i", "my", "we", "me", "soy"))
SPOKEN = frozenset(("speech", "adword"))
BESIDE = 12  # tokens


@dataclass(frozen=True, slots=True)
class Ruling:
    """Tokens `first..last` are forced to go (or, with `keep`, to stay; with `hold`, to wait).

    What `yields` neither stays nor waits where the labellers are sure that it goes.
    """

    first: int
    last: int
    kind: str
    rule: str
    keep: bool = False
    hold: bool = False
    yields: bool = False


class TokenIndex:
    """Finds the token at a character position by bisection."""

    def __init__(self, an: Analysis) -> None:
        self.ends = [t.end for t in an.tokens]

    def at(self, position: int) -> int:
        """Index of the first token that ends after `position`."""
        return bisect_right(self.ends, position)


def shielded(an: Analysis, at: int) -> bool:
    """Inside a quotation or reported speech first-person words are the source's."""
    return at < len(an.places) and (an.places[at].quoted or an.places[at].reported == "theirs")


def quoted_by_nobody(an: Analysis, at: int) -> bool:
    """Inside a quotation beside which no ad is told of and nobody speaks, shouts or has written it
    on a wall: it may be the writer's own words, put between marks."""
    if not an.places[at].quoted or an.places[at].reported == "theirs":
        return False
    first, end = at, at
    while first and an.places[first - 1].quoted:
        first -= 1
    while end < len(an.places) and an.places[end].quoted:
        end += 1
    before = range(max(0, first - BESIDE), first)
    behind = range(end, min(end + BESIDE, len(an.places)))
    sides = [
        an.text[an.tokens[side[0]].start : an.tokens[side[-1]].end]
        for side in (in_its_sentence(an, before, first), in_its_sentence(an, behind, end - 2))
        if side
    ]
    if any(I_WROTE_IT.search(side) for side in sides):
        return True
    if not all(SPOKEN.isdisjoint(an.classes[one]) for one in (*before, *behind)):
        return False
    return not any(WRITTEN_OR_SHOUTED.search(side) for side in sides)


def in_its_sentence(an: Analysis, beside: range, at: int) -> list[int]:
    """Of the tokens beside a quotation those that stand in one sentence with `at` in it, or go
    on behind it: '"Call me." was on the card'."""
    goes_on = bool(beside) and beside[0] > at and an.tokens[beside[0]].shape == "x"
    sentence = an.places[beside[0] if goes_on else at].sentence
    return [one for one in beside if an.places[one].sentence == sentence]
