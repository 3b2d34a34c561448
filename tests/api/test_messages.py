"""Somebody answers, or adds what is known by now, through a program."""

from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests.api.conftest import Send, pointers
from tipintake.api import examples
from tipintake.privacy import keys, receipts
from tipintake.tips.models import Message, Tip
from tipintake.triage import dialog

pytestmark = pytest.mark.django_db
KEY = "5e0a7f6c-9f6e-4c3b-8d0a-2f1b7c9e4d35"
OWN = "My name is Zebulon Quackenbush. The van came again."


@pytest.fixture
def receipt(send_tip: Send) -> str:
    return str(send_tip(examples.TIP).json()["receipt"])


def say(post: Send, receipt: Any, *, headers: dict[str, str] | None = None, **more: Any) -> Any:
    return post("/api/v1/tips/messages", {"receipt": receipt, **more}, **(headers or {}))


def read() -> list[str]:
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    return [one.text for one in dialog.said_in(Tip.objects.get(), private)]


def test_a_question_is_shown_and_answered(post: Send, receipt: str) -> None:
    dialog.ask(Tip.objects.get(), words="Which floor?", by="sam", now=timezone.now())
    asked = post("/api/v1/tips/status", {"receipt": receipt}).json()
    assert [one["text"] for one in asked["questions"]] == ["Which floor?"]
    response = say(post, receipt, text=OWN)
    assert (response.status_code, response.json()) == (201, {"kept": True})
    after = post("/api/v1/tips/status", {"receipt": receipt}).json()
    (sent,) = after["answers"]
    assert sent["sent_hour"][14:19] == "00:00"
    assert "van came" not in str(after)
    assert "The van came again." in read()[1]
    assert "Quackenbush" not in read()[1]


def test_a_preview_shows_findings_that_can_then_be_decided(post: Send, receipt: str) -> None:
    seen = say(post, receipt, text=OWN, preview=True)
    assert seen.status_code == 200
    assert not Message.objects.exists()
    found = seen.json()["findings"]
    assert {one["pointer"] for one in found} == {"/text"}
    assert all(OWN[one["start"] : one["end"]] == one["words"] for one in found)
    decisions = {one["id"]: "keep" for one in found}
    assert say(post, receipt, text=OWN, decisions=decisions).status_code == 201
    assert read() == [OWN]


def test_a_decision_about_another_text_is_refused(post: Send, receipt: str) -> None:
    response = say(post, receipt, text="The van came.", decisions={"/text:0f3c9a1be27d": "keep"})
    assert response.status_code == 422
    assert pointers(response) == {"/decisions/~1text:0f3c9a1be27d": "unknown_finding"}
    assert not Message.objects.exists()


def test_vehicles_and_places_become_evidence(post: Send, receipt: str) -> None:
    vehicles = [{"plate_raw": "XY9 8Z?"}]
    locations = [{"name": "Second Motel", "city": "Wentzville"}]
    assert say(post, receipt, vehicles=vehicles, locations=locations).status_code == 201
    tip = Tip.objects.get()
    assert [one.plate_canonical for one in tip.vehicles.all()] == ["AB1C2?", "XY98Z?"]
    assert tip.locations.count() == 2


@pytest.mark.parametrize(
    ("more", "where"),
    [
        ({}, {"/text": "says_nothing"}),
        ({"text": ""}, {"/text": "says_nothing"}),
        ({"text": 5}, {"/text": "invalid"}),
        ({"text": "x" * 4001}, {"/text": "max_length"}),
        ({"text": "x", "phone": "1"}, {"/phone": "unknown_field"}),
        ({"locations": [{"exit": "9"}]}, {"/locations/0/highway": "highway_needed"}),
    ],
)
def test_what_is_wrong_is_named(
    post: Send, receipt: str, more: dict[str, Any], where: dict[str, str]
) -> None:
    assert pointers(say(post, receipt, **more)) == where
    assert not Message.objects.exists()


def test_an_unknown_and_a_purged_receipt_are_answered_alike(post: Send, receipt: str) -> None:
    unknown = say(post, receipts.new().pretty, text="The van came.")
    Tip.objects.all().delete()
    purged = say(post, receipt, text="The van came.")
    assert unknown.status_code == purged.status_code == 404
    assert unknown.content == purged.content
    assert dict(unknown.headers) == dict(purged.headers)


def test_a_repeated_request_adds_once(post: Send, receipt: str) -> None:
    headers = {"HTTP_IDEMPOTENCY_KEY": KEY}
    first = say(post, receipt, headers=headers, text="The van came.")
    again = say(post, receipt, headers=headers, text="The van came.")
    assert first.content == again.content
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Message.objects.count() == 1


def test_the_answer_comes_in_the_language_asked_for(post: Send, receipt: str) -> None:
    response = say(post, receipt, language="es")
    assert response.headers["Content-Language"] == "es"
