"""What two tips have in common: a plate, an ad's telephone number, a room of one place.

Read from the keys by which tips are linked (clues.py), so that a new tip is compared with 90 days
of others without reading them. Copies of one text, and tips that are grouped as a flood, are one
report: they never bear each other out (tips/floods.py).
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db.models import F, Q, QuerySet

from tipintake.tips import link_keys
from tipintake.tips.clues import Kind
from tipintake.tips.models import LinkKey, SameWords, Tip
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
KINDS = (Kind.PLATE, Kind.PHONE, Kind.ROOM)
_AT_ONCE = 200  # SQLite takes a limited number of values in one statement


@dataclass(frozen=True, slots=True)
class _Holder:
    """A tip that names a clue, by the clue's key."""

    tip: UUID
    hour: datetime
    flood: UUID | None
    marked: bool
    kind: str
    key: int
    value: str
    within: str  # a plate's state


@dataclass(frozen=True, slots=True)
class Match:
    """Two tips that share something. `other` came before or after."""

    tip: UUID
    other: UUID
    kind: str


def compare_again(tip: UUID) -> None:
    """New evidence came to this tip: its keys are written and it is compared anew."""
    link_keys.renew(tip)
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
    here = [tip.pk for tip in tips]
    own = [one for one in _holders(Q(tip__in=here)) if one.value not in leaving_out]
    hours = [tip.submitted_hour for tip in tips]
    since, until = min(hours) - WINDOW, max(hours) + WINDOW
    within = Q(
        tip__submitted_hour__gte=since,
        tip__submitted_hour__lte=until,
        tip__routed_at__isnull=False,
    ) & ~Q(tip__disposition__in=BEARS_NOTHING_OUT)
    found: dict[int, list[_Holder]] = defaultdict(list)
    for some in _chunks(sorted({one.key for one in own})):
        for holder in _holders(within & Q(key__in=some)):
            found[holder.key].append(holder)
    alike = _Alike({one.tip for ones in found.values() for one in ones} | set(here))
    for one in own:
        yield from _matches_of(one, found.get(one.key, ()), alike, unmarked_only)


def _matches_of(
    one: _Holder, others: Iterable[_Holder], alike: "_Alike", unmarked_only: bool
) -> Iterator[Match]:
    has_marked = False
    for other in others:
        if unmarked_only and other.marked and has_marked:
            continue
        if other.tip == one.tip or not _agree(one.within, other.within):
            continue
        if abs(one.hour - other.hour) > WINDOW or alike.are_one_report(one, other):
            continue
        has_marked |= other.marked
        yield Match(one.tip, other.tip, one.kind)


def _holders(rows: Q) -> Iterator[_Holder]:
    """Whole plates, numbers and rooms: a plate of which only a part was seen fits many."""
    columns = ("tip", "tip__submitted_hour", "tip__flood", "tip__shares_evidence")
    kept = LinkKey.objects.filter(rows, kind__in=KINDS)
    for row in kept.values_list(*columns, "kind", "key", "value", "within"):
        one = _Holder(*row)
        if one.kind != Kind.PLATE or not is_partial(one.value):
            yield one


def _agree(one: str, other: str) -> bool:
    """Whether they can be the same: two states that were seen must not differ."""
    return one == other or not one or not other


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


def _chunks(values: list[Any]) -> Iterator[list[Any]]:
    for start in range(0, len(values), _AT_ONCE):
        yield values[start : start + _AT_ONCE]
