"""Keeping entries true: verify, correct, doubt, expire, review. Each act has a source and a day.

A number that nobody has verified is never shown to residents. Whoever changes a number without
having tried it makes the entry unverified again. Nothing here changes where tips go.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from tipintake.directory.models import (
    SHOWABLE,
    Contact,
    DirectoryChange,
    Line,
    Referral,
    Sourced,
    VerifiedState,
)
from tipintake.staff import audit

Act = DirectoryChange.Act
State = VerifiedState
Entry = Line | Contact | Referral

# How long a check is trusted before somebody should look again.
REVIEW_AFTER: Mapping[str, timedelta] = {
    State.CONFIRMED: timedelta(days=180),
    State.CORROBORATED: timedelta(days=180),
    State.CORROBORATED_DATED: timedelta(days=90),
}
WARNED_BEFORE_IT_ENDS = timedelta(days=14)
SHORTEST_NUMBER = 3  # digits: 911, 988
ACTOR = "sweep"


@dataclass(frozen=True, slots=True)
class Kept:
    """A table whose entries staff look after: which fields they may correct, which are numbers."""

    name: str
    model: type[Any]
    fields: tuple[str, ...]
    numbers: tuple[str, ...] = ()
    key: str = "code"

    def all(self) -> models.QuerySet[Any]:
        rows: models.QuerySet[Any] = models.QuerySet(self.model)
        return rows


# What decides where a tip goes (kind, county, code) is the region pack's alone.
LINES = Kept(
    "line",
    Line,
    (
        "agency",
        "name",
        "resident_name",
        "resident_name_es",
        "number",
        "number_note",
        "call_script",
    ),
    numbers=("number",),
)
REFERRALS = Kept(
    "referral",
    Referral,
    ("name", "name_es", "what", "what_es", "contact", "url", "city"),
    numbers=("contact", "url"),
)
CONTACTS = Kept("contact", Contact, ("name",), key="pk")
TABLES: Mapping[str, Kept] = {table.name: table for table in (LINES, REFERRALS, CONTACTS)}


class NotKept(Exception):
    """The entry cannot be changed so; the sentence says what is missing."""


def find(table: Kept, key: str) -> Entry | None:
    if table.key == "pk" and not (key.isascii() and key.isdigit() and len(key) < 10):
        return None
    found: Entry | None = table.all().filter(**{table.key: key}).first()
    return found


def stamp(table: Kept, entry: Entry) -> str:
    """What a page showed of it: another once somebody changed, checked or doubted it."""
    names = (*table.fields, "source", "verified_state", "verified_on", "verified_by", "expires_on")
    shown = [str(getattr(entry, name)) for name in names]
    return hashlib.sha256(json.dumps(shown).encode()).hexdigest()[:32]


def as_shown(table: Kept, entry: Entry, shown: str) -> Entry | None:
    """The entry, locked until the caller's transaction ends; None when it is another by now."""
    fresh: Entry | None = table.all().select_for_update(no_key=True).filter(pk=entry.pk).first()
    return fresh if fresh is not None and stamp(table, fresh) == shown else None


def verify(
    table: Kept,
    entry: Entry,
    changes: Mapping[str, str],
    *,
    source: str,
    by: str,
    now: datetime,
    today: date,
    expires_on: date | None = None,
) -> None:
    """Somebody tried it: it is right as it stands after these changes."""
    _needs(source, by)
    if expires_on is not None and expires_on < today:
        raise NotKept(_("Choose a last day that is still to come, or none."))
    with transaction.atomic():
        fields = _apply(table, entry, changes)
        _mark(entry, State.CONFIRMED, source=source, by=by, today=today)
        entry.expires_on = expires_on
        if isinstance(entry, Line):
            entry.number_year = None
        entry.save()
        note(table, entry, Act.VERIFIED, fields, source=source, by=by, now=now)
        _record("entry.verified", table, entry, by=by, now=now)


def correct(
    table: Kept,
    entry: Entry,
    changes: Mapping[str, str],
    *,
    source: str,
    by: str,
    now: datetime,
    today: date,
    act: DirectoryChange.Act = Act.CORRECTED,
) -> bool:
    """Change what is wrong. A number that changes so is not shown before somebody verified it.

    False: it read so already, and nothing was written.
    """
    _needs(source, by)
    with transaction.atomic():
        fields = _apply(table, entry, changes)
        if not fields:
            return False
        if any(name in table.numbers for name in fields) and entry.verified_state in SHOWABLE:
            _mark(entry, State.UNVERIFIED, source=source, by=by, today=today)
        entry.save()
        note(table, entry, act, fields, source=source, by=by, now=now)
        audit.record(
            "entry.corrected",
            actor=by,
            now=now,
            subject=key_of(table, entry),
            table=table.name,
            fields=sorted(fields),
            imported=act is Act.IMPORTED,
        )
    return True


def doubt(table: Kept, entry: Entry, *, source: str, by: str, now: datetime, today: date) -> None:
    """A call failed, or somebody said that it changed: residents no longer see it."""
    _needs(source, by)
    with transaction.atomic():
        _mark(entry, State.UNVERIFIED, source=source, by=by, today=today)
        entry.expires_on = None
        entry.save()
        note(table, entry, Act.DOUBTED, {}, source=source, by=by, now=now)
        _record("entry.doubted", table, entry, by=by, now=now)


