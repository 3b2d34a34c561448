"""Tell the lines that tips wait. Claim with a lease, commit, send outside any transaction, mark.

A sender that is killed leaves its lease to expire: another takes the notice up under the same id.
What one endpoint does says nothing of the others.
"""

import logging
import random
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet

from tipintake.delivery.channels import CHANNELS, OUTWARD
from tipintake.delivery.channels.base import (
    Channel,
    Endpoint,
    Message,
    PermanentFailure,
    TemporaryFailure,
)
from tipintake.delivery.channels.signing import SecretUnreadable
from tipintake.delivery.contacts import endpoint
from tipintake.delivery.models import OPEN_STATES, Attempt, HandOff, Notice
from tipintake.delivery.notices import keep, notice
from tipintake.delivery.retries import MOST_ATTEMPTS, REST, rest_of_others, wait_after
from tipintake.directory.models import Contact, Line
from tipintake.pipeline.announce import announce_due
from tipintake.pipeline.clock import Clock, running_from
from tipintake.pipeline.locking import unlocked
from tipintake.pipeline.placing import TRIAGE
from tipintake.staff import audit

log = logging.getLogger(__name__)

ACTOR = "notify"
AT_ONCE = 20  # sent out of the installation; more may be announced and shown inside
SENT_AT_ONCE = 10  # an endpoint may be slow, and the lease is of all of them together
SHOWN_AT_ONCE = 200
LEASE = timedelta(minutes=1) * settings.SENDER_PATIENCE
MOST_A_SEND_TAKES = timedelta(seconds=30) * settings.SENDER_PATIENCE
INWARD = frozenset({Contact.Channel.CALL_SHEET, Contact.Channel.CONSOLE})
STOPPED = "the contact was stopped before it took this"
WHATEVER_STATE = frozenset({Notice.Purpose.GIVEN_UP, Notice.Purpose.MORE})
MESSAGE_TYPES: Mapping[str, str] = {
    Notice.Purpose.ARRIVED: "tip.arrived",
    Notice.Purpose.OVERDUE: "tip.overdue",
    Notice.Purpose.GIVEN_UP: "notice.given_up",
    Notice.Purpose.MORE: "tip.more",
}


def notify_due(
    *, now: datetime, limit: int = AT_ONCE, channels: Mapping[str, Channel] = CHANNELS
) -> int:
    """Write the notices of due hand-offs, show up to 200 of them inside the installation and send
    up to `limit` out of it. How many steps it did."""
    clock = running_from(now)
    done = announce_due(now=now)
    shown = _claim(clock(), SHOWN_AT_ONCE, outward=False)
    _send_all(shown, channels, clock)
    done += len(shown)
    while limit > 0 and (batch := _claim(clock(), min(limit, SENT_AT_ONCE), outward=True)):
        _send_all(batch, channels, clock)
        done += len(batch)
        limit -= len(batch)
    return done


def _due(now: datetime) -> QuerySet[Notice]:
    """Waiting notices, and those whose sender's lease has expired: `next_at` is its end."""
    return Notice.objects.filter(
        state__in=(Notice.State.WAITING, Notice.State.SENDING), next_at__lte=now
    )


def _claim(now: datetime, limit: int, *, outward: bool) -> list[Notice]:
    """Lease the most urgent due notices that leave the installation (or would, by a channel that
    this release does not know), or those that do not. The end of the lease tells it from later
    ones.
    """
    inward = Q(contact__channel__in=INWARD)
    with transaction.atomic():
        due = unlocked(_due(now)).filter(~inward if outward else inward)
        keys = list(due.order_by("priority", "next_at").values_list("pk", flat=True)[:limit])
        if not keys:
            return []
        _due(now).filter(pk__in=keys).update(
            state=Notice.State.SENDING,
            attempts=F("attempts") + 1,
            leased_until=now + LEASE,
            next_at=now + LEASE,
        )
        rows = Notice.objects.filter(
            pk__in=keys, state=Notice.State.SENDING, leased_until=now + LEASE
        ).select_related("hand_off__tip", "hand_off__line", "contact")
        taken = list(rows.order_by("priority"))
        Attempt.objects.bulk_create(
            [
                Attempt(notice=one, begun_at=now)
                for one in taken
                if one.contact.channel not in INWARD
            ]
        )
    return taken


