"""What a letter or a form says of its writer without a name: all of it waits, for no labeller
sees that "an old lady in 2C" behind "signed" is who wrote."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.captivity import Captivity
from tipintake.privacy.scrub.cues.letters import (
    ANOTHERS_ACCOUNT,
    ASKS_FOR_HELP,
    BORN,
    FOUND_AT_WORK,
    IS_HELD,
    IS_HERE,
    KIN_OF_NAMED,
    LAST_LINE,
    LINE_OF_ACCOUNTS,
    NO_SUSPECTS,
    ROOM_IN_IT,
    SIGNED_UNNAMED,
    TELLS,
    TOLD_AS_CALLER,
    UNIT_IS_HERE,
    UNPAID,
    WORKED_THERE,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex, shielded

POSTS = frozenset(("role", "kin", "relation"))
A_SUSPECTS = frozenset(("suspect", "he"))
# Of whom it is told rather than who writes: "his wife here".
PARTNERS = frozenset("wife husband boyfriend girlfriend bf gf esposa esposo novio novia".split())
REACH = 12  # tokens
IN_SIGHT = 60  # characters
NAMED_JUST_BEFORE = 4


def told_of_themselves(an: Analysis, index: TokenIndex, captive: Captivity) -> Iterator[Ruling]:
    """Who is held themselves says where by such words: "signed, the girl in room 12"."""
    if captive.sentences:
        yield from _rooms_of_captives(an, index)
    else:
        yield from _signed(an, index)
        for match in () if UNPAID.search(an.text) else WORKED_THERE.finditer(an.text):
            yield from _waits(an, index, match, "said", "REPORTER_ROLE", "worked-there")
        for match in UNIT_IS_HERE.finditer(an.text):
            if not ASKS_FOR_HELP.search(an.text, match.end()):
                yield from _waits(an, index, match, "who", "REPORTER_PLACE", "post-here")
        for match in FOUND_AT_WORK.finditer(an.text):
            if not IS_HELD.search(an.text, match.start()):
                yield from _waits(an, index, match, 0, "REPORTER_PLACE", "own-work")
        yield from _told_as_callers(an, index)
    for match in LAST_LINE.finditer(an.text):
        line_before = an.text[: match.start() - 1].rpartition("\n")[2]
        is_theirs = LINE_OF_ACCOUNTS.match(line_before) or ANOTHERS_ACCOUNT.search(line_before)
        if not is_theirs:
            yield from _waits(an, index, match, "handle", "REPORTER_CONTACT", "last-line")
    yield from _posts(an, index)
    yield from _days_of_birth(an, index)


def _waits(
    an: Analysis, index: TokenIndex, match: re.Match[str], part: str | int, kind: str, rule: str
) -> Iterator[Ruling]:
    first, last = index.at(match.start(part)), index.at(match.end(part) - 1)
    if not shielded(an, first):
        yield Ruling(first, last, kind, rule, hold=True, yields=True)


def _signed(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Signed, a worried grandma on Tholozan, house with the blue door."""
    for match in SIGNED_UNNAMED.finditer(an.text):
        tells = any(one.search(match["who"]) for one in (IS_HELD, TELLS))
        if match.start() > 0 and not tells:
            yield from _waits(an, index, match, "who", "REPORTER_RELATION", "signed-unnamed")


def _rooms_of_captives(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    for signed in SIGNED_UNNAMED.finditer(an.text):
        for room in ROOM_IN_IT.finditer(an.text, signed.start("who"), signed.end("who")):
            first, last = index.at(room.start()), index.at(room.end() - 1)
            yield Ruling(first, last, "ROOM", "captive", keep=True)


def _posts(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """Her teacher here; mom of Kaylee."""
    for match in IS_HERE.finditer(an.text):
        at = range(index.at(match.start("who")), index.at(match.end("who") - 1))
        is_partner = any(an.tokens[one].norm in PARTNERS for one in at)
        if not is_partner and any(not POSTS.isdisjoint(an.classes[one]) for one in at):
            yield from _waits(an, index, match, "who", "REPORTER_ROLE", "post-here")
    for match in KIN_OF_NAMED.finditer(an.text):
        inside = range(index.at(match.start("who")), index.at(match.end("who") - 1) + 1)
        if any(first in inside for first, _ in an.names):
            yield from _waits(an, index, match, "who", "REPORTER_RELATION", "kin-of-named")


def _told_as_callers(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """RP is the clerk; not the caller who is locked in a room."""
    for match in TOLD_AS_CALLER.finditer(an.text):
        if not IS_HELD.search(an.text, match.start("said"), match.end("said") + IN_SIGHT):
            yield from _waits(an, index, match, "said", "REPORTER_ROLE", "told-as-caller")


def _days_of_birth(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """DOB 04/12/1961: the writer's or a victim's, unless another is named."""
    for match in BORN.finditer(an.text):
        first, last = index.at(match.start("day")), index.at(match.end("day") - 1)
        before = range(max(0, first - REACH), first)
        beside = [at for at in before if an.places[at].sentence == an.places[first].sentence]
        suspect = any(not A_SUSPECTS.isdisjoint(an.classes[at]) for at in beside)
        named = any(first - NAMED_JUST_BEFORE <= end < first for _, end in an.names)
        said = an.text[an.tokens[beside[0]].start : match.start()] if beside else ""
        if not suspect and (not named or NO_SUSPECTS.search(said)):
            yield Ruling(first, last, "REPORTER_ID", "born", hold=True)
