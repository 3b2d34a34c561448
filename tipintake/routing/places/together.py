"""What several places in words say together: one place, or ambiguous among them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from tipintake.routing.places import exits
from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading
from tipintake.tips.mentions import Mention, MentionKind

SCENE = "scene"
STATE = "state"


@dataclass(frozen=True, slots=True)
class Said:
    """One mention, read against the gazetteer."""

    kind: MentionKind
    code: str
    reading: Reading

    @property
    def is_town(self) -> bool:
        return self.kind in _TOWNS and self.code != STATE


_TOWNS = (MentionKind.CITY, MentionKind.CDP, MentionKind.OUT_OF_AREA)


def scenes(mentions: Iterable[Mention], atlas: Atlas, *, highway: str = "") -> tuple[Said, ...]:
    """The mentions that count as the scene. `highway` completes an exit named without one."""
    said = []
    for mention in mentions:
        reading = _read(mention, atlas, highway) if mention.strength == SCENE else None
        if reading is not None:
            said.append(Said(mention.kind, mention.code, reading))
    return tuple(said)


def together(said: Iterable[Said]) -> Reading | None:
    """One reading for all; two different places are ambiguous in their common county, if any."""
    left = list(_without_wide(list(said)))
    left = list(_without_towns_outside_limits(left))
    left = [one for one in left if not _is_covered(one, left)]
    results = {(r.outcome, r.jurisdiction, r.county): r for r in (one.reading for one in left)}
    if len(results) <= 1:
        return next(iter(results.values()), None)
    counties = {reading.county for reading in results.values()}
    county = counties.pop() if len(counties) == 1 else ""
    sides = frozenset(side for reading in results.values() for side in reading.sides)
    within = frozenset(
        place
        for reading in results.values()
        for place in (*reading.within, *((reading.county,) if reading.county else ()))
    )
    return Reading(Kind.WORDS, Outcome.AMBIGUOUS, county=county, within=within, sides=sides)


def county_land(county: str) -> Reading:
    return Reading(
        Kind.WORDS,
        Outcome.RESOLVED,
        jurisdiction=county,
        county=county,
        within=frozenset({county}),
        sides=frozenset({county}),
    )


# --- One mention -----------------------------------------------------------------------------


def _read(mention: Mention, atlas: Atlas, highway: str) -> Reading | None:
    code = mention.code
    match mention.kind:
        case MentionKind.CITY:
            return _city(code, atlas)
        case MentionKind.CDP:
            return county_land(code) if atlas.is_county(code) else None
        case MentionKind.COUNTY:
            within = frozenset({code})
            known = atlas.is_county(code)
            return _ambiguous(code, within) if known else None
        case MentionKind.UNINCORPORATED:
            return county_land(code) if atlas.is_county(code) else _ambiguous("", frozenset())
        case MentionKind.EXIT:
            reading = exits.of_code(code, highway, atlas)
            return replace(reading, kind=Kind.WORDS) if reading else None
        case MentionKind.LANDMARK:
            return _jurisdiction(code, atlas)
        case MentionKind.OUT_OF_AREA:
            return Reading(Kind.WORDS, Outcome.OUT_OF_AREA, within=frozenset({OUTSIDE}))


def _city(code: str, atlas: Atlas) -> Reading | None:
    if code in atlas.shared:
        return _ambiguous("", frozenset(atlas.shared[code]))
    return _jurisdiction(code, atlas)


def _jurisdiction(code: str, atlas: Atlas) -> Reading | None:
    if code not in atlas.jurisdictions:
        return None
    county = atlas.county_of(code)
    return Reading(
        Kind.WORDS,
        Outcome.RESOLVED,
        jurisdiction=code,
        county=county,
        within=atlas.within(code),
        sides=frozenset({code}),
    )


def _ambiguous(county: str, within: frozenset[str]) -> Reading:
    return Reading(Kind.WORDS, Outcome.AMBIGUOUS, county=county, within=within)


# --- Several ---------------------------------------------------------------------------------


def _without_wide(said: list[Said]) -> list[Said]:
    """A whole state or country is no second scene beside a place that is served."""
    served = any(one.kind is not MentionKind.OUT_OF_AREA for one in said)
    return [
        one
        for one in said
        if not (served and one.kind is MentionKind.OUT_OF_AREA and one.code == STATE)
    ]


def _without_towns_outside_limits(said: list[Said]) -> Iterator[Said]:
    """ "Near Wentzville, outside the city limits" is the land of its county."""
    land = [one for one in said if one.kind is MentionKind.UNINCORPORATED]
    counties = {one.reading.county for one in land if one.reading.county}
    unnamed = len(land) > 0 and not counties
    for one in said:
        if one.kind is MentionKind.UNINCORPORATED:
            if one.reading.county:
                yield one
        elif one.kind in (MentionKind.CITY, MentionKind.CDP, MentionKind.COUNTY) and land:
            county = one.reading.county
            if unnamed and county:
                yield replace(one, kind=MentionKind.CDP, reading=county_land(county))
            elif county not in counties or not county:
                yield one
        else:
            yield one


def _is_covered(one: Said, all_of_them: list[Said]) -> bool:
    """Does another mention say the same more closely: a town in the county or at the exit?"""
    reading = one.reading
    if reading.outcome is not Outcome.AMBIGUOUS:
        return False
    return any(
        other is not one
        and other.reading.outcome is not Outcome.OUT_OF_AREA
        and _lies_in(other.reading, reading)
        for other in all_of_them
    )


def _lies_in(closer: Reading, wider: Reading) -> bool:
    if wider.sides:  # an ambiguous exit
        return closer.outcome is Outcome.RESOLVED and closer.jurisdiction in wider.sides
    if closer.outcome is Outcome.RESOLVED:
        return bool(closer.within & wider.within)
    if closer.sides:
        return closer.county in wider.within
    return closer.within < wider.within
