"""A program sends a tip and gets a receipt, or hears what to mend."""

import gzip
import json
from typing import Any

import pytest
from django.test import Client
from django.utils.translation import get_language

from tests.api.conftest import Send, pointers
from tests.outage import away_after
from tipintake.api import examples, sending
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Line, VerifiedState
from tipintake.door.status import status_of
from tipintake.privacy import receipts
from tipintake.tips.models import Tip

pytestmark = pytest.mark.django_db

LEAST = {
    "category": "OTHER_UNSURE",
    "immediacy": "PAST",
    "minor_present": "UNKNOWN",
    "indicators": ["VEH_RECURRING"],
}


def test_a_full_tip_is_kept_and_its_receipt_given_once(send_tip: Send) -> None:
    response = send_tip(examples.TIP)
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json"
    answer = response.json()
    assert receipts.parse(answer["receipt"]).pretty == answer["receipt"]
    tip = Tip.objects.get()
    assert answer["reference"] == tip.reference
    assert tip.came_by == "API"
    assert tip.vehicles.get().make == "Ford"
    assert tip.locations.get().city == "Wentzville"
    assert not tip.low_trust
    assert answer["placed_with"][0]["name"]
    assert answer["placed_with"][0]["because"]
    assert any("Save the receipt" in step for step in answer["next"])


@pytest.mark.parametrize("path", ["/api/v1/tips", "/api/v1/tips/preview"])
@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "Please call 911 yourself."),
        *((tag, "llame usted al 911.") for tag in ("es", "ES", "es-419")),
    ],
)
def test_why_a_tip_is_placed_is_said_to_who_wrote_and_in_their_language(
    post: Send, region: Gazetteer, path: str, language: str, said: str
) -> None:
    """As the form and the page of the receipt say it, not as it is said to staff."""
    tip = {
        "category": "SEX_TRAFFICKING",
        "immediacy": "NOW",
        "minor_present": "NO",
        "language": language,
        "narrative": "A man hits a woman in room 114 right now.",
        "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville"}],
    }
    placed = post(path, tip).json()["placed_with"]
    assert said in placed[0]["because"]
    assert all("the person was told" not in one["because"] for one in placed)


def test_a_database_that_goes_away_once_the_tip_is_kept_costs_no_receipt(send_tip: Send) -> None:
    with away_after(sending, "submit_tip"):
        response = send_tip(examples.TIP)
    assert response.status_code == 201
    assert status_of(receipts.parse(response.json()["receipt"])) is not None


def test_three_answers_and_one_sign_are_enough(send_tip: Send) -> None:
    assert send_tip(LEAST).status_code == 201


def test_null_is_the_same_as_nothing(send_tip: Send) -> None:
    nulls = dict.fromkeys(
        (
            "basis",
            "narrative",
            "vehicles",
            "locations",
            "sighting",
            "persons",
            "online",
            "police_consent",
            "reporter_is_victim",
            "wants_reward",
            "language",
            "decisions",
        )
    )
    assert send_tip({**LEAST, **nulls}).status_code == 201
    inner = {**LEAST, "vehicles": [{"make": "Ford", "model": None, "year_from": None}]}
    assert send_tip(inner).status_code == 201
    missing = send_tip({**LEAST, "category": None})
    assert pointers(missing) == {"/category": "null"}


def test_danger_now_is_told_to_call_911_first(send_tip: Send) -> None:
    answer = send_tip({**LEAST, "immediacy": "NOW"}).json()
    assert answer["banner_911"] is True
    assert "911" in answer["next"][0]


def test_an_unverified_number_is_never_given(send_tip: Send) -> None:
    Line.objects.update(number="314-555-0199", verified_state=VerifiedState.UNVERIFIED)
    response = send_tip(examples.TIP)
    assert "555-0199" not in response.content.decode()
    assert "number" not in response.json()["placed_with"][0]


def test_a_number_of_a_dated_source_comes_with_its_year(send_tip: Send) -> None:
    Line.objects.update(
        number="314-555-0199", number_year=2019, verified_state=VerifiedState.CORROBORATED_DATED
    )
    placed = send_tip(examples.TIP).json()["placed_with"][0]
    assert (placed["number"], placed["number_year"]) == ("314-555-0199", 2019)


