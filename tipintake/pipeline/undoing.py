"""Take back what was just done: things stand as before, and the audit has both.

Of an act it is noted which working columns it changed, with what stood there before and after:
states, times and codes, no word of the tip. For a few seconds, and while nobody else has acted on
the tip, they can be put back: those columns alone, and each only where it still holds what the
act left there, for the worker goes on meanwhile. What has left the house cannot be taken back, so
passing a tip on is not undone here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import F, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.channels import OUTWARD
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.pipeline import bell
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.triage import actions, links, seen, tags
from tipintake.triage.models import MergedTip, Tag, TipTag, Undoable

OFFERED = timedelta(seconds=10)
GONE = gettext_noop("The tip was destroyed meanwhile, as its time was over.")
GRACE = timedelta(seconds=5)  # for the page that offers it to arrive, and the answer to come


@dataclass(frozen=True, slots=True)
class Reach:
    """The columns that an act may change. No other is noted, and no other put back."""

    tip: tuple[str, ...]
    hand_off: tuple[str, ...] = ()


OF_TIP = ("status", "disposition", "closed_on", "assigned_to_id", "assigned_at")
OF_HAND_OFF = ("state", "disposition", "acknowledged_at", "notify_at", "escalate_again_at")
TIP_ALONE = Reach(OF_TIP)
CLOSING = Reach(OF_TIP, OF_HAND_OFF)
JUDGING_A_BURST = Reach(("flood", "stands_alone", "low_trust"), ("low_trust",))

Snapshot = Mapping[str, Any]
Changes = Mapping[str, tuple[Any, Any]]  # column: what stood there before and after


class TooLate(Exception):
    """It was not taken back; the sentence says why."""


def just_done(user: User, act: str, tip: Tip, *, now: datetime) -> bool:
    """Whether this person did the same with this tip within the last seconds, and nobody has
    acted on it since: a form that is sent twice comes a second time."""
    return lately(user, act, now=now).filter(tip=tip).exists()


def lately(user: User, act: str, *, now: datetime) -> QuerySet[Undoable]:
    """What this person may take back of these acts."""
    mine = Undoable.objects.filter(user=user, act=act, until__gte=now)
    return mine.filter(version=F("tip__version"))


def standing(tip: Tip, reach: Reach) -> Snapshot:
    """How things stand, to be noted before an act: behind its claims, in its transaction. What
    the worker writes into the hand-offs waits from here on, so that it is not taken for the
    act's."""
    return {
        "tip": _columns(Tip.objects.filter(pk=tip.pk), reach.tip)[str(tip.pk)],
        "hand_offs": _columns(_locked(tip), reach.hand_off) if reach.hand_off else {},
        "tags": tags.codes_of(tip),
        "into": _merged_into(tip),
        "notices": _on_their_way(tip) if "state" in reach.hand_off else [],
    }


def offer(
    tip: Tip,
    act: str,
    before: Snapshot,
    *,
    reach: Reach,
    together: UUID,
    user: User,
    now: datetime,
) -> None:
    """Note what this act changed, so that it may be taken back. In the act's own transaction."""
    after = standing(tip, reach)
    Undoable.objects.filter(until__lt=now - OFFERED).delete()
    Undoable.objects.create(
        user=user,
        tip=tip,
        together=together,
        act=act,
        version=tip.version,
        changed={
            "tip": _changes(before["tip"], after["tip"]),
            "hand_offs": {
                key: changes
                for key, columns in before["hand_offs"].items()
                if (changes := _changes(columns, after["hand_offs"].get(key, columns)))
            },
            "given": sorted(set(after["tags"]) - set(before["tags"])),
            "taken": sorted(set(before["tags"]) - set(after["tags"])),
            "merged": after["into"] if before["into"] is None else None,
            "notices": before["notices"],
        },
        until=now + OFFERED + GRACE,
    )


