"""Pictures on the check page: sent with the words, kept without what could point to anybody."""

import logging
import os
import tempfile
from contextlib import ExitStack
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from PIL import ExifTags, Image

from config import serve
from tests.outage import away_at_the_commit
from tests.privacy.attachments.corpus import saved, scene
from tests.tips.photos import (
    BROKEN,
    FILE_NAME,
    PDF,
    PHONE_PICTURE,
    PLAIN_PICTURE,
    PLANTED,
)
from tests.web.residents import SEEN, Page, Resident
from tipintake.door import bodies, pictures, uploads
from tipintake.tips.models import Attachment, Tip
from tipintake.web.report import photos

WORDS = str(SEEN["narrative"])


def chosen(data: bytes, name: str = FILE_NAME) -> BytesIO:
    file = BytesIO(data)
    file.name = name
    return file


def checked(resident: Resident, **changes: str | list[str]) -> Page:
    page = resident.press("check", **{**SEEN, **changes})
    assert page.status == 200, page.text
    return page


def send(resident: Resident, *files: BytesIO, **more: str) -> Page:
    """Press Send as a browser does: everything on the page and the files that were chosen."""
    if not any(control.name == "token" for control in resident.page.controls):
        raise AssertionError(resident.page.text)
    resident.age_the_token()
    values: dict[str, Any] = {**resident.page.form(), **more, "do": "send"}
    values.pop("photos", None)
    if files:
        values["photos"] = list(files)
    resident.page = Page(resident.client.post(resident.at, values))
    return resident.page


def all_bytes_of_the_database() -> bytes:
    with connection.cursor() as cursor:
        rows = []
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{table}"')
            rows += cursor.fetchall()
    return b"\n".join(
        bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()
        for row in rows
        for value in row
    )


def test_the_check_page_offers_pictures_and_sends_them_only_with_send(resident: Resident) -> None:
    page = checked(resident)
    (control,) = [one for one in page.controls if one.name == "photos"]
    assert control.kind == "file"
    kinds = {one.value: one.attrs.get("formenctype") for one in page.buttons if one.name == "do"}
    assert kinds["send"] == "multipart/form-data"
    assert {kind for act, kind in kinds.items() if act != "send"} == {None}


def test_a_picture_is_kept_and_the_person_is_told_what_was_removed(resident: Resident) -> None:
    checked(resident)
    page = send(resident, chosen(PHONE_PICTURE), chosen(PLAIN_PICTURE))
    assert page.status == 201
    assert "Picture 1 is kept, made anew. Removed:" in page.text
    for word in ("GPS position", "camera data (EXIF)", "data after the picture"):
        assert word in page.text
    assert "Picture 2 is kept, made anew. Nothing else was in the file." in page.text
    assert Attachment.objects.count() == 2
    assert not Attachment.objects.confirmed().exists()


def test_the_person_is_told_in_spanish(resident_in: Any) -> None:
    resident = resident_in("es")
    checked(resident)
    page = send(resident, chosen(PHONE_PICTURE))
    assert page.status == 201
    assert "posición GPS" in page.text
    assert "GPS position" not in page.text


def test_neither_name_nor_canary_is_in_the_database_or_the_log(
    resident: Resident, caplog: pytest.LogCaptureFixture
) -> None:
    checked(resident)
    with caplog.at_level(logging.DEBUG):
        assert send(resident, chosen(PHONE_PICTURE), chosen(PDF, "cv-quokka.pdf")).status == 201
    everything = all_bytes_of_the_database() + caplog.text.encode()
    assert Attachment.objects.exists()
    for plant in (*PLANTED, FILE_NAME.encode(), b"quokka", b"Quackenbush", b"38.667"):
        assert plant not in everything


def test_date_and_place_stay_only_when_ticked(resident: Resident) -> None:
    page = checked(resident)
    (box,) = [one for one in page.controls if one.name == "keep_claims"]
    assert not box.checked
    page = send(resident, chosen(PHONE_PICTURE), keep_claims="on")
    assert "Kept beside it, as you said: its date, its place." in page.text
    assert Attachment.objects.get().taken_lat == 38.667


