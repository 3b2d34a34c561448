"""Points on the map. Without boundaries a point is kept as evidence and decides nothing."""

import math
from dataclasses import dataclass
from typing import Protocol

from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading

NEAR_A_LIMIT_M = 100
NOBODY_KNOWN = "?"  # land whose county is known, and not who polices it


@dataclass(frozen=True, slots=True)
class Touched:
    """What stands at a point: municipalities and county land (its county's code), by code."""

    # The jurisdiction at the point itself, or NOBODY_KNOWN; "" outside every served county.
    inside: str
    county: str  # the county at the point; "" outside
    # Every jurisdiction within the radius, with the county of that part; OUTSIDE for others.
    around: frozenset[tuple[str, str]]


class Boundaries(Protocol):
    """Imported boundaries, when there are any."""

    @property
    def version(self) -> str: ...

    def touched(self, lat: float, lon: float, *, radius_m: float) -> Touched: ...


def is_on_earth(lat: float | None, lon: float | None) -> bool:
    if lat is None or lon is None or not (math.isfinite(lat) and math.isfinite(lon)):
        return False
    return abs(lat) <= 90 and abs(lon) <= 180


def read(
    lat: float,
    lon: float,
    accuracy_m: float | None,
    city: Reading | None,
    boundaries: Boundaries,
) -> Reading:
    """The municipality or county land at the point.

    A disc of 100 m, or of the pin's own accuracy, that touches several jurisdictions is
    ambiguous, unless the city field names one of them.
    """
    there = boundaries.touched(lat, lon, radius_m=max(NEAR_A_LIMIT_M, accuracy_m or 0))
    value = f"{lat:.5f},{lon:.5f}"
    around = there.around or {(there.inside or OUTSIDE, there.county or OUTSIDE)}
    codes = frozenset(code for code, _ in around)
    counties = frozenset(county for _, county in around)
    if len(codes) == 1 and NOBODY_KNOWN not in codes:
        if not there.inside:
            return Reading(Kind.POINT, Outcome.OUT_OF_AREA, value, within=frozenset({OUTSIDE}))
        return _resolved(value, there.inside, there.county)
    if city is not None and city.jurisdiction in codes - {NOBODY_KNOWN}:
        return _resolved(value, city.jurisdiction, _county_of(city.jurisdiction, there))
    return Reading(
        Kind.POINT,
        Outcome.AMBIGUOUS,
        value,
        county=next(iter(counties)) if len(counties) == 1 and OUTSIDE not in counties else "",
        within=counties,
        sides=codes,
    )


def _county_of(jurisdiction: str, there: Touched) -> str:
    """The county of that jurisdiction's part at the point, else of the part that is near."""
    if there.inside == jurisdiction:
        return there.county
    return min(county for code, county in there.around if code == jurisdiction)


def unread(lat: float, lon: float) -> Reading:
    return Reading(Kind.POINT, Outcome.UNKNOWN, f"{lat:.5f},{lon:.5f}")


def _resolved(value: str, jurisdiction: str, county: str) -> Reading:
    return Reading(
        Kind.POINT,
        Outcome.RESOLVED,
        value,
        jurisdiction=jurisdiction,
        county=county,
        within=frozenset({county}),
        sides=frozenset({jurisdiction}),
    )
