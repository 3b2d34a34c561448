"""Loading boundaries: what counts, what is refused, what changes, and the way back."""

import json
from collections.abc import Callable
from dataclasses import replace
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests.region.land import (
    Drawn,
    box,
    census_files,
    geojson,
    region_map,
    shapefile_zip,
)
from tipintake.directory.boundaries import areas_of, version_in_force
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.directory.models import Boundary, BoundaryDataset, BoundaryRelease
from tipintake.routing.boundaries import current_boundaries
from tipintake.staff.models import AuditEntry

Map = dict[str, Drawn]


def told(*arguments: object, **options: Any) -> str:
    out = StringIO()
    call_command("load_boundaries", *map(str, arguments), stdout=out, stderr=out, **options)
    return out.getvalue()


def refused(*arguments: object) -> str:
    """What the command says of files that it does not take; they must change nothing."""
    before = (version_in_force(), Boundary.objects.count(), BoundaryRelease.objects.count())
    out = StringIO()
    with pytest.raises(CommandError, match="to mend; no boundary was changed") as failed:
        call_command("load_boundaries", *map(str, arguments), stdout=out)
    assert failed.value.returncode == 1
    after = (version_in_force(), Boundary.objects.count(), BoundaryRelease.objects.count())
    assert after == before
    return out.getvalue()


@pytest.fixture
def drawn(region: Gazetteer) -> Map:
    return region_map(region)


@pytest.fixture
def loaded(drawn: Map, tmp_path: Path) -> Map:
    told(*census_files(tmp_path, drawn))
    return drawn


def whose(at: tuple[float, float]) -> str:
    boundaries = current_boundaries(current_gazetteer())
    assert boundaries is not None
    return boundaries.touched(*at, radius_m=0).inside


# --- What counts -----------------------------------------------------------------------------


def test_a_state_is_loaded_from_its_two_census_files(drawn: Map, tmp_path: Path) -> None:
    said = told(*census_files(tmp_path, drawn))
    cities = sum(one.kind == "city" for one in drawn.values())
    assert f": {cities} municipalities, 6 counties; {len(drawn)} added, 0 changed" in said
    assert "In force now" in said
    assert whose(drawn["wentzville-mo"].at(0.2, 0.2)) == "wentzville-mo"
    entry = AuditEntry.objects.get(act="boundaries.loaded")
    assert entry.facts["add"] == len(drawn)


def test_only_active_municipalities_are_cities(drawn: Map, tmp_path: Path) -> None:
    county = drawn["warren-county"].land.bounds
    others = [
        Drawn("2900001", "A named place", box(county[0] + 0.1, 38.9, 0.02, 0.02), "U1", "S"),
        Drawn("2900002", "Asleep", box(county[0] + 0.2, 38.9, 0.02, 0.02), "C9", "I"),
        Drawn("2900003", "A base", box(county[0] + 0.3, 38.9, 0.02, 0.02), "M2", "S"),
        Drawn("17163", "A county of another state", box(-80, 38, 1, 1)),
    ]
    places, counties = census_files(tmp_path, drawn | {one.geoid: one for one in others})
    assert "; 4 passed over" in told(places, counties)
    assert [whose(one.at()) for one in others[:3]] == ["warren-county"] * 3


def test_a_flaw_in_a_county_of_another_state_stops_nobody(drawn: Map, tmp_path: Path) -> None:
    file = geojson(
        tmp_path / "all.geojson", [*drawn.values(), Drawn("02016", "Far", box(0, 0, 1, 1))]
    )
    whole = json.loads(file.read_text())
    whole["features"][-1]["geometry"] = bow_tie(drawn["wentzville-mo"])
    file.write_text(json.dumps(whole))
    assert "; 1 passed over" in told(file)


def test_geojson_without_class_codes_is_judged_by_the_list_of_places(
    drawn: Map, tmp_path: Path
) -> None:
    affton = Drawn("2900280", "Affton", box(drawn["st-louis-county"].land.bounds[0] + 0.3, 38.9,
                                            0.02, 0.02))  # fmt: skip
    file = geojson(tmp_path / "all.geojson", [*drawn.values(), affton], classes=False)
    assert "; 1 passed over" in told(file)
    assert whose(affton.at()) == "st-louis-county"


def test_a_place_that_no_list_has_must_say_whether_it_is_active(
    loaded: Map, tmp_path: Path
) -> None:
    new = Drawn("2999999", "Newtown", box(-91.3, 38.9, 0.04, 0.04))
    said = refused(geojson(tmp_path / "new.geojson", [new], classes=False))
    assert "2999999 Newtown has no CLASSFP and FUNCSTAT" in said


