"""When something was seen, as hours of the week and as days. America/Chicago, like the desk."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

from tipintake.tips import recurrence
from tipintake.tips.models import Sighting
from tipintake.tips.recurrence import Pattern, RuleProblem
from tipintake.tips.vocabulary import SightingKind

HERE = ZoneInfo("America/Chicago")
# From these weeks a pattern of another time zone is read: none of them changes a clock.
QUIET_WEEKS = (datetime(2026, 1, 5, tzinfo=UTC), datetime(2026, 2, 2, tzinfo=UTC))
HALF_A_MOMENT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Seen:
    """A sighting as values."""

    kind: str
    start: datetime | None = None
    end: datetime | None = None
    tz: str = "America/Chicago"
    approx_minutes: int | None = None
    rrule: str = ""
    local_start: time | None = None
    duration_minutes: int | None = None

    @classmethod
    def of(cls, row: Sighting) -> Self:
        return cls(
            row.kind,
            row.start,
            row.end,
            row.tz,
            row.approx_minutes,
            row.rrule,
            row.local_start,
            row.duration_minutes,
        )

    @property
    def pattern(self) -> Pattern | None:
        """The pattern of a recurring sighting; None for any other, or one that is not readable."""
        if self.kind != SightingKind.RECURRING or self.local_start is None:
            return None
        try:
            rule, zone = recurrence.parse(self.rrule), ZoneInfo(self.tz)
        except (RuleProblem, KeyError, ValueError, OSError):
            return None
        first = self.start.astimezone(zone).date() if self.start else None
        return Pattern(rule, self.local_start, self.duration_minutes or 1, zone, first)

    @property
    def stretch(self) -> tuple[datetime, datetime] | None:
        """From when to when it was seen once; both ends belong to it."""
        if self.kind == SightingKind.RECURRING or self.start is None:
            return None
        if self.kind == SightingKind.APPROX:
            about = timedelta(minutes=self.approx_minutes or 0)
            return self.start - about, self.start + about
        if self.kind == SightingKind.RANGE and self.end is not None and self.end > self.start:
            return self.start, self.end - HALF_A_MOMENT
        return self.start, self.start


def hours_of_week(seen: Seen) -> frozenset[int]:
    """The hours that it touches: weekday × 24 + hour, Monday 0:00 is 0.

    A pattern touches its hours on each of its days, and after midnight those of the next day.
    """
    pattern = seen.pattern
    if pattern is None:
        stretch = seen.stretch
        return recurrence.hours_between(*stretch, HERE) if stretch else frozenset()
    if pattern.tz.key == HERE.key:
        return recurrence.hours_of_week(pattern)
    blocks = recurrence.occurrences(pattern, since=QUIET_WEEKS[0], until=QUIET_WEEKS[1])
    return frozenset[int]().union(
        *(recurrence.hours_between(one.start, one.end - HALF_A_MOMENT, HERE) for one in blocks)
    )


def days_between(seen: Seen, first: date, last: date) -> Iterator[date]:
    """The local days on which it was seen. A block over midnight belongs to its first day."""
    pattern = seen.pattern
    if pattern is not None:
        since = datetime.combine(first, time(), HERE)
        until = datetime.combine(last + timedelta(days=1), time(), HERE)
        for block in recurrence.occurrences(pattern, since=since, until=until):
            day = block.start.astimezone(HERE).date()
            if first <= day <= last:
                yield day
        return
    stretch = seen.stretch
    if stretch is None:
        return
    day = max(stretch[0].astimezone(HERE).date(), first)
    end = min(stretch[1].astimezone(HERE).date(), last)
    while day <= end:
        yield day
        day += timedelta(days=1)
