"""What is known of where: the result for one location, with the evidence it rests on."""

import enum
from dataclasses import dataclass
from typing import Any

OUTSIDE = "outside"  # any county that the region does not serve


class Outcome(enum.StrEnum):
    RESOLVED = "resolved"  # we know who polices it
    AMBIGUOUS = "ambiguous"  # with the one county that holds every candidate, or with none
    UNKNOWN = "unknown"
    OUT_OF_AREA = "out_of_area"


class Kind(enum.StrEnum):
    """Evidence, strongest first."""

    STAFF = "staff"  # a person of the desk read it so
    POINT = "point"
    CITY = "city"
    EXIT = "exit"
    LANDMARK = "landmark"
    ZIP = "zip"
    NAME = "name"  # words in the name of the place
    STREET = "street"  # words in its street
    WORDS = "words"  # scene phrases of the narrative


# How strong each kind of evidence is, 1 the strongest.
RANKS = {
    Kind.STAFF: 1,
    Kind.POINT: 1,
    Kind.CITY: 2,
    Kind.EXIT: 3,
    Kind.LANDMARK: 3,
    Kind.ZIP: 4,
    Kind.NAME: 5,
    Kind.STREET: 5,
    Kind.WORDS: 5,
}


class Part(enum.StrEnum):
    """What a piece of evidence did for the result."""

    DECIDES = "decides"
    NARROWS = "narrows"
    AGREES = "agrees"
    DISAGREES = "disagrees"
    UNUSED = "unused"


class Conflict(enum.StrEnum):
    CITY_AND_WORDS = "city-and-words"
    CITY_AND_EXIT = "city-and-exit"
    CITY_AND_ZIP = "city-and-zip"
    CITY_AND_POINT = "city-and-point"
    COUNTY_AND_WORDS = "county-and-words"


class Confidence(enum.StrEnum):
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Evidence:
    """One piece of evidence. Codes and values of fields only: it never quotes the narrative."""

    kind: Kind
    value: str  # "I-70:217", "63366", "38.81,-90.66", a jurisdiction code; "" for words
    says: str  # a jurisdiction or county code, "out_of_area", or "" when it names none
    strength: Part
    may_be: tuple[str, ...] = ()  # jurisdictions between which it leaves the choice

    def as_json(self) -> dict[str, Any]:
        return {
            "kind": self.kind.value,
            "rank": RANKS[self.kind],
            "value": self.value,
            "says": self.says,
            "strength": self.strength.value,
            "may_be": list(self.may_be),
        }


@dataclass(frozen=True, slots=True)
class PlaceResult:
    outcome: Outcome
    jurisdiction: str | None = None  # who polices it, or the one county of all candidates
    county: str = ""  # the county whose lines serve it; "" when none may be assumed
    confidence: Confidence = Confidence.NONE
    evidence: tuple[Evidence, ...] = ()
    conflicts: tuple[Conflict, ...] = ()

    def as_json(self) -> dict[str, Any]:
        return {
            "outcome": self.outcome.value,
            "jurisdiction": self.jurisdiction,
            "county": self.county or None,
            "confidence": self.confidence.value,
            "evidence": [one.as_json() for one in self.evidence],
            "conflicts": [one.value for one in self.conflicts],
        }


UNKNOWN = PlaceResult(Outcome.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Reading:
    """What one piece of evidence says on its own."""

    kind: Kind
    outcome: Outcome
    value: str = ""
    jurisdiction: str = ""
    county: str = ""
    within: frozenset[str] = frozenset()  # counties in which it may lie; OUTSIDE for any other
    sides: frozenset[str] = frozenset()  # the jurisdictions that an ambiguous one may mean
    names_a_town: bool = False  # a city field that names a town rather than a county
    sure: bool = True  # false: misspelt

    @property
    def says(self) -> str:
        if self.outcome is Outcome.OUT_OF_AREA:
            return Outcome.OUT_OF_AREA.value
        return self.jurisdiction or self.county
