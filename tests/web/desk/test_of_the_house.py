"""What belongs to the house: an agency's account neither reads it nor finds tips by it."""

import re
from itertools import pairwise

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, said_by, text, version
from tests.web.desk.test_walk import PROPOSAL
from tipintake.delivery.models import HandOff
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage.models import Link, Tag, TipTag

LINE = "wentzville-pd"


@pytest.fixture
def agency(log_on: LogOn) -> Client:
    return log_on(Role.PARTNER, name="agency", lines=(LINE,))


@pytest.fixture
def analyst(log_on: LogOn) -> Client:
    return log_on(Role.ANALYST, Role.SUPERVISOR, name="ana", lines=(LINE, "regional-triage"))


@pytest.mark.parametrize("asked", ["has:tag", "-has:tag", "has:plate,note", "is:duplicate"])
def test_no_tip_is_found_by_what_the_house_did_with_it(
    asked: str, agency: Client, analyst: Client, make_tip: MakeTip
) -> None:
    tip, tag = make_tip(LINE), Tag.objects.create(code="hotel", label="Hotel")
    TipTag.objects.create(tip=tip, tag=tag)
    refused = agency.get("/queue/", {"q": asked})
    assert refused.status_code == 422
    assert "is for the installation's own staff" in said_by(refused.content.decode())
    assert tip.reference not in refused.content.decode()
    assert analyst.get("/queue/", {"q": asked}).status_code == 200


@pytest.mark.parametrize("view", ["all", "closed"])
def test_the_words_that_colleagues_gave_a_tip_stand_on_no_row(
    view: str, agency: Client, analyst: Client, make_tip: MakeTip
) -> None:
    tip, tag = make_tip(LINE), Tag.objects.create(code="kin", label="Officer is kin")
    TipTag.objects.create(tip=tip, tag=tag)
    if view == "closed":
        closed(tip, "INFORMATION_ONLY", "INFORMATION_ONLY")
    for client, told in ((agency, False), (analyst, True)):
        said = text(client, f"/queue/?view={view}")
        assert tip.reference in said
        assert (tag.label in said) is told


@pytest.mark.parametrize("typed", ["has:", "is:", "ta", "as"])
def test_words_of_the_house_are_not_offered(typed: str, agency: Client) -> None:
    said = text(agency, f"/queue/complete/?q={typed}")
    for word in ("has:tag", "has:note", "is:duplicate", "is:mine", "tag:", "assigned:"):
        assert word not in said


def closed(tip: Tip, ours: str, whole: str) -> None:
    Tip.objects.filter(pk=tip.pk).update(
        disposition=whole, status="CLOSED", closed_on=timezone.localdate()
    )
    HandOff.objects.filter(tip=tip).update(state="CLOSED", disposition=whole)
    HandOff.objects.filter(tip=tip, line__code=LINE).update(disposition=ours)


def test_what_came_of_the_whole_tip_is_not_told_by_page_list_or_search(
    agency: Client, analyst: Client, make_tip: MakeTip
) -> None:
    tip = make_tip(LINE, "regional-triage")
    closed(tip, "INFORMATION_ONLY", "SPAM")
    page = text(agency, f"/tips/{tip.reference}/")
    assert "Closed as: Kept for information" in page
    assert "spam" not in page.partition("How long it is kept")[2].lower()
    assert "Until " not in page.partition("How long it is kept")[2]
    listed = text(agency, "/queue/?view=closed")
    assert tip.reference in listed
    assert "spam" not in listed.lower()
    found = agency.get("/search/?disposition=SPAM")
    assert found.status_code == 422
    assert tip.reference not in found.content.decode()
    assert "What came of it" not in said_by(found.content.decode())
    assert "spam" in text(analyst, f"/tips/{tip.reference}/").lower()
    assert tip.reference in text(analyst, "/search/?disposition=SPAM")


