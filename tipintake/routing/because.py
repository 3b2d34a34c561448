"""The whole decision in plain English. It names the place and the reason, and quotes nothing."""

from collections.abc import Iterator

from django.utils.translation import gettext_noop as _

from tipintake.routing.facts import TipFacts
from tipintake.routing.lines import LinesOf
from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import Conflict, Kind, Outcome, Part, PlaceResult
from tipintake.routing.policy.rulebook import Rule
from tipintake.routing.rules import Ask

_BY: dict[Kind, str] = {
    Kind.STAFF: _("as staff read it"),
    Kind.POINT: _("by the point on the map"),
    Kind.CITY: _("by the city field"),
    Kind.EXIT: _("by highway and exit"),
    Kind.LANDMARK: _("by a known landmark"),
    Kind.ZIP: _("by ZIP code"),
    Kind.NAME: _("by the name of the place"),
    Kind.STREET: _("by the street field"),
    Kind.WORDS: _("by the words of the tip"),
}
_BY_WHAT_WAS_SAID = _("by what was said")
RESTS_ON = (*_BY.values(), _BY_WHAT_WAS_SAID)

_DISAGREES: dict[Conflict, str] = {
    Conflict.CITY_AND_WORDS: _("The city field and the words name different towns"),
    Conflict.CITY_AND_EXIT: _("The city field and the highway exit name different places"),
    Conflict.CITY_AND_ZIP: _("The city field and the ZIP code lie in different counties"),
    Conflict.CITY_AND_POINT: _(
        "The city field and the point on the map lie in different counties"
    ),
    Conflict.COUNTY_AND_WORDS: _("The words name a place elsewhere than the fields"),
}

_NO_POLICE = _("The person asking for help did not allow police beyond what the danger needs.")
_COUNTY = _("The place is land of {name} outside any municipality, {by}.")
_TOWN = _("The place is {name}, {by}.")
_SOMEWHERE_IN = _("The place is in {name}, {by}; which police serve it is not known.")
_SOMEWHERE = _("The place may lie in more than one county, {by}.")
_OUTSIDE = _("The place lies outside the served counties, {by}.")
_UNKNOWN = _("No place is known.")
_HANDS_OVER = _("The out-of-area desk hands over.")
_NO_QUEUE = _("Its police have no queue here, so regional triage decides.")
_NO_QUEUE_COUNTY = _(
    "Its police have no queue here, so regional triage decides and the police of the county get "
    "it too."
)
_NOT_KNOWN = _("Its police are not known, so regional triage decides.")
_NOT_KNOWN_COUNTY = _(
    "Its police are not known, so regional triage decides and the police of the county get it too."
)
_NO_TASK_FORCE = _("No task force is listed for it, so regional triage stands in.")
_DISAGREES_ONLY = "{what}."
_DISAGREES_LOOKS = _("{what}, so a person looks at it.")
# What policy 1 adds for some tips. Its rules give these in English alone.
_OF_POLICY_1 = (
    _("Truancy is the only sign, so it is routine."),
    _("They allow police, so police of the place and the task force get it too."),
    _("They did not allow police, so nobody else gets it."),
)
DISAGREEMENTS = tuple(_DISAGREES.values())
# Every sentence of a decision beside its rule's; a later one may hold what an earlier one is.
SENTENCES = (
    *(_NO_POLICE, _COUNTY, _SOMEWHERE_IN, _TOWN, _SOMEWHERE, _OUTSIDE, _UNKNOWN, _HANDS_OVER),
    *(_NO_QUEUE, _NO_QUEUE_COUNTY, _NOT_KNOWN, _NOT_KNOWN_COUNTY, _NO_TASK_FORCE),
    *(_DISAGREES_LOOKS, _DISAGREES_ONLY, *_OF_POLICY_1),
)


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
        yield _NO_POLICE


def where(place: PlaceResult, atlas: Atlas) -> str:
    """The place in one sentence, with what it rests on."""
    by = _rests_on(place)
    name = name_of(place.jurisdiction, atlas)
    if place.outcome is Outcome.RESOLVED and atlas.is_county(place.jurisdiction or ""):
        return _COUNTY.format(name=name, by=by)
    if place.outcome is Outcome.RESOLVED:
        return _TOWN.format(name=name, by=by)
    if place.outcome is Outcome.AMBIGUOUS and name:
        return _SOMEWHERE_IN.format(name=name, by=by)
    if place.outcome is Outcome.AMBIGUOUS:
        return _SOMEWHERE.format(by=by)
    if place.outcome is Outcome.OUT_OF_AREA:
        return _OUTSIDE.format(by=by)
    return _UNKNOWN


def name_of(jurisdiction: str | None, atlas: Atlas) -> str:
    entry = atlas.jurisdictions.get(jurisdiction or "")
    return entry.name if entry else ""


def _rests_on(place: PlaceResult) -> str:
    kinds = [one.kind for one in place.evidence if one.strength is Part.DECIDES]
    kinds += [one.kind for one in place.evidence if one.strength is Part.NARROWS]
    return " and ".join(_BY[kind] for kind in dict.fromkeys(kinds)) or _BY_WHAT_WAS_SAID


def _stand_ins(place: PlaceResult, lines: LinesOf, asked: frozenset[Ask]) -> Iterator[str]:
    if place.outcome is Outcome.OUT_OF_AREA:
        if asked:
            yield _HANDS_OVER
        return
    if Ask.POLICE in asked and lines.police_stands_in:
        if place.outcome is Outcome.RESOLVED:
            yield _NO_QUEUE_COUNTY if lines.county_police else _NO_QUEUE
        else:
            yield _NOT_KNOWN_COUNTY if lines.county_police else _NOT_KNOWN
    if Ask.TASK_FORCE in asked and lines.task_force_stands_in:
        yield _NO_TASK_FORCE


def _conflicts(place: PlaceResult, asked: frozenset[Ask]) -> Iterator[str]:
    sentence = _DISAGREES_LOOKS if Ask.POLICE in asked else _DISAGREES_ONLY
    for conflict in place.conflicts:
        yield sentence.format(what=_DISAGREES[conflict])
