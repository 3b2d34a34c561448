"""Names that plain words make a victim's or a child's."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.cues.ages import SAYS_YOUNG, YOUNG_AFTER, YOUNG_BEFORE, YOUNG_CALLED
from tipintake.privacy.scrub.cues.suspects_names import DEALS_IN_OTHERS
from tipintake.privacy.scrub.cues.victims_names import (
    APPOSED,
    ARE_GIRLS,
    BETWEEN_COMMAS,
    CARRIED,
    CHILD_APPOSED,
    CLOSE_OR_HARMED,
    GIRLS_ARE,
    GIRLS_OTHER,
    HARMS,
    HAS,
    IN_A_CELLAR,
    MERELY_IS,
    NAMES_ANOTHER,
    NO_NAME_BUT_LIKE_ONE,
    SUSPECT_WOMAN,
    VICTIM_AFTER,
    VICTIM_BEFORE,
    VICTIM_NAME,
    VICTIM_NAMED,
)
from tipintake.privacy.scrub.features import Analysis
from tipintake.privacy.scrub.names.whole import (
    CUE_WINDOW,
    JOINS,
    end_of_name,
    is_name,
    is_persons_name,
    whole_names,
)
from tipintake.privacy.scrub.rulings import Ruling, TokenIndex

MOST_JOINS = 2


def victim_names(an: Analysis, index: TokenIndex) -> Iterator[Ruling]:
    """A name beside words that only go with a victim or a child."""
    for match in VICTIM_NAMED.finditer(an.text):
        first = index.at(match.end())
        if is_named(an, first) and not an.places[first].quoted and not of_another(match):
            yield Ruling(first, end_of_name(an, first), of_whom(match), "victim-cue")
    for first, last in whole_names(an):
        if an.places[first].quoted:
            continue
        start, end = an.tokens[first].start, an.tokens[last].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if named := VICTIM_NAME.search(before):
            yield from named_as_victim(an, named, first, last)
        elif VICTIM_BEFORE.search(before):
            yield Ruling(first, last, "VICTIM_NAME", "victim-cue")
        elif CARRIED.search(before):
            yield Ruling(first, last, "MINOR_NAME", "victim-cue", hold=True)
        elif YOUNG_BEFORE.search(before) or YOUNG_CALLED.search(before):
            yield Ruling(first, last, "MINOR_NAME", "young-name")
        elif is_persons_name(an, first, last) or says_they_are_young(an, first, last):
            yield from young_or_harmed(an, before, first, last)
        elif is_two_words(an, first, last) and is_close_or_harmed(an, before, end):
            yield Ruling(first, last, "VICTIM_NAME", "victim-cue", hold=True)


def young_or_harmed(an: Analysis, before: str, first: int, last: int) -> Iterator[Ruling]:
    """Tia, 14; he sells Tia; his niece Tia."""
    end = an.tokens[last].end
    young = YOUNG_AFTER.match(an.text, end) is not None
    if young or SAYS_YOUNG.match(an.text, end):
        yield Ruling(first, last, "MINOR_NAME", "young-name", hold=not young)
    elif is_harmed(an, before, end) or is_close_or_harmed(an, before, end):
        yield Ruling(first, last, "VICTIM_NAME", "victim-cue", hold=True)


def victims_in_small_letters(an: Analysis) -> Iterator[Ruling]:
    """Le pegó a tiana; vi que marisol lloraba."""
    whole = {at for first, last in whole_names(an) for at in range(first, last + 1)}
    for at, token in enumerate(an.tokens):
        if "nameonly" in an.classes[at] and at not in whole and not an.places[at].quoted:
            before = an.text[max(0, token.start - CUE_WINDOW) : token.start]
            if is_harmed(an, before, token.end):
                yield Ruling(at, at, "VICTIM_NAME", "victim-cue", hold=True)


def is_harmed(an: Analysis, before: str, end: int) -> bool:
    """He sells Tia; Tia is not paid; he keeps Tia in the cellar."""
    told = HARMS.search(before) or VICTIM_AFTER.match(an.text, end)
    return told is not None or is_kept_or_apposed(an, before, end)


def is_two_words(an: Analysis, first: int, last: int) -> bool:
    """With capitals, so that it is a name though no list has it."""
    return last > first and an.style == "mixed"


def says_they_are_young(an: Analysis, first: int, last: int) -> bool:
    """Yareli dice que tiene quince años: a name that no list has, and no "ella dice"."""
    pronoun = not {"he", "she", "they", "i"}.isdisjoint(an.classes[first])
    written = an.style == "mixed" and an.tokens[first].text[0].isupper()
    return written and not pronoun and bool(SAYS_YOUNG.match(an.text, an.tokens[last].end))


def is_close_or_harmed(an: Analysis, before: str, end: int) -> bool:
    """His niece Carmen; not where she recruits the girls."""
    dealer = SUSPECT_WOMAN.search(before) or DEALS_IN_OTHERS.match(an.text, end)
    return not dealer and CLOSE_OR_HARMED.search(before) is not None


def is_kept_or_apposed(an: Analysis, before: str, end: int) -> bool:
    """He keeps Tia in the cellar; the girl, Tia, cries."""
    kept = HAS.search(before) and IN_A_CELLAR.match(an.text, end)
    apposed = APPOSED.search(before) and BETWEEN_COMMAS.match(an.text, end)
    return bool(kept or apposed or CHILD_APPOSED.search(before))


def named_as_victim(an: Analysis, cue: re.Match[str], first: int, last: int) -> Iterator[Ruling]:
    """The girl is Rose; and held, where "is" alone stands before what is no common name."""
    if of_another(cue) or is_no_name(an, cue, first, last):
        return
    unsure = MERELY_IS.search(cue.group()) is not None and not is_persons_name(an, first, last)
    yield Ruling(first, last, of_whom(cue), "victim-cue", hold=unsure)


def of_another(cue: re.Match[str]) -> bool:
    """The man who sells the girl is …: the name is not the girl's."""
    girl = cue.end("grown") if cue["grown"] else cue.end("young")
    told = NAMES_ANOTHER.match(cue.string, girl)
    begins = cue.string[max(0, cue.start() - CUE_WINDOW) : cue.start()]
    return told is not None and GIRLS_OTHER.search(begins) is not None


