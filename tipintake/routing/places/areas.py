"""Imported boundaries as points ask them: one tree of pieces of land, none over another.

A piece is a municipality within one county, the land of a county outside every municipality, or
what lies outside the served counties. Distances are metres: the pieces lie on a conformal map
(Mercator on the ellipsoid), on which a small disc stays a disc and only its radius is stretched.
"""

import math
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import shapely

from tipintake.directory.boundaries import Area
from tipintake.directory.gazetteer import Gazetteer, JurisdictionEntry
from tipintake.routing.places.pins import NOBODY_KNOWN, Touched
from tipintake.routing.places.results import OUTSIDE

EQUATOR_M = 6_378_137.0
ECCENTRICITY = 0.0818191908426  # WGS 84; NAD 83 differs in the tenth digit
MARGIN_M = 300_000  # how far around the served counties a disc is measured
GAP_M2 = 250_000  # a smaller hole between served counties is a flaw of the files
SLIVER = 0.005  # a smaller share of a municipality in another county is a flaw of the files
MEANT = 0.05  # a municipality that no list has counts from this share in served counties

Land = Any  # a shapely geometry; the package has no type stubs
Numbers = Any  # a numpy array


class NotWhole(ValueError):
    """Points cannot be placed with these boundaries. Says what is missing."""


@dataclass(frozen=True, slots=True)
class _Piece:
    land: Land
    code: str  # a jurisdiction; NOBODY_KNOWN; OUTSIDE
    county: str  # a county code; OUTSIDE


class AreaIndex:
    """Every piece of land of one version of the boundaries, in one tree."""

    def __init__(self, version: str, pieces: Sequence[_Piece]) -> None:
        self.version = version
        self._land = np.array([piece.land for piece in pieces], dtype=object)
        self._names = [(piece.code, piece.county) for piece in pieces]
        self._tree = shapely.STRtree(self._land)
        shapely.prepare(self._land)
        self._one_at_a_time = threading.Lock()  # prepared geometries build parts of them late

    def touched(self, lat: float, lon: float, *, radius_m: float) -> Touched:
        """What stands at the point and within the radius. A limit belongs to both its sides."""
        if abs(lat) > 89:
            return _ELSEWHERE
        x, y = _east(lon), float(_north(lat))
        radius = radius_m * _stretch(lat)
        with self._one_at_a_time:
            point = shapely.points(x, y)
            near = self._tree.query(shapely.box(x - radius, y - radius, x + radius, y + radius))
            near = near[shapely.dwithin(self._land[near], point, radius)]
            if not len(near):
                return self._around_a_gap(point)
            near.sort()  # municipalities stand before county land, and that before the outside
            within = near[shapely.intersects_xy(self._land[near], x, y)]
            at = within[0] if len(within) else self._nearest(near, point)
        inside, county = self._names[at]
        around = frozenset(self._names[one] for one in near)
        return (
            _ELSEWHERE
            if inside == OUTSIDE and len(around) == 1
            else _touched(inside, county, around)
        )

    def _nearest(self, near: Numbers, point: Land) -> int:
        return int(near[int(np.argmin(shapely.distance(self._land[near], point)))])

    def _around_a_gap(self, point: Land) -> Touched:
        """Beyond the margin, or in a hole between counties: then the nearest land."""
        at = int(self._tree.nearest(point))
        if shapely.distance(self._land[at], point) > math.sqrt(GAP_M2):
            return _ELSEWHERE
        inside, county = self._names[at]
        return _touched(inside, county, frozenset({self._names[at]}))


_ELSEWHERE = Touched("", "", frozenset())


def _touched(inside: str, county: str, around: frozenset[tuple[str, str]]) -> Touched:
    if inside == OUTSIDE:
        inside, county = "", ""
    return Touched(inside, county, around)


# --- The map ---------------------------------------------------------------------------------


def _east(lon: Any) -> Any:
    return EQUATOR_M * lon * (math.pi / 180)


def _north(lat: Any) -> Any:
    sine = np.sin(np.radians(lat))
    return EQUATOR_M * (np.arctanh(sine) - ECCENTRICITY * np.arctanh(ECCENTRICITY * sine))


def _stretch(lat: float) -> float:
    """How many units of the map a metre takes at this latitude."""
    sine = math.sin(math.radians(lat))
    return math.sqrt(1 - (ECCENTRICITY * sine) ** 2) / math.cos(math.radians(lat))


def on_the_map(land: Land) -> Land:
    """Degrees, longitude first, as units of the map."""
    return shapely.transform(land, lambda at: np.column_stack([_east(at[:, 0]), _north(at[:, 1])]))


def area_m2(land: Land) -> float:
    """The area of land on the map, in square metres, near enough to compare."""
    if land.is_empty:
        return 0.0
    middle = (land.bounds[1] + land.bounds[3]) / 2
    lat = math.degrees(2 * math.atan(math.exp(middle / EQUATOR_M)) - math.pi / 2)
    return float(land.area) / _stretch(lat) ** 2


# --- Building --------------------------------------------------------------------------------


def index_of(version: str, areas: Iterable[Area], gazetteer: Gazetteer) -> AreaIndex:
    """The pieces of these areas as the gazetteer names them.

    Raises NotWhole when a served county has no boundary: then nobody can tell what lies outside.
    """
    areas = tuple(areas)
    missing = missing_counties(areas, gazetteer)
    if missing:
        raise NotWhole(f"No boundary of {', '.join(missing)} is loaded.")
    return AreaIndex(version, tuple(_Builder(areas, gazetteer).pieces()))


