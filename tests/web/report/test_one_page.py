from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from tests.web.residents import SEEN, Page, Resident
from tipintake.tips.draft import Problem, TipDraft
from tipintake.web.report.typed import KINDS, Typed

EVERYTHING: dict[str, str | list[str]] = {
    **SEEN,
    "basis": "SAW",
    "distrusts_police": "on",
    "wants_reward": "on",
    "locations__0__unit": "214",
    "locations__0__highway": "I-70",
    "locations__0__exit": "217",
    "sighting__kind": "RECURRING",
    "sighting__weekdays": ["FR", "SA"],
    "sighting__local_start": "22:00",
    "sighting__local_end": "02:00",
    "sighting__times_seen": "6+",
    "vehicles__0__plate_raw": "AB1?23",
    "vehicles__0__colour1": "white",
    "vehicles__0__features": "dent on the left door",
    "persons__0__role": "DRIVER",
    "persons__0__height_cm": "5 ft 9 in",
    "online__0__url": "https://ads.example/12",
    "online__0__seen_on": "2026-11-10",
}


COMPLETE = b"category=OTHER_UNSURE&immediacy=PAST&minor_present=NO&indicators=HTL_CASH"


def without_marks(form: dict[str, list[str]]) -> dict[str, list[str]]:
    """What was typed, apart from the page's own fields."""
    return {k: v for k, v in form.items() if k not in {"token", "do"} and not k.endswith("-rows")}


def test_the_page_asks_without_a_cookie_or_a_script(resident: Resident) -> None:
    page = resident.page
    assert page.status == 200
    assert page.lang == "en"
    assert "Set-Cookie" not in page.headers
    assert page.value("token")
    assert {"check", "add-vehicles", "add-locations", "add-persons", "add-online"} <= set(
        page.acts()
    )


@pytest.mark.parametrize("kind", [kind.name for kind in KINDS])
def test_adding_another_keeps_everything_typed(resident: Resident, kind: str) -> None:
    resident.press(f"add-{kind}", **EVERYTHING)
    kept = without_marks(resident.page.form())
    for name, value in EVERYTHING.items():
        assert kept[name.replace("__", "-")] == (value if isinstance(value, list) else [value])
    assert resident.page.value(f"{kind}-rows") == "2"
    assert f"{kind}-1" in resident.page.ids
    assert "There is room for no more here." not in resident.page.text
    assert "Something needs another look" not in resident.page.text


def test_no_more_rows_are_offered_than_can_be_taken(resident: Resident) -> None:
    for _ in range(4):
        resident.press("add-vehicles")
    assert resident.page.value("vehicles-rows") == "5"
    assert "add-vehicles" not in resident.page.acts()


def test_removing_a_row_moves_the_later_ones_up(resident: Resident) -> None:
    resident.press("add-vehicles", vehicles__0__plate_raw="FIRST1")
    resident.press("add-vehicles", vehicles__1__plate_raw="SECOND", vehicles__1__make="Ford")
    resident.press("remove-vehicles-0", vehicles__2__plate_raw="THIRD3")
    assert resident.page.value("vehicles-0-plate_raw") == "SECOND"
    assert resident.page.value("vehicles-0-make") == "Ford"
    assert resident.page.value("vehicles-1-plate_raw") == "THIRD3"
    assert resident.page.value("vehicles-rows") == "2"


def test_removing_a_row_keeps_everything_else(resident: Resident) -> None:
    resident.press("add-vehicles", **EVERYTHING)
    resident.press("remove-vehicles-1")
    kept = without_marks(resident.page.form())
    assert all(
        kept[name.replace("__", "-")] == (value if isinstance(value, list) else [value])
        for name, value in EVERYTHING.items()
    )


def test_an_empty_form_says_what_is_needed_and_leads_there(resident: Resident) -> None:
    page = resident.press("check")
    assert page.status == 422
    assert "Something needs another look" in page.text
    targets = [link["href"][1:] for link in page.links if link.get("href", "").startswith("#id_")]
    assert targets == ["id_category_0", "id_immediacy_0", "id_minor_present_0"]
    assert set(targets) <= set(page.ids)


def test_an_error_keeps_everything_typed(resident: Resident) -> None:
    wrong = {**EVERYTHING, "vehicles__0__year_from": "about 2010", "narrative": "x" * 4001}
    page = resident.press("check", **wrong)
    assert page.status == 422
    kept = without_marks(page.form())
    for name, value in wrong.items():
        assert kept[name.replace("__", "-")] == (value if isinstance(value, list) else [value])
    assert "4001" in page.text
    assert {"#id_narrative", "#id_vehicles-0-year_from"} <= {
        link.get("href") for link in page.links
    }