def test_places_and_counties_may_come_one_after_the_other(drawn: Map, tmp_path: Path) -> None:
    places, counties = census_files(tmp_path, drawn)
    assert "Points decide nothing yet: there is no boundary of" in told(places)
    assert current_boundaries(current_gazetteer()) is None
    assert "decide nothing" not in told(counties)
    assert whose(drawn["ofallon-mo"].at(0.2, 0.2)) == "ofallon-mo"


def test_newer_files_that_write_the_census_year_behind_their_names_are_read(
    loaded: Map, tmp_path: Path
) -> None:
    file = geojson(tmp_path / "new.geojson", [loaded["wentzville-mo"]])
    row = json.loads(file.read_text())
    facts = row["features"][0]["properties"]
    row["features"][0]["properties"] = {f"{name}20": value for name, value in facts.items()}
    file.write_text(json.dumps(row))
    assert "Was in force already" in told(file)


# --- What changes ----------------------------------------------------------------------------


def grown(one: Drawn) -> Drawn:
    west, south, east, north = one.land.bounds
    return replace(one, land=box(west, south, east - west + 0.01, north - south))


def test_the_same_files_again_write_nothing(loaded: Map, tmp_path: Path) -> None:
    assert "Was in force already" in told(*census_files(tmp_path, loaded))
    assert BoundaryRelease.objects.count() == BoundaryDataset.objects.count() == 1


def test_geojson_changes_what_it_names_and_nothing_else(loaded: Map, tmp_path: Path) -> None:
    city = grown(loaded["wentzville-mo"])
    beside = city.at(0.95, 0.1)
    assert whose(beside) == "st-charles-county"
    said = told(geojson(tmp_path / "one.geojson", [city]))
    assert f"change municipality {city.geoid} Wentzville: " in said
    assert "km² gained, 0.000 km² lost" in said
    assert "0 added, 1 changed, 0 removed" in said
    assert whose(beside) == "wentzville-mo"
    assert whose(loaded["ofallon-mo"].at(0.2, 0.2)) == "ofallon-mo"


def test_a_dry_run_says_what_would_change_and_writes_nothing(loaded: Map, tmp_path: Path) -> None:
    before = version_in_force()
    said = told(geojson(tmp_path / "one.geojson", [grown(loaded["wentzville-mo"])]), "--dry-run")
    assert "0 added, 1 changed, 0 removed" in said
    assert "Nothing was written" in said
    assert (version_in_force(), BoundaryDataset.objects.count()) == (before, 1)


def test_a_municipality_that_the_census_no_longer_lists_is_county_land(
    loaded: Map, tmp_path: Path
) -> None:
    left = {code: one for code, one in loaded.items() if code != "augusta-mo"}
    places, _ = census_files(tmp_path, left)
    said = told(places)
    assert f"remove municipality {loaded['augusta-mo'].geoid} Augusta: the list no longer" in said
    assert "No boundary of Augusta" in said
    assert whose(loaded["augusta-mo"].at(0.2, 0.2)) != "augusta-mo"


def test_a_municipality_that_became_inactive_is_taken_away(loaded: Map, tmp_path: Path) -> None:
    asleep = replace(loaded["augusta-mo"], class_code="C9", status="I")
    said = told(geojson(tmp_path / "one.geojson", [asleep]))
    assert "it is no active municipality any more" in said


def test_a_zip_that_lists_only_part_of_a_state_is_refused(loaded: Map, tmp_path: Path) -> None:
    said = refused(shapefile_zip(tmp_path / "part.zip", [loaded["wentzville-mo"]]))
    assert "a zip counts as the list of a whole state" in said


def test_the_way_back_leads_to_the_version_before(loaded: Map, tmp_path: Path) -> None:
    first = version_in_force()
    city = grown(loaded["wentzville-mo"])
    told(geojson(tmp_path / "one.geojson", [city]))
    second = version_in_force()
    assert f"Boundaries {first[:12]} are in force again" in told("--rollback")
    assert whose(city.at(0.95, 0.1)) == "st-charles-county"
    listed = told("--versions").splitlines()
    assert [line.endswith("in force") for line in listed if line.startswith(first[:12])] == [True]
    told("--rollback", second[:8])
    assert whose(city.at(0.95, 0.1)) == "wentzville-mo"
    acts = AuditEntry.objects.filter(act="boundaries.rolled_back").order_by("pk")
    assert [one.subject for one in acts] == [first[:12], second[:12]]