def test_everything_to_mend_is_named_at_once_with_a_way_out(send_tip: Send) -> None:
    response = send_tip(
        {
            "category": "TRAFFICKING",
            "immediacy": "NOW",
            "vehicles": [{"plate": "AB1", "year_from": "2012"}],
            "persons": [{"age_from": 16.5}],
            "e-mail": "me@mail.example",
            "Reporter_Name": "x",
        }
    )
    assert response.status_code == 422
    assert pointers(response) == {
        "/category": "invalid_choice",
        "/minor_present": "required",
        "/vehicles/0/plate": "unknown_field",
        "/vehicles/0/year_from": "whole",
        "/persons/0/age_from": "whole",
        "/e-mail": "unknown_field",
        "/Reporter_Name": "unknown_field",
    }
    details = {error["pointer"]: error["detail"] for error in response.json()["errors"]}
    assert "SEX_TRAFFICKING" in details["/category"]
    assert 'Did you mean "plate_raw"' in details["/vehicles/0/plate"]
    assert "nobody is asked who they are" in details["/Reporter_Name"]
    assert not Tip.objects.exists()


def test_rules_across_fields_are_answered_in_the_same_shape(send_tip: Send) -> None:
    response = send_tip({**LEAST, "vehicles": [{"year_from": 2015, "year_to": 2010}]})
    assert response.status_code == 422
    assert "/vehicles/0/year_to" in pointers(response)
    nothing = send_tip({**LEAST, "indicators": []})
    assert pointers(nothing) == {"": "needs_a_what"}


CRY = {
    "category": "OTHER_UNSURE",
    "immediacy": "NOW",
    "minor_present": "YES",
    "reporter_is_victim": True,
}


@pytest.mark.parametrize(
    "cry",
    [
        {"narrative": "help me room 9", "locations": [{"unit": "9"}]},
        {"narrative": "help"},
        {"locations": [{"unit": "9"}]},
    ],
)
def test_a_short_cry_of_the_one_in_the_situation_is_taken(
    cry: dict[str, Any], send_tip: Send
) -> None:
    assert send_tip({**CRY, **cry}).status_code == 201
    assert Tip.objects.get().reporter_is_victim
    assert pointers(send_tip({**CRY, **cry, "reporter_is_victim": False})) == {"": "needs_a_what"}


def test_the_one_in_the_situation_is_asked_for_a_word_or_a_place(send_tip: Send) -> None:
    answer = send_tip(CRY)
    assert pointers(answer) == {"": "needs_a_what"}
    assert "one word" in answer.json()["errors"][0]["detail"]


def test_a_text_that_is_too_long_is_refused_with_its_length_and_never_cut(
    send_tip: Send,
) -> None:
    response = send_tip({**LEAST, "narrative": "x" * 4212})
    assert pointers(response) == {"/narrative": "max_length"}
    detail = response.json()["errors"][0]["detail"]
    assert "4000" in detail
    assert "4212" in detail
    assert send_tip({**LEAST, "narrative": "é" * 4000}).status_code == 201


@pytest.mark.parametrize(
    ("field", "most"), [("vehicles", 5), ("locations", 5), ("persons", 8), ("online", 5)]
)
def test_more_parts_than_fit_are_refused_with_the_count(
    send_tip: Send, field: str, most: int
) -> None:
    part = {"online": {"handle": "x"}, "persons": {"hair": "red"}}.get(field, {})
    assert send_tip({**LEAST, field: [part] * most}).status_code == 201
    response = send_tip({**LEAST, field: [part] * (most + 1)})
    assert pointers(response) == {f"/{field}": "max_length"}
    assert f"has {most + 1} entries" in response.json()["errors"][0]["detail"]


@pytest.mark.parametrize("bad", ["\x00", "\ud800", "before\x00after", "\udc00x"])
@pytest.mark.parametrize("field", ["narrative", "vehicles/0/features", "locations/0/name"])
def test_broken_characters_are_refused_where_they_stand(
    send_tip: Send, bad: str, field: str
) -> None:
    tip: dict[str, Any] = {**LEAST}
    head, *rest = field.split("/")
    tip[head] = [{rest[1]: bad}] if rest else bad
    assert set(pointers(send_tip(tip))) == {f"/{field}"}


def test_an_unknown_key_of_any_shape_is_named_and_breaks_nothing(send_tip: Send) -> None:
    for name in ("\ud800", "a/b~c", "x" * 5000, "", "\x00", "narratvie"):
        response = send_tip({**LEAST, name: 1})
        assert response.status_code == 422
        assert len(response.content) < 8000
    assert pointers(send_tip({**LEAST, "a/b~c": 1})) == {"/a~1b~0c": "unknown_field"}


