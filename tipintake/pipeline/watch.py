"""Does the house move? What stands still opens an alert, which closes when it moves again.

Worker, exporter and desk look, each minute or so: whichever of them still runs says that another
does not, and whichever reaches ALERT_WEBHOOK tells it what any of them found. Nothing here tells
when a tip came: a tip carries no moment, so its wait is counted from the first look that found it
at the head of those that wait.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import Error, IntegrityError, transaction
from django.db.models import Max, Min, Q

from tipintake.delivery.models import HandOff, Notice
from tipintake.pipeline.broker import waiting_bells
from tipintake.pipeline.models import Heartbeat, OperatorAlert
from tipintake.pipeline.outcry import CLOSED, OPENED, heard, outcry
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip

log = logging.getLogger(__name__)

SWEPT, WAITING, EXPORTER, BEGUN = "swept", "waiting", "exporter", "begun"
LOOKED = "looked"
FAILING = "bad:"  # and a hash of the step
TELLING, TOLD = "telling", "out:"
# Longer than all that can be told at once may take; after a failure nobody tries for so long.
TELLS_ALONE = timedelta(seconds=45)
NEWS = timedelta(days=1)
NOTHING = timedelta()


@dataclass(frozen=True, slots=True)
class Reading:
    """How things stand. Each span says for how long something has not happened."""

    bells: int | None  # None: the broker does not answer, or takes none
    since_sweep: timedelta
    step_fails: timedelta  # in each of the rounds that were made; 0 when none does
    since_exporter: timedelta
    tip_waits: timedelta  # at least; 0 when none does, or none for longer than a round
    notice_overdue: timedelta
    notices_given_up: int
    since_backup: timedelta | None  # None: nobody asked for backups


@dataclass(frozen=True, slots=True)
class Alarm:
    """One way of standing still: after how long it is said, and what then to do."""

    code: str
    after: timedelta
    span: Callable[[Reading], timedelta]
    say: str


FOREVER = timedelta.max
ALARMS: tuple[Alarm, ...] = (
    Alarm(
        "broker",
        NOTHING,
        lambda r: FOREVER if r.bells is None else NOTHING,
        "The broker does not answer, or is full. Tips are taken and wait in the database: "
        "start it again.",
    ),
    Alarm(
        "sweep",
        timedelta(minutes=5),
        lambda r: r.since_sweep,
        "No round was made for five minutes. Bells that nobody hears mean that no worker runs; "
        "none at all, that the clock does not.",
    ),
    Alarm(
        "steps",
        timedelta(minutes=5),
        lambda r: r.step_fails,
        "A step of the worker's rounds fails each time, and what it does is not done: see "
        "sweep.step_failed in the worker's log.",
    ),
    Alarm(
        "routing",
        timedelta(minutes=5),
        lambda r: r.tip_waits,
        "Tips wait to be routed: see the worker's log.",
    ),
    Alarm(
        "notices",
        timedelta(minutes=10),
        lambda r: r.notice_overdue,
        "Notices are overdue: see the worker's log, and Delivery.",
    ),
    Alarm(
        "exporter",
        timedelta(minutes=30),
        lambda r: r.since_exporter,
        "The exporter was not heard for half an hour: does it run, or make a very long export?",
    ),
    Alarm(
        "backup",
        timedelta(hours=50),
        lambda r: r.since_backup or NOTHING,
        "No backup was made for two days: run `manage.py backup`, and see why the timer did not.",
    ),
)
SAYS = {alarm.code: alarm.say for alarm in ALARMS}


def beat(name: str, *, now: datetime) -> None:
    Heartbeat.objects.update_or_create(name=name, defaults={"at": now})


def note_failing(steps: list[str], *, now: datetime) -> None:
    """Since when each of these steps has failed in every round. One that passes is forgotten."""
    noted = Heartbeat.objects.filter(name__startswith=FAILING)
    # A mark ahead of us was made before the clock was set back: it is counted anew.
    noted.exclude(about__in=steps, at__lte=now).delete()
    for step in steps:
        name = FAILING + hashlib.blake2b(step.encode(), digest_size=4).hexdigest()
        Heartbeat.objects.get_or_create(name=name, defaults={"at": now, "about": step})


def exporter_round(*, now: datetime) -> None:
    look(now=now, alive=EXPORTER)


def read(*, now: datetime) -> Reading:
    Heartbeat.objects.get_or_create(name=BEGUN, defaults={"at": now})
    at = dict(Heartbeat.objects.values_list("name", "at"))

    def since(name: str) -> timedelta:
        # A mark ahead of us was made before the clock was set back, and says nothing.
        return abs(now - at.get(name, at[BEGUN]))

    failing = [moment for name, moment in at.items() if name.startswith(FAILING)]
    return Reading(
        bells=waiting_bells(),
        since_sweep=since(SWEPT),
        # While no round is made nothing fails anew, and "sweep" says that none is.
        step_fails=max((at.get(SWEPT, now) - one for one in failing), default=NOTHING),
        since_exporter=since(EXPORTER),
        tip_waits=_waits(now),
        notice_overdue=_overdue(now),
        notices_given_up=Notice.objects.filter(state=Notice.State.DEAD).count(),
        since_backup=_since_backup(now, at[BEGUN]),
    )


def standing_still(reading: Reading) -> Iterator[Alarm]:
    return (alarm for alarm in ALARMS if alarm.span(reading) > alarm.after)


def look(*, now: datetime, alive: str = LOOKED) -> Reading:
    """Open an alert for what stands still, and close those of what moves again.

    The first row says that somebody looked. Where it cannot be kept, no tip can be, and no alert.
    """
    try:
        beat(alive, now=now)
        reading = _looked(now)
    except Error as fault:
        outcry.no_row(fault)
        raise
    outcry.rows_again()
    return reading


def _looked(now: datetime) -> Reading:
    reading = read(now=now)
    wrong = {alarm.code for alarm in standing_still(reading)}
    open_now = set(OperatorAlert.objects.filter(closed_at=None).values_list("code", flat=True))
    for code in sorted(wrong - open_now):
        if _opened(code, now):
            log.error("watch.stalled %s", code)
    for code in sorted(open_now - wrong):
        if OperatorAlert.objects.filter(code=code, closed_at=None).update(closed_at=now):
            log.warning("watch.moves_again %s", code)
    _tell(now)
    return reading


def _opened(code: str, now: datetime) -> bool:
    """Whether we, and not another who looked at the same moment, opened it."""
    try:
        with transaction.atomic():
            OperatorAlert.objects.create(code=code, opened_at=now)
    except IntegrityError:
        return False
    return True


def _waits(now: datetime) -> timedelta:
    """Since when the tip that was first to be routed still is not.

    Under load some tip always waits. One that cannot be routed comes to the head and stays there.
    """
    waiting = Tip.objects.waiting()
    found = Heartbeat.objects.filter(name=WAITING).first()
    # A mark ahead of us was made before the clock was set back: it is counted anew.
    if found and found.at <= now and waiting.filter(pk=found.about).exists():
        return now - found.at
    first = waiting.values_list("pk", flat=True).first()
    if first is None:
        Heartbeat.objects.filter(name=WAITING).delete()
    else:
        noted = {"at": now, "about": first.hex}
        Heartbeat.objects.update_or_create(name=WAITING, defaults=noted)
    return NOTHING


def _overdue(now: datetime) -> timedelta:
    waiting = Notice.objects.filter(state=Notice.State.WAITING).aggregate(at=Min("next_at"))["at"]
    due = HandOff.objects.filter(notify_at__isnull=False).aggregate(at=Min("notify_at"))["at"]
    oldest = min((at for at in (waiting, due) if at is not None), default=now)
    return max(now - oldest, NOTHING)


def _since_backup(now: datetime, begun: datetime) -> timedelta | None:
    if not settings.BACKUP_RECIPIENTS:
        return None
    # One that is dated ahead was made before the clock was set back, and would hide that none came
    # since.
    made = AuditEntry.objects.filter(act="backup.made", at__lte=now).order_by("-at").first()
    return abs(now - (made.at if made else begun))


def _tell(now: datetime) -> None:
    """Tell whoever watches this installation from outside what they have not heard yet."""
    if not settings.ALERT_WEBHOOK or not _untold(now) or not _tells_alone(now):
        return
    for alert, state in _untold(now):  # asked anew: another may have told it meanwhile
        if not heard(alert.code, state, SAYS[alert.code]):
            log.warning("watch.not_told %s", alert.code)
            return
        Heartbeat.objects.update_or_create(
            name=f"{TOLD}{alert.code}", defaults={"at": now, "about": f"{alert.pk} {state}"}
        )
    Heartbeat.objects.filter(name=TELLING).update(at=now)


def _untold(now: datetime) -> list[tuple[OperatorAlert, str]]:
    """Of each code's newest alert, what was not heard outside.

    What came and went more than a day ago, before anybody listened, is no news.
    """
    told = dict(Heartbeat.objects.filter(name__startswith=TOLD).values_list("name", "about"))
    by_code = OperatorAlert.objects.filter(code__in=SAYS).values("code")
    newest = by_code.annotate(newest=Max("pk")).values("newest")
    untold = []
    for alert in OperatorAlert.objects.filter(pk__in=newest).order_by("pk"):
        about, _, state = told.get(f"{TOLD}{alert.code}", "").partition(" ")
        known = about == str(alert.pk)
        over = alert.closed_at
        if not known and state != OPENED and over is not None and over < now - NEWS:
            continue
        if not known:
            untold.append((alert, OPENED))
        if over is not None and not (known and state == CLOSED):
            untold.append((alert, CLOSED))
    return untold


def _tells_alone(now: datetime) -> bool:
    """Whether nobody else tells at this moment. Whoever died over it holds it no longer."""
    Heartbeat.objects.get_or_create(name=TELLING, defaults={"at": now})
    free = Q(at__lte=now) | Q(at__gt=now + TELLS_ALONE)  # so far ahead: the clock was set back
    held = {"at": now + TELLS_ALONE}
    return bool(Heartbeat.objects.filter(free, name=TELLING).update(**held))
