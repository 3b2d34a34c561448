"""What can be sent, and what is asked for instead: a pointer, a stable code, the way out."""

import dataclasses
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.utils import translation
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tips.drafts import CHICAGO, LEAST, draft, full_draft
from tipintake.tips.draft import (
    LeadDraft,
    LocationDraft,
    PersonDraft,
    SightingDraft,
    TipDraft,
    VehicleDraft,
)
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.vocabulary import Category

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
SEEN = datetime(2026, 11, 13, 22, 0, tzinfo=CHICAGO)


def found(one: TipDraft) -> set[tuple[str, str]]:
    return {(problem.pointer, problem.code) for problem in one.check(now=NOW)}


def test_one_sign_is_enough() -> None:
    assert found(draft()) == set()


def test_a_tip_with_every_part_can_be_sent() -> None:
    assert found(full_draft()) == set()


@pytest.mark.parametrize(
    "what",
    [
        {"indicators": ["HTL_CASH"]},
        {"vehicles": [{"plate_raw": "AB1"}]},
        {"vehicles": [{"colour1": "red"}]},
        {"online": [{"handle": "someone"}]},
        {"narrative": "A man waits there all day."},
    ],
)
def test_any_one_thing_seen_is_enough(what: dict[str, Any]) -> None:
    assert found(draft(**{"indicators": [], **what})) == set()


@pytest.mark.parametrize(
    "nothing",
    [
        {},
        {"narrative": "Too short."},
        {"narrative": "[removed] [held] [removed] [held]"},
        {"narrative": "a" + " " * 40 + "b"},
        {"vehicles": [{}]},
        {"vehicles": [{"role_in_scene": "PARKED"}]},
        {"locations": [{"city": "Wentzville"}]},
        {"persons": [{"sex": "MALE"}]},
        {"online": [{"platform": "SOCIAL"}]},
    ],
)
def test_without_anything_seen_one_thing_is_asked_for(nothing: dict[str, Any]) -> None:
    assert found(draft(indicators=[], **nothing)) == {("", "needs_a_what")}


@pytest.mark.parametrize(
    "cry",
    [
        {"narrative": "help"},
        {"narrative": "help me room 9"},
        {"locations": [{"unit": "9"}]},
        {"locations": [{"state": "MO"}]},
        {"locations": [{"lat": 38.8, "lon": -90.8}]},
    ],
)
def test_of_the_one_in_the_situation_one_word_or_a_place_is_enough(cry: dict[str, Any]) -> None:
    assert found(draft(indicators=[], reporter_is_victim=True, **cry)) == set()


@pytest.mark.parametrize("nothing", [{}, {"narrative": " "}, {"locations": [{}]}])
def test_of_the_one_in_the_situation_a_word_or_a_place_is_asked(nothing: dict[str, Any]) -> None:
    (problem,) = draft(indicators=[], reporter_is_victim=True, **nothing).check(now=NOW)
    assert problem.code == "needs_a_what"
    assert "one word" in problem.message


@pytest.mark.parametrize("name", ["category", "immediacy", "minor_present"])
def test_three_answers_are_needed(name: str) -> None:
    assert found(draft(**{name: ""})) == {(f"/{name}", "required")}


def test_null_is_the_same_as_absent() -> None:
    nulls = {field.name: None for field in dataclasses.fields(TipDraft)}
    assert TipDraft.from_mapping({**nulls, **LEAST}) == TipDraft.from_mapping(LEAST)


def test_a_sign_that_stands_twice_is_taken_once() -> None:
    assert draft(indicators=["HTL_CASH", "HTL_CASH"]).indicators == ("HTL_CASH",)
    twice = TipDraft(**{**LEAST, "indicators": ("HTL_CASH", "HTL_CASH")})
    assert found(twice) == {("/indicators/1", "twice")}


def test_an_unknown_sign_is_refused_by_name() -> None:
    (problem,) = draft(indicators=["HTL_CASH", "LOOKS_FOREIGN"]).check(now=NOW)
    assert (problem.pointer, problem.code) == ("/indicators/1", "unknown_sign")
    assert "LOOKS_FOREIGN" in problem.message


def test_a_long_text_is_refused_with_its_length_and_not_cut() -> None:
    long = draft(narrative="x" * 4001)
    (problem,) = long.check(now=NOW)
    assert (problem.pointer, problem.code) == ("/narrative", "max_length")
    assert "4001" in problem.message
    assert len(long.narrative) == 4001


