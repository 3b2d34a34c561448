"""A made-up map of the region: a box for each county, a block for each municipality.

Every jurisdiction of the pack has its true Census code and a place of its own, so that what the
map says can be known without any real map.
"""

import io
import json
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely

from tipintake.directory.boundaries import Area
from tipintake.directory.gazetteer import Gazetteer

# West to east, so that municipalities over a county line stand between their counties.
COUNTIES = (
    "lincoln-county", "warren-county", "st-charles-county", "jefferson-county",
    "st-louis-county", "franklin-county",
)  # fmt: skip
SOUTH, NORTH, WEST, WIDTH = 38.0, 39.0, -92.0, 0.6
IN_A_ROW = 10
DEGREES = (
    'GEOGCS["GCS_North_American_1983",DATUM["D_North_American_1983",'
    'SPHEROID["GRS_1980",6378137,298.257222101]],PRIMEM["Greenwich",0],'
    'UNIT["Degree",0.017453292519943295]]'
)
Land = Any


@dataclass(frozen=True, slots=True)
class Drawn:
    """One area as a file will have it."""

    geoid: str
    name: str
    land: Land
    class_code: str = "C1"
    status: str = "A"

    @property
    def kind(self) -> str:
        return "county" if len(self.geoid) == 5 else "city"

    @property
    def area(self) -> Area:
        return Area(self.geoid, self.kind, self.name, shapely.to_wkb(self.land))

    def at(self, across: float = 0.5, up: float = 0.5) -> tuple[float, float]:
        """Latitude and longitude of the point at these shares of its box."""
        west, south, east, north = self.land.bounds
        return south + up * (north - south), west + across * (east - west)


def box(west: float, south: float, width: float, height: float, *, points: int = 0) -> Land:
    """A box; with `points`, as many corners on its sides as a surveyed limit has."""
    land = shapely.box(west, south, west + width, south + height)
    return land.segmentize(2 * (width + height) / points) if points else land


def block(west: float, south: float, *, hole: bool, points: int = 0) -> Land:
    """A municipality of about 3 by 6 km, with a piece of county land in its middle or not."""
    land = box(west, south, 0.04, 0.06, points=points)
    return land.difference(box(west + 0.015, south + 0.02, 0.01, 0.02)) if hole else land


def region_map(gazetteer: Gazetteer, *, points: int = 0) -> dict[str, Drawn]:
    """Every jurisdiction by its code. Every third municipality has a hole."""
    drawn: dict[str, Drawn] = {}
    counties = {one.code: one for one in gazetteer.jurisdictions if one.kind == "county"}
    for at, code in enumerate(COUNTIES):
        county = box(WEST + at * WIDTH, SOUTH, WIDTH, NORTH - SOUTH, points=points * 4)
        drawn[code] = Drawn(counties[code].geoid, counties[code].name, county)
    for at, code in enumerate(COUNTIES):
        cities = [one for one in gazetteer.jurisdictions if one.county == code != one.code]
        for number, city in enumerate(sorted(cities, key=lambda one: one.code)):
            row, column = divmod(number, IN_A_ROW)
            corner = (WEST + at * WIDTH + 0.01 + column * 0.058, SOUTH + 0.02 + row * 0.09)
            land = block(*corner, hole=number % 3 == 0, points=points)
            drawn[city.code] = Drawn(city.geoid, city.name, land)
    lines = {"foristell-mo": 2, "pacific-mo": 5, "sullivan-mo": 6}  # on these county lines
    for one in gazetteer.jurisdictions:
        if one.code in lines:
            land = box(WEST + lines[one.code] * WIDTH - 0.03, NORTH - 0.05, 0.05, 0.03)
            drawn[one.code] = Drawn(one.geoid, one.name, land)
        elif one.kind == "city-county":
            land = box(WEST + 4 * WIDTH, NORTH, 0.2, 0.2)
            drawn[one.code] = Drawn(one.geoid, one.name, land, class_code="C7")
    return drawn


def geojson(path: Path, drawn: Iterable[Drawn], *, classes: bool = True, **more: Any) -> Path:
    rows = [
        {
            "type": "Feature",
            "properties": {
                "GEOID": one.geoid,
                "NAME": one.name,
                **({"CLASSFP": one.class_code, "FUNCSTAT": one.status} if classes else {}),
            },
            "geometry": shapely.geometry.mapping(one.land),
        }
        for one in drawn
    ]
    path.write_text(json.dumps({"type": "FeatureCollection", "features": rows, **more}), "utf-8")
    return path


def shapefile_zip(
    path: Path, drawn: Iterable[Drawn], *, prj: str = DEGREES, leave_out: str = ""
) -> Path:
    """A zip as the Census Bureau gives them."""
    parts = {name: io.BytesIO() for name in ("shp", "shx", "dbf")}
    with shapefile.Writer(**parts, shapeType=shapefile.POLYGON, encoding="utf-8") as writer:
        for field in ("GEOID", "NAME", "CLASSFP", "FUNCSTAT"):
            writer.field(field, "C", size=100)
        for one in drawn:
            writer.shape(shapely.geometry.mapping(one.land))
            writer.record(one.geoid, one.name, one.class_code, one.status)
    stem = path.stem
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in parts.items():
            if name != leave_out:
                archive.writestr(f"{stem}.{name}", content.getvalue())
        archive.writestr(f"{stem}.prj", prj)
    return path


def census_files(folder: Path, drawn: Mapping[str, Drawn]) -> tuple[Path, Path]:
    """The place and the county zip of this map."""
    places = [one for one in drawn.values() if one.kind == "city"]
    counties = [one for one in drawn.values() if one.kind == "county"]
    return (
        shapefile_zip(folder / "tl_2024_29_place.zip", places),
        shapefile_zip(folder / "tl_2024_us_county.zip", counties),
    )


def metres_east(at: tuple[float, float], metres: float) -> tuple[float, float]:
    """The point so far east, on the ellipsoid of the maps."""
    lat, lon = at
    flat = 1 / 298.257222101
    e2 = flat * (2 - flat)
    sine = np.sin(np.radians(lat))
    radius = 6_378_137.0 / np.sqrt(1 - e2 * sine**2) * np.cos(np.radians(lat))
    return lat, lon + float(np.degrees(metres / radius))


def metres_north(at: tuple[float, float], metres: float) -> tuple[float, float]:
    lat, lon = at
    flat = 1 / 298.257222101
    e2 = flat * (2 - flat)
    sine = np.sin(np.radians(lat))
    radius = 6_378_137.0 * (1 - e2) / (1 - e2 * sine**2) ** 1.5
    return lat + float(np.degrees(metres / radius)), lon
