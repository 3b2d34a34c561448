from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.delivery.deadlines import (
    DEADLINES,
    acknowledge_by,
    is_business_day,
    next_reminder,
)

HERE = ZoneInfo("America/Chicago")


def here(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=HERE)


@pytest.mark.parametrize(
    ("priority", "came", "due"),
    [
        ("P1", "2026-11-14 09:30", "2026-11-14 09:45"),
        ("P2", "2026-11-14 22:30", "2026-11-15 02:30"),
        # An ordinary Tuesday, before and after office hours.
        ("P3", "2026-11-17 08:00", "2026-11-18 17:00"),
        ("P3", "2026-11-17 23:59", "2026-11-18 17:00"),
        # Friday evening, Saturday and Sunday all wait for Monday.
        ("P3", "2026-11-13 19:00", "2026-11-16 17:00"),
        ("P3", "2026-11-14 12:00", "2026-11-16 17:00"),
        ("P3", "2026-11-15 23:30", "2026-11-16 17:00"),
        # Thanksgiving, Missouri's Truman Day, and the Fourth on a Saturday kept on Friday.
        ("P3", "2026-11-25 10:00", "2026-11-27 17:00"),
        ("P3", "2026-05-07 10:00", "2026-05-11 17:00"),
        ("P3", "2026-07-02 10:00", "2026-07-06 17:00"),
        # New Year's Eve on a Thursday: Friday is the holiday, then the weekend.
        ("P3", "2026-12-31 10:00", "2027-01-04 17:00"),
        ("P4", "2026-11-14 09:30", "2026-11-19 09:30"),
        # Over both clock changes five days keep the hour of the day.
        ("P4", "2026-10-30 09:30", "2026-11-04 09:30"),
        ("P4", "2026-03-05 09:30", "2026-03-10 09:30"),
    ],
)
def test_a_deadline_falls_when_people_would_say(priority: str, came: str, due: str) -> None:
    assert acknowledge_by(priority, here(came)) == here(due)


def test_minutes_are_real_minutes_on_the_night_when_an_hour_comes_twice() -> None:
    before = datetime(2026, 11, 1, 6, 50, tzinfo=UTC)  # 1:50 in summer time
    assert acknowledge_by("P1", before) - before == timedelta(minutes=15)
    assert acknowledge_by("P2", before) - before == timedelta(hours=4)


def test_hours_are_real_hours_on_the_night_when_an_hour_is_missing() -> None:
    before = here("2026-03-08 01:30").astimezone(UTC)
    assert acknowledge_by("P2", before) - before == timedelta(hours=4)


def test_five_days_that_would_end_in_the_missing_hour_still_end() -> None:
    due = acknowledge_by("P4", here("2026-03-03 02:30"))
    assert due == datetime(2026, 3, 8, 8, 30, tzinfo=UTC)


@given(
    st.integers(1_704_067_200, 2_051_222_400).map(lambda at: datetime.fromtimestamp(at, UTC)),
    st.sampled_from(sorted(DEADLINES)),
)
def test_a_deadline_is_ahead_in_utc_and_less_urgent_is_never_sooner(
    came: datetime, priority: str
) -> None:
    due = acknowledge_by(priority, came)
    assert due > came
    assert due.tzinfo is UTC
    if priority == "P3":
        assert is_business_day(due.astimezone(HERE).date())
    assert acknowledge_by("P1", came) < acknowledge_by("P2", came) < acknowledge_by("P3", came)


def test_an_urgent_tip_is_said_again_often_then_hourly_then_every_four_hours_without_end() -> None:
    came = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
    soon, later, long = (
        came + timedelta(minutes=5),
        came + timedelta(hours=3),
        came + timedelta(90),
    )
    assert next_reminder("P1", queued_at=came, now=soon) == soon + timedelta(minutes=5)
    assert next_reminder("P1", queued_at=came, now=later) == later + timedelta(hours=1)
    assert next_reminder("P1", queued_at=came, now=long) == long + timedelta(hours=4)
    assert next_reminder("P3", queued_at=came, now=soon) is None
