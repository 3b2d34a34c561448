"""The boundaries in force, simplified for drawing: never for deciding whose a place is.

Neighbours are simplified together, so that their common limit stays one line. Of a whole state
only what the region's directory names is drawn. Each process keeps the last few drawings; new
boundaries or another region pack are another drawing.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NamedTuple

import shapely

from tipintake.directory.boundaries import Area, areas_of, version_in_force
from tipintake.directory.models import Jurisdiction, RegionRelease

FINE, COARSE = 0.001, 0.004  # degrees; about 40 and 150 metres between line and limit
DECIMALS = 4  # about ten metres
KEPT = 6

Ring = tuple[tuple[float, float], ...]  # longitude and latitude
Box = tuple[float, float, float, float]  # west, south, east, north


@dataclass(frozen=True, slots=True)
class Outline:
    """The limits of one municipality or county: outer ones and holes alike."""

    geoid: str
    kind: str  # "city" | "county"
    name: str
    rings: tuple[Ring, ...]
    box: Box

    def meets(self, box: Box) -> bool:
        west, south, east, north = self.box
        return not (box[2] < west or box[0] > east or box[3] < south or box[1] > north)


class Edition(NamedTuple):
    """What a drawing stands on. False when there is nothing to draw."""

    boundaries: str
    region: str

    def __bool__(self) -> bool:
        return bool(self.boundaries)

    def __str__(self) -> str:
        return f"{self.boundaries}-{self.region}"


def edition_in_force() -> Edition:
    """Asked at each use, like the boundaries themselves."""
    version = version_in_force()
    if not version:
        return Edition("", "")
    newest = RegionRelease.objects.order_by("-pk").values_list("digest", flat=True)
    return Edition(version, (newest.first() or "")[:12])


@lru_cache(maxsize=KEPT)
def outlines(edition: Edition, detail: float = FINE) -> tuple[Outline, ...]:
    """Counties first, then municipalities. Empty when no boundaries are loaded."""
    return tuple(
        Outline(area.geoid, area.kind, area.name, tuple(_rings(land)), land.bounds)
        for area, land in _simplified(edition, detail)
    )


@lru_cache(maxsize=KEPT)
def geojson(edition: Edition, detail: float = FINE) -> bytes:
    """A FeatureCollection (RFC 7946) of name, kind and geoid."""
    features = [
        {
            "type": "Feature",
            "properties": {"geoid": area.geoid, "kind": area.kind, "name": area.name},
            "geometry": json.loads(shapely.to_geojson(land)),
        }
        for area, land in _simplified(edition, detail)
    ]
    collection = {"type": "FeatureCollection", "features": features}
    return json.dumps(collection, separators=(",", ":")).encode()


def _simplified(edition: Edition, detail: float) -> Iterator[tuple[Area, Any]]:
    ours = set(Jurisdiction.objects.values_list("geoid", flat=True))
    areas = areas_of(edition.boundaries) if edition else ()
    areas = tuple(area for area in areas if area.geoid in ours) or areas
    for kind in ("county", "city"):
        some = [area for area in areas if area.kind == kind]
        if not some:
            continue
        lands = [shapely.from_wkb(area.wkb) for area in some]
        drawn = shapely.coverage_simplify(lands, detail)
        rounded = shapely.set_precision(drawn, 10**-DECIMALS, mode="pointwise")
        for area, whole, land in zip(some, lands, rounded, strict=True):
            yield area, whole if shapely.is_empty(land) else land


def _rings(land: Any) -> Iterator[Ring]:
    for part in shapely.get_parts(land):
        for ring in (part.exterior, *part.interiors):
            yield tuple((round(lon, DECIMALS), round(lat, DECIMALS)) for lon, lat in ring.coords)
