"""From evidence to place: each location alone, then the lead.

Strongest first: point, city field, exit or landmark, ZIP, words. The strongest that says anything
decides; a weaker one may narrow it within its county, agree, or be in conflict with it.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Protocol

from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.places import exits, fields, landmarks, pins, zips
from tipintake.routing.places.atlas import Atlas, atlas_of
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.results import (
    UNKNOWN,
    Confidence,
    Conflict,
    Evidence,
    Kind,
    Outcome,
    Part,
    PlaceResult,
    Reading,
)
from tipintake.routing.places.together import Said, scenes, together
from tipintake.routing.places.words import mentions_in_field
from tipintake.tips.mentions import Mention, MentionKind


class Location(Protocol):
    """What the place step reads of one location."""

    @property
    def name(self) -> str: ...
    @property
    def street(self) -> str: ...
    @property
    def cross_street(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def state(self) -> str: ...
    @property
    def zip(self) -> str: ...
    @property
    def highway(self) -> str: ...
    @property
    def exit(self) -> str: ...
    @property
    def mile_marker(self) -> Decimal | None: ...
    @property
    def lat(self) -> float | None: ...
    @property
    def lon(self) -> float | None: ...
    @property
    def accuracy_m(self) -> int | None: ...


@dataclass(frozen=True, slots=True)
class Resolved:
    """The lead, which is the place of the tip, and the other locations that add lines."""

    lead: PlaceResult
    others: tuple[PlaceResult, ...] = ()

    @property
    def served(self) -> tuple[PlaceResult, ...]:
        """Every place whose lines are asked for, the lead first."""
        return (self.lead, *self.others)


@dataclass(frozen=True, slots=True)
class _Readings:
    """What each kind of evidence of one location says; None where there is none."""

    point: Reading | None
    city: Reading | None
    road: Reading | None  # exit, mile marker or landmark
    zip: Reading | None

    def __iter__(self) -> Iterator[Reading]:
        return (r for r in (self.point, self.city, self.road, self.zip) if r is not None)


def resolve(
    locations: Sequence[Location],
    mentions: Iterable[Mention],
    gazetteer: Gazetteer,
    *,
    boundaries: Boundaries | None = None,
) -> Resolved:
    """Where the tip is. Words of the narrative are asked only through their stored mentions."""
    atlas = atlas_of(gazetteer)
    mentions = tuple(mentions)
    if not locations:
        return Resolved(_from_words(together(scenes(mentions, atlas))))
    read = [_readings(location, mentions, atlas, boundaries) for location in locations]
    towns = frozenset(r.city.jurisdiction for r in read if r.city and r.city.jurisdiction)
    results = [
        _one(location, readings, mentions, towns, atlas)
        for location, readings in zip(locations, read, strict=True)
    ]
    return _led(results)


def _led(results: list[PlaceResult]) -> Resolved:
    """Lead: the first resolved, else ambiguous with a county, else ambiguous, else elsewhere."""
    lead = min(range(len(results)), key=lambda at: (_rank(results[at]), at))
    others = tuple(
        place
        for at, place in enumerate(results)
        if at != lead and place.outcome in (Outcome.RESOLVED, Outcome.OUT_OF_AREA)
    )
    return Resolved(results[lead], others)


def _rank(place: PlaceResult) -> int:
    if place.outcome is Outcome.AMBIGUOUS:
        return 1 if place.jurisdiction else 2
    return {Outcome.RESOLVED: 0, Outcome.OUT_OF_AREA: 3}.get(place.outcome, 4)


# --- One location ----------------------------------------------------------------------------


def _readings(
    location: Location,
    mentions: tuple[Mention, ...],
    atlas: Atlas,
    boundaries: Boundaries | None,
) -> _Readings:
    zip_ = zips.zip5(location.zip) or zips.at_the_end_of(location.city)
    city = fields.read(location.city, location.state, zip_, mentions, atlas)
    point = None
    lat, lon = location.lat, location.lon
    if lat is not None and lon is not None and pins.is_on_earth(lat, lon):
        if boundaries is None:
            point = pins.unread(lat, lon)
        else:
            point = pins.read(lat, lon, location.accuracy_m, city, boundaries)
    road = exits.read(location.highway, location.exit, location.mile_marker, atlas)
    if road is None:
        street, cross = location.street, location.cross_street
        crossings = (f"{street} and {cross}", f"{cross} and {street}") if street and cross else ()
        road = landmarks.read((*crossings, location.name, street, cross), atlas)
    return _Readings(point, city, road, zips.read(zip_, atlas))


def _one(
    location: Location,
    readings: _Readings,
    mentions: tuple[Mention, ...],
    towns: frozenset[str],
    atlas: Atlas,
) -> PlaceResult:
    highway = exits.highway_of(location.highway, atlas)
    said = scenes(mentions, atlas, highway=highway)
    base = next((r for r in readings if r.outcome is not Outcome.UNKNOWN), None)
    if base is None:
        for kind, text in ((Kind.NAME, location.name), (Kind.STREET, location.street)):
            street = kind is Kind.STREET
            reading = together(_in_field(text, atlas, highway, street=street))
            if reading is not None:
                return _from_words(replace(reading, kind=kind), readings)
        return _from_words(together(said), readings)
    words = _words(location, said, highway, atlas)
    narrowed, by = _narrowed(base, readings, words, atlas)
    conflicts = tuple(_conflicts(base, narrowed, readings, said, towns, atlas))
    return _result(narrowed, by, base, readings, said, conflicts)


def _words(
    location: Location, said: tuple[Said, ...], highway: str, atlas: Atlas
) -> Iterator[tuple[Kind, tuple[Said, ...]]]:
    """Read when they are asked for: most places are settled before."""
    yield Kind.NAME, _in_field(location.name, atlas, highway)
    yield Kind.STREET, _in_field(location.street, atlas, highway, street=True)
    yield Kind.WORDS, said


def _in_field(text: str, atlas: Atlas, highway: str, *, street: bool = False) -> tuple[Said, ...]:
    if not text:
        return ()
    named = mentions_in_field(text, atlas.gazetteer, street=street)
    return scenes(named, atlas, highway=highway)


def _from_words(reading: Reading | None, readings: _Readings | None = None) -> PlaceResult:
    kept = tuple(_evidence(r, Part.UNUSED) for r in readings or ())
    if reading is None or (reading.outcome is Outcome.AMBIGUOUS and not _says_something(reading)):
        return replace(UNKNOWN, evidence=kept)
    confidence = Confidence.LOW if not reading.says else Confidence.MEDIUM
    return PlaceResult(
        reading.outcome,
        _named(reading),
        reading.county,
        confidence,
        (_evidence(reading, Part.DECIDES), *kept),
    )


def _says_something(reading: Reading) -> bool:
    return bool(reading.county or reading.within or reading.sides)


# --- Narrowing -------------------------------------------------------------------------------


def _narrowed(
    base: Reading,
    readings: _Readings,
    words: Iterable[tuple[Kind, tuple[Said, ...]]],
    atlas: Atlas,
) -> tuple[Reading, Reading | None]:
    """An ambiguous result made closer by weaker evidence that lies within it."""
    if base.outcome is not Outcome.AMBIGUOUS or base.kind is Kind.POINT:
        return base, None
    current, by = base, None
    for weaker in (readings.road, readings.zip):
        if weaker is None or weaker is base or not _is_closer(weaker, current):
            continue
        if weaker.kind is Kind.ZIP and weaker.outcome is Outcome.AMBIGUOUS and not weaker.county:
            continue
        current, by = weaker, weaker
        if current.outcome is Outcome.RESOLVED:
            return current, by
    for kind, said in words:
        town = _the_town_in(current, said, atlas)
        if town is not None:
            town = replace(town, kind=kind)
            return town, town
    return current, by


def _is_closer(weaker: Reading, current: Reading) -> bool:
    """Within the same county, or within "St. Louis" the city or the county."""
    if current.sides and weaker.jurisdiction not in current.sides:
        return False
    if current.county:
        return weaker.outcome is Outcome.RESOLVED and current.county == weaker.county
    if not current.names_a_town or not current.within:
        return False
    return weaker.outcome in (Outcome.RESOLVED, Outcome.AMBIGUOUS) and (
        weaker.county in current.within
    )


def _the_town_in(current: Reading, said: tuple[Said, ...], atlas: Atlas) -> Reading | None:
    """The one municipality of the ambiguous county that a scene phrase names."""
    county = current.county
    if not county:
        return None
    towns = {
        one.reading.jurisdiction: one.reading
        for one in said
        if one.reading.outcome is Outcome.RESOLVED
        and not atlas.is_county(one.reading.jurisdiction)
        and county in (one.reading.within or {one.reading.county})
    }
    if _has_known_sides(current):
        towns = {code: reading for code, reading in towns.items() if code in current.sides}
    if len(towns) != 1:
        return None
    return replace(next(iter(towns.values())), county=county)


def _has_known_sides(reading: Reading) -> bool:
    """An exit lies in one of its sides; a stretch of highway may cross others too."""
    return bool(reading.sides) and ":mm" not in reading.value


# --- Conflicts -------------------------------------------------------------------------------


def _conflicts(
    base: Reading,
    result: Reading,
    readings: _Readings,
    said: tuple[Said, ...],
    towns: frozenset[str],
    atlas: Atlas,
) -> Iterator[Conflict]:
    if readings.city is not None:
        yield from _with_the_city_field(readings.city, readings, said, towns, atlas)
    if _scene_lies_outside(base, result, said, atlas):
        yield Conflict.COUNTY_AND_WORDS


def _with_the_city_field(
    city: Reading,
    readings: _Readings,
    said: tuple[Said, ...],
    towns: frozenset[str],
    atlas: Atlas,
) -> Iterator[Conflict]:
    roads = [one.reading for one in said if one.kind in _ROADS_IN_WORDS]
    if readings.road is not None:
        roads.append(readings.road)
    if not all(_exit_agrees(city, road, atlas) for road in roads):
        yield Conflict.CITY_AND_EXIT
    if readings.zip is not None and not city.within & readings.zip.within:
        yield Conflict.CITY_AND_ZIP
    if city.names_a_town and any(_is_another_town(city, one, towns) for one in said):
        yield Conflict.CITY_AND_WORDS
    point = readings.point
    if point is not None and point.within and not city.within & point.within:
        yield Conflict.CITY_AND_POINT


_ROADS_IN_WORDS = (MentionKind.EXIT, MentionKind.LANDMARK)


def _exit_agrees(city: Reading, road: Reading, atlas: Atlas) -> bool:
    """An ambiguous exit that contains the city agrees; so does a county that holds the exit."""
    if city.outcome is Outcome.RESOLVED:
        if road.outcome is Outcome.RESOLVED:
            return road.jurisdiction == city.jurisdiction
        between = ":mm" in road.value and road.county in city.within
        return city.jurisdiction in road.sides or between or not road.sides
    if city.outcome is Outcome.OUT_OF_AREA or not city.within:
        return road.outcome is Outcome.OUT_OF_AREA
    if road.outcome is Outcome.OUT_OF_AREA:
        return False
    counties = {atlas.county_of(side) for side in road.sides} | {road.county}
    return bool(counties & city.within)


def _is_another_town(city: Reading, one: Said, towns: frozenset[str]) -> bool:
    """Does the scene phrase name another town than the field, and than any other location?"""
    if not one.is_town:
        return False
    reading = one.reading
    if reading.outcome is Outcome.OUT_OF_AREA:
        return city.outcome is not Outcome.OUT_OF_AREA
    if city.outcome is Outcome.OUT_OF_AREA:
        return reading.jurisdiction not in city.sides
    if reading.outcome is Outcome.AMBIGUOUS or city.outcome is Outcome.AMBIGUOUS:
        return not reading.within & city.within  # "St. Louis" holds the towns of its county
    return reading.jurisdiction != city.jurisdiction and reading.jurisdiction not in towns


def _scene_lies_outside(
    base: Reading, result: Reading, said: tuple[Said, ...], atlas: Atlas
) -> bool:
    """A scene phrase outside an ambiguous county, or beside an ambiguous exit."""
    if base.outcome is not Outcome.AMBIGUOUS or base.kind is Kind.POINT:
        return False
    county = result.county
    if not county:
        return False
    for one in said:
        reading = one.reading
        within = reading.within or {atlas.county_of(side) for side in reading.sides}
        if within and county not in within and one.code != "state":
            return True
        beside = (
            _has_known_sides(base)
            and reading.jurisdiction
            and reading.jurisdiction not in base.sides
        )
        if one.is_town and beside:
            return True
    return False


# --- The result ------------------------------------------------------------------------------


def _result(
    result: Reading,
    by: Reading | None,
    base: Reading,
    readings: _Readings,
    said: tuple[Said, ...],
    conflicts: tuple[Conflict, ...],
) -> PlaceResult:
    evidence = [_evidence(one, _part(one, result, by, base, conflicts)) for one in readings]
    if by is not None and all(by is not one for one in readings):
        evidence.append(_evidence(by, Part.NARROWS))
    elif said:
        evidence.append(_words_beside(result, said, conflicts))
    return PlaceResult(
        result.outcome,
        _named(result),
        result.county,
        _confidence(result, by, conflicts),
        tuple(evidence),
        conflicts,
    )


def _part(
    one: Reading,
    result: Reading,
    by: Reading | None,
    base: Reading,
    conflicts: tuple[Conflict, ...],
) -> Part:
    if one is base:
        return Part.DECIDES
    if one is by:
        return Part.NARROWS
    if one.outcome is Outcome.UNKNOWN:
        return Part.UNUSED
    against = {
        Kind.CITY: Conflict.CITY_AND_POINT,
        Kind.EXIT: Conflict.CITY_AND_EXIT,
        Kind.LANDMARK: Conflict.CITY_AND_EXIT,
        Kind.ZIP: Conflict.CITY_AND_ZIP,
    }
    if against.get(one.kind) in conflicts:
        return Part.DISAGREES
    agrees = result.county and (one.county == result.county or result.county in one.within)
    return Part.AGREES if agrees or one.says == result.says else Part.UNUSED


def _words_beside(
    result: Reading, said: tuple[Said, ...], conflicts: tuple[Conflict, ...]
) -> Evidence:
    reading = together(said)
    says = reading.says if reading else ""
    if {Conflict.CITY_AND_WORDS, Conflict.COUNTY_AND_WORDS}.intersection(conflicts):
        return Evidence(Kind.WORDS, "", says, Part.DISAGREES)
    agrees = bool(says) and says in {result.jurisdiction, result.county}
    return Evidence(Kind.WORDS, "", says, Part.AGREES if agrees else Part.UNUSED)


def _confidence(
    result: Reading, by: Reading | None, conflicts: tuple[Conflict, ...]
) -> Confidence:
    if conflicts or not result.says:
        return Confidence.LOW
    if result.outcome is Outcome.AMBIGUOUS or not result.sure:
        return Confidence.MEDIUM
    weak = by is not None and by.kind in (Kind.WORDS, Kind.NAME, Kind.STREET)
    return Confidence.MEDIUM if weak else Confidence.HIGH


def _named(reading: Reading) -> str | None:
    if reading.outcome is Outcome.RESOLVED:
        return reading.jurisdiction
    if reading.outcome is Outcome.AMBIGUOUS:
        return reading.county or None
    return None


def _evidence(reading: Reading, strength: Part) -> Evidence:
    ambiguous = reading.outcome is Outcome.AMBIGUOUS
    may_be = tuple(sorted(reading.sides)) if ambiguous else ()
    return Evidence(reading.kind, reading.value, reading.says, strength, may_be)
