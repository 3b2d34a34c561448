"""Names that plain words make a suspect's, and those that may be another's after all."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.cues.ages import YOUNG_AFTER, YOUNG_CALLED
from tipintake.privacy.scrub.cues.suspects_names import (
    A_CHILD_WRITES,
    CHILD_AFTER_NAME,
    CHILD_SPOKEN_OF,
    CLOSE_SPOKEN_OF,
    CLOSE_TO_WRITER,
    DEALS_AFTER_NAME,
    DEALS_IN_OTHERS,
    ENDS_IN_AND,
    HARM_AFTER_NAME,
    HAS_A_CHILD_AT,
    HE_SAID_HIS_NAME,
    HE_SELLS_THEM,
    HELPED,
    HELPER_BEFORE,
    HELPS,
    I_AM,
    IS_CLOSE,
    IS_WHO_DOES_IT,
    MAY_SUFFER,
    ME_THEY_CALL,
    NO_SUSPECT_SPOKEN_OF,
    NOBODY_SAYS,
    OF_A_BYSTANDER,
    OF_HIM,
    OF_WHO_WRITES,
    ONE_OF_THEM,
    OTHERS_SUFFER,
    RUNS_IT_ALL,
    SUFFERS,
    SUFFERS_OR_SAW,
    SUSPECT_NAME,
    SUSPECT_OF_CAPTIVE,
    TITLED,
    VICTIM_CUE,
    WITNESSED,
    WRITER_IS_NAMED_HERE,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.labels import NAME_KINDS
from tipintake.privacy.scrub.names.whole import CUE_WINDOW, whole_names, words_of
from tipintake.privacy.scrub.rulings import OWN_WORDS, Ruling

VICTIM_WINDOW = 24
SPOKEN_OF_REACH = 100


def names_of_dealers(an: Analysis) -> frozenset[str]:
    """Of whom the text says that they sell the girls, whoever else they are."""
    return frozenset(
        an.tokens[at].norm
        for first, last in whole_names(an)
        if DEALS_IN_OTHERS.match(an.text, an.tokens[last].end) and not helps_them(an, last)
        for at in range(first, last + 1)
    )


def is_writers(before: str, cue: int) -> bool:
    """The name behind `before`, whose cue begins at `cue`: I am the driver they call."""
    named = WRITER_IS_NAMED_HERE.search(before) or ME_THEY_CALL.search(before[:cue])
    return named is not None


def is_of_somebody_close(before: str, cue: int) -> bool:
    """My husband is a man named; my son saw it, his name is."""
    head = before[:cue]
    of_him = OF_HIM.match(before, cue) is not None
    close = CLOSE_TO_WRITER.search(head) or (of_him and CLOSE_SPOKEN_OF.search(head))
    return bool(close)


def names_of_who_does_it(an: Analysis, found: list[Ruling]) -> Iterator[Ruling]:
    """My son, Garrett Pohl, 38, is the one doing it: his name stays, wherever the text has it and
    nothing found makes it another's: the writer's, a child's. It is held where it may be who
    suffers it, or who saw it."""
    # "My cousin Lamar", which is held as kin's, is no other's.
    others = [
        one
        for one in found
        if not one.keep and one.kind in NAME_KINDS and not (one.hold and one.rule == "victim-cue")
    ]
    ruled = {at for one in others for at in range(one.first, one.last + 1)}
    names = whole_names(an)
    told: set[frozenset[str]] = set()
    for first, last in names:
        end = an.tokens[last].end
        before = an.text[max(0, an.tokens[first].start - CUE_WINDOW) : an.tokens[first].start]
        does_it = IS_WHO_DOES_IT.match(an.text, end)
        if does_it is None and not IS_CLOSE.search(before):
            does_it = RUNS_IT_ALL.match(an.text, end)
        if does_it is None or an.places[first].quoted:
            continue
        doubted = (
            MAY_SUFFER.search(before)
            or SUFFERS_OR_SAW.match(an.text, does_it.end())
            or YOUNG_AFTER.match(an.text, end)
        )
        if doubted:
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)
        elif not NOBODY_SAYS.search(before) and ruled.isdisjoint(range(first, last + 1)):
            told.add(words_of(an, first, last))
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)
    of_others = {words_of(an, one.first, one.last) for one in others}
    for first, last in names if told else ():
        words = words_of(an, first, last)
        if any(words <= one for one in told) and not any(words <= one for one in of_others):
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True)


def has_a_child(an: Analysis, first: int, last: int) -> bool:
    """I am 16. Terrell has me at his mom's."""
    told = HAS_A_CHILD_AT.match(an.text, an.tokens[last].end) is not None
    kin = first > 0 and "relation" in an.classes[first - 1]
    return told and not kin and A_CHILD_WRITES.search(an.text) is not None


def helps_them(an: Analysis, last: int) -> bool:
    """Tom drives the girls to school."""
    deals = DEALS_AFTER_NAME.match(an.text, an.tokens[last].end)
    return deals is not None and HELPED.match(an.text, deals.end()) is not None