@pytest.mark.parametrize("clock", ["9999:12:31 23:59:00", "2026:99:99 99:99:99"])
def test_a_clock_that_runs_wild_costs_the_date_alone(clock: str, resident: Resident) -> None:
    tags = Image.Exif()
    tags[ExifTags.Base.DateTime] = clock
    checked(resident)
    page = send(resident, chosen(saved(scene(), "JPEG", exif=tags)), keep_claims="on")
    assert page.status == 201, page.text
    assert Attachment.objects.get().taken_at is None


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (BROKEN, "could not be opened"),
        (b"MZ\x90 a program", "not a picture or PDF"),
        (b"", "not a picture or PDF"),
        (b"%PDF-1.7 torn", "damaged or locked"),
    ],
)
def test_a_refused_file_costs_neither_the_words_nor_the_tip(
    data: bytes, sentence: str, resident: Resident
) -> None:
    checked(resident, vehicles__0__make="Ford")
    page = send(resident, chosen(PHONE_PICTURE), chosen(data), keep_claims="on")
    assert page.status == 422
    assert "Picture 2:" in page.text
    assert sentence in page.text
    assert "All your words are still here" in page.text
    assert WORDS in page.text
    assert page.value("keep_claims") == "on"
    assert page.value("vehicles-0-make") == "Ford"
    assert not Tip.objects.exists()
    page = send(resident)
    assert page.status == 201
    assert Tip.objects.get().attachments.count() == 0


def test_a_sixth_picture_is_said_and_nothing_is_lost(resident: Resident) -> None:
    checked(resident)
    page = send(resident, *(chosen(PLAIN_PICTURE) for _ in range(6)))
    assert page.status == 422
    assert "There are 6 here; we can take 5." in page.text
    assert WORDS in page.text


def test_pictures_too_large_together_are_let_go_and_the_words_kept(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "PICTURES_IN_ALL", 3000)
    checked(resident)
    page = send(resident, chosen(PLAIN_PICTURE), chosen(os.urandom(50_000)), chosen(b"x" * 100))
    assert page.status == 422
    assert "Picture 2:" in page.text
    assert "25 MB" in page.text
    assert "Picture 1:" not in page.text
    assert WORDS in page.text
    assert send(resident).status == 201


def test_a_file_too_large_by_itself_is_not_held(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uploads, "LARGEST_FILE", 1000)
    checked(resident)
    page = send(resident, chosen(PLAIN_PICTURE))
    assert page.status == 422
    assert "20 MB" in page.text


