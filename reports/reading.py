"""From the database to rows: a thousand tips at a time, one query a table, plain values.

What the scope does not show is not read, and words that it does not show are not opened. Much of
an export's time is spent here, seven rows for each tip: values come as tuples in the order of a
row's fields, and nothing is looked up by name for each of them.
"""

import json
import logging
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache, lru_cache
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection, models
from django.db.models.functions import Cast

from reports import linked
from reports.rows import (
    Child,
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
from reports.scope import COLUMNS, Scope
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed
from tipintake.routing.models import Decision
from tipintake.tips import pictures
from tipintake.tips.models import (
    Attachment,
    EvidenceInWords,
    OnlineLead,
    PersonDescribed,
    Place,
    Tip,
    VaultEntry,
    Vehicle,
)
from tipintake.tips.retention import today
from tipintake.tips.secrets import context, vault_words_of

log = logging.getLogger(__name__)

CHUNK = 1000
# Opening a box is native code that lets other threads run meanwhile.
OPENERS = 2
UNOPENED = "[could not be opened]"
_LOCAL = ZoneInfo(settings.TIME_ZONE)
# A tip's key as text: the key of a dictionary that is quicker to make and to find than a UUID.
_OF_TIP = Cast("tip_id", models.CharField())

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class _Children:
    """A table of children: its model, its row, and which column of ours is which of the model."""

    model: type[models.Model]
    row: type[Child]
    renamed: Mapping[str, str] = field(default_factory=dict)
    order: str = "position"


_CHILDREN: Mapping[str, _Children] = {
    "vehicles": _Children(
        Vehicle, VehicleRow, {"plate": "plate_canonical", "plate_as_typed": "plate_raw"}
    ),
    "places": _Children(Place, PlaceRow, {"pin_source": "source"}),
    "persons": _Children(PersonDescribed, PersonRow),
    "online": _Children(OnlineLead, OnlineRow),
    "words": _Children(EvidenceInWords, WordRow, order="pk"),
}
# What is read of every tip. `_PK` to `_WORDS` are for us, the rest has the names of a TipRow.
_PK, _NAME, _CAME, _WORDS, _KEY = range(5)
_ALWAYS = ("pk", "name", "submitted_hour")
_SEALED = ("narrative_sealed", "data_key__sealed")
_TIP = (
    "reference", "category", "immediacy", "minor_present", "basis", "language", "indicators",
    "priority", "status", "disposition", "source_grade", "content_grade", "reporter_is_victim",
    "police_consent", "wants_reward", "distrusts_police",
)  # fmt: skip
_SIGHTING = {
    "seen_kind": "sighting__kind",
    "seen_start": "sighting__start",
    "seen_end": "sighting__end",
    "seen_approx_minutes": "sighting__approx_minutes",
    "seen_rrule": "sighting__rrule",
    "seen_local_start": "sighting__local_start",
    "seen_duration_minutes": "sighting__duration_minutes",
    "seen_tz": "sighting__tz",
    "times_seen": "sighting__times_seen",
}
_DECISION = {
    "jurisdiction": "jurisdiction",
    "primary_line": "primary",
    "also_lines": "also",
    "rule": "rule",
    "because": "because",
    "policy_version": "policy_version",
}
_UNDECIDED: Values = (None,) * len(_DECISION)
_WORKED_OUT = ("received_on", "narrative")
_SHOWN = TipRow._fields[TipRow._fields.index("received_on") : TipRow._fields.index("vehicles")]
_EMPTY = TipRow._field_defaults
_REPORTED = {
    table: frozenset(one.name for one in columns if one.reported)
    for table, columns in COLUMNS.items()
}
_TIP_SHOWN_IN_HASH = _REPORTED["tips"]


class _Among(models.Func):
    """These keys, as one parameter: a thousand of them take as long to prepare as to find."""

    output_field = models.UUIDField()

    def __init__(self, keys: Sequence[UUID]) -> None:
        if connection.vendor == "postgresql":
            listed: object = [str(key) for key in keys]
        else:
            listed = json.dumps([key.hex for key in keys])
        super().__init__(models.Value(listed))

    def as_sql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT value FROM json_each(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT unnest(%(expressions)s::uuid[]))"
        return super().as_sql(compiler, connection, template=template, **more)


class _Layout:
    """Where each field of a row stands among what was read, for one scope."""

    def __init__(self, scope: Scope) -> None:
        shown = frozenset(scope.names("tips"))
        sighting = {name: path for name, path in _SIGHTING.items() if name in shown}
        self.opens = "narrative" in shown
        self.columns = (*(_SEALED if self.opens else ()), *_TIP, *sighting.values())
        self.always = len(_ALWAYS) + (len(_SEALED) if self.opens else 0)
        read = (*_TIP, *sighting, *_DECISION, *_WORKED_OUT)
        # What is not shown is read from the front, where None stands.
        places = [read.index(one) + 1 if one in shown else 0 for one in _SHOWN]
        self.pick: Callable[[Values], Values] = itemgetter(*places)
        hashed = [one for one in _SHOWN if one in _TIP_SHOWN_IN_HASH and one in shown]
        self.hashed = tuple(hashed)
        self.pick_hashed: Callable[[Sequence[Any]], Values] = itemgetter(
            *(_SHOWN.index(one) for one in hashed)
        )
        self.empty = tuple(_EMPTY[one] for one in _SHOWN)
        self.tables = {name: scope.names(name) for name in _CHILDREN if scope.shows(name)}
        self.read_child = {
            name: reader_of(names, _CHILDREN[name].row) for name, names in self.tables.items()
        }


_TUPLES = tuple(_SHOWN.index(one) for one in ("indicators", "also_lines"))
_MOMENTS = tuple(_SHOWN.index(one) for one in ("seen_start", "seen_end"))
_ZONE = _SHOWN.index("seen_tz")


@dataclass(frozen=True, slots=True)
class _Begun:
    """Tips that were read, whose words are being opened."""

    keys: Sequence[UUID]
    tips: dict[UUID, Values]
    opening: Sequence[tuple[list[Values], "Future[list[str | None]]"]]


@dataclass(slots=True)
class Reader:
    """Reads tips for one scope with the keys that the process holds."""

    scope: Scope
    desk: PrivateKey
    vault: PrivateKey | None = None
    unopened: int = 0

    def rows(self, keys: Iterable[UUID]) -> Iterator[TipRow]:
        """A row for each tip that is still there, in the order of the keys.

        While the rows of a thousand are written, the words of the next are opened.
        """
        layout = _Layout(self.scope)
        with ThreadPoolExecutor(OPENERS, thread_name_prefix="opening") as pool:
            before: _Begun | None = None
            for chunk in chunks(keys, CHUNK):
                begun = self._begin(chunk, layout, pool)
                if before is not None:
                    yield from self._end(before, layout)
                before = begun
            if before is not None:
                yield from self._end(before, layout)

    def _begin(
        self, keys: Sequence[UUID], layout: _Layout, pool: ThreadPoolExecutor
    ) -> "_Begun":
        found = Tip.objects.filter(pk__in=_Among(keys))
        named = found.annotate(name=Cast("pk", models.CharField()))
        tips = {row[_PK]: row for row in named.values_list(*_ALWAYS, *layout.columns)}
        if not layout.opens:
            return _Begun(keys, tips, ())
        waiting = list(tips.values())
        shares = [waiting[first::OPENERS] for first in range(OPENERS)]
        opening = [(share, pool.submit(self._narratives, share)) for share in shares]
        return _Begun(keys, tips, opening)

    def _end(self, begun: "_Begun", layout: _Layout) -> Iterator[TipRow]:
        ids = list(begun.tips)
        children = [
            (name, self._children(name, names, ids)) for name, names in layout.tables.items()
        ]
        decisions = _decisions(ids)
        links = linked.links_of(ids) if self.scope.shows("links") else {}
        photos = self._pictures(ids)
        names = self._names(ids)
        words = self._opened(begun)
        for key in begun.keys:
            if key not in begun.tips:
                continue
            tip = begun.tips[key]
            name = tip[_NAME]
            yield self._row(
                layout,
                tip,
                decisions.get(name, _UNDECIDED),
                words.get(key),
                {table: found[name] for table, found in children if name in found},
                (links.get(key, ()), photos.get(key, ()), names.get(key, ())),
            )

    def _opened(self, begun: "_Begun") -> dict[UUID, str]:
        words: dict[UUID, str] = {}
        for share, opened in begun.opening:
            for tip, said in zip(share, opened.result(), strict=True):
                self.unopened += said is None
                words[tip[_PK]] = UNOPENED if said is None else said
        return words

    def _narratives(self, share: Sequence[Values]) -> list[str | None]:
        return [self._narrative(tip) for tip in share]

    def _narrative(self, tip: Values) -> str | None:
        if tip[_KEY] is None:
            return None
        try:
            key = DataKey.unseal(Sealed(tip[_KEY]), self.desk)
            words = key.open(Sealed(tip[_WORDS]), context=context(tip[_PK], "narrative"))
        except CannotOpen:
            log.warning("export.words_not_opened %s", tip[len(_ALWAYS) + len(_SEALED)])
            return None
        return words.decode()

    def _children(
        self, table: str, names: Sequence[str], ids: Sequence[UUID]
    ) -> dict[str, tuple[Child, ...]]:
        """The rows of one table, by the text of their tip's key."""
        spec = _CHILDREN[table]
        columns = [spec.renamed.get(name, name) for name in names]
        make = _maker(spec.row, names)
        mend = _MEND.get(table)
        found: defaultdict[str, list[Child]] = defaultdict(list)
        rows = spec.model._default_manager.filter(tip_id__in=_Among(ids))  # noqa: SLF001 Django's own name
        for tip, *values in rows.order_by(spec.order).values_list(_OF_TIP, *columns):
            if mend is not None:
                mend(names, values)
            found[tip].append(make(values))
        return {tip: tuple(made) for tip, made in found.items()}

    def _pictures(self, ids: Sequence[UUID]) -> dict[UUID, tuple[PictureRow, ...]]:
        if not self.scope.with_pictures:
            return {}
        found: defaultdict[UUID, list[PictureRow]] = defaultdict(list)
        rows = Attachment.objects.confirmed().unread().filter(tip_id__in=_Among(ids))
        for one in rows.select_related("tip__data_key").order_by("tip", "position", "page"):
            found[one.tip_id].append(
                PictureRow(
                    id=one.pk,
                    path=f"data/pictures/{one.tip.reference}/{one.position + 1}-{one.page}.jpg",
                    sha256=pictures.sha256_of(one, self.desk),
                    width=one.width,
                    height=one.height,
                    blacked_out=one.blacked_out,
                    taken_at=one.taken_at.astimezone(_LOCAL) if one.taken_at else None,
                    taken_lat=one.taken_lat,
                    taken_lon=one.taken_lon,
                )
            )
        return {tip: tuple(made) for tip, made in found.items()}

    def picture(self, row: PictureRow) -> bytes:
        """The JPEG. Raises Attachment.DoesNotExist when it was purged meanwhile."""
        found = Attachment.objects.confirmed().select_related("tip__data_key").get(pk=row.id)
        return pictures.jpeg_of(found, self.desk)

    def _names(self, ids: Sequence[UUID]) -> dict[UUID, tuple[VaultRow, ...]]:
        if not self.scope.with_vault or self.vault is None:
            return {}
        found: defaultdict[UUID, list[VaultRow]] = defaultdict(list)
        for one in VaultEntry.objects.filter(tip_id__in=_Among(ids)).order_by("tip", "pk"):
            name = vault_words_of(one, self.vault)
            found[one.tip_id].append(VaultRow(one.field, one.kind, name))
        return {tip: tuple(made) for tip, made in found.items()}

    def _row(
        self,
        layout: _Layout,
        tip: Values,
        decision: Values,
        words: str | None,
        children: Mapping[str, tuple[Child, ...]],
        more: tuple[tuple[LinkRow, ...], tuple[PictureRow, ...], tuple[VaultRow, ...]],
    ) -> TipRow:
        read = (None, *tip[layout.always :], *decision, _day(tip[_CAME]), words)
        values = [
            empty if one is None else one
            for one, empty in zip(layout.pick(read), layout.empty, strict=True)
        ]
        for at in _TUPLES:
            values[at] = tuple(values[at])
        for at in _MOMENTS:
            if values[at] is not None:
                values[at] = values[at].astimezone(_zone(values[_ZONE]))
        reference = tip[layout.always]
        shown = filled(zip(layout.hashed, layout.pick_hashed(values), strict=True))
        shown["reference"] = reference
        for table, rows in children.items():
            names, read_child = layout.tables[table], layout.read_child[table]
            shown[table] = [filled(zip(names, read_child(row), strict=True)) for row in rows]
        record = canonical(shown)
        links, photos, vault = more
        return TipRow(
            tip[_PK],
            reference,
            tip_hash(record),
            record,
            *values,
            children.get("vehicles", ()),  # type: ignore[arg-type]  # each its own table
            children.get("places", ()),  # type: ignore[arg-type]
            children.get("persons", ()),  # type: ignore[arg-type]
            children.get("online", ()),  # type: ignore[arg-type]
            children.get("words", ()),  # type: ignore[arg-type]
            links,
            photos,
            vault,
        )


def chunks(keys: Iterable[UUID], size: int) -> Iterator[list[UUID]]:
    chunk: list[UUID] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _decisions(ids: Sequence[UUID]) -> dict[str, Values]:
    """The decision in force of each tip: the newest. By the text of its key."""
    rows = Decision.objects.filter(tip_id__in=_Among(ids)).order_by("pk")
    return {tip: values for tip, *values in rows.values_list(_OF_TIP, *_DECISION.values())}


def _maker(row: type[Child], names: Sequence[str]) -> Callable[[Sequence[Any]], Child]:
    """Makes a row of values in this order; fields that have none keep their default."""
    if tuple(names) == row._fields:
        return row._make
    return lambda values: row(**dict(zip(names, values, strict=True)))


def _mend_places(names: Sequence[str], values: list[Any]) -> None:
    """Decimals as they were typed."""
    if "mile_marker" in names:
        at = names.index("mile_marker")
        values[at] = "" if values[at] is None else str(values[at])


def _mend_online(names: Sequence[str], values: list[Any]) -> None:
    """Moments on the wall clock here."""
    if "seen_at" in names:
        at = names.index("seen_at")
        values[at] = None if values[at] is None else values[at].astimezone(_LOCAL)


_MEND: Mapping[str, Callable[[Sequence[str], list[Any]], None]] = {
    "places": _mend_places,
    "online": _mend_online,
}


@lru_cache(maxsize=4096)
def _day(hour: datetime) -> date:
    return today(hour)


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
