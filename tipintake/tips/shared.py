"""What two tips have in common: a plate, an ad's telephone number, a room of one place.

Read from indexed columns, so that a new tip is compared with 90 days of others without reading
them. Copies of one text, and tips that are grouped as a flood, are one report: they never bear
each other out (tips/floods.py).
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tipintake.privacy.scrub import EvidenceKind
from tipintake.tips.floods import LEAST_PLATE
from tipintake.tips.models import EvidenceInWords, OnlineLead, Place, SameWords, Tip, Vehicle
from tipintake.tips.plates import is_partial
from tipintake.tips.vocabulary import Disposition

WINDOW = timedelta(days=90)
# What came of a tip when nobody should take it for a second report.
BEARS_NOTHING_OUT = (
    Disposition.PRANK,
    Disposition.SPAM,
    Disposition.DUPLICATE,
    Disposition.UNFOUNDED,
)
PLATE, PHONE, ROOM = "plate", "phone", "room"
_AT_ONCE = 200  # SQLite takes a limited number of values in one statement
_STREETS = {
    "st": "street",
    "rd": "road",
    "ave": "avenue",
    "dr": "drive",
    "ln": "lane",
    "blvd": "boulevard",
    "pkwy": "parkway",
    "hwy": "highway",
    "ct": "court",
}
_STATE_CODE = re.compile(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Clue:
    """Something that two tips can name: its kind, its value in one form, and what narrows it."""

    kind: str
    value: str
    within: str = ""  # a plate's state, a room's place


@dataclass(frozen=True, slots=True)
class _Holder:
    """A tip that names a clue."""

    tip: UUID
    hour: datetime
    flood: UUID | None
    marked: bool
    clue: Clue


@dataclass(frozen=True, slots=True)
class Match:
    """Two tips that share something. `other` came before or after."""

    tip: UUID
    other: UUID
    kind: str


def compare_again(tip: UUID) -> None:
    """New evidence came to this tip: it is compared anew."""
    Tip.objects.filter(pk=tip).update(to_compare=F("to_compare") + 1)


def to_compare() -> QuerySet[Tip]:
    """Placed tips whose evidence nobody has compared yet: the queue of that step."""
    return Tip.objects.filter(to_compare__gt=0, routed_at__isnull=False).order_by(
        "routed_at", "pk"
    )


def matches(
    tips: Sequence[Tip], *, leaving_out: Collection[str] = (), unmarked_only: bool = False
) -> Iterator[Match]:
    """Every tip that shares something with one of these, within 90 days of it.

    `leaving_out` are telephone numbers that say nothing, such as a hotline's. With
    `unmarked_only` one other tip that is known to share something stands for all of them.
    """
    if not tips:
        return
    here = {tip.pk: tip for tip in tips}
    own = [one for one in _holders(Q(tip__in=list(here))) if one.clue.value not in leaving_out]
    hours = [tip.submitted_hour for tip in tips]
    since, until = min(hours) - WINDOW, max(hours) + WINDOW
    within = Q(
        tip__submitted_hour__gte=since,
        tip__submitted_hour__lte=until,
        tip__routed_at__isnull=False,
    ) & ~Q(tip__disposition__in=BEARS_NOTHING_OUT)
    found = _by_clue(_holders(within, [one.clue for one in own]))
    alike = _Alike({one.tip for ones in found.values() for one in ones} | set(here))
    for one in own:
        yield from _matches_of(one, found.get(_open(one.clue), ()), alike, unmarked_only)


def _matches_of(
    one: _Holder, others: Iterable[_Holder], alike: "_Alike", unmarked_only: bool
) -> Iterator[Match]:
    has_marked = False
    for other in others:
        if unmarked_only and other.marked and has_marked:
            continue
        if other.tip == one.tip or not _agree(one.clue, other.clue):
            continue
        if abs(one.hour - other.hour) > WINDOW or alike.are_one_report(one, other):
            continue
        has_marked |= other.marked
        yield Match(one.tip, other.tip, one.clue.kind)


class _Alike:
    """Which tips are copies of one another, as far as anybody can tell."""

    def __init__(self, tips: Collection[UUID]) -> None:
        self._words: dict[UUID, set[bytes]] = defaultdict(set)
        for some in _chunks(list(tips)):
            rows = SameWords.objects.filter(tip__in=some).values_list("tip", "mark")
            for tip, mark in rows:
                self._words[tip].add(bytes(mark))

    def are_one_report(self, one: _Holder, other: _Holder) -> bool:
        if one.flood is not None and one.flood == other.flood:
            return True
        return not self._words[one.tip].isdisjoint(self._words[other.tip])


# --- Clues of tips ---------------------------------------------------------------------------


def _holders(tips: Q, like: Sequence[Clue] | None = None) -> Iterator[_Holder]:
    """Clues of these tips; with `like`, only those of the same kind and value."""
    for model, column, rows, read in _SOURCES:
        if like is None:
            yield from read(model.objects.filter(rows, tips))
            continue
        values = sorted({one.value for one in like if one.kind == _KINDS[read]})
        for some in _chunks(values):
            yield from read(model.objects.filter(rows, tips, **{f"{column}__in": some}))


_TIP = ("tip", "tip__submitted_hour", "tip__flood", "tip__shares_evidence")


def _plates(rows: QuerySet[Any]) -> Iterator[_Holder]:
    values = rows.filter(plate_partial=False).values_list(*_TIP, "plate_skeleton", "plate_state")
    for tip, hour, flood, marked, plate, state in values:
        if _is_whole(plate):
            known = state if _STATE_CODE.fullmatch(state) else ""
            yield _Holder(tip, hour, flood, marked, Clue(PLATE, plate, known))


def _plates_in_words(rows: QuerySet[Any]) -> Iterator[_Holder]:
    for tip, hour, flood, marked, plate in rows.values_list(*_TIP, "skeleton"):
        if _is_whole(plate):
            yield _Holder(tip, hour, flood, marked, Clue(PLATE, plate))


def _phones(rows: QuerySet[Any]) -> Iterator[_Holder]:
    for tip, hour, flood, marked, number in rows.values_list(*_TIP, "ad_phone_e164"):
        yield _Holder(tip, hour, flood, marked, Clue(PHONE, number))


def _phones_in_words(rows: QuerySet[Any]) -> Iterator[_Holder]:
    whole = rows.filter(canonical__startswith="+")
    for tip, hour, flood, marked, number in whole.values_list(*_TIP, "canonical"):
        yield _Holder(tip, hour, flood, marked, Clue(PHONE, number))


def _rooms(rows: QuerySet[Any]) -> Iterator[_Holder]:
    columns = ("unit_canonical", "name", "street", "city", "zip")
    for tip, hour, flood, marked, room, *place in rows.values_list(*_TIP, *columns):
        for where in places(*place):
            yield _Holder(tip, hour, flood, marked, Clue(ROOM, room, where))


def _rooms_in_words(rows: QuerySet[Any]) -> Iterator[_Holder]:
    """A room that the words name is in the place of the tip, when it has but one."""
    named = list(rows.values_list(*_TIP, "canonical"))
    of_tips: dict[UUID, list[tuple[str, ...]]] = defaultdict(list)
    for some in _chunks(list({row[0] for row in named})):
        described = Place.objects.filter(tip__in=some).exclude(name="", street="")
        for tip, *place in described.values_list("tip", "name", "street", "city", "zip"):
            of_tips[tip].append(tuple(place))
    for tip, hour, flood, marked, room in named:
        if len(of_tips[tip]) == 1:
            for where in places(*of_tips[tip][0]):
                yield _Holder(tip, hour, flood, marked, Clue(ROOM, room, where))


_IS_PLATE = ~Q(skeleton="") & Q(kind=EvidenceKind.PLATE)
# Model, column, which rows, how they are read. Each column is indexed.
_SOURCES: tuple[tuple[type[Any], str, Q, Any], ...] = (
    (Vehicle, "plate_skeleton", ~Q(plate_skeleton=""), _plates),
    (EvidenceInWords, "skeleton", _IS_PLATE, _plates_in_words),
    (OnlineLead, "ad_phone_e164", ~Q(ad_phone_e164=""), _phones),
    (EvidenceInWords, "canonical", Q(kind=EvidenceKind.PHONE), _phones_in_words),
    (Place, "unit_canonical", ~Q(unit_canonical=""), _rooms),
    (EvidenceInWords, "canonical", Q(kind=EvidenceKind.ROOM), _rooms_in_words),
)
_KINDS: Mapping[Any, str] = {
    _plates: PLATE,
    _plates_in_words: PLATE,
    _phones: PHONE,
    _phones_in_words: PHONE,
    _rooms: ROOM,
    _rooms_in_words: ROOM,
}


def _is_whole(plate: str) -> bool:
    """Of which so little was seen that it fits many is no clue."""
    return not is_partial(plate) and sum(char.isalnum() for char in plate) >= LEAST_PLATE


def places(name: str, street: str, city: str, zip_code: str) -> list[str]:
    """The ways in which two people may name one place: name or street, in a city or ZIP.

    Room 12 of a motel whose town nobody names is room 12 of many.
    """
    what = [plain for plain in (_plain(name), _plain(street)) if plain]
    where = [plain for plain in (_plain(city), zip_code.strip()[:5]) if plain]
    return [f"{one}@{area}" for one in what for area in where]


def _plain(text: str) -> str:
    """ "The St. Ann Inn" and "Saint Ann Inn" alike, as "12 Main St" and "12 main street"."""
    taken_apart = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    letters = "".join(char for char in taken_apart if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", letters))
    if words[:1] == ["the"]:
        words = words[1:]
    if len(words) > 1 and words[-1] in _STREETS:
        words[-1] = _STREETS[words[-1]]
    return "".join("saint" if word == "st" else word for word in words)


# --- Comparing -------------------------------------------------------------------------------


def _by_clue(holders: Iterable[_Holder]) -> dict[Clue, list[_Holder]]:
    found: dict[Clue, list[_Holder]] = defaultdict(list)
    for one in holders:
        found[_open(one.clue)].append(one)
    return found


def _open(clue: Clue) -> Clue:
    """A plate is looked up without its state, which one of two may not have seen."""
    return Clue(clue.kind, clue.value) if clue.kind == PLATE else clue


def _agree(one: Clue, other: Clue) -> bool:
    """Whether they can be the same: two states that were seen must not differ."""
    return one.within == other.within or not one.within or not other.within


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
