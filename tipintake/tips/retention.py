"""How long a tip is kept. The law of DOMAIN section 2 as tables; docs/reference/retention.md."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from tipintake.tips.models import Message, Tip
from tipintake.tips.vocabulary import Disposition

# Days after the last line closed it. What is not listed is kept for the longest.
DAYS_AFTER_CLOSING: Mapping[Disposition, int] = {
    Disposition.UNFOUNDED: 30,
    Disposition.PRANK: 30,
    Disposition.SPAM: 30,
}
LONGEST = timedelta(days=730)  # after it came, whatever became of it
AFTER_A_JUMP = timedelta(days=30)  # so long the age of what is in somebody's hand proves nothing
REVIEW_OPEN_AFTER = timedelta(days=180)
HELD_SPANS = timedelta(days=14)
# A line has the tip in its queue or in work (delivery/models.py, which is above this).
IN_HAND = ("QUEUED", "NOTIFIED", "ACKNOWLEDGED")
PROMOTED_YEARS = 5  # an intelligence record ends, or is reviewed, after at most so long

# When lines close a tip differently, the first of these holds: it is never kept too short.
WEIGHT: tuple[Disposition, ...] = (
    Disposition.CHARGED,
    Disposition.ARREST,
    Disposition.VICTIM_LOCATED,
    Disposition.CASE_OPENED,
    Disposition.REFERRED_AGENCY,
    Disposition.REFERRED_SERVICES,
    Disposition.INFORMATION_ONLY,
    Disposition.INSUFFICIENT,
    Disposition.NO_ACTION,
    Disposition.DUPLICATE,
    Disposition.UNFOUNDED,
    Disposition.PRANK,
    Disposition.SPAM,
)


def weightiest(dispositions: Iterable[str]) -> Disposition | None:
    """What came of a tip, of all that its lines say."""
    said = set(dispositions)
    return next((one for one in WEIGHT if one in said), None)


def today(now: datetime) -> date:
    """The day on a wall clock in St. Louis."""
    return now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()


def kept_until(tip: Tip) -> date:
    """The last day on which the tip is surely here, if nothing changes. A hold is not asked."""
    last = today(tip.submitted_hour + LONGEST)
    days = DAYS_AFTER_CLOSING.get(Disposition(tip.disposition)) if tip.disposition else None
    if days is not None and (begins := _days_begin(tip)) is not None:
        last = min(last, begins + timedelta(days=days))
    return max(last, tip.promoted_until) if tip.promoted_until else last


def _days_begin(tip: Tip) -> date | None:
    """From when the days of a closed tip count; None while an answer waits to be read."""
    answers = Message.objects.filter(tip=tip, direction=Message.Direction.ANSWER)
    if tip.closed_on is None or answers.filter(read_at=None).exists():
        return None
    read = answers.aggregate(last=Max("read_at"))["last"]
    return max(tip.closed_on, today(read)) if read else tip.closed_on


def short_kept(disposition: Disposition, *, now: datetime) -> QuerySet[Tip]:
    """Closed so, and its days are over. An answer that nobody has read stops the clock; whoever
    reads it has the same days to act on it."""
    last_day = today(now) - timedelta(days=DAYS_AFTER_CLOSING[disposition])
    begins = datetime.combine(last_day, time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
    closed = _ended(now).filter(disposition=disposition, closed_on__lt=last_day)
    closed = closed.exclude(hand_offs__state__in=IN_HAND)
    answers = Message.objects.filter(tip=OuterRef("pk"), direction=Message.Direction.ANSWER)
    unread_or_new = answers.filter(Q(read_at=None) | Q(read_at__gte=begins))
    return closed.filter(~Exists(unread_or_new))


def too_old(*, now: datetime, time_jumped: bool = False) -> QuerySet[Tip]:
    """Came so long ago that nothing but a legal hold keeps it.

    A clock that was years behind makes a tip of today look old when it is set right. Where the
    time jumped of late, what a line still has, or has just closed, is left to people.
    """
    old = _ended(now).filter(submitted_hour__lt=now - LONGEST)
    if not time_jumped:
        return old
    just_closed = (today(now) - AFTER_A_JUMP, today(now))
    return old.exclude(hand_offs__state__in=IN_HAND).exclude(closed_on__range=just_closed)


def is_over(tip: Tip, *, now: datetime) -> bool:
    """Whether nothing but a legal hold keeps it: without one the next sweep destroys it."""
    rules = [too_old(now=now), *(short_kept(one, now=now) for one in DAYS_AFTER_CLOSING)]
    return any(rule.filter(pk=tip.pk).exists() for rule in rules)


def _ended(now: datetime) -> QuerySet[Tip]:
    """Was placed, and no intelligence record rests on it: one is reviewed or ends on its day."""
    not_promoted = Q(promoted_until=None) | Q(promoted_until__lt=today(now))
    return Tip.objects.filter(not_promoted, routed_at__isnull=False)


def to_review(*, now: datetime) -> QuerySet[Tip]:
    """Open for so long that somebody must say why, the oldest first."""
    return (
        Tip.objects.open()
        .filter(submitted_hour__lt=now - REVIEW_OPEN_AFTER)
        .order_by("submitted_hour", "pk")
    )
