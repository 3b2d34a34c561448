"""Points on the map. Without boundaries a point is kept as evidence and decides nothing."""

import math
from dataclasses import dataclass
from typing import Protocol

from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading

NEAR_A_LIMIT_M = 100


@dataclass(frozen=True, slots=True)
class Touched:
    """What stands at a point: municipalities and county land (its county's code), by code."""

    inside: str  # the jurisdiction at the point itself; "" outside every served county
    county: str  # the county at the point; "" outside
    # Every jurisdiction within the radius, with the county of that part; OUTSIDE for others.
    around: frozenset[tuple[str, str]]


class Boundaries(Protocol):
    """Imported boundaries, when there are any."""

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
    around = dict(there.around) or {there.inside or OUTSIDE: there.county or OUTSIDE}
    if len(around) > 1 and city is not None and city.jurisdiction in around:
        return _resolved(value, city.jurisdiction, around[city.jurisdiction])
    if len(around) > 1:
        counties = frozenset(around.values())
        county = next(iter(counties)) if len(counties) == 1 and OUTSIDE not in counties else ""
        return Reading(
            Kind.POINT,
            Outcome.AMBIGUOUS,
            value,
            county=county,
            within=counties,
            sides=frozenset(around),
        )
    if not there.inside:
        return Reading(Kind.POINT, Outcome.OUT_OF_AREA, value, within=frozenset({OUTSIDE}))
    return _resolved(value, there.inside, there.county)


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
