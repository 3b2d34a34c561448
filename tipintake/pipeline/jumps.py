"""When the machine's clock jumps: nothing is destroyed in haste, and nothing waits for a time that
was wrong.

Forward: what is dated by days seems over all at once. Nothing is destroyed until rounds were made
for a day under the new time; a day to see that it is wrong. An installation that stood still for
days looks the same, and rests likewise; so does a new one, which has no earlier round to compare
the time with.

Back: what was placed, told or put off under the wrong time would be due when that time comes
again. It is due now.
"""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import reduce
from operator import or_
from typing import TypeVar

from django.conf import settings
from django.db import transaction
from django.db.models import Model, Q, QuerySet

from tipintake.delivery.deadlines import DEADLINES, REMINDERS
from tipintake.delivery.models import OPEN_STATES, WAITING_RANKS, HandOff, Notice
from tipintake.delivery.retries import longest_wait
from tipintake.pipeline.escalate import FIRST, SECOND, next_alarm
from tipintake.pipeline.locking import unlocked
from tipintake.pipeline.models import Heartbeat
from tipintake.pipeline.watch import SWEPT
from tipintake.tips.models import Tip
from tipintake.tips.retention import AFTER_A_JUMP

log = logging.getLogger(__name__)

JUMPED = "jumped"
BACK, FORWARD = timedelta(minutes=2), timedelta(days=2)
REST = timedelta(days=1)
# Periods of days are of the wall clock: around its changes an earlier one may end later.
CLOCK_CHANGE = timedelta(hours=1)
AT_ONCE = 500
UNFINISHED = (Notice.State.WAITING, Notice.State.SENDING)

M = TypeVar("M", bound=Model)


def follow(*, now: datetime) -> int:
    """Note a jump since the last round, and bring back what it dated ahead. How many rows."""
    last = _beat(SWEPT)
    if _jumped(last, now):
        Heartbeat.objects.update_or_create(name=JUMPED, defaults={"at": now})
        if last is not None:
            log.error("clock.jumped or rounds were missed for days: see whether the time is right")
    return _brought_back(now) + _woken(now)


def rests(*, now: datetime) -> bool:
    """Whether nothing may be destroyed yet."""
    return _jumped_lately(now) or _jumped(_beat(SWEPT), now)


def lately(*, now: datetime) -> bool:
    """Whether the hours of tips may be of another time than the one that is told now."""
    at = _beat(JUMPED)
    return at is not None and abs(now - at) < AFTER_A_JUMP


def _jumped(last: datetime | None, now: datetime) -> bool:
    return last is None or not -BACK <= now - last <= FORWARD


def _jumped_lately(now: datetime) -> bool:
    at = _beat(JUMPED)
    return at is not None and abs(now - at) < REST


def _beat(name: str) -> datetime | None:
    return Heartbeat.objects.filter(name=name).values_list("at", flat=True).first()


def _brought_back(now: datetime) -> int:
    """Deadlines keep their distance; what is to be told is told at once."""
    with transaction.atomic():
        ahead = list(HandOff.objects.filter(queued_at__gt=now + BACK)[:AT_ONCE])
        if not ahead:
            return 0
        for one in ahead:
            by = one.queued_at - now
            one.queued_at = now
            one.due_at -= by
            if one.escalate_again_at is not None:
                one.escalate_again_at -= by
            if one.notify_at is not None:
                one.notify_at = now
        HandOff.objects.bulk_update(
            ahead, ["queued_at", "due_at", "escalate_again_at", "notify_at"]
        )
        Tip.objects.filter(pk__in={one.tip_id for one in ahead}, routed_at__gt=now).update(
            routed_at=now
        )
        # One that is being sent at this moment goes out again under the same id at worst.
        Notice.objects.filter(hand_off__in=ahead, state__in=UNFINISHED, next_at__gt=now).update(
            next_at=now
        )
    log.warning("clock.brought_back %d hand-offs were dated ahead", len(ahead))
    return len(ahead)


def _woken(now: datetime) -> int:
    """What waits longer than it ever may was put off under the wrong time. Up to 500 of a kind."""
    notices = Notice.objects.filter(
        state__in=UNFINISHED,
        priority__in=DEADLINES,
        next_at__gt=now + longest_wait(scale=settings.RETRY_SCALE) + BACK,
    )
    woken = (
        _made_due(_alarms_put_off(now), "escalate_again_at", now)
        + _made_due(_reminders_put_off(now), "notify_at", now)
        + _made_due(_urgent_without_reminder(), "notify_at", now)
        + _made_due(notices, "next_at", now)
    )
    if woken:
        log.warning("clock.brought_back %d alarms, reminders and notices were put off", woken)
    return woken


def _alarms_put_off(now: datetime) -> QuerySet[HandOff]:
    """What lies beyond every period stands at the end of the index, and costs nothing to ask for.

    Beyond its own period only after a jump: each alarm that rightly waits is looked at for it.
    """
    latest = {
        (priority, given): at + (BACK if priority in REMINDERS else BACK + CLOCK_CHANGE)
        for priority in DEADLINES
        for given in (FIRST, SECOND)
        if (at := next_alarm(priority, given, now)) is not None
    }
    climbing = HandOff.objects.filter(state__in=OPEN_STATES)
    if not _jumped_lately(now):
        return climbing.filter(escalate_again_at__gt=max(latest.values()))
    each = (
        Q(priority=priority, escalations=given, escalate_again_at__gt=at)
        for (priority, given), at in latest.items()
    )
    return climbing.filter(reduce(or_, each), escalate_again_at__gt=now)


def _reminders_put_off(now: datetime) -> QuerySet[HandOff]:
    """Only what is urgent is rightly to be told later, so few are looked at."""
    others = ~Q(priority__in=REMINDERS)
    return HandOff.objects.filter(
        reduce(or_, _beyond_reminders(now), others), notify_at__gt=now + BACK
    )


def _beyond_reminders(now: datetime) -> Iterator[Q]:
    for priority, steps in REMINDERS.items():
        for until, every in steps:
            yield Q(
                priority=priority,
                queued_at__gt=now - until,
                notify_at__gt=now + every + BACK,
            )


def _urgent_without_reminder() -> QuerySet[HandOff]:
    """Reminders end after a hundred years, which a wrong time can make of a minute."""
    return HandOff.objects.filter(
        rank__in=WAITING_RANKS[:2], priority__in=REMINDERS, notify_at__isnull=True
    )


def _made_due(rows: QuerySet[M], field: str, now: datetime) -> int:
    if not rows.exists():
        return 0
    with transaction.atomic():
        keys = list(unlocked(rows).values_list("pk", flat=True)[:AT_ONCE])
        return rows.filter(pk__in=keys).update(**{field: now})
