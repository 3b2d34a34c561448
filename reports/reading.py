"""From the database to rows: some hundred tips at a time, one query a table, plain values.

What the scope does not show is not read, and words that it does not show are not opened. How
what was read becomes rows stands in `reports/composing.py`.
"""

import logging
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from decimal import Decimal
from functools import partial
from typing import TypeVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import models
from django.db.models.functions import Cast

from reports import linked
from reports.apart import Made, opened
from reports.composing import (
    SHOWN,
    UNOPENED,
    Closed,
    Composer,
    More,
    Read,
    Shape,
    Values,
    unopened_of,
    words_of,
)
from reports.listed import Listed, Prepared, as_text, as_texts
from reports.placed import WRITER, place_alone
from reports.rows import DialogRow, PictureRow, TipRow, VaultRow
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
from tipintake.tips.secrets import context, vault_words_of

log = logging.getLogger(__name__)

CHUNK = 500  # of a thousand all processes together would hold more than they may
_LOCAL = ZoneInfo(settings.TIME_ZONE)
_Opening = Callable[[Sequence[Closed]], list[str | None]]
_Making = Callable[[Read, Sequence[str | None], Sequence[Closed]], Made]
_Done = TypeVar("_Done")


@dataclass(frozen=True, slots=True)
class _Children:
    """A table of children: its model, and which column of ours is which of the model."""

    model: type[models.Model]
    columns: Mapping[str, "str | Cast"] = field(default_factory=dict)
    order: str = "position"


_CHILDREN: Mapping[str, _Children] = {
    "vehicles": _Children(Vehicle, {"plate": "plate_canonical", "plate_as_typed": "plate_raw"}),
    "places": _Children(Place, {"pin_source": "source"}),
    "persons": _Children(PersonDescribed),
    "online": _Children(OnlineLead, {"seen_at": as_text("seen_at")}),
    "words": _Children(EvidenceInWords, order="pk"),
}
_OF_TIP = as_text("tip_id")
# What is read of every tip: for us, then as `composing.Read` has it, the rest by a TipRow's names.
_FOR_US = (as_text("pk"), "narrative_sealed", "data_key__sealed")
_ALWAYS = ("reference", as_text("submitted_hour"))
_PLAIN = (
    "category", "immediacy", "minor_present", "basis", "language", "priority", "status",
    "disposition", "source_grade", "content_grade", "reporter_is_victim", "police_consent",
    "wants_reward", "distrusts_police",
)  # fmt: skip
_TIP: Mapping[str, str | Cast] = {
    **{name: name for name in _PLAIN},
    "indicators": as_text("indicators"),
    "seen_kind": "sighting__kind",
    "seen_start": as_text("sighting__start"),
    "seen_end": as_text("sighting__end"),
    "seen_approx_minutes": "sighting__approx_minutes",
    "seen_rrule": "sighting__rrule",
    "seen_local_start": as_text("sighting__local_start"),
    "seen_duration_minutes": "sighting__duration_minutes",
    "seen_tz": "sighting__tz",
    "times_seen": "sighting__times_seen",
}
_DECISION: Mapping[str, str | Cast] = {
    "jurisdiction": "jurisdiction",
    "primary_line": "primary",
    "also_lines": as_text("also"),
    "rule": "rule",
    "because": "because",
    "policy_version": "policy_version",
}
_MARKED_TO = Place._meta.get_field("mile_marker").decimal_places  # noqa: SLF001
REASON = "because"
_WORKED_OUT = ("received_on", "narrative")
_TIP_SHOWN_IN_HASH = frozenset(one.name for one in COLUMNS["tips"] if one.reported)


class _Layout:
    """What is read for one scope, where it stands, and by which queries."""

    def __init__(self, scope: Scope) -> None:
        shown = scope.names("tips")
        own = {name: column for name, column in _TIP.items() if name in shown}
        decided = {name: column for name, column in _DECISION.items() if name in shown}
        self.opens = "narrative" in shown
        # Where nothing may be told of the writer, the reason is made of the place.
        self.place_alone = REASON in decided and WRITER not in shown
        if self.place_alone:
            decided[REASON] = "place_outcome"
        self.ours = len(_FOR_US) if self.opens else 1
        columns = (*_FOR_US[: self.ours], *_ALWAYS, *own.values())
        self.tips = Prepared(Tip.objects.filter(pk__in=Listed(())).values_list(*columns))
        self.decisions = _decisions(tuple(decided.values())) if decided else None
        self.shape = Shape(
            own=tuple(own),
            decided=tuple(decided),
            worked_out=tuple(one for one in _WORKED_OUT if one in shown),
            hashed=tuple(one for one in SHOWN if one in shown and one in _TIP_SHOWN_IN_HASH),
            tables={name: scope.names(name) for name in _CHILDREN if scope.shows(name)},
            zone=settings.TIME_ZONE,
        )
        self.children = {
            name: _children(name, fields) for name, fields in self.shape.tables.items()
        }


