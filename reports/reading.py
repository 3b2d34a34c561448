"""From the database to rows: a thousand tips at a time, one query a table, plain values.

What the scope does not show is not read, and words that it does not show are not opened.
"""

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models

from reports import linked
from reports.rows import (
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
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed
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
# Opening a box is native code that lets other threads run meanwhile.
OPENERS = 2
UNOPENED = "[could not be opened]"
_LOCAL = ZoneInfo(settings.TIME_ZONE)


@dataclass(frozen=True, slots=True)
class _Children:
    """A table of children: its model, its row, and which column of ours is which of the model."""

    model: type[models.Model]
    row: type
    renamed: Mapping[str, str] = field(default_factory=dict)
    order: tuple[str, ...] = ("position",)


_CHILDREN: Mapping[str, _Children] = {
    "vehicles": _Children(
        Vehicle, VehicleRow, {"plate": "plate_canonical", "plate_as_typed": "plate_raw"}
    ),
    "places": _Children(Place, PlaceRow, {"pin_source": "source"}),
    "persons": _Children(PersonDescribed, PersonRow),
    "online": _Children(OnlineLead, OnlineRow),
    "words": _Children(EvidenceInWords, WordRow, order=("pk",)),
}
_TIP = (
    "pk", "reference", "submitted_hour", "category", "immediacy", "minor_present", "basis",
    "language", "indicators", "priority", "status", "disposition", "source_grade",
    "content_grade", "reporter_is_victim", "police_consent", "wants_reward", "distrusts_police",
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
_SEALED = ("narrative_sealed", "data_key__sealed")
_DECISION = ("jurisdiction", "primary", "also", "rule", "because", "policy_version")
_RENAMED_DECISION = {"primary": "primary_line", "also": "also_lines"}
_REPORTED = {
    table: frozenset(one.name for one in columns if one.reported)
    for table, columns in COLUMNS.items()
}
_TIP_SHOWN_IN_HASH = _REPORTED["tips"]


@dataclass(frozen=True, slots=True)
class _Begun:
    """Tips that were read, whose words are being opened."""

    keys: Sequence[UUID]
    tips: dict[UUID, dict[str, Any]]
    opening: Sequence[tuple[list[dict[str, Any]], "Future[list[str | None]]"]]


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
        with ThreadPoolExecutor(OPENERS, thread_name_prefix="opening") as pool:
            before: _Begun | None = None
            for chunk in chunks(keys, CHUNK):
                begun = self._begin(chunk, pool)
                if before is not None:
                    yield from self._end(before)
                before = begun
            if before is not None:
                yield from self._end(before)

    def _begin(self, keys: Sequence[UUID], pool: ThreadPoolExecutor) -> "_Begun":
        tips = self._tips(keys)
        if "narrative" not in self.scope.names("tips"):
            return _Begun(keys, tips, ())
        waiting = list(tips.values())
        shares = [waiting[first::OPENERS] for first in range(OPENERS)]
        opening = [(share, pool.submit(self._narratives, share)) for share in shares]
        return _Begun(keys, tips, opening)

    def _end(self, begun: "_Begun") -> Iterator[TipRow]:
        ids = list(begun.tips)
        children = {name: self._children(name, ids) for name in _CHILDREN}
        decisions = _decisions(ids)
        links = linked.links_of(ids) if self.scope.shows("links") else {}
        said = self._dialog(ids)
        photos = self._pictures(ids)
        names = self._names(ids)
        for share, opened in begun.opening:
            for tip, words in zip(share, opened.result(), strict=True):
                self.unopened += words is None
                tip["narrative"] = UNOPENED if words is None else words
        for key in begun.keys:
            if key in begun.tips:
                own = {name: found.get(key, ()) for name, found in children.items()}
                yield self._row(
                    begun.tips[key],
                    decisions.get(key, {}),
                    own,
                    dialog=said.get(key, ()),
                    links=links.get(key, ()),
                    pictures=photos.get(key, ()),
                    vault=names.get(key, ()),
                )

    def _tips(self, keys: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
        shown = set(self.scope.names("tips"))
        sighting = {name: path for name, path in _SIGHTING.items() if name in shown}
        sealed = _SEALED if "narrative" in shown else ()
        columns = (*_TIP, *sealed, *sighting.values())
        names = (*_TIP, *sealed, *sighting)
        found = Tip.objects.filter(pk__in=keys).values_list(*columns)
        return {row[0]: dict(zip(names, row, strict=True)) for row in found}

    def _narratives(self, share: Sequence[Mapping[str, Any]]) -> list[str | None]:
        return [self._narrative(tip) for tip in share]

    def _narrative(self, tip: Mapping[str, Any]) -> str | None:
        if tip["data_key__sealed"] is None:
            return None
        try:
            key = DataKey.unseal(Sealed(tip["data_key__sealed"]), self.desk)
            words = key.open(
                Sealed(tip["narrative_sealed"]), context=context(tip["pk"], "narrative")
            )
        except CannotOpen:
            log.warning("export.words_not_opened %s", tip["reference"])
            return None
        return words.decode()

    def _children(self, table: str, ids: Sequence[UUID]) -> dict[UUID, tuple[Any, ...]]:
        if not self.scope.shows(table):
            return {}
        spec = _CHILDREN[table]
        names = self.scope.names(table)
        columns = [spec.renamed.get(name, name) for name in names]
        found: defaultdict[UUID, list[Any]] = defaultdict(list)
        rows = spec.model._default_manager.filter(tip__in=ids)  # noqa: SLF001 Django's own name
        for tip, *values in rows.order_by("tip", *spec.order).values_list("tip", *columns):
            found[tip].append(spec.row(**_clean(zip(names, values, strict=True))))
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
        tip: Mapping[str, Any],
        decision: Mapping[str, Any],
        children: Mapping[str, tuple[Any, ...]],
        *,
        dialog: tuple[DialogRow, ...],
        links: tuple[LinkRow, ...],
        pictures: tuple[PictureRow, ...],
        vault: tuple[VaultRow, ...],
    ) -> TipRow:
        values = {**tip, **decision}
        values["received_on"] = today(tip["submitted_hour"])
        values["indicators"] = tuple(tip["indicators"])
        for name in ("seen_start", "seen_end"):
            if tip.get(name):
                values[name] = tip[name].astimezone(_zone(tip["seen_tz"]))
        names = self.scope.names("tips")
        shown = {name: values[name] for name in names if values.get(name) is not None}
        record = canonical(self._reported(shown, children))
        shown["tip_hash"] = tip_hash(record)
        return TipRow(
            key=tip["pk"],
            canonical=record,
            dialog=dialog,
            links=links,
            pictures=pictures,
            vault=vault,
            **children,  # type: ignore[arg-type]  # each its own table
            **shown,
        )

    def _reported(
        self, shown: Mapping[str, Any], children: Mapping[str, tuple[Any, ...]]
    ) -> dict[str, object]:
        record = filled({k: v for k, v in shown.items() if k in _TIP_SHOWN_IN_HASH})
        for table, rows in children.items():
            names = self.scope.names(table)
            if rows:
                read = reader_of(names)
                record[table] = [filled(dict(zip(names, read(row), strict=True))) for row in rows]
        return record


def chunks(keys: Iterable[UUID], size: int) -> Iterator[list[UUID]]:
    chunk: list[UUID] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _decisions(ids: Sequence[UUID]) -> dict[UUID, dict[str, Any]]:
    """The decision in force of each tip: the newest."""
    rows = Decision.objects.filter(tip__in=ids).order_by("pk").values_list("tip", *_DECISION)
    names = [_RENAMED_DECISION.get(name, name) for name in _DECISION]
    found = {}
    for tip, *values in rows:
        one = dict(zip(names, values, strict=True))
        one["also_lines"] = tuple(one["also_lines"])
        found[tip] = one
    return found


def _clean(pairs: Iterable[tuple[str, Any]]) -> dict[str, Any]:
    """A child's values: moments on the wall clock here, decimals as they were typed."""
    values = dict(pairs)
    if isinstance(values.get("seen_at"), datetime):
        values["seen_at"] = values["seen_at"].astimezone(_LOCAL)
    if "mile_marker" in values:
        marker = values["mile_marker"]
        values["mile_marker"] = "" if marker is None else str(marker)
    return values


@cache
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)
