"""The county that holds the scene of a decided tip."""

from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision


def county_of(decision: Decision | None) -> str:
    """Its code; empty when it is not known, and for a municipality over two counties by name."""
    if decision is None:
        return ""
    return decision.place.get("county") or _county_of_place(decision.jurisdiction)


def _county_of_place(code: str) -> str:
    place = Jurisdiction.objects.filter(code=code).first()
    if place is None or place.kind == Jurisdiction.Kind.CITY:
        return place.county if place is not None else ""
    return place.code
