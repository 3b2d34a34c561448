"""Whether who writes is held where they write from, or stands beside it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tipintake.privacy.scrub.cues.captivity import (
    CAPTIVE,
    DWELLING,
    HELD_OR_NOT,
    HERE_NOW,
    KEPT_AT,
    NO_CAPTOR,
    NOT_HELD,
    NOW,
    OF_PAPERS,
    OVER_OR_MUNDANE,
    OWN_DEED,
    POSSESSES,
    PUBLIC_JOB,
    SOMEBODY_SAID,
    SURELY_CAPTIVE,
    SURVIVED,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.rulings import TokenIndex, shielded

OWN_DEED_REACH = 40  # characters
DOUBT_REACH = 100


@dataclass(frozen=True, slots=True)
class Captivity:
    """Where somebody says of themselves that they are held, robbed of papers, unpaid or forced.

    `stretches` are from where to where in the text: a sentence, or in a quotation what of the
    sentence is quoted. `sentences` are those in which the writer says so, those beside them that
    say where the writer sleeps or lives, and any that says where the writer is now. `perhaps`:
    the writer says what a bystander says as well ("he took my phone", "I can't leave"); there are
    no sentences of theirs then.
    """

    stretches: tuple[tuple[int, int], ...] = ()
    sentences: frozenset[int] = frozenset()
    perhaps: bool = False


def captivity(an: Analysis, index: TokenIndex) -> Captivity:
    told = first_person(an, index, CAPTIVE)
    if not told:
        return Captivity()
    doubted = in_doubt(an, index)
    sure = [at for at in first_person(an, index, SURELY_CAPTIVE) if at not in doubted]
    quoted = [at for at in told if an.places[at].quoted]
    if not sure:
        sure = with_a_place(an, index, [at for at in told if at not in doubted])
    if all(an.places[at].quoted for at in sure):
        perhaps = len(quoted) < len(told)
        return Captivity(tuple(stretch_around(an, at) for at in quoted), perhaps=perhaps)
    own = {an.places[at].sentence for at in told if not an.places[at].quoted}
    beside = {sentence + step for sentence in own for step in (-1, 1)}
    if beside:
        dwelling = first_person(an, index, DWELLING)
        own |= beside & {an.places[at].sentence for at in dwelling if not shielded(an, at)}
        here = first_person(an, index, HERE_NOW) if still_so(an, index, told, sure) else []
        own |= {an.places[at].sentence for at in here if not shielded(an, at)}
    return Captivity(tuple(stretch_around(an, at) for at in told), frozenset(own))


def still_so(an: Analysis, index: TokenIndex, told: list[int], sure: list[int]) -> bool:
    """He drives us to men, I can't leave; not: he took my passport, which may be long ago."""
    words = {index.at(match.start()): match.group() for match in CAPTIVE.finditer(an.text)}
    surely = {index.at(match.start()): match.group() for match in SURELY_CAPTIVE.finditer(an.text)}
    return any(at in words and NOW.match(words[at]) for at in told) or any(
        at in surely and not OVER_OR_MUNDANE.search(surely[at]) for at in sure
    )


def in_doubt(an: Analysis, index: TokenIndex) -> frozenset[int]:
    """First tokens of what a bystander may say too: my knee keeps me at home, he forced me to
    check them in, the girl said he took my passport, I am the nurse and could not leave. Or a
    survivor: he locked me in and I ran."""
    found = list(CAPTIVE.finditer(an.text))
    public = [index.at(match.start()) for match in PUBLIC_JOB.finditer(an.text)] if found else []
    jobs = {an.places[at].sentence for at in public if not shielded(an, at)}
    got_out = any(not shielded(an, index.at(m.start())) for m in SURVIVED.finditer(an.text))
    doubted = set()
    for match in found:
        at = index.at(match.start())
        before = an.text[max(0, match.start() - DOUBT_REACH) : match.start()]
        if (
            (got_out and not an.places[at].quoted and not NOW.match(match.group()))
            or HELD_OR_NOT.match(an.text, match.end())
            or NO_CAPTOR.search(before)
            or (not an.places[at].quoted and SOMEBODY_SAID.search(before))
            or (
                not an.places[at].quoted
                and an.places[at].sentence in jobs
                and not OF_PAPERS.search(match.group())
            )
        ):
            doubted.add(at)
    return frozenset(doubted)


def with_a_place(an: Analysis, index: TokenIndex, told: list[int]) -> list[int]:
    """Of what is said those beside which stands where the writer is: "and I am in room 9"."""
    kept = {an.places[at].sentence for at in first_person(an, index, KEPT_AT)}
    near = {sentence + step for sentence in kept for step in (-1, 0, 1)}
    return [at for at in told if an.places[at].sentence in near]


def first_person(an: Analysis, index: TokenIndex, cue: re.Pattern[str]) -> list[int]:
    """The first tokens of what is said by the cue, but for a bystander's like phrases."""
    found = [
        index.at(match.start())
        for match in cue.finditer(an.text)
        if not NOT_HELD.match(an.text, match.end()) and not is_own_deed(an.text, match)
    ]
    return [at for at in found if at < len(an.places)]


def is_own_deed(text: str, match: re.Match[str]) -> bool:
    """I had my phone: nobody took it."""
    before = text[max(0, match.start() - OWN_DEED_REACH) : match.start()]
    return POSSESSES.match(match.group()) is not None and OWN_DEED.search(before) is not None


def stretch_around(an: Analysis, at: int) -> tuple[int, int]:
    """The sentence of a token; where the token is quoted, the quoted part around it."""
    here = an.places[at]

    def belongs(other: int) -> bool:
        place = an.places[other]
        return place.sentence == here.sentence and (place.quoted or not here.quoted)

    first = last = at
    while first > 0 and belongs(first - 1):
        first -= 1
    while last + 1 < len(an.places) and belongs(last + 1):
        last += 1
    return an.tokens[first].start, an.tokens[last].end
