"""From what was read to rows, without Django: in the exporter, or in a process beside it.

Much of an export's time is spent here, seven rows for each tip: values come as tuples in the
order of a row's fields, and nothing is looked up by name for each of them.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from reports.rows import (
    Child,
    DialogRow,
    LinkRow,
    OnlineRow,
    PersonRow,
    PictureRow,
    PlaceRow,
    TipRow,
    VaultRow,
    VehicleRow,
    WordRow,
    canonical,
    filled,
    reader_of,
    tip_hash,
)

UNOPENED = "[could not be opened]"
Values = tuple[Any, ...]
# Dialog, links, pictures, names of the vault and the number of pictures that stay out: what a row
# holds besides what was reported.
More = tuple[
    tuple[DialogRow, ...], tuple[LinkRow, ...], tuple[PictureRow, ...], tuple[VaultRow, ...], int
]
_NOTHING_MORE: More = ((), (), (), (), 0)
# What a value is bound to, the key of its tip as it was sealed, and the value. Without a key the
# tip's words are gone.
Closed = tuple[str, bytes | None, bytes]

_ROWS: Mapping[str, type[Child]] = {
    "vehicles": VehicleRow,
    "places": PlaceRow,
    "persons": PersonRow,
    "online": OnlineRow,
    "words": WordRow,
}
_TABLES = TipRow._fields[TipRow._fields.index("vehicles") : TipRow._fields.index("dialog")]
SHOWN = TipRow._fields[TipRow._fields.index("received_on") : TipRow._fields.index("vehicles")]
_EMPTY = tuple(TipRow._field_defaults[one] for one in SHOWN)
_CODES = tuple(SHOWN.index(one) for one in ("indicators", "also_lines"))
_MOMENTS = tuple(SHOWN.index(one) for one in ("seen_start", "seen_end"))
_CLOCK = SHOWN.index("seen_local_start")
# Truths, which SQLite has as numbers.
_TRUTHS = ("reporter_is_victim", "police_consent", "wants_reward", "distrusts_police")
_ZONE = SHOWN.index("seen_tz")
# What stands first in what is read of every tip; the columns of its own follow.
REFERENCE, CAME, OWN = range(3)


class Shape(NamedTuple):
    """Which fields one scope reads, in the order in which they are read. Plain values."""

    own: tuple[str, ...]
    decided: tuple[str, ...]
    worked_out: tuple[str, ...]  # the day on which it came, and its words
    hashed: tuple[str, ...]
    tables: dict[str, tuple[str, ...]]
    zone: str


class Read(NamedTuple):
    """What was read of some tips, as the database gave it. But for `more`, plain values: moments,
    times and lists of codes are texts, truths may be numbers, and children begin with their tip's
    name."""

    names: list[str]
    tips: list[Values]
    decisions: dict[str, Values]
    children: dict[str, list[Values]]
    more: dict[str, More]


class Composer:
    """Makes rows of one shape."""

    def __init__(self, shape: Shape) -> None:
        # What is not shown is read from the front, where None stands.
        read = ("", *shape.own, *shape.decided, *shape.worked_out)
        places = [read.index(one) if one in read else 0 for one in SHOWN]
        self._pick: Callable[[Values], Values] = itemgetter(*places)
        self._truths = [SHOWN.index(one) for one in _TRUTHS if one in shape.own]
        self._hashed = shape.hashed
        self._pick_hashed: Callable[[Sequence[Any]], Values] = itemgetter(
            *(SHOWN.index(one) for one in shape.hashed)
        )
        self._undecided = (None,) * len(shape.decided)
        self._zone = shape.zone
        self._tables = [
            (
                _TABLES.index(table),
                table,
                names,
                reader_of(names, _ROWS[table]),
                _maker(_ROWS[table], names),
            )
            for table, names in shape.tables.items()
        ]
        self._seen_at = _place_of("seen_at", shape.tables.get("online", ()))
        self._partial_at = _place_of("plate_partial", shape.tables.get("vehicles", ()))

    def rows(
        self, read: Read, keys: Sequence[UUID | str], words: Sequence[str | None]
    ) -> Iterator[TipRow]:
        """A row for each tip, in their order. `keys` is what the rows say as their key."""
        children = [
            (at, table, names, as_values, self._children(make, table, read.children[table]))
            for at, table, names, as_values, make in self._tables
        ]
        decisions, more, undecided = read.decisions, read.more, self._undecided
        for key, name, tip, said in zip(keys, read.names, read.tips, words, strict=True):
            values = self._values(tip, decisions.get(name, undecided), said)
            shown = filled(zip(self._hashed, self._pick_hashed(values), strict=True))
            shown["reference"] = tip[REFERENCE]
            tables: list[tuple[Child, ...]] = [()] * len(_TABLES)
            for at, table, names, as_values, found in children:
                if name in found:
                    tables[at] = own = tuple(found[name])
                    shown[table] = [filled(zip(names, as_values(one), strict=True)) for one in own]
            record = canonical(shown)
            yield TipRow._make(
                (
                    key,
                    tip[REFERENCE],
                    tip_hash(record),
                    record,
                    *values,
                    *tables,
                    *more.get(name, _NOTHING_MORE),
                )
            )

    def _values(self, tip: Values, decided: Values, said: str | None) -> list[Any]:
        """What stands in a row of a tip's own, in the order of its fields."""
        picked = self._pick((None, *tip[OWN:], *decided, _day(tip[CAME], self._zone), said))
        values = [empty if one is None else one for one, empty in zip(picked, _EMPTY, strict=True)]
        for at in self._truths:
            values[at] = _truth(values[at])
        for at in _CODES:
            values[at] = _codes(values[at]) if values[at] else ()
        for at in _MOMENTS:
            if values[at] is not None:
                values[at] = _moment(values[at], values[_ZONE])
        if values[_CLOCK] is not None:
            values[_CLOCK] = _clock(values[_CLOCK])
        return values

    def _children(
        self, make: Callable[[Sequence[Any]], Child], table: str, rows: Sequence[Values]
    ) -> dict[str, list[Child]]:
        """The rows of one table, by the name of their tip."""
        found: defaultdict[str, list[Child]] = defaultdict(list)
        seen_at = self._seen_at if table == "online" else None
        partial_at = self._partial_at if table == "vehicles" else None
        for name, *values in rows:
            if partial_at is not None:
                values[partial_at] = _truth(values[partial_at])
            if seen_at is not None and values[seen_at] is not None:
                values[seen_at] = _moment(values[seen_at], self._zone)
            found[name].append(make(values))
        return found