def is_no_name(an: Analysis, cue: re.Match[str], first: int, last: int) -> bool:
    """The girl is Mexican, and no name."""
    words = an.text[an.tokens[first].start : an.tokens[last].end]
    is_like_one = NO_NAME_BUT_LIKE_ONE.fullmatch(words) is not None
    return is_like_one and MERELY_IS.search(cue.group()) is not None


def names_of_girls(an: Analysis) -> Iterator[Ruling]:
    """Two girls, Brianna and Kaylee, …; Brianna and Kaylee are the girls he sells."""
    for listed in lists_of_names(an):
        start, end = an.tokens[listed[0][0]].start, an.tokens[listed[-1][1]].end
        before = an.text[max(0, start - CUE_WINDOW) : start]
        if not is_persons_name(an, *listed[0]):
            continue
        if told := GIRLS_ARE.search(before) or ARE_GIRLS.match(an.text, end):
            kind = of_whom(told)
            for first, last in listed:
                yield Ruling(first, last, kind, "victim-cue", hold=kind == "VICTIM_NAME")


def lists_of_names(an: Analysis) -> list[list[tuple[int, int]]]:
    """Names with nothing but commas and "and" between them; one alone is a list too."""
    lists: list[list[tuple[int, int]]] = []
    for first, last in whole_names(an):
        between = range(lists[-1][-1][1] + 1, first) if lists else range(first)
        joined = all(an.tokens[at].norm in JOINS for at in between) and len(between) <= MOST_JOINS
        if lists and joined:
            lists[-1].append((first, last))
        else:
            lists.append([(first, last)])
    return lists


def is_named(an: Analysis, at: int) -> bool:
    """Behind "is named" any capital is a name, also April and Rose."""
    if an.style != "mixed":
        return is_name(an, at)
    return at < len(an.tokens) and an.tokens[at].text[0].isupper()


def of_whom(match: re.Match[str]) -> str:
    return "MINOR_NAME" if match.group("young") else "VICTIM_NAME"
