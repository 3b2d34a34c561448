"""A tip told by telephone or at the door goes the way of every tip."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.outage import away_after, away_at_the_commit
from tests.web.desk.conftest import LogOn, said_by
from tests.web.desk.entering import enter
from tipintake.door import tokens
from tipintake.door.status import status_of
from tipintake.pipeline import bell
from tipintake.pipeline.route import route_waiting
from tipintake.privacy import receipts
from tipintake.region.load import load
from tipintake.region.pack import Pack
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.web.desk import taking

pytestmark = pytest.mark.django_db

TOLD = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"],
    "locations-0-place_type": "HOTEL_MOTEL",
    "locations-0-name": "Sunset Inn",
    "locations-0-city": "Wentzville",
    "vehicles-0-plate_raw": "AB1 C2D",
    "narrative": "Men come all night. My number is 314-555-0142, call me back.",
    "language": "es",
}


@pytest.fixture
def desk(db: None, pack: Pack, monkeypatch: pytest.MonkeyPatch) -> Client:
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    now = timezone.now()
    load(pack, now=now, actor="test")
    password = accounts.create("sam", roles=(Role.ANALYST,), lines=(), actor="test", now=now)
    client = Client()
    enter(client, "sam", password)
    return client


def old_token() -> str:
    return tokens.issue(timezone.now() - timedelta(minutes=3))


def send(client: Client, **more: Any) -> Any:
    return client.post("/take/", {**TOLD, "do": "send", "token": old_token(), **more})


def test_it_is_checked_scrubbed_sealed_and_placed_like_any_other(desk: Client) -> None:
    checked = desk.post("/take/", {**TOLD, "do": "check"})
    page = said_by(checked.content.decode())
    assert "[removed]" in page
    assert "Wentzville" in page.partition("Where it will be placed")[2]
    assert not Tip.objects.exists()
    kept = send(desk)
    assert kept.status_code == 201
    tip = Tip.objects.get()
    assert tip.came_by == "STAFF"
    assert tip.language == "es"
    assert tip.vehicles.get().plate_skeleton == "A81C20"
    route_waiting(now=timezone.now())
    assert set(tip.hand_offs.values_list("line__code", flat=True)) == {"wentzville-pd"}
    entry = AuditEntry.objects.get(act="tip.taken")
    assert (entry.actor, entry.subject) == ("sam", tip.reference)
    assert entry.at == tip.submitted_hour  # no finer: a log of calls beside it would name them


def test_the_code_is_shown_once_and_spelled(desk: Client) -> None:
    page = said_by(send(desk).content.decode())
    code = re.search(r"\b[0-9A-Z]{5}(?:-[0-9A-Z]{4,5}){2,}", page)
    assert code
    assert "Their code: read it out now" in page


def test_a_database_that_goes_away_once_the_tip_is_kept_leaves_its_code(desk: Client) -> None:
    with away_after(taking, "submit_tip"):
        answer = send(desk)
    assert answer.status_code == 201
    page = said_by(answer.content.decode())
    (code,) = (word for word in page.split() if word.count("-") == 5)
    assert status_of(receipts.parse(code)) is not None
    assert Tip.objects.get().reference in page
    assert "911" in page


@pytest.mark.django_db(transaction=True)
def test_where_the_commits_answer_was_lost_loading_the_page_again_keeps_one_tip_and_says_its_code(
    desk: Client,
) -> None:
    token = old_token()
    with away_at_the_commit(back=False):
        lost = send(desk, token=token)
    assert lost.status_code == 503
    said = said_by(lost.content.decode())
    assert "load it again" in said
    assert "911" in said
    again = said_by(send(desk, token=token).content.decode())
    assert status_of(receipts.parse(code_in(again))) is not None
    assert Tip.objects.get().reference in again


def test_pressing_twice_keeps_one_tip(desk: Client) -> None:
    token = old_token()
    first = said_by(send(desk, token=token).content.decode())
    again = send(desk, token=token)
    assert again.status_code == 409
    said = said_by(again.content.decode())
    assert f"kept already, as {Tip.objects.get().reference}" in said
    assert code_in(said) == code_in(first)


def test_what_is_to_be_pressed_is_a_button_of_the_page(desk: Client) -> None:
    for token, said in (
        (tokens.issue(timezone.now()), "That was very fast."),
        (tokens.issue(timezone.now() - timedelta(hours=25)), "open for more than a day"),
        ("", "its own mark is damaged"),
    ):
        page = said_by(send(desk, token=token).content.decode())
        assert said in page
        assert "press “Keep it”" in page
        assert "press Send" not in page


def test_another_callers_tip_from_the_same_page_is_not_given_the_first_ones_code(
    desk: Client,
) -> None:
    token = old_token()
    code = code_in(said_by(send(desk, token=token).content.decode()))
    again = send(desk, token=token, narrative="A red truck at the warehouse, every Monday at 6.")
    page = again.content.decode()
    assert code not in page
    assert "A tip was kept from this page already" in said_by(page)
    assert f'value="{token}"' not in page  # the next press keeps it


def test_hours_later_the_code_is_not_shown_again(desk: Client) -> None:
    token = old_token()
    code = code_in(said_by(send(desk, token=token).content.decode()))
    Tip.objects.update(submitted_hour=Tip.objects.get().submitted_hour - timedelta(hours=2))
    said = said_by(send(desk, token=token).content.decode())
    assert "kept from this page already" in said
    assert code not in said


def code_in(page: str) -> str:
    (code,) = {word.rstrip(".") for word in page.split() if word.count("-") == 5}
    return code


def test_what_is_missing_is_said_and_nothing_typed_is_lost(desk: Client) -> None:
    answer = desk.post("/take/", {**TOLD, "category": "", "do": "send", "token": old_token()})
    assert answer.status_code == 422
    assert b"Men come all night" in answer.content
    assert not Tip.objects.exists()


def test_another_row_keeps_what_was_typed(desk: Client) -> None:
    answer = desk.post("/take/", {**TOLD, "vehicles-rows": "1", "do": "add-vehicles"})
    assert answer.status_code == 200
    assert b'name="vehicles-1-plate_raw"' in answer.content
    assert b"AB1 C2D" in answer.content


def test_an_agency_takes_no_tips(log_on: LogOn) -> None:
    client = log_on(Role.PARTNER, lines=("wentzville-pd",))
    assert client.get("/take/").status_code == 403
