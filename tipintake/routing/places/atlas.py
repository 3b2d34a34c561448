"""The gazetteer as places are looked up: every known name, exit and landmark, indexed once."""

import enum
import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from rapidfuzz.distance import OSA

from tipintake.directory.gazetteer import (
    AliasEntry,
    ExitEntry,
    Gazetteer,
    JurisdictionEntry,
    PlaceEntry,
)
from tipintake.routing.places import elsewhere
from tipintake.routing.places.results import OUTSIDE
from tipintake.routing.places.tokens import Gap, Token, compact, parts, tokens_of

SHORTEST_MISSPELT = 7  # letters; a shorter name must be spelt right
LONGEST_NAME = 60
SHORT_END = 4  # letters
CITY_OF = ("City of", "Ciudad de", "Town of", "Village of")
COUNTY_OF = ("County of {}", "Condado de {}", "{} Co", "{} Cnty", "Condado {}")


class Sort(enum.StrEnum):
    CITY = "city"  # a municipality
    CDP = "cdp"  # a named place on county land
    COUNTY = "county"
    SHARED = "shared"  # "St. Louis": a city and a county have this name
    ELSEWHERE = "elsewhere"


@dataclass(frozen=True, slots=True)
class Named:
    """What a name names."""

    sort: Sort
    code: str = ""  # a jurisdiction; for a CDP its county; for a shared name its short form
    within: frozenset[str] = frozenset()
    ordinary: bool = False  # also an ordinary word
    borne: bool = False  # also the name of people
    wide: bool = False  # a country or state rather than a town

    @property
    def county(self) -> str:
        """The one county that may be assumed; empty for a municipality over two."""
        return next(iter(self.within)) if len(self.within) == 1 else ""


@dataclass(frozen=True, slots=True)
class Hit:
    """A known name found at a token."""

    named: Named
    start: int  # index of its first token
    end: int  # index behind its last token
    exact: bool
    possessive: bool


@dataclass(frozen=True, slots=True)
class _Known:
    named: Named
    parts: int
    short_end: bool = False  # "St. Charles Co": one letter from "St. Charles MO"


