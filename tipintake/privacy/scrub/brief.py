"""A few words in which nobody says "I": what in them is plainly evidence is not held.

The labellers learned from whole stories; in a dozen words they hold more than need be. What is
removed, and what may be an opening such as "Night clerk, Drury", stays as they decided.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from tipintake.privacy.scrub.features import Analysis, clauses
from tipintake.privacy.scrub.findings import LEARNED, Mark, Verdict
from tipintake.privacy.scrub.labels import NAME_KINDS, REACHES_SOMEBODY, WHEREABOUTS
from tipintake.privacy.scrub.restraint import CLAUSES
from tipintake.privacy.scrub.rulings import OWN_WORDS

MOST_WORDS = 15
HEAD = 3
BEFORE_CONTACT = 2
WITHOUT_CUE = frozenset((LEARNED, "contact-without-cue"))
PLAIN = frozenset(("WORD", "MARK"))
SOMEBODY_ELSE = frozenset(("third_poss", "suspect"))
SOMEBODY_CLOSE = frozenset(("kin", "relation", "victim", "role"))
CALLED = frozenset("called named known goes llamado llamada llaman dicen apodado".split())
AD_OR_PIMP = frozenset(
    "ad ads anuncio anuncios listing listings flyer volante pimp trafficker padrote proxeneta "
    "madam".split()
)
# A town each and nothing else: a window or a house may be the writer's.
_IN_A_TOWN = r" in [A-Z][\w'’.]{1,20}(?: [A-Z][\w'’.]{1,20})?"
SET_RIGHT = re.compile(
    r"Not the (?:motel|hotel|inn|spa|one)" + _IN_A_TOWN + ",? but the one" + _IN_A_TOWN + r"\.?"
)
ASKS = frozenset("which what where who whose why was were is are did does do cual cuales".split())
NUMBER = frozenset("number num no phone cell tel whatsapp numero telefono celular cel".split())


def is_brief(an: Analysis) -> bool:
    words = sum(token.kind == "WORD" for token in an.tokens)
    return words <= MOST_WORDS and all(OWN_WORDS.isdisjoint(own) for own in an.classes)


def spare_evidence(an: Analysis, marks: list[Mark | None]) -> None:
    """Where a vehicle stands, what he is called, and the number of an ad or a pimp are kept."""
    if not is_brief(an):
        return
    for first, end in clauses(an.places):
        for start, stop in held_runs(marks, first, end):
            kinds = {mark.kind for mark in marks[start:stop] if mark is not None}
            if (
                (kinds <= WHEREABOUTS and begins_with_a_vehicle(an, first, start))
                or (kinds == {"REPORTER_PLACE"} and is_no_house(an, start, stop))
                or (kinds.isdisjoint(NAME_KINDS | REACHES_SOMEBODY) and is_asked(an, start))
                or (kinds <= CLAUSES and is_set_right(an, start))
                or (kinds == {"REPORTER_RELATION"} and is_called(an, start, stop))
            ):
                marks[start:stop] = [None] * (stop - start)
    for at, token in enumerate(an.tokens):
        if token.kind == "PHONE" and is_held(marks[at]) and is_told_as_theirs(an, marks, at):
            marks[at] = Mark(Verdict.KEEP, "PHONE", "their-contact")


def is_held(mark: Mark | None) -> bool:
    return mark is not None and mark.verdict is Verdict.UNSURE and mark.rule in WITHOUT_CUE


def is_kept(mark: Mark | None) -> bool:
    return mark is None or mark.verdict is Verdict.KEEP


def held_runs(marks: list[Mark | None], first: int, end: int) -> Iterator[tuple[int, int]]:
    start = first
    for at in range(first, end + 1):
        if at == end or not is_held(marks[at]):
            if start < at:
                yield start, at
            start = at + 1


def begins_with_a_vehicle(an: Analysis, first: int, start: int) -> bool:
    """White van plate 4KX 1J2 behind the motel."""
    head = range(first, min(start, first + HEAD))
    classes = {name for at in head for name in an.classes[at]}
    plate = "plateword" in classes or any(an.tokens[at].kind == "PLATE" for at in head)
    return plate or classes.issuperset(("color", "vehicle"))


def is_no_house(an: Analysis, start: int, stop: int) -> bool:
    """Not the motel in O'Fallon: a place without a number, of which nobody says "my"."""
    plain = all(an.tokens[at].kind in PLAIN for at in range(start, stop))
    return plain and any(an.tokens[at].text[0].isupper() for at in range(start + 1, stop))


def is_asked(an: Analysis, start: int) -> bool:
    """Which color was the van? Whoever begins by asking tells nothing of themselves; with "Night
    clerk at the Drury, can police come?" they do."""
    sentence = an.places[start].sentence
    whole = [
        token
        for token, place in zip(an.tokens, an.places, strict=True)
        if place.sentence == sentence
    ]
    word = next((token.norm for token in whole if token.kind == "WORD"), "")
    return word in ASKS and whole[-1].text == "?"


def is_set_right(an: Analysis, start: int) -> bool:
    """Not the motel in O'Fallon but the one in Wentzville."""
    sentence = an.places[start].sentence
    here = [at for at, place in enumerate(an.places) if place.sentence == sentence]
    return (
        SET_RIGHT.fullmatch(an.text, an.tokens[here[0]].start, an.tokens[here[-1]].end) is not None
    )


def is_called(an: Analysis, start: int, stop: int) -> bool:
    """Her pimp is called Dre."""
    if stop >= len(an.tokens) or an.tokens[stop].norm not in CALLED:
        return False
    return any(not SOMEBODY_ELSE.isdisjoint(an.classes[at]) for at in range(start, stop))


def is_told_as_theirs(an: Analysis, marks: list[Mark | None], at: int) -> bool:
    """Ad with the number …; her pimp is called Dre, number …: nobody else in the sentence."""
    sentence = an.places[at].sentence
    before = [other for other in range(at) if an.places[other].sentence == sentence]
    words = [an.tokens[other].norm for other in before]
    classes = {name for other in before for name in an.classes[other]}
    return (
        not NUMBER.isdisjoint(words[-BEFORE_CONTACT:])
        and not AD_OR_PIMP.isdisjoint(words)
        and classes.isdisjoint(SOMEBODY_CLOSE)
        and all(
            is_kept(marks[other])
            for other in before
            if an.tokens[other].kind == "WORD" and an.tokens[other].norm not in NUMBER
        )
    )
