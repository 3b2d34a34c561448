"""ZIP codes: they give the county and never a city, whatever its share."""

import re

from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading

_ZIP = re.compile(r"([0-9]{5})(?:[ -]?[0-9]{4})?")
_LAST = re.compile(
    r"(?<![\w-])([0-9]{5})(?:[ -]?[0-9]{4})?[\s.,]{0,4}(?:u\.?s\.?(?:a\.?)?)?[\s.,]{0,4}$"
)
PO_BOXES = ("630", "631", "633")  # an unlisted ZIP of these may be a PO box of the region


def zip5(text: str) -> str:
    """The first five digits of a ZIP or ZIP+4; empty for anything else."""
    match = _ZIP.fullmatch(text.strip())
    return match[1] if match else ""


def at_the_end_of(city: str) -> str:
    """The ZIP typed behind a town: "O'Fallon, IL 62269". A house number stands before a name."""
    match = _LAST.search(city.casefold())
    return match[1] if match else ""


def read(text: str, atlas: Atlas) -> Reading | None:
    code = zip5(text)
    if not code:
        return None
    counties = atlas.gazetteer.zips.get(code)
    if counties is None:
        return None if code.startswith(PO_BOXES) else _outside(code)
    within = frozenset(counties)
    if len(within) > 1:
        return Reading(Kind.ZIP, Outcome.AMBIGUOUS, code, within=within)
    (county,) = within
    if county == OUTSIDE:
        return _outside(code)
    entry = atlas.jurisdictions.get(county)
    if entry is not None and entry.kind == "city-county":
        return Reading(Kind.ZIP, Outcome.RESOLVED, code, county, county, within)
    return Reading(Kind.ZIP, Outcome.AMBIGUOUS, code, county=county, within=within)


def _outside(code: str) -> Reading:
    return Reading(Kind.ZIP, Outcome.OUT_OF_AREA, code, within=frozenset({OUTSIDE}))