# --- Review ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Due:
    """An entry that somebody should look at."""

    table: Kept
    entry: Entry
    since: date | None  # None: it has never been verified


def due_on(entry: Sourced) -> date | None:
    """The day from which an entry is due; None when nobody needs to look at it."""
    after = REVIEW_AFTER.get(entry.verified_state)
    if after is None:
        return None
    return entry.verified_on + after if entry.verified_on else date.min


def for_review(*, today: date) -> Iterator[Due]:
    """What is due, by table: never verified first, then what waits longest."""
    for table in TABLES.values():
        rows = table.all().exclude(verified_state=State.INTERNAL)
        if table is not REFERRALS:
            rows = rows.filter(active=True)
        found = [Due(table, entry, _since(entry)) for entry in rows if _is_due(entry, today)]
        yield from sorted(found, key=lambda one: (one.since or date.min, one.entry.pk))


def _is_due(entry: Entry, today: date) -> bool:
    if isinstance(entry, Contact) and not entry.address:
        return False  # a call sheet or the console: nothing that could be wrong
    if entry.verified_state == State.UNVERIFIED:
        return True
    day = due_on(entry)
    ends = entry.expires_on
    return (day is not None and day <= today) or (
        ends is not None and ends - WARNED_BEFORE_IT_ENDS <= today
    )


def _since(entry: Entry) -> date | None:
    return None if entry.verified_state == State.UNVERIFIED else due_on(entry)


def expire_due(now: datetime) -> int:
    """Entries whose last day is over are not shown any more. How many it was."""
    today = timezone.localdate(now)
    done = 0
    for table in (LINES, REFERRALS):
        for entry in table.all().filter(expires_on__lt=today, verified_state__in=SHOWABLE):
            with transaction.atomic():
                claimed = table.all().filter(pk=entry.pk, expires_on=entry.expires_on)
                if not claimed.update(verified_state=State.UNVERIFIED, expires_on=None):
                    continue
                fields = {"expires_on": [str(entry.expires_on), ""]}
                note(table, entry, Act.EXPIRED, fields, source="", by=ACTOR, now=now)
                _record("entry.expired", table, entry, by=ACTOR, now=now)
                done += 1
    return done


# --- History ---------------------------------------------------------------------------------


def history_of(table: Kept, entry: Entry) -> models.QuerySet[DirectoryChange]:
    """What happened to it, the newest first."""
    rows = DirectoryChange.objects.filter(table=table.name, entry=key_of(table, entry))
    return rows.order_by("-at", "-pk")


def note(
    table: Kept,
    entry: Entry,
    act: DirectoryChange.Act,
    fields: Mapping[str, list[str]],
    *,
    source: str,
    by: str,
    now: datetime,
) -> None:
    DirectoryChange.objects.create(
        table=table.name,
        entry=key_of(table, entry),
        act=act,
        at=now,
        by=by,
        source=source.strip(),
        fields=dict(fields),
    )


def key_of(table: Kept, entry: Entry) -> str:
    return str(getattr(entry, table.key))


# --- What they share -------------------------------------------------------------------------


def differences(table: Kept, entry: Entry, changes: Mapping[str, str]) -> dict[str, list[str]]:
    """Field: [as it stands, as it would be]. Raises `NotKept` for a field that is not theirs."""
    strange = sorted(changes.keys() - set(table.fields))
    if strange:
        raise NotKept(
            _(
                "{fields} cannot be changed here. What can: {others}. The rest is in the region "
                "pack."
            ).format(fields=", ".join(strange), others=", ".join(table.fields))
        )
    return {
        name: [getattr(entry, name), value.strip()]
        for name, value in changes.items()
        if getattr(entry, name) != value.strip()
    }


def _apply(table: Kept, entry: Entry, changes: Mapping[str, str]) -> dict[str, list[str]]:
    fields = differences(table, entry, changes)
    for name, (_before, after) in fields.items():
        setattr(entry, name, after)
    if fields:
        try:
            others = {one.name for one in entry._meta.fields} - set(fields)  # noqa: SLF001
            entry.clean_fields(exclude=others)
        except ValidationError as problem:
            sentences = "; ".join(
                f"{name}: {' '.join(said)}" for name, said in problem.message_dict.items()
            )
            raise NotKept(_("Not changed. {why}").format(why=sentences)) from None
    number = fields.get("number", ["", ""])[1]
    if number and sum(one.isdigit() for one in number) < SHORTEST_NUMBER:
        raise NotKept(
            _("Not changed. “{number}” is no number that residents could call.").format(
                number=number
            )
        )
    return fields


def _mark(entry: Entry, state: VerifiedState, *, source: str, by: str, today: date) -> None:
    entry.source = source.strip()
    entry.verified_state = state
    entry.verified_by = by
    entry.verified_on = today


def _needs(source: str, by: str) -> None:
    if not source.strip():
        raise NotKept(_("Say where this was found: whom you called, on which day."))
    if len(source.strip()) > 300:
        raise NotKept(_("Say it in at most 300 characters."))
    if not by.strip():
        raise NotKept(_("Say who found it out."))


def _record(act: str, table: Kept, entry: Entry, *, by: str, now: datetime) -> None:
    audit.record(act, actor=by, now=now, subject=key_of(table, entry), table=table.name)
