"""When the machine's clock jumps: nothing is destroyed in haste, and nothing waits for a time that
was wrong.

Forward: what is dated by days seems over all at once. Nothing is destroyed until rounds were made
for a day under the new time; a day to see that it is wrong. An installation that stood still for
days looks the same, and rests likewise.

Back: what was placed and told under the wrong time would be due when that time comes again. It is
due now.
"""

import logging
from datetime import datetime, timedelta

from django.db import transaction

from tipintake.delivery.models import HandOff, Notice
from tipintake.pipeline.models import Heartbeat
from tipintake.pipeline.watch import SWEPT

log = logging.getLogger(__name__)

JUMPED = "jumped"
BACK, FORWARD = timedelta(minutes=2), timedelta(days=2)
REST = timedelta(days=1)
AT_ONCE = 500
UNFINISHED = (Notice.State.WAITING, Notice.State.SENDING)


def follow(*, now: datetime) -> int:
    """Note a jump since the last round, and bring back what it dated ahead. How many hand-offs."""
    last = Heartbeat.objects.filter(name=SWEPT).values_list("at", flat=True).first()
    if last is not None and not -BACK <= now - last <= FORWARD:
        Heartbeat.objects.update_or_create(name=JUMPED, defaults={"at": now})
        log.error("clock.jumped or rounds were missed for days: see whether the time is right")
    return _brought_back(now)


def rests(*, now: datetime) -> bool:
    """Whether nothing may be destroyed yet."""
    at = Heartbeat.objects.filter(name=JUMPED).values_list("at", flat=True).first()
    return at is not None and abs(now - at) < REST


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
        # One that is being sent at this moment goes out again under the same id at worst.
        Notice.objects.filter(hand_off__in=ahead, state__in=UNFINISHED, next_at__gt=now).update(
            next_at=now
        )
    log.warning("clock.brought_back %d hand-offs were dated ahead", len(ahead))
    return len(ahead)
