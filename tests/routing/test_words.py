"""What words say of a place: scene phrases count, names of streets and people do not."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.places.words import mentions_in, mentions_in_field

W, OF, CC = "city:wentzville-mo", "city:ofallon-mo", "city:creve-coeur-mo"


def scenes(text: str, gazetteer: Gazetteer) -> set[str]:
    found = mentions_in(text, gazetteer)
    return {f"{one.kind}:{one.code}" for one in found if one.strength == "scene"}


def passing(text: str, gazetteer: Gazetteer) -> set[str]:
    found = mentions_in(text, gazetteer)
    return {f"{one.kind}:{one.code}" for one in found if one.strength == "passing"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A motel in Wentzville.", {W}),
        ("Behind the bar in Wentzville and O'Fallon.", {W, OF}),
        ("in Wentzville, O'Fallon or at home", {W, OF}),
        ("near the city of O'Fallon", {OF}),
        ("its the motel in creve couer with the green roof", {CC}),
        ("at the plaza in Crève Cœur", {CC}),
        ("MOTEL IN WENTZVILLE, ROOM 12", {W}),
        ("in downtown St. Charles, Missouri", {"city:st-charles-mo"}),
        ("in St. Charles County", {"county:st-charles-county"}),
        ("in St. Louis", {"city:st-louis"}),
        ("in the city of St. Louis", {"city:st-louis-city"}),
        ("in St. Louis City", {"city:st-louis-city"}),
        ("in North St. Louis County", {"county:st-louis-county"}),
        ("in Lake Saint Louis", {"city:lake-st-louis-mo"}),
        ("in East St. Louis", {"out_of_area:"}),
        ("in St. Peter's", {"city:st-peters-mo"}),
        ("in Mehlville", {"cdp:st-louis-county"}),
        ("in Kansas City", {"out_of_area:"}),
        ("at a motel in Illinois", {"out_of_area:state"}),
        ("in Troy, Illinois", {"out_of_area:troy-mo"}),
        ("in O'Fallon, Ill. at the inn", {"out_of_area:ofallon-mo"}),
        ("en O'Fallon de Illinois", {"out_of_area:ofallon-mo"}),
        ("cerca de Creve Coeur", {CC}),
        ("detrás de un motel en O'Fallon", {OF}),
        ("en el condado de San Luis", {"county:st-louis-county"}),
        ("en la ciudad de San Luis", {"city:st-louis-city"}),
        ("en San Luis", {"city:st-louis"}),
        ("in arnold near the pump", {"city:arnold-mo"}),
    ],
)
def test_a_scene_phrase_names_the_place(
    text: str, expected: set[str], gazetteer: Gazetteer
) -> None:
    assert scenes(text, gazetteer) == expected


@pytest.mark.parametrize(
    "text",
    [
        "He drives over from O'Fallon every night.",
        "They go from Wentzville to O'Fallon.",
        "toward Wentzville",
        "She lives in Wentzville.",
        "He lives with his mother in O'Fallon.",
        "He lives in an apartment in O'Fallon.",
        "The driver works nights in Wentzville.",
        "It is not in O'Fallon.",
        "It is not the motel in O'Fallon.",
        "vive en Wentzville",
        "trabaja en Creve Coeur",
        "no está en O'Fallon",
        "hacia Wentzville",
        "viene de Wentzville",
        "He comes from a house in O'Fallon.",
        "between O'Fallon and Wentzville",
    ],
)
def test_where_somebody_comes_from_or_goes_is_no_scene(text: str, gazetteer: Gazetteer) -> None:
    assert scenes(text, gazetteer) == set()


@pytest.mark.parametrize(
    "text",
    [
        "off Clayton Rd",
        "near Wentzville Pkwy",
        "at the O'Fallon Brewery",
        "at Wentzville Holt High School",
        "near Creve Coeur Lake",
        "in St. Louis Park",
        "near Lake St. Louis Blvd",
        "near Washington and 10th",
        "at Clayton and Big Bend",
        "behind Arnold's truck",
        "near Arnold Palmer's house",
        "in Lincoln Navigator",
        "at Union Station",
        "in union",
        "he pays in advance at dawn",
        "a man in polo at the country club",
        "It began in August.",
        "with Illinois plates in the lot",
        "in Illinois plates",
        "https://ads.example/in/wentzville",
    ],
)
def test_streets_businesses_people_and_ordinary_words_are_no_places(
    text: str, gazetteer: Gazetteer
) -> None:
    assert scenes(text, gazetteer) == set()


@pytest.mark.parametrize(
    ("text", "county"),
    [
        ("outside the Wentzville city limits", "st-charles-county"),
        ("outside of the city limits of O'Fallon", "st-charles-county"),
        ("not inside the Wentzville city limits", "st-charles-county"),
        ("a trailer in unincorporated Jefferson County", "jefferson-county"),
        ("unincorporated Lincoln", "lincoln-county"),
        ("in an unincorporated part of St. Louis County", "st-louis-county"),
        ("St. Charles County, unincorporated, on a gravel road", "st-charles-county"),
        ("fuera de los límites de O'Fallon", "st-charles-county"),
        ("área no incorporada del condado de Warren", "warren-county"),
    ],
)
def test_county_land_in_words(text: str, county: str, gazetteer: Gazetteer) -> None:
    assert f"unincorporated:{county}" in scenes(text, gazetteer)


def test_outside_the_city_of_st_louis_other_towns_begin(gazetteer: Gazetteer) -> None:
    assert scenes("outside the St. Louis city limits", gazetteer) == {"county:st-louis-county"}


def test_living_on_county_land_is_no_scene(gazetteer: Gazetteer) -> None:
    assert scenes("They live in unincorporated Warren County.", gazetteer) == set()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("truck to truck at exit 209 off I-70", "I-70:209"),
        ("I-70 West, exit 217", "I-70:217"),
        ("Exit #13 on 270", "I-270:13"),
        ("exit 229B of Interstate 70", "I-70:229B"),
        ("I-70 mile marker 217.5", "I-70:mm217.5"),
        ("salida 209 de la I-70", "I-70:209"),
        ("a la salida 210 de la autopista 70", "I-70:210"),
        ("en la I-70, milla 217.5", "I-70:mm217.5"),
        ("at exit 209", ":209"),
    ],
)
def test_exits_and_mile_markers_in_words(text: str, code: str, gazetteer: Gazetteer) -> None:
    assert f"exit:{code}" in scenes(text, gazetteer)


@pytest.mark.parametrize(
    "text",
    [
        "they got on I-70 from exit 203",
        "toward exit 217 of I-70",
        "desde la salida 209 de la I-70",
        "exit 999 of I-70",
        "I-44 exit 225",
    ],
)
def test_exits_that_are_not_the_scene_or_not_listed(text: str, gazetteer: Gazetteer) -> None:
    assert not any(found.startswith("exit") for found in scenes(text, gazetteer))


def test_landmarks_count_as_approved_aliases(gazetteer: Gazetteer) -> None:
    assert scenes("the lot at Hwy K & Bryan Road", gazetteer) == {"landmark:ofallon-mo"}
    assert passing("he came from West Terra Lane", gazetteer) == {"landmark:ofallon-mo"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Example Inn, Wentzville", {W}),
        ("Example Inn of Wentzville", {W}),
        ("Example 8 O'Fallon", {OF}),
        ("100 Main St St Peters", {"city:st-peters-mo"}),
        ("400 Oak Dr, Union, MO", {"city:union-mo"}),
        ("Wentzville Nails", set()),
        ("O'Fallon Brewery", set()),
        ("Clayton Rd near the car wash", set()),
        ("9900 St. Charles Rock Rd", set()),
        ("12300 Clayton", set()),
        ("100 N Florissant", set()),
        ("Motel Imperial", set()),
    ],
)
def test_name_and_street_need_no_scene_phrase_but_are_no_business(
    text: str, expected: set[str], gazetteer: Gazetteer
) -> None:
    assert {f"{m.kind}:{m.code}" for m in mentions_in_field(text, gazetteer)} == expected


@given(st.text(max_size=400))
def test_any_text_can_be_read(gazetteer: Gazetteer, text: str) -> None:
    for mention in mentions_in(text, gazetteer):
        assert mention.strength in {"scene", "passing"}
    mentions_in_field(text, gazetteer)


WORDS = (
    *("in", "near", "outside", "the", "Wentzville", "St.", "Louis", "exit 217", "I-70", "not"),
    *("unincorporated", "limits", "and", ",", ".", "lives", "O'Fallon", "cerca de", "(", "'"),
)


@given(st.lists(st.sampled_from(WORDS), max_size=60))
@settings(max_examples=60)
def test_what_is_kept_of_words_is_closed_and_bounded(
    gazetteer: Gazetteer, words: list[str]
) -> None:
    found = mentions_in(" ".join(words), gazetteer)
    codes = {entry.code for entry in gazetteer.jurisdictions} | {"", "state", "st-louis"}
    assert len(found) <= 30
    assert all(one.code in codes or ":" in one.code for one in found)
    assert mentions_in(" ".join(words), gazetteer) == found


@pytest.mark.parametrize(
    "unit", ["in ", "a", "a'", "exit 217 I-70 ", "in Wentzville, ", "outside ", "unincorporated ",
             "in Saint Louis ", "cerca de ", "(", "1", "\n", "out of the ", "in the city of "]
)  # fmt: skip
def test_reading_stays_linear_on_hostile_texts(unit: str, gazetteer: Gazetteer) -> None:
    mentions_in("warm up in Wentzville", gazetteer)
    text = (unit * 4000)[:4000]
    started = time.process_time()
    mentions_in(text, gazetteer)
    assert time.process_time() - started < 1.0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("at a house in O'Fallon, 62269", {"out_of_area:ofallon-mo"}),
        ("at a house in O'Fallon 63366", {OF}),
        ("in a flat in E. St. Louis", {"out_of_area:"}),
        ("in Manchester, England she was sold", {"out_of_area:manchester-mo"}),
        ("I-64 exit 19B in Illinois, a truck lot", {"out_of_area:state"}),
        ("at exit 14 off I-64, O'Fallon, IL", set()),
        ("at exit 217 on I-70, a truck with Illinois plates", {"exit:I-70:217"}),
        ("in the wildwood of the park", set()),
        ("girls wait in the valley park lot", set()),
        ("in O'Fallon, the Illinois one", {"out_of_area:ofallon-mo"}),
        (
            "in O'Fallon. That is in Illinois.",
            {"out_of_area:ofallon-mo", "out_of_area:state"},
        ),
        ("in O'Fallon St. Clair County Illinois", {"out_of_area:ofallon-mo"}),
        (
            "en O'Fallon, eso es en Illinois",
            {"out_of_area:ofallon-mo", "out_of_area:state"},
        ),
        ("in O'Fallon, it has Illinois plates", {"city:ofallon-mo"}),
        ("in O'Fallon on the Illinois side", {"out_of_area:ofallon-mo"}),
        ("in O'Fallon, over in Illinois", {"out_of_area:ofallon-mo", "out_of_area:state"}),
        ("en O'Fallon, estado de Illinois", {"out_of_area:ofallon-mo"}),
        ("en O'Fallon del lado de Illinois", {"out_of_area:ofallon-mo"}),
        ("in O'Fallon, the Illinois van again", {OF}),
        ("in St. Charles on the Missouri River", {"city:st-charles-mo"}),
        ("dentro de los límites de la ciudad de Wentzville", {W}),
        ("in the village of Riverview", {"city:riverview-mo"}),
        ("in the city of Union", {"city:union-mo"}),
        ("happens in Wentzville, maybe O'Fallon", {W, OF}),
        ("he was arrested in St. Charles in 2019", set()),
        ("en una casa de Florissant hay niñas", {"city:florissant-mo"}),
        ("en un motel viejo de Wentzville", {W}),
        ("en la casa de Clayton", set()),
        ("en una camioneta de O'Fallon", set()),
    ],
)
def test_what_stands_beside_a_name_can_make_it_another_place_or_none(
    text: str, expected: set[str], gazetteer: Gazetteer
) -> None:
    assert scenes(text, gazetteer) == expected


@pytest.mark.parametrize(
    ("street", "expected"),
    [
        ("Kingshighway and Washington", set()),
        ("Washington and 10th", set()),
        ("Grand at Washington", set()),
        ("corner of Union & Page", set()),
        ("near Union and Natural Bridge", set()),
        ("Lindbergh at Clayton", set()),
        ("Union", set()),
        ("Clayton", set()),
        ("Hwy 61 at Wentzville", {W}),
        ("100 Main St, Wentzville", {W}),
        ("100 Main St near Union", {"city:union-mo"}),
        ("Wentzville", {W}),
    ],
)
def test_crossing_streets_that_bear_names_of_towns_are_no_towns(
    street: str, expected: set[str], gazetteer: Gazetteer
) -> None:
    found = mentions_in_field(street, gazetteer, street=True)
    assert {f"{one.kind}:{one.code}" for one in found} == expected