@dataclass(slots=True)
class Atlas:
    """One version of the gazetteer, ready to be asked."""

    gazetteer: Gazetteer
    home_state: str = "MO"
    jurisdictions: dict[str, JurisdictionEntry] = field(default_factory=dict)
    shared: dict[str, tuple[str, str]] = field(default_factory=dict)  # short -> city, county
    namesakes: dict[str, frozenset[str]] = field(default_factory=dict)  # code -> other states
    landmarks: dict[str, list[tuple[tuple[str, ...], AliasEntry]]] = field(default_factory=dict)
    exits: dict[str, dict[int, tuple[ExitEntry, ...]]] = field(default_factory=dict)
    longest: int = 1
    _county_bases: dict[str, str] = field(default_factory=dict)
    _within: dict[str, frozenset[str]] = field(default_factory=dict)  # of those over a limit
    _names: dict[str, _Known] = field(default_factory=dict)
    _near: dict[str, list[str]] = field(default_factory=dict)

    # --- Names ---------------------------------------------------------------------------

    def exact(self, name: str) -> Named | None:
        known = self._names.get(name)
        return known.named if known else None

    def hit_at(self, tokens: list[Token], at: int, *, misspelt: bool = True) -> Hit | None:
        """The longest known name that begins with this token; within one edit if `misspelt`."""
        last = at + 1
        while last < len(tokens) and last - at < self.longest and tokens[last].gap is Gap.JOINED:
            last += 1
        for end in range(last, at, -1):
            hit = self._hit(tokens, at, end, misspelt=misspelt)
            if hit:
                return hit
        return None

    def _hit(self, tokens: list[Token], at: int, end: int, *, misspelt: bool) -> Hit | None:
        head = "".join(token.text for token in tokens[at : end - 1])
        whole, bare = head + tokens[end - 1].text, head + tokens[end - 1].bare
        for name in dict.fromkeys((whole, bare)):
            known = self._names.get(name)
            if known and known.parts >= end - at:
                return Hit(known.named, at, end, exact=True, possessive=name != whole)
        if misspelt:
            named = self._one_edit_away(bare, words=end - at)
            if named:
                return Hit(named, at, end, exact=False, possessive=bare != whole)
        return None

    def _one_edit_away(self, typed: str, *, words: int) -> Named | None:
        if not SHORTEST_MISSPELT - 1 <= len(typed) <= LONGEST_NAME:
            return None
        if words == 1 and typed in elsewhere.NOT_MISSPELT:
            return None
        found: set[Named] = set()
        for key in (typed, *_shortened(typed)):
            for name in self._near.get(key, ()):
                known = self._names[name]
                if known.parts >= words and OSA.distance(typed, name, score_cutoff=1) <= 1:
                    found.add(known.named)
        named = _the_one(found)
        return None if named is None or named.sort is Sort.ELSEWHERE else named

    def misspelt(self, typed: str) -> Named | None:
        """The one name of the region within 1 edit (7 letters) or 2 (8 and more) of a field.

        A name outside the region that lies as near leaves the field unread.
        """
        if not SHORTEST_MISSPELT - 2 <= len(typed) <= LONGEST_NAME:
            return None
        here: dict[Named, int] = {}
        there: dict[Named, int] = {}
        for name, known in self._names.items():
            limit = 1 if len(name) == SHORTEST_MISSPELT else 2
            if not _may_be_misspelt(name, known) or abs(len(name) - len(typed)) > limit:
                continue
            distance = OSA.distance(typed, name, score_cutoff=limit)
            if distance <= limit:
                found = there if known.named.sort is Sort.ELSEWHERE else here
                key = known.named
                found[key] = min(distance, found.get(key, distance))
        named = _the_one(set(here))
        if named and all(distance > here[named] for distance in there.values()):
            return named
        return None

    # --- Jurisdictions -------------------------------------------------------------------

    def county_of(self, jurisdiction: str) -> str:
        entry = self.jurisdictions.get(jurisdiction)
        return entry.county if entry else ""

    def within(self, jurisdiction: str) -> frozenset[str]:
        """The counties into which a jurisdiction reaches."""
        return self._within.get(jurisdiction, frozenset({self.county_of(jurisdiction)} - {""}))

    def is_county(self, jurisdiction: str) -> bool:
        entry = self.jurisdictions.get(jurisdiction)
        return entry is not None and entry.kind == "county"

    def county_beside(self, city: str) -> str:
        """The county that bears the name of a city which is its own county."""
        return next((county for one, county in self.shared.values() if one == city), "")

    def county_named(self, word: str) -> Named | None:
        """ "Lincoln" as the county of that name."""
        code = self._county_bases.get(word, "")
        return Named(Sort.COUNTY, code, frozenset({code})) if code else None

    # --- Building ------------------------------------------------------------------------

    @classmethod
    def of(cls, gazetteer: Gazetteer) -> "Atlas":
        atlas = cls(gazetteer)
        atlas._build()
        return atlas

    def _add(self, name: str, named: Named) -> None:
        key = compact(name)
        if not key or len(key) > LONGEST_NAME:
            return
        words = parts(name)
        before = self._names.get(key)
        free = before is None or before.named.sort is Sort.ELSEWHERE
        if free or (before and before.named == named and before.parts < words):
            self._names[key] = _Known(named, words, len(tokens_of(name)[-1].text) < SHORT_END)
        self.longest = max(self.longest, words)

    def _build(self) -> None:
        served = [place for place in self.gazetteer.places if place.region_counties]
        self.home_state = served[0].state if served else self.home_state
        self.jurisdictions = {entry.code: entry for entry in self.gazetteer.jurisdictions}
        self._add_counties()
        self._add_cities({compact(place.name): place for place in served})
        for place in served:
            if place.kind == "cdp" and len(place.region_counties) == 1:
                (county,) = place.region_counties
                self._add(place.name, _careful(place.name, Sort.CDP, county, {county}))
        self._add_aliases()
        self._add_elsewhere()
        self._near = self._index_near()
        self.exits = _exits(self.gazetteer.exits)

    def _add_counties(self) -> None:
        for entry in self.gazetteer.jurisdictions:
            if entry.kind == "county":
                named = Named(Sort.COUNTY, entry.code, frozenset({entry.code}))
                self._add(entry.name, named)
                self._county_bases[compact(_base(entry.name))] = entry.code
                for pattern in COUNTY_OF:
                    self._add(pattern.format(_base(entry.name)), named)

    def _add_cities(self, places: dict[str, PlaceEntry]) -> None:
        for entry in self.gazetteer.jurisdictions:
            if entry.kind == "county":
                continue
            name = _base(entry.name)
            place = places.get(compact(name))
            within = (
                {entry.county} if entry.county else set(place.region_counties if place else ())
            )
            if not entry.county:  # over a limit, so no one county is assumed
                within.add(OUTSIDE)
                self._within[entry.code] = frozenset(within)
            city = _careful(name, Sort.CITY, entry.code, within)
            for prefix in CITY_OF:
                self._add(f"{prefix} {name}", city)
            county = self._county_bases.get(compact(name), "")
            if entry.kind == "city-county" and county:
                self._add_shared(name, city, county)
            else:
                self._add(name, city)

    def _add_shared(self, name: str, city: Named, county: str) -> None:
        """A bare name that a city and a county bear, "St. Louis"."""
        self._add(f"{name} City", city)
        short = "-".join(token.text for token in tokens_of(name))
        self.shared[short] = (city.code, county)
        self._add(name, Named(Sort.SHARED, short, frozenset({city.code, county})))

    def _add_aliases(self) -> None:
        for alias in self.gazetteer.aliases:
            if alias.kind == "landmark":
                self._add_landmark(alias)
            elif alias.outcome == "out_of_area":
                if not self._add_namesake(alias):
                    self._add(alias.text, Named(Sort.ELSEWHERE))
            else:
                self._add(alias.text, self._alias(alias))

    def _alias(self, alias: AliasEntry) -> Named:
        if not alias.jurisdiction:
            short = next(iter(self.shared), "")
            return Named(Sort.SHARED, short, frozenset(self.shared.get(short, ())))
        if self.is_county(alias.jurisdiction):
            sort = Sort.CDP if alias.outcome == "resolved" else Sort.COUNTY
            return Named(sort, alias.jurisdiction, frozenset({alias.jurisdiction}))
        for known in self._names.values():
            if known.named.sort is Sort.CITY and known.named.code == alias.jurisdiction:
                return known.named
        county = self.county_of(alias.jurisdiction)
        return Named(Sort.CITY, alias.jurisdiction, frozenset({county} if county else ()))

    def _add_namesake(self, alias: AliasEntry) -> bool:
        """ "O'Fallon, IL" says that the bare name may also mean a town of Illinois."""
        tokens = tokens_of(alias.text)
        hit = self.hit_at(tokens, 0, misspelt=False) if tokens else None
        state = elsewhere.state_of("".join(t.text for t in tokens[hit.end :])) if hit else ""
        if hit and state and hit.named.sort is Sort.CITY:
            code = hit.named.code
            self.namesakes[code] = self.namesakes.get(code, frozenset()) | {state}
            return True
        return False

    def _add_landmark(self, alias: AliasEntry) -> None:
        words = tuple(street_words(tokens_of(alias.text)))
        if words:
            self.landmarks.setdefault(words[0], []).append((words, alias))
            self.landmarks[words[0]].sort(key=lambda known: -len(known[0]))

    def _add_elsewhere(self) -> None:
        for place in self.gazetteer.places:
            if not place.region_counties:
                self._add(place.name, _careful(place.name, Sort.ELSEWHERE, "", set()))
        for name in (*elsewhere.COUNTIES, *elsewhere.COUNTIES_OF_MORE_WORDS):
            for pattern in ("{} County", *COUNTY_OF):
                self._add(pattern.format(name), Named(Sort.ELSEWHERE))
        for name in elsewhere.CITIES:
            self._add(name, _careful(name, Sort.ELSEWHERE, "", set()))
        for country in elsewhere.WIDE:
            self._add(country, Named(Sort.ELSEWHERE, wide=True))

    def _index_near(self) -> dict[str, list[str]]:
        near: dict[str, list[str]] = defaultdict(list)
        for name, known in self._names.items():
            if _may_be_misspelt(name, known):
                for key in {name, *_shortened(name)}:
                    near[key].append(name)
        return dict(near)


