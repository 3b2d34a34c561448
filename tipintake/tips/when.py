"""When something was seen, in words: never more than the tip says."""

from datetime import date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from tipintake.tips import recurrence
from tipintake.tips import vocabulary as words

# Days that staff may ask for: with the last day of all no clock can reckon.
FIRST_DAY, LAST_DAY = date(2000, 1, 1), date(2099, 12, 31)

DAYS = (
    *(noop("Monday"), noop("Tuesday"), noop("Wednesday"), noop("Thursday"), noop("Friday")),
    *(noop("Saturday"), noop("Sunday")),
)
WEEKDAYS = set(range(5))
NTH = {
    1: noop("the first {day}"),
    2: noop("the second {day}"),
    3: noop("the third {day}"),
    4: noop("the fourth {day}"),
    5: noop("the fifth {day}"),
    -1: noop("the last {day}"),
}
EVERY = {
    "DAILY": (noop("Every day"), noop("Every {n} days")),
    "WEEKLY": (noop("Every week"), noop("Every {n} weeks")),
    "MONTHLY": (noop("Every month"), noop("Every {n} months")),
}


class Timed(Protocol):
    """A sighting, as a row or as values."""

    @property
    def kind(self) -> str: ...

    @property
    def start(self) -> datetime | None: ...

    @property
    def end(self) -> datetime | None: ...

    @property
    def tz(self) -> str: ...

    @property
    def approx_minutes(self) -> int | None: ...

    @property
    def rrule(self) -> str: ...

    @property
    def local_start(self) -> time | None: ...

    @property
    def duration_minutes(self) -> int | None: ...


def said(sighting: Timed) -> str:
    """When it was seen, in a sentence."""
    tz = zone(sighting.tz)
    kind, start, end = sighting.kind, sighting.start, sighting.end
    if kind == words.SightingKind.RECURRING:
        return _recurring(sighting, tz)
    if start is None:
        return gettext("The time is not known.")
    if kind == words.SightingKind.RANGE and end is not None:
        return gettext("From {start} to {end}.").format(start=at(start, tz), end=at(end, tz))
    if kind == words.SightingKind.APPROX:
        give = sighting.approx_minutes
        if give:
            return gettext("About {start}, give or take {span}.").format(
                start=at(start, tz), span=lasting(timedelta(minutes=give))
            )
        return gettext("About {start}.").format(start=at(start, tz))
    return f"{at(start, tz)}."


def _recurring(sighting: Timed, tz: ZoneInfo) -> str:
    parts = [_days(sighting.rrule)]
    if sighting.local_start is not None:
        parts.append(gettext("from about {hour}").format(hour=f"{sighting.local_start:%H:%M}"))
        if sighting.duration_minutes:
            parts.append(_until(sighting.local_start.hour, sighting.local_start.minute, sighting))
    if sighting.start is not None:
        first = sighting.start.astimezone(tz)
        parts.append(gettext("first seen {day}").format(day=day(first)))
    if (last := _last_day(sighting, tz)) is not None:
        parts.append(gettext("last seen {day}").format(day=day(last)))
    return ", ".join(parts) + "."


def _last_day(sighting: Timed, tz: ZoneInfo) -> datetime | None:
    """What is over must not read as if it went on."""
    if sighting.end is not None:
        return sighting.end.astimezone(tz)
    try:
        until = recurrence.parse(sighting.rrule).until
    except recurrence.RuleProblem:
        return None
    if isinstance(until, datetime):
        return until.astimezone(tz)
    return None if until is None else datetime.combine(until, time.min, tz)


def _until(hour: int, minute: int, sighting: Timed) -> str:
    length = sighting.duration_minutes or 0
    days, end = divmod(hour * 60 + minute + length, 24 * 60)
    clock = f"{end // 60:02}:{end % 60:02}"
    if days:
        return gettext("until about {hour} the next day").format(hour=clock)
    return gettext("until about {hour}").format(hour=clock)


def _days(rrule: str) -> str:
    """A recurrence rule in words; as it stands when it is one that we do not read."""
    try:
        rule = recurrence.parse(rrule)
    except recurrence.RuleProblem:
        return f"{gettext('Again and again')} ({rrule})" if rrule else gettext("Again and again")
    one, many = EVERY[rule.frequency]
    span = gettext(one) if rule.interval == 1 else gettext(many).format(n=rule.interval)
    named = [_named(nth, gettext(DAYS[day])) for nth, day in rule.weekdays]
    dates = [
        gettext("day {n}").format(n=day) if day > 0 else gettext("the last day")
        for day in rule.month_days
    ]
    on = _listed(named + dates)
    if {day for nth, day in rule.weekdays if not nth} == WEEKDAYS and rule.interval == 1:
        return gettext("Every weekday")
    if on and rule.frequency == "WEEKLY" and rule.interval == 1:
        return gettext("Every {days}").format(days=on)
    return gettext("{span} on {days}").format(span=span, days=on) if on else span


def _named(nth: int, day: str) -> str:
    if not nth:
        return day
    return gettext(NTH[nth]).format(day=day) if nth in NTH else f"{nth} {day}"


def _listed(items: list[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return gettext("{items} and {last}").format(items=", ".join(items[:-1]), last=items[-1])


def at(moment: datetime, tz: ZoneInfo) -> str:
    local = moment.astimezone(tz)
    return f"{day(local)}, {local:%H:%M}"


def day(local: datetime) -> str:
    return date_format(local, gettext("D j M Y"))


def zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo(settings.TIME_ZONE)


def lasting(span: timedelta) -> str:
    """A stretch of time: its two largest units, or one when the other says little."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return gettext("under a minute")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return f"{minutes} min"
