"""When something was seen, in words: never more than the tip says."""

from datetime import datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.utils.translation import gettext

from tipintake.tips import recurrence
from tipintake.tips import vocabulary as words

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
WEEKDAYS = set(range(5))
NTH = {1: "first", 2: "second", 3: "third", 4: "fourth", 5: "fifth", -1: "last"}


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
        return "The time is not known."
    if kind == words.SightingKind.RANGE and end is not None:
        return f"From {at(start, tz)} to {at(end, tz)}."
    if kind == words.SightingKind.APPROX:
        give = sighting.approx_minutes
        more = f", give or take {lasting(timedelta(minutes=give))}" if give else ""
        return f"About {at(start, tz)}{more}."
    return f"{at(start, tz)}."


def _recurring(sighting: Timed, tz: ZoneInfo) -> str:
    parts = [_days(sighting.rrule)]
    if sighting.local_start is not None:
        parts.append(f"from about {sighting.local_start:%H:%M}")
        if sighting.duration_minutes:
            parts.append(_until(sighting.local_start.hour, sighting.local_start.minute, sighting))
    if sighting.start is not None:
        first = sighting.start.astimezone(tz)
        parts.append(f"first seen {day(first)}")
    return ", ".join(parts) + "."


def _until(hour: int, minute: int, sighting: Timed) -> str:
    length = sighting.duration_minutes or 0
    days, end = divmod(hour * 60 + minute + length, 24 * 60)
    clock = f"{end // 60:02}:{end % 60:02}"
    return f"until about {clock}{' the next day' if days else ''}"


def _days(rrule: str) -> str:
    """A recurrence rule in words; as it stands when it is one that we do not read."""
    try:
        rule = recurrence.parse(rrule)
    except recurrence.RuleProblem:
        return f"Again and again ({rrule})" if rrule else "Again and again"
    every = {"DAILY": "day", "WEEKLY": "week", "MONTHLY": "month"}[rule.frequency]
    span = f"Every {every}" if rule.interval == 1 else f"Every {rule.interval} {every}s"
    named = [
        f"the {NTH.get(nth, str(nth))} {DAYS[day]}" if nth else DAYS[day]
        for nth, day in rule.weekdays
    ]
    dates = [f"day {day}" if day > 0 else "the last day" for day in rule.month_days]
    on = _listed(named + dates)
    if {day for nth, day in rule.weekdays if not nth} == WEEKDAYS and rule.interval == 1:
        return "Every weekday"
    if on and rule.frequency == "WEEKLY" and rule.interval == 1:
        return f"Every {on}"
    return f"{span} on {on}" if on else span


def _listed(items: list[str]) -> str:
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} and {items[-1]}"


def at(moment: datetime, tz: ZoneInfo) -> str:
    local = moment.astimezone(tz)
    return f"{day(local)}, {local:%H:%M}"


def day(local: datetime) -> str:
    return f"{local:%a} {local.day} {local:%b} {local.year}"


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
