"""Patterns in time, also over midnight and on the two nights when the clocks change."""

import itertools
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from tipintake.tips import recurrence
from tipintake.tips.recurrence import Block, Pattern, RuleProblem

CHICAGO = ZoneInfo("America/Chicago")
NEW_YEAR = datetime(2026, 1, 1, tzinfo=UTC)


def pattern(rule: str, start: str, minutes: int, first_day: date | None = None) -> Pattern:
    return Pattern(
        rule=recurrence.parse(rule),
        local_start=time.fromisoformat(start),
        duration_minutes=minutes,
        tz=CHICAGO,
        first_day=first_day,
    )


def blocks(one: Pattern, since: str, until: str) -> list[Block]:
    return list(
        recurrence.occurrences(
            one,
            since=datetime.fromisoformat(since).replace(tzinfo=CHICAGO),
            until=datetime.fromisoformat(until).replace(tzinfo=CHICAGO),
        )
    )


def on(day: date, found: list[Block]) -> Block:
    (one,) = [block for block in found if block.day == day]
    return one


def local(moment: datetime) -> str:
    return moment.astimezone(CHICAGO).strftime("%Y-%m-%d %H:%M")


def test_fridays_and_saturdays_at_ten() -> None:
    found = blocks(pattern("FREQ=WEEKLY;BYDAY=FR,SA", "22:00", 240), "2026-11-09", "2026-11-16")
    assert [(one.day.isoformat(), local(one.start), local(one.end)) for one in found] == [
        ("2026-11-13", "2026-11-13 22:00", "2026-11-14 02:00"),
        ("2026-11-14", "2026-11-14 22:00", "2026-11-15 02:00"),
    ]


def test_a_block_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    late = pattern("FREQ=WEEKLY;BYDAY=FR", "23:30", 120)
    saturday_only = blocks(late, "2026-11-14T00:00", "2026-11-14T12:00")
    assert [one.day for one in saturday_only] == [date(2026, 11, 13)]
    assert blocks(late, "2026-11-14T01:30", "2026-11-14T12:00") == []


def test_the_night_without_two_to_three_in_march() -> None:
    """2026-03-08: 02:00 becomes 03:00."""
    nightly = pattern("FREQ=DAILY", "22:00", 300)
    night = on(date(2026, 3, 7), blocks(nightly, "2026-03-07", "2026-03-10"))
    assert night.end - night.start == timedelta(hours=5)
    assert local(night.end) == "2026-03-08 04:00"
    skipped = pattern("FREQ=DAILY", "02:30", 30)
    gap = on(date(2026, 3, 8), blocks(skipped, "2026-03-07", "2026-03-10"))
    assert local(gap.start) == "2026-03-08 03:30"
    assert gap.start == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


def test_the_night_with_one_to_two_twice_in_november() -> None:
    """2026-11-01: 02:00 becomes 01:00 again."""
    nightly = pattern("FREQ=DAILY", "22:00", 300)
    night = on(date(2026, 10, 31), blocks(nightly, "2026-10-31", "2026-11-02"))
    assert night.end - night.start == timedelta(hours=5)
    assert local(night.end) == "2026-11-01 02:00"
    twice = pattern("FREQ=DAILY", "01:30", 30)
    first = on(date(2026, 11, 1), blocks(twice, "2026-11-01", "2026-11-02"))
    assert first.start == datetime(2026, 11, 1, 6, 30, tzinfo=UTC)


def test_every_second_week_counts_from_the_first_day() -> None:
    biweekly = pattern("FREQ=WEEKLY;INTERVAL=2;BYDAY=FR", "22:00", 60, date(2026, 10, 2))
    found = blocks(biweekly, "2026-11-01", "2026-12-01")
    assert [one.day.isoformat() for one in found] == ["2026-11-13", "2026-11-27"]


def test_without_a_first_day_every_week_is_possible() -> None:
    biweekly = pattern("FREQ=WEEKLY;INTERVAL=2;COUNT=2;BYDAY=FR", "22:00", 60)
    assert len(blocks(biweekly, "2026-11-01", "2026-12-01")) == 4


def test_a_pattern_ends_with_its_count_or_day() -> None:
    first = date(2026, 11, 2)
    counted = pattern("FREQ=DAILY;COUNT=3", "10:00", 60, first)
    assert [b.day.day for b in blocks(counted, "2026-11-01", "2026-12-01")] == [2, 3, 4]
    assert blocks(counted, "2026-11-05", "2026-12-01") == []
    until_day = pattern("FREQ=DAILY;UNTIL=20261104", "10:00", 60, first)
    assert [b.day.day for b in blocks(until_day, "2026-11-01", "2026-12-01")] == [2, 3, 4]
    until_time = pattern("FREQ=DAILY;UNTIL=20261104T120000Z", "10:00", 60, first)
    assert [b.day.day for b in blocks(until_time, "2026-11-01", "2026-12-01")] == [2, 3]


