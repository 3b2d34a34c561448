"""The whole decision in plain English. It names the place and the reason, and quotes nothing."""

from collections.abc import Iterator

from tipintake.routing.facts import TipFacts
from tipintake.routing.lines import LinesOf
from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import Conflict, Kind, Outcome, Part, PlaceResult
from tipintake.routing.policy.rulebook import Rule
from tipintake.routing.rules import Ask

_BY: dict[Kind, str] = {
    Kind.STAFF: "as staff read it",
    Kind.POINT: "by the point on the map",
    Kind.CITY: "by the city field",
    Kind.EXIT: "by highway and exit",
    Kind.LANDMARK: "by a known landmark",
    Kind.ZIP: "by ZIP code",
    Kind.NAME: "by the name of the place",
    Kind.STREET: "by the street field",
    Kind.WORDS: "by the words of the tip",
}

_DISAGREES: dict[Conflict, str] = {
    Conflict.CITY_AND_WORDS: "The city field and the words name different towns",
    Conflict.CITY_AND_EXIT: "The city field and the highway exit name different places",
    Conflict.CITY_AND_ZIP: "The city field and the ZIP code lie in different counties",
    Conflict.CITY_AND_POINT: "The city field and the point on the map lie in different counties",
    Conflict.COUNTY_AND_WORDS: "The words name a place elsewhere than the fields",
}


def in_words(
    facts: TipFacts,
    decisive: Rule,
    more: str,
    place: PlaceResult,
    lines: LinesOf,
    asked: frozenset[Ask],
    atlas: Atlas,
) -> str:
    """`more`: what the rule adds for this tip. `asked`: what is asked for at the place, after
    what the person allowed."""
    return " ".join(
        (
            decisive.reason,
            *_about_the_person(facts, more),
            where(place, atlas),
            *_stand_ins(place, lines, asked),
            *_conflicts(place, asked),
        )
    )


def _about_the_person(facts: TipFacts, more: str) -> Iterator[str]:
    if more:
        yield more
    if facts.victim_without_consent and not facts.only_asks_for_help:
        yield "The person asking for help did not allow police beyond what the danger needs."


def where(place: PlaceResult, atlas: Atlas) -> str:
    """The place in one sentence, with what it rests on."""
    by = _rests_on(place)
    name = name_of(place.jurisdiction, atlas)
    if place.outcome is Outcome.RESOLVED and atlas.is_county(place.jurisdiction or ""):
        return f"The place is land of {name} outside any municipality, {by}."
    if place.outcome is Outcome.RESOLVED:
        return f"The place is {name}, {by}."
    if place.outcome is Outcome.AMBIGUOUS and name:
        return f"The place is in {name}, {by}; which police serve it is not known."
    if place.outcome is Outcome.AMBIGUOUS:
        return f"The place may lie in more than one county, {by}."
    if place.outcome is Outcome.OUT_OF_AREA:
        return f"The place lies outside the served counties, {by}."
    return "No place is known."


def name_of(jurisdiction: str | None, atlas: Atlas) -> str:
    entry = atlas.jurisdictions.get(jurisdiction or "")
    return entry.name if entry else ""


def _rests_on(place: PlaceResult) -> str:
    kinds = [one.kind for one in place.evidence if one.strength is Part.DECIDES]
    kinds += [one.kind for one in place.evidence if one.strength is Part.NARROWS]
    return " and ".join(_BY[kind] for kind in dict.fromkeys(kinds)) or "by what was said"


def _stand_ins(place: PlaceResult, lines: LinesOf, asked: frozenset[Ask]) -> Iterator[str]:
    if place.outcome is Outcome.OUT_OF_AREA:
        if asked:
            yield "The out-of-area desk hands over."
        return
    if Ask.POLICE in asked and lines.police_stands_in:
        known = place.outcome is Outcome.RESOLVED
        why = "Its police have no queue here" if known else "Its police are not known"
        county = " and the police of the county get it too" if lines.county_police else ""
        yield f"{why}, so regional triage decides{county}."
    if Ask.TASK_FORCE in asked and lines.task_force_stands_in:
        yield "No task force is listed for it, so regional triage stands in."


def _conflicts(place: PlaceResult, asked: frozenset[Ask]) -> Iterator[str]:
    looks = ", so a person looks at it" if Ask.POLICE in asked else ""
    for conflict in place.conflicts:
        yield f"{_DISAGREES[conflict]}{looks}."