def test_a_field_with_an_error_says_so_to_a_screen_reader(resident: Resident) -> None:
    page = resident.press("check", **{**SEEN, "vehicles__0__year_from": "about 2010"})
    field = next(one for one in page.controls if one.name == "vehicles-0-year_from")
    assert field.attrs["aria-invalid"] == "true"
    assert set(field.attrs["aria-describedby"].split()) <= set(page.ids)
    assert any(link.get("href") == "#id_vehicles-0-year_from" for link in page.links)


def test_an_error_in_a_closed_part_opens_it(resident: Resident) -> None:
    page = resident.press("check", **{**SEEN, "vehicles__0__year_from": "about 2010"})
    opened = [attrs for tag, attrs in page.tags if tag == "details" and "open" in attrs]
    assert len(opened) >= 2


def test_nothing_to_report_asks_for_one_thing(resident: Resident) -> None:
    page = resident.press(
        "check", category="OTHER_UNSURE", immediacy="PAST", minor_present="UNKNOWN"
    )
    assert page.status == 422
    assert "#told" in [link.get("href") for link in page.links]


@pytest.mark.parametrize(
    ("changes", "anchor"),
    [
        ({"vehicles__0__year_from": "2020", "vehicles__0__year_to": "2010"}, "vehicles-0-year"),
        ({"persons__0__age_from": "30", "persons__0__age_to": "20"}, "persons-0-age"),
        ({"locations__0__exit": "217"}, "locations-0-"),
        ({"sighting__kind": "INSTANT"}, "sighting-start_date"),
        ({"sighting__kind": "RECURRING", "sighting__local_end": "02:00"}, "sighting-local_start"),
        ({"online__0__handle": "rose_77", "online__0__seen_time": "22:00"}, "online-0-seen_on"),
    ],
)
def test_a_rule_across_fields_is_said_beside_its_field(
    resident: Resident, changes: dict[str, str], anchor: str
) -> None:
    page = resident.press("check", **{**SEEN, **changes})
    assert page.status == 422
    assert any(link.get("href", "").startswith(f"#id_{anchor}") for link in page.links)


def test_a_problem_finds_its_row_although_empty_rows_come_first(resident: Resident) -> None:
    resident.press("add-vehicles")
    page = resident.press(
        "check", **{**SEEN, "vehicles__1__year_from": "2020", "vehicles__1__year_to": "2010"}
    )
    assert any(link.get("href", "").startswith("#id_vehicles-1-year") for link in page.links)
    assert "Vehicle 2" in page.text


@pytest.mark.parametrize(
    "pointer",
    [
        "",
        "/nowhere",
        "/vehicles",
        "/vehicles/7/plate_raw",
        "/vehicles/x",
        "/sighting",
        "/online/0",
    ],
)
def test_every_pointer_of_a_problem_is_shown_somewhere(pointer: str) -> None:
    typed = Typed(QueryDict("category=OTHER_UNSURE&immediacy=PAST&minor_present=NO"))
    typed.is_valid()
    typed.blame([Problem(pointer, "any", "Please look at this.")])
    assert [fault.message for fault in typed.faults()] == ["Please look at this."]


def draft_of(resident: Resident, **changes: str | list[str]) -> TipDraft:
    form = resident.page.form()
    for name, value in {**SEEN, **changes}.items():
        form[name.replace("__", "-")] = value if isinstance(value, list) else [value]
    request = resident.client.post(resident.at, {**form, "do": "change"}).wsgi_request
    typed = Typed(request.POST)
    assert typed.is_valid(), typed.faults()
    return typed.draft(language="en")


def test_what_is_typed_becomes_the_tip(resident: Resident) -> None:
    draft = draft_of(resident, **EVERYTHING)
    assert draft.indicators == ("CTL_ACCOMPANIED",)
    assert draft.distrusts_police
    assert [place.unit for place in draft.locations] == ["214"]
    assert draft.vehicles[0].features == "dent on the left door"
    assert draft.persons[0].height_cm == 175
    assert draft.online[0].seen_at == datetime(2026, 11, 10, 6, tzinfo=UTC)
    assert draft.sighting is not None
    assert draft.sighting.rrule == "FREQ=WEEKLY;BYDAY=FR,SA"
    assert draft.sighting.duration_minutes == 240


def test_untouched_rows_are_no_part_of_the_tip(resident: Resident) -> None:
    draft = draft_of(resident)
    assert (draft.vehicles, draft.persons, draft.online, draft.sighting) == ((), (), (), None)


def test_a_day_without_a_time_is_the_whole_day(resident: Resident) -> None:
    sighting = draft_of(
        resident, sighting__kind="INSTANT", sighting__start_date="2026-11-10"
    ).sighting
    assert sighting is not None
    assert (sighting.kind, sighting.start, sighting.end) == (
        "RANGE",
        datetime(2026, 11, 10, 6, tzinfo=UTC),
        datetime(2026, 11, 11, 5, 59, tzinfo=UTC),
    )