def test_the_first_friday_and_the_last_day_of_the_month() -> None:
    first_friday = pattern("FREQ=MONTHLY;BYDAY=1FR", "20:00", 60)
    assert [b.day.day for b in blocks(first_friday, "2026-10-01", "2026-12-31")] == [2, 6, 4]
    last_day = pattern("FREQ=MONTHLY;BYMONTHDAY=-1", "20:00", 60)
    assert [b.day.day for b in blocks(last_day, "2026-10-01", "2026-12-01")] == [31, 30]


def test_a_weekly_rule_without_days_takes_the_weekday_of_the_first() -> None:
    weekly = pattern("FREQ=WEEKLY", "20:00", 60, date(2026, 11, 3))
    assert {b.day.weekday() for b in blocks(weekly, "2026-11-01", "2026-12-01")} == {1}
    assert recurrence.needs_first_day(weekly.rule)


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=WEEKLY;BYDAY=FR,SA",
        "rrule:freq=weekly; byday=fr",
        "FREQ=DAILY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=-1SU;UNTIL=20261231",
        "FREQ=MONTHLY;BYMONTHDAY=1,15,-1;COUNT=10;",
    ],
)
def test_a_good_rule_is_read(text: str) -> None:
    assert recurrence.parse(text).interval >= 1


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not used"),
        ("every friday", "not used"),
        ("BYDAY=FR", "FREQ=WEEKLY"),
        ("FREQ=YEARLY", "FREQ=WEEKLY"),
        ("FREQ=WEEKLY;BYDAY=XX", "MO, TU"),
        ("FREQ=WEEKLY;BYDAY=1FR", "MO, TU"),
        ("FREQ=MONTHLY;BYDAY=6FR", "1FR"),
        ("FREQ=MONTHLY;BYMONTHDAY=32", "1 to 31"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "1 to 31"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "FREQ=MONTHLY"),
        ("FREQ=DAILY;COUNT=0", "COUNT"),
        ("FREQ=DAILY;COUNT=99999999", "COUNT"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL"),
        ("FREQ=DAILY;INTERVAL=١", "INTERVAL"),
        ("FREQ=DAILY;UNTIL=tomorrow", "20261231"),
        ("FREQ=DAILY;UNTIL=00010101", "20261231"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231", "not both"),
        ("FREQ=DAILY;FREQ=DAILY", "twice"),
        ("FREQ=DAILY;BYHOUR=3", "BYHOUR"),
        ("FREQ=WEEKLY;BYDAY=" + ",".join(["MO"] * 40), "too many days"),
        ("FREQ=DAILY;" + "X" * 300, "too long"),
    ],
)
def test_another_rule_is_refused_with_what_to_write(text: str, says: str) -> None:
    with pytest.raises(RuleProblem, match=says):
        recurrence.parse(text)


RULE_PARTS = [
    "FREQ=DAILY",
    "FREQ=WEEKLY",
    "FREQ=MONTHLY",
    "INTERVAL=3",
    "BYDAY=MO,FR",
    "BYDAY=2TU",
    "BYMONTHDAY=31,-2",
    "COUNT=7",
    "UNTIL=20261103",
    "UNTIL=20261103T060000Z",
    "X=1",
]
rule_texts = st.lists(st.sampled_from(RULE_PARTS), max_size=5).map(";".join)


@given(st.one_of(rule_texts, st.text(max_size=250)))
def test_no_text_breaks_the_rule_reader(text: str) -> None:
    said = "."
    try:
        recurrence.parse(text)
    except RuleProblem as problem:
        said = str(problem)
    assert said.endswith(".")


@given(
    rule_texts,
    st.times(),
    st.integers(1, 1440),
    st.one_of(st.none(), st.dates(date(2024, 1, 1), date(2027, 1, 1))),
    st.integers(0, 330 * 24).map(lambda hours: NEW_YEAR + timedelta(hours=hours)),
)
def test_blocks_come_in_order_within_the_asked_time(
    text: str, start: time, minutes: int, first_day: date | None, since: datetime
) -> None:
    try:
        rule = recurrence.parse(text)
    except RuleProblem:
        return
    one = Pattern(rule, start, minutes, CHICAGO, first_day)
    until = since + timedelta(days=40)
    found = list(recurrence.occurrences(one, since=since, until=until))
    assert found == sorted(found, key=lambda block: block.start)
    for block in found:
        assert block.end > since
        assert block.start < until
        assert block.end - block.start == timedelta(minutes=minutes)
        assert abs(block.start.astimezone(CHICAGO).date() - block.day) <= timedelta(days=1)
    if found and not recurrence.needs_first_day(rule):
        hours = recurrence.hours_of_week(one)
        assert all(block.day.weekday() * 24 + start.hour in hours for block in found)


