"""From fields and words to the place: what decides, what narrows, what is in conflict."""

from typing import Any

import pytest

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.facts import LocationFacts
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.results import Conflict, Kind, Outcome, PlaceResult
from tipintake.routing.places.words import mentions_in
from tipintake.tips.mentions import Mention, MentionKind


def place(gazetteer: Gazetteer, words: str = "", **fields: Any) -> PlaceResult:
    locations = (LocationFacts(**fields),) if fields else ()
    return resolve(locations, mentions_in(words, gazetteer), gazetteer).lead


def said(result: PlaceResult) -> tuple[str, str | None]:
    return result.outcome.value, result.jurisdiction


AMBIGUOUS_ST_CHARLES = ("ambiguous", "st-charles-county")


@pytest.mark.parametrize(
    ("city", "expected"),
    [
        ("Wentzville, MO 63385", ("resolved", "wentzville-mo")),
        ("Wentzville, MO, USA", ("resolved", "wentzville-mo")),
        ("Wentzville 63385-1234", ("resolved", "wentzville-mo")),
        ("O'Fallon, MO 63366", ("resolved", "ofallon-mo")),
        ("O'Fallon Ill.", ("out_of_area", None)),
        ("O'Fallon, IL 62269", ("out_of_area", None)),
        ("O'Fallon 62269", ("out_of_area", None)),
        ("O'Fallon, Illinois 62269 USA", ("out_of_area", None)),
        ("Creve Coeur, Ill.", ("out_of_area", None)),
        ("Creve Coeur IL 61610", ("out_of_area", None)),
        ("Creve Coeur 61610-0001", ("out_of_area", None)),
        ("Creve Coeur 63141", ("resolved", "creve-coeur-mo")),
        ("Saint Louis, MO 63141", ("ambiguous", "st-louis-county")),
        ("St. Louis 63101", ("resolved", "st-louis-city")),
        ("63385", AMBIGUOUS_ST_CHARLES),
        ("IL 62269", ("out_of_area", None)),
        ("63385 Main", ("unknown", None)),
        ("near Wentzville", ("resolved", "wentzville-mo")),
        ("downtown St Charles", ("resolved", "st-charles-mo")),
        ("Wentzville or O'Fallon", AMBIGUOUS_ST_CHARLES),
        ("Wentzville / Creve Coeur", ("ambiguous", None)),
        ("outside Wentzville", AMBIGUOUS_ST_CHARLES),
        ("just outside of O'Fallon", AMBIGUOUS_ST_CHARLES),
        ("outside the Wentzville city limits", ("resolved", "st-charles-county")),
        ("Uninc. St. Louis", ("resolved", "st-louis-county")),
        ("unincorporated lincoln", ("resolved", "lincoln-county")),
        ("unincorporated", ("unknown", None)),
        ("St. Charles Co.", AMBIGUOUS_ST_CHARLES),
        ("St Charles Conty", AMBIGUOUS_ST_CHARLES),
        ("Boone County", ("out_of_area", None)),
        ("Washington", ("resolved", "washington-mo")),
        ("Illinois", ("out_of_area", None)),
        ("Missouri", ("unknown", None)),
        ("Lake St. Lewis", ("resolved", "lake-st-louis-mo")),
        ("St. Lewis", ("unknown", None)),
        ("Saint Loius", ("ambiguous", None)),
        ("Overland Park", ("out_of_area", None)),
        ("Clayton Rd", ("unknown", None)),
        ("N/A", ("unknown", None)),
        ("Scottsdale", ("out_of_area", None)),
        ("E. St. Louis", ("out_of_area", None)),
        ("Manchester, England", ("out_of_area", None)),
        ("Union County", ("unknown", None)),
        ("Clayton County", ("unknown", None)),
        ("Troy Township", ("unknown", None)),
        ("Pacific Ocean", ("unknown", None)),
        ("New Union", ("unknown", None)),
        ("not in Wentzville", ("unknown", None)),
        ("from Wentzville", ("unknown", None)),
        ("Union near the depot", ("resolved", "union-mo")),
    ],
)
def test_what_a_city_field_says(
    city: str, expected: tuple[str, str | None], gazetteer: Gazetteer
) -> None:
    assert said(place(gazetteer, city=city)) == expected


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("I-70", ("resolved", "ofallon-mo")),
        ("IH 70", ("resolved", "ofallon-mo")),
        ("70", ("resolved", "ofallon-mo")),
        ("Interstate 70 West", ("resolved", "ofallon-mo")),
        ("autopista 70", ("resolved", "ofallon-mo")),
        ("I-44", ("unknown", None)),
        ("Route 70", ("unknown", None)),
        ("MO-370", ("unknown", None)),
        ("Highway K", ("unknown", None)),
    ],
)
def test_how_a_highway_may_be_typed(
    typed: str, expected: tuple[str, str | None], gazetteer: Gazetteer
) -> None:
    assert said(place(gazetteer, highway=typed, exit="217")) == expected


