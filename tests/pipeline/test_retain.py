"""What is over is destroyed, whole and on time; what is not stays."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.utils import timezone

from tests.pipeline.conftest import MakeTip
from tipintake.delivery.models import IN_HAND, HandOff
from tipintake.door.status import status_of
from tipintake.pipeline import jumps, watch
from tipintake.pipeline.retain import purge_due, purge_test
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.pipeline.sweep import sweep
from tipintake.privacy.receipts import ReceiptCode
from tipintake.staff import audit, verifying
from tipintake.staff.models import AuditEntry
from tipintake.tips import retention
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import DataKey, Message, Tip, Tombstone
from tipintake.tips.vocabulary import CameBy, Disposition

Closed = Callable[..., Tip]
DAY = timedelta(days=1)


@pytest.fixture
def closed(kept: MakeTip, now: datetime) -> Closed:
    """A tip that its lines closed so, at `now`."""

    def close(disposition: Disposition, **more: str) -> Tip:
        tip = kept()
        route_waiting(now=now)
        tip.hand_offs.update(state="CLOSED", disposition=disposition)
        Tip.objects.filter(pk=tip.pk).update(
            status="CLOSED", disposition=disposition, closed_on=retention.today(now), **more
        )
        tip.refresh_from_db()
        return tip

    return close


@pytest.mark.parametrize("disposition", Disposition)
def test_each_tip_is_kept_as_long_as_the_table_says(
    closed: Closed, now: datetime, disposition: Disposition
) -> None:
    closed(disposition)
    days = 30 if disposition in {"UNFOUNDED", "PRANK", "SPAM"} else 730
    assert purge_due(now=now + days * DAY - timedelta(hours=1), limit=9) == 0
    assert purge_due(now=now + (days + 1) * DAY, limit=9) == 1
    assert not Tip.objects.exists()


@pytest.mark.parametrize("state", IN_HAND)
def test_an_open_tip_is_listed_at_half_a_year_and_gone_after_two(
    kept: MakeTip, now: datetime, state: str
) -> None:
    tip = kept()
    route_waiting(now=now)
    tip.hand_offs.update(state=state)
    assert not retention.to_review(now=now + 179 * DAY).exists()
    assert list(retention.to_review(now=now + 181 * DAY)) == [tip]
    assert purge_due(now=now + 729 * DAY, limit=9) == 0
    assert purge_due(now=now + 731 * DAY, limit=9) == 1


def test_a_tip_that_was_never_placed_is_never_gone(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    assert purge_due(now=now + 5000 * DAY, limit=9) == 0
    assert list(retention.to_review(now=now + 5000 * DAY)) == [tip]


@pytest.mark.parametrize("state", IN_HAND)
def test_where_the_time_jumped_what_a_line_has_stays_for_thirty_days(
    kept: MakeTip, now: datetime, state: str
) -> None:
    tip = kept()
    route_waiting(now=now)
    tip.hand_offs.update(state=state)
    watch.beat(jumps.JUMPED, now=now + 1000 * DAY)
    assert purge_due(now=now + 1029 * DAY, limit=9) == 0
    assert purge_due(now=now + 1031 * DAY, limit=9) == 1


def test_where_the_time_jumped_what_was_just_closed_stays_for_thirty_days(
    closed: Closed, now: datetime
) -> None:
    late = now + 1000 * DAY
    lately, long_ago = closed(Disposition.CASE_OPENED), closed(Disposition.CASE_OPENED)
    Tip.objects.filter(pk=lately.pk).update(closed_on=retention.today(late))
    watch.beat(jumps.JUMPED, now=late)
    assert purge_due(now=late + 29 * DAY, limit=9) == 1
    assert not Tip.objects.filter(pk=long_ago.pk).exists()
    assert purge_due(now=late + 31 * DAY, limit=9) == 1


def test_a_tip_that_one_line_still_has_is_not_destroyed_for_what_another_said(
    closed: Closed, now: datetime
) -> None:
    tip = closed(Disposition.SPAM)
    HandOff.objects.filter(pk=tip.hand_offs.latest("pk").pk).update(state="ACKNOWLEDGED")
    assert purge_due(now=now + 700 * DAY, limit=9) == 0
    tip.hand_offs.update(state="CLOSED")
    assert purge_due(now=now + 700 * DAY, limit=9) == 1


def test_who_has_a_tip_is_said_alike_where_it_is_kept_and_where_it_is_handed_over() -> None:
    assert set(retention.IN_HAND) == set(IN_HAND)


def test_a_tip_that_was_closed_under_a_time_ahead_is_not_kept_until_then(
    closed: Closed, now: datetime
) -> None:
    tip = closed(Disposition.CASE_OPENED)
    Tip.objects.filter(pk=tip.pk).update(closed_on=retention.today(now + 9000 * DAY))
    watch.beat(jumps.JUMPED, now=now + 730 * DAY)
    assert purge_due(now=now + 731 * DAY, limit=9) == 1


def test_a_legal_hold_stops_the_clock_until_it_is_lifted(closed: Closed, now: datetime) -> None:
    tip = closed(Disposition.SPAM, legal_hold="COURT_ORDER")
    late = now + 5000 * DAY
    assert purge_due(now=late, limit=9) == 0
    Tip.objects.filter(pk=tip.pk).update(legal_hold="")
    assert purge_due(now=late, limit=9) == 1


def test_an_answer_keeps_a_closed_tip_until_thirty_days_after_it_was_read(
    closed: Closed, now: datetime
) -> None:
    tip = closed(Disposition.UNFOUNDED)
    for number, read_at in enumerate([now, None], start=1):
        Message.objects.create(
            tip=tip, number=number, direction="ANSWER", at=now, for_desk=b"x", read_at=read_at
        )
    late = now + 60 * DAY
    assert retention.kept_until(tip) == retention.today(tip.submitted_hour + 730 * DAY)
    assert purge_due(now=late, limit=9) == 0
    Message.objects.filter(read_at=None).update(read_at=late)
    assert retention.kept_until(tip) == retention.today(late + 30 * DAY)
    for days in (0, 30):
        assert purge_due(now=late + days * DAY, limit=9) == 0
    assert purge_due(now=late + 31 * DAY, limit=9) == 1


def test_an_answer_that_was_read_before_the_tip_was_closed_keeps_it_no_longer(
    closed: Closed, now: datetime
) -> None:
    tip = closed(Disposition.SPAM)
    Message.objects.create(
        tip=tip, number=1, direction="ANSWER", at=now, for_desk=b"x", read_at=now - 9 * DAY
    )
    assert retention.kept_until(tip) == retention.today(now + 30 * DAY)
    assert purge_due(now=now + 31 * DAY, limit=9) == 1


def test_when_lines_disagree_the_weightiest_word_holds() -> None:
    assert set(retention.WEIGHT) == set(Disposition)
    assert retention.weightiest(["SPAM", "CASE_OPENED", ""]) == "CASE_OPENED"
    assert retention.weightiest(["PRANK", "NO_ACTION"]) == "NO_ACTION"
    assert retention.weightiest([""]) is None


def test_a_purge_is_done_in_small_batches(closed: Closed, now: datetime) -> None:
    for _ in range(5):
        closed(Disposition.SPAM)
    late = now + 40 * DAY
    assert purge_due(now=late, limit=2) == 2
    assert Tip.objects.count() == 3
    watch.beat(watch.SWEPT, now=late)
    assert sweep(now=late)["retain"] == 3


def test_what_stays_is_a_count_and_a_record_without_a_number(
    closed: Closed, now: datetime
) -> None:
    tip = closed(Disposition.SPAM)
    closed(Disposition.SPAM)
    purge_due(now=now + 40 * DAY, limit=9)
    (stone,) = Tombstone.objects.all()
    assert (stone.month, stone.disposition, stone.tips) == (date(2026, 11, 1), "SPAM", 2)
    assert not DataKey.objects.exists()
    assert not AuditEntry.objects.filter(subject=tip.reference).exists()
    records = AuditEntry.objects.filter(act="tip.purged")
    assert {one.subject for one in records} == {""}
    assert all(set(one.facts) == {"rule", "entries"} for one in records)
    audit.seal_chain(now=now)
    # No head file here.
    assert [one for one in verifying.verify() if "is missing" not in one] == []


def test_tips_of_a_test_go_at_once_and_are_counted_apart(
    closed: Closed, kept: MakeTip, now: datetime
) -> None:
    tip, other, held = closed(Disposition.CASE_OPENED), kept(), kept()
    Tip.objects.filter(pk=held.pk).update(legal_hold="COURT_ORDER")
    ours = Tip.objects.filter(pk__in=[tip.pk, held.pk])
    assert purge_test(ours, actor="seizure_test", now=now) == 1
    assert set(Tip.objects.all()) == {other, held}
    (stone,) = Tombstone.objects.all()
    assert (stone.month, stone.disposition, stone.tips) == (date(2026, 11, 1), "TEST", 1)
    (record,) = AuditEntry.objects.filter(act="tip.purged")
    assert (record.actor, record.facts["rule"]) == ("seizure_test", "TEST")
    assert not AuditEntry.objects.filter(subject=tip.reference).exists()


def test_a_purge_that_breaks_leaves_the_tip_whole(
    closed: Closed, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = closed(Disposition.SPAM)

    def fails(_subject: str) -> int:
        raise ZeroDivisionError

    monkeypatch.setattr(audit, "forget", fails)
    assert purge_due(now=now + 40 * DAY, limit=9) == 0
    assert DataKey.objects.filter(tip=tip).exists()
    assert not Tombstone.objects.exists()


def test_what_cannot_be_purged_keeps_nothing_else_back(
    closed: Closed, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = [closed(Disposition.SPAM) for _ in range(4)]
    stuck = tips[0]
    forget = audit.forget

    def fails_for_one(subject: str) -> int:
        if subject == stuck.reference:
            raise ZeroDivisionError
        return forget(subject)

    monkeypatch.setattr(audit, "forget", fails_for_one)
    for _ in range(200):
        purge_due(now=now + 40 * DAY, limit=1)
    assert set(Tip.objects.all()) == {stuck}


def test_a_routed_tip_goes_with_its_hand_offs(closed: Closed, now: datetime) -> None:
    tip = closed(Disposition.SPAM)
    assert tip.hand_offs.exists()
    assert purge_due(now=now + 40 * DAY, limit=9) == 1


def test_the_receipt_of_a_purged_tip_is_unknown(closed: Closed, now: datetime) -> None:
    draft = TipDraft(
        category="OTHER_UNSURE", immediacy="PAST", minor_present="NO", indicators=("HTL_TRAFFIC",)
    )
    code: ReceiptCode = submit_tip(draft, came_by=CameBy.API, now=now).code
    closed(Disposition.SPAM)
    HandOff.objects.update(state="CLOSED")
    assert status_of(code) is not None
    purge_due(now=now + 800 * DAY, limit=9)
    assert status_of(code) is None


def run(*options: str) -> str:
    said = StringIO()
    call_command("retain", *options, stdout=said)
    return " ".join(said.getvalue().split())


def test_a_dry_run_says_what_is_due_and_changes_nothing(closed: Closed, kept: MakeTip) -> None:
    watch.beat(watch.SWEPT, now=timezone.now())
    long_ago = timezone.now() - 40 * DAY
    due = closed(Disposition.SPAM)
    Tip.objects.filter(pk=due.pk).update(closed_on=long_ago.date())
    old = kept()
    Tip.objects.filter(pk=old.pk).update(submitted_hour=datetime(2026, 1, 1, tzinfo=UTC))
    said = run("--dry-run")
    assert "SPAM │ 30 │ 1 │ 0" in said
    assert "Open for more than 180 days, to be reviewed: 1" in said
    assert old.reference in said
    assert "Nothing was changed." in said
    assert Tip.objects.count() == 2
    assert "1 purged." in run()
    assert list(Tip.objects.all()) == [old]


def test_what_could_not_be_purged_is_not_called_nothing(
    closed: Closed, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    watch.beat(watch.SWEPT, now=timezone.now())
    for _ in range(2):
        tip = closed(Disposition.SPAM)
        Tip.objects.filter(pk=tip.pk).update(closed_on=(timezone.now() - 40 * DAY).date())

    def full(_subject: str) -> int:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(audit, "forget", full)
    with pytest.raises(CommandError, match="2 that are due were not purged and are whole"):
        call_command("retain")
    said = capsys.readouterr().out
    assert "0 purged." in said
    assert "Nothing to purge" not in said


@pytest.mark.parametrize("beaten", [-DAY, 3 * DAY, None])
def test_after_the_time_jumped_it_purges_only_when_told_so(
    closed: Closed, beaten: timedelta | None
) -> None:
    tip = closed(Disposition.SPAM)
    Tip.objects.filter(pk=tip.pk).update(closed_on=(timezone.now() - 40 * DAY).date())
    if beaten is not None:
        watch.beat(watch.SWEPT, now=timezone.now() - beaten)
    with pytest.raises(CommandError, match="--although-time-jumped"):
        run()
    assert "SPAM │ 30 │ 1 │ 0" in run("--dry-run")
    assert Tip.objects.exists()
    assert "1 purged." in run("--although-time-jumped")