def test_a_long_time_gives_a_bounded_number_of_blocks() -> None:
    daily = pattern("FREQ=DAILY", "10:00", 60)
    assert len(blocks(daily, "2020-01-01", "2026-01-01")) == recurrence.MOST_OCCURRENCES


@pytest.mark.parametrize(
    "rule",
    ["FREQ=DAILY;INTERVAL=7;BYDAY=MO;COUNT=5", "FREQ=MONTHLY;INTERVAL=12;BYMONTHDAY=31;COUNT=5"],
)
def test_a_rule_that_never_matches_ends_soon(rule: str) -> None:
    never = pattern(rule, "10:00", 60, date(2026, 2, 3))
    assert blocks(never, "2026-01-01", "2027-01-01") == []


def test_nothing_comes_before_the_first_day() -> None:
    daily = pattern("FREQ=DAILY", "10:00", 60, date(2027, 1, 1))
    assert blocks(daily, "2026-11-01", "2026-12-01") == []


def test_a_weekly_pattern_touches_the_hours_of_its_first_day() -> None:
    weekly = pattern("FREQ=WEEKLY", "20:00", 60, date(2026, 11, 3))
    assert recurrence.hours_of_week(weekly) == {24 + 20}


BYDAY = st.lists(st.sampled_from(recurrence.WEEKDAYS), min_size=1, max_size=3).map(",".join)
COUNT = st.integers(1, 20).map(str)
INTERVAL = st.integers(1, 6).map(str)
NTH_DAYS = st.sampled_from(["1FR", "-1SU", "3WE,2MO", "5TU"])
RULE_SETS = st.one_of(
    st.fixed_dictionaries(
        {"FREQ": st.sampled_from(["DAILY", "WEEKLY"])},
        optional={"INTERVAL": INTERVAL, "BYDAY": BYDAY, "COUNT": COUNT},
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("MONTHLY"), "BYDAY": st.one_of(NTH_DAYS, BYDAY)},
        optional={"INTERVAL": INTERVAL, "COUNT": COUNT},
    ),
    st.fixed_dictionaries(
        {"FREQ": st.just("MONTHLY"), "BYMONTHDAY": st.sampled_from(["1", "-1", "13,-2"])},
        optional={"INTERVAL": INTERVAL, "COUNT": COUNT},
    ),
)


def test_a_numbered_weekday_and_a_plain_one_are_alternatives() -> None:
    both = pattern("FREQ=MONTHLY;BYDAY=3WE,MO", "20:00", 60)
    found = blocks(both, "2026-11-01", "2026-12-01")
    assert [block.day.day for block in found] == [2, 9, 16, 18, 23, 30]


def as_rule(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


@settings(deadline=None)
@given(RULE_SETS.map(as_rule), st.dates(date(2025, 1, 1), date(2026, 12, 1)))
def test_the_days_are_those_of_the_standard(text: str, first_day: date) -> None:
    """Another reader of the standard finds the same days."""
    begin = datetime.combine(first_day, time(12))
    end = begin + timedelta(days=500)
    series = rrulestr(text, dtstart=begin)
    expected = [m.date() for m in itertools.takewhile(lambda m: m < end, series)]
    one = pattern(text, "12:00", 60, first_day)
    since = datetime.combine(first_day, time(0), CHICAGO)
    until = datetime.combine(end.date(), time(12), CHICAGO)
    found = recurrence.occurrences(one, since=since, until=until)
    assert [block.day for block in found] == expected


def test_the_hours_of_a_pattern_cross_midnight_and_the_week() -> None:
    sunday = pattern("FREQ=WEEKLY;BYDAY=SU", "23:00", 120)
    assert recurrence.hours_of_week(sunday) == {167, 0}
    half = pattern("FREQ=WEEKLY;BYDAY=MO", "10:30", 60)
    assert recurrence.hours_of_week(half) == {10, 11}
    assert len(recurrence.hours_of_week(pattern("FREQ=DAILY", "10:00", 60))) == 7


def test_two_patterns_overlap_by_their_shared_hours() -> None:
    friday = recurrence.hours_of_week(pattern("FREQ=WEEKLY;BYDAY=FR", "22:00", 120))
    weekend = recurrence.hours_of_week(pattern("FREQ=WEEKLY;BYDAY=FR,SA", "21:00", 240))
    monday = recurrence.hours_of_week(pattern("FREQ=WEEKLY;BYDAY=MO", "22:00", 120))
    assert recurrence.overlap(friday, weekend) == 1
    assert recurrence.overlap(friday, monday) == 0
    assert recurrence.overlap(friday, frozenset()) == 0


def test_one_sighting_lies_in_the_hours_of_a_pattern() -> None:
    seen = datetime(2026, 11, 13, 22, 40, tzinfo=CHICAGO)
    hours = recurrence.hours_between(seen, seen, CHICAGO)
    assert hours == {4 * 24 + 22}
    whole = recurrence.hours_between(seen, seen + timedelta(days=30), CHICAGO)
    assert len(whole) == 168