def test_an_exit_typed_with_the_highway_is_read(gazetteer: Gazetteer) -> None:
    assert said(place(gazetteer, highway="I-70 exit 217")) == ("resolved", "ofallon-mo")


def test_an_exit_in_words_completes_the_highway_field(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, "at exit 209", highway="I-70")
    assert said(found) == ("resolved", "wentzville-mo")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("se para cerca de la milla 209 de la I-70", ("resolved", "wentzville-mo")),
        ("Un carro se para en la salida 209 de la I-70.", ("resolved", "wentzville-mo")),
        ("El camión que para cerca de la salida 209 de la I-70", ("resolved", "wentzville-mo")),
        ("Van para la salida 209 de la I-70", ("unknown", None)),
        ("Manejan hacia la salida 209 de la I-70", ("unknown", None)),
    ],
)
def test_stopping_at_an_exit_is_not_going_there(
    words: str, expected: tuple[str, str | None], gazetteer: Gazetteer
) -> None:
    assert said(place(gazetteer, words)) == expected


def test_the_zip_field_is_read_before_a_zip_in_the_city_field(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, city="O'Fallon 62269", zip="63366")
    assert said(found) == ("resolved", "ofallon-mo")


def test_an_exit_closer_than_the_county_or_st_louis_narrows(gazetteer: Gazetteer) -> None:
    county = place(gazetteer, city="St. Charles County", highway="I-70", exit="217")
    assert said(county) == ("resolved", "ofallon-mo")
    assert county.conflicts == ()
    postal = place(gazetteer, city="St. Louis", highway="I-270", exit="13")
    assert said(postal) == ("resolved", "creve-coeur-mo")
    elsewhere = place(gazetteer, city="St. Louis", highway="I-70", exit="217")
    assert said(elsewhere) == ("ambiguous", None)
    assert elsewhere.conflicts == (Conflict.CITY_AND_EXIT,)


def test_the_state_decides_between_namesakes(gazetteer: Gazetteer) -> None:
    assert place(gazetteer, city="O'Fallon").outcome is Outcome.RESOLVED
    assert place(gazetteer, city="O'Fallon", state="Ill.").outcome is Outcome.OUT_OF_AREA
    said_in_words = place(gazetteer, "the motel in O'Fallon, Illinois", city="O'Fallon")
    assert said_in_words.outcome is Outcome.OUT_OF_AREA
    by_state = place(gazetteer, "the inn in O'Fallon", state="IL")
    assert by_state.outcome is Outcome.OUT_OF_AREA
    assert by_state.conflicts == ()
    missouri = place(gazetteer, city="O'Fallon", state="MO", zip="62269")
    assert said(missouri) == ("resolved", "ofallon-mo")
    assert missouri.conflicts == (Conflict.CITY_AND_ZIP,)


def test_a_zip_of_another_state_says_nothing_of_other_names(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, city="Wentzville", zip="62269")
    assert said(found) == ("resolved", "wentzville-mo")
    assert found.conflicts == (Conflict.CITY_AND_ZIP,)


def test_passing_words_are_no_conflict(gazetteer: Gazetteer) -> None:
    words = "He drives over from O'Fallon and lives in Creve Coeur."
    assert place(gazetteer, words, city="Wentzville").conflicts == ()


