"""Take back what was just done: things stand as before, and the audit has both.

Before an act its tip's working columns are noted: states, times and codes, no word of it. For a
few seconds, and while nobody else has acted on the tip, they can be put back. What has left the
house cannot be taken back, so passing a tip on is not undone here.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import models

from tipintake.delivery.models import HandOff
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.triage import actions, tags
from tipintake.triage.models import MergedTip, Tag, TipTag, Undoable

OFFERED = timedelta(seconds=10)
GRACE = timedelta(seconds=5)  # for the page that offers it to arrive, and the answer to come
OF_TIP = ("status", "disposition", "closed_on", "assigned_to_id", "assigned_at")
OF_BURST = ("flood", "stands_alone", "low_trust")  # what judging a burst changes of a tip
OF_HAND_OFF = (
    "state",
    "disposition",
    "acknowledged_at",
    "notify_at",
    "escalate_again_at",
    "is_primary",
)

Snapshot = Mapping[str, Any]


class TooLate(Exception):
    """It was not taken back; the sentence says why."""


def standing(tip: Tip, *, burst: bool = False) -> Snapshot:
    """How things stand, to be noted before an act."""
    rows = HandOff.objects.filter(tip=tip)
    of_tip = OF_TIP + OF_BURST if burst else OF_TIP
    of_hand_off = (*OF_HAND_OFF, "low_trust") if burst else OF_HAND_OFF
    return {
        "tip": {name: _plain(getattr(tip, name)) for name in of_tip},
        "hand_offs": {
            str(row.pk): {name: _plain(getattr(row, name)) for name in of_hand_off} for row in rows
        },
        "tags": tags.codes_of(tip),
        "merged": MergedTip.objects.filter(tip=tip).exists(),
    }


def offer(
    tip: Tip, act: str, before: Snapshot, *, together: UUID, user: User, now: datetime
) -> None:
    """Note that this act may be taken back. In the act's own transaction."""
    Undoable.objects.filter(until__lt=now - OFFERED).delete()
    Undoable.objects.create(
        user=user,
        tip=tip,
        together=together,
        act=act,
        version=tip.version,
        before=before,
        until=now + OFFERED + GRACE,
    )


def undo(row: Undoable, *, by: User, now: datetime) -> None:
    """Put one tip back as it stood. Call it in a transaction of its own."""
    tip = Tip.objects.select_related("assigned_to").get(pk=row.tip_id)
    if now > row.until:
        raise TooLate("The ten seconds are over. Change it by hand.")
    try:
        actions.claim(tip, version=row.version)
    except actions.ChangedMeanwhile:
        raise TooLate(f"Somebody has acted on {tip.reference} since. Change it by hand.") from None
    before = row.before
    Tip.objects.filter(pk=tip.pk).update(**_values(Tip, before["tip"]))
    for key, values in before["hand_offs"].items():
        HandOff.objects.filter(pk=int(key), tip=tip).update(**_values(HandOff, values))
    _put_back_tags(tip, before["tags"])
    if not before["merged"]:
        MergedTip.objects.filter(tip=tip).delete()
    audit.record(
        "act.undone",
        actor=by.username,
        now=now,
        subject=tip.reference,
        what=row.act,
        status=before["tip"]["status"],
    )
    row.delete()


def _put_back_tags(tip: Tip, codes: list[str]) -> None:
    there = set(tags.codes_of(tip))
    TipTag.objects.filter(tip=tip, tag__code__in=there - set(codes)).delete()
    missing = Tag.objects.filter(code__in=set(codes) - there)
    TipTag.objects.bulk_create([TipTag(tip=tip, tag=tag) for tag in missing])


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
