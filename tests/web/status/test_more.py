"""Coming back with more than words: several vehicles, several places, pictures."""

from datetime import datetime
from io import BytesIO
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.api.test_attachments import coded
from tests.pipeline.conftest import draft
from tests.tips.photos import (
    BROKEN,
    FILE_NAME,
    PDF,
    PHONE_PICTURE,
    PLAIN_PICTURE,
    PLANTED,
)
from tests.web.report.test_photos import all_bytes_of_the_database, chosen
from tests.web.residents import Page
from tests.web.status.test_come_back import code
from tests.web.status.test_dialog import ANSWER, Returning, read
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import pictures
from tipintake.pipeline import follow_up
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys
from tipintake.privacy.receipts import ReceiptCode
from tipintake.tips.models import Attachment, Message, Tip
from tipintake.tips.pictures import jpeg_of
from tipintake.tips.vocabulary import CameBy

__all__ = ["code"]


def send(browser: Returning, *files: BytesIO, **more: str) -> Page:
    """Press Send as a browser does: everything on the page and the files that were chosen."""
    values: dict[str, Any] = {**browser.page.form(), **more, "do": "send"}
    values.pop("photos", None)
    if files:
        values["photos"] = list(files)
    browser.page = Page(browser.client.post(browser.at, values))
    return browser.page


def checked(code: ReceiptCode, *, language: str = "", **changes: str) -> Returning:
    browser = Returning(code.pretty, language=language)
    page = browser.press("check", **(changes or {"narrative": ANSWER}))
    assert page.status == 200, page.text
    return browser


# --- Several vehicles and places -------------------------------------------------------------


