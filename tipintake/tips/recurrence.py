"""Patterns in time: "Fridays and Saturdays, 10 pm for four hours".

A small part of RFC 5545: FREQ=DAILY, WEEKLY or MONTHLY with INTERVAL, BYDAY, BYMONTHDAY and
either UNTIL or COUNT. How the two clock-change nights are read (RFC 5545 section 3.3.5):

* a start that the clock skips (02:30 in March) is read with the offset before the change, so it
  becomes 03:30; a start that comes twice (01:30 in November) is the first of the two;
* a duration is elapsed time: a block of four hours lasts four hours on every night of the year;
* a block that crosses midnight belongs to the day on which it starts.

Without a first day the count of weeks has no beginning: INTERVAL and COUNT are then ignored, and
every week (day, month) is possible.
"""

import calendar
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

Frequency = Literal["DAILY", "WEEKLY", "MONTHLY"]
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
HOURS_OF_WEEK = 168
MOST_OCCURRENCES = 1000
_LONGEST_RULE = 200
_FREQUENCIES: dict[str, Frequency] = {"DAILY": "DAILY", "WEEKLY": "WEEKLY", "MONTHLY": "MONTHLY"}
_PARTS = ("FREQ", "INTERVAL", "BYDAY", "BYMONTHDAY", "UNTIL", "COUNT")


class RuleProblem(ValueError):
    """A recurrence rule that we cannot read; the message says what to write instead."""


@dataclass(frozen=True, slots=True)
class Rule:
    frequency: Frequency
    interval: int = 1
    weekdays: tuple[tuple[int, int], ...] = ()  # (which of the month, 0: each; Monday = 0)
    month_days: tuple[int, ...] = ()
    until: date | datetime | None = None  # a datetime is in UTC
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Pattern:
    """A rule with the time of day, as a recurring sighting gives it."""

    rule: Rule
    local_start: time
    duration_minutes: int
    tz: ZoneInfo
    first_day: date | None = None


@dataclass(frozen=True, slots=True)
class Block:
    """One occurrence. `day` is the local day on which it starts."""

    day: date
    start: datetime
    end: datetime


def parse(text: str) -> Rule:
    """Read one rule; "RRULE:" before it, and spaces and small letters, are allowed."""
    given = _parts_of(text)
    frequency = _FREQUENCIES.get(given.get("FREQ", ""))
    if frequency is None:
        raise RuleProblem(_("A pattern needs FREQ=DAILY, FREQ=WEEKLY or FREQ=MONTHLY."))
    if "COUNT" in given and "UNTIL" in given:
        raise RuleProblem(_("Give either COUNT or UNTIL, not both."))
    weekdays = tuple(_weekday(one, frequency) for one in _listed(given, "BYDAY", most=31))
    month_days = tuple(_month_day(one) for one in _listed(given, "BYMONTHDAY", most=62))
    if month_days and frequency == "WEEKLY":
        raise RuleProblem(_("BYMONTHDAY goes with FREQ=MONTHLY, not with FREQ=WEEKLY."))
    return Rule(
        frequency=frequency,
        interval=_whole(given.get("INTERVAL", "1"), "INTERVAL", most=365),
        weekdays=tuple(dict.fromkeys(weekdays)),
        month_days=tuple(dict.fromkeys(month_days)),
        until=_until(given["UNTIL"]) if "UNTIL" in given else None,
        count=_whole(given["COUNT"], "COUNT", most=MOST_OCCURRENCES) if "COUNT" in given else None,
    )


def needs_first_day(rule: Rule) -> bool:
    """True for a rule that takes its weekday or day of the month from the first day."""
    return rule.frequency != "DAILY" and not rule.weekdays and not rule.month_days


def occurrences(pattern: Pattern, *, since: datetime, until: datetime) -> Iterator[Block]:
    """The blocks that overlap [since, until), in order; at most `MOST_OCCURRENCES` of them."""
    length = timedelta(minutes=pattern.duration_minutes)
    # A block that began on the day before may still run; a changed clock shifts by an hour.
    early = (since - length - timedelta(hours=2)).astimezone(pattern.tz)
    late = until.astimezone(pattern.tz)
    found = 0
    for day in _days(pattern, early.date(), late.date()):
        start = datetime.combine(day, pattern.local_start, pattern.tz).astimezone(UTC)
        end = start + length
        if end > since and start < until and _within_until(pattern, start):
            yield Block(day=day, start=start, end=end)
            found += 1
        if found >= MOST_OCCURRENCES:
            return


def hours_of_week(pattern: Pattern) -> frozenset[int]:
    """The hours that the pattern touches: weekday × 24 + hour, Monday 0:00 is 0."""
    weekdays = {weekday for _nth, weekday in pattern.rule.weekdays}
    if not weekdays and pattern.rule.frequency == "WEEKLY" and pattern.first_day:
        weekdays = {pattern.first_day.weekday()}
    first = pattern.local_start.hour
    last_minute = pattern.local_start.hour * 60 + pattern.local_start.minute
    last = (last_minute + max(pattern.duration_minutes, 1) - 1) // 60
    return frozenset(
        (weekday * 24 + hour) % HOURS_OF_WEEK
        for weekday in weekdays or range(7)
        for hour in range(first, last + 1)
    )


def hours_between(start: datetime, end: datetime, tz: ZoneInfo) -> frozenset[int]:
    """The hours of the week that one stretch of time touches; all of them beyond a week."""
    if end - start >= timedelta(days=7):
        return frozenset(range(HOURS_OF_WEEK))
    moment = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = set()
    while moment <= end:
        local = moment.astimezone(tz)
        hours.add(local.weekday() * 24 + local.hour)
        moment += timedelta(hours=1)
    return frozenset(hours)


