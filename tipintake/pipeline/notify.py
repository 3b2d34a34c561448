"""Tell the lines that tips wait. Claim with a lease, commit, send outside any transaction, mark.

A sender that is killed leaves its lease to expire: another takes the notice up under the same id.
What one endpoint does says nothing of the others.
"""

import logging
import random
from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Max, QuerySet

from tipintake.delivery.channels import CHANNELS
from tipintake.delivery.channels.base import (
    Channel,
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.channels.signing import SecretUnreadable, opened
from tipintake.delivery.deadlines import next_reminder
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.delivery.notices import keep, notice
from tipintake.delivery.retries import wait_after
from tipintake.directory.models import Contact
from tipintake.pipeline.clock import Clock, running_from
from tipintake.pipeline.locking import unlocked
from tipintake.pipeline.placing import TRIAGE
from tipintake.staff import audit

log = logging.getLogger(__name__)

ACTOR = "notify"
WRITTEN_AT_ONCE = 200
LEASE = timedelta(minutes=1)  # several times what a channel may take
REST = timedelta(seconds=30)  # for the other notices of an endpoint that just failed
MESSAGE_TYPES: Mapping[str, str] = {
    Notice.Purpose.ARRIVED: "tip.arrived",
    Notice.Purpose.OVERDUE: "tip.overdue",
    Notice.Purpose.GIVEN_UP: "notice.given_up",
}


def notify_due(
    *, now: datetime, limit: int = 20, channels: Mapping[str, Channel] = CHANNELS
) -> int:
    """Write the notices of due hand-offs and send up to `limit`. How many steps it did."""
    clock = running_from(now)
    done = _write_notices(now)
    while done < limit and (taken := _claim(clock())) is not None:
        _deliver(taken, channels, clock)
        done += 1
    return done


# --- From hand-offs to notices -----------------------------------------------------------------


def _write_notices(now: datetime) -> int:
    """One notice for each endpoint of each due hand-off, and when each is due again."""
    with transaction.atomic():
        due = list(
            unlocked(HandOff.objects.filter(notify_at__lte=now))
            .select_related("line")
            .order_by("notify_at")[:WRITTEN_AT_ONCE]
        )
        waiting = [hand_off for hand_off in due if hand_off.state in OPEN_STATES]
        told = _told_by_line({hand_off.line_id for hand_off in waiting})
        _write(waiting, told, now)
        for hand_off in due:
            hand_off.notify_at = (
                next_reminder(hand_off.priority, queued_at=hand_off.queued_at, now=now)
                if hand_off.state in OPEN_STATES
                else None
            )
        HandOff.objects.bulk_update(due, ["notify_at"])
    for hand_off in waiting:
        if not told[hand_off.line_id]:
            log.warning("notify.nobody_told %s has no contact", hand_off.line.code)
    return len(due)


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


# --- From notices to endpoints -----------------------------------------------------------------


def _due(now: datetime) -> QuerySet[Notice]:
    """Waiting notices, and those whose sender's lease has expired: `next_at` is its end."""
    return Notice.objects.filter(
        state__in=(Notice.State.WAITING, Notice.State.SENDING), next_at__lte=now
    )


def _claim(now: datetime) -> Notice | None:
    """Lease the most urgent due notice. The attempt's number tells its lease from later ones."""
    for pk, attempts in (
        _due(now).order_by("priority", "next_at").values_list("pk", "attempts")[:8]
    ):
        leased = (
            _due(now)
            .filter(pk=pk, attempts=attempts)
            .update(
                state=Notice.State.SENDING,
                attempts=F("attempts") + 1,
                leased_until=now + LEASE,
                next_at=now + LEASE,
            )
        )
        if leased:
            return Notice.objects.select_related("hand_off__tip", "hand_off__line", "contact").get(
                pk=pk
            )
    return None


def _deliver(taken: Notice, channels: Mapping[str, Channel], clock: Clock) -> None:
    if not _still_needed(taken):
        _mark(taken, Notice.State.NEEDLESS)
        return
    try:
        channel = channels[taken.contact.channel]
        channel.send(_message(taken), _endpoint(taken.contact), now=clock())
    except PermanentFailure as failure:
        _give_up(taken, failure.reason, clock(), gone=failure.gone)
    except TemporaryFailure as failure:
        _try_again(taken, failure.reason, clock(), asked_for=failure.again_in)
    except Exception as error:
        log.exception("notify.channel_failed %s", taken.contact.channel)
        _try_again(taken, f"unexpected failure ({type(error).__name__})", clock())
    else:
        _note_sent(taken, clock())


def _still_needed(taken: Notice) -> bool:
    if not taken.contact.active:
        return False
    return taken.purpose == Notice.Purpose.GIVEN_UP or taken.hand_off.state in OPEN_STATES


def _message(taken: Notice) -> Message:
    hand_off = taken.hand_off
    reference = hand_off.tip.reference
    return Message(
        id=taken.pk,
        type=MESSAGE_TYPES[taken.purpose],
        reference=reference,
        priority=hand_off.priority,
        line=hand_off.line.code,
        line_name=hand_off.line.name,
        link=f"{settings.DESK_URL}/tips/{reference}/",
        since=hand_off.queued_at,
    )


def _endpoint(contact: Contact) -> Endpoint:
    try:
        return Endpoint(contact.address, opened(bytes(contact.secret_sealed)))
    except SecretUnreadable as error:
        raise PermanentFailure(str(error)) from None


def _mark(taken: Notice, state: Notice.State, **values: object) -> bool:
    """Set the outcome of this attempt, unless a later one has taken the notice over."""
    mine = Notice.objects.filter(pk=taken.pk, state=Notice.State.SENDING, attempts=taken.attempts)
    return bool(mine.update(state=state, leased_until=None, **values))


def _note_sent(taken: Notice, now: datetime) -> None:
    with transaction.atomic():
        if not _mark(taken, Notice.State.SENT, sent_at=now, last_error=""):
            return
        first = HandOff.objects.filter(pk=taken.hand_off_id, state=HandOff.State.QUEUED).update(
            state=HandOff.State.NOTIFIED
        )
        if first:
            _record("hand_off.notified", taken, now)


def _try_again(
    taken: Notice, reason: str, now: datetime, *, asked_for: timedelta | None = None
) -> None:
    jitter = random.random()  # noqa: S311 spreads load, guards nothing
    wait = wait_after(
        taken.attempts, jitter=jitter, asked_for=asked_for, scale=settings.RETRY_SCALE
    )
    if wait is None:
        _give_up(taken, reason, now)
        return
    _mark(taken, Notice.State.WAITING, next_at=now + wait, last_error=reason)
    # The endpoint is down for its other notices too: they do not each wait for a time-out.
    _due(now).filter(contact=taken.contact_id, state=Notice.State.WAITING).update(
        next_at=now + REST * settings.RETRY_SCALE
    )


def _give_up(taken: Notice, reason: str, now: datetime, *, gone: bool = False) -> None:
    """The desk shows it, and the supervisor of regional triage is told."""
    with transaction.atomic():
        if not _mark(taken, Notice.State.DEAD, last_error=reason):
            return
        if gone:
            Contact.objects.filter(pk=taken.contact_id).update(active=False)
        _record("notice.given_up", taken, now, reason=reason, endpoint_disabled=gone)
        if taken.purpose != Notice.Purpose.GIVEN_UP:
            _tell_supervisors_of_triage(taken, now)


def _tell_supervisors_of_triage(taken: Notice, now: datetime) -> None:
    """Once for each endpoint of a hand-off that does not take notices."""
    dead = Notice.objects.filter(hand_off=taken.hand_off_id, state=Notice.State.DEAD)
    others = dead.exclude(pk=taken.pk)
    if others.filter(contact=taken.contact_id).exists():
        return
    number = others.values("contact").distinct().count()
    keep(
        [
            notice(
                taken.hand_off, contact, purpose=Notice.Purpose.GIVEN_UP, number=number, now=now
            )
            for contact in Contact.objects.filter(
                line__code=TRIAGE, role=Contact.Role.SUPERVISOR, active=True
            ).exclude(pk=taken.contact_id)
        ]
    )


def _record(act: str, taken: Notice, now: datetime, **facts: audit.Fact) -> None:
    audit.record(
        act,
        actor=ACTOR,
        now=now,
        subject=taken.hand_off.tip.reference,
        line=taken.hand_off.line.code,
        channel=taken.contact.channel,
        **facts,
    )
