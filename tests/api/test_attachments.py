"""Pictures through the API: strict, made anew before anything is kept, as at the form."""

import base64
import json
from typing import Any

import pytest
from django.test import Client

from tests.api.conftest import Send, pointers
from tests.tips.photos import BROKEN, PDF, PHONE_PICTURE, PLAIN_PICTURE, PLANTED
from tests.web.report.test_photos import all_bytes_of_the_database, checked, chosen, send
from tests.web.residents import Resident
from tipintake.api.parsers import read
from tipintake.api.problems import ApiProblem
from tipintake.door import pictures
from tipintake.door.bodies import PICTURES_IN_ALL
from tipintake.tips.models import Attachment, Tip

LEAST = {"category": "OTHER_UNSURE", "immediacy": "PAST", "minor_present": "UNKNOWN"}


def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def with_files(*files: bytes, **more: Any) -> dict[str, Any]:
    return {**LEAST, "attachments": [{"content": coded(data)} for data in files], **more}


def test_a_picture_alone_makes_a_tip(send_tip: Send) -> None:
    answer = send_tip(with_files(PHONE_PICTURE))
    assert answer.status_code == 201, answer.content
    (said,) = answer.json()["attachments"]
    assert said["pages"] == 1
    assert {"GPS position", "camera data (EXIF)"} <= set(said["removed"])
    assert said["offers_date"] is said["offers_place"] is True
    assert said["kept"] == []
    assert not any(plant in all_bytes_of_the_database() for plant in PLANTED)
    assert Attachment.objects.get().taken_at is None


def test_claims_are_kept_when_the_client_says_so(send_tip: Send) -> None:
    tip = {**LEAST, "attachments": [{"content": coded(PHONE_PICTURE), "keep_claims": True}]}
    answer = send_tip(tip)
    assert answer.json()["attachments"][0]["kept"] == ["its date", "its place"]
    assert Attachment.objects.get().taken_lat == 38.667


def test_the_answer_speaks_the_tips_language(send_tip: Send) -> None:
    answer = send_tip(with_files(PHONE_PICTURE, language="es"))
    assert "posición GPS" in answer.json()["attachments"][0]["removed"]


@pytest.mark.parametrize(
    ("attachments", "pointer", "code"),
    [
        ("x", "/attachments", "not_a_list"),
        ([1], "/attachments/0", "invalid"),
        ([{}], "/attachments/0/content", "required"),
        ([{"content": ""}], "/attachments/0/content", "blank"),
        ([{"content": 7}], "/attachments/0/content", "invalid"),
        ([{"content": "no base64!"}], "/attachments/0/content", "base64"),
        ([{"content": "QUJD\nQUJD"}], "/attachments/0/content", "base64"),
        ([{"content": "data:image/png;base64,QUJD"}], "/attachments/0/content", "base64"),
        ([{"content": "QUJD", "keep_claims": "yes"}], "/attachments/0/keep_claims", "invalid"),
        ([{"content": "QUJD", "file_name": "a"}], "/attachments/0/file_name", "unknown_field"),
        ([{"content": "QUJD"}] * 6, "/attachments", "max_length"),
        ([{"content": "QUJD"}], "/attachments/0/content", "unknown_kind"),
        ([{"content": coded(BROKEN)}], "/attachments/0/content", "unopenable"),
        (
            [{"content": coded(PLAIN_PICTURE)}, {"content": coded(b"%PDF-1.4 torn")}],
            "/attachments/1/content",
            "closed_pdf",
        ),
    ],
)
def test_what_is_wrong_is_named(attachments: Any, pointer: str, code: str, send_tip: Send) -> None:
    answer = send_tip({**LEAST, "attachments": attachments})
    assert answer.status_code == 422
    assert pointers(answer)[pointer] == code
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    "more", [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}]
)
def test_none_is_opened_where_it_may_show_a_child(
    more: dict[str, Any], send_tip: Send, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "sanitize", None)
    answer = send_tip(with_files(PHONE_PICTURE, **more))
    assert pointers(answer) == {"/attachments": "no_pictures_of_this_kind"}
    assert "CyberTipline" in answer.json()["errors"][0]["detail"]


def test_null_and_an_empty_list_are_none(send_tip: Send) -> None:
    for nothing in ("null", "[]"):
        tip = {**LEAST, "indicators": ["HTL_TRAFFIC"], "attachments": json.loads(nothing)}
        answer = send_tip(tip)
        assert answer.status_code == 201
        assert answer.json()["attachments"] == []


def test_a_preview_says_what_would_be_removed_and_offered(post: Send, region: object) -> None:
    answer = post("/api/v1/tips/preview", with_files(PHONE_PICTURE)).json()
    assert answer["ready"] is True
    assert answer["attachments"][0]["offers_place"] is True
    assert "attachments" not in answer["agency_sees"]
    assert not Tip.objects.exists()


def test_a_body_of_20_megabytes_is_taken(send_tip: Send) -> None:
    padded = PLAIN_PICTURE + bytes(15 * 1024 * 1024)
    answer = send_tip(with_files(padded))
    assert answer.status_code == 201
    assert answer.json()["attachments"][0]["removed"] == ["data after the picture"]


def test_more_than_all_together_is_refused_before_it_is_read(
    public: Client, region: object
) -> None:
    answer = public.generic(
        "POST",
        "/api/v1/tips",
        b"{}",
        "application/json",
        CONTENT_LENGTH=str(PICTURES_IN_ALL * 2),
    )
    assert answer.status_code == 413
    assert answer.headers["Content-Type"] == "application/problem+json"


def test_a_large_body_without_pictures_is_not_made_into_anything() -> None:
    body = json.dumps({"indicators": [[]] * 400_000}).encode()
    with pytest.raises(ApiProblem) as refused:
        read(body)
    assert refused.value.kind.status == 413


def test_the_same_key_makes_no_second_tip_of_the_same_pictures(send_tip: Send) -> None:
    key = "5e0a7f6c-9f6e-4c3b-8d0a-2f1b7c9e4d35"
    first = send_tip(with_files(PHONE_PICTURE), HTTP_IDEMPOTENCY_KEY=key)
    again = send_tip(with_files(PHONE_PICTURE), HTTP_IDEMPOTENCY_KEY=key)
    assert again.content == first.content
    assert Attachment.objects.count() == 1


def test_both_doors_keep_the_same(send_tip: Send, resident: Resident) -> None:
    checked(resident)
    assert send(resident, chosen(PHONE_PICTURE), chosen(PDF), keep_claims="on").status == 201
    files = [{"content": coded(data), "keep_claims": True} for data in (PHONE_PICTURE, PDF)]
    assert send_tip({**LEAST, "attachments": files}).status_code == 201
    own = {"id", "tip_id", "sealed", "preview_sealed", "sha256_sealed"}
    kept: list[list[dict[str, Any]]] = [
        [{k: v for k, v in row.items() if k not in own} for row in tip.attachments.values()]
        for tip in Tip.objects.all()
    ]
    assert len(kept[0]) > 1
    assert kept[0] == kept[1]


@pytest.fixture
def resident(region: object) -> Resident:
    return Resident(Client())