def test_consent_is_asked_of_victims_only() -> None:
    assert found(draft(police_consent=True)) == {("/police_consent", "asked_of_victims_only")}
    assert found(draft(police_consent=False)) == {("/police_consent", "asked_of_victims_only")}
    assert found(draft(police_consent=True, reporter_is_victim=True)) == set()
    assert found(draft(reporter_is_victim=True)) == set()


@pytest.mark.parametrize(
    ("name", "most"), [("vehicles", 5), ("locations", 5), ("persons", 8), ("online", 5)]
)
def test_there_is_a_most_of_each_part(name: str, most: int) -> None:
    assert found(draft(**{name: [{}] * most})) == set()
    assert found(draft(**{name: [{}] * (most + 1)})) == {(f"/{name}", "too_many")}


@pytest.mark.parametrize(
    ("vehicle", "field", "code"),
    [
        ({"year_from": 2014, "year_to": 2010}, "year_to", "years_in_disorder"),
        ({"year_from": 1850}, "year_from", "implausible_year"),
        ({"year_to": 2040}, "year_to", "implausible_year"),
        ({"plate_raw": "???"}, "plate_raw", "no_plate_character"),
        ({"plate_raw": "A" * 21}, "plate_raw", "max_length"),
        ({"role_in_scene": "FLYING"}, "role_in_scene", "invalid_choice"),
    ],
)
def test_a_vehicle_that_cannot_be(vehicle: dict[str, Any], field: str, code: str) -> None:
    assert found(draft(vehicles=[{}, vehicle])) == {(f"/vehicles/1/{field}", code)}


@pytest.mark.parametrize(
    "vehicle",
    [
        {"year_from": 2010, "year_to": 2010},
        {"year_to": 2027},
        {"plate_raw": "AB?"},
        {"plate_raw": "AB1C2D", "plate_state": "somewhere"},
        {"plate_partial": True},
        {"colour1": "primer with rust"},
    ],
)
def test_a_vehicle_described_roughly_is_welcome(vehicle: dict[str, Any]) -> None:
    assert found(draft(vehicles=[vehicle])) == set()


@pytest.mark.parametrize(
    ("place", "field", "code"),
    [
        ({"exit": "217"}, "highway", "highway_needed"),
        ({"mile_marker": Decimal("214.5")}, "highway", "highway_needed"),
        ({"lat": 38.8}, "lon", "coordinates_together"),
        ({"lon": -90.7}, "lat", "coordinates_together"),
        ({"lat": 91.0, "lon": -90.7}, "lat", "not_on_earth"),
        ({"lat": 38.8, "lon": float("nan")}, "lon", "not_on_earth"),
        ({"highway": "I-70", "mile_marker": Decimal(-1)}, "mile_marker", "out_of_range"),
        ({"place_type": "CASTLE"}, "place_type", "invalid_choice"),
    ],
)
def test_a_place_that_cannot_be(place: dict[str, Any], field: str, code: str) -> None:
    assert (f"/locations/0/{field}", code) in found(draft(locations=[place]))


def test_a_place_on_the_highway_or_on_the_map_is_fine() -> None:
    places = [
        {"highway": "I-70", "exit": "210B"},
        {"highway": "I-70", "mile_marker": Decimal("214.5")},
        {"lat": 38.81, "lon": -90.85, "accuracy_m": 50, "source": "PIN"},
    ]
    assert found(draft(locations=places)) == set()


@pytest.mark.parametrize(
    ("sighting", "missing"),
    [
        ({"kind": "INSTANT"}, ["start"]),
        ({"kind": "RANGE"}, ["start", "end"]),
        ({"kind": "RANGE", "start": SEEN}, ["end"]),
        ({"kind": "APPROX", "start": SEEN}, ["approx_minutes"]),
        ({"kind": "RECURRING"}, []),
        ({"kind": "RECURRING", "rrule": "FREQ=WEEKLY;BYDAY=FR"}, []),
        ({"kind": "RECURRING", "duration_minutes": 60}, ["local_start"]),
        ({"kind": "UNKNOWN"}, []),
        ({}, []),
    ],
)
def test_each_kind_of_time_asks_for_what_it_needs(
    sighting: dict[str, Any], missing: list[str]
) -> None:
    expected = {(f"/sighting/{name}", "needed_for_this_kind") for name in missing}
    assert found(draft(sighting=sighting)) == expected