def street_words(tokens: list[Token]) -> Iterator[str]:
    """Words in which streets are compared: rd is road, hwy is highway."""
    return (_STREET_WORDS.get(token.text, token.text) for token in tokens)


_STREET_WORDS = {
    "rd": "road", "hwy": "highway", "ln": "lane", "ave": "avenue", "av": "avenue",
    "blvd": "boulevard", "pkwy": "parkway", "dr": "drive", "ct": "court", "pl": "place",
    "w": "west", "e": "east", "n": "north", "s": "south", "y": "and",
}  # fmt: skip

_EXIT = re.compile(r"(\d{1,3})([A-Z]?)")
_kept: dict[str, Atlas] = {}
_KEPT_AT_MOST = 4


def atlas_of(gazetteer: Gazetteer) -> Atlas:
    """The index of this gazetteer, built once for each version."""
    kept = _kept.get(gazetteer.version)
    if kept is not None and kept.gazetteer is gazetteer:
        return kept
    atlas = Atlas.of(gazetteer)
    if len(_kept) >= _KEPT_AT_MOST:
        _kept.clear()
    _kept[gazetteer.version] = atlas
    return atlas


def _careful(name: str, sort: Sort, code: str, within: set[str]) -> Named:
    key = compact(name)
    return Named(
        sort,
        code,
        frozenset(within),
        ordinary=key in elsewhere.ORDINARY,
        borne=key in elsewhere.BORNE,
        wide=key in elsewhere.WIDE,
    )


def _base(name: str) -> str:
    """ "St. Charles" for "St. Charles County", "St. Louis" for "City of St. Louis"."""
    for prefix in CITY_OF:
        name = name.removeprefix(f"{prefix} ")
    return name.removesuffix(" County")


def _may_be_misspelt(name: str, known: _Known) -> bool:
    return len(name) >= SHORTEST_MISSPELT and not (known.parts > 1 and known.short_end)


def _shortened(name: str) -> Iterator[str]:
    return (name[:at] + name[at + 1 :] for at in range(len(name)))


def _the_one(found: set[Named]) -> Named | None:
    """One name, when all that was found names the same."""
    meant = {(named.sort, named.code) for named in found}
    return next(iter(found)) if len(meant) == 1 else None


def _exits(entries: tuple[ExitEntry, ...]) -> dict[str, dict[int, tuple[ExitEntry, ...]]]:
    roads: dict[str, dict[int, tuple[ExitEntry, ...]]] = {}
    for entry in entries:
        match = _EXIT.fullmatch(entry.exit.upper())
        if match:
            road = roads.setdefault(entry.highway, {})
            road[int(match[1])] = (*road.get(int(match[1]), ()), entry)
    return roads
