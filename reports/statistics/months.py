"""Count a month: of the tips that came in it, how the work went. Kept as numbers alone.

The exporter counts each of the last months once a day, so that a page never has to, and no more
once a month is over for as long that much of it is purged. A purge leaves a count by month and
outcome (`Tombstone`): those tips stay in the totals, and in no figure of time.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    Max,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    When,
)

from reports.models import MonthFigures
from reports.statistics.kinds import ACTIONABLE, OUTCOMES
from tipintake.delivery.acts import Reason
from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import VerifiedState
from tipintake.routing.models import Decision
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry, User
from tipintake.tips import retention
from tipintake.tips.links import Why
from tipintake.tips.models import Message, Tip, Tombstone
from tipintake.tips.retention import today
from tipintake.triage.models import Link

COUNTED_FOR = timedelta(days=92)  # after its end
AT_ONCE = 3
WEEK = timedelta(days=7)
A_DAY = timedelta(days=1)
LOOKS = ("tip.read", "tip.read_refused", "queue.listed", "call_sheet.opened")
ANY_SYSTEM = " (token "  # how the audit names an agency's system
TEST = "TEST"  # how a purge names tips that were made up
_LINKED = {
    "on_vehicles": {Why.SAME_PLATE},
    "on_phones": {Why.PHONE},
    "on_rooms": {Why.ROOM, Why.ADDRESS},
}

Told = tuple[float | None, int | None]  # a figure, and the whole or the number beside it
Figures = dict[str, Told]


@dataclass(frozen=True, slots=True)
class Span:
    """A month on the wall clock here."""

    first: date

    @classmethod
    def of(cls, day: date) -> "Span":
        return cls(day.replace(day=1))

    @property
    def next(self) -> "Span":
        return Span.of(self.first + timedelta(days=31))

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))

    @property
    def ends(self) -> datetime:
        return self.next.begins

    def has(self, column: str) -> Q:
        return Q((f"{column}__gte", self.begins), (f"{column}__lt", self.ends))


def count_due(*, now: datetime) -> int:
    """Count what was not counted today. How many months it was."""
    found = due(now=now)[:AT_ONCE]
    for span in found:
        keep(span, now=now)
    return len(found)


def due(*, now: datetime) -> list[Span]:
    """Months that are still counted and were not today, the newest first."""
    first = Tip.objects.order_by("submitted_hour").values_list("submitted_hour", flat=True).first()
    if first is None:
        return []
    fresh = set(
        MonthFigures.objects.filter(
            Q(closed=True) | Q(counted_at__gte=_midnight(now))
        ).values_list("month", flat=True)
    )
    span, found = Span.of(today(first)), []
    while span.begins <= now:
        if span.first not in fresh:
            found.append(span)
        span = span.next
    return found[::-1]


def keep(span: Span, *, now: datetime) -> None:
    """Count one month, and keep its figures in the place of those before."""
    MonthFigures.objects.update_or_create(
        month=span.first,
        defaults={
            "counted_at": now,
            "closed": span.ends + COUNTED_FOR < now,
            "figures": count(span, now=now),
        },
    )


def count(span: Span, *, now: datetime) -> Figures:
    """Every figure of a month. Each part is a handful of grouped questions."""
    tips = Tip.objects.filter(span.has("submitted_hour"), routed_at__isnull=False)
    came, figures = _what_came(tips, span)
    for part in (_looked, _answered, _ways, _shared):
        figures |= part(tips, came, now)
    return figures | _rules(tips) | _house(span, now)


def _what_came(tips: QuerySet[Tip], span: Span) -> tuple[int, Figures]:
    buried = Counter[str](
        dict(
            Tombstone.objects.filter(month=span.first)
            .exclude(disposition=TEST)
            .values_list("disposition")
            .annotate(n=Sum("tips"))
        )
    )
    outcomes = buried + Counter(dict(_by(tips, "disposition")))
    urgent = Counter(dict(_by(tips, "priority")))
    here = urgent.total()
    came = here + buried.total()
    figures: Figures = {"came": (came, None)}
    figures |= {f"came_{p.lower()}": (urgent[p], None) for p in ("P1", "P2", "P3", "P4")}
    figures["low_trust"] = (tips.filter(low_trust=True).count(), here)
    figures["purged"] = (buried.total(), came)
    figures |= {one.value.lower(): (outcomes[one.value], came) for one in OUTCOMES}
    figures["actionable"] = (sum(outcomes[one.value] for one in ACTIONABLE), came)
    return here, figures


def _looked(tips: QuerySet[Tip], here: int, now: datetime) -> Figures:
    """From routing until somebody opened the tip: routing follows a submission at once, and is
    known to the second; a submission only to the hour."""
    looks = AuditEntry.objects.filter(subject=OuterRef("reference"), act="tip.read")
    first = looks.exclude(actor__contains=ANY_SYSTEM).order_by("at").values("at")[:1]
    rows = list(tips.annotate(seen=Subquery(first)).values_list("priority", "routed_at", "seen"))
    waits = sorted(seen - at for _p, at, seen in rows if seen is not None and at is not None)
    figures: Figures = {}
    for priority in ("P1", "P2", "P3"):
        judged = [
            (seen, mark)
            for p, at, seen in rows
            if p == priority and at is not None
            for mark in (acknowledge_by(priority, at),)
            if seen is not None or mark < now
        ]
        good = sum(1 for seen, mark in judged if seen is not None and seen <= mark)
        figures[f"seen_{priority.lower()}"] = (good, len(judged))
    figures["seen_half"] = _within(waits, 0.5, _minutes)
    figures["seen_most"] = _within(waits, 0.95, _minutes)
    figures["unseen"] = (here - len(waits), here)
    return figures


def _answered(tips: QuerySet[Tip], here: int, now: datetime) -> Figures:
    hand_offs = HandOff.objects.filter(tip__in=tips)
    waiting = Q(state__in=OPEN_STATES, acknowledged_at=None)
    answered = Q(acknowledged_at__isnull=False)
    found = hand_offs.aggregate(
        every=Count("pk"),
        judged=Count("pk", filter=answered | waiting & Q(due_at__lt=now)),
        in_time=Count("pk", filter=answered & Q(acknowledged_at__lte=F("due_at"))),
        waiting=Count("pk", filter=waiting),
        for_a_week=Count("pk", filter=waiting & Q(queued_at__lt=now - WEEK)),
    )
    times = hand_offs.filter(answered).values_list("queued_at", "acknowledged_at")
    waits = sorted(at - queued for queued, at in times if at is not None)
    closed = tips.filter(closed_on__isnull=False).values_list("submitted_hour", "closed_on")
    lasted = sorted(on - today(hour) for hour, on in closed if on is not None)
    return {
        "answered_in_time": (found["in_time"], found["judged"]),
        "answered_half": _within(waits, 0.5, _minutes),
        "unanswered": (found["waiting"], found["every"]),
        "unanswered_week": (found["for_a_week"], found["every"]),
        "closed": (len(lasted), here),
        "closed_half": _within(lasted, 0.5, lambda wait: float(wait.days)),
    }


def _ways(tips: QuerySet[Tip], here: int, now: datetime) -> Figures:  # noqa: ARG001
    moved = Decision.objects.filter(tip__in=tips).exclude(made_by="route")
    hand_offs = HandOff.objects.filter(tip__in=tips)
    states = Counter(dict(_by(hand_offs, "state")))
    passed = AuditEntry.objects.filter(
        act__in=("hand_off.declined", "hand_off.transferred"),
        subject__in=tips.values("reference"),
        facts__reason=Reason.OTHER_AREA.value,
    )
    unverified = hand_offs.filter(is_primary=True, line__verified_state=VerifiedState.UNVERIFIED)
    return {
        "rerouted": (moved.values("tip").distinct().count(), here),
        "wrong_area": (passed.count(), states.total()),
        "declined": (states[HandOff.State.DECLINED], states.total()),
        "transferred": (states[HandOff.State.TRANSFERRED], states.total()),
        "unverified": (unverified.count(), here),
    }


def _shared(tips: QuerySet[Tip], here: int, now: datetime) -> Figures:  # noqa: ARG001
    links = Link.objects.filter(state=Link.State.CONFIRMED)
    mine = links.filter(Q(one__in=tips) | Q(other__in=tips))
    pairs = list(mine.values_list("why", "mark", "one", "other"))
    own = set(tips.filter(Exists(links.filter(one=OuterRef("pk")))).values_list("pk", flat=True))
    own |= set(
        tips.filter(Exists(links.filter(other=OuterRef("pk")))).values_list("pk", flat=True)
    )
    graded = tips.exclude(source_grade="F", content_grade="6")
    written = Message.objects.filter(tip__in=tips)
    asked = written.filter(direction=Message.Direction.QUESTION)
    back = written.filter(Q(direction=Message.Direction.ANSWER) | Q(shown=True))
    figures: Figures = {
        "graded": (graded.count(), here),
        "linked": (len(own), here),
        "asked": (asked.values("tip").distinct().count(), here),
        "came_back": (back.values("tip").distinct().count(), here),
    }
    for code, kinds in _LINKED.items():
        of_kind = [(mark, pair) for why, mark, *pair in pairs if why in kinds]
        marks = {mark for mark, _pair in of_kind}
        held = {(mark, tip) for mark, pair in of_kind for tip in pair}
        figures[code] = (round(len(held) / len(marks), 1) if marks else None, len(marks))
    return figures


def _rules(tips: QuerySet[Tip]) -> Figures:
    """How often each rule decided, of all decisions that no person made."""
    hits = Counter(dict(_by(Decision.objects.filter(tip__in=tips, made_by="route"), "rule")))
    return {f"rule_{rule}": (hits[rule], hits.total()) for rule in sorted(hits)}


def _house(span: Span, now: datetime) -> Figures:
    """What was done in the month, with whichever tips."""
    entries = AuditEntry.objects.filter(span.has("at"))
    late = sum(_due(now))
    accounts = User.objects.values("username")
    did = AuditEntry.objects.filter(
        subject=OuterRef("subject"),
        actor=OuterRef("actor"),
        at__gte=OuterRef("at"),
        at__lt=OuterRef("at") + A_DAY,
    ).exclude(act__in=LOOKS)
    opened = entries.filter(act="tip.read", actor__in=accounts).exclude(subject="")
    judged = (
        opened.filter(at__lt=now - A_DAY)
        .annotate(acted=Case(When(Exists(did), then=1), default=0, output_field=IntegerField()))
        .values("actor", "subject")
        .annotate(ever=Max("acted"))
        .values_list("ever", flat=True)
        .order_by()
    )
    acted = [bool(one) for one in judged]
    return {
        "purges": (entries.filter(act=audit.PURGED).count(), None),
        "overdue": (late, None),
        "reads": (opened.values("actor", "subject").distinct().count(), None),
        "idle_reads": (acted.count(False), len(acted)),
    }


def _due(now: datetime) -> Iterable[int]:
    for disposition in retention.DAYS_AFTER_CLOSING:
        yield retention.short_kept(disposition, now=now).filter(legal_hold="").count()
    yield retention.too_old(now=now).filter(legal_hold="").count()


def _by(rows: QuerySet[Any], column: str) -> Iterable[tuple[str, int]]:
    found: Iterable[tuple[str, int]] = rows.values_list(column).annotate(n=Count("pk")).order_by()
    return found


LEAST_TIMES = 5  # of fewer times a middle says more than is known


def _within(waits: list[timedelta], share: float, said: Callable[[timedelta], float]) -> Told:
    """Within how long this share of them was over, and of how many."""
    if len(waits) < LEAST_TIMES:
        return None, len(waits)
    return said(waits[min(len(waits) - 1, int(len(waits) * share))]), len(waits)


def _minutes(wait: timedelta) -> float:
    return round(max(wait.total_seconds(), 0) / 60, 1)


def _midnight(now: datetime) -> datetime:
    return datetime.combine(today(now), time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))


def read(figures: Mapping[str, object]) -> Figures:
    """As it was kept: JSON knows lists."""
    return {code: (told[0], told[1]) for code, told in figures.items() if isinstance(told, list)}