def test_a_time_without_an_offset_is_read_where_it_was_seen(send_tip: Send) -> None:
    sighting = {"kind": "INSTANT", "start": "2025-07-04T21:30", "tz": "America/New_York"}
    lead = {"handle": "x", "seen_at": "2025-01-04T09:00"}
    assert send_tip({**LEAST, "sighting": sighting, "online": [lead]}).status_code == 201
    tip = Tip.objects.get()
    assert tip.sighting.start is not None
    assert tip.sighting.start.isoformat() == "2025-07-05T01:30:00+00:00"
    seen = tip.online.get().seen_at
    assert seen is not None
    assert seen.isoformat() == "2025-01-04T15:00:00+00:00"


def test_the_answer_speaks_the_language_of_the_tip(send_tip: Send) -> None:
    english = send_tip({**LEAST, "language": "en"}).json()["placed_with"][0]
    spanish = send_tip({**LEAST, "language": "es"}).json()["placed_with"][0]
    line = Line.objects.get(code=spanish["line"])
    assert spanish["name"] == line.resident_name_es
    assert english["name"] == line.resident_name


def test_a_refusal_speaks_it_too(send_tip: Send) -> None:
    response = send_tip({**LEAST, "language": "es", "immediacy": "SOON"})
    assert response.headers["Content-Language"] == "es"
    assert get_language() == "en"
    assert send_tip({"language": 5}).headers["Content-Language"] == "en"


def test_a_flood_from_one_address_is_kept_but_sorts_behind(send_tip: Send) -> None:
    for _ in range(25):
        assert send_tip(LEAST, REMOTE_ADDR="198.51.100.44").status_code == 201
    assert Tip.objects.filter(low_trust=True).exists()
    assert Tip.objects.filter(low_trust=False).exists()
    assert send_tip(LEAST, REMOTE_ADDR="198.51.100.45").status_code == 201


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b" ",
        b"{",
        b"{'category': 1}",
        b'{"a": 1,}',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1, "a": 2}',
        b'{"a": {"b": 1, "b": 2}}',
        b"[" * 21 + b"]" * 21,
        b"[" * 100_000,
        b'{"a":' * 20_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
        b'{"a": 1e' + b"9" * 50 + b"}",
        b"\xff\xfe",
        b'{"a": "\xe9"}',
        b'{"a": 1} trailing',
        b"nul",
    ],
)
def test_what_is_not_json_is_answered_with_a_sentence(
    public: Client, region: object, body: bytes
) -> None:
    response = public.generic("POST", "/api/v1/tips", body, "application/json")
    assert response.status_code == 400
    assert response.headers["Content-Type"] == "application/problem+json"
    assert response.json()["type"] == "urn:problem-type:tipintake:malformed-json"
    assert response.json()["detail"].endswith(".")


@pytest.mark.parametrize("address", ["tips", "tips/preview", "tips/messages", "tips/status"])
def test_an_empty_body_is_said_to_be_empty(public: Client, region: object, address: str) -> None:
    for content_type in ("application/json", "text/plain", ""):
        response = public.generic("POST", f"/api/v1/{address}", b"", content_type)
        assert response.status_code == 400
        assert response.json()["detail"] == "The body is empty. Send a JSON object."


def test_text_that_may_be_left_out_is_not_said_to_be_needed(send_tip: Send) -> None:
    response = send_tip({**LEAST, "sighting": {"kind": "POINT", "tz": ""}, "language": ""})
    said = {one["pointer"]: one["detail"] for one in response.json()["errors"]}
    assert (
        said["/sighting/tz"] == said["/language"] == "This is empty. Fill it in, or leave it out."
    )


@pytest.mark.parametrize(
    ("language", "kept", "answered_in"),
    [
        *(("en", "en", "en"), ("es", "es", "es"), ("ES", "es", "es"), ("es-MX", "es-MX", "es")),
        *(("ES_mx", "es-MX", "es"), ("es-419", "es", "es"), ("es-Latn-MX", "es-MX", "es")),
        *(("spa", "es", "es"), ("eng", "en", "en"), ("en_US", "en-US", "en")),
        *(("fr", "fr", "en"), ("fr-CA", "fr-CA", "en"), ("so", "so", "en"), ("qq", "qq", "en")),
        *(("fil", "fil", "en"), ("fil-PH", "fil", "en"), ("zh-Hans", "zh", "en")),
        *(("zh-Hant-TW", "zh-TW", "en"), ("est", "est", "en"), ("en-u-co-phonebk", "en", "en")),
    ],
)
def test_a_tip_is_kept_in_whatever_language_and_answered_in_english_or_spanish(
    send_tip: Send, language: str, kept: str, answered_in: str
) -> None:
    response = send_tip({**LEAST, "language": language})
    assert response.status_code == 201
    assert response.headers["Content-Language"] == answered_in
    assert Tip.objects.get().language == kept