def test_a_body_beyond_all_measure_is_refused_before_it_is_read(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = tuple(
        bodies.Allowance(one.path, one.content_type, 10_000, 10_000)
        for one in bodies.WITH_PICTURES
    )
    monkeypatch.setattr(bodies, "WITH_PICTURES", large)
    checked(resident)
    assert send(resident, chosen(os.urandom(20_000))).status == 413


@pytest.mark.parametrize(
    "changes",
    [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}],
)
def test_none_is_offered_or_opened_where_it_may_show_a_child(
    changes: dict[str, Any], resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("the file was opened")

    monkeypatch.setattr(pictures, "sanitize", never)
    page = checked(resident, **changes)
    assert not [one for one in page.controls if one.name == "photos"]
    assert "we take no pictures" in page.text
    assert "CyberTipline" in page.text
    page = send(resident, chosen(PHONE_PICTURE))
    assert page.status == 422
    assert "CyberTipline" in page.text
    assert "Choose other pictures" not in page.text
    assert send(resident).status == 201


def test_a_picture_alone_is_enough_when_it_was_announced(resident: Resident) -> None:
    bare = {**SEEN, "narrative": "", "indicators": []}
    page = resident.press("check", **bare)
    assert page.status == 422
    page = resident.press("check", pictures_follow="on")
    assert page.status == 200
    page = send(resident)
    assert page.status == 422
    assert "add a picture" in page.text
    resident.page = resident.press("check")
    assert send(resident, chosen(PLAIN_PICTURE)).status == 201
    assert Attachment.objects.count() == 1


def test_everything_stays_in_memory(
    resident: Resident, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def never(*_args: object, **_kwargs: object) -> None:
        raise AssertionError("a temporary file was asked for")

    for name in ("NamedTemporaryFile", "TemporaryFile", "SpooledTemporaryFile", "mkstemp"):
        monkeypatch.setattr(tempfile, name, never)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    checked(resident)
    assert send(resident, chosen(PHONE_PICTURE), chosen(PDF)).status == 201
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_ours_carries_the_words_on(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(pictures, "sanitize", broken)
    checked(resident)
    page = send(resident, chosen(PHONE_PICTURE))
    assert page.status == 503
    assert page.value("narrative") == WORDS


def test_who_was_too_fast_is_told_to_choose_again(resident: Resident) -> None:
    page = checked(resident)
    values: dict[str, Any] = {**page.form(), "do": "send", "photos": [chosen(PLAIN_PICTURE)]}
    page = Page(resident.client.post("/r/all/", values))
    assert page.status == 409
    assert "Choose them again" in page.text
    assert not Tip.objects.exists()


def test_while_somebody_elses_pictures_are_made_anew_one_is_told_to_wait(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "PATIENCE", 0.01)
    checked(resident)
    with pictures._one_at_a_time:
        page = send(resident, chosen(PLAIN_PICTURE))
    assert page.status == 422
    assert "Wait a minute" in page.text
    assert send(resident, chosen(PLAIN_PICTURE)).status == 201


def test_pictures_never_hold_the_last_thread(
    resident: Resident, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One is made anew and one waits: a third sender is answered at once, and words go on."""
    monkeypatch.setattr(pictures, "PATIENCE", 3600)
    checked(resident)
    with ExitStack() as held:
        for _ in range(bodies.THREADS_FOR_PICTURES):
            held.enter_context(pictures._threads)
        assert send(resident, chosen(PLAIN_PICTURE)).status == 422
        assert send(resident).status == 201
    assert serve.THREADS > bodies.THREADS_FOR_PICTURES


def test_a_file_under_another_name_is_not_read(region: Any) -> None:
    seen = {name.replace("__", "-"): value for name, value in SEEN.items()}
    answer = Client().post("/r/all/", {**seen, "do": "check", "other": chosen(PHONE_PICTURE)})
    assert answer.status_code == 200


def pressed(resident: Resident, page: Page, *files: BytesIO) -> Page:
    """Press Send on this page as it is."""
    values: dict[str, Any] = {**page.form(), "do": "send"}
    values.pop("photos", None)
    if files:
        values["photos"] = list(files)
    resident.page = Page(resident.client.post(resident.at, values))
    return resident.page


@pytest.mark.parametrize("first", [(), (PLAIN_PICTURE,)])
def test_a_picture_that_is_new_on_the_second_press_is_not_said_to_be_kept(
    resident: Resident, first: tuple[bytes, ...]
) -> None:
    checked(resident)
    resident.age_the_token()
    page = resident.page
    assert pressed(resident, page, *map(chosen, first)).status == 201
    second = pressed(resident, page, chosen(PHONE_PICTURE))
    assert second.status == 409
    assert str(photos.CHOOSE_AGAIN) in second.text
    assert resident.press("check").status == 200
    assert send(resident, chosen(PHONE_PICTURE)).status == 201
    assert Attachment.objects.count() == len(first) + 1
    assert Tip.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_where_it_is_perhaps_kept_the_pictures_are_asked_for_and_go_with_it(
    resident: Resident,
) -> None:
    checked(resident)
    resident.age_the_token()
    with away_at_the_commit(back=False):
        page = pressed(resident, resident.page, chosen(PHONE_PICTURE))
    assert "It may be kept already or not" in page.text
    assert str(photos.CHOOSE_AGAIN) in page.text
    assert "Nothing is sent yet" not in page.text
    again = pressed(resident, page, chosen(PHONE_PICTURE))
    assert again.status == 200
    assert "Your code" in again.text
    assert Attachment.objects.count() == 1


def test_the_same_picture_twice_is_the_same_tip(resident: Resident) -> None:
    checked(resident)
    resident.age_the_token()
    page = resident.page
    assert pressed(resident, page, chosen(PHONE_PICTURE)).status == 201
    assert pressed(resident, page, chosen(PHONE_PICTURE)).status == 200
    assert Attachment.objects.count() == 1