def test_several_vehicles_and_places_are_added_by_one_answer(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    browser.press("add-vehicles", narrative=ANSWER, vehicles__0__plate_raw="XY9 8Z?")
    browser.press("add-locations", vehicles__1__make="Ford", locations__0__city="O'Fallon")
    assert browser.page.value("narrative") == ANSWER
    assert browser.page.value("vehicles-0-plate_raw") == "XY9 8Z?"
    assert browser.page.value("vehicles-1-make") == "Ford"
    checked = browser.press("check", locations__1__name="Second Motel")
    for words in ("Vehicle 1", "Vehicle 2", "Place 2", "XY9 8Z?", "Ford", "Second Motel"):
        assert words in checked.text
    assert browser.press("send").status == 201
    tip = Tip.objects.get()
    assert [one.plate_canonical for one in tip.vehicles.all()] == ["XY98Z?", ""]
    assert [one.name for one in tip.locations.all()] == ["", "", "Second Motel"]


def test_a_row_can_be_taken_away_and_the_others_stay(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    browser.press("add-vehicles", vehicles__0__make="Ford")
    browser.press("add-vehicles", vehicles__1__make="Dodge")
    browser.press("remove-vehicles-0", vehicles__2__make="Kia")
    assert browser.page.value("vehicles-0-make") == "Dodge"
    assert browser.page.value("vehicles-1-make") == "Kia"
    assert "vehicles-2-make" not in browser.page.form()


def test_five_are_taken_and_a_sixth_is_not_offered(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    for _ in range(4):
        browser.press("add-vehicles")
    assert "add-vehicles" not in browser.page.acts()
    assert "vehicles-4-make" in browser.page.form()


def test_a_mistake_in_the_second_vehicle_is_told_there(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    browser.press("add-vehicles", vehicles__0__make="Ford")
    page = browser.press("check", vehicles__1__year_from="2010", vehicles__1__year_to="2001")
    assert page.status == 422
    assert "Vehicle 2:" in page.text
    assert "The second year is before the first." in page.text
    assert "id_vehicles-1-year_to" in {one.get("href", "")[1:] for one in page.links}
    assert page.value("vehicles-1-year_from") == "2010"


def test_each_part_can_be_changed_from_the_check(code: ReceiptCode) -> None:
    browser = checked(code, vehicles__0__make="Ford", narrative=ANSWER)
    (button,) = [one for one in browser.page.buttons if one.value == "change"]
    assert button.attrs["formaction"] == "/back/#vehicles-0"
    page = browser.press("change")
    assert page.status == 200
    assert page.value("narrative") == ANSWER
    assert page.value("vehicles-0-make") == "Ford"


@pytest.mark.parametrize("act", ["add-narrative", "remove-vehicles-9", "add-persons", "nonsense"])
def test_a_button_that_is_none_shows_the_tip(code: ReceiptCode, act: str) -> None:
    page = Page(Client().post("/back/", {"code": code.pretty, "do": act, "narrative": ANSWER}))
    assert page.status == 200
    assert page.value("narrative") == ANSWER


# --- Pictures --------------------------------------------------------------------------------


def test_files_travel_with_send_alone(code: ReceiptCode) -> None:
    page = checked(code).page
    (control,) = [one for one in page.controls if one.name == "photos"]
    assert control.kind == "file"
    kinds = {one.value: one.attrs.get("formenctype") for one in page.buttons if one.name == "do"}
    assert kinds["send"] == "multipart/form-data"
    assert {kind for act, kind in kinds.items() if act != "send"} == {None}


def test_a_picture_is_kept_sealed_and_one_is_told_what_was_removed(code: ReceiptCode) -> None:
    page = send(checked(code), chosen(PHONE_PICTURE), chosen(PDF))
    assert page.status == 201
    assert "Picture 1 is kept, made anew. Removed:" in page.text
    assert "GPS position" in page.text
    assert "Picture 2 is kept" in page.text
    everything = all_bytes_of_the_database()
    for plant in (*PLANTED, FILE_NAME.encode(), b"Quackenbush", b"38.667"):
        assert plant not in everything
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    for row in Attachment.objects.all():
        jpeg = jpeg_of(row, private)
        assert jpeg.startswith(b"\xff\xd8\xff")
        assert not any(plant in jpeg for plant in PLANTED)
    assert not Attachment.objects.confirmed().exists()
    assert len(read(Tip.objects.get())) == 1


def test_date_and_place_stay_only_when_ticked(code: ReceiptCode) -> None:
    page = send(checked(code), chosen(PHONE_PICTURE), keep_claims="on")
    assert "Kept beside it, as you said: its date, its place." in page.text
    assert Attachment.objects.get().taken_lat == 38.667


def test_a_picture_alone_is_enough_when_it_was_announced(code: ReceiptCode) -> None:
    browser = Returning(code.pretty)
    assert browser.press("check").status == 422
    assert browser.press("check", pictures_follow="on").status == 200
    page = send(browser)
    assert page.status == 422
    assert "or add a picture" in page.text
    browser.press("check")
    assert send(browser, chosen(PLAIN_PICTURE)).status == 201
    assert Attachment.objects.count() == 1
    assert read(Tip.objects.get()) == [""]


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (BROKEN, "could not be opened"),
        (b"MZ\x90 a program", "Please send a screenshot of it instead"),
        (b"%PDF-1.7 torn", "damaged or locked"),
    ],
)
def test_a_refused_file_costs_no_word(code: ReceiptCode, data: bytes, sentence: str) -> None:
    browser = checked(code, narrative=ANSWER, vehicles__0__make="Ford")
    page = send(browser, chosen(PHONE_PICTURE), chosen(data), keep_claims="on")
    assert page.status == 422
    assert "Picture 2:" in page.text
    assert sentence in page.text
    assert "All your words are still here" in page.text
    assert page.value("narrative") == ANSWER
    assert page.value("vehicles-0-make") == "Ford"
    assert page.value("keep_claims") == "on"
    assert not Message.objects.exists()
    assert send(browser).status == 201
    assert not Attachment.objects.exists()


def test_a_sixth_picture_is_said_and_nothing_is_lost(code: ReceiptCode) -> None:
    browser = checked(code)
    page = send(browser, *(chosen(PLAIN_PICTURE) for _ in range(6)))
    assert page.status == 422
    assert "There are 6 here; we can take 5." in page.text
    assert page.value("narrative") == ANSWER


def test_a_tip_that_has_no_room_says_so_before_a_file_is_opened(
    code: ReceiptCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(follow_up, "MOST_FILES", 1)
    monkeypatch.setattr(pictures, "sanitize", None)
    page = send(checked(code), chosen(PLAIN_PICTURE), chosen(PLAIN_PICTURE))
    assert page.status == 422
    assert "Please send the rest as a new tip." in page.text
    assert page.value("narrative") == ANSWER


@pytest.mark.parametrize(
    "changes", [{"category": "ONLINE_CHILD_EXPLOITATION"}, {"indicators": ["ONL_CSAM"]}]
)
def test_none_is_offered_or_opened_where_it_may_show_a_child(
    region: Gazetteer, now: datetime, changes: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "sanitize", None)
    code = submit_tip(draft(**changes), came_by=CameBy.WEB, now=now).code
    browser = checked(code)
    assert not [one for one in browser.page.controls if one.name == "photos"]
    assert "we take no pictures" in browser.page.text
    page = send(browser, chosen(PHONE_PICTURE))
    assert page.status == 422
    assert "CyberTipline" in page.text
    assert send(browser).status == 201


def test_a_fault_while_a_picture_is_opened_carries_the_words_on(
    code: ReceiptCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_kwargs: object) -> None:
        raise RuntimeError("out of order")

    monkeypatch.setattr(pictures, "sanitize", broken)
    page = send(checked(code), chosen(PHONE_PICTURE))
    assert page.status == 503
    assert page.value("narrative") == ANSWER


def test_sending_twice_keeps_the_pictures_once(code: ReceiptCode) -> None:
    browser = checked(code)
    page = browser.page
    assert send(browser, chosen(PLAIN_PICTURE)).status == 201
    browser.page = page
    again = send(browser, chosen(PLAIN_PICTURE))
    assert again.status == 409
    assert "is kept, made anew" not in again.text
    assert Attachment.objects.count() == 1


@pytest.mark.parametrize("first", [(), (PLAIN_PICTURE,)])
def test_pictures_that_are_new_when_a_page_is_sent_again_are_kept_once(
    code: ReceiptCode, first: tuple[bytes, ...]
) -> None:
    browser = checked(code)
    page = browser.page
    assert send(browser, *map(chosen, first)).status == 201
    every = (*first, PHONE_PICTURE, PHONE_PICTURE, PDF)
    browser.page = page
    again = send(browser, *map(chosen, every))
    assert again.status == 201
    assert "The pictures that are new are sent now." in again.text
    assert "GPS position" in again.text
    kept = Attachment.objects.count()
    assert Attachment.objects.filter(page=1).count() == len(every)
    assert read(Tip.objects.get())[1:] == [""]
    browser.page = page
    third = send(browser, *map(chosen, every))
    assert third.status == 409
    assert "This was already sent once." in third.text
    assert Attachment.objects.count() == kept


def test_pictures_that_are_new_when_a_page_is_sent_again_are_told_in_spanish(
    code: ReceiptCode,
) -> None:
    browser = checked(code, language="/es", narrative="Fue en el segundo piso.")
    page = browser.page
    assert send(browser).status == 201
    browser.page = page
    again = send(browser, chosen(PLAIN_PICTURE))
    assert again.status == 201
    assert "Las imágenes nuevas se envían ahora." in again.text


def test_a_new_picture_for_which_there_is_no_room_is_said_not_to_be_kept(
    code: ReceiptCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    browser = checked(code)
    page = browser.page
    assert send(browser, chosen(PLAIN_PICTURE)).status == 201
    monkeypatch.setattr(follow_up, "MOST_FILES", 1)
    browser.page = page
    again = send(browser, chosen(PHONE_PICTURE))
    assert again.status == 422
    assert "No more can be added to this tip." in again.text
    assert Attachment.objects.count() == 1


def test_a_page_of_ones_own_making_opens_no_file(
    code: ReceiptCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pictures, "sanitize", None)
    browser = checked(code)
    page = send(browser, chosen(PLAIN_PICTURE), token="x")
    assert page.status == 200
    assert "Choose them again" in page.text
    assert page.value("narrative") == ANSWER
    assert not Message.objects.exists()


def test_one_is_told_in_spanish(code: ReceiptCode) -> None:
    browser = checked(code, language="/es", narrative="Fue en el segundo piso.")
    page = send(browser, chosen(PHONE_PICTURE))
    assert page.status == 201
    assert "posición GPS" in page.text
    assert "GPS position" not in page.text


# --- The other door --------------------------------------------------------------------------


def test_both_doors_keep_the_same(region: Gazetteer, now: datetime) -> None:
    given = draft(narrative="A woman is locked in a room of the motel and cannot leave.")
    by_page, by_program = (
        submit_tip(given, came_by=CameBy.WEB, now=now).code.pretty for _ in range(2)
    )
    browser = Returning(by_page)
    browser.press("add-vehicles", narrative=ANSWER, vehicles__0__plate_raw="XY9 8Z?")
    browser.press("check", vehicles__1__make="Ford", locations__0__city="O'Fallon")
    assert send(browser, chosen(PHONE_PICTURE), chosen(PDF), keep_claims="on").status == 201
    value = {
        "receipt": by_program,
        "text": ANSWER,
        "vehicles": [{"plate_raw": "XY9 8Z?"}, {"make": "Ford"}],
        "locations": [{"city": "O'Fallon"}],
        "attachments": [
            {"content": coded(data), "keep_claims": True} for data in (PHONE_PICTURE, PDF)
        ],
    }
    sent = Client().post("/api/v1/tips/messages", value, content_type="application/json")
    assert sent.status_code == 201, sent.content
    one, other = Tip.objects.all()
    assert read(one) == read(other)
    own = {"id", "tip_id", "sealed", "preview_sealed", "sha256_sealed"}
    for name in ("vehicles", "locations", "attachments"):
        kept = [
            [{k: v for k, v in row.items() if k not in own} for row in getattr(tip, name).values()]
            for tip in (one, other)
        ]
        assert len(kept[0]) > 1
        assert kept[0] == kept[1]
