"""What two tips share, with the reason in words and how much it says. Asks no database."""

import enum
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from tipintake.tips import recurrence
from tipintake.tips.clues import (
    NEAR_METRES,
    Clue,
    Kind,
    metres_between,
    point,
    seen,
)
from tipintake.tips.models import Sighting
from tipintake.tips.plates import is_partial, skeleton
from tipintake.tips.vocabulary import SightingKind

HOURS_THAT_SAY_NOTHING = 60  # of the week: a pattern of so many fits nearly everything
LEAST_OVERLAP = 0.5
CLOSE_METRES = 50
TELLING_PART = 5  # characters of a partial plate
TELLING_HANDLE = 8
_DAY = re.compile(rf"\b(?:{'|'.join(recurrence.WEEKDAYS)})\b")


class Strength(enum.IntEnum):
    WEAK = 1
    FAIR = 2
    STRONG = 3


class Why(enum.StrEnum):
    """What two tips share. Its family says which reasons stand for one another."""

    SAME_PLATE = "same_plate"
    LOOKALIKE_PLATE = "lookalike_plate"
    PART_OF_PLATE = "part_of_plate"
    NEAR_PLATE = "near_plate"
    PLATE_TWO_STATES = "plate_two_states"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    URL = "url"
    PAYMENT = "payment"
    ROOM = "room"
    ADDRESS = "address"
    PLACE = "place"
    DISTANCE = "distance"
    PATTERN = "pattern"


