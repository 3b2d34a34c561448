"""Staff read a tip otherwise: it goes another way, with the reason, and nothing is lost."""

from datetime import datetime, timedelta

import pytest

from tests.pipeline.conftest import ASKS_FOR_AN_ADVOCATE, DANGER_NOW, ONLINE_AD, MakeTip
from tipintake.directory.models import Line
from tipintake.pipeline.reroute import CannotReroute, Why, foresee, reroute
from tipintake.pipeline.route import route_waiting
from tipintake.staff.models import AuditEntry
from tipintake.tips import terms
from tipintake.tips.models import SearchTerm, Tip


def states(tip: Tip) -> dict[str, str]:
    return dict(tip.hand_offs.values_list("line__code", "state"))


def test_a_tip_about_a_child_goes_to_child_protection_at_once(
    kept: MakeTip, now: datetime
) -> None:
    tip = kept()
    route_waiting(now=now)
    later = now + timedelta(hours=2)
    reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=later)
    assert {"wentzville-pd", "child-protection", "nhth"} <= states(tip).keys()
    police = tip.hand_offs.get(line__code="wentzville-pd")
    assert police.priority == "P1"
    assert police.due_at == later + timedelta(minutes=15)
    assert police.notify_at == later
    decision = tip.decisions.order_by("-pk")[0]
    assert (decision.made_by, decision.why, decision.rule) == ("sam", "MINOR", "R1")
    assert decision.corrected == {"minor_present": "YES"}
    tip.refresh_from_db()
    assert tip.priority == "P1"
    assert tip.minor_present == "NO"  # as it was answered
    facts = AuditEntry.objects.get(act="tip.rerouted").facts
    assert facts["reason"] == "MINOR"
    assert facts["corrected"] == ["minor_present"]


def test_a_line_that_is_no_longer_asked_is_let_go_unless_it_has_the_tip(
    kept: MakeTip, now: datetime
) -> None:
    tip = kept(ONLINE_AD)
    route_waiting(now=now)
    (first,) = states(tip)
    seen = foresee(tip, {"minor_present": "YES"})
    assert "icac" in {line.code for line in seen.new}
    tip.hand_offs.update(state="ACKNOWLEDGED")
    reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    assert states(tip)[first] == "ACKNOWLEDGED"
    other = kept(ONLINE_AD)
    route_waiting(now=now)
    reroute(other, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    assert states(other)[first] == "TRANSFERRED"
    assert states(other)["icac"] == "QUEUED"
    assert other.hand_offs.get(is_primary=True).line.code == "icac"
    assert AuditEntry.objects.filter(act="hand_off.let_go", subject=other.reference).exists()


def test_consent_is_never_corrected(kept: MakeTip, now: datetime) -> None:
    tip = kept(ASKS_FOR_AN_ADVOCATE)
    route_waiting(now=now)
    with pytest.raises(CannotReroute):
        reroute(
            tip,
            {"category": "SEX_TRAFFICKING", "police_consent": "yes", "reporter_is_victim": ""},
            why=Why.KIND,
            by="sam",
            now=now,
        )
    assert states(tip).keys() == {"victim-advocate"}


def test_nothing_becomes_less_urgent_by_it(kept: MakeTip, now: datetime) -> None:
    tip = kept(DANGER_NOW)
    route_waiting(now=now)
    reroute(tip, {"immediacy": "PAST"}, why=Why.URGENCY, by="sam", now=now)
    assert tip.hand_offs.get(line__code="wentzville-pd").priority == "P1"


def test_an_agency_that_declined_is_not_asked_again(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    route_waiting(now=now)
    tip.hand_offs.create(
        line=Line.objects.get(code="child-protection"),
        priority="P3",
        rule="R1",
        because="test",
        state="DECLINED",
        queued_at=now,
        due_at=now,
    )
    reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    assert states(tip)["child-protection"] == "DECLINED"
    assert states(tip)["regional-triage"] == "QUEUED"


def test_what_would_stay_as_it_is_says_so(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    route_waiting(now=now)
    with pytest.raises(CannotReroute, match="stays where it is"):
        reroute(tip, {"immediacy": "RECENT"}, why=Why.URGENCY, by="sam", now=now)
    assert tip.decisions.count() == 1


def test_a_tip_that_is_still_being_placed_waits_for_that(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    with pytest.raises(CannotReroute, match="It is being placed"):
        reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    assert route_waiting(now=now) == 1
    reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    assert "child-protection" in states(tip)


def test_a_closed_tip_is_open_again(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    route_waiting(now=now)
    tip.hand_offs.update(state="CLOSED")
    Tip.objects.filter(pk=tip.pk).update(
        status="CLOSED", disposition="INSUFFICIENT", closed_on=now.date()
    )
    tip.refresh_from_db()
    reroute(tip, {"category": "SEX_TRAFFICKING"} | {"minor_present": "YES"}, why=Why.MORE_KNOWN,
            by="sam", now=now)  # fmt: skip
    tip.refresh_from_db()
    assert tip.status == "WORKING"
    assert tip.closed_on is None
    assert states(tip)["wentzville-pd"] == "QUEUED"


def test_a_place_that_staff_correct_decides_the_tip_anew(kept: MakeTip, now: datetime) -> None:
    tip = kept()
    route_waiting(now=now)
    assert "wentzville-pd" in states(tip)
    reroute(tip, {"place": "resolved:creve-coeur-mo"}, why=Why.PLACE, by="sam", now=now)
    after = states(tip)
    assert after["creve-coeur-pd"] == "QUEUED"
    assert after["wentzville-pd"] == "TRANSFERRED"
    decision = tip.decisions.order_by("-pk")[0]
    assert (decision.jurisdiction, decision.why) == ("creve-coeur-mo", "PLACE")
    assert decision.corrected == {"place": "resolved:creve-coeur-mo"}
    assert SearchTerm.objects.filter(terms.in_city("Creve Coeur"), tip=tip).exists()
    assert "The place is Creve Coeur, as staff read it." in decision.because
    kinds = [(one["kind"], one["strength"]) for one in decision.place["evidence"]]
    assert kinds[0] == ("staff", "decides")
    assert ("city", "unused") in kinds


@pytest.mark.parametrize(
    "nonsense", ["resolved:nowhere", "ambiguous:wentzville-mo", "resolved:", "x", "out_of_area:x"]
)
def test_a_place_that_is_none_corrects_nothing(
    nonsense: str, kept: MakeTip, now: datetime
) -> None:
    tip = kept()
    route_waiting(now=now)
    with pytest.raises(CannotReroute, match="stays where it is"):
        reroute(tip, {"place": nonsense}, why=Why.PLACE, by="sam", now=now)


def test_a_corrected_place_shows_no_tip_to_police_without_consent(
    kept: MakeTip, now: datetime
) -> None:
    tip = kept(ASKS_FOR_AN_ADVOCATE)
    route_waiting(now=now)
    with pytest.raises(CannotReroute):
        reroute(tip, {"place": "resolved:ofallon-mo"}, why=Why.PLACE, by="sam", now=now)
    assert states(tip).keys() == {"victim-advocate"}