@pytest.mark.parametrize(
    "sighting",
    [
        {"kind": "INSTANT", "start": SEEN},
        {"kind": "RANGE", "start": SEEN, "end": SEEN + timedelta(hours=4)},
        {"kind": "RANGE", "start": SEEN, "end": SEEN},
        {"kind": "APPROX", "start": SEEN, "approx_minutes": 30},
        {"kind": "INSTANT", "start": NOW + timedelta(minutes=30)},
        {
            "kind": "RECURRING",
            "rrule": "FREQ=WEEKLY;BYDAY=FR",
            "local_start": time(22),
            "duration_minutes": 240,
            "times_seen": "6+",
        },
    ],
)
def test_a_time_with_what_it_needs_is_fine(sighting: dict[str, Any]) -> None:
    assert found(draft(sighting=sighting)) == set()


@pytest.mark.parametrize(
    ("sighting", "pointer", "code"),
    [
        ({"start": NOW + timedelta(hours=2)}, "start", "in_the_future"),
        ({"start": SEEN, "end": NOW + timedelta(days=1)}, "end", "in_the_future"),
        ({"start": datetime(1905, 1, 1, tzinfo=UTC)}, "start", "too_long_ago"),
        ({"start": SEEN, "end": SEEN - timedelta(minutes=1)}, "end", "ends_before_it_starts"),
        ({"start": SEEN, "tz": "Mars/Olympus"}, "tz", "unknown_time_zone"),
        ({"start": SEEN, "tz": "../../etc/passwd"}, "tz", "unknown_time_zone"),
        ({"start": SEEN, "tz": "localtime"}, "tz", "unknown_time_zone"),
        ({"start": SEEN, "duration_minutes": 0}, "duration_minutes", "out_of_range"),
        ({"start": SEEN, "duration_minutes": 1441}, "duration_minutes", "out_of_range"),
        ({"start": SEEN, "rrule": "every friday"}, "rrule", "pattern_not_understood"),
        ({"rrule": "FREQ=WEEKLY"}, "rrule", "pattern_needs_days"),
    ],
)
def test_a_time_that_cannot_be(sighting: dict[str, Any], pointer: str, code: str) -> None:
    assert found(draft(sighting=sighting)) == {(f"/sighting/{pointer}", code)}


def test_a_time_without_a_zone_is_read_where_it_happened() -> None:
    naive = datetime(2026, 11, 13, 22, 0)  # noqa: DTZ001  that is the point
    read = draft(sighting={"kind": "INSTANT", "start": naive}).sighting
    assert read is not None
    assert read.start == SEEN


@pytest.mark.parametrize(
    ("person", "field", "code"),
    [
        ({"age_from": 30, "age_to": 20}, "age_to", "ages_in_disorder"),
        ({"age_from": 121}, "age_from", "implausible_age"),
        ({"height_cm": 5}, "height_cm", "implausible_height"),
        ({"sex": "X"}, "sex", "invalid_choice"),
    ],
)
def test_a_person_that_cannot_be(person: dict[str, Any], field: str, code: str) -> None:
    assert found(draft(persons=[person])) == {(f"/persons/0/{field}", code)}


def test_race_comes_only_after_what_the_person_did_and_two_other_descriptions() -> None:
    refused = {("/persons/0/race", "what_they_did_comes_first")}
    described = {"race": "as seen", "clothing": "red jacket", "age_from": 20, "age_to": 30}
    assert found(draft(persons=[described])) == set()
    one_short = {"race": "as seen", "age_from": 20, "age_to": 30}
    assert found(draft(persons=[one_short])) == refused
    no_sign = draft(indicators=[], narrative="x" * 30, persons=[described])
    assert found(no_sign) == refused


def test_no_picture_is_asked_for_where_it_may_show_a_child() -> None:
    assert draft(indicators=["ONL_CSAM"]).suspects_image_of_a_child
    assert not draft().suspects_image_of_a_child


def test_an_ad_seen_tomorrow_cannot_be() -> None:
    tomorrow = NOW + timedelta(days=1)
    assert found(draft(online=[{"url": "ads.example", "seen_at": tomorrow}])) == {
        ("/online/0/seen_at", "in_the_future")
    }


def test_texts_are_tamed_whichever_door_they_came_by() -> None:
    one = draft(narrative="  a\x00b\r\nc\ud800d\x1b \x7f", vehicles=[{"make": " Ford\x00 "}])
    assert one.narrative == "ab\nc?d \x7f".rstrip() or one.narrative == "ab\nc?d"
    assert one.vehicles[0].make == "Ford"


def test_problems_are_said_in_spanish() -> None:
    with translation.override("es"):
        spanish = draft(indicators=[]).check(now=NOW)
    english = draft(indicators=[]).check(now=NOW)
    assert [p.code for p in spanish] == [p.code for p in english]


