"""Staff read a tip otherwise and send it another way, with a reason."""

from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import LogOn, MakeTip, act, said_by, text, version
from tipintake.directory.models import Jurisdiction, RegionRelease
from tipintake.staff.roles import Role

pytestmark = pytest.mark.django_db

AS_GIVEN = {"category": "SEX_TRAFFICKING", "immediacy": "ONGOING", "minor_present": "NO"}


def press(client: Client, tip: Any, do: str, **given: str) -> Any:
    form = {**AS_GIVEN, "why": "MINOR", "version": version(tip), "do": do, **given}
    return client.post(f"/tips/{tip.reference}/another-way/", form)


def test_what_would_change_is_shown_first(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    page = said_by(press(triage, tip, "show", minor_present="YES").content.decode())
    assert "A child may be involved in person" in page
    assert "Child protection" in page.partition("Gets it now")[2]
    assert tip.hand_offs.count() == 1
    triage.post("/preferences/", {"language": "es"})
    page = said_by(press(triage, tip, "show", minor_present="YES").content.decode())
    assert "Quizá hay un menor en el lugar" in page
    assert "A child may be" not in page
    triage.post("/preferences/", {"language": "en"})
    assert press(triage, tip, "send", minor_present="YES").status_code == 302
    assert tip.hand_offs.filter(line__code="child-protection").exists()
    page = text(triage, f"/tips/{tip.reference}/")
    assert "Sent another way (minor), now r1, p1" in page


def test_it_needs_a_reason(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    answer = press(triage, tip, "send", minor_present="YES", why="")
    assert answer.status_code == 422
    assert "Say why." in said_by(answer.content.decode())
    assert tip.decisions.count() == 1


def test_of_two_at_one_moment_one_succeeds(triage: Client, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    seen = version(tip)
    act(triage, tip, "wentzville-pd", "acknowledge")
    answer = press(triage, tip, "send", minor_present="YES", version=str(seen))
    assert answer.status_code == 409
    assert tip.decisions.count() == 1


@pytest.mark.parametrize("do", ["show", "send"])
def test_a_tip_that_is_still_being_placed_says_so(
    triage: Client, make_tip: MakeTip, do: str
) -> None:
    tip = make_tip("wentzville-pd", routed_at=None)
    answer = press(triage, tip, do, minor_present="YES")
    assert answer.status_code == 422
    assert "It is being placed; load it again in a minute." in said_by(answer.content.decode())
    assert tip.decisions.count() == 1


def test_an_agency_cannot(log_on: LogOn, make_tip: MakeTip) -> None:
    tip = make_tip("wentzville-pd")
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert client.get(f"/tips/{tip.reference}/another-way/").status_code == 403
    main = client.get(f"/tips/{tip.reference}/").content.decode().partition("<main")[2]
    assert "/another-way/" not in main


def test_staff_say_where_it_is_and_the_tip_goes_there(triage: Client, make_tip: MakeTip) -> None:
    Jurisdiction.objects.create(
        code="ofallon-mo",
        name="O'Fallon",
        kind=Jurisdiction.Kind.CITY,
        geoid="2954074",
        county="st-charles-county",
        police_line="ofallon-pd",
    )
    RegionRelease.objects.create(region="test", digest="where-it-is", loaded_at=timezone.now())
    tip = make_tip("wentzville-pd")
    address = f"/tips/{tip.reference}/another-way/"
    assert "Where it is" in text(triage, address)
    there = {"place": "resolved:ofallon-mo", "why": "PLACE"}
    page = said_by(press(triage, tip, "show", **there).content.decode())
    assert "as staff read it." in page
    assert press(triage, tip, "send", **there).status_code == 302
    assert tip.hand_offs.filter(line__code="ofallon-pd").exists()
    again = triage.get(address).content.decode()
    assert 'value="resolved:ofallon-mo" selected' in again
    assert press(triage, tip, "show", place="resolved:nowhere").status_code == 422