def _ended(taken: Notice, outcome: Attempt.Outcome, now: datetime, *, reason: str = "") -> None:
    """Say of the attempt that this lease stands for what came of it."""
    _attempt(taken).update(ended_at=now, outcome=outcome, reason=reason)


def _attempt(taken: Notice) -> QuerySet[Attempt]:
    if taken.leased_until is None:
        return Attempt.objects.none()
    return Attempt.objects.filter(notice=taken.pk, begun_at=taken.leased_until - LEASE)


def _send_all(batch: list[Notice], channels: Mapping[str, Channel], clock: Clock) -> None:
    """Try each once. What was shown inside the installation is marked together at the end."""
    failing: set[int] = set()
    shown: list[Notice] = []
    try:
        for taken in batch:
            if taken.contact_id in failing or _lease_is_nearly_over(taken, clock()):
                _give_back(taken, clock())
            elif not _still_needed(taken):
                _put_down(taken, clock())
            elif not taken.contact.active:
                _give_up(taken, STOPPED, clock())
            elif not _send(taken, channels, clock):
                failing.add(taken.contact_id)
            elif taken.contact.channel in OUTWARD:
                _note_told(taken, clock())
            else:
                shown.append(taken)
    finally:
        _note_shown(shown, clock())


def _send(taken: Notice, channels: Mapping[str, Channel], clock: Clock) -> bool:
    """Whether the endpoint took it. What happens otherwise is arranged here."""
    if taken.attempts > MOST_ATTEMPTS:
        _give_up(taken, "none of its senders came to an end", clock())
        return False
    try:
        channel = channels[taken.contact.channel]
        channel.send(_message(taken), _endpoint(taken.contact, clock()), now=clock())
    except PermanentFailure as failure:
        _give_up(taken, failure.reason, clock(), gone=failure.gone)
    except TemporaryFailure as failure:
        _try_again(taken, failure.reason, clock(), asked_for=failure.again_in)
    except Exception as error:
        log.exception("notify.channel_failed %s", taken.contact.channel)
        _try_again(taken, f"unexpected failure ({type(error).__name__})", clock())
    else:
        return True
    return False


def _lease_is_nearly_over(taken: Notice, now: datetime) -> bool:
    return taken.leased_until is None or now > taken.leased_until - MOST_A_SEND_TAKES


def _still_needed(taken: Notice) -> bool:
    return taken.purpose in WHATEVER_STATE or taken.hand_off.state in OPEN_STATES


def _put_down(taken: Notice, now: datetime) -> None:
    """Nobody needs it any more, unless the line's answer was taken back since we took it."""
    with transaction.atomic():
        locked = HandOff.objects.select_for_update(no_key=True)
        hand_off = locked.filter(pk=taken.hand_off_id).first()
        if hand_off is None:
            return  # its tip was purged since, and the notice with it
        if hand_off.state in OPEN_STATES:
            _give_back(taken, now)
        else:
            _mark([taken], Notice.State.NEEDLESS)
            _attempt(taken).delete()


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


def _endpoint(contact: Contact, now: datetime) -> Endpoint:
    try:
        return endpoint(contact, now=now)
    except SecretUnreadable as error:
        raise PermanentFailure(str(error)) from None


class _TakenOver(Exception):
    """Another sender has some of these notices. Nothing was written."""


