"""The machine's clock is set wrong, and set right again: nothing is destroyed, nothing is late."""

from datetime import datetime, timedelta

import pytest

from tests.pipeline.conftest import DANGER_NOW, MakeTip
from tipintake.delivery.models import HandOff, Notice
from tipintake.pipeline import watch
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.sweep import sweep
from tipintake.tips.models import HeldSpan, Tip

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=20 * 365)
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


def test_a_clock_of_another_century_destroys_nothing(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    HeldSpan.objects.create(
        tip=tip,
        field="/narrative",
        kind="PHONE",
        rule="test",
        sealed=b"sealed",
        destroy_after=now.date(),
    )
    sweep(now=now)
    Tip.objects.update(status="CLOSED", disposition="PRANK", closed_on=now.date())
    for minutes in range(3):
        sweep(now=now + YEARS + minutes * MINUTE)
    assert Tip.objects.exists()
    assert HeldSpan.objects.exists()
    assert purge_due(now=now + YEARS, limit=1) == 1, "else this test shows nothing"


def test_after_a_day_of_rounds_what_is_over_is_destroyed(kept: MakeTip, now: datetime) -> None:
    kept()
    sweep(now=now)
    Tip.objects.update(status="CLOSED", disposition="PRANK", closed_on=now.date())
    for hours in (0, 25):
        sweep(now=now + YEARS + timedelta(hours=hours))
    assert not Tip.objects.exists()


def test_what_came_under_a_time_ahead_is_told_and_due_when_it_is_set_back(
    kept: MakeTip, now: datetime
) -> None:
    tomorrow = now + DAY
    sweep(now=tomorrow)
    tip = kept(DANGER_NOW)
    sweep(now=tomorrow)
    hand_off = HandOff.objects.get(tip=tip, is_primary=True)
    time_to_answer = hand_off.due_at - hand_off.queued_at
    HandOff.objects.update(notify_at=tomorrow)
    Notice.objects.update(state="WAITING", next_at=tomorrow + timedelta(minutes=2))
    sweep(now=now)
    hand_off.refresh_from_db()
    assert now <= hand_off.queued_at < now + MINUTE
    assert hand_off.due_at - hand_off.queued_at == time_to_answer
    assert hand_off.notify_at is None or hand_off.notify_at < now + timedelta(hours=1)
    assert not Notice.objects.filter(
        state="WAITING", next_at__gt=now + timedelta(hours=1)
    ).exists()


def test_a_sweep_of_tomorrow_does_not_hide_that_none_comes_today(now: datetime) -> None:
    watch.beat(watch.SWEPT, now=now + DAY)
    assert "sweep" in {alarm.code for alarm in watch.standing_still(watch.read(now=now))}
    watch.beat(watch.SWEPT, now=now)
    assert "sweep" not in {alarm.code for alarm in watch.standing_still(watch.read(now=now))}