def words_of(read: Read, texts: Sequence[str | None]) -> Sequence[str | None]:
    """The words of each tip as its row has them; `texts` is empty where none are shown."""
    if not texts:
        return [None] * len(read.tips)
    return [UNOPENED if one is None else one for one in texts]


def unopened_of(read: Read, texts: Sequence[str | None]) -> list[str]:
    """The numbers of the tips whose words did not open."""
    if None not in texts:
        return []
    return [tip[REFERENCE] for tip, one in zip(read.tips, texts, strict=True) if one is None]


def _truth(value: object) -> bool | None:
    return None if value is None else bool(value)


def _place_of(name: str, names: Sequence[str]) -> int | None:
    return names.index(name) if name in names else None


def _maker(row: type[Child], names: Sequence[str]) -> Callable[[Sequence[Any]], Child]:
    """Makes a row of values in this order; fields that have none keep their default."""
    if tuple(names) == row._fields:
        return row._make
    return lambda values: row(**dict(zip(names, values, strict=True)))


@lru_cache(maxsize=8192)
def _utc(text: str) -> datetime:
    """A moment as the database wrote it: in UTC, of which SQLite says nothing."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@lru_cache(maxsize=8192)
def _day(text: str, zone: str) -> date:
    return _utc(text).astimezone(_zone(zone)).date()


@lru_cache(maxsize=8192)
def _moment(text: str, zone: str) -> datetime:
    return _utc(text).astimezone(_zone(zone))


@lru_cache(maxsize=8192)
def _clock(text: str) -> time:
    return time.fromisoformat(text)


@lru_cache(maxsize=8192)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