def overlap(one: frozenset[int], other: frozenset[int]) -> float:
    """How much of the smaller pattern lies within the other: 0 nothing, 1 all of it."""
    smaller = min(len(one), len(other))
    return len(one & other) / smaller if smaller else 0.0


def _days(pattern: Pattern, first: date, last: date) -> Iterator[date]:
    """Local days on which a block starts, from `first` to `last`."""
    rule, anchor = pattern.rule, pattern.first_day
    if anchor is None:
        rule, anchor = replace(rule, interval=1, count=None), first
    until = rule.until
    if isinstance(until, datetime):
        until = until.astimezone(pattern.tz).date()
    begin = anchor if rule.count is not None else max(anchor, first)
    span = (min(until or last, last) - begin).days + 1
    days = (begin + timedelta(days=number) for number in range(span))
    for day in itertools.islice((day for day in days if _matches(rule, anchor, day)), rule.count):
        if day >= first:
            yield day


def _matches(rule: Rule, anchor: date, day: date) -> bool:
    """True for a day of the rule that begins on `anchor` (not after `day`). Weeks begin Monday."""
    month_days = {day.day, day.day - _days_in_month(day) - 1}
    if rule.month_days and month_days.isdisjoint(rule.month_days):
        return False
    if rule.weekdays and not any(_is_weekday(day, nth, name) for nth, name in rule.weekdays):
        return False
    by_itself = not rule.weekdays and not rule.month_days
    if rule.frequency == "DAILY":
        return (day - anchor).days % rule.interval == 0
    if rule.frequency == "WEEKLY":
        if by_itself and day.weekday() != anchor.weekday():
            return False
        return (_monday(day) - _monday(anchor)).days // 7 % rule.interval == 0
    if by_itself and day.day != anchor.day:
        return False
    months = (day.year - anchor.year) * 12 + day.month - anchor.month
    return months % rule.interval == 0


def _is_weekday(day: date, nth: int, weekday: int) -> bool:
    """`nth` 0: that weekday; 2: the second of its month; -1: the last."""
    if day.weekday() != weekday:
        return False
    if nth > 0:
        return (day.day - 1) // 7 + 1 == nth
    return nth == 0 or (_days_in_month(day) - day.day) // 7 + 1 == -nth


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _days_in_month(day: date) -> int:
    return calendar.monthrange(day.year, day.month)[1]


def _within_until(pattern: Pattern, start: datetime) -> bool:
    until = pattern.rule.until
    return not isinstance(until, datetime) or start <= until


def _parts_of(text: str) -> dict[str, str]:
    plain = "".join(text.split()).upper().removeprefix("RRULE:").strip(";")
    if len(plain) > _LONGEST_RULE:
        raise RuleProblem(_("This pattern is too long. Describe it in your own words instead."))
    given: dict[str, str] = {}
    for part in plain.split(";"):
        name, _equals, value = part.partition("=")
        if name not in _PARTS:
            raise RuleProblem(
                _("“%(part)s” is not used here. Use %(known)s.")
                % {"part": name[:20], "known": ", ".join(_PARTS)}
            )
        if name in given:
            raise RuleProblem(_("%(part)s stands twice; give it once.") % {"part": name})
        given[name] = value
    return given


def _listed(given: dict[str, str], name: str, *, most: int) -> list[str]:
    values = given[name].split(",") if name in given else []
    if len(values) > most:
        raise RuleProblem(_("%(part)s names too many days.") % {"part": name})
    return values


def _weekday(value: str, frequency: Frequency) -> tuple[int, int]:
    number, code = value[:-2], value[-2:]
    if code in WEEKDAYS and not number:
        return 0, WEEKDAYS.index(code)
    if code in WEEKDAYS and frequency == "MONTHLY" and _is_whole(number, most=5):
        return int(number), WEEKDAYS.index(code)
    raise RuleProblem(
        _("BYDAY takes MO, TU, WE, TH, FR, SA and SU; in a monthly pattern also 1FR or -1SU.")
    )


def _month_day(value: str) -> int:
    if _is_whole(value, most=31):
        return int(value)
    raise RuleProblem(_("BYMONTHDAY takes days from 1 to 31, or -1 for the last day."))


def _is_whole(text: str, *, most: int) -> bool:
    """A whole number, not zero, up to `most` in size, with or without a sign."""
    digits = text[1:] if text[:1] in {"+", "-"} else text
    return digits.isascii() and digits.isdigit() and len(digits) <= 2 and 0 < int(digits) <= most


def _whole(text: str, name: str, *, most: int) -> int:
    if text.isascii() and text.isdigit() and len(text) <= 5 and 0 < int(text) <= most:
        return int(text)
    raise RuleProblem(
        _("%(part)s takes a whole number from 1 to %(most)d.") % {"part": name, "most": most}
    )


def _until(text: str) -> date | datetime:
    for shape, length in (("%Y%m%d", 8), ("%Y%m%dT%H%M%SZ", 16)):
        try:
            moment = datetime.strptime(text, shape).replace(tzinfo=UTC)
        except ValueError:
            continue
        if len(text) == length and 1950 <= moment.year <= 2100:
            return moment if shape.endswith("Z") else moment.date()
    raise RuleProblem(_("UNTIL takes a day such as 20261231, or a time such as 20261231T055959Z."))
