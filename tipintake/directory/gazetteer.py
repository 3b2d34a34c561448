"""What is known of places, as values, whether read from a pack's files or the database."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class JurisdictionEntry:
    code: str  # "wentzville-mo", "st-charles-county"
    name: str  # "Wentzville", "St. Charles County"
    kind: str  # "city" | "county" | "city-county"
    county: str  # county code; own code for a county; "" for a municipality over two counties
    police_line: str  # line code or ""
    task_force: str  # line code of its county's task force or ""
    is_home: bool  # in a home county
    geoid: str = ""  # Census code, by which boundaries are found


@dataclass(frozen=True, slots=True)
class PlaceEntry:
    name: str
    state: str  # USPS
    kind: str  # "city" | "cdp" | "inactive" | "other"
    region_counties: tuple[str, ...]  # county codes; empty: outside the region
    geoid: str = ""


@dataclass(frozen=True, slots=True)
class AliasEntry:
    text: str
    kind: str  # "name" | "landmark"
    outcome: str  # "resolved" | "ambiguous" | "out_of_area"
    jurisdiction: str  # "" when outcome names none


@dataclass(frozen=True, slots=True)
class ExitEntry:
    highway: str  # "I-70"
    exit: str  # "210B"
    outcome: str  # "resolved" | "ambiguous"
    jurisdiction: str  # the jurisdiction, or the one county of an ambiguous exit, or ""
    sides: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gazetteer:
    version: str  # digest of the pack it came from
    jurisdictions: tuple[JurisdictionEntry, ...] = ()
    places: tuple[PlaceEntry, ...] = ()
    aliases: tuple[AliasEntry, ...] = ()  # approved ones only
    exits: tuple[ExitEntry, ...] = ()
    # zip -> the county codes that hold 1 % or more of it; "outside" stands for any other county
    zips: dict[str, tuple[str, ...]] = field(default_factory=dict)
    line_codes: frozenset[str] = frozenset()
