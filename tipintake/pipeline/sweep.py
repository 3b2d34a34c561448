"""What the bells may have missed, each minute. Every step is bounded and fails alone."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction

from tipintake.delivery.contacts import forget_old_secrets
from tipintake.pipeline import bell, connections, corroborate, jumps, notify, route, watch
from tipintake.pipeline.checkpoint import checkpoint
from tipintake.pipeline.clock import running_from
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.draining import drained
from tipintake.pipeline.escalate import escalate_overdue
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.route import route_waiting
from tipintake.staff import audit
from tipintake.tips import floods, purged
from tipintake.tips.models import HeldSpan, Tip
from tipintake.tips.retention import today
from tipintake.triage.intelligence import end_due

log = logging.getLogger(__name__)

ACTOR = "sweep"
SECONDS_A_STEP = 10.0
DESTROYED_AT_ONCE = 500
CHAINED_AT_ONCE = 20_000
PURGED_AT_ONCE = 20
RECORDS_AT_ONCE = 50
# What is destroyed by the clock, and what later rounds compare the time with.
TRUSTS_THE_CLOCK = frozenset({"held spans", "records", "retain", "round"})

Step = Callable[[datetime], int]


def sweep(*, now: datetime, also: Iterable[tuple[str, Step]] = ()) -> dict[str, int | None]:
    """Do once what is due; how much each step did, None where it failed or was left out.

    `also` are steps of the doors and of the directory, which this package may not know.
    """
    steps: list[tuple[str, Step]] = [
        ("clock", lambda moment: jumps.follow(now=moment)),
        ("route", _route),
        ("compare", _compare),
        ("escalate", lambda moment: escalate_overdue(now=moment)),
        ("notify", _notify),
        ("held spans", _destroy_held_spans),
        ("records", _end_records),
        ("retain", _retain),
        ("purged marks", lambda _moment: purged.write_out()),
        ("same words", floods.forget_marks),
        ("old secrets", forget_old_secrets),
        *also,
        ("audit", lambda moment: audit.seal_chain(now=moment, most=CHAINED_AT_ONCE)),
        ("checkpoint", _checkpoint),
        ("round", _note_round),
        ("watch", _watch),
    ]
    # What an earlier step wrote is due by the time that a later one looks.
    clock = running_from(now)
    done: dict[str, int | None] = {}
    failed: list[str] = []
    for name, step in steps:
        is_blind = name in TRUSTS_THE_CLOCK and done["clock"] is None
        done[name] = None if is_blind else _alone(name, step, clock())
        if done[name] is None and not is_blind:
            failed.append(name)
    _alone("failing", lambda moment: _note_failing(failed, moment), clock())
    return done


def _alone(name: str, step: Step, now: datetime) -> int | None:
    try:
        return step(now)
    except Exception:
        log.exception("sweep.step_failed %s; the others go on", name)
        connections.leave_broken()
        return None


def _route(now: datetime) -> int:
    done, more = drained(route_waiting, full=route.FULL, now=now, seconds=SECONDS_A_STEP)
    if more:
        bell.ring_route()
    return done


def _compare(now: datetime) -> int:
    done, more = drained(
        corroborate_due, full=corroborate.AT_ONCE, now=now, seconds=SECONDS_A_STEP
    )
    if more:
        bell.ring_route()
    return done


def _notify(now: datetime) -> int:
    done, more = drained(notify_due, full=notify.AT_ONCE, now=now, seconds=SECONDS_A_STEP)
    if more:
        bell.ring_notify()
    return done


def _destroy_held_spans(now: datetime) -> int:
    """What nobody attributed in time is destroyed, unread, unless its tip is on legal hold."""
    if jumps.rests(now=now):
        return 0
    overdue = HeldSpan.objects.filter(destroy_after__lt=today(now))
    theirs = Tip.objects.filter(legal_hold="", pk__in=overdue.values("tip")).order_by("pk")
    with transaction.atomic():
        # Locked: for a hold that is being placed this waits, and then the tip is none of these.
        locked = theirs.select_for_update(no_key=True)
        tips = list(locked.values_list("pk", flat=True)[:DESTROYED_AT_ONCE])
        count, _of_each_kind = overdue.filter(tip__in=tips).delete()
        if count:
            audit.record("held_spans.destroyed", actor=ACTOR, now=now, count=count)
    return count


def _end_records(now: datetime) -> int:
    return 0 if jumps.rests(now=now) else end_due(now=now, limit=RECORDS_AT_ONCE)


def _retain(now: datetime) -> int:
    return 0 if jumps.rests(now=now) else purge_due(now=now, limit=PURGED_AT_ONCE)


def _checkpoint(_now: datetime) -> int:
    return int(checkpoint())


def _note_round(now: datetime) -> int:
    watch.beat(watch.SWEPT, now=now)
    return 1


def _note_failing(steps: list[str], now: datetime) -> int:
    watch.note_failing(steps, now=now)
    return len(steps)


def _watch(now: datetime) -> int:
    watch.look(now=now)
    return 1
