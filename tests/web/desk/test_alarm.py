"""A P1 that nobody acknowledged is seen on every page, also on one that stays open."""

import pytest
from django.test import Client

from tests.web.desk.conftest import LogOn, MakeTip, act, text
from tipintake.staff.roles import Role

pytestmark = pytest.mark.django_db

PAGES = ("/", "/calls/", "/take/", "/directory/", "/directory/list/", "/lines/wentzville-pd/",
         "/tips/T-0000-0000/", "/directory/line/wentzville-pd/", "/held/")  # fmt: skip


@pytest.mark.parametrize("page", PAGES)
def test_the_banner_is_on_every_page(triage: Client, make_tip: MakeTip, page: str) -> None:
    tip = make_tip("wentzville-pd", priority="P1")
    assert "1 P1 tip not acknowledged" in triage.get(page).content.decode()
    act(triage, tip, "wentzville-pd", "acknowledge")
    assert "not acknowledged" not in triage.get(page).content.decode()


def test_a_page_that_stays_open_hears_of_the_next_one(triage: Client, make_tip: MakeTip) -> None:
    page = triage.get("/").content.decode()
    assert 'data-from="/alarm/?watch=again"' in page
    assert "desk-alarm.js" in page
    assert not triage.get("/alarm/?watch=again").content.strip()
    tip = make_tip("ofallon-pd", priority="P1")
    assert tip.reference in text(triage, "/alarm/?watch=again")


def test_the_error_pages_look_for_it_too() -> None:
    answer = Client().get("/nowhere/")
    assert answer.status_code == 404
    assert b'data-from="/alarm/' in answer.content


def test_to_look_for_it_is_not_to_be_there(triage: Client) -> None:
    session = triage.session
    seen = session["seen"]
    session["seen"] = seen - 60
    session.save()
    triage.get("/alarm/?watch=again")
    assert triage.session["seen"] == seen - 60


def test_of_other_lines_nobody_is_alarmed(log_on: LogOn, make_tip: MakeTip) -> None:
    make_tip("icac", priority="P1")
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert not client.get("/alarm/").content.strip()
