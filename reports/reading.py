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
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial
from operator import itemgetter
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.functions import Cast

from reports import linked
from reports.listed import Listed, as_texts
from reports.opener import Closed, Opener, opened, opening_apart
from reports.placed import WRITER, place_alone
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
from reports.scope import COLUMNS, Scope
from tipintake.directory.models import Jurisdiction
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.routing.models import Decision
from tipintake.tips import messages, pictures
from tipintake.tips.models import (
    Attachment,
    EvidenceInWords,
    Message,
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
UNOPENED = "[could not be opened]"
_LOCAL = ZoneInfo(settings.TIME_ZONE)
Values = tuple[Any, ...]
# Dialog, links, pictures and names of the vault: what a row holds besides what was reported.
_More = tuple[
    tuple[DialogRow, ...], tuple[LinkRow, ...], tuple[PictureRow, ...], tuple[VaultRow, ...]
]


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


def _text(column: str) -> Cast:
    """A column as the database writes it, without Django's own conversion of each value: keys,
    moments and lists of codes repeat, and are converted once."""
    return Cast(column, models.TextField())


_OF_TIP = _text("tip_id")
# What is read of every tip. The first are for us, the rest has the names of a TipRow.
_NAME, _CAME, _REFERENCE = range(3)
_ALWAYS = (_text("pk"), _text("submitted_hour"), "reference")
_SEALED = ("narrative_sealed", "data_key__sealed")
_PLAIN = (
    "category", "immediacy", "minor_present", "basis", "language", "priority", "status",
    "disposition", "source_grade", "content_grade", "reporter_is_victim", "police_consent",
    "wants_reward", "distrusts_police",
)  # fmt: skip
_TIP: Mapping[str, str | Cast] = {
    **{name: name for name in _PLAIN},
    "indicators": _text("indicators"),
    "seen_kind": "sighting__kind",
    "seen_start": _text("sighting__start"),
    "seen_end": _text("sighting__end"),
    "seen_approx_minutes": "sighting__approx_minutes",
    "seen_rrule": "sighting__rrule",
    "seen_local_start": "sighting__local_start",
    "seen_duration_minutes": "sighting__duration_minutes",
    "seen_tz": "sighting__tz",
    "times_seen": "sighting__times_seen",
}
_DECISION: Mapping[str, str | Cast] = {
    "jurisdiction": "jurisdiction",
    "primary_line": "primary",
    "also_lines": _text("also"),
    "rule": "rule",
    "because": "because",
    "policy_version": "policy_version",
}
_WORKED_OUT = ("received_on", "narrative")
_TABLES = TipRow._fields[TipRow._fields.index("vehicles") : TipRow._fields.index("dialog")]
_SHOWN = TipRow._fields[TipRow._fields.index("received_on") : TipRow._fields.index("vehicles")]
_EMPTY = TipRow._field_defaults
_REPORTED = {
    table: frozenset(one.name for one in columns if one.reported)
    for table, columns in COLUMNS.items()
}
_TIP_SHOWN_IN_HASH = _REPORTED["tips"]


class _Keys:
    """The keys of a chunk, by the text by which everything that was read is found."""

    def __init__(self, keys: Sequence[UUID]) -> None:
        self.by_name = dict(zip(as_texts(keys), keys, strict=True))
        self.listed = Listed(keys)


class _Layout:
    """Where each field of a row stands among what was read, for one scope."""

    def __init__(self, scope: Scope) -> None:
        shown = frozenset(scope.names("tips"))
        own = {name: column for name, column in _TIP.items() if name in shown}
        decided = {name: column for name, column in _DECISION.items() if name in shown}
        self.opens = "narrative" in shown
        self.words = len(_ALWAYS)
        self.own = self.words + (len(_SEALED) if self.opens else 0)
        self.end = self.own + len(own)
        self.tells_of_writer = WRITER in shown
        self.columns = (
            *_ALWAYS,
            *(_SEALED if self.opens else ()),
            *own.values(),
            *(() if self.tells_of_writer else (WRITER,)),
        )
        self.names_of_decided = tuple(decided)
        self.decided = tuple(decided.values())
        self.undecided = (None,) * len(decided)
        # What is not shown is read from the front, where None stands.
        read = ("", *own, *decided, *_WORKED_OUT)
        places = [read.index(one) if one in shown else 0 for one in _SHOWN]
        self.pick: Callable[[Values], Values] = itemgetter(*places)
        self.hashed = tuple(one for one in _SHOWN if one in _TIP_SHOWN_IN_HASH and one in shown)
        self.pick_hashed: Callable[[Sequence[Any]], Values] = itemgetter(
            *(_SHOWN.index(one) for one in self.hashed)
        )
        self.empty = tuple(_EMPTY[one] for one in _SHOWN)
        self.tables = {name: scope.names(name) for name in _CHILDREN if scope.shows(name)}
        self.read_child = {
            name: reader_of(names, _CHILDREN[name].row) for name, names in self.tables.items()
        }


_CODES = tuple(_SHOWN.index(one) for one in ("indicators", "also_lines"))
_MOMENTS = tuple(_SHOWN.index(one) for one in ("seen_start", "seen_end"))
_ZONE = _SHOWN.index("seen_tz")


_Opening = Callable[[Sequence[Closed]], "Future[list[str | None]]"]


@dataclass(frozen=True, slots=True)
class _Begun:
    """Tips that were read, whose words are being opened."""

    keys: _Keys
    tips: dict[str, Values]
    opening: "Future[list[str | None]] | None"


@dataclass(slots=True)
class Reader:
    """Reads tips for one scope with the keys that the process holds.

    `linked`: the tips to which links may point. `apart`: words are opened in another process.
    """

    scope: Scope
    linked: models.QuerySet[Tip]
    desk: PrivateKey
    vault: PrivateKey | None = None
    apart: bool = False
    unopened: int = 0

    def rows(self, keys: Iterable[UUID]) -> Iterator[TipRow]:
        """A row for each tip that is still there, in the order of the keys.

        While the rows of a thousand are written, the words of the next are opened.
        """
        layout = _Layout(self.scope)
        with self._opener() as opener, ThreadPoolExecutor(1, "opening") as pool:
            before: _Begun | None = None
            for chunk in chunks(keys, CHUNK):
                begun = self._begin(_Keys(chunk), layout, partial(pool.submit, opener))
                if before is not None:
                    yield from self._end(before, layout)
                before = begun
            if before is not None:
                yield from self._end(before, layout)

    def _opener(self) -> AbstractContextManager[Opener]:
        if self.apart and "narrative" in self.scope.names("tips"):
            return opening_apart(self.desk)
        return nullcontext(partial(opened, self.desk))

    def _begin(self, keys: _Keys, layout: _Layout, opening: _Opening) -> _Begun:
        found = Tip.objects.filter(pk__in=keys.listed).values_list(*layout.columns)
        tips = {row[_NAME]: row for row in found}
        if not layout.opens:
            return _Begun(keys, tips, None)
        at, by_name = layout.words, keys.by_name
        closed = [
            (context(by_name[name], "narrative"), tip[at + 1], tip[at])
            for name, tip in tips.items()
        ]
        return _Begun(keys, tips, opening(closed))

    def _end(self, begun: _Begun, layout: _Layout) -> Iterator[TipRow]:
        keys = begun.keys
        children = [
            (table, self._children(table, names, keys)) for table, names in layout.tables.items()
        ]
        decisions = _decisions(begun, layout)
        ids = [keys.by_name[name] for name in begun.tips]
        links = linked.links_of(ids, among=self.linked) if self.scope.shows("links") else {}
        said = self._dialog(ids)
        photos = self._pictures(ids)
        names = self._names(ids)
        words = self._opened(begun)
        for name, key in keys.by_name.items():
            if (tip := begun.tips.get(name)) is None:
                continue
            yield self._row(
                layout,
                key,
                (
                    None,
                    *tip[layout.own : layout.end],
                    *decisions.get(name, layout.undecided),
                    _day(tip[_CAME]),
                    words.get(name),
                ),
                tip[_REFERENCE],
                {table: found[name] for table, found in children if name in found},
                (
                    said.get(key, ()) if said else (),
                    links.get(key, ()) if links else (),
                    photos.get(key, ()) if photos else (),
                    names.get(key, ()) if names else (),
                ),
            )

    def _opened(self, begun: _Begun) -> dict[str, str]:
        words: dict[str, str] = {}
        if begun.opening is None:
            return words
        for tip, said in zip(begun.tips.values(), begun.opening.result(), strict=True):
            if said is None:
                self.unopened += 1
                log.warning("export.words_not_opened %s", tip[_REFERENCE])
            words[tip[_NAME]] = UNOPENED if said is None else said
        return words

    def _children(
        self, table: str, names: Sequence[str], keys: _Keys
    ) -> dict[str, tuple[Child, ...]]:
        """The rows of one table, by the text of their tip's key."""
        spec = _CHILDREN[table]
        columns = [spec.renamed.get(name, name) for name in names]
        make = _maker(spec.row, names)
        mend = _MEND.get(table)
        found: defaultdict[str, list[Child]] = defaultdict(list)
        rows = spec.model._default_manager.filter(tip_id__in=keys.listed)  # noqa: SLF001 Django's own name
        for tip, *values in rows.order_by(spec.order).values_list(_OF_TIP, *columns):
            if mend is not None:
                mend(names, values)
            found[tip].append(make(values))
        return {tip: tuple(made) for tip, made in found.items()}

    def _dialog(self, ids: Sequence[UUID]) -> dict[UUID, tuple[DialogRow, ...]]:
        """Without questions that the desk took back: nobody was asked them."""
        if not self.scope.shows("dialog"):
            return {}
        found: defaultdict[UUID, list[DialogRow]] = defaultdict(list)
        rows = Message.objects.filter(tip__in=ids, withdrawn_at=None)
        for one in rows.select_related("tip__data_key").order_by("tip", "number"):
            side = "DESK" if one.direction == Message.Direction.QUESTION else "WRITER"
            found[one.tip_id].append(
                DialogRow(side, one.at.astimezone(_LOCAL), self._message(one))
            )
        return {tip: tuple(made) for tip, made in found.items()}

    def _message(self, one: Message) -> str:
        try:
            return messages.words_for_desk(one, self.desk)
        except (CannotOpen, ObjectDoesNotExist):  # the tip may be purged meanwhile
            self.unopened += 1
            log.warning("export.words_not_opened %s", one.tip.reference)
            return UNOPENED

    def _pictures(self, ids: Sequence[UUID]) -> dict[UUID, tuple[PictureRow, ...]]:
        if not self.scope.with_pictures:
            return {}
        found: defaultdict[UUID, list[PictureRow]] = defaultdict(list)
        rows = Attachment.objects.confirmed().unread().filter(tip__in=ids)
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
        for one in VaultEntry.objects.filter(tip__in=ids).order_by("tip", "pk"):
            name = vault_words_of(one, self.vault)
            found[one.tip_id].append(VaultRow(one.field, one.kind, name))
        return {tip: tuple(made) for tip, made in found.items()}

    def _row(
        self,
        layout: _Layout,
        key: UUID,
        read: Values,
        reference: str,
        children: Mapping[str, tuple[Child, ...]],
        more: _More,
    ) -> TipRow:
        values = [
            empty if one is None else one
            for one, empty in zip(layout.pick(read), layout.empty, strict=True)
        ]
        for at in _CODES:
            values[at] = _codes(values[at]) if values[at] else ()
        for at in _MOMENTS:
            if values[at] is not None:
                values[at] = _moment(values[at], values[_ZONE])
        shown = filled(zip(layout.hashed, layout.pick_hashed(values), strict=True))
        shown["reference"] = reference
        for table, rows in children.items():
            names, read_child = layout.tables[table], layout.read_child[table]
            shown[table] = [filled(zip(names, read_child(row), strict=True)) for row in rows]
        record = canonical(shown)
        tables = [children.get(table, ()) for table in _TABLES]
        return TipRow._make((key, reference, tip_hash(record), record, *values, *tables, *more))


def chunks(keys: Iterable[UUID], size: int) -> Iterator[list[UUID]]:
    chunk: list[UUID] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _decisions(begun: _Begun, layout: _Layout) -> dict[str, Values]:
    """The decision in force of each tip: the newest. Where nothing may be told of the writer,
    that of a person in the situation speaks of the place alone."""
    if not layout.decided:
        return {}
    rows = Decision.objects.filter(tip_id__in=begun.keys.listed).order_by("pk")
    decided = {tip: tuple(own) for tip, *own in rows.values_list(_OF_TIP, *layout.decided)}
    if layout.tells_of_writer:
        return decided
    own_words = {name for name, tip in begun.tips.items() if tip[layout.end]}
    if not own_words & decided.keys():
        return decided
    names = dict(Jurisdiction.objects.values_list("code", "name"))
    places = rows.filter(tip__reporter_is_victim=True).values_list(
        _OF_TIP, "place_outcome", "jurisdiction"
    )
    for tip, outcome, code in places:
        if tip in own_words:
            decided[tip] = place_alone(
                layout.names_of_decided,
                decided[tip],
                outcome=outcome,
                jurisdiction=names.get(code, code),
            )
    return decided


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


@lru_cache(maxsize=8192)
def _utc(text: str) -> datetime:
    """A moment as the database wrote it: in UTC, of which SQLite says nothing."""
    read = datetime.fromisoformat(text)
    return read if read.tzinfo else read.replace(tzinfo=UTC)


@lru_cache(maxsize=8192)
def _day(text: str) -> date:
    return today(_utc(text))


@lru_cache(maxsize=8192)
def _moment(text: str, zone: str) -> datetime:
    return _utc(text).astimezone(_zone(zone))


@lru_cache(maxsize=8192)
def _codes(text: str) -> tuple[str, ...]:
    return tuple(json.loads(text))


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