def missing_counties(areas: Iterable[Area], gazetteer: Gazetteer) -> list[str]:
    """Names of served counties that have no boundary."""
    known = {area.geoid for area in areas}
    counties = [one for one in gazetteer.jurisdictions if one.kind == "county"]
    return [one.name for one in counties if one.geoid not in known] or (
        [] if counties else ["any county of a region"]
    )


def missing_municipalities(areas: Iterable[Area], gazetteer: Gazetteer) -> list[str]:
    """Names of listed municipalities that have no boundary."""
    known = {area.geoid for area in areas}
    return [
        one.name
        for one in gazetteer.jurisdictions
        if one.kind != "county" and one.geoid not in known
    ]


class _Builder:
    """Cuts municipalities and counties into pieces that do not lie over one another."""

    def __init__(self, areas: Sequence[Area], gazetteer: Gazetteer) -> None:
        self.entries = {one.geoid: one for one in gazetteer.jurisdictions}
        self.reaches = {
            place.geoid: place.region_counties for place in gazetteer.places if place.geoid
        }
        land = on_the_map(shapely.from_wkb([area.wkb for area in areas]))
        lands = dict(zip((area.geoid for area in areas), land, strict=True))
        self.counties: dict[str, Land] = {
            entry.code: lands[geoid]
            for geoid, entry in self.entries.items()
            if entry.kind == "county" and geoid in lands
        }
        served = shapely.unary_union(list(self.counties.values()))
        # A city that is its own county may be given as a place, as a county or as both.
        self.cities = [
            (area.geoid, lands[area.geoid])
            for area in areas
            if area.kind == "city" or self._is_own_county(area.geoid)
        ]
        listed = {geoid for geoid, _ in self.cities if geoid in self.entries}
        reach = shapely.box(*served.buffer(MARGIN_M / 10).bounds)
        self.cities = [
            (geoid, city)
            for geoid, city in self.cities
            if geoid in listed or shapely.intersects(city, reach)
        ]
        self.served = served
        self.uncertain = self._counties_with_gaps(gazetteer, listed)

    def pieces(self) -> Iterator[_Piece]:
        municipal = [piece for geoid, city in self.cities for piece in self._of_city(geoid, city)]
        yield from (piece for piece in municipal if piece.code != NOBODY_KNOWN)
        yield from (piece for piece in municipal if piece.code == NOBODY_KNOWN)
        yield from self._county_land(municipal)
        yield from self._outside(municipal)

    def _is_own_county(self, geoid: str) -> bool:
        entry = self.entries.get(geoid)
        return entry is not None and entry.kind == "city-county"

    def _counties_with_gaps(self, gazetteer: Gazetteer, listed: set[str]) -> set[str]:
        """Counties of listed municipalities without a boundary: their land cannot be told."""
        return {
            county
            for entry in gazetteer.jurisdictions
            if entry.kind == "city" and entry.geoid not in listed
            for county in ({entry.county} if entry.county else self.reaches.get(entry.geoid, ()))
        }

    def _of_city(self, geoid: str, city: Land) -> Iterator[_Piece]:
        entry = self.entries.get(geoid)
        if entry is None:
            yield from self._unlisted(city)
        elif entry.county or entry.kind == "city-county":
            yield _Piece(city, entry.code, entry.county or entry.code)
        else:
            yield from self._straddler(entry, city)

    def _straddler(self, entry: JurisdictionEntry, city: Land) -> Iterator[_Piece]:
        """A municipality over a county line, cut along it. What lies outside stays outside."""
        parts = self._cut(city)
        for county, part in _without_slivers(parts, city).items():
            yield _Piece(part, entry.code, county)

    def _unlisted(self, city: Land) -> Iterator[_Piece]:
        """A municipality that the directory does not have: its county is known, its police not."""
        parts = self._cut(city)
        share = sum(part.area for part in parts.values()) / city.area
        if share < MEANT:
            return
        for county, part in _without_slivers(parts, city).items():
            yield _Piece(part, NOBODY_KNOWN, county)

    def _cut(self, city: Land) -> dict[str, Land]:
        return {
            code: shapely.intersection(city, county)
            for code, county in self.counties.items()
            if shapely.intersects(city, county)
        }

    def _county_land(self, municipal: Sequence[_Piece]) -> Iterator[_Piece]:
        """Everything else in a county, holes in municipalities included."""
        tree = shapely.STRtree([piece.land for piece in municipal])
        for code, county in self.counties.items():
            over = [municipal[at].land for at in tree.query(county)]
            rest = shapely.difference(county, shapely.unary_union(over)) if over else county
            if not rest.is_empty:
                yield _Piece(rest, NOBODY_KNOWN if code in self.uncertain else code, code)

    def _outside(self, municipal: Sequence[_Piece]) -> Iterator[_Piece]:
        everything = shapely.unary_union([self.served, *(piece.land for piece in municipal)])
        west, south, east, north = everything.bounds
        frame = shapely.box(west - MARGIN_M, south - MARGIN_M, east + MARGIN_M, north + MARGIN_M)
        rest = shapely.difference(frame, everything)
        parts = [part for part in shapely.get_parts(rest) if area_m2(part) >= GAP_M2]
        yield _Piece(shapely.union_all(parts), OUTSIDE, OUTSIDE)


def _without_slivers(parts: Mapping[str, Land], city: Land) -> dict[str, Land]:
    """Crumbs along a county line go to the county that holds most of the municipality."""
    if not parts:
        return {}
    main = max(parts, key=lambda code: parts[code].area)
    kept = {code: part for code, part in parts.items() if part.area / city.area >= SLIVER}
    crumbs = [part for code, part in parts.items() if code not in kept]
    kept[main] = shapely.unary_union([parts[main], *crumbs])
    return kept
