"""The place as staff read it, "resolved:wentzville-mo": it stands above every other evidence."""

from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.resolve import Resolved
from tipintake.routing.places.results import (
    Confidence,
    Evidence,
    Kind,
    Outcome,
    Part,
    PlaceResult,
)


def as_read(place: str, found: Resolved, atlas: Atlas) -> Resolved:
    """Staff's word instead of the lead; what says nothing that is known changes nothing."""
    outcome, _, code = place.partition(":")
    known = code in atlas.jurisdictions
    county = code if atlas.is_county(code) else atlas.county_of(code)
    may: dict[str, bool] = {
        Outcome.RESOLVED: known,
        Outcome.AMBIGUOUS: atlas.is_county(code),
        Outcome.OUT_OF_AREA: not code,
    }
    if not may.get(outcome, False):
        return found
    lead = PlaceResult(
        Outcome(outcome),
        code or None,
        county,
        Confidence.HIGH,
        (
            Evidence(Kind.STAFF, code, code or Outcome.OUT_OF_AREA.value, Part.DECIDES),
            *(_unused(one) for one in found.lead.evidence),
        ),
    )
    others = (one for one in found.others if one.jurisdiction != lead.jurisdiction)
    return Resolved(lead, tuple(others))


def _unused(one: Evidence) -> Evidence:
    return Evidence(one.kind, one.value, one.says, Part.UNUSED, one.may_be)
