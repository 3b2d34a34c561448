"""The machine's clock is set wrong, and set right again: nothing is destroyed, nothing is late."""

from datetime import datetime, timedelta

import pytest
from django.db import OperationalError

from tests.pipeline.conftest import DANGER_NOW, HOTEL_PATTERN, MakeTip
from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import HandOff, Notice
from tipintake.delivery.retries import longest_wait, rest_of_others, wait_after
from tipintake.pipeline import jumps, watch
from tipintake.pipeline.escalate import next_alarm
from tipintake.pipeline.models import OperatorAlert
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.sweep import sweep
from tipintake.staff.models import User
from tipintake.tips.models import HeldSpan, Tip
from tipintake.triage.models import IntelligenceRecord

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
    HandOff.objects.update(state="CLOSED", disposition="PRANK")
    Tip.objects.update(status="CLOSED", disposition="PRANK", closed_on=now.date())
    for minutes in range(3):
        sweep(now=now + YEARS + minutes * MINUTE)
    assert Tip.objects.exists()
    assert HeldSpan.objects.exists()
    assert purge_due(now=now + YEARS, limit=1) == 1, "else this test shows nothing"


def test_a_jump_is_noticed_although_the_round_that_met_it_could_not_look(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = kept()
    sweep(now=now)
    HandOff.objects.update(state="CLOSED", disposition="PRANK")
    Tip.objects.update(status="CLOSED", disposition="PRANK", closed_on=now.date())
    HeldSpan.objects.create(
        tip=tip,
        field="/narrative",
        kind="PHONE",
        rule="test",
        sealed=b"sealed",
        destroy_after=now.date(),
    )
    waiting = kept(DANGER_NOW)

    def locked(*, now: datetime) -> int:
        raise OperationalError("database is locked")

    with monkeypatch.context() as broken:
        broken.setattr(jumps, "follow", locked)
        for minutes in range(2):
            done = sweep(now=now + YEARS + minutes * MINUTE)
            left_out = {name for name, did in done.items() if did is None}
            assert left_out == {"clock", "held spans", "records", "retain", "round"}
    assert HandOff.objects.filter(tip=waiting).exists(), "everything else was done"
    assert OperatorAlert.objects.filter(code="sweep", closed_at=None).exists()
    for minutes in range(2, 4):
        sweep(now=now + YEARS + minutes * MINUTE)
    assert not OperatorAlert.objects.filter(code="sweep", closed_at=None).exists()
    assert Tip.objects.filter(pk=tip.pk).exists()
    assert HeldSpan.objects.exists()


def test_after_a_day_of_rounds_what_is_over_is_destroyed(kept: MakeTip, now: datetime) -> None:
    kept()
    sweep(now=now)
    HandOff.objects.update(state="CLOSED", disposition="PRANK")
    Tip.objects.update(status="CLOSED", disposition="PRANK", closed_on=now.date())
    for hours in (0, 25):
        sweep(now=now + YEARS + timedelta(hours=hours))
    assert not Tip.objects.exists()


def test_a_tip_that_came_under_a_time_behind_is_not_old_when_it_is_set_right(
    kept: MakeTip, now: datetime
) -> None:
    behind = now - YEARS
    sweep(now=behind)
    tip = kept(DANGER_NOW)
    Tip.objects.update(submitted_hour=behind)
    sweep(now=behind)
    not_yet_placed = kept(DANGER_NOW)
    Tip.objects.filter(pk=not_yet_placed.pk).update(submitted_hour=behind)
    hand_offs = HandOff.objects.filter(tip=tip)
    assert hand_offs.exists()
    for hours in (0, 25, 26):
        sweep(now=now + timedelta(hours=hours))
    assert set(Tip.objects.all()) == {tip, not_yet_placed}
    hand_offs.update(state="CLOSED", disposition="CASE_OPENED")
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="CASE_OPENED", closed_on=now.date()
    )
    sweep(now=now + timedelta(hours=27))
    assert Tip.objects.filter(pk=tip.pk).exists(), "there is time to see that it was not old"


def test_the_first_round_of_all_does_everything_but_destroy(
    kept: MakeTip, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    tip, waiting = kept(), kept(DANGER_NOW)
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED",
        disposition="PRANK",
        closed_on=now.date() - 40 * DAY,
        routed_at=now - 50 * DAY,
    )
    done = sweep(now=now)
    assert (done["route"], done["retain"]) == (1, 0)
    assert Notice.objects.filter(hand_off__tip=waiting, state="SENT").exists()
    assert "clock.jumped" not in caplog.text
    for hours in (1, 23):
        assert sweep(now=now + timedelta(hours=hours))["retain"] == 0
    assert sweep(now=now + timedelta(hours=25))["retain"] == 1
    assert not Tip.objects.filter(pk=tip.pk).exists()


