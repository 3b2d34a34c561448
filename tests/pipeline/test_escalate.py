from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.pipeline.conftest import MakeTip
from tipintake.delivery.hand_over import hand_over
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Jurisdiction, Line
from tipintake.pipeline import escalate
from tipintake.pipeline.escalate import escalate_overdue
from tipintake.routing.models import Decision
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip

Handed = Any


@pytest.fixture
def handed(kept: MakeTip, now: datetime) -> Handed:
    """A tip in the queues of exactly these lines, as if routing had put it there."""

    def hand(
        *codes: str,
        priority: str = "P2",
        rule: str = "R3",
        scene: str = "wentzville-mo",
        **tip: Any,
    ) -> Tip:
        kept_tip = kept(**tip)
        Tip.objects.filter(pk=kept_tip.pk).update(routed_at=now, priority=priority)
        Decision.objects.create(
            tip=kept_tip,
            decided_at=now,
            policy_version=1,
            rule=rule,
            rules=[rule],
            primary=codes[0],
            also=list(codes[1:]),
            priority=priority,
            banner_911=False,
            because="test",
            place_outcome="resolved",
            jurisdiction=scene,
            place={},
        )
        for code in codes:
            hand_over(
                kept_tip.pk,
                Line.objects.get(code=code),
                low_trust=kept_tip.low_trust,
                priority=priority,
                rule=rule,
                because="test",
                now=now,
            ).save()
        return kept_tip

    return hand


def queues(tip: Tip) -> set[str]:
    return set(tip.hand_offs.values_list("line__code", flat=True))


def alarms(tip: Tip, number: int) -> set[str]:
    """Who is alarmed: "line/role"."""
    return {
        f"{notice.contact.line.code}/{notice.contact.role}"
        for hand_off in tip.hand_offs.all()
        for notice in hand_off.notices.filter(purpose="OVERDUE", round=number)
    }


def test_nothing_happens_before_the_deadline(handed: Handed, now: datetime) -> None:
    tip = handed("wentzville-pd")
    assert escalate_overdue(now=now + timedelta(hours=3, minutes=59)) == 0
    assert queues(tip) == {"wentzville-pd"}


def test_a_missed_deadline_alarms_supervisors_and_adds_triage(
    handed: Handed, now: datetime
) -> None:
    tip = handed("wentzville-pd")
    late = now + timedelta(hours=4)
    assert escalate_overdue(now=late) == 1
    assert queues(tip) == {"wentzville-pd", "regional-triage"}
    assert "regional-triage/SUPERVISOR" in alarms(tip, 1)
    added = tip.hand_offs.get(line__code="regional-triage")
    assert added.priority == "P2"
    assert added.due_at == late + timedelta(hours=4)
    assert "in time" in added.because
    assert AuditEntry.objects.get(act="hand_off.escalated").facts["step"] == 1


@pytest.mark.parametrize("state", ["DECLINED", "TRANSFERRED"])
def test_triage_has_a_tip_again_that_it_passed_to_a_line_that_sleeps(
    handed: Handed, now: datetime, state: str
) -> None:
    tip = handed("regional-triage", "wentzville-pd")
    triage = tip.hand_offs.filter(line__code="regional-triage")
    triage.update(state=state, notify_at=None)
    escalate_overdue(now=now + timedelta(hours=4))
    again = triage.get()
    assert again.state == "QUEUED"
    assert again.due_at == now + timedelta(hours=8)
    entry = AuditEntry.objects.get(act="hand_off.escalated")
    assert entry.facts["lines_added"] == ["regional-triage"]


@pytest.mark.parametrize("disposition", ["REFERRED_AGENCY", "INFORMATION_ONLY", "NO_ACTION"])
def test_triage_has_a_tip_again_whose_part_it_closed_while_the_other_line_sleeps(
    handed: Handed, now: datetime, disposition: str
) -> None:
    tip = handed("regional-triage", "wentzville-pd")
    triage = tip.hand_offs.filter(line__code="regional-triage")
    triage.update(state="CLOSED", disposition=disposition, notify_at=None)
    assert escalate_overdue(now=now + timedelta(hours=4)) == 1
    again = triage.get()
    assert (again.state, again.disposition) == ("QUEUED", "")
    assert again.due_at == now + timedelta(hours=8)


