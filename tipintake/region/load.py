"""Bring the directory to what a pack says, in one transaction."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models, transaction

from tipintake.directory.models import DirectoryChange, Line, RegionRelease
from tipintake.region import care
from tipintake.region.check import check
from tipintake.region.diff import (
    CONTACT,
    LINE,
    REFERRAL,
    TABLES,
    Act,
    Change,
    Table,
    changes_of,
    rows_of,
    written_by,
)
from tipintake.region.entries import PackError
from tipintake.region.pack import Pack
from tipintake.routing.policy.lifecycle import keep_first
from tipintake.staff.audit import record

BATCH = 200  # SQLite takes a limited number of values in one statement


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load did. `released` is false when the directory already said all of it."""

    digest: str
    released: bool
    changes: tuple[Change, ...]

    def count(self, act: Act) -> int:
        return sum(change.act is act for change in self.changes)

    @property
    def kept(self) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.act is Act.KEEP)


def load(pack: Pack, *, now: datetime, actor: str) -> Loaded:
    """Write the pack into the directory; what this installation confirmed or changed stays.

    Loading the same pack again writes nothing. Every running process sees a new release at its
    next look (`directory.lookup.current_gazetteer`). Raises `PackError` when the pack does not
    pass `check`: half a directory would leave tips without anybody to answer.
    """
    problems = check(pack)
    if problems:
        raise PackError(problems)
    with transaction.atomic():
        keep_first(now=now)
        changes = changes_of(pack)
        newest = RegionRelease.objects.order_by("-pk").first()
        in_force = newest is not None and newest.digest == pack.digest
        if in_force and not any(change.writes for change in changes):
            return Loaded(pack.digest, released=False, changes=changes)
        for table in TABLES:
            _write(table, [change for change in changes if change.table is table])
        RegionRelease.objects.create(
            region=pack.facts.code,
            digest=pack.digest,
            loaded_at=now,
            written=written_by(rows_of(pack)),
        )
        loaded = Loaded(pack.digest, released=True, changes=changes)
        _note_history(pack, changes, actor=actor, now=now)
        record(
            "region.loaded",
            actor=actor,
            now=now,
            subject=pack.facts.code,
            digest=pack.digest,
            kept=[" ".join((change.table.name, *change.key)) for change in loaded.kept],
            **{act.value: loaded.count(act) for act in Act if act is not Act.KEEP},
        )
    return loaded


HISTORY = {LINE: care.LINES, REFERRAL: care.REFERRALS}


def _note_history(pack: Pack, changes: Iterable[Change], *, actor: str, now: datetime) -> None:
    """Entries that stood here already and read otherwise since this load."""
    DirectoryChange.objects.bulk_create(
        DirectoryChange(
            table=HISTORY[change.table].name,
            entry=change.key[0],
            act=DirectoryChange.Act.LOADED,
            at=now,
            by=actor,
            source=f"region pack {pack.facts.code} {pack.digest[:12]}",
            fields={name: [*pair] for name, pair in (change.fields or {}).items()},
        )
        for change in changes
        if change.act in {Act.CHANGE, Act.RETIRE} and change.table in HISTORY
    )


def _write(table: Table, changes: Iterable[Change]) -> None:
    by_act: dict[Act, list[Change]] = {act: [] for act in Act}
    for change in changes:
        by_act[change.act].append(change)
    gone = [change.pk for change in by_act[Act.REMOVE]]
    for start in range(0, len(gone), BATCH):
        table.rows.filter(pk__in=gone[start : start + BATCH]).delete()
    retired = [change.pk for change in by_act[Act.RETIRE]]
    if retired:
        table.rows.filter(pk__in=retired).update(active=False)
    changed = _rows(table, by_act[Act.CHANGE])
    if changed:
        fields = [f for f in by_act[Act.CHANGE][0].values or {} if f not in table.key]
        table.rows.bulk_update(changed, fields, batch_size=BATCH)
    table.rows.bulk_create(_rows(table, by_act[Act.ADD]), batch_size=BATCH)


def _rows(table: Table, changes: Iterable[Change]) -> list[models.Model]:
    lines = dict(Line.objects.values_list("code", "pk")) if table is CONTACT else {}
    return [table.model(pk=change.pk, **_fields(change.values or {}, lines)) for change in changes]


def _fields(values: Mapping[str, Any], lines: Mapping[str, int]) -> dict[str, Any]:
    fields = dict(values)
    if "line__code" in fields:
        fields["line_id"] = lines[fields.pop("line__code")]
    return fields