def test_the_town_of_another_location_is_no_conflict(gazetteer: Gazetteer) -> None:
    locations = (LocationFacts(city="Creve Coeur"), LocationFacts(city="Wentzville"))
    words = mentions_in("A spa in Creve Coeur and a motel in Wentzville.", gazetteer)
    resolved = resolve(locations, words, gazetteer)
    assert [one.conflicts for one in resolved.served] == [(), ()]


def test_st_louis_in_words_is_no_conflict_with_a_town_of_its_county(gazetteer: Gazetteer) -> None:
    assert place(gazetteer, "a spa in St. Louis", city="Creve Coeur").conflicts == ()
    away = place(gazetteer, "a spa in St. Louis", city="Wentzville")
    assert away.conflicts == (Conflict.CITY_AND_WORDS,)


def test_unincorporated_near_a_town_is_county_land(gazetteer: Gazetteer) -> None:
    words = "A trailer near O'Fallon. It stands outside the city limits."
    assert said(place(gazetteer, words)) == ("resolved", "st-charles-county")
    field = place(gazetteer, "near Wentzville", city="unincorporated St. Charles County")
    assert said(field) == ("resolved", "st-charles-county")
    assert field.conflicts == ()


def test_a_whole_state_beside_a_town_is_no_second_scene(gazetteer: Gazetteer) -> None:
    words = "They were in California before. Now in a house in Wentzville."
    assert said(place(gazetteer, words)) == ("resolved", "wentzville-mo")


def test_words_of_an_ambiguous_exit_must_name_one_of_its_sides(gazetteer: Gazetteer) -> None:
    beside = place(gazetteer, "the motel in O'Fallon", highway="I-70", exit="212")
    assert said(beside) == AMBIGUOUS_ST_CHARLES
    assert beside.conflicts == (Conflict.COUNTY_AND_WORDS,)


def test_a_town_within_and_one_outside_narrows_and_is_in_conflict(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, "in Wentzville, later in Clayton", zip="63385")
    assert said(found) == ("resolved", "wentzville-mo")
    assert found.conflicts == (Conflict.COUNTY_AND_WORDS,)


def test_a_straddler_assumes_no_county(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, city="Foristell", zip="63385")
    assert (said(found), found.county) == (("resolved", "foristell-mo"), "")


def test_coordinates_without_boundaries_are_kept_and_decide_nothing(gazetteer: Gazetteer) -> None:
    found = place(gazetteer, lat=38.80651, lon=-90.89223)
    assert found.outcome is Outcome.UNKNOWN
    assert [(one.kind, one.value) for one in found.evidence] == [
        (Kind.POINT, "38.80651,-90.89223")
    ]


def test_a_point_that_is_none_is_ignored(gazetteer: Gazetteer) -> None:
    for lat in (float("nan"), float("inf"), 91.0):
        assert place(gazetteer, lat=lat, lon=-90.0).evidence == ()


def test_the_lead_is_the_first_resolved_and_others_follow(gazetteer: Gazetteer) -> None:
    towns = ("Chicago", "", "St. Charles County", "Wentzville", "Creve Coeur")
    resolved = resolve(tuple(LocationFacts(city=city) for city in towns), (), gazetteer)
    assert resolved.lead.jurisdiction == "wentzville-mo"
    assert [one.outcome for one in resolved.others] == [Outcome.OUT_OF_AREA, Outcome.RESOLVED]


def test_mentions_of_an_older_gazetteer_are_read_without_harm(gazetteer: Gazetteer) -> None:
    old = [Mention(kind, "gone-mo", "scene") for kind in MentionKind]
    old += [Mention(MentionKind.EXIT, "I-70:mmx", "scene")]
    assert resolve((), old, gazetteer).lead.outcome is Outcome.OUT_OF_AREA
    assert resolve((), old[:1], gazetteer).lead.outcome is Outcome.UNKNOWN


def test_an_empty_gazetteer_knows_no_place_and_loses_no_tip() -> None:
    empty = Gazetteer(version="")
    assert place(empty, "in Wentzville", city="Wentzville", zip="63385").outcome in Outcome
