import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from tests.web.desk.conftest import (
    KINDS,
    Lines,
    LogOn,
    MakeTip,
    act,
    hand_off,
    hold_back,
    said_by,
    text,
    version,
)
from tipintake.delivery import acts
from tipintake.delivery.acts import Act
from tipintake.delivery.models import HandOff
from tipintake.pipeline import bell
from tipintake.pipeline.retain import purge_due
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import retention
from tipintake.tips.models import HeldSpan, Tip

WENTZVILLE = ("wentzville-pd",)


def status(tip: Tip) -> str:
    return Tip.objects.get(pk=tip.pk).status


def last(name: str) -> AuditEntry:
    return AuditEntry.objects.filter(act=name).latest("pk")


# --- The law -----------------------------------------------------------------------------------


@pytest.mark.parametrize("act_name", Act)
@pytest.mark.parametrize("state", HandOff.State)
def test_only_the_moves_of_the_table_are_done(
    act_name: Act, state: HandOff.State, triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    HandOff.objects.filter(tip=tip).update(state=state)
    given = {"reason": "OTHER_AREA", "to": "regional-triage", "disposition": "NO_ACTION"}
    answer = act(triage, tip, "wentzville-pd", act_name, **given)
    move = acts.MOVES[act_name]
    if state in move.start:
        assert answer.status_code == 302
        assert hand_off(tip, "wentzville-pd").state == move.end
        assert last(move.recorded_as).subject == tip.reference
    else:
        assert answer.status_code == 422
        assert f"it is {state.label.lower()} now" in said_by(answer.content.decode())
        assert hand_off(tip, "wentzville-pd").state == state
        assert not AuditEntry.objects.filter(act=move.recorded_as).exists()


def test_the_page_offers_exactly_what_is_allowed(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    for state in HandOff.State:
        HandOff.objects.filter(tip=tip).update(state=state)
        page = triage.get(f"/tips/{tip.reference}/").content.decode()
        for name in Act:
            offered = re.search(rf"/hand-offs/\d+/{name}/", page) is not None
            assert offered is (state in acts.MOVES[name].start), f"{state} {name}"


# --- Acknowledging and closing -----------------------------------------------------------------


def test_acknowledging_stops_the_clock_and_the_reminders(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", due_in=timedelta(minutes=-3))
    HandOff.objects.update(notify_at=timezone.now(), escalate_again_at=timezone.now())
    act(triage, tip, "wentzville-pd", "acknowledge")
    row = hand_off(tip, "wentzville-pd")
    assert row.acknowledged_at is not None
    assert row.notify_at is None
    assert row.escalate_again_at is None
    assert last("hand_off.acknowledged").facts == {"line": "wentzville-pd", "late": True}
    assert status(tip) == "ASSIGNED"
    assert "Wentzville Police has acknowledged this tip." in text(
        triage, f"/tips/{tip.reference}/"
    )


def test_own_staff_who_acknowledge_have_screened_it(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    act(triage, tip, "regional-triage", "acknowledge")
    assert status(tip) == "SCREENED"


def test_a_tip_closes_with_its_last_line_and_opens_again_with_it(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "regional-triage")
    for code in ("wentzville-pd", "regional-triage"):
        act(triage, tip, code, "acknowledge")
    act(triage, tip, "wentzville-pd", "close", disposition="CASE_OPENED")
    assert status(tip) == "ASSIGNED"
    act(triage, tip, "regional-triage", "close", disposition="INFORMATION_ONLY")
    assert status(tip) == "CLOSED"
    assert hand_off(tip, "wentzville-pd").disposition == "CASE_OPENED"
    act(triage, tip, "wentzville-pd", "reopen")
    assert status(tip) == "WORKING"
    assert hand_off(tip, "wentzville-pd").disposition == ""


def test_closing_needs_an_answer_to_what_came_of_it(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    act(triage, tip, "wentzville-pd", "acknowledge")
    answer = act(triage, tip, "wentzville-pd", "close", words="I typed this", farewell="1")
    assert answer.status_code == 422
    assert "Say what came of it." in answer.content.decode()
    assert "I typed this" in answer.content.decode()
    assert re.search(r'name="farewell"[^>]*checked', answer.content.decode())


# --- Passing on --------------------------------------------------------------------------------


def test_declining_needs_a_reason_and_a_next_line(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    answer = act(triage, tip, "wentzville-pd", "decline", words="not ours, I think")
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Say why." in page
    assert "a tip is never left without one" in page
    assert "not ours, I think" in page
    answer = act(triage, tip, "wentzville-pd", "decline", reason="OTHER", to="regional-triage")
    assert "Say which other reason." in answer.content.decode()
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def test_the_next_line_gets_the_tip_with_a_fresh_clock_a_notice_and_the_reason(
    triage: Client,
    make_tip: MakeTip,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    rung: list[str] = []
    monkeypatch.setattr(bell, "ring_notify", lambda: rung.append("notify"))
    tip = make_tip("wentzville-pd", priority="P1", due_in=timedelta(minutes=-30))
    with django_capture_on_commit_callbacks(execute=True):
        act(triage, tip, "wentzville-pd", "decline", reason="OTHER_AREA", to="ofallon-pd")
    old, new = hand_off(tip, "wentzville-pd"), hand_off(tip, "ofallon-pd")
    assert (old.state, old.is_primary) == ("DECLINED", False)
    assert (new.state, new.is_primary, new.priority) == ("QUEUED", True, "P1")
    assert timedelta(minutes=14) < new.due_at - timezone.now() <= timedelta(minutes=15)
    assert new.notify_at is not None
    assert new.because == "Passed on by another line: the place is outside its area."
    assert rung == ["notify"]
    assert last("hand_off.declined").facts == {
        "line": "wentzville-pd",
        "to": "ofallon-pd",
        "reason": "OTHER_AREA",
    }


def test_a_line_that_has_the_tip_already_keeps_it_as_it_is(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "regional-triage")
    act(triage, tip, "regional-triage", "acknowledge")
    act(triage, tip, "wentzville-pd", "transfer", reason="OTHER_DUTY", to="regional-triage")
    row = hand_off(tip, "regional-triage")
    assert (row.state, row.is_primary) == ("ACKNOWLEDGED", True)
    assert row.because == "Reason for regional-triage."


def test_triage_gets_back_what_it_passed_on(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage", due_in=timedelta(hours=-4))
    act(triage, tip, "regional-triage", "transfer", reason="OTHER_DUTY", to="wentzville-pd")
    act(triage, tip, "wentzville-pd", "decline", reason="NO_CAPACITY", to="regional-triage")
    row = hand_off(tip, "regional-triage")
    assert row.state == "QUEUED"
    assert row.due_at > timezone.now()
    assert tip.hand_offs.count() == 2
    offered = triage.get(f"/tips/{tip.reference}/").content.decode()
    assert 'value="wentzville-pd"' not in offered  # it has declined: it is not asked again


NO_CONSENT = {"reporter_is_victim": True, "police_consent": False}
CONSENT = {"reporter_is_victim": True, "police_consent": True}
POLICE, TASK_FORCE, CHILD = "ofallon-pd", "st-charles-county-task-force", "child-protection"
HOTLINE, STOPPERS, ICAC = "nhth", "crimestoppers", "icac"
OTHER_COUNTY = "st-louis-county-pd"
TRIAGE, ADVOCATE = "regional-triage", "victim-advocate"
NOBODY: set[str] = set()


@pytest.mark.parametrize(
    ("rules", "fields", "may", "never"),
    [
        (["R3"], {}, {POLICE, OTHER_COUNTY, HOTLINE, STOPPERS, ADVOCATE}, NOBODY),
        (["R7"], NO_CONSENT, {TRIAGE, ADVOCATE}, {POLICE, HOTLINE, CHILD, TASK_FORCE}),
        (
            ["R0", "R7"],
            NO_CONSENT,
            {POLICE, TRIAGE, ADVOCATE},
            {HOTLINE, TASK_FORCE, STOPPERS, OTHER_COUNTY, CHILD, ICAC},
        ),
        (["R1", "R7"], NO_CONSENT, {POLICE, TRIAGE, CHILD, ICAC}, {TASK_FORCE, OTHER_COUNTY}),
        (["R2", "R7"], NO_CONSENT, {TRIAGE, ADVOCATE, CHILD, ICAC}, {POLICE, OTHER_COUNTY}),
        (["R9"], NO_CONSENT, {TRIAGE, ADVOCATE}, {POLICE, CHILD, ICAC, TASK_FORCE}),
        (
            ["R0", "R7"],
            {**NO_CONSENT, "county": ""},
            {POLICE, OTHER_COUNTY, TRIAGE},
            {HOTLINE, TASK_FORCE},
        ),
        (["R7"], CONSENT, {POLICE, TASK_FORCE}, {STOPPERS, HOTLINE}),
        (["R1"], {}, {POLICE, HOTLINE, CHILD}, {STOPPERS}),
        (["R3"], {"minor_present": "POSSIBLY"}, {POLICE}, {STOPPERS}),
        (["R6"], {}, {TRIAGE, TASK_FORCE}, {POLICE, HOTLINE, STOPPERS}),
    ],
    ids=[
        "ordinary",
        "no consent",
        "no consent, danger",
        "no consent, child in person",
        "no consent, child online",
        "no consent, routed by hand",
        "no consent, danger, county unknown",
        "consent",
        "child",
        "perhaps a child",
        "adult ad",
    ],
)
def test_nobody_passes_a_tip_to_whom_the_policy_forbids(
    rules: list[str],
    fields: dict[str, object],
    may: set[str],
    never: set[str],
    log_on: LogOn,
    make_tip: MakeTip,
) -> None:
    tip = make_tip("wentzville-pd", rule=rules[0], rules=rules, **fields)
    admin = log_on(Role.ADMIN)
    page = admin.get(f"/tips/{tip.reference}/").content.decode()
    offered = {code for code in may | never if f'value="{code}"' in page}
    assert offered == may
    for code in never:
        answer = act(admin, tip, "wentzville-pd", "decline", reason="OTHER_AREA", to=code)
        assert answer.status_code == 422
        assert "may not receive this tip" in answer.content.decode()
    assert set(tip.hand_offs.values_list("line__code", flat=True)) == {"wentzville-pd"}


STAFF = {"regional-triage", "out-of-area"}


@pytest.mark.parametrize(
    ("agency", "rules", "county", "may"),
    [
        ("wentzville-pd", ["R0"], "st-charles-county", {"ofallon-pd", *STAFF}),
        ("wentzville-pd", ["R1"], "st-louis-county", {OTHER_COUNTY, *STAFF}),
        ("wentzville-pd", ["R0"], "", STAFF),
        ("icac", ["R2"], "st-charles-county", STAFF),
        ("icac", ["R1", "R2"], "st-charles-county", STAFF),
        ("child-protection", ["R1"], "st-charles-county", STAFF),
    ],
)
def test_the_lines_that_an_agency_may_choose_tell_nothing_of_who_wrote(
    agency: str, rules: list[str], county: str, may: set[str], log_on: LogOn, make_tip: MakeTip
) -> None:
    partner = log_on(Role.PARTNER, lines=(agency,))
    refusals = set()
    for fields, acting in (({}, rules), (NO_CONSENT, [*rules, "R7"]), (CONSENT, [*rules, "R7"])):
        tip = make_tip(agency, rule=rules[0], rules=acting, county=county, **fields)
        page = partner.get(f"/tips/{tip.reference}/").content.decode()
        assert set(re.findall(r'<option value="([a-z-]+)"', page)) == may
        for code in {*KINDS} - may - {agency}:
            answer = act(partner, tip, agency, "transfer", reason="OTHER_AREA", to=code)
            assert answer.status_code == 422
            said = re.findall(r"[^.>]* may not receive this tip[^<]*", answer.content.decode())
            refusals.add((code, *said))
        assert set(tip.hand_offs.values_list("line__code", flat=True)) == {agency}
    assert len(refusals) == len({*KINDS} - may - {agency})  # the same words for every tip


# --- Two at once -------------------------------------------------------------------------------


def test_who_acts_on_an_old_page_is_told_and_loses_no_word(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "regional-triage")
    seen = version(tip)
    act(triage, tip, "regional-triage", "acknowledge")
    row = hand_off(tip, "wentzville-pd")
    answer = triage.post(
        f"/tips/{tip.reference}/hand-offs/{row.pk}/decline/",
        {
            "version": seen,
            "reason": "OTHER",
            "to": "regional-triage",
            "words": "My long explanation.",
        },
    )
    page = said_by(answer.content.decode())
    assert answer.status_code == 409
    assert "Somebody else acted on this tip" in page
    assert "My long explanation." in page
    assert "Regional triage acknowledged" in page
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    assert not tip.notes.exists()


@pytest.mark.parametrize("given", ["", "-1", "x", "99", "0" * 40])
def test_a_form_without_the_right_version_does_nothing(
    given: str, triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    row = hand_off(tip, "wentzville-pd")
    address = f"/tips/{tip.reference}/hand-offs/{row.pk}/acknowledge/"
    assert triage.post(address, {"version": given}).status_code == 409
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"


def test_an_act_that_fails_leaves_the_version_as_it_was(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    act(triage, tip, "wentzville-pd", "reopen")
    assert version(tip) == 0
    assert act(triage, tip, "wentzville-pd", "acknowledge").status_code == 302


def test_the_status_is_changed_by_hand_within_the_law(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("regional-triage")
    address = f"/tips/{tip.reference}/status/"
    assert triage.post(address, {"version": 0, "status": "SCREENED"}).status_code == 302
    assert triage.post(address, {"version": 1, "status": "WORKING"}).status_code == 302
    for to in ("NEW", "CLOSED", "SCREENED", "nonsense"):
        assert triage.post(address, {"version": 2, "status": to}).status_code == 422
    assert status(tip) == "WORKING"


# --- The telephone -----------------------------------------------------------------------------


def test_a_verified_number_is_shown_with_what_to_say(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    said = text(triage, f"/tips/{tip.reference}/")
    assert "636-555-0105" in said
    assert "Say who you are. Read the tip." in said
    assert f"Read it out: {tip.reference}" in said
    assert "unverified:" not in said


@pytest.mark.parametrize("code", ["ofallon-pd", "st-charles-county-task-force"])
def test_an_unverified_number_never_looks_verified(
    code: str, log_on: LogOn, make_tip: MakeTip, lines: Lines
) -> None:
    tip = make_tip(code)
    admin = log_on(Role.ADMIN)
    page = admin.get(f"/tips/{tip.reference}/").content.decode()
    assert "Number unverified: confirm the contact first." in page
    assert 'class="dial"' not in page
    known = lines[code].number or lines[code].number_note
    assert "On record, checked by nobody: " + known in said_by(page)
    assert page.count(known) == 1
    listed = admin.get(f"/lines/{code}/").content.decode()
    assert known not in listed
    assert "number unverified" in listed


def test_handing_over_by_telephone_acknowledges_and_keeps_who_took_it(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd")
    act(triage, tip, "wentzville-pd", "call", outcome="NO_ANSWER")
    assert hand_off(tip, "wentzville-pd").state == "QUEUED"
    answer = act(triage, tip, "wentzville-pd", "call", outcome="HANDED_OVER")
    assert answer.status_code == 422
    assert "Write down who took the tip" in answer.content.decode()
    act(
        triage,
        tip,
        "wentzville-pd",
        "call",
        outcome="HANDED_OVER",
        spoke_with="Dispatcher 12",
        their_reference="26-0001",
    )
    assert hand_off(tip, "wentzville-pd").state == "ACKNOWLEDGED"
    said = text(triage, f"/tips/{tip.reference}/")
    assert "They took the tip, Dispatcher 12, their number 26-0001" in said
    assert "Nobody answered" in said
    assert last("call.logged").facts == {
        "line": "wentzville-pd",
        "outcome": "HANDED_OVER",
        "contact_confirmed": False,
    }


def test_nothing_is_handed_over_on_a_number_that_nobody_confirmed(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("ofallon-pd")
    given = {"outcome": "HANDED_OVER", "spoke_with": "Officer Reed"}
    answer = act(triage, tip, "ofallon-pd", "call", **given)
    assert answer.status_code == 422
    assert "Confirm the contact first" in answer.content.decode()
    assert "Officer Reed" in answer.content.decode()
    assert hand_off(tip, "ofallon-pd").state == "QUEUED"
    act(triage, tip, "ofallon-pd", "call", **given, contact_confirmed="on")
    assert hand_off(tip, "ofallon-pd").state == "ACKNOWLEDGED"


def test_own_staff_need_no_call_sheet_and_an_agency_gets_none(
    triage: Client, log_on: LogOn, make_tip: MakeTip
) -> None:
    inside = make_tip("regional-triage")
    assert "Call sheet" not in text(triage, f"/tips/{inside.reference}/")
    theirs = make_tip("wentzville-pd")
    partner = log_on(Role.PARTNER, lines=WENTZVILLE, name="pd")
    assert "Call sheet" not in text(partner, f"/tips/{theirs.reference}/")


def test_closing_says_how_long_the_tip_is_kept_and_reopening_takes_it_back(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", "regional-triage")
    for code, disposition in (("wentzville-pd", "UNFOUNDED"), ("regional-triage", "SPAM")):
        act(triage, tip, code, "acknowledge")
        tip.refresh_from_db()
        assert tip.closed_on is None
        act(triage, tip, code, "close", disposition=disposition)
    tip.refresh_from_db()
    assert (tip.disposition, tip.closed_on) == ("UNFOUNDED", timezone.localdate())
    act(triage, tip, "wentzville-pd", "reopen")
    tip.refresh_from_db()
    assert (tip.status, tip.disposition, tip.closed_on) == ("WORKING", "", None)


def test_a_supervisor_places_a_legal_hold_and_lifts_it(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    address = f"/tips/{tip.reference}/hold/"
    triage.post(address, {"version": version(tip), "reason": "COURT_ORDER"})
    assert "Court order or subpoena. Nothing purges it." in text(triage, f"/tips/{tip.reference}/")
    assert last("tip.hold_placed").facts == {"reason": "COURT_ORDER"}
    triage.post(address, {"version": version(tip), "reason": "LIFT"})
    tip.refresh_from_db()
    assert tip.legal_hold == ""
    assert last("tip.hold_lifted").facts == {"reason": "COURT_ORDER"}


@pytest.mark.parametrize("over", ["closed", "an hour ago"])
def test_who_lifts_a_hold_that_alone_keeps_a_tip_says_that_it_is_meant(
    triage: Client, make_tip: MakeTip, over: str
) -> None:
    tip = make_tip("wentzville-pd", legal_hold="COURT_ORDER")
    if over == "closed":
        tip.hand_offs.update(state="CLOSED", disposition="SPAM")
        forty_days_ago = timezone.localdate() - timedelta(days=40)
        Tip.objects.filter(pk=tip.pk).update(
            status="CLOSED", disposition="SPAM", closed_on=forty_days_ago
        )
    else:
        an_hour_ago = timezone.now() - timedelta(hours=1)
        Tip.objects.filter(pk=tip.pk).update(submitted_hour=an_hour_ago - retention.LONGEST)
    address = f"/tips/{tip.reference}/hold/"
    lift = {"version": version(tip), "reason": "LIFT"}
    assert "I know that all of it is destroyed" in text(triage, f"/tips/{tip.reference}/")
    answer = triage.post(address, lift)
    assert answer.status_code == 422
    assert "without the hold all of it is destroyed" in said_by(answer.content.decode())
    assert Tip.objects.get(pk=tip.pk).legal_hold == "COURT_ORDER"
    answer = triage.post(address, {**lift, "sure": "1"}, follow=True)
    assert "the next round destroys it" in said_by(answer.content.decode())
    assert Tip.objects.get(pk=tip.pk).legal_hold == ""
    assert purge_due(now=timezone.now(), limit=9) == 1


def test_who_lifts_a_hold_that_alone_keeps_held_words_says_that_it_is_meant(
    triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("wentzville-pd", legal_hold="COURT_ORDER")
    address = f"/tips/{tip.reference}/hold/"
    span = hold_back(tip, "/narrative", "Anna")
    assert "destroyed within minutes without the hold" not in text(
        triage, f"/tips/{tip.reference}/"
    )
    yesterday = timezone.localdate() - timedelta(days=1)
    HeldSpan.objects.filter(pk=span.pk).update(destroy_after=yesterday)
    lift = {"version": version(tip), "reason": "LIFT"}
    assert "The time of its held words or of a record" in text(triage, f"/tips/{tip.reference}/")
    answer = triage.post(address, lift)
    assert answer.status_code == 422
    assert "without the hold they are destroyed" in said_by(answer.content.decode())
    assert Tip.objects.get(pk=tip.pk).legal_hold == "COURT_ORDER"
    answer = triage.post(address, {**lift, "sure": "1"}, follow=True)
    assert "the tip itself is kept for its ordinary time" in said_by(answer.content.decode())


def test_a_hold_without_a_reason_is_refused(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    answer = triage.post(f"/tips/{tip.reference}/hold/", {"version": version(tip), "reason": ""})
    assert answer.status_code == 422
    assert "Say why it must be kept." in answer.content.decode()