def test_why_a_tip_is_held_is_not_told(agency: Client, log_on: LogOn, make_tip: MakeTip) -> None:
    tip, admin = make_tip(LINE), log_on(Role.ADMIN, name="root")
    form = {"reason": "COURT_ORDER", "version": version(tip)}
    assert admin.post(f"/tips/{tip.reference}/hold/", form).status_code == 302
    page = text(agency, f"/tips/{tip.reference}/")
    assert "Nothing purges it." in page
    assert "ourt order" not in page
    assert "ourt order" in text(admin, f"/tips/{tip.reference}/")


def test_that_a_record_rests_on_a_tip_is_not_told(
    agency: Client, log_on: LogOn, make_tip: MakeTip
) -> None:
    tip = make_tip(LINE)
    officer = log_on(Role.INTELLIGENCE, name="officer", lines=(LINE,))
    boss = log_on(Role.SUPERVISOR, name="boss", lines=(LINE,))
    assert officer.post(f"/tips/{tip.reference}/promote/", PROPOSAL).status_code == 302
    number = tip.records.get().number
    assert boss.post(f"/intelligence/{number}/approve/").status_code == 302
    rests = "An intelligence record rests on this tip"
    for client, told in ((officer, True), (boss, True), (agency, False)):
        assert (rests in text(client, f"/tips/{tip.reference}/")) is told


def test_a_tie_of_two_hidden_tips_is_not_shown(
    agency: Client, analyst: Client, make_tip: MakeTip
) -> None:
    tips = [make_tip(LINE), make_tip("ofallon-pd"), make_tip("ofallon-pd")]
    by = User.objects.get(username="ana")
    for one, other in pairwise(tips):
        first, second = sorted((one.pk, other.pk))
        Link.objects.create(
            one_id=first,
            other_id=second,
            why="plate",
            mark=str(first)[:8],
            strength=3,
            value_one="AB1C2D",
            value_other="AB1C2D",
            state="CONFIRMED",
            judged_by=by,
            judged_at=timezone.now(),
        )
    answer = agency.get(f"/tips/{tips[0].reference}/together/")
    html = answer.content.decode()
    assert html.count(">a tip of another line</text>") == 1
    assert html.count("<td>confirmed</td>") == 1
    assert html.count("<td>a tip of another line</td>") == 1


ABOUT_THE_PERSON = {
    "reporter_is_victim": True,
    "police_consent": False,
    "wants_reward": True,
    "distrusts_police": True,
    "came_by": "STAFF",
    "language": "es",
}


@pytest.mark.parametrize("role", [Role.PARTNER, Role.EXPORTER, Role.INTELLIGENCE])
def test_no_page_differs_by_what_a_person_said_of_themselves(
    role: Role, log_on: LogOn, make_tip: MakeTip
) -> None:
    """Neither by a word nor by one that is missing."""
    tip, twin = make_tip(LINE, "victim-advocate", rule="R1", rules=["R1"]), make_tip(LINE)
    client = log_on(role, name="other", lines=(LINE,))
    here = f"/tips/{tip.reference}/"
    pages = [
        *(here, f"{here}beside/", f"{here}together/", f"{here}links/{twin.reference}/"),
        *("/", "/queue/", f"/queue/?q={tip.reference}", "/search/?category=SEX_TRAFFICKING"),
        *(f"/lines/{LINE}/", f"/map/?line={LINE}", f"/exports/new/?tips={tip.reference}"),
    ]

    def said() -> dict[str, str]:
        found = {}
        for page in pages:
            answer = client.get(page, headers={"HX-Request": "true"})
            # But for clocks and the marks of forms.
            found[page] = re.sub(r"\d+", "#", said_by(answer.content.decode()))
        return found

    said()  # what is read for the first time is new
    before = said()
    assert tip.reference in client.get(here).content.decode()
    Tip.objects.filter(pk=tip.pk).update(**ABOUT_THE_PERSON)
    assert said() == before
