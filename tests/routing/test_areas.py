"""Points on the map: whose land they stand on, and when nobody can tell."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.region.land import Drawn, box, metres_east, metres_north, region_map
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.facts import LocationFacts
from tipintake.routing.places.areas import AreaIndex, NotWhole, index_of
from tipintake.routing.places.pins import NOBODY_KNOWN
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.results import OUTSIDE, Conflict, PlaceResult

Map = dict[str, Drawn]


@pytest.fixture(scope="module")
def drawn(gazetteer: Gazetteer) -> Map:
    return region_map(gazetteer)


@pytest.fixture(scope="module")
def index(drawn: Map, gazetteer: Gazetteer) -> AreaIndex:
    return indexed(drawn, gazetteer)


def indexed(drawn: Map, gazetteer: Gazetteer) -> AreaIndex:
    return index_of("made up", [one.area for one in drawn.values()], gazetteer)


def placed(
    at: tuple[float, float], index: AreaIndex, gazetteer: Gazetteer, **fields: Any
) -> PlaceResult:
    location = LocationFacts(lat=at[0], lon=at[1], **fields)
    return resolve((location,), (), gazetteer, boundaries=index).lead


def said(result: PlaceResult) -> tuple[str, str | None]:
    return result.outcome.value, result.jurisdiction


def east_side(one: Drawn) -> tuple[float, float]:
    return one.at(1, 0.1)


def test_a_point_in_a_municipality_is_its(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    for code in ("wentzville-mo", "ofallon-mo", "creve-coeur-mo", "st-louis-city"):
        found = placed(drawn[code].at(0.2, 0.2), index, gazetteer)
        assert said(found) == ("resolved", code)
        assert found.county == next(o.county for o in gazetteer.jurisdictions if o.code == code)


def test_a_hole_in_a_municipality_is_county_land(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    holed = [one for one in drawn.values() if one.kind == "city" and one.land.interiors]
    assert len(holed) > 40
    for one in holed:
        found = placed(one.at(), index, gazetteer)
        assert found.outcome == "resolved"
        assert found.jurisdiction == found.county


def test_land_between_municipalities_is_the_countys(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    assert said(placed(drawn["warren-county"].at(0.5, 0.9), index, gazetteer)) == (
        "resolved",
        "warren-county",
    )


@pytest.mark.parametrize("metres", [-99, -1, 0, 1, 99])
def test_within_a_hundred_metres_of_a_limit_nobody_can_tell(
    metres: int, drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    at = metres_east(east_side(drawn["wentzville-mo"]), metres)
    assert said(placed(at, index, gazetteer)) == ("ambiguous", "st-charles-county")


def test_the_evidence_names_what_the_disc_touches(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    found = placed(east_side(drawn["wentzville-mo"]), index, gazetteer, zip="63385")
    point, zip_ = found.as_json()["evidence"]
    assert (point["rank"], zip_["rank"]) == (1, 4)
    assert point["may_be"] == ["st-charles-county", "wentzville-mo"]
    assert (point["strength"], zip_["strength"]) == ("decides", "agrees")


@pytest.mark.parametrize(("metres", "code"), [(-101, "wentzville-mo"), (101, "st-charles-county")])
def test_a_little_further_it_is_plain(
    metres: int, code: str, drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    at = metres_east(east_side(drawn["wentzville-mo"]), metres)
    assert said(placed(at, index, gazetteer)) == ("resolved", code)


def test_a_hundred_metres_are_as_long_to_the_north(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    edge = drawn["wentzville-mo"].at(0.1, 1)
    near, far = metres_north(edge, 99.5), metres_north(edge, 100.5)
    assert placed(near, index, gazetteer).outcome == "ambiguous"
    assert said(placed(far, index, gazetteer)) == ("resolved", "st-charles-county")


def test_a_vague_pin_reaches_as_far_as_it_is_vague(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    at = metres_east(east_side(drawn["wentzville-mo"]), -300)
    assert said(placed(at, index, gazetteer)) == ("resolved", "wentzville-mo")
    vague = placed(at, index, gazetteer, accuracy_m=350)
    assert said(vague) == ("ambiguous", "st-charles-county")


def test_the_city_field_settles_a_point_near_a_limit(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    at = east_side(drawn["wentzville-mo"])
    found = placed(at, index, gazetteer, city="Wentzville")
    assert said(found) == ("resolved", "wentzville-mo")
    assert not found.conflicts
    unincorporated = placed(at, index, gazetteer, city="unincorporated St. Charles County")
    assert said(unincorporated) == ("resolved", "st-charles-county")


def test_a_city_field_of_another_county_is_kept_as_a_conflict(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    found = placed(drawn["wentzville-mo"].at(0.2, 0.2), index, gazetteer, city="Creve Coeur")
    assert said(found) == ("resolved", "wentzville-mo")
    assert found.conflicts == (Conflict.CITY_AND_POINT,)
    assert [(one.kind.value, one.strength.value) for one in found.evidence] == [
        ("point", "decides"),
        ("city", "disagrees"),
    ]


def test_a_postal_city_of_the_same_county_is_no_conflict(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    hole = drawn["ofallon-mo"] if drawn["ofallon-mo"].land.interiors else drawn["augusta-mo"]
    found = placed(hole.at(), index, gazetteer, city="Wentzville")
    assert said(found) == ("resolved", "st-charles-county")
    assert not found.conflicts


def test_a_municipality_over_a_county_line_has_the_county_of_the_point(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    west = placed(drawn["pacific-mo"].at(0.2, 0.5), index, gazetteer)
    east = placed(drawn["pacific-mo"].at(0.9, 0.5), index, gazetteer)
    on_the_line = placed(drawn["pacific-mo"].at(0.6, 0.5), index, gazetteer)
    assert said(west) == said(east) == said(on_the_line) == ("resolved", "pacific-mo")
    assert (west.county, east.county) == ("st-louis-county", "franklin-county")


def test_what_lies_outside_the_counties_is_out_of_area(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    in_sullivan_beyond = placed(drawn["sullivan-mo"].at(0.9, 0.5), index, gazetteer)
    assert said(in_sullivan_beyond) == ("out_of_area", None)
    assert said(placed((38.5, -92.1), index, gazetteer)) == ("out_of_area", None)
    for elsewhere in ((0.0, 0.0), (-33.9, 151.2), (90.0, 0.0), (-90.0, 180.0), (51.5, -0.1)):
        assert said(placed(elsewhere, index, gazetteer)) == ("out_of_area", None)


def test_at_the_edge_of_the_region_no_county_is_assumed(
    drawn: Map, index: AreaIndex, gazetteer: Gazetteer
) -> None:
    edge = drawn["lincoln-county"].at(0, 0.9)
    for metres in (-50, 0, 50):
        assert said(placed(metres_east(edge, metres), index, gazetteer)) == ("ambiguous", None)


def test_a_municipality_that_the_directory_lacks_is_known_by_its_county_alone(
    drawn: Map, gazetteer: Gazetteer
) -> None:
    new = Drawn("2999999", "Newtown", box(-91.3, 38.9, 0.04, 0.04))
    index = indexed({**drawn, "newtown-mo": new}, gazetteer)
    assert said(placed(new.at(), index, gazetteer)) == ("ambiguous", "warren-county")


def test_without_the_limit_of_a_listed_municipality_nothing_is_called_county_land(
    drawn: Map, gazetteer: Gazetteer
) -> None:
    without = {code: one for code, one in drawn.items() if code != "wentzville-mo"}
    index = indexed(without, gazetteer)
    where_it_was = placed(drawn["wentzville-mo"].at(0.2, 0.2), index, gazetteer)
    assert said(where_it_was) == ("ambiguous", "st-charles-county")
    assert said(placed(drawn["warren-county"].at(0.5, 0.9), index, gazetteer)) == (
        "resolved",
        "warren-county",
    )


def test_without_a_served_county_nobody_can_say_what_lies_outside(
    drawn: Map, gazetteer: Gazetteer
) -> None:
    without = {code: one for code, one in drawn.items() if code != "warren-county"}
    with pytest.raises(NotWhole, match="Warren County"):
        indexed(without, gazetteer)


def test_a_crumb_of_a_municipality_over_a_county_line_is_a_flaw_of_the_files(
    drawn: Map, gazetteer: Gazetteer
) -> None:
    """Counties and places of two sources differ by metres: the crumb stays with its city."""
    foristell = drawn["foristell-mo"]
    west, south, _, north = foristell.land.bounds
    line = drawn["st-charles-county"].land.bounds[0]
    barely_over = box(west, south, line - west + 0.00005, north - south)
    index = indexed({**drawn, "foristell-mo": replace(foristell, land=barely_over)}, gazetteer)
    found = index.touched((south + north) / 2, line + 0.00002, radius_m=1)
    assert (found.inside, found.county) == ("foristell-mo", "warren-county")


def test_a_gap_between_two_counties_belongs_to_the_nearer(
    drawn: Map, gazetteer: Gazetteer
) -> None:
    """Two sources may leave a hole of some metres: nobody is sent out of the area for it."""
    warren = drawn["warren-county"]
    hole = warren.land.difference(box(-91.2, 38.95, 0.001, 0.001))
    index = indexed({**drawn, "warren-county": replace(warren, land=hole)}, gazetteer)
    assert said(placed((38.9505, -91.1995), index, gazetteer)) == ("resolved", "warren-county")


@given(
    lat=st.floats(-90, 90),
    lon=st.floats(-180, 180),
    near=st.booleans(),
    radius=st.floats(0, 1e7),
)
def test_every_point_on_earth_gets_an_answer_that_holds_together(
    lat: float, lon: float, near: bool, radius: float, index: AreaIndex
) -> None:
    if near:
        lat, lon = 38 + (lat + 90) / 180, -92 + (lon + 180) / 100
    there = index.touched(lat, lon, radius_m=radius)
    codes = {code for code, _ in there.around}
    assert NOBODY_KNOWN not in codes
    assert there.inside == "" or there.inside in codes
    assert (there.inside == "") == (there.county == "")
    assert there.inside or not codes or OUTSIDE in codes


def test_the_pack_names_every_jurisdiction_by_its_census_code(gazetteer: Gazetteer) -> None:
    assert all(one.geoid for one in gazetteer.jurisdictions)
    assert all(one.geoid for one in gazetteer.places)