@pytest.mark.parametrize(
    ("code", "state", "disposition"),
    [
        ("regional-triage", "CLOSED", "SPAM"),
        ("regional-triage", "CLOSED", "PRANK"),
        ("regional-triage", "CLOSED", "UNFOUNDED"),
        ("regional-triage", "CLOSED", "DUPLICATE"),
        ("st-charles-county-pd", "CLOSED", "REFERRED_AGENCY"),
        ("st-charles-county-pd", "DECLINED", ""),
    ],
)
def test_who_found_nothing_in_it_or_answered_outside_the_house_is_not_asked_again(
    handed: Handed, now: datetime, code: str, state: str, disposition: str
) -> None:
    tip = handed("wentzville-pd", code)
    tip.hand_offs.filter(line__code=code).update(state=state, disposition=disposition)
    escalate_overdue(now=now + timedelta(hours=4))
    escalate_overdue(now=now + timedelta(hours=8))
    kept = tip.hand_offs.get(line__code=code)
    assert (kept.state, kept.disposition) == (state, disposition)


def test_the_same_deadline_alarms_once(handed: Handed, now: datetime) -> None:
    handed("wentzville-pd")
    assert escalate_overdue(now=now + timedelta(hours=4)) == 1
    assert escalate_overdue(now=now + timedelta(hours=4, minutes=1)) == 0


def test_a_second_period_adds_the_county_of_the_scene_and_alarms_the_coordinator(
    handed: Handed, now: datetime
) -> None:
    tip = handed("wentzville-pd")
    escalate_overdue(now=now + timedelta(hours=4))
    HandOff.objects.filter(tip=tip, line__code="regional-triage").update(state="ACKNOWLEDGED")
    assert escalate_overdue(now=now + timedelta(hours=7, minutes=59)) == 0
    assert escalate_overdue(now=now + timedelta(hours=8)) == 1
    assert queues(tip) == {"wentzville-pd", "regional-triage", "st-charles-county-pd"}
    assert "regional-triage/COORDINATOR" in alarms(tip, 2)
    wentzville = tip.hand_offs.get(line__code="wentzville-pd")
    assert wentzville.state == "QUEUED"
    assert wentzville.escalations == 2


def test_there_is_no_third_alarm(handed: Handed, now: datetime) -> None:
    tip = handed("wentzville-pd")
    for hours in (4, 8):
        escalate_overdue(now=now + timedelta(hours=hours))
    HandOff.objects.filter(tip=tip).exclude(line__code="wentzville-pd").update(state="CLOSED")
    assert escalate_overdue(now=now + timedelta(days=30)) == 0


def test_supervisors_hear_of_an_urgent_tip_each_hour_until_somebody_answers(
    handed: Handed, now: datetime
) -> None:
    tip = handed("wentzville-pd", priority="P1", rule="R0")
    for minutes in (15, 30, 45):  # the last: triage itself does not answer
        escalate_overdue(now=now + timedelta(minutes=minutes))
    lines = queues(tip)
    tip.hand_offs.exclude(line__code="wentzville-pd").update(state="ACKNOWLEDGED")
    assert escalate_overdue(now=now + timedelta(minutes=89)) == 0
    for hours, number in ((1, 3), (2, 4), (30, 5)):
        assert escalate_overdue(now=now + timedelta(minutes=30, hours=hours)) == 1
        assert "regional-triage/COORDINATOR" in alarms(tip, number)
    assert queues(tip) == lines
    tip.hand_offs.update(state="ACKNOWLEDGED", escalate_again_at=None)
    assert escalate_overdue(now=now + timedelta(days=9)) == 0


def test_a_line_that_got_the_tip_back_and_sleeps_again_is_alarmed_about_again(
    handed: Handed, now: datetime
) -> None:
    tip = handed("regional-triage")
    escalate_overdue(now=now + timedelta(hours=4))
    again = now + timedelta(days=1)
    tip.hand_offs.update(escalations=0, escalate_again_at=None, due_at=again)
    escalate_overdue(now=again)
    assert alarms(tip, 1) == alarms(tip, 2) == {"regional-triage/SUPERVISOR"}


@pytest.mark.parametrize("state", ["ACKNOWLEDGED", "DECLINED", "TRANSFERRED", "CLOSED"])
def test_an_answered_hand_off_alarms_nobody(handed: Handed, now: datetime, state: str) -> None:
    tip = handed("wentzville-pd")
    tip.hand_offs.update(state=state)
    assert escalate_overdue(now=now + timedelta(days=2)) == 0


