"""Somebody was faster: what the page says was done, to own staff and to an agency."""

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, act, hand_off, said_by, version
from tipintake.pipeline.retain import purge_test
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage.models import Tag
from tipintake.web.desk.forms import HoldForm

LINE = "wentzville-pd"


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    Tag.objects.create(code="hotel", label="Hotel")
    return make_tip(LINE, "regional-triage", "victim-advocate")


def opened(client: Client, tip: Tip) -> int:
    """The version of the page that this person has before them."""
    assert client.get(f"/tips/{tip.reference}/").status_code == 200
    return version(tip)


def late(client: Client, tip: Tip, shown: int, what: str = "do/assign-me", **given: str) -> str:
    answer = client.post(f"/tips/{tip.reference}/{what}/", {"version": shown, **given})
    assert answer.status_code == 409
    html = answer.content.decode().partition("<main")[2]
    return said_by(html.replace("<del>", "was ").replace("</del>", " now"))


def test_a_status_from_before_the_page_is_no_news_and_one_from_after_is(
    log_on: LogOn, tip: Tip
) -> None:
    ana = log_on(Role.ANALYST, name="ana", lines=(LINE,))
    bob = log_on(Role.ANALYST, name="bob", lines=(LINE,))
    ana.post(f"/tips/{tip.reference}/status/", {"status": "SCREENED", "version": version(tip)})
    shown = opened(bob, tip)
    ana.post(f"/tips/{tip.reference}/do/tag/", {"tag": "hotel", "version": version(tip)})
    said = late(bob, tip, shown)
    assert "Status Screened" in said
    assert "was new" not in said
    assert "ana" in said
    shown = opened(bob, tip)
    for status in ("ASSIGNED", "WORKING"):
        form = {"status": status, "version": version(tip)}
        assert ana.post(f"/tips/{tip.reference}/status/", form).status_code == 302
    assert "Status was screened now Working" in late(bob, tip, shown)


def test_who_never_opened_that_version_is_told_how_it_stands(log_on: LogOn, tip: Tip) -> None:
    ana = log_on(Role.ANALYST, name="ana", lines=(LINE,))
    bob = log_on(Role.ANALYST, name="bob", lines=(LINE,))
    shown = version(tip)
    ana.post(f"/tips/{tip.reference}/status/", {"status": "SCREENED", "version": shown})
    said = late(bob, tip, shown)
    assert "Status Screened" in said
    assert "was new" not in said


def test_who_acted_last_oneself_is_not_told_of_somebody_else(log_on: LogOn, tip: Tip) -> None:
    """Without scripts a second press comes with the version of the first; or another window."""
    ana = log_on(Role.ANALYST, name="ana", lines=(LINE,))
    bob = log_on(Role.ANALYST, name="bob", lines=(LINE,))
    shown = opened(ana, tip)
    assert act(ana, tip, LINE, "acknowledge").status_code == 302
    said = late(ana, tip, shown, f"hand-offs/{hand_off(tip, LINE).pk}/acknowledge")
    assert "You have acted on this tip yourself" in said
    assert "Wentzville Police acknowledged ana" in said
    assert "omebody" not in said
    act(bob, tip, "regional-triage", "acknowledge")
    said = late(ana, tip, shown, f"hand-offs/{hand_off(tip, LINE).pk}/acknowledge")
    assert "Somebody else acted on this tip" in said
    assert "yourself" not in said


def test_the_reason_for_a_grade_is_not_lost_when_somebody_was_faster(
    log_on: LogOn, tip: Tip
) -> None:
    ana = log_on(Role.ANALYST, name="ana", lines=(LINE,))
    bob = log_on(Role.ANALYST, name="bob", lines=(LINE,))
    shown = opened(bob, tip)
    ana.post(f"/tips/{tip.reference}/status/", {"status": "SCREENED", "version": shown})
    grade = {"source": "B", "content": "2", "why": "CHECKED"}
    said = late(bob, tip, shown, "grade", **grade, grade_words="Two clerks said the same.")
    assert "Two clerks said the same." in said
    assert "Source B" in said
    assert "Content 2" in said


def test_an_agency_is_told_what_was_done_with_its_own_hand_off_and_no_more(
    log_on: LogOn, tip: Tip
) -> None:
    own = log_on(Role.PARTNER, name="own", lines=(LINE,))
    colleague = log_on(Role.PARTNER, name="colleague", lines=(LINE,))
    house = log_on(Role.SUPERVISOR, Role.ANALYST, name="house", lines=("regional-triage",))
    shown = opened(own, tip)
    assert act(colleague, tip, LINE, "acknowledge").status_code == 302
    assert act(house, tip, "regional-triage", "acknowledge").status_code == 302
    house.post(f"/tips/{tip.reference}/do/tag/", {"tag": "hotel", "version": version(tip)})
    what = f"hand-offs/{hand_off(tip, LINE).pk}/transfer"
    said = late(own, tip, shown, what, to="ofallon-pd", reason="OTHER_AREA")
    assert "What was done last" in said
    assert "Wentzville Police acknowledged colleague" in said
    for hidden in ("house", "Regional triage acknowledged", "otel", "Assigned to"):
        assert hidden not in said


def test_an_agency_is_not_told_of_a_service(log_on: LogOn, tip: Tip) -> None:
    own = log_on(Role.PARTNER, name="own", lines=(LINE,))
    house = log_on(Role.SUPERVISOR, Role.ANALYST, name="house", lines=(LINE, "regional-triage"))
    shown = opened(own, tip)
    form = {"to": "victim-advocate", "reason": "OTHER_DUTY"}
    act(house, tip, LINE, "acknowledge")
    act(house, tip, LINE, "transfer", **form)
    what = f"hand-offs/{hand_off(tip, LINE).pk}/acknowledge"
    assert "advocate" not in late(own, tip, shown, what)


def test_what_one_had_wanted_is_said_in_words(triage: Client, tip: Tip) -> None:
    shown = opened(triage, tip)
    triage.post(f"/tips/{tip.reference}/do/tag/", {"tag": "hotel", "version": shown})
    said = late(triage, tip, shown, "hold", reason="COURT_ORDER")
    assert "Reason Court order or subpoena" in said
    assert "Reason Lift the hold" in late(triage, tip, shown, "hold", reason="LIFT")
    answers = {"category": tip.category, "immediacy": "NOW", "minor_present": "POSSIBLY"}
    said = late(triage, tip, shown, "another-way", do="send", why="KIND", **answers)
    assert "When it happens Happening when it was sent" in said
    assert "Anyone under 18 Possibly" in said
    assert "Why It is another kind of situation" in said


def test_of_a_tip_that_is_purged_at_this_very_moment_nothing_is_there(
    triage: Client, tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = opened(triage, tip)
    real = HoldForm.is_valid

    def is_valid(form: HoldForm) -> bool:
        assert purge_test(Tip.objects.filter(pk=tip.pk), actor="test", now=timezone.now()) == 1
        return real(form)

    monkeypatch.setattr(HoldForm, "is_valid", is_valid)
    answer = triage.post(
        f"/tips/{tip.reference}/hold/", {"version": shown, "reason": "COURT_ORDER"}
    )
    assert answer.status_code == 404