def undo(row: Undoable, *, by: User, now: datetime) -> None:
    """Put one tip back as it stood. Call it in a transaction of its own."""
    tip = Tip.objects.select_related("assigned_to").filter(pk=row.tip_id).first()
    if tip is None:
        raise TooLate(_(GONE))
    if now > row.until:
        raise TooLate(_("The ten seconds are over. Change it by hand."))
    changed = row.changed
    into = Tip.objects.filter(pk=changed["merged"]).first() if changed["merged"] else None
    try:
        if into is None:
            actions.claim(tip, version=row.version)
        else:
            links.claim_both(tip, into, version=row.version)
    except actions.ChangedMeanwhile:
        if not Undoable.objects.filter(pk=row.pk).exists():
            return  # by an earlier press of the same button
        raise TooLate(
            _("{reference} was acted on again since. Change it by hand.").format(
                reference=tip.reference
            )
        ) from None
    _put_back(Tip.objects.filter(pk=tip.pk), changed["tip"])
    held = {str(one.pk) for one in _locked(tip)} if changed["hand_offs"] else set()
    for key in held & set(changed["hand_offs"]):
        _put_back(HandOff.objects.filter(pk=int(key)), changed["hand_offs"][key])
    if changed["hand_offs"]:
        _wake(changed["notices"], now)
    TipTag.objects.filter(tip=tip, tag__code__in=changed["given"]).delete()
    missing = Tag.objects.filter(code__in=set(changed["taken"]) - set(tags.codes_of(tip)))
    TipTag.objects.bulk_create([TipTag(tip=tip, tag=tag) for tag in missing])
    if into is not None:
        links.count_as_two(tip, into, by=by, now=now)
    for one in (tip, into):
        if one is not None:
            seen.acted(by, one)
    tip.refresh_from_db(fields=["status"])
    audit.record(
        "act.undone",
        actor=by.username,
        now=now,
        subject=tip.reference,
        what=row.act,
        status=tip.status,
    )
    row.delete()


def _locked(tip: Tip) -> QuerySet[HandOff]:
    return HandOff.objects.select_for_update(no_key=True).filter(tip=tip).order_by("pk")


def _merged_into(tip: Tip) -> str | None:
    found = MergedTip.objects.filter(tip=tip).values_list("into", flat=True).first()
    return None if found is None else str(found)


def _on_their_way(tip: Tip) -> list[str]:
    """Notices that a closing may make needless before they are out."""
    waiting = (Notice.State.WAITING, Notice.State.SENDING)
    rows = Notice.objects.filter(hand_off__tip=tip, state__in=waiting)
    return [str(key) for key in rows.values_list("pk", flat=True)]


def _columns(rows: QuerySet[Any], names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    return {
        str(row["pk"]): {name: _plain(row[name]) for name in names}
        for row in rows.values("pk", *names)
    }


def _changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> Changes:
    return {name: (value, after[name]) for name, value in before.items() if value != after[name]}


def _put_back(row: QuerySet[Any], changes: Changes) -> None:
    now = row.values(*changes).first() if changes else None
    if now is None:
        return
    back = {
        name: before for name, (before, after) in changes.items() if _plain(now[name]) == after
    }
    if back:
        row.update(**_values(row.model, back))


def _wake(keys: list[str], now: datetime) -> None:
    """What was on its way when the tip was closed: needless no more, or out in the meantime."""
    open_again = Notice.objects.filter(pk__in=keys, hand_off__state__in=OPEN_STATES)
    needless = open_again.filter(state=Notice.State.NEEDLESS)
    if needless.update(state=Notice.State.WAITING, attempts=F("attempts") - 1, next_at=now):
        bell.ring_notify_after_commit()
    told = open_again.filter(
        state=Notice.State.SENT,
        contact__channel__in=OUTWARD,
        contact__line=F("hand_off__line"),
    ).exclude(purpose=Notice.Purpose.GIVEN_UP)
    HandOff.objects.filter(pk__in=told.values("hand_off"), state=HandOff.State.QUEUED).update(
        state=HandOff.State.NOTIFIED
    )


def _plain(value: Any) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _values(model: type[models.Model], plain: Mapping[str, Any]) -> dict[str, Any]:
    """The columns as the database wants them, from what JSON could hold."""
    read: dict[str, Callable[[Any], Any]] = {
        field.attname: field.to_python
        for field in model._meta.concrete_fields  # noqa: SLF001 Django's public way to columns
    }
    return {
        name: read[name](value) if value is not None else None for name, value in plain.items()
    }