def test_who_asked_for_an_advocate_only_is_never_passed_to_anybody_else(
    handed: Handed, now: datetime
) -> None:
    tip = handed(
        "victim-advocate",
        priority="P1",
        rule="R7",
        reporter_is_victim=True,
        police_consent=False,
    )
    for minutes in (15, 30, 45, 300):
        escalate_overdue(now=now + timedelta(minutes=minutes))
    assert queues(tip) == {"victim-advocate"}
    told = alarms(tip, 1) | alarms(tip, 2)
    assert told
    assert {who.partition("/")[0] for who in told} == {"victim-advocate"}


def test_silence_about_consent_means_no(handed: Handed, now: datetime) -> None:
    tip = handed("victim-advocate", priority="P1", rule="R7", reporter_is_victim=True)
    escalate_overdue(now=now + timedelta(minutes=15))
    assert queues(tip) == {"victim-advocate"}


def test_a_victim_in_danger_without_consent_reaches_no_further_police(
    handed: Handed, now: datetime
) -> None:
    tip = handed("wentzville-pd", priority="P1", rule="R0", reporter_is_victim=True)
    for minutes in (15, 30, 45):
        escalate_overdue(now=now + timedelta(minutes=minutes))
    assert queues(tip) == {"wentzville-pd", "regional-triage"}


@pytest.mark.parametrize(("rule", "priority"), [("R6", "P4"), ("R9", "P4"), ("R6", "P3")])
def test_an_advertisement_alone_never_becomes_police_work_by_waiting(
    handed: Handed, now: datetime, rule: str, priority: str
) -> None:
    tip = handed("st-charles-county-task-force", priority=priority, rule=rule)
    for days in (6, 12, 18, 24):
        escalate_overdue(now=now + timedelta(days=days))
    assert queues(tip) == {"st-charles-county-task-force", "regional-triage"}
    told = alarms(tip, 1) | alarms(tip, 2)
    assert {who.partition("/")[0] for who in told} == {"regional-triage"}


@pytest.mark.parametrize("scene", ["", "no-such-place"])
def test_an_unknown_scene_adds_no_county(handed: Handed, now: datetime, scene: str) -> None:
    tip = handed("mshp", scene=scene)
    escalate_overdue(now=now + timedelta(hours=4))
    escalate_overdue(now=now + timedelta(hours=8))
    assert queues(tip) == {"mshp", "regional-triage"}


def test_a_town_over_two_counties_adds_neither_unless_a_point_decided(
    handed: Handed, now: datetime
) -> None:
    Jurisdiction.objects.filter(code="wentzville-mo").update(county="")
    by_name, by_point = handed("mshp"), handed("mshp")
    by_point.decisions.update(place={"county": "st-charles-county"})
    for hours in (4, 8):
        escalate_overdue(now=now + timedelta(hours=hours))
    assert queues(by_name) == {"mshp", "regional-triage"}
    assert queues(by_point) == {"mshp", "regional-triage", "st-charles-county-pd"}


def test_each_line_is_timed_separately(handed: Handed, now: datetime) -> None:
    tip = handed("wentzville-pd", "mshp")
    tip.hand_offs.filter(line__code="mshp").update(state="ACKNOWLEDGED")
    assert escalate_overdue(now=now + timedelta(hours=4)) == 1


def test_one_hand_off_that_cannot_be_escalated_does_not_stop_the_others(
    handed: Handed, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    bad, good = handed("wentzville-pd", scene="bad"), handed("wentzville-pd")
    finding = escalate._county_line

    def breaks(hand_off: HandOff) -> str:
        if hand_off.tip_id == bad.pk:
            raise ZeroDivisionError
        return finding(hand_off)

    escalate_overdue(now=now + timedelta(hours=4))
    HandOff.objects.filter(line__code="regional-triage").update(state="ACKNOWLEDGED")
    monkeypatch.setattr(escalate, "_county_line", breaks)
    assert escalate_overdue(now=now + timedelta(hours=8)) == 1
    assert "st-charles-county-pd" in queues(good)
    assert HandOff.objects.get(tip=bad, line__code="wentzville-pd").escalations == 1
