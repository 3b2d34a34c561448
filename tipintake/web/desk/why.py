"""Why a tip is here: the decision, as far as an account may know it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.routing.policy.reasons import decision_in_language
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk
from tipintake.web.desk.whose import HandOffView

# The codes of routing/places/results.py in words.
EVIDENCE: Mapping[str, str] = {
    "staff": gettext_noop("Staff"),
    "point": gettext_noop("Pin"),
    "city": gettext_noop("City field"),
    "exit": gettext_noop("Exit or mile"),
    "landmark": gettext_noop("Landmark"),
    "zip": gettext_noop("ZIP"),
    "name": gettext_noop("Words in the name"),
    "street": gettext_noop("Words in the street"),
    "words": gettext_noop("Words of the tip"),
}
CONFLICTS: Mapping[str, str] = {
    "city-and-words": gettext_noop("The city field and the words name two different cities"),
    "city-and-exit": gettext_noop("The city field and the exit are in different jurisdictions"),
    "city-and-zip": gettext_noop("The city field and the ZIP are in different counties"),
    "city-and-point": gettext_noop("The city field and the pin are in different counties"),
    "county-and-words": gettext_noop("The words name a place outside the county"),
}
UNNAMED: Mapping[str, str] = {
    "?": gettext_noop("a municipality without a boundary here"),
    "outside": gettext_noop("outside the served counties"),
}
PARTS: Mapping[str, str] = {
    "decides": gettext_noop("decides"),
    "narrows": gettext_noop("narrows it"),
    "agrees": gettext_noop("agrees"),
    "disagrees": gettext_noop("disagrees"),
    "unused": gettext_noop("unused"),
}


@dataclass(frozen=True, slots=True)
class Why:
    """The decision as far as this account may know it."""

    rule: str
    because: str
    priority: str
    rules: tuple[str, ...]
    banner_911: bool
    policy_version: int
    region_version: str
    boundaries_version: str
    decided: str
    outcome: str
    jurisdiction: str
    evidence: tuple[str, ...]
    conflicts: tuple[str, ...]


def why_here(desk: Desk, decision: Decision | None, hand_offs: list[HandOffView]) -> Why | None:
    if decision is None:
        return None
    own = next((one for one in hand_offs if one.may_see_all), None)
    full = desk.is_own_staff
    names = dict(Jurisdiction.objects.values_list("code", "name"))
    place = decision.place if isinstance(decision.place, dict) else {}
    return Why(
        rule=decision.rule if full else own.rule if own else "",
        because=decision_in_language(decision.because) if full else own.because if own else "",
        priority=decision.priority,
        # Which rules acted can say who wrote: R7 is the person in the situation.
        rules=tuple(decision.rules) if full else (),
        banner_911=decision.banner_911,
        policy_version=decision.policy_version,
        region_version=decision.region_version[:12],
        boundaries_version=decision.boundaries_version[:12],
        decided=moment(decision.decided_at, desk.now),
        outcome=_(decision.place_outcome.replace("_", " ")),
        jurisdiction=names.get(decision.jurisdiction, decision.jurisdiction),
        evidence=tuple(_evidence(one, names) for one in _list(place, "evidence")),
        conflicts=tuple(_(CONFLICTS.get(str(one), str(one))) for one in _list(place, "conflicts")),
    )


def _list(place: Mapping[str, Any], name: str) -> list[Any]:
    value = place.get(name)
    return value if isinstance(value, list) else []


def _evidence(item: object, names: Mapping[str, str]) -> str:
    """ "City field: Wentzville, decides" - one piece of place evidence and what it did."""
    if not isinstance(item, dict):
        return str(item)
    kind = _(EVIDENCE.get(str(item.get("kind", "")), str(item.get("kind", ""))))
    value = str(item.get("value") or "")
    says = str(item.get("says") or "")
    said = ": ".join(filter(None, (kind, names.get(value, value))))
    meant = names.get(says, says.replace("_", " "))
    if meant and meant != names.get(value, value):
        said = (
            _("{said}, so {meant}").format(said=said, meant=meant) if value else f"{said}: {meant}"
        )
    may_be = [
        names.get(str(one), _(UNNAMED.get(str(one), str(one)))) for one in _list(item, "may_be")
    ]
    if may_be:
        said = _("{said}, which may be {places}").format(said=said, places=_(" or ").join(may_be))
    strength = str(item.get("strength") or "")
    return f"{said} ({_(PARTS.get(strength, strength))})" if strength else said