def _decisions(columns: Sequence[str | Cast]) -> Prepared:
    rows = Decision.objects.filter(tip_id__in=Listed(())).order_by("pk")
    return Prepared(rows.values_list(_OF_TIP, *columns))


def _children(table: str, names: Sequence[str]) -> Prepared:
    """The rows of one table, each after the text of its tip's key."""
    spec = _CHILDREN[table]
    columns = [spec.columns.get(name, name) for name in names]
    rows = spec.model._default_manager.filter(tip_id__in=Listed(()))  # noqa: SLF001 Django's own name
    return Prepared(rows.order_by(spec.order).values_list(_OF_TIP, *columns))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Tips that were read: their keys, what is plain, and their words as they are sealed.
    `texts` are the first of them, opened already."""

    keys: list[UUID]
    read: Read
    closed: list[Closed]
    texts: list[str | None] = field(default_factory=list)


@dataclass(slots=True)
class Reader:
    """Reads tips for one scope with the keys that the process holds.

    `linked`: the tips to which links may point.
    """

    scope: Scope
    linked: models.QuerySet[Tip]
    desk: PrivateKey
    vault: PrivateKey | None = None
    unopened: int = 0

    @property
    def shape(self) -> Shape:
        return _Layout(self.scope).shape

    def rows(self, keys: Iterable[UUID], opening: _Opening | None = None) -> Iterator[TipRow]:
        """A row for each tip that is still there, in the order of the keys.

        While the rows of some are written, the words of the next are opened.
        """
        composer = Composer(self.shape)
        by = opening or partial(opened, self.desk)

        def work(chunk: _Chunk) -> list[str | None]:
            return chunk.texts + by(chunk.closed[len(chunk.texts) :])

        for chunk, texts in self._ahead(keys, work):
            self._not_opened(unopened_of(chunk.read, texts))
            yield from composer.rows(chunk.read, chunk.keys, words_of(chunk.read, texts))

    def made(self, keys: Iterable[UUID], making: _Making) -> Iterator[tuple[list[UUID], Made]]:
        """What was made of each chunk of the tips that are still there, with their keys."""

        def work(chunk: _Chunk) -> Made:
            return making(chunk.read, chunk.texts, chunk.closed[len(chunk.texts) :])

        for chunk, made in self._ahead(keys, work):
            self._not_opened(made.unopened)
            yield chunk.keys, made

    def _ahead(
        self, keys: Iterable[UUID], work: Callable[[_Chunk], _Done]
    ) -> Iterator[tuple[_Chunk, _Done]]:
        """Each chunk and what was made of it on a thread; the next is read and begun meanwhile."""
        layout = _Layout(self.scope)
        with ThreadPoolExecutor(1, "export") as pool:
            before: tuple[_Chunk, Future[_Done]] | None = None
            for some in chunks(keys, CHUNK):
                chunk = self._read(some, layout)
                if before is not None:
                    self._open_meanwhile(chunk, before[1])
                begun = chunk, pool.submit(work, chunk)
                if before is not None:
                    yield before[0], before[1].result()
                before = begun
            if before is not None:
                yield before[0], before[1].result()

    def _open_meanwhile(self, chunk: _Chunk, before: "Future[_Done]") -> None:
        """Rather than wait: both cores are busy until the end."""
        for one in chunk.closed:
            if before.done():
                return
            chunk.texts.extend(opened(self.desk, (one,)))

    def _read(self, keys: Sequence[UUID], layout: _Layout) -> _Chunk:
        by_name = dict(zip(as_texts(keys), keys, strict=True))
        tips = {tip[0]: tip for tip in layout.tips.rows(keys)}
        names = [name for name in by_name if name in tips]
        ids = [by_name[name] for name in names]
        ordered = [tips[name] for name in names]
        read = Read(
            names=names,
            tips=[tip[layout.ours :] for tip in ordered],
            decisions=_decided(keys, layout),
            children={
                table: _with_typed(rows.rows(keys), layout.shape.tables[table])
                for table, rows in layout.children.items()
            },
            more=self._more(names, ids),
        )
        closed = [
            (context(key, "narrative"), tip[2], tip[1])
            for key, tip in zip(ids, ordered, strict=True)
            if layout.opens
        ]
        return _Chunk(ids, read, closed)

    def _not_opened(self, references: Sequence[str]) -> None:
        self.unopened += len(references)
        for one in references:
            log.warning("export.words_not_opened %s", one)

    def _more(self, names: Sequence[str], ids: Sequence[UUID]) -> dict[str, More]:
        """Of the few tips that have it: dialog, links, pictures, names of the vault."""
        links = linked.links_of(ids, among=self.linked) if self.scope.shows("links") else {}
        said, photos, known = self._dialog(ids), self._pictures(ids), self._names(ids)
        unconfirmed = self._unconfirmed(ids)
        having = {*links, *said, *photos, *known, *unconfirmed}
        return {
            name: (
                said.get(key, ()),
                links.get(key, ()),
                photos.get(key, ()),
                known.get(key, ()),
                unconfirmed.get(key, 0),
            )
            for name, key in zip(names, ids, strict=True)
            if key in having
        }

    def _dialog(self, ids: Sequence[UUID]) -> dict[UUID, tuple[DialogRow, ...]]:
        """Without questions that the desk took back: nobody was asked them."""
        if not self.scope.shows("dialog"):
            return {}
        found: defaultdict[UUID, list[DialogRow]] = defaultdict(list)
        rows = Message.objects.filter(tip__in=Listed(ids), withdrawn_at=None)
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
        rows = Attachment.objects.confirmed().unread().filter(tip__in=Listed(ids))
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

    def _unconfirmed(self, ids: Sequence[UUID]) -> Counter[UUID]:
        """How many pictures of each tip stay out because nobody has confirmed them."""
        if not self.scope.with_pictures:
            return Counter()
        rows = Attachment.objects.unconfirmed().filter(tip__in=Listed(ids))
        return Counter(rows.order_by().values_list("tip", flat=True))

    def picture(self, row: PictureRow) -> bytes:
        """The JPEG. Raises Attachment.DoesNotExist when it was purged meanwhile."""
        found = Attachment.objects.confirmed().select_related("tip__data_key").get(pk=row.id)
        return pictures.jpeg_of(found, self.desk)

    def _names(self, ids: Sequence[UUID]) -> dict[UUID, tuple[VaultRow, ...]]:
        if not self.scope.with_vault or self.vault is None:
            return {}
        found: defaultdict[UUID, list[VaultRow]] = defaultdict(list)
        for one in VaultEntry.objects.filter(tip__in=Listed(ids)).order_by("tip", "pk"):
            name = vault_words_of(one, self.vault)
            found[one.tip_id].append(VaultRow(one.field, one.kind, name))
        return {tip: tuple(made) for tip, made in found.items()}


def chunks(keys: Iterable[UUID], size: int) -> Iterator[list[UUID]]:
    chunk: list[UUID] = []
    for key in keys:
        chunk.append(key)
        if len(chunk) == size:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _decided(keys: Sequence[UUID], layout: _Layout) -> dict[str, Values]:
    """The decision in force of each tip: the newest. Where nothing may be told of the writer, the
    reason of each says the place alone."""
    if layout.decisions is None:
        return {}
    decided = {tip: tuple(own) for tip, *own in layout.decisions.rows(keys)}
    if not layout.place_alone:
        return decided
    names = dict(Jurisdiction.objects.values_list("code", "name"))
    fields = layout.shape.decided
    at, area = fields.index(REASON), fields.index("jurisdiction")
    return {
        tip: (*own[:at], place_alone(own[at], names.get(own[area], own[area])), *own[at + 1 :])
        for tip, own in decided.items()
    }


def _with_typed(rows: list[Values], names: Sequence[str]) -> list[Values]:
    """Mile markers as they were typed, where the table has them."""
    if "mile_marker" not in names:
        return rows
    at = 1 + names.index("mile_marker")
    return [(*row[:at], _typed(row[at]), *row[at + 1 :]) for row in rows]


def _typed(number: Decimal | float | None) -> str:
    return "" if number is None else f"{number:.{_MARKED_TO}f}"