FAMILY: Mapping[Why, str] = {
    Why.SAME_PLATE: "vehicle",
    Why.LOOKALIKE_PLATE: "vehicle",
    Why.PART_OF_PLATE: "vehicle",
    Why.NEAR_PLATE: "vehicle",
    Why.PLATE_TWO_STATES: "vehicle",
    Why.PHONE: "phone",
    Why.EMAIL: "email",
    Why.HANDLE: "handle",
    Why.URL: "url",
    Why.PAYMENT: "payment",
    Why.ROOM: "place",
    Why.ADDRESS: "place",
    Why.PLACE: "place",
    Why.DISTANCE: "place",
    Why.PATTERN: "time",
}
_PLACES = {str(why): place for place, why in enumerate(Why)}
# What two tips must share before it says anything that they also share their hours.
GROUND_FOR_PATTERN = frozenset({"vehicle", "place"})
_SAYS: Mapping[Why, str] = {
    Why.SAME_PLATE: noop("the same plate: {mine}"),
    Why.LOOKALIKE_PLATE: noop("plates that look alike: {mine} / {theirs}"),
    Why.PART_OF_PLATE: noop("one plate may be part of the other: {mine} / {theirs}"),
    Why.NEAR_PLATE: noop("the same plate but for one character: {mine} / {theirs}"),
    Why.PLATE_TWO_STATES: noop("plates alike, but said to be of two states: {mine} / {theirs}"),
    Why.PHONE: noop("the same advertised number: {mine}"),
    Why.EMAIL: noop("the same e-mail in the ad: {mine}"),
    Why.HANDLE: noop("the same user name: {mine}"),
    Why.URL: noop("the same web address: {mine}"),
    Why.PAYMENT: noop("the same payment name: {mine}"),
    Why.ROOM: noop("the same room: {mine}"),
    Why.ADDRESS: noop("the same address: {mine}"),
    Why.PLACE: noop("the same place: {mine}"),
    Why.DISTANCE: noop("places near each other: {mine} apart"),
    Why.PATTERN: noop("at the same hours of the week: {mine}"),
}
_SAME: Mapping[Kind, tuple[Why, Strength]] = {
    Kind.PHONE: (Why.PHONE, Strength.STRONG),
    Kind.EMAIL: (Why.EMAIL, Strength.STRONG),
    Kind.URL: (Why.URL, Strength.STRONG),
    Kind.PAYMENT: (Why.PAYMENT, Strength.STRONG),
    Kind.ROOM: (Why.ROOM, Strength.STRONG),
    Kind.ADDRESS: (Why.ADDRESS, Strength.FAIR),
    Kind.PLACE: (Why.PLACE, Strength.WEAK),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that two tips share. `mark` is the same whichever of them is asked."""

    why: Why
    mark: str
    strength: Strength
    mine: str
    theirs: str


@dataclass(frozen=True, slots=True)
class Found:
    """Another tip that belongs, or may belong, to the one that was asked about."""

    tip: UUID
    other: UUID
    reasons: tuple[Reason, ...]
    strength: Strength


def says(why: str, mine: str, theirs: str) -> str:
    """A reason in words, in the reader's language."""
    if why == Why.PATTERN:
        mine = _DAY.sub(lambda day: str(WEEKDAYS[recurrence.WEEKDAYS.index(day[0])]), mine)
    return gettext(_SAYS[Why(why)]).format(mine=mine, theirs=theirs)


def reasons_between(mine: Iterable[Clue], theirs: Sequence[Clue]) -> tuple[Reason, ...]:
    """Everything that two tips share, the strongest first, each once."""
    found: dict[tuple[Why, str, str], Reason] = {}
    for one in mine:
        for other in theirs:
            if one.kind == other.kind and (reason := _reason(one, other)) is not None:
                same = (reason.why, reason.mine, reason.theirs)
                if same not in found or reason.mark < found[same].mark:
                    found[same] = reason
    return tuple(sorted(found.values(), key=_order))


def strength_of(reasons: Collection[Reason]) -> Strength:
    """How much all of them say together: things of different kinds lift one another. Plates of
    two states, of which people mistake one at times, lift something weak and nothing else.
    """
    best = max(one.strength for one in reasons)
    families = {FAMILY[one.why] for one in reasons if one.why != Why.PLATE_TWO_STATES}
    if len(families) > 1:
        return Strength(min(best + 1, Strength.STRONG))
    lifted = Strength.FAIR if len({FAMILY[one.why] for one in reasons}) > 1 else Strength.WEAK
    return max(best, lifted)


def suggest(tip: UUID, mine: Sequence[Clue], others: Mapping[UUID, Sequence[Clue]]) -> list[Found]:
    """Of these others those that share something with the tip, the strongest first."""
    found = []
    for other, theirs in others.items():
        if other != tip and (reasons := reasons_between(mine, theirs)):
            found.append(Found(tip, other, reasons, strength_of(reasons)))
    return found


def _order(one: Reason) -> tuple[int, int, str]:
    return (-one.strength, _PLACES[one.why], one.mark)


def _reason(one: Clue, other: Clue) -> Reason | None:
    if one.kind == Kind.PLATE:
        return _plates(one, other)
    if one.kind == Kind.PIN:
        return _pins(one, other)
    if one.key != other.key:
        return None
    if one.kind == Kind.HANDLE:
        says_much = len(one.value) >= TELLING_HANDLE
        return _made(Why.HANDLE, Strength.STRONG if says_much else Strength.FAIR, one, other)
    why, strength = _SAME[one.kind]
    return _made(why, strength, one, other)


def _made(why: Why, strength: Strength, one: Clue, other: Clue) -> Reason:
    mark = ".".join(f"{key & (2**64 - 1):016x}" for key in sorted((one.key, other.key)))
    return Reason(why, f"{why}:{mark}", strength, one.value, other.value)


def _plates(one: Clue, other: Clue) -> Reason | None:
    related = plates_related(one.value, other.value)
    if related is None:
        return None
    strength = {
        Why.SAME_PLATE: Strength.STRONG,
        Why.LOOKALIKE_PLATE: Strength.STRONG,
        Why.NEAR_PLATE: Strength.FAIR,
        Why.PART_OF_PLATE: Strength.FAIR
        if min(seen(one.value), seen(other.value)) >= TELLING_PART
        else Strength.WEAK,
    }[related]
    if one.within and other.within and one.within != other.within:
        return _of_two_states(related, one, other)
    return _made(related, _with_vehicles(strength, one.about, other.about), one, other)


def _of_two_states(related: Why, one: Clue, other: Clue) -> Reason:
    """It keeps the mark of the plates, so that a rejection holds when a state is put right."""
    made = _made(related, Strength.WEAK, one, other)
    mine, theirs = (f"{clue.within} {clue.value}" for clue in (one, other))
    return Reason(Why.PLATE_TWO_STATES, made.mark, made.strength, mine, theirs)


def _with_vehicles(strength: Strength, one: str, other: str) -> Strength:
    """The vehicles that bear the plates: another make speaks against it, the same for it."""
    make, _, colour = one.partition("|")
    other_make, _, other_colour = other.partition("|")
    if make and other_make and make != other_make:
        return Strength(max(strength - 1, Strength.WEAK))
    same_make = bool(make) and make == other_make
    if same_make and colour and colour == other_colour:
        return Strength(min(strength + 1, Strength.STRONG))
    return strength


def _pins(one: Clue, other: Clue) -> Reason | None:
    metres = metres_between(point(one.value), point(other.value))
    if metres > NEAR_METRES:
        return None
    close = metres <= CLOSE_METRES
    made = _made(Why.DISTANCE, Strength.FAIR if close else Strength.WEAK, one, other)
    shown = f"{metres:.0f} m"
    return Reason(made.why, made.mark, made.strength, shown, shown)


def plates_related(one: str, other: str) -> Why | None:
    """How two plates, in canonical form, can be one plate; None when they cannot.

    Two partial plates are compared only when they show the same part.
    """
    plain, other_plain = skeleton(one), skeleton(other)
    if plain == other_plain:
        if is_partial(one):
            return Why.PART_OF_PLATE
        return Why.SAME_PLATE if one == other else Why.LOOKALIKE_PLATE
    if is_partial(one) and is_partial(other):
        return None
    if is_partial(one):
        return Why.PART_OF_PLATE if _pattern(plain).fullmatch(other_plain) else None
    if is_partial(other):
        return Why.PART_OF_PLATE if _pattern(other_plain).fullmatch(plain) else None
    return Why.NEAR_PLATE if differ_by_one(plain, other_plain) else None


@lru_cache(maxsize=1024)
def _pattern(plate: str) -> re.Pattern[str]:
    parts = {"?": "[A-Z0-9]", "*": "[A-Z0-9]*"}
    return re.compile("".join(parts.get(char, char) for char in plate))


def differ_by_one(one: str, other: str) -> bool:
    """One character wrong, missing or added, or two neighbours swapped."""
    if len(one) > len(other):
        one, other = other, one
    if len(other) - len(one) > 1 or one == other:
        return False
    at = next((at for at, char in enumerate(one) if char != other[at]), len(one))
    if len(one) < len(other):
        return one[at:] == other[at + 1 :]
    swapped = one[at : at + 2] == other[at : at + 2][::-1] and one[at + 2 :] == other[at + 2 :]
    return one[at + 1 :] == other[at + 1 :] or swapped


def pattern_shared(one: Sighting, other: Sighting) -> frozenset[int]:
    """Hours of the week that both touch, when at least one recurs and both say enough."""
    if SightingKind.RECURRING not in {one.kind, other.kind}:
        return frozenset()
    hours, others = hours_of(one), hours_of(other)
    if not hours or not others or max(len(hours), len(others)) > HOURS_THAT_SAY_NOTHING:
        return frozenset()
    is_enough = recurrence.overlap(hours, others) >= LEAST_OVERLAP
    return hours & others if is_enough else frozenset()


def hours_of(sighting: Sighting) -> frozenset[int]:
    """The hours of the week of a sighting; none when its time is not known."""
    try:
        tz = ZoneInfo(sighting.tz)
    except (ZoneInfoNotFoundError, ValueError):
        tz = ZoneInfo(settings.TIME_ZONE)
    start = sighting.start
    if sighting.kind == SightingKind.RECURRING:
        if sighting.local_start is None:
            return frozenset()
        try:
            rule = recurrence.parse(sighting.rrule)
        except recurrence.RuleProblem:
            return frozenset()
        first = start.astimezone(tz).date() if start is not None else None
        minutes = sighting.duration_minutes or 60
        pattern = recurrence.Pattern(rule, sighting.local_start, minutes, tz, first)
        return recurrence.hours_of_week(pattern)
    if start is None:
        return frozenset()
    give = timedelta(minutes=sighting.approx_minutes or 0)
    return recurrence.hours_between(start - give, (sighting.end or start) + give, tz)


def stretches(hours: frozenset[int]) -> str:
    """ "FR 22–24, SA 0–2": at most three stretches of them, in no language."""
    said = []
    for hour in sorted(hours):
        if hour - 1 in hours and hour % 24:
            continue
        end = hour
        while end + 1 in hours and (end + 1) % 24:
            end += 1
        said.append(f"{recurrence.WEEKDAYS[hour // 24]} {hour % 24}–{end % 24 + 1}")
    return ", ".join(said[:3]) + (" …" if len(said) > 3 else "")


def pattern_reason(one: Sighting, other: Sighting) -> Reason | None:
    hours = pattern_shared(one, other)
    if not hours:
        return None
    shown = stretches(hours)
    mark = ".".join(str(hour) for hour in sorted(hours))[:40]
    return Reason(Why.PATTERN, f"{Why.PATTERN}:{mark}", Strength.WEAK, shown, shown)
