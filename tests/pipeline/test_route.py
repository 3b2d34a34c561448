import sqlite3
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from tests.pipeline.conftest import DANGER_NOW, MakeTip, Silence
from tipintake.delivery.models import HandOff
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line
from tipintake.pipeline import placing, route
from tipintake.pipeline.route import route_waiting
from tipintake.routing.models import Decision, Policy
from tipintake.staff.models import AuditEntry
from tipintake.tips import terms
from tipintake.tips.models import SearchTerm, Tip
from tipintake.tips.vocabulary import Term


def lines_of(tip: Tip) -> list[str]:
    return sorted(tip.hand_offs.values_list("line__code", flat=True))


def test_a_waiting_tip_is_decided_handed_over_and_recorded(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    assert route_waiting(now=now) == 1
    tip.refresh_from_db()
    decision = tip.decisions.get()
    primary = tip.hand_offs.get(is_primary=True)
    assert tip.routed_at == now
    assert tip.priority == decision.priority == primary.priority == "P3"
    assert decision.primary == primary.line.code == "wentzville-pd"
    assert decision.because
    assert primary.because
    assert primary.notify_at == primary.queued_at == now
    assert primary.due_at > now
    assert AuditEntry.objects.get(act="tip.routed").subject == tip.reference


def test_a_tip_is_found_by_the_city_in_which_it_was_placed(kept: MakeTip, now: datetime) -> None:
    tips = [kept() for _ in range(3)]
    SearchTerm.objects.filter(kind=Term.CITY).delete()  # as if nobody had typed or named one
    with CaptureQueriesContext(connection) as asked:
        route_waiting(now=now)
    found = SearchTerm.objects.filter(terms.in_city("wentzville")).values_list("tip", flat=True)
    assert set(found) == {tip.pk for tip in tips}
    written = [
        one["sql"] for one in asked if "INSERT" in one["sql"] and "searchterm" in one["sql"]
    ]
    assert len(written) == 1  # for all of them


def test_danger_now_is_due_in_a_quarter_of_an_hour(kept: MakeTip, now: datetime) -> None:
    tip = kept(DANGER_NOW)
    route_waiting(now=now)
    assert {h.due_at for h in tip.hand_offs.all()} == {now + timedelta(minutes=15)}
    assert tip.decisions.get().banner_911


def test_routing_again_changes_nothing(kept: MakeTip, now: datetime) -> None:
    kept()
    assert route_waiting(now=now) == 1
    assert route_waiting(now=now) == 0
    assert Decision.objects.count() == 1


def test_a_batch_takes_those_that_waited_longest(
    kept: MakeTip, now: datetime, region: Gazetteer
) -> None:
    young, old = kept(), kept()
    Tip.objects.filter(pk=old.pk).update(submitted_hour=now - timedelta(days=1))
    assert route_waiting(now=now, limit=1) == 1
    assert Tip.objects.get(pk=old.pk).routed_at == now
    assert Tip.objects.get(pk=young.pk).routed_at is None


def test_a_whole_batch_is_claimed_where_a_statement_takes_few_values(
    kept: MakeTip, now: datetime
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("a limit of older builds of SQLite")
    tips = [kept() for _ in range(2)]
    waiting = [
        route._Outcome(route._Waiting(key, "T", False, "", "", False, []), None)
        for key in (*(tip.pk for tip in tips), *(uuid4() for _ in range(route.AT_ONCE - 2)))
    ]
    connection.ensure_connection()
    before = connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, 999)
    try:
        with pytest.raises(route._TakenMeanwhile), transaction.atomic():
            route._claim(waiting, now=now)
    finally:
        connection.connection.setlimit(sqlite3.SQLITE_LIMIT_VARIABLE_NUMBER, before)
    assert Tip.objects.filter(routed_at=None).count() == 2


def test_notices_are_rung_for_after_the_commit(
    kept: MakeTip, now: datetime, silence: Silence, django_capture_on_commit_callbacks: Any
) -> None:
    kept()
    with django_capture_on_commit_callbacks(execute=True):
        route_waiting(now=now)
        assert silence.rung == []
    assert silence.rung == ["notify"]


@pytest.mark.parametrize("what", ["facts_of", "decide"])
def test_a_tip_that_cannot_be_decided_goes_to_people_and_the_others_go_their_way(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch, what: str
) -> None:
    where: Any = route if what == "facts_of" else placing
    good, bad = kept(), kept(DANGER_NOW)
    working = getattr(where, what)

    def breaks_on_the_bad_one(first: Any, *args: Any, **kwargs: Any) -> Any:
        if first == bad.pk or getattr(first, "immediacy", "") == "NOW":
            raise ZeroDivisionError
        return working(first, *args, **kwargs)

    monkeypatch.setattr(where, what, breaks_on_the_bad_one)
    assert route_waiting(now=now) == 2
    assert route_waiting(now=now) == 0
    assert "wentzville-pd" in lines_of(good)
    decision = bad.decisions.get()
    assert lines_of(bad) == ["regional-triage"]
    assert decision.rule == "R9"
    assert "No rule could place this tip" in decision.because
    # Somebody is asked to read it at once: it says itself that it is urgent.
    assert bad.hand_offs.get().due_at == now + timedelta(minutes=15)


@pytest.mark.parametrize(
    ("changes", "priority", "line"),
    [
        ({}, "P2", "regional-triage"),
        ({"immediacy": "NOW"}, "P1", "regional-triage"),
        ({"indicators": ["IMM_VIOLENCE"]}, "P1", "regional-triage"),
        ({"indicators": ["MIN_TRUANT"]}, "P1", "regional-triage"),
        ({"minor_present": "YES"}, "P1", "regional-triage"),
        ({"minor_present": "POSSIBLY"}, "P1", "regional-triage"),
        ({"reporter_is_victim": True}, "P1", "victim-advocate"),
        ({"reporter_is_victim": True, "police_consent": True}, "P1", "victim-advocate"),
    ],
)
@pytest.mark.parametrize("fails", ["decide", "_decide"])
def test_a_tip_routed_by_hand_keeps_its_urgency_and_a_victim_their_advocate(
    kept: MakeTip,
    now: datetime,
    monkeypatch: pytest.MonkeyPatch,
    changes: dict[str, Any],
    priority: str,
    line: str,
    fails: str,
) -> None:
    def breaks(*_args: Any, **_kwargs: Any) -> None:
        raise ZeroDivisionError

    tip = kept(**changes)
    monkeypatch.setattr(placing if fails == "decide" else route, fails, breaks)
    assert route_waiting(now=now) == 1
    assert lines_of(tip) == [line]
    assert tip.hand_offs.get().priority == priority
    assert Tip.objects.get(pk=tip.pk).priority == priority


def test_each_hand_off_names_the_rule_that_asked_for_its_line(
    kept: MakeTip, now: datetime
) -> None:
    tip = kept(minor_present="YES", indicators=["CTL_ID_HELD"])
    route_waiting(now=now)
    rules = dict(tip.hand_offs.values_list("line__code", "rule"))
    assert rules["wentzville-pd"] == rules["child-protection"] == "R1"
    assert rules["st-charles-county-task-force"] == "R3"


def test_a_tip_whose_rows_cannot_be_written_goes_to_people_and_the_others_go_their_way(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    good, bad = kept(), kept(DANGER_NOW)
    writing = route._decision

    def unwritable(outcome: Any, *args: Any, **kwargs: Any) -> Any:
        decision = writing(outcome, *args, **kwargs)
        if outcome.tip.pk == bad.pk and outcome.decided is not None:
            raise IntegrityError
        return decision

    monkeypatch.setattr(route, "_decision", unwritable)
    assert route_waiting(now=now) == 2
    assert "wentzville-pd" in lines_of(good)
    assert good.decisions.count() == 1
    assert lines_of(bad) == ["regional-triage"]


def test_a_tip_that_cannot_even_be_read_goes_to_people(kept: MakeTip, now: datetime) -> None:
    good, bad = kept(), kept()
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps no date that cannot be read")
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE tipintake_tip SET submitted_hour = '2026-99-99 00:00:00' WHERE reference = %s",
            [bad.reference],
        )
    assert route_waiting(now=now) == 2
    assert "wentzville-pd" in lines_of(good)
    assert list(HandOff.objects.filter(tip_id=bad.pk).values_list("line__code", flat=True)) == [
        "regional-triage"
    ]


def test_a_database_that_fails_is_not_blamed_on_the_tips(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tip = kept()

    def fails(*_args: Any, **_kwargs: Any) -> None:
        raise OperationalError("database is locked")

    monkeypatch.setattr(route, "_claim", fails)
    with pytest.raises(OperationalError):
        route_waiting(now=now)
    tip.refresh_from_db()
    assert tip.routed_at is None


def test_triage_stands_in_for_a_line_that_is_no_longer_active(
    kept: MakeTip, now: datetime
) -> None:
    Line.objects.filter(code="wentzville-pd").update(active=False)
    tip = kept()
    route_waiting(now=now)
    assert tip.hand_offs.get(is_primary=True).line.code == "regional-triage"
    assert tip.decisions.get().primary == "regional-triage"


def test_tips_wait_until_a_region_is_loaded(
    kept: MakeTip, now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    tip = kept()
    Line.objects.update(active=False)
    assert route_waiting(now=now) == 0
    assert "region load" in caplog.text
    Line.objects.update(active=True)
    assert route_waiting(now=now) == 1
    assert lines_of(tip)


def test_a_decision_says_which_policy_and_region_it_followed(
    kept: MakeTip, now: datetime, region: Gazetteer
) -> None:
    Policy.objects.filter(state="ACTIVE").delete()
    Policy.objects.get_or_create(
        version=1, defaults={"title": "First", "state": "ACTIVE", "digest": "0" * 64}
    )
    tip = kept()
    route_waiting(now=now)
    decision = tip.decisions.get()
    assert decision.policy_version == 1
    assert decision.region_version == region.version


def test_no_reason_quotes_the_narrative(kept: MakeTip, now: datetime) -> None:
    words = "Zanzibarfahrrad stands behind the building near Wentzville every single night."
    tip = kept(narrative=words)
    route_waiting(now=now)
    decision = tip.decisions.get()
    written = f"{decision.because} {decision.place} {decision.rules}"
    written += " ".join(tip.hand_offs.values_list("because", flat=True))
    assert "Zanzibarfahrrad" not in written


def test_a_tip_that_another_process_took_meanwhile_is_routed_once_and_the_others_too(
    kept: MakeTip, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    tips = [kept() for _ in range(3)]
    deciding = route._decide

    def overtaken(*given: Any) -> Any:
        Tip.objects.filter(pk=tips[1].pk, routed_at=None).update(routed_at=now)
        return deciding(*given)

    monkeypatch.setattr(route, "_decide", overtaken)
    assert route_waiting(now=now) == 2
    assert [Decision.objects.filter(tip=tip).count() for tip in tips] == [1, 0, 1]
    assert [HandOff.objects.filter(tip=tip).exists() for tip in tips] == [True, False, True]