def deals_in_them(an: Analysis, before: str, first: int, last: int) -> bool:
    """The girls are Asian, and Rico sells them: where the name is said of nobody else, and the
    sentence is not about the writer's own people."""
    deals = DEALS_AFTER_NAME.match(an.text, an.tokens[last].end)
    if not deals or not ENDS_IN_AND.search(before) or HELPED.match(an.text, deals.end()):
        return False
    if ONE_OF_THEM.search(before):
        return False
    sentence = an.places[first].sentence
    here = [at for at, place in enumerate(an.places) if place.sentence == sentence]
    if any(not OWN_WORDS.isdisjoint(an.classes[at]) for at in here):
        return False
    said = [token.norm for token in an.tokens]
    return all(said.count(an.tokens[at].norm) == 1 for at in range(first, last + 1))


def another_named_so(
    an: Analysis, told: re.Match[str], first: int, last: int, captive: bool
) -> list[Ruling]:
    """Of a name behind a suspect's cue: whose else it is, or may be."""
    before, cue = told.string, told.start()
    start, end = an.tokens[first].start, an.tokens[last].end
    if is_childs(an, before, cue, end):
        return [Ruling(first, last, "MINOR_NAME", "young-name", hold=True)]
    if is_writers(before, cue):
        return [Ruling(first, last, "REPORTER_NAME", "own-name", hold=True)]
    # Kin of who is held may be who holds them.
    close = not captive and is_of_somebody_close(before, cue)
    saw = WITNESSED.search(before) or WITNESSED.search(an.text, end, end + CUE_WINDOW)
    if close and saw:
        return [Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)]
    if not close and may_be_a_bystanders(an, start, told, end, captive):
        return [Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True, yields=True)]
    return []


def may_be_a_bystanders(
    an: Analysis, start: int, told: re.Match[str], end: int, captive: bool
) -> bool:
    """The boy slept in the van, his name was; owner: Joan Moore, I rent them the house. Not from
    who is held: "owner: Rico, I am locked in"."""
    cue = start - len(told.string) + told.start()
    spoken_of = an.text[max(0, cue - SPOKEN_OF_REACH) : cue]
    of_the_writer = told.group().rstrip().endswith(":") and OF_WHO_WRITES.match(an.text, end)
    if of_the_writer and not captive:
        return True
    suffers = SUFFERS.search(spoken_of) and not OTHERS_SUFFER.search(spoken_of)
    of_him = HE_SAID_HIS_NAME.match(told.string, told.start()) and (
        suffers or NO_SUSPECT_SPOKEN_OF.search(spoken_of)
    )
    return bool(of_him or OF_A_BYSTANDER.match(an.text, end))


def is_childs(an: Analysis, before: str, cue: int, end: int) -> bool:
    """His name is Leo, he is my son; the boy they sell, his name is Leo."""
    after = CHILD_AFTER_NAME.match(an.text, end) or YOUNG_AFTER.match(an.text, end)
    of_him = OF_HIM.match(before, cue) is not None
    return after is not None or (of_him and CHILD_SPOKEN_OF.search(before[:cue]) is not None)


def is_beside_a_captive(an: Analysis, before: str, first: int) -> bool:
    """My boss Karen, Mr. Vo: in the words of who is held they may hold them."""
    titled = TITLED.match(an.text, an.tokens[first].start)
    return SUSPECT_OF_CAPTIVE.search(before) is not None or titled is not None


def harms(an: Analysis, last: int) -> bool:
    return HARM_AFTER_NAME.match(an.text, an.tokens[last].end) is not None


def is_helper(an: Analysis, before: str, last: int) -> bool:
    """My teacher Mr. Dunn knows; my boss Karen is scared too. Not who makes or sells me."""
    helps = HELPER_BEFORE.search(before) or HELPS.match(an.text, an.tokens[last].end)
    return helps is not None and not harms(an, last)


def is_captor(an: Analysis, before: str, first: int, last: int) -> bool:
    return harms(an, last) or is_beside_a_captive(an, before, first)


def suspect_names(an: Analysis, captive: frozenset[int]) -> Iterator[Ruling]:
    """A name beside words that only go with a suspect."""
    for first, last in whole_names(an):
        start = an.tokens[first].start
        before = an.text[max(0, start - CUE_WINDOW) : start]
        deals = deals_in_them(an, before, first, last)
        if helps_them(an, last):
            yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)
        sells = deals or HE_SELLS_THEM.search(before)
        if YOUNG_CALLED.search(before) or (
            VICTIM_CUE.search(before[-VICTIM_WINDOW:]) and not sells
        ):
            continue
        told = SUSPECT_NAME.search(before)
        if told is not None:
            anothers = another_named_so(an, told, first, last, bool(captive))
            yield from anothers
            if any(one.kind == "MINOR_NAME" for one in anothers):
                continue
            if anothers or (not captive and is_of_somebody_close(before, told.start())):
                told = None
        named = deals or told is not None
        if captive and not named and not I_AM.search(before):
            helps = is_helper(an, before, last)
            if helps and is_beside_a_captive(an, before, first):
                yield Ruling(first, last, "THIRD_PARTY", "own-kin", hold=True)
            named = not helps and is_captor(an, before, first, last)
        if named or has_a_child(an, first, last):
            while first and "title" in an.classes[first - 1]:
                first -= 1
            yield Ruling(first, last, "SUSPECT_NAME", "suspect-cue", keep=True, yields=deals)
