"""The policy pages: two officers take a draft from its first line to being in force."""

from datetime import datetime

import pytest
from django.test import Client

from tests.routing.policies import WEEKEND_NIGHT, with_rules
from tests.routing.test_policy_life import NIGHT_CASE
from tests.web.desk.conftest import LogOn, MakeTip, hidden, said_by, text
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.models import Policy
from tipintake.routing.policy.current import policy_in_force
from tipintake.routing.policy.rulebook import FIRST_CASES
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role

BETTER = with_rules(WEEKEND_NIGHT)


@pytest.fixture
def lines(region: Gazetteer) -> dict[str, object]:
    """The lines of the loaded region, instead of a few made for the desk."""
    return {}


@pytest.fixture
def kim(log_on: LogOn) -> Client:
    return log_on(Role.POLICY_OFFICER, name="kim")


@pytest.fixture
def lee(log_on: LogOn) -> Client:
    return log_on(Role.POLICY_OFFICER, name="lee")


def save(client: Client, *, rules: str = BETTER, cases: str = FIRST_CASES + NIGHT_CASE) -> int:
    form = {"text": rules, "cases": cases, "digest": Policy.objects.get(version=2).digest}
    return client.post("/policies/2/save/", form).status_code


def test_two_officers_bring_a_draft_into_force(kim: Client, lee: Client) -> None:
    assert kim.get("/").headers["Location"] == "/policies/"
    assert "Version 1" in text(kim, "/policies/")
    assert kim.post("/policies/draft/").headers["Location"] == "/policies/2/"
    assert "It says the same as version 1" in text(kim, "/policies/2/")

    assert save(kim) == 302
    page = text(kim, "/policies/2/")
    assert "R10 added: Rule R10" in page
    assert "Rules and cases hold" in page
    assert "12 of 12 cases hold" in page
    assert "Not simulated since it was last changed" in page

    assert kim.post("/policies/2/simulate/").status_code == 302
    assert "Over 0 tips, beside version 1" in text(kim, "/policies/2/")
    refused = kim.post("/policies/2/activate/")
    assert refused.status_code == 422
    assert "somebody else activates it" in said_by(refused.content.decode())

    assert "Put version 2 in force" in text(lee, "/policies/2/")
    assert lee.post("/policies/2/activate/").status_code == 302
    page = text(lee, "/policies/2/")
    assert "Version 2 decides from the next tip on." in page
    assert "by lee" in page
    assert policy_in_force().version == 2
    read = AuditEntry.objects.filter(act="policy.read", subject="policy 2")
    assert set(read.values_list("actor", flat=True)) == {"kim", "lee"}


def test_a_draft_that_is_begun_twice_by_one_page_is_one_draft(kim: Client) -> None:
    form = {"once": hidden(kim.get("/policies/").content.decode(), "once")}
    led_to = [kim.post("/policies/draft/", form).headers["Location"] for _press in range(2)]
    assert led_to == ["/policies/2/"] * 2
    assert kim.post("/policies/draft/").headers["Location"] == "/policies/3/"


def test_what_is_wrong_stands_above_the_text_that_was_kept(kim: Client) -> None:
    kim.post("/policies/draft/")
    broken = BETTER.replace('field = "hour"', 'field = "hours"')
    assert save(kim, rules=broken) == 302
    page = kim.get("/policies/2/").content.decode()
    assert "not on the list of fields" in said_by(page)
    assert "&quot;hours&quot;" in page
    assert "Put version 2 in force" not in page
    assert kim.post("/policies/2/simulate/").status_code == 422


def test_what_two_people_write_at_once_is_not_lost(kim: Client, lee: Client) -> None:
    kim.post("/policies/draft/")
    shown = Policy.objects.get(version=2).digest
    assert save(lee) == 302
    mine = {"text": BETTER + "# mine\n", "cases": FIRST_CASES, "digest": shown}
    answer = kim.post("/policies/2/save/", mine)
    assert answer.status_code == 409
    page = answer.content.decode()
    assert "Somebody changed this draft" in page
    assert "# mine" in page
    assert Policy.objects.get(version=2).text == BETTER


def test_a_draft_that_is_saved_twice_by_one_press_is_kept(kim: Client) -> None:
    kim.post("/policies/draft/")
    digest = Policy.objects.get(version=2).digest
    form = {"text": BETTER.replace("\n", "\r\n"), "cases": FIRST_CASES, "digest": digest}
    assert [kim.post("/policies/2/save/", form).status_code for _press in range(2)] == [302, 302]
    assert "The draft is kept." in text(kim, "/policies/2/")
    assert kim.post("/policies/2/save/", {**form, "cases": ""}).status_code == 409


def test_a_version_that_was_in_force_cannot_be_written_on(kim: Client) -> None:
    page = kim.get("/policies/1/").content.decode()
    assert "/policies/1/save/" not in page
    form = {"text": "", "cases": "", "digest": Policy.objects.get(version=1).digest}
    assert kim.post("/policies/1/save/", form).status_code == 422
    assert policy_in_force().digest == Policy.objects.get(version=1).digest


def test_nobody_finds_a_version_that_does_not_exist(kim: Client) -> None:
    for version in ("3", "99999999999999999999"):
        assert kim.get(f"/policies/{version}/").status_code == 404
        assert kim.post(f"/policies/{version}/activate/").status_code == 404


def test_a_simulation_shows_numbers_and_never_a_tips_content(
    kim: Client, make_tip: MakeTip, now: datetime
) -> None:
    made = make_tip(indicators=["CTL_ID_HELD"])
    kim.post("/policies/draft/")
    worse = BETTER.replace('then = "P2"', 'then = "P1"')
    save(kim, rules=worse)
    kim.post("/policies/2/simulate/")
    page = text(kim, "/policies/2/")
    assert "1 would go another way" in page
    assert made.reference in page
    assert "van" not in page
    assert f"/tips/{made.reference}/" not in kim.get("/policies/2/").content.decode()


def test_a_tip_leads_to_the_version_that_decided_it(log_on: LogOn, make_tip: MakeTip) -> None:
    made = make_tip()
    admin = log_on(Role.ADMIN, name="root")
    assert 'href="/policies/1/"' in admin.get(f"/tips/{made.reference}/").content.decode()
    analyst = log_on(Role.ANALYST, Role.EXPORTER, name="ann")
    page = analyst.get(f"/tips/{made.reference}/")
    assert "/policies/" not in page.content.decode()
