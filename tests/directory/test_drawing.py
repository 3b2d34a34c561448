"""Boundaries as they are drawn: fewer points, no gaps, and only of the region."""

import json
import math

import pytest
import shapely
from django.utils import timezone

from tipintake.directory.drawing import COARSE, FINE, edition_in_force, geojson, outlines
from tipintake.directory.models import (
    Boundary,
    BoundaryDataset,
    BoundaryRelease,
    Jurisdiction,
)

WIGGLE = [(-90.5 + 0.003 * math.sin(step / 3), 38.6 + step / 1000) for step in range(201)]
WEST = shapely.Polygon([(-90.8, 38.6), *WIGGLE, (-90.8, 38.8)])
EAST = shapely.Polygon([(-90.2, 38.6), *WIGGLE, (-90.2, 38.8)])
COUNTY = shapely.box(-90.8, 38.6, -90.2, 38.8)


def in_force(version: str, *areas: tuple[str, str, str, shapely.Geometry]) -> None:
    now = timezone.now()
    dataset = BoundaryDataset.objects.create(version=version, loaded_at=now, loaded_by="test")
    Boundary.objects.bulk_create(
        Boundary(dataset=dataset, kind=kind, geoid=geoid, name=name, wkb=shapely.to_wkb(land))
        for geoid, kind, name, land in areas
    )
    BoundaryRelease.objects.create(dataset=dataset, released_at=now, released_by="test")


@pytest.fixture
def two_towns(db: None) -> None:
    in_force(
        "two-towns",
        ("2900001", "city", "Westing", WEST),
        ("2900002", "city", "Easting", EAST),
        ("29001", "county", "Both County", COUNTY),
    )


@pytest.mark.parametrize("detail", [FINE, COARSE])
def test_neighbours_are_drawn_with_fewer_points_and_one_line_between_them(
    detail: float, two_towns: None
) -> None:
    county, west, east = outlines(edition_in_force(), detail)
    assert county.name == "Both County"  # under the towns that lie in it
    lands = [shapely.Polygon(one.rings[0]) for one in (west, east)]
    assert all(len(one.rings[0]) < 140 for one in (west, east))
    assert shapely.intersection(*lands).area < 1e-9
    assert shapely.union(*lands).area == pytest.approx(COUNTY.area, rel=1e-4)


def test_what_is_sent_is_a_map_that_others_read_too(two_towns: None) -> None:
    sent = json.loads(geojson(edition_in_force()))
    assert sent["type"] == "FeatureCollection"
    assert [one["properties"]["name"] for one in sent["features"]] == [
        "Both County",
        "Westing",
        "Easting",
    ]
    lands = [shapely.from_geojson(json.dumps(one["geometry"])) for one in sent["features"]]
    assert all(land.is_valid for land in lands)


def test_of_a_whole_state_only_the_region_is_drawn(two_towns: None) -> None:
    Jurisdiction.objects.create(code="westing", name="Westing", kind="city", geoid="2900001")
    in_force(
        "whole-state",
        ("2900001", "city", "Westing", WEST),
        ("2999999", "city", "Far Away", shapely.box(-94, 37, -93, 38)),
    )
    assert [one.name for one in outlines(edition_in_force())] == ["Westing"]


def test_without_boundaries_there_is_nothing_to_draw(db: None) -> None:
    assert not edition_in_force()
    assert outlines(edition_in_force()) == ()
    assert json.loads(geojson(edition_in_force()))["features"] == []
