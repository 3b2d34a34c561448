"""When somebody must have acknowledged a hand-off, and when they are reminded. Pure.

The law is ROUTING policy 1, section 6, as the table DEADLINES. Minutes and hours are elapsed time;
days are days on a wall clock in St. Louis, so that the two clock-change nights change nothing.
"""

import functools
from collections.abc import Callable, Container, Mapping
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

HERE = ZoneInfo("America/Chicago")
CLOSE_OF_BUSINESS = time(17, 0)
SATURDAY = 5


@functools.cache
def _missouri() -> Container[date]:
    """The library reads the calendars of the whole world, which takes a fifth of a second:
    nothing for a process that sets no deadline."""
    import holidays  # noqa: PLC0415

    return holidays.country_holidays("US", subdiv="MO")


def is_business_day(day: date) -> bool:
    """A weekday that is neither a federal nor a Missouri holiday."""
    return day.weekday() < SATURDAY and day not in _missouri()


def next_business_day(day: date) -> date:
    """The first business day after `day`."""
    day += timedelta(days=1)
    while not is_business_day(day):
        day += timedelta(days=1)
    return day


def _minutes(count: int) -> Callable[[datetime], datetime]:
    return lambda start: start.astimezone(UTC) + timedelta(minutes=count)


def _end_of_next_business_day(start: datetime) -> datetime:
    day = next_business_day(start.astimezone(HERE).date())
    return datetime.combine(day, CLOSE_OF_BUSINESS, HERE).astimezone(UTC)


def _calendar_days(count: int) -> Callable[[datetime], datetime]:
    # Adding to an aware local time moves its wall clock, not the hours that pass.
    return lambda start: (start.astimezone(HERE) + timedelta(days=count)).astimezone(UTC)


DEADLINES: Mapping[str, Callable[[datetime], datetime]] = {
    "P1": _minutes(15),
    "P2": _minutes(4 * 60),
    "P3": _end_of_next_business_day,
    "P4": _calendar_days(5),
}

# An unacknowledged P1 is said again: (until this long after it came, this often).
ALWAYS = timedelta(days=36_500)
REMINDERS: Mapping[str, tuple[tuple[timedelta, timedelta], ...]] = {
    "P1": (
        (timedelta(hours=1), timedelta(minutes=5)),
        (timedelta(days=2), timedelta(hours=1)),
        (ALWAYS, timedelta(hours=4)),
    ),
}


def acknowledge_by(priority: str, start: datetime) -> datetime:
    """The deadline of a hand-off that came, or was last escalated, at `start`."""
    return DEADLINES[priority](start)


def next_reminder(priority: str, *, queued_at: datetime, now: datetime) -> datetime | None:
    """When an unacknowledged hand-off is said again, or None: the escalations go on alone."""
    for until, every in REMINDERS.get(priority, ()):
        if now < queued_at + until:
            return now + every
    return None
