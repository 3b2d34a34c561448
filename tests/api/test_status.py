"""Somebody comes back with a receipt."""

from typing import Any

import pytest
from django.utils import timezone

from tests.api.conftest import Send, pointers
from tipintake.api import examples
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.privacy import receipts
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.triage.models import Call

pytestmark = pytest.mark.django_db


def ask(post: Send, receipt: Any, **more: Any) -> Any:
    return post("/api/v1/tips/status", {"receipt": receipt, **more})


@pytest.fixture
def receipt(send_tip: Send) -> str:
    return str(send_tip(examples.TIP).json()["receipt"])


def test_a_fresh_tip_is_said_to_be_on_its_way(post: Send, receipt: str) -> None:
    answer = ask(post, receipt).json()
    assert answer["says"] == "We have your tip. It is being placed with the right line."
    assert answer["lines"] == []
    assert answer["received_hour"][14:19] == "00:00"


def test_a_placed_tip_shows_its_lines_with_reasons_and_claims_nothing(
    post: Send, receipt: str
) -> None:
    route_waiting(now=timezone.now(), limit=10)
    answer = ask(post, receipt).json()
    assert answer["lines"]
    for line in answer["lines"]:
        assert line["name"]
        assert line["because"]
        assert "Nobody has called it yet" in line["says"]
        assert "sent to" not in line["says"]


def said_of(post: Send, receipt: str, code: str, **more: Any) -> dict[str, Any]:
    lines = ask(post, receipt, **more).json()["lines"]
    found: dict[str, Any] = next(line for line in lines if line["line"] == code)
    return found


def test_a_line_with_only_a_call_sheet_was_never_told(post: Send, receipt: str) -> None:
    moment = timezone.now()
    route_waiting(now=moment, limit=10)
    while notify_due(now=moment):
        pass
    told = said_of(post, receipt, "wentzville-pd")
    assert told["state"] == "QUEUED"
    assert told["says"] == "We tell this line by telephone. Nobody has called it yet."
    assert told["number"] == Line.objects.get(code="wentzville-pd").shown_number != ""
    assert not [one for one in ask(post, receipt).json()["lines"] if "was told" in one["says"]]
    spanish = said_of(post, receipt, "wentzville-pd", language="es")
    assert "Todavía nadie la ha llamado" in spanish["says"]


def test_after_a_call_nobody_says_that_nobody_called(post: Send, receipt: str) -> None:
    route_waiting(now=timezone.now(), limit=10)
    row = HandOff.objects.get(line__code="wentzville-pd")
    caller = User.objects.create(username="caller")
    Call.objects.create(
        hand_off=row, made_by=caller, made_at=row.queued_at, outcome=Call.Outcome.NO_ANSWER
    )
    told = said_of(post, receipt, "wentzville-pd")
    assert told["says"].startswith("We have called this line. Nobody there")


def test_a_line_that_a_machine_tells_and_own_staff_are_not_called(
    post: Send, receipt: str
) -> None:
    route_waiting(now=timezone.now(), limit=10)
    line = Line.objects.get(code="wentzville-pd")
    line.contacts.update(channel="email")
    assert said_of(post, receipt, "wentzville-pd")["says"].startswith("In the list of this line")
    HandOff.objects.update(state=HandOff.State.NOTIFIED)
    assert "was told" in said_of(post, receipt, "wentzville-pd")["says"]
    HandOff.objects.update(state=HandOff.State.QUEUED)
    line.contacts.update(channel="call_sheet")
    Line.objects.filter(pk=line.pk).update(kind=Line.Kind.INTERNAL)
    assert said_of(post, receipt, "wentzville-pd")["says"].startswith("In the list of this line")


def test_an_acknowledgement_is_shown(post: Send, receipt: str) -> None:
    route_waiting(now=timezone.now(), limit=10)
    HandOff.objects.update(state=HandOff.State.ACKNOWLEDGED)
    Tip.objects.update(status="SCREENED")
    answer = ask(post, receipt).json()
    assert answer["says"] == "A person has read your tip."
    assert "has confirmed" in answer["lines"][0]["says"]


@pytest.mark.parametrize("language", ["es", "ES", "es-419"])
def test_names_of_lines_come_in_the_language_asked_for(
    post: Send, receipt: str, language: str
) -> None:
    route_waiting(now=timezone.now(), limit=10)
    answer = ask(post, receipt, language=language).json()
    line = Line.objects.get(code=answer["lines"][0]["line"])
    assert answer["lines"][0]["name"] == line.resident_name_es


def test_case_spaces_and_lookalikes_do_not_matter(post: Send, receipt: str) -> None:
    typed = " " + receipt.lower().replace("-", " ").replace("0", "o").replace("1", "l") + " "
    assert ask(post, typed).status_code == 200


def test_an_unknown_and_a_purged_receipt_are_answered_alike(post: Send, receipt: str) -> None:
    unknown = ask(post, receipts.new().pretty)
    Tip.objects.all().delete()
    purged = ask(post, receipt)
    assert unknown.status_code == purged.status_code == 404
    assert unknown.content == purged.content
    assert dict(unknown.headers) == dict(purged.headers)
    assert unknown.headers["Content-Type"] == "application/problem+json"


def test_an_unknown_receipt_costs_the_same_queries(
    post: Send, receipt: str, django_assert_num_queries: Any
) -> None:
    with django_assert_num_queries(3):
        ask(post, receipt)
    with django_assert_num_queries(3):
        ask(post, receipts.new().pretty)


def test_a_typing_error_is_told_apart(post: Send, receipt: str) -> None:
    wrong = ("B" if receipt[0] != "B" else "C") + receipt[1:]
    response = ask(post, wrong)
    assert response.status_code == 422
    assert pointers(response) == {"/receipt": "typing_error"}
    assert wrong not in response.content.decode()


@pytest.mark.parametrize("body", [{}, {"receipt": None}, {"receipt": ""}, {"receipt": 5}])
def test_a_receipt_is_needed(post: Send, body: dict[str, Any]) -> None:
    response = post("/api/v1/tips/status", body)
    assert response.status_code == 422
    assert set(pointers(response)) == {"/receipt"}


def test_what_was_reported_is_never_in_the_answer(post: Send, receipt: str) -> None:
    route_waiting(now=timezone.now(), limit=10)
    told = ask(post, receipt).content.decode()
    assert "214" not in told
    assert "Prairie" not in told
    assert "silver" not in told