def test_a_draft_and_its_parts_show_nothing() -> None:
    one = full_draft()
    shown = f"{one!r} {one} {one.vehicles!r} {one.persons!r} {one.online!r} {one.sighting!r}"
    for secret in ("Marisol", "Rico", "gray van", "ab1", "Wentzville", "2026", "ads.example"):
        assert secret not in shown


texts = st.text(max_size=45)
small = st.one_of(st.none(), st.integers(-(10**20), 10**20), st.integers(0, 3000))
moments = st.one_of(
    st.none(),
    st.datetimes(),
    st.datetimes(timezones=st.timezones()),
    st.datetimes(timezones=st.just(UTC)),
)
zones = st.one_of(st.just("America/Chicago"), texts)
floats = st.one_of(st.none(), st.floats())


def choices(model_choices: list[str]) -> st.SearchStrategy[str]:
    return st.one_of(st.sampled_from(["", *model_choices]), texts)


vehicles = st.builds(
    VehicleDraft,
    plate_raw=texts,
    plate_state=texts,
    year_from=small,
    year_to=small,
    make=texts,
    features=texts,
    role_in_scene=choices(["PARKED"]),
)
locations = st.builds(
    LocationDraft,
    place_type=choices(["STREET"]),
    name=texts,
    highway=texts,
    exit=texts,
    zip=texts,
    mile_marker=st.one_of(st.none(), st.decimals()),
    lat=floats,
    lon=floats,
    accuracy_m=small,
    source=choices(["PIN"]),
)
sightings = st.builds(
    SightingDraft,
    kind=choices(["INSTANT", "RANGE", "APPROX", "RECURRING", "UNKNOWN"]),
    start=moments,
    end=moments,
    tz=zones,
    approx_minutes=small,
    rrule=st.one_of(texts, st.just("FREQ=WEEKLY"), st.just("FREQ=DAILY;UNTIL=20261231")),
    local_start=st.one_of(st.none(), st.times()),
    duration_minutes=small,
    times_seen=choices(["1", "6+"]),
)
persons = st.builds(
    PersonDraft,
    role=choices(["BUYER"]),
    age_from=small,
    age_to=small,
    looks_under_18=choices(["YES"]),
    height_cm=small,
    hair=texts,
    race=texts,
    name_or_alias=texts,
)
leads = st.builds(LeadDraft, url=texts, handle=texts, ad_phone=texts, seen_at=moments)
drafts = st.builds(
    TipDraft,
    category=choices(Category.values),
    immediacy=choices(["NOW"]),
    minor_present=choices(["NO"]),
    basis=choices(["SAW"]),
    indicators=st.lists(choices(list(INDICATORS)), max_size=4).map(tuple),
    narrative=st.text(max_size=60),
    reporter_is_victim=st.booleans(),
    police_consent=st.one_of(st.none(), st.booleans()),
    language=texts,
    vehicles=st.lists(vehicles, max_size=2).map(tuple),
    locations=st.lists(locations, max_size=2).map(tuple),
    sighting=st.one_of(st.none(), sightings),
    persons=st.lists(persons, max_size=2).map(tuple),
    online=st.lists(leads, max_size=2).map(tuple),
)


@settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(drafts)
def test_no_typed_value_breaks_the_check(one: TipDraft) -> None:
    problems = one.check(now=NOW)
    assert len(problems) == len(set(problems))
    for problem in problems:
        assert problem.pointer == "" or problem.pointer.startswith("/")
        assert problem.code.replace("_", "").isalpha()
        assert problem.message


@pytest.mark.parametrize(
    "sign",
    ["\u200b", "\u00ad", "\ufeff", "\u202a", "\u202e", "\u2068", "\u061c", "\u034f", "\u3164",
     "\u206a", "\ufff9", "\x9f", "\u17b4", "\U0001bca0", "\U000e0041", "\U000e0100"],
    ids=lambda sign: f"U+{ord(sign):04X}",
)  # fmt: skip
def test_signs_that_nobody_sees_cannot_hide_a_name(sign: str) -> None:
    """Nor turn what stands behind a place on the desk's lists; telephones write some of them."""
    words = draft(
        narrative=f"my n{sign}ame is Pet{sign}er Hill and I saw a girl locked in{sign} 214",
        locations=[{"name": f"{sign}Sunset{sign} Inn"}],
    )
    assert words.narrative == "my name is Peter Hill and I saw a girl locked in 214"
    assert words.locations[0].name == "Sunset Inn"
