"""What a rule may ask about a tip: a closed list of fields, each with its kind and its choices.

Judgements that are more than a comparison stay code, as named facts of `TipFacts`; a rule refers
to them by name. Every reader is total: it gives a value of its kind for every tip, or None for
a time that nobody knows.
"""

import enum
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from tipintake.routing.facts import WEEKDAYS, TipFacts
from tipintake.routing.places.results import Confidence, Outcome, PlaceResult
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.vocabulary import (
    Basis,
    Category,
    Immediacy,
    MinorPresent,
    PlaceType,
    Priority,
)

Value = bool | int | str | frozenset[str] | None


@dataclass(frozen=True, slots=True)
class Scene:
    """Everything that a rule may look at, for one tip."""

    facts: TipFacts
    place: PlaceResult  # of the lead
    shares_evidence: bool = False
    priority: str = ""  # known only to rules that act beside the others


class Kind(enum.StrEnum):
    FACT = "yes or no"
    CHOICE = "one of a list"
    SET = "several of a list"
    NUMBER = "a number"
    HOUR = "an hour of the day, 0 to 23"
    PLACE = "a code of the directory"


@dataclass(frozen=True, slots=True)
class Field:
    name: str
    kind: Kind
    about: str
    read: Callable[[Scene], Value]
    choices: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()  # beginnings that stand for all codes with them


def _fact(name: str, about: str) -> Field:
    return Field(name, Kind.FACT, about, lambda scene: bool(getattr(scene.facts, name)))


def _choice(name: str, about: str, choices: list[str]) -> Field:
    return Field(
        name,
        Kind.CHOICE,
        about,
        lambda scene: str(getattr(scene.facts, name)),
        frozenset(choices),
    )


_FACTS: Mapping[str, str] = {
    "minor": "a child may be concerned, by answer, category or sign",
    "danger_now": "it happens now, or a sign of danger; see the reference for a victim's past",
    "child_in_person": "a child, and something physical or nothing online",
    "child_online": "a child, and something online",
    "only_child_online": "a child who is only online",
    "is_victim": "the person who writes is in the situation",
    "police_consent": "that person allows police",
    "victim_without_consent": "that person does not allow police",
    "only_asks_for_help": "that person writes, and there is neither danger now nor a child",
    "online": "something online",
    "physical": "a place, a vehicle or a sign that is not online",
    "online_only": "online, and nothing physical",
    "has_vehicle": "a vehicle was described",
    "has_lead": "a link, user name or number online was given",
    "highway_scene": "a truck stop, a sign of trucks, or a highway with exit or mile",
    "happens_now": "it happens now, by the answer alone",
    "imminent_sign": "any sign IMM_*",
    "force_sign": "a sign of force, fraud or coercion",
    "force_by_category": "a category of force, and no sign of conduct",
    "pattern_sign": "any sign HTL_*, VEH_* or TRK_*",
    "no_sign": "no sign was ticked",
    "only_supporting_signs": "signs, but only supporting ones",
    "only_an_ad": "an advertisement, and nothing but supporting signs beside it",
    "only_truancy": "missing school is the only sign, and the category is not a child's",
    "strong": "a sign CTL_*, or one of high severity or more",
    "two_signs": "two signs that count, one of medium severity or more",
    "wants_reward": "asks about rewards",
    "distrusts_police": "would rather not deal with police",
}

_ALL = (
    *(_fact(name, about) for name, about in _FACTS.items()),
    Field(
        "shares_evidence",
        Kind.FACT,
        "another tip of 90 days names the same plate, phone or room",
        lambda scene: scene.shares_evidence,
    ),
    Field(
        "place_conflict",
        Kind.FACT,
        "the evidence of the place disagrees",
        lambda scene: bool(scene.place.conflicts),
    ),
    _choice("category", "what the person chose", Category.values),
    _choice("immediacy", "when it happens", Immediacy.values),
    _choice("minor_present", "could anyone be under 18", MinorPresent.values),
    _choice("basis", 'how the person knows; "" when not said', ["", *Basis.values]),
    Field(
        "place_outcome",
        Kind.CHOICE,
        "what is known of the place",
        lambda scene: scene.place.outcome.value,
        frozenset(Outcome),
    ),
    Field(
        "place_confidence",
        Kind.CHOICE,
        "how sure the place is",
        lambda scene: scene.place.confidence.value,
        frozenset(Confidence),
    ),
    Field(
        "weekday",
        Kind.CHOICE,
        "the day on which the tip came, in the region's time",
        lambda scene: scene.facts.weekday,
        frozenset(WEEKDAYS),
    ),
    Field(
        "priority",
        Kind.CHOICE,
        "the priority that the deciding rule gave; for rules that act beside the others only",
        lambda scene: scene.priority,
        frozenset(Priority.values),
    ),
    Field(
        "signs",
        Kind.SET,
        "the signs that were ticked",
        lambda scene: scene.facts.codes,
        frozenset(INDICATORS),
        frozenset(code.partition("_")[0] + "_" for code in INDICATORS),
    ),
    Field(
        "place_types",
        Kind.SET,
        "the kinds of the places that were given",
        lambda scene: scene.facts.place_types,
        frozenset(PlaceType.values),
    ),
    Field(
        "signs_that_count",
        Kind.NUMBER,
        "how many signs, supporting ones left out",
        lambda scene: len(scene.facts.counted_codes),
    ),
    Field(
        "hour",
        Kind.HOUR,
        "the hour at which the tip came, in the region's time; 22 is 22:00 to 22:59",
        lambda scene: scene.facts.hour,
    ),
    Field(
        "jurisdiction",
        Kind.PLACE,
        'who polices the place, or its one county; "" when not known',
        lambda scene: scene.place.jurisdiction or "",
    ),
    Field(
        "county",
        Kind.PLACE,
        'the county of the place; "" when none may be assumed',
        lambda scene: scene.place.county,
    ),
)
FIELDS: Mapping[str, Field] = MappingProxyType({field.name: field for field in _ALL})
