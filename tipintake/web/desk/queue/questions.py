"""What was asked in the queue's box as a whole: its problems, condition and narrowest word."""

from collections.abc import Collection

from django.db.models import Q
from django.utils.translation import gettext as say

from tipintake.tips.plate_patterns import LEAST_KNOWN, PlatePattern
from tipintake.web.desk.queue import language
from tipintake.web.desk.queue.facets import FACETS, NOBODY, OF_THE_HOUSE, STATUSES, Ground, listed
from tipintake.web.desk.queue.language import QUOTED, Asked, Word

ONLY_CLOSED = frozenset({"closed", "closed-lately", "duplicate"})
LOOKS_INTO_ALL = frozenset({"is", "has", "age", "line", "category", "priority"})
# Which facet is asked first for the tips that fit it.
NARROWEST = (language.NUMBER, "plate", "alike", QUOTED, "tag", "assigned", "city")
# Values of these are evidence or point at one tip: no view that is kept may hold them.
NOT_TO_BE_KEPT = frozenset({"plate", language.NUMBER, QUOTED, "alike"})


def _not_for_agencies(word: Word) -> str:
    """How the desk shares its work is nobody's business outside the house."""
    said = {value.lower() for value in word.values} & OF_THE_HOUSE
    if word.key in OF_THE_HOUSE or (word.key in {"is", "has"} and said):
        return say("“{word}” is for the installation's own staff.").format(word=word)
    return ""


def understood(text: str, ground: Ground) -> Asked:
    """The words of the box with every problem that they have, each in a sentence."""
    asked = language.parse(text, [key for key in FACETS if key not in {QUOTED}])
    problems = list(asked.problems)
    for word in asked.words:
        problems += filter(None, (FACETS[word.key].wrong(ground, one) for one in word.values))
        if not ground.own_staff:
            problems += filter(None, (_not_for_agencies(word),))
    if not problems:
        problems += filter(None, (_too_vague(word, asked) for word in asked.words))
        problems += _both_open_and_closed(asked)
    return Asked(asked.words, tuple(problems))


def _too_vague(word: Word, asked: Asked) -> str:
    """A plate of which little is known would be looked for among all there are."""
    if word.key != "plate":
        return ""
    others = {one.key for one in asked.words if not one.refused} - LOOKS_INTO_ALL - {"plate"}
    for value in word.values:
        pattern = PlatePattern.parse(value)
        if not others and pattern.known < LEAST_KNOWN:
            return say(
                "“plate:{value}” names {known} of the characters. Write at least {least_known}, "
                "or add a city, a tag or a place in quotes."
            ).format(
                value=value,
                known=pattern.known,
                least_known=LEAST_KNOWN,
            )
        if not others and not pattern.is_looked_up:
            return say(
                "“plate:{value}” begins and ends with what was not seen. Write its beginning or "
                "its end, or add a city, a tag or a place in quotes."
            ).format(value=value)
        if not others and word.refused:
            return say("Say what you look for besides the plate that you leave out.")
    return ""


def _both_open_and_closed(asked: Asked) -> list[str]:
    said = {value.lower() for value in asked.values("is")}
    only_open = {"open", "waiting", "in-work", "urgent", "overdue", "due-soon", *STATUSES}
    if said & ONLY_CLOSED and said & only_open:
        return [
            say("A closed tip is never {words}. Leave one out.").format(
                words=listed(sorted(said & only_open))
            )
        ]
    return []


def asks_for_closed(asked: Asked) -> bool:
    return bool(ONLY_CLOSED.intersection(v.lower() for v in asked.values("is")))


def conditions(ground: Ground, asked: Asked, *, but: Collection[Word] = ()) -> Q:
    """All of it, as one condition on the rows."""
    together = Q()
    for word in asked.words:
        if word in but:
            continue
        one = FACETS[word.key].condition(ground, word.values)
        if one:
            together &= ~one if word.refused else one
    return together


def narrowest(asked: Asked) -> Word | None:
    """The word by which the fewest tips are found."""
    for key in NARROWEST:
        for word in asked.words:
            if word.key == key and not word.refused and _narrows(word):
                return word
    return None


def _narrows(word: Word) -> bool:
    if word.key == "assigned":
        return NOBODY not in {value.lower() for value in word.values}
    if word.key == "plate":
        return all(PlatePattern.parse(value).is_looked_up for value in word.values)
    return True