@pytest.mark.parametrize("language", ["1", "e", "e1", "en-", "english", "englishlanguage"])
def test_what_is_no_language_code_is_said_to_be_none(send_tip: Send, language: str) -> None:
    response = send_tip({**LEAST, "language": language})
    assert response.status_code == 422
    (error,) = response.json()["errors"]
    assert error["pointer"] == "/language"
    assert error["detail"] == "Use a language code: en for English, es for Spanish."


@pytest.mark.parametrize("value", [[], "x", 1, 1.5, True, None, [examples.TIP]])
def test_a_tip_is_an_object(send_tip: Send, value: Any) -> None:
    response = send_tip(value)
    assert response.status_code == 422
    assert "" in pointers(response)


def test_nesting_in_strings_does_not_count(send_tip: Send) -> None:
    assert send_tip({**LEAST, "narrative": '[{"' * 100 + "\\" * 9}).status_code == 201


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "application/json; charset=latin-1",
        "application/xml",
    ],
)
def test_another_content_type_is_told_which_to_use(
    public: Client, region: object, content_type: str
) -> None:
    body = json.dumps(LEAST)
    response = public.generic("POST", "/api/v1/tips", body, content_type)
    assert response.status_code == 415
    assert response.headers["Content-Type"] == "application/problem+json"


def test_a_packed_body_is_told_to_come_as_it_is(public: Client, region: object) -> None:
    body = gzip.compress(json.dumps(LEAST).encode())
    response = public.generic(
        "POST", "/api/v1/tips", body, "application/json", headers={"Content-Encoding": "gzip"}
    )
    assert response.status_code == 415
    assert "not packed with gzip" in response.json()["detail"]


@pytest.mark.parametrize(
    "content_type", ["application/json; charset=utf-8", "application/json;charset=UTF-8"]
)
def test_utf8_may_be_named(public: Client, region: object, content_type: str) -> None:
    body = "\ufeff" + json.dumps(LEAST)
    assert public.generic("POST", "/api/v1/tips", body, content_type).status_code == 201


def test_any_accept_header_gets_json(send_tip: Send) -> None:
    response = send_tip(LEAST, HTTP_ACCEPT="text/html, application/xml")
    assert response.status_code == 201
    assert response.headers["Content-Type"] == "application/json"


def test_a_body_that_is_too_large_is_refused(public: Client, region: object) -> None:
    body = json.dumps({**LEAST, "indicators": ["HTL_TRAFFIC"] * 30_000})
    response = public.generic("POST", "/api/v1/tips", body, "application/json")
    assert response.status_code == 413
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/tips", "/api/v1/tips/preview", "/api/v1/tips/status"])
@pytest.mark.parametrize(
    "method", ["GET", "HEAD", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW"]
)
def test_another_method_is_told_which_to_use(public: Client, path: str, method: str) -> None:
    response = public.generic(method, path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "POST"
    assert response.headers["Content-Type"] == "application/problem+json"


@pytest.mark.parametrize("path", ["/api/v1/vocabulary", "/api/v1/schema", "/api/v1/schema.json"])
def test_reading_addresses_take_only_reading(public: Client, path: str) -> None:
    assert public.get(path).status_code == 200
    response = public.post(path)
    assert response.status_code == 405
    assert response.headers["Allow"] == "GET, HEAD"


@pytest.mark.parametrize(
    "path", ["/api/", "/api/v1/", "/api/v1/tips/", "/api/v1/tips/x", "/api/v2/tips"]
)
def test_a_wrong_address_is_a_problem_too(public: Client, path: str) -> None:
    response = public.get(path)
    assert response.status_code == 404
    assert response.headers["Content-Type"] == "application/problem+json"


def test_without_keys_nothing_is_kept_and_that_is_said(
    send_tip: Send, settings: Any, tmp_path: Any
) -> None:
    settings.KEYS_DIR = tmp_path
    response = send_tip(LEAST)
    assert response.status_code == 503
    assert response.headers["Retry-After"]
    assert "Nothing was kept" in response.json()["detail"]
    assert str(tmp_path) not in response.content.decode()
    assert not Tip.objects.exists()


@pytest.mark.parametrize(
    "link", ["https://ads.example/?" + "a&" * 120, "see http://[the ad", "https://[removed]"]
)
def test_no_link_however_odd_costs_a_tip(send_tip: Send, link: str) -> None:
    answer = send_tip(
        {
            "category": "OTHER_UNSURE",
            "immediacy": "ONGOING",
            "minor_present": "NO",
            "online": [{"url": link}],
            "narrative": f"The ad at {link} shows three women and a number.",
        }
    )
    assert answer.status_code == 201, answer.content
