from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta

import pytest
from django.db import connection, transaction

from tests.pipeline.conftest import HOTEL_PATTERN, MakeTip, Silence
from tests.waiting import eventually, somebody_waits_for_us
from tipintake.delivery.models import Notice
from tipintake.pipeline import sweep as sweeping
from tipintake.pipeline import watch
from tipintake.pipeline.draining import drained
from tipintake.pipeline.sweep import sweep
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import HeldSpan, Tip
from tipintake.tips.vocabulary import LegalHold
from tipintake.triage import actions


def test_one_sweep_does_all_that_lost_bells_left_waiting(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    done = sweep(now=now)
    assert done["route"] == 1
    tip.refresh_from_db()
    assert tip.routed_at is not None
    assert not Notice.objects.exclude(state="SENT").exists()
    # Every contact of the region is a call sheet: nobody outside was told of anything.
    assert set(tip.hand_offs.values_list("state", flat=True)) == {"QUEUED"}


def test_one_failing_step_does_not_stop_the_others(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept()

    def fails(**_arguments: object) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(sweeping, "escalate_overdue", fails)
    done = sweep(now=now, also=[("forget", lambda _now: 7)])
    assert done["escalate"] is None
    assert done["route"] == 1
    assert done["forget"] == 7


def held(tip: Tip, *, until: date) -> None:
    HeldSpan.objects.create(
        tip=tip,
        field="/narrative",
        kind="PHONE",
        rule="test",
        sealed=b"sealed",
        destroy_after=until,
    )


def test_held_words_are_destroyed_on_time_and_not_before(kept: MakeTip, now: datetime) -> None:
    tip = kept(HOTEL_PATTERN)
    for days in (-1, 0, 14):
        held(tip, until=(now + timedelta(days=days)).date())
    watch.beat(watch.SWEPT, now=now)
    assert sweep(now=now)["held spans"] == 1
    assert HeldSpan.objects.count() == 2
    assert AuditEntry.objects.get(act="held_spans.destroyed").facts == {"count": 1}


def test_held_words_of_a_tip_on_legal_hold_stay_sealed(kept: MakeTip, now: datetime) -> None:
    tip = kept(HOTEL_PATTERN)
    Tip.objects.filter(pk=tip.pk).update(legal_hold="COURT_ORDER")
    held(tip, until=now.date() - timedelta(days=1))
    watch.beat(watch.SWEPT, now=now)
    assert sweep(now=now)["held spans"] == 0
    Tip.objects.filter(pk=tip.pk).update(legal_hold="")
    assert sweep(now=now)["held spans"] == 1


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has one writer at a time")
@pytest.mark.django_db(transaction=True)
def test_a_hold_that_is_placed_while_the_sweep_begins_keeps_held_words(
    kept: MakeTip, now: datetime
) -> None:
    tip = kept(HOTEL_PATTERN)
    held(tip, until=now.date() - timedelta(days=1))
    watch.beat(watch.SWEPT, now=now)

    def swept() -> dict[str, int | None]:
        try:
            return sweep(now=now)
        finally:
            connection.close()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            actions.hold(tip, LegalHold.COURT_ORDER, by="sam", now=now)
            done = pool.submit(swept)
            eventually(lambda: done.done() or somebody_waits_for_us(), seconds=30)
        assert done.result(30)["held spans"] == 0
    assert HeldSpan.objects.filter(tip=tip).count() == 1


def test_draining_stops_after_a_batch_that_was_not_full_or_out_of_time(
    now: datetime,
) -> None:
    left = [3, 3, 1, 2]

    def step(*, now: datetime) -> int:
        return left.pop(0) if left else 0

    assert drained(step, full=3, now=now, seconds=60) == (7, False)
    assert left == [2], "what came meanwhile has a bell of its own"
    assert drained(lambda *, now: 1, full=1, now=now, seconds=0) == (0, True)


def test_what_a_sweep_could_not_finish_is_rung_for(
    kept: MakeTip, now: datetime, silence: Silence, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sweeping, "SECONDS_A_STEP", 0.0)
    kept()
    sweep(now=now)
    assert silence.rung == ["route", "route", "notify"]
    assert Tip.objects.filter(routed_at=None).count() == 1