def test_until_two_in_the_morning_is_the_next_day(resident: Resident) -> None:
    sighting = draft_of(
        resident,
        sighting__kind="RANGE",
        sighting__start_date="2026-11-10",
        sighting__start_time="22:00",
        sighting__end_time="02:00",
    ).sighting
    assert sighting is not None
    assert sighting.end == datetime(2026, 11, 11, 8, tzinfo=UTC)


def test_a_time_counts_although_its_kind_was_left_open(resident: Resident) -> None:
    sighting = draft_of(
        resident, sighting__start_date="2026-11-10", sighting__start_time="21:30"
    ).sighting
    assert sighting is not None
    assert (sighting.kind, sighting.start) == (
        "INSTANT",
        datetime(2026, 11, 11, 3, 30, tzinfo=UTC),
    )


def test_consent_is_taken_from_the_person_in_the_situation_only(resident: Resident) -> None:
    assert draft_of(resident, police_consent="yes").police_consent is None
    assert draft_of(resident, police_consent="yes", reporter_is_victim="on").police_consent is True
    assert draft_of(resident, police_consent="no", reporter_is_victim="on").police_consent is False


def test_the_page_in_another_language_keeps_everything(resident: Resident) -> None:
    resident.press("add-vehicles", **EVERYTHING)
    page = resident.press("language")
    assert page.lang == "es"
    assert page.value("narrative") == EVERYTHING["narrative"]
    assert page.value("vehicles-0-plate_raw") == "AB1?23"


def test_help_leads_to_the_form_with_the_answer_given(region: Any) -> None:
    client = Client()
    page = Page(client.get("/help/"))
    assert "/r/as/me/" in [link.get("href") for link in page.links]


@pytest.mark.parametrize(
    "body",
    [
        b"narrative=%00%00&do=check",
        b"narrative=%ff%fe%fd&do=check&category=%C3",
        b"narrative=\xff\xfe&do=check",
        b"vehicles-rows=999999999999999999999999&do=add-vehicles",
        b"vehicles-rows=-1&do=remove-vehicles-9",
        b"do=remove-nothing-1",
        b"do=add-tip",
        b"do=send",
        b"do=send&token=%F0%9F%98%80",
        COMPLETE + b"&sighting-start_date=9999-99-99&do=check",
        COMPLETE + b"&sighting-start_date=0001-01-01&sighting-kind=INSTANT&do=check",
        COMPLETE + b"&sighting-start_date=9999-12-31&sighting-kind=RANGE&do=check",
        COMPLETE + b"&online-0-seen_on=0001-01-01&online-0-handle=a&do=check",
        COMPLETE + b"&persons-0-age_from=" + b"9" * 5000 + b"&do=check",
        COMPLETE + b"&persons-0-age_from=99999999&do=check",
        COMPLETE
        + b"&locations-0-lat=nan&locations-0-lon=inf&locations-0-mile_marker=1e999999&do=check",
        b"indicators=NOPE&category=NOPE&do=check",
        b"decide%20/narrative:x=remove&decide%20=keep&do=check",
        b"&".join(b"x%d=1" % at for at in range(700)),
    ],
)
def test_a_strange_body_gets_a_sentence(region: Any, body: bytes) -> None:
    response = Client().post("/r/all/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code in {200, 400, 422}
    assert Page(response).headings


def test_who_fills_every_row_is_told_where_the_rest_goes(resident: Resident) -> None:
    while "add-vehicles" in resident.page.acts():
        resident.press("add-vehicles")
    assert "vehicles-4" in resident.page.ids
    assert "There is room for no more here. Tell the rest in your own words." in resident.page.text


def test_a_huge_body_gets_a_sentence(region: Any) -> None:
    body = b"narrative=" + b"a" * 300_000
    response = Client().post("/r/all/", body, content_type="application/x-www-form-urlencoded")
    assert response.status_code == 413
    page = Page(response)
    assert "too much at once" in page.text
    assert "Back button of your browser: what you wrote may still be there" in page.text
    assert page.text.count("Call 911") == 1
    assert "If someone is in danger now" not in page.text  # asked once, as on every other page


def test_a_file_gets_a_sentence(region: Any) -> None:
    body = (
        b'--x\r\nContent-Disposition: form-data; name="photo"; filename="me.jpg"\r\n\r\n'
        b"data\r\n--x--\r\n"
    )
    response = Client().post("/r/all/", body, content_type="multipart/form-data; boundary=x")
    assert response.status_code == 422
    assert Page(response).headings


@pytest.mark.parametrize(
    ("language", "said"), [("", "Write only a number"), ("es", "Escriba solo un número")]
)
def test_a_guess_in_a_field_for_a_number_is_answered_with_what_to_do(
    resident_in: Callable[[str], Resident], language: str, said: str
) -> None:
    resident = resident_in(language)
    page = resident.press("check", **SEEN, persons__0__age_from="unos 15")
    assert page.status == 422
    assert said in page.text
    assert page.value("persons-0-age_from") == "unos 15"