def test_there_is_no_way_back_to_a_version_that_nobody_loaded(loaded: Map) -> None:
    with pytest.raises(CommandError, match="No one earlier version"):
        told("--rollback")
    with pytest.raises(CommandError, match="No one earlier version 0000"):
        told("--rollback", "0000")


def test_versions_keep_their_areas(loaded: Map, tmp_path: Path) -> None:
    first = version_in_force()
    told(geojson(tmp_path / "one.geojson", [grown(loaded["wentzville-mo"])]))
    assert len(areas_of(first)) == len(areas_of(version_in_force())) == len(loaded)


# --- What is refused -------------------------------------------------------------------------


def bow_tie(one: Drawn) -> dict[str, Any]:
    west, south, east, north = one.land.bounds
    ring = [[west, south], [east, north], [east, south], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def swapped(one: Drawn) -> dict[str, Any]:
    ring = [[lat, lon] for lon, lat in one.land.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}


def in_metres(one: Drawn) -> dict[str, Any]:
    ring = [[lon * 87_000, lat * 111_000] for lon, lat in one.land.exterior.coords]
    return {"type": "Polygon", "coordinates": [ring]}


GEOMETRIES: tuple[tuple[Callable[[Drawn], Any], str], ...] = (
    (bow_tie, "is no sound area (Self-intersection"),
    (swapped, "no degrees of longitude and latitude, in this order"),
    (in_metres, "no degrees of longitude and latitude, in this order"),
    (lambda _one: None, "has no geometry"),
    (lambda _one: {"type": "Polygon", "coordinates": []}, "has no geometry"),
    (lambda _one: {"type": "Point", "coordinates": [-91, 38.5]}, "is a Point"),
    (lambda _one: {"type": "Polygon", "coordinates": [[[-91, 38]]]}, "cannot be read"),
    (lambda _one: {"type": "Polygon", "coordinates": "here"}, "cannot be read"),
    (
        lambda _one: {"type": "Polygon", "coordinates": [[[-91, 38], [-90, 38], [-91, 38]]]},
        "is no sound area (Too few points",
    ),
    (lambda _one: {"type": "Circle", "coordinates": [1, 2]}, "cannot be read"),
    (lambda _one: {"coordinates": 7}, "cannot be read"),
    (
        lambda _one: {
            "type": "Polygon",
            "coordinates": [[[-91, 38], [float("nan"), 38], [-90, 39], [-91, 38]]],
        },
        "export it again",
    ),
)


@pytest.mark.parametrize(("geometry", "says"), GEOMETRIES, ids=map(str, range(len(GEOMETRIES))))
def test_a_broken_geometry_changes_nothing_and_is_named(
    geometry: Callable[[Drawn], Any], says: str, loaded: Map, tmp_path: Path
) -> None:
    file = geojson(tmp_path / "bad.geojson", [loaded["ofallon-mo"], loaded["wentzville-mo"]])
    whole = json.loads(file.read_text())
    whole["features"][1]["geometry"] = geometry(loaded["wentzville-mo"])
    file.write_text(json.dumps(whole))
    said = refused(file)
    assert f"bad.geojson: feature 2 ({loaded['wentzville-mo'].geoid} Wentzville)" in said
    assert says in said


FILES: tuple[tuple[str, bytes, str], ...] = (
    ("x.geojson", b"", "is neither a zip nor JSON"),
    ("x.geojson", b"{", "is neither a zip nor JSON"),
    ("x.geojson", b"[" * 100_000, "is neither a zip nor JSON"),
    ("x.geojson", b"\xff\xfe", "is neither a zip nor JSON"),
    ("x.geojson", b"[]", "is no GeoJSON FeatureCollection"),
    ("x.geojson", b'{"type": "FeatureCollection", "features": {}}', "is no GeoJSON Feature"),
    ("x.geojson", b'{"type": "FeatureCollection", "features": []}', "holds no place"),
    ("x.geojson", b'{"type": "FeatureCollection", "features": [7]}', "feature 1 is no GeoJSON"),
    (
        "x.geojson",
        b'{"type": "FeatureCollection", "features": [{"properties": null}]}',
        "has no GEOID",
    ),
    (
        "x.geojson",
        b'{"type": "FeatureCollection", "features": [{"properties": {"GEOID": "2918392500"}}]}',
        "has the GEOID '2918392500'; a place has 7 digits",
    ),
    ("x.zip", b"not a zip", "is no zip file"),
    ("x.shp", b"\x00\x00\x27\x0a", "name the .zip that holds it"),
    ("x.zip", b"PK\x03\x04 and then nothing", "is a broken zip"),
)


@pytest.mark.parametrize(("name", "content", "says"), FILES, ids=map(str, range(len(FILES))))
def test_a_broken_file_changes_nothing_and_says_what_is_wrong(
    name: str, content: bytes, says: str, loaded: Map, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert says in refused(tmp_path / name)


def test_a_zip_cut_anywhere_changes_nothing(loaded: Map, tmp_path: Path) -> None:
    places, _ = census_files(tmp_path, loaded)
    whole = places.read_bytes()
    for share in (0.1, 0.5, 0.9, 0.99):
        places.write_bytes(whole[: int(len(whole) * share)])
        assert "is a broken zip" in refused(places)


@pytest.mark.parametrize("part", ["shp", "shx", "dbf"])
def test_a_zip_that_lacks_a_part_is_refused(part: str, loaded: Map, tmp_path: Path) -> None:
    file = shapefile_zip(tmp_path / "part.zip", loaded.values(), leave_out=part)
    said = refused(file)
    assert "holds no shapefile" in said or f"lacks part.{part}" in said


def test_a_projected_shapefile_is_refused(loaded: Map, tmp_path: Path) -> None:
    file = shapefile_zip(tmp_path / "utm.zip", loaded.values(), prj='PROJCS["NAD83 / UTM 15N"]')
    assert "is in a projection" in refused(file)


def test_geojson_that_says_it_is_projected_is_refused(loaded: Map, tmp_path: Path) -> None:
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::26915"}}
    file = geojson(tmp_path / "utm.geojson", loaded.values(), crs=crs)
    assert "is in urn:ogc:def:crs:EPSG::26915" in refused(file)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    assert "Was in force already" in told(
        geojson(tmp_path / "deg.geojson", loaded.values(), crs=crs)
    )


def test_two_areas_of_one_code_are_refused(loaded: Map, tmp_path: Path) -> None:
    one = loaded["wentzville-mo"]
    file = geojson(tmp_path / "twice.geojson", [one, one])
    assert f"GEOID {one.geoid} stands 2 times" in refused(file)
    first = geojson(tmp_path / "a.geojson", [one])
    second = geojson(tmp_path / "b.geojson", [one])
    assert f"GEOID {one.geoid} is in another file too" in refused(first, second)


def test_two_municipalities_over_one_another_are_refused(loaded: Map, tmp_path: Path) -> None:
    one = replace(loaded["wentzville-mo"], land=loaded["ofallon-mo"].land)
    said = refused(geojson(tmp_path / "over.geojson", [one]))
    assert "Wentzville" in said
    assert "O'Fallon" in said
    assert "lie over one another (100%" in said


def test_two_counties_over_one_another_are_refused(loaded: Map, tmp_path: Path) -> None:
    one = replace(loaded["warren-county"], land=loaded["lincoln-county"].land)
    assert "lie over one another" in refused(geojson(tmp_path / "over.geojson", [one]))


def test_a_municipality_drawn_into_another_county_is_refused(loaded: Map, tmp_path: Path) -> None:
    one = replace(loaded["wentzville-mo"], land=box(-91.3, 38.9, 0.04, 0.04))
    said = refused(geojson(tmp_path / "far.geojson", [one]))
    assert "Wentzville" in said
    assert "does not lie in St. Charles County" in said


def test_a_bad_file_among_good_ones_stops_them_all(loaded: Map, tmp_path: Path) -> None:
    good = geojson(tmp_path / "good.geojson", [grown(loaded["wentzville-mo"])])
    (tmp_path / "bad.geojson").write_text("{")
    said = refused(good, tmp_path / "bad.geojson", tmp_path / "absent.zip", tmp_path)
    assert "bad.geojson: is neither" in said
    assert "absent.zip: cannot be read" in said
    assert "is a folder" in said


def test_a_version_whose_rows_are_spoilt_places_no_point_and_loses_no_tip(loaded: Map) -> None:
    Boundary.objects.filter(geoid=loaded["wentzville-mo"].geoid).update(wkb=b"spoilt")
    BoundaryDataset.objects.update(version="another")
    assert current_boundaries(current_gazetteer()) is None
