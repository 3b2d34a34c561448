"""While the database is away, or refuses: no page fails, no word is lost, and who to call is said.

Whatever kind of fault the database gives, and whether or not this process ever read from it.
"""

import json
import re
import secrets
from typing import Any

import pytest
from django.db import (
    DatabaseError,
    DataError,
    Error,
    IntegrityError,
    InterfaceError,
    OperationalError,
    ProgrammingError,
)
from django.test import Client

from tests.outage import away
from tests.web.residents import SEEN, Page, Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line
from tipintake.door.tally import tally
from tipintake.privacy import receipts
from tipintake.tips.models import Tip
from tipintake.web.site import at_hand

AWAY = (OperationalError, DatabaseError, InterfaceError)
OURS = (IntegrityError, DataError, ProgrammingError)
FAULTS = AWAY + OURS
HOTLINE = "1-888-373-7888"
NAMES_THE_HOTLINE = ("/", "/after/", "/help/")
OTHERS = ("/r/all/", "/r/1/", "/r/as/hotel/", "/back/", "/for/hotel/", "/privacy/", "/safety/")
NUMBERS = ("/numbers/", "/numbers/tips.csv", "/map/areas.js")
ADDRESSES = ("tips", "tips/preview", "tips/status", "tips/messages")
TIP = {
    "category": "SEX_TRAFFICKING",
    "immediacy": "RECENT",
    "minor_present": "UNKNOWN",
    "indicators": ["CTL_ACCOMPANIED"],
}


@pytest.fixture
def client(region: Gazetteer) -> Client:
    return Client(raise_request_exception=False)


@pytest.fixture(autouse=True)
def never_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that was started while the database was away."""
    monkeypatch.setattr(at_hand.lines, "last", None)
    monkeypatch.setattr(at_hand.referrals, "last", None)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("language", ["", "/es"])
def test_every_page_is_there_and_names_the_hotline(
    client: Client, fault: type[Error], language: str
) -> None:
    with away(fault):
        pages = {path: client.get(language + path) for path in NAMES_THE_HOTLINE + OTHERS}
    assert {path: one.status_code for path, one in pages.items() if one.status_code != 200} == {
        "/": 503
    }
    for path in NAMES_THE_HOTLINE:
        assert HOTLINE in pages[path].content.decode()


def test_the_first_page_says_so_while_no_tip_can_be_taken(client: Client) -> None:
    assert "just now" not in Page(client.get("/")).text
    with away():
        page = Page(client.get("/"))
    assert "We cannot take a tip just now" in page.text
    assert "call 911 or the police of the place" in page.text
    assert page.lang == "en"
    assert Page(client.get("/")).status == 200


def test_numbers_are_as_staff_last_had_them(client: Client) -> None:
    Line.objects.filter(code="nhth").update(number="1-888-555-0100")
    client.get("/")
    with away():
        said = Page(client.get("/es/")).text
    assert "1-888-555-0100" in said
    assert HOTLINE not in said


def test_a_number_that_staff_withdrew_does_not_come_back(client: Client) -> None:
    Line.objects.update(verified_state="unverified")
    client.get("/")
    with away():
        assert HOTLINE not in Page(client.get("/")).text


@pytest.mark.parametrize("path", NUMBERS)
def test_what_only_the_database_knows_is_asked_for_again(client: Client, path: str) -> None:
    with away():
        answer = client.get(path)
    assert answer.status_code == 503
    assert HOTLINE in answer.content.decode()
    assert "911" in answer.content.decode()


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("act", ["check", "send"])
@pytest.mark.parametrize("language", ["", "es"])
def test_the_form_keeps_every_word_and_says_who_to_call(
    client: Client, fault: type[Error], act: str, language: str
) -> None:
    resident = Resident(client, language=language)
    if act == "send":
        resident.press("check", **SEEN)
        resident.age_the_token()
    with away(fault):
        page = resident.press(act, **({} if act == "send" else SEEN))
    assert page.status == 503
    assert page.value("narrative") == SEEN["narrative"]
    assert HOTLINE in page.text
    assert "911" in page.text
    assert resident.press("check").status == 200


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("act", ["show", "check", "send"])
def test_who_comes_back_keeps_every_word_and_reads_who_to_call(
    client: Client, fault: type[Error], act: str
) -> None:
    typed = {"code": receipts.new().pretty, "narrative": "They left at noon.", "do": act}
    with away(fault):
        page = Page(client.post("/back/", typed))
    assert page.status == 503
    assert page.value("narrative") == "They left at noon."
    assert HOTLINE in page.text
    assert "wait a minute and try again" in page.text


def test_who_sends_what_was_forgotten_reads_who_to_call(client: Client) -> None:
    page = Page(client.get("/r/all/"))
    with away():
        answer = Page(client.post("/r/check/", {"token": page.value("token"), "do": "send"}))
    assert answer.status == 503
    assert HOTLINE in answer.text


def asked(client: Client, address: str, **headers: Any) -> Any:
    body: dict[str, Any] = {**TIP, "language": "es"} if headers else TIP
    if address in {"tips/status", "tips/messages"}:
        body = {"receipt": receipts.new().pretty}
    if address == "tips/messages":
        body["text"] = "They left at noon."
    return client.generic(
        "POST", f"/api/v1/{address}", json.dumps(body), "application/json", **headers
    )


@pytest.mark.parametrize("fault", AWAY)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_program_is_told_to_come_again(client: Client, fault: type[Error], address: str) -> None:
    with away(fault):
        answer = asked(client, address)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"]
    assert answer.json()["status"] == 503
    assert "911" in answer.json()["detail"]


@pytest.mark.parametrize("fault", OURS)
@pytest.mark.parametrize("address", ADDRESSES)
def test_a_program_is_not_called_back_each_minute_for_a_fault_that_stays(
    client: Client, fault: type[Error], address: str, caplog: pytest.LogCaptureFixture
) -> None:
    before = tally.counts().get("failed", 0)
    with away(fault):
        answer = asked(client, address)
    assert answer.status_code == 500
    assert "Retry-After" not in answer.headers
    assert answer.json()["type"] == "urn:problem-type:tipintake:failed"
    assert "911" in answer.json()["detail"]
    assert tally.counts().get("failed", 0) == before + 1
    assert any(said.startswith(f"api.failed {fault.__module__}") for said in caplog.messages)


def test_a_tip_that_met_a_fault_of_ours_is_kept_once_it_is_mended(client: Client) -> None:
    key = {"HTTP_IDEMPOTENCY_KEY": secrets.token_hex(16)}
    with away(IntegrityError):
        refused = asked(client, "tips", **key)
    assert refused.status_code == 500
    assert "Idempotency-Key" in refused.json()["detail"]
    assert "no se guardó" in refused.json()["detail"]
    assert not Tip.objects.exists()
    assert [asked(client, "tips", **key).status_code for _ in range(2)] == [201, 201]
    assert Tip.objects.count() == 1


def test_what_watches_the_service_is_answered(client: Client) -> None:
    for fault in FAULTS:
        with away(fault):
            answer = client.get("/readyz")
        assert answer.status_code == 503
        assert not re.search("server closed", answer.content.decode())
