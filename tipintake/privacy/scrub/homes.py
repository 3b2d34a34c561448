"""Where the writer lives, and of whose kin they are, by plain words."""

from __future__ import annotations

from collections.abc import Iterator

from tipintake.privacy.scrub.captivity import Captivity
from tipintake.privacy.scrub.cues.captivity import HERE_NOW, MAY_BE_HARMED, SURVIVED
from tipintake.privacy.scrub.cues.homes import (
    DOCKED_THERE,
    HOME_IS_OURS,
    LODGING,
    NEAR_HOME,
    OWN_HOME,
    OWN_KIN,
    ROAD_MARK,
    SIGNED_AS_NEIGHBOR,
    SLEEPS_THERE,
    WHOLE_ADDRESS,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.rulings import OWN_WORDS, Ruling, TokenIndex, shielded

CLAUSE_REACH = 12
PLACE_AFTER_CUE = 12


def road_marks(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Mile 217.5, exit 210: a place on a road, where nobody in the clause says "I" or "my"."""
    for match in ROAD_MARK.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        clause = [at for at in around(an, first) if not OWN_WORDS.isdisjoint(an.classes[at])]
        if not clause:
            yield Ruling(first, last, "PLACE", "road-mark", keep=True)


def around(an: Analysis, at: int) -> list[int]:
    """The tokens of a token's clause, a dozen to each side at most."""
    near = range(max(0, at - CLAUSE_REACH), min(len(an.tokens), at + CLAUSE_REACH + 1))
    return [other for other in near if an.places[other].clause == an.places[at].clause]


def own_homes(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """I live at 418 Maple Court: up to the street word, or the number.

    Where somebody may be harmed at home, or lodges in a room or camp, it is held, and in a
    captive's sentence it stays.
    """
    held = captive.sentences
    unclear = bool(held) or captive.perhaps or MAY_BE_HARMED.search(an.text) is not None
    cued = [
        (match, unclear or DOCKED_THERE.match(an.text, match.end()) is not None)
        for match in OWN_HOME.finditer(an.text)
    ]
    cued += [
        (match, True)
        for match in NEAR_HOME.finditer(an.text)
        if not SLEEPS_THERE.match(an.text, match.end())
    ]
    for match, waits in cued:
        start, first = index.at(match.start()), index.at(match.end())
        if shielded(an, start) or an.places[start].sentence in held:
            continue
        for at in range(first, min(len(an.tokens), first + PLACE_AFTER_CUE)):
            if an.places[at].sentence != an.places[start].sentence:
                break
            if at <= first + 2 and is_house_number(an, at):
                end = end_of_address(an, at)
                lodges = any(an.tokens[one].norm in LODGING for one in range(first, end + 1))
                yield Ruling(start, end, "REPORTER_PLACE", "own-home", hold=waits or lodges)
                break
    for match in HOME_IS_OURS.finditer(an.text):
        start, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, start) and an.places[start].sentence not in held:
            yield Ruling(start, last, "REPORTER_PLACE", "own-home", hold=unclear)


def is_house_number(an: Analysis, at: int) -> bool:
    """Also the "418 MAPLE" of "418 MAPLE COURT", which looks like a plate."""
    token = an.tokens[at]
    like_a_plate = token.kind == "PLATE" and WHOLE_ADDRESS.match(an.text, token.start) is not None
    return token.kind == "NUM" or like_a_plate


def end_of_address(an: Analysis, number: int) -> int:
    last = number
    for at in range(number, min(len(an.tokens), number + 6)):
        if an.tokens[at].kind == "LINE" or an.tokens[at].text in (",", ";", ".", "!", "?"):
            break
        last = at
        if an.tokens[at].norm == "calle":
            return min(at + 1, len(an.tokens) - 1)
        if "street" in an.classes[at] and at > number:
            break
    return last


def survivors_places(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """He sold me until the police came. I am at Ridge Manor: held, up to what follows."""
    if not captive.perhaps or SURVIVED.search(an.text) is None:
        return
    for match in HERE_NOW.finditer(an.text):
        first, at = index.at(match.start()), index.at(match.end() - 1)
        if shielded(an, first):
            continue
        last = at
        while (
            last + 1 < min(len(an.tokens), at + 1 + PLACE_AFTER_CUE)
            and an.places[last + 1].clause == an.places[at].clause
            and an.tokens[last + 1].kind != "MARK"
        ):
            last += 1
        yield Ruling(first, last, "REPORTER_PLACE", "own-home", hold=True)


def signed_as_neighbor(
    an: Analysis, index: TokenIndex, captive: frozenset[int]
) -> Iterator[Ruling]:
    """Neighbor at Oak Terrace Apartments: held, for the neighbor may be who is told of. Who is
    held there themselves says where."""
    if captive:
        return
    for match in SIGNED_AS_NEIGHBOR.finditer(an.text):
        last = index.at(match.end() - 1)
        yield Ruling(index.at(match.start()), last, "REPORTER_PLACE", "own-home", hold=True)


def own_kin(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """I am the housekeeper's son: held, for the one in the situation says such things too."""
    for match in OWN_KIN.finditer(an.text):
        first, last = index.at(match.start()), index.at(match.end() - 1)
        if not shielded(an, first):
            yield Ruling(first, last, "REPORTER_RELATION", "own-kin", hold=True)