def test_what_came_under_a_time_ahead_is_told_and_due_when_it_is_set_back(
    kept: MakeTip, now: datetime
) -> None:
    tomorrow = now + DAY
    sweep(now=tomorrow)
    tip = kept(DANGER_NOW)
    sweep(now=tomorrow)
    tip.refresh_from_db()
    assert tip.routed_at is not None
    assert tip.routed_at >= tomorrow
    hand_off = HandOff.objects.get(tip=tip, is_primary=True)
    time_to_answer = hand_off.due_at - hand_off.queued_at
    HandOff.objects.update(notify_at=tomorrow)
    Notice.objects.update(state="WAITING", next_at=tomorrow + timedelta(minutes=2))
    sweep(now=now)
    hand_off.refresh_from_db()
    tip.refresh_from_db()
    assert tip.routed_at < now + MINUTE
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


YEAR = timedelta(days=365)


@pytest.mark.parametrize("jump", [DAY, YEAR, 40_000 * DAY])
def test_what_was_put_off_under_a_time_ahead_is_due_when_it_is_set_back(
    kept: MakeTip, now: datetime, jump: timedelta
) -> None:
    kept(DANGER_NOW)
    sweep(now=now)
    hand_off = HandOff.objects.get(is_primary=True)
    Notice.objects.filter(hand_off=hand_off).update(state="WAITING", next_at=now + jump)
    sweep(now=now + jump)
    hand_off.refresh_from_db()
    Notice.objects.filter(hand_off=hand_off).update(state="WAITING", next_at=now + jump)
    assert hand_off.escalations == 1
    assert hand_off.escalate_again_at is not None
    assert hand_off.escalate_again_at > now + jump
    sweep(now=now + 2 * MINUTE)
    hand_off.refresh_from_db()
    assert hand_off.escalations == 2
    assert hand_off.escalate_again_at is not None
    assert hand_off.escalate_again_at < now + timedelta(hours=2)
    assert hand_off.notify_at is not None
    assert hand_off.notify_at < now + timedelta(hours=1)
    ahead = Notice.objects.filter(state__in=["WAITING", "SENDING"], next_at__gt=now + DAY / 2)
    assert not ahead.exists()


def test_what_rightly_waits_goes_on_waiting(kept: MakeTip, now: datetime) -> None:
    for given in (DANGER_NOW, HOTEL_PATTERN):
        kept(given)
    sweep(now=now)
    for hand_off in HandOff.objects.all():
        hand_off.escalations = 1
        hand_off.escalate_again_at = acknowledge_by(hand_off.priority, now)
        hand_off.notify_at = now + 5 * MINUTE if hand_off.priority == "P1" else None
        hand_off.save()
    Notice.objects.update(state="WAITING", next_at=now + longest_wait())
    waits = ("pk", "escalate_again_at", "notify_at")
    before = list(HandOff.objects.order_by("pk").values_list(*waits))
    assert {at is None for _pk, _again, at in before} == {True, False}
    jumps.follow(now=now)
    watch.beat(jumps.JUMPED, now=now)
    jumps.follow(now=now)
    assert list(HandOff.objects.order_by("pk").values_list(*waits)) == before
    assert set(Notice.objects.values_list("next_at", flat=True)) == {now + longest_wait()}


@pytest.mark.parametrize("given", ["2027-03-09T08:40Z", "2026-10-27T06:40Z"])
def test_a_change_of_the_clocks_is_no_jump(kept: MakeTip, given: str) -> None:
    """Five days before it, whose end is by the wall clock."""
    at = datetime.fromisoformat(given)
    kept(HOTEL_PATTERN)
    sweep(now=at)
    later = next_alarm("P4", 1, at)
    HandOff.objects.update(priority="P4", escalations=1, escalate_again_at=later, due_at=at)
    for minutes in range(0, 130, 5):
        jumps.follow(now=at + minutes * MINUTE)
        watch.beat(watch.SWEPT, now=at + minutes * MINUTE)
    assert set(HandOff.objects.values_list("escalate_again_at", flat=True)) == {later}


def test_a_round_brings_back_a_part_and_the_next_the_rest(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jumps, "AT_ONCE", 2)
    for _ in range(3):
        kept()
    sweep(now=now)
    ahead = Notice.objects.filter(next_at__gt=now)
    Notice.objects.update(state="WAITING", next_at=now + YEAR)
    total = ahead.count()
    assert jumps.follow(now=now) == 2
    assert ahead.count() == total - 2
    while jumps.follow(now=now):
        pass
    assert not ahead.exists()


@pytest.mark.parametrize(
    ("attempts", "asked_for", "scale"),
    [(7, None, 1.0), (7, None, 10.0), (1, timedelta(days=9), 0.01)],
)
def test_no_notice_waits_longer_than_the_longest(
    attempts: int, asked_for: timedelta | None, scale: float
) -> None:
    wait = wait_after(attempts, jitter=1, asked_for=asked_for, scale=scale)
    assert wait == longest_wait(scale=scale)
    assert rest_of_others(asked_for, scale=scale) <= longest_wait(scale=scale)


def test_records_outlive_a_time_that_was_wrong(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    IntelligenceRecord.objects.create(
        number="I-0000-0001",
        tip=tip,
        offence="MONEY",
        facts=b"sealed",
        author=User.objects.create(username="olga"),
        proposed_at=now,
        review_by=now.date() + 30 * DAY,
    )
    sweep(now=now)
    sweep(now=now + YEAR)
    assert IntelligenceRecord.objects.exists()
    assert sweep(now=now + YEAR + timedelta(hours=25))["records"] == 1
