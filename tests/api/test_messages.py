"""Somebody answers, or adds what is known by now, through a program."""

from datetime import datetime
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from tests.api.conftest import Send, pointers
from tests.api.test_attachments import coded, with_files
from tests.outage import away_after
from tests.tips.photos import BROKEN, PDF, PHONE_PICTURE, PLAIN_PICTURE, PLANTED
from tests.web.report.test_photos import all_bytes_of_the_database
from tipintake.api import examples, returning
from tipintake.door import idempotency, pictures
from tipintake.pipeline import follow_up
from tipintake.privacy import keys, receipts
from tipintake.tips.models import Attachment, Message, Tip
from tipintake.tips.pictures import jpeg_of
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
    assert (response.status_code, response.json()) == (201, {"kept": True, "attachments": []})
    after = post("/api/v1/tips/status", {"receipt": receipt}).json()
    (sent,) = after["answers"]
    assert sent["sent_hour"][14:19] == "00:00"
    assert "van came" not in str(after)
    assert "The van came again." in read()[1]
    assert "Quackenbush" not in read()[1]


def test_a_database_that_goes_away_once_it_is_kept_does_not_say_that_nothing_was(
    post: Send, receipt: str
) -> None:
    with away_after(returning, "send_more"):
        response = say(post, receipt, text=OWN)
    assert (response.status_code, response.json()) == (201, {"kept": True, "attachments": []})
    (words,) = read()
    assert "The van came again." in words


def test_a_question_that_was_taken_back_is_not_shown(post: Send, receipt: str) -> None:
    tip = Tip.objects.get()
    back = dialog.ask(tip, words="Which floor?", by="sam", now=timezone.now())
    dialog.withdraw(tip, back.pk, by="sam", now=timezone.now())
    dialog.ask(tip, template="WHEN", by="sam", now=timezone.now())
    asked = post("/api/v1/tips/status", {"receipt": receipt}).json()
    assert [one["text"][:11] for one in asked["questions"]] == ["When did yo"]


def test_a_question_that_was_shown_to_a_program_is_not_taken_back(
    post: Send, receipt: str
) -> None:
    tip = Tip.objects.get()
    asked = dialog.ask(tip, words="Which floor?", by="sam", now=timezone.now())
    post("/api/v1/tips/status", {"receipt": receipt})
    with pytest.raises(dialog.TooLate):
        dialog.withdraw(tip, asked.pk, by="sam", now=timezone.now())


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


def test_a_picture_and_a_pdf_are_made_anew_and_stand_behind_the_first(
    post: Send, send_tip: Send
) -> None:
    receipt = send_tip(with_files(PLAIN_PICTURE)).json()["receipt"]
    files = with_files(PHONE_PICTURE, PDF)["attachments"]
    files[0]["keep_claims"] = True
    response = say(post, receipt, attachments=files)
    assert response.status_code == 201, response.content
    first, second = response.json()["attachments"]
    assert {"GPS position", "camera data (EXIF)"} <= set(first["removed"])
    assert first["kept"] == ["its date", "its place"]
    assert second["pages"] >= 1
    rows = Attachment.objects.filter(page=1).values_list("position", "kind", "taken_lat")
    assert list(rows) == [(0, "png", None), (1, "jpeg", 38.667), (2, "pdf", None)]
    assert not any(plant in all_bytes_of_the_database() for plant in PLANTED)
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    assert all(jpeg_of(row, private)[:3] == b"\xff\xd8\xff" for row in Attachment.objects.all())


def test_a_preview_says_what_would_be_removed_and_keeps_nothing(post: Send, receipt: str) -> None:
    files = with_files(PHONE_PICTURE)["attachments"]
    seen = say(post, receipt, attachments=files, preview=True).json()
    assert seen["ready"] is True
    assert "GPS position" in seen["attachments"][0]["removed"]
    assert not Message.objects.exists()
    assert not Attachment.objects.exists()


@pytest.mark.parametrize(
    ("files", "pointer", "code"),
    [
        (["no base64!"], "/attachments/0/content", "base64"),
        ([coded(b"MZ a program")], "/attachments/0/content", "unknown_kind"),
        ([coded(PLAIN_PICTURE), coded(BROKEN)], "/attachments/1/content", "unopenable"),
        ([coded(PLAIN_PICTURE)] * 6, "/attachments", "max_length"),
    ],
)
def test_a_file_that_cannot_be_taken_is_named_with_what_to_do(
    post: Send, receipt: str, files: list[str], pointer: str, code: str
) -> None:
    response = say(post, receipt, text="x", attachments=[{"content": one} for one in files])
    assert response.status_code == 422
    assert pointers(response) == {pointer: code}
    assert all(one["detail"] for one in response.json()["errors"])
    assert not Message.objects.exists()


@pytest.mark.parametrize(
    "changes", [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}]
)
def test_no_file_is_opened_where_it_may_show_a_child(
    post: Send, send_tip: Send, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = send_tip({**examples.SHORT_TIP, **changes}).json()["receipt"]
    monkeypatch.setattr(pictures, "sanitize", None)
    response = say(post, receipt, attachments=with_files(PHONE_PICTURE)["attachments"])
    assert pointers(response) == {"/attachments": "no_pictures_of_this_kind"}
    assert "CyberTipline" in response.json()["errors"][0]["detail"]


def test_no_file_is_opened_under_an_unknown_receipt_or_when_the_tip_is_full(
    post: Send, receipt: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "sanitize", None)
    files = with_files(PHONE_PICTURE)["attachments"]
    assert say(post, receipts.new().pretty, attachments=files).status_code == 404
    monkeypatch.setattr(follow_up, "MOST_FILES", 0)
    assert pointers(say(post, receipt, attachments=files)) == {"": "full"}


def test_the_same_key_adds_no_picture_twice(post: Send, receipt: str) -> None:
    headers = {"HTTP_IDEMPOTENCY_KEY": KEY}
    files = with_files(PHONE_PICTURE)["attachments"]
    first = say(post, receipt, headers=headers, attachments=files)
    again = say(post, receipt, headers=headers, attachments=files)
    assert first.content == again.content
    assert Attachment.objects.count() == 1


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


@pytest.mark.parametrize("text", ["The van came.", "Another van came."])
def test_of_two_at_once_under_one_key_the_slower_hears_the_faster_or_is_refused(
    post: Send, receipt: str, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    headers = {"HTTP_IDEMPOTENCY_KEY": KEY}
    first = say(post, receipt, headers=headers, text="The van came.")
    real = idempotency.answer_to
    asked: list[bytes | None] = []

    def too_early(claim: idempotency.Claim, *, now: datetime) -> bytes | None:
        asked.append(None if not asked else real(claim, now=now))
        return asked[-1]

    monkeypatch.setattr(idempotency, "answer_to", too_early)
    slower = say(post, receipt, headers=headers, text=text)
    if text == "The van came.":
        assert slower.content == first.content
        assert slower.headers["Idempotency-Replayed"] == "true"
    else:
        assert slower.status_code == 422
        assert slower.json()["type"].endswith("idempotency-key-reused")
    assert Message.objects.count() == 1


@pytest.mark.parametrize(
    ("language", "answered_in"),
    [("es", "es"), ("ES", "es"), ("es-419", "es"), ("fil", "en"), ("zh-Hans", "en")],
)
def test_the_answer_comes_in_the_language_asked_for(
    post: Send, receipt: str, language: str, answered_in: str
) -> None:
    response = say(post, receipt, text="The van came again.", language=language)
    assert response.status_code == 201
    assert response.headers["Content-Language"] == answered_in
