"""What a tip's page offers to teach: the names that it gives, and where they may be."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.models import Alias, Jurisdiction
from tipintake.routing.places.results import Outcome
from tipintake.staff.roles import May
from tipintake.tips.models import Place, Tip
from tipintake.web.desk.page import Desk

OUTSIDE = gettext_noop("Outside the served counties")
Choice = tuple[str, str]  # value, words


@dataclass(frozen=True, slots=True)
class Lesson:
    names: tuple[str, ...]
    kinds: list[Choice]
    places: list[Choice]


def lesson_of(desk: Desk, found: Tip) -> Lesson | None:
    """None for accounts that may not propose names."""
    if not desk.may(May.PROPOSE_PLACES):
        return None
    names = dict.fromkeys(name for place in found.locations.all() for name in _names(place))
    return Lesson(tuple(names), list(Alias.Kind.choices), list(places()))


def places() -> Iterable[Choice]:
    """Every municipality, the land of each county, a county without more, and elsewhere."""
    rows = Jurisdiction.objects.order_by("name").values_list("code", "name", "kind")
    counties = [(code, name) for code, name, kind in rows if kind == Jurisdiction.Kind.COUNTY]
    for code, name, kind in rows:
        if kind != Jurisdiction.Kind.COUNTY:
            yield f"{Outcome.RESOLVED}:{code}", name
    for code, name in counties:
        yield f"{Outcome.RESOLVED}:{code}", _("{name}, outside any municipality").format(name=name)
    for code, name in counties:
        yield f"{Outcome.AMBIGUOUS}:{code}", _("Somewhere in {name}").format(name=name)
    yield f"{Outcome.OUT_OF_AREA}:", _(OUTSIDE)


def where_of(value: str) -> tuple[Outcome, str]:
    """Outcome and jurisdiction of a choice; raises ValueError for what is none."""
    outcome, _, code = value.partition(":")
    return Outcome(outcome), code


def _names(place: Place) -> Iterable[str]:
    crossing = (
        _("{street} and {cross_street}").format(
            street=place.street, cross_street=place.cross_street
        )
        if place.cross_street
        else ""
    )
    for name in (place.name, crossing if place.street else "", place.street, place.city):
        if name and "[" not in name:  # a mark of the scrubber is no name
            yield name
