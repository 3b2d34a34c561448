"""From hand-offs that are due to notices: one for each endpoint, and when it is due again."""

import logging
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from tipintake.delivery.deadlines import next_reminder
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.delivery.notices import keep, notice
from tipintake.directory.models import Contact
from tipintake.pipeline.locking import unlocked

log = logging.getLogger(__name__)

AT_ONCE = 200


def announce_due(*, now: datetime) -> int:
    """Write the notices of up to 200 due hand-offs. How many hand-offs it was."""
    with transaction.atomic():
        due = list(
            unlocked(HandOff.objects.filter(notify_at__lte=now))
            .select_related("line")
            .order_by("notify_at")[:AT_ONCE]
        )
        waiting = [hand_off for hand_off in due if hand_off.state in OPEN_STATES]
        told = _told_by_line({hand_off.line_id for hand_off in waiting})
        _write(waiting, told, now)
        for again, some in _by_next_time(due, now).items():
            HandOff.objects.filter(pk__in=some).update(notify_at=again)
    for hand_off in waiting:
        if not told[hand_off.line_id]:
            log.warning("announce.nobody_told %s has no contact", hand_off.line.code)
    return len(due)


def _by_next_time(due: list[HandOff], now: datetime) -> Mapping[datetime | None, list[int]]:
    """When each is due again. Those that were routed together and are alike share the moment."""
    times: dict[datetime | None, list[int]] = defaultdict(list)
    for one in due:
        again = (
            next_reminder(one.priority, queued_at=one.queued_at, now=now)
            if one.state in OPEN_STATES
            else None
        )
        times[again].append(one.pk)
    return times


def _write(waiting: list[HandOff], told: Mapping[int, list[Contact]], now: datetime) -> None:
    """A reminder hurries a notice that is still being tried, and repeats one that is out."""
    earlier = Notice.objects.filter(hand_off__in=waiting, purpose=Notice.Purpose.ARRIVED)
    unfinished = earlier.filter(state__in=(Notice.State.WAITING, Notice.State.SENDING))
    tried = set(unfinished.values_list("hand_off", "contact"))
    unfinished.filter(state=Notice.State.WAITING, next_at__gt=now).update(next_at=now)
    highest = dict(earlier.values_list("hand_off").annotate(highest=Max("round")))
    keep(
        [
            notice(
                hand_off,
                contact,
                purpose=Notice.Purpose.ARRIVED,
                number=highest.get(hand_off.pk, -1) + 1,
                now=now,
            )
            for hand_off in waiting
            for contact in told[hand_off.line_id]
            if (hand_off.pk, contact.pk) not in tried
        ]
    )


def _told_by_line(lines: set[int]) -> dict[int, list[Contact]]:
    told: dict[int, list[Contact]] = defaultdict(list)
    for contact in Contact.objects.filter(line__in=lines, role=Contact.Role.QUEUE, active=True):
        told[contact.line_id].append(contact)
    return told