def _mine(*taken: Notice) -> QuerySet[Notice]:
    """These notices of one lease, without those that another sender has taken over since."""
    return Notice.objects.filter(
        pk__in=[one.pk for one in taken],
        state=Notice.State.SENDING,
        leased_until=taken[0].leased_until,
    )


def _mark(taken: Sequence[Notice], state: Notice.State, **values: object) -> Sequence[Notice]:
    """Set the outcome of these attempts of one lease; those of which it was ours to set."""
    values = {"state": state, "leased_until": None, **values}
    try:
        _mark_together(taken, values)
    except _TakenOver:
        return [one for one in taken if _mine(one).update(**values)]
    return taken


@transaction.atomic
def _mark_together(taken: Sequence[Notice], values: Mapping[str, object]) -> None:
    if _mine(*taken).update(**values) != len(taken):
        raise _TakenOver


def _give_back(taken: Notice, now: datetime) -> None:
    """Not tried: it costs no attempt. The endpoint rests, or another sender takes it."""
    _mine(taken).update(
        state=Notice.State.WAITING,
        attempts=F("attempts") - 1,
        leased_until=None,
        next_at=now + REST * settings.RETRY_SCALE,
    )
    _attempt(taken).delete()


def _note_told(taken: Notice, now: datetime) -> None:
    """It left the installation. The line was told only when the endpoint is its own."""
    with transaction.atomic():
        sent = _mark([taken], Notice.State.SENT, sent_at=now, last_error="")
        _ended(taken, Attempt.Outcome.TAKEN, now)
        own = taken.contact.line_id == taken.hand_off.line_id
        if not sent or not own or taken.purpose == Notice.Purpose.GIVEN_UP:
            return
        queued = HandOff.objects.filter(pk=taken.hand_off_id, state=HandOff.State.QUEUED)
        if queued.update(state=HandOff.State.NOTIFIED):
            _record("hand_off.notified", [taken], now)


def _note_shown(taken: list[Notice], now: datetime) -> None:
    """It stands on the desk or in the log: nobody at the line knows of it, so it stays queued."""
    if not taken:
        return
    with transaction.atomic():
        marked = _mark(taken, Notice.State.SENT, sent_at=now, last_error="")
        _record("hand_off.to_be_called", [*filter(_comes_on_the_call_list, marked)], now)


def _comes_on_the_call_list(taken: Notice) -> bool:
    """A line outside the house, for the first time; not its reminders and alarms."""
    outside = taken.hand_off.line.kind != Line.Kind.INTERNAL
    return outside and taken.purpose == Notice.Purpose.ARRIVED and taken.round == 0


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
    with transaction.atomic():
        _ended(taken, Attempt.Outcome.AGAIN, now, reason=reason)
        _mark([taken], Notice.State.WAITING, next_at=now + wait, last_error=reason)
        # The endpoint is down for its other notices too: they do not each wait for a time-out,
        # and rest as long as it asked.
        rest = rest_of_others(asked_for, scale=settings.RETRY_SCALE)
        _due(now).filter(contact=taken.contact_id, state=Notice.State.WAITING).update(
            next_at=now + rest
        )


def _give_up(taken: Notice, reason: str, now: datetime, *, gone: bool = False) -> None:
    """The desk shows it, and the supervisor of regional triage is told."""
    with transaction.atomic():
        _ended(taken, Attempt.Outcome.GIVEN_UP, now, reason=reason)
        if not _mark([taken], Notice.State.DEAD, last_error=reason):
            return
        if gone:
            Contact.objects.filter(pk=taken.contact_id).update(active=False)
        _record("notice.given_up", [taken], now, reason=reason, endpoint_disabled=gone)
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


def _record(act: str, taken: Iterable[Notice], now: datetime, **facts: audit.Fact) -> None:
    about = [
        (
            one.hand_off.tip.reference,
            {"line": one.hand_off.line.code, "channel": one.contact.channel, **facts},
        )
        for one in taken
    ]
    audit.record_each(act, about, actor=ACTOR, now=now)
