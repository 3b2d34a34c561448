"""A region pack as values: the files of one folder, read, typed and checked field by field.

docs/reference/region-pack.md describes each file. Whether entries agree with one another
(does the police line exist, does somebody answer) is the subject of `check.py`.
"""

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tipintake.directory.gazetteer import (
    AliasEntry,
    ExitEntry,
    Gazetteer,
    JurisdictionEntry,
    PlaceEntry,
)
from tipintake.directory.models import Contact, Jurisdiction, Line
from tipintake.region.entries import (
    Entry,
    PackError,
    Problem,
    Provenance,
    Row,
    TomlFile,
    rows_of,
)

DIRECTORY = "directory.toml"
REFERRALS = "referrals.toml"
JURISDICTIONS = "jurisdictions.csv"
PLACES = "places.csv"
ALIASES = "aliases.csv"
EXITS = "exits.csv"
ZIPS = "zips.csv"
FILES = (DIRECTORY, REFERRALS, JURISDICTIONS, PLACES, ALIASES, EXITS, ZIPS)
TABLES = (JURISDICTIONS, PLACES, EXITS, ZIPS)  # sourced as a whole, in directory.toml
COLUMNS = {
    JURISDICTIONS: (
        "code",
        "name",
        "kind",
        "geoid",
        "county",
        "police_line",
        "task_force",
        "is_home",
    ),
    PLACES: ("geoid", "name", "state", "kind", "region_counties"),
    ALIASES: (
        "text",
        "kind",
        "outcome",
        "jurisdiction",
        "approved",
        "source",
        "verified",
        "verified_on",
    ),
    EXITS: ("highway", "exit", "outcome", "jurisdiction", "sides"),
    ZIPS: ("zip", "counties"),
}

OUTSIDE = "outside"  # stands in zips.csv for a county outside the region
PLACE_KINDS = ("city", "cdp", "inactive", "other")
ALIAS_KINDS = ("name", "landmark")
ALIAS_OUTCOMES = ("resolved", "ambiguous", "out_of_area")
EXIT_OUTCOMES = ("resolved", "ambiguous")
REFERRAL_KINDS = ("emergency", "hotline", "child", "online", "shelter", "health", "counseling")

GEOID = re.compile(r"\d{5}|\d{7}")
ZIP = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class RegionFacts:
    code: str
    name: str
    name_es: str
    state: str
    time_zone: str
    home_counties: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PackContact:
    role: str
    name: str
    channel: str
    address: str
    active: bool
    provenance: Provenance
    at: int  # line of directory.toml


@dataclass(frozen=True, slots=True)
class PackLine:
    code: str
    agency: str
    name: str
    resident_name: str
    resident_name_es: str
    kind: str
    number: str
    number_year: int | None
    number_note: str
    shown: bool  # what the reviewer meant; check.py compares it with the state
    county: str
    call_script: str
    provenance: Provenance
    contacts: tuple[PackContact, ...]
    at: int


@dataclass(frozen=True, slots=True)
class PackJurisdiction:
    entry: JurisdictionEntry
    geoid: str
    at: int


@dataclass(frozen=True, slots=True)
class PackPlace:
    entry: PlaceEntry
    geoid: str
    at: int


@dataclass(frozen=True, slots=True)
class PackAlias:
    entry: AliasEntry
    approved: bool
    provenance: Provenance
    at: int


@dataclass(frozen=True, slots=True)
class PackExit:
    entry: ExitEntry
    at: int


@dataclass(frozen=True, slots=True)
class PackZip:
    zip: str
    counties: tuple[str, ...]
    at: int


@dataclass(frozen=True, slots=True)
class PackReferral:
    code: str
    name: str
    name_es: str
    what: str
    what_es: str
    kind: str
    contact: str
    url: str
    city: str
    position: int
    provenance: Provenance
    at: int


@dataclass(frozen=True, slots=True)
class Pack:
    """One region as its files say it."""

    folder: Path
    digest: str
    facts: RegionFacts
    tables: Mapping[str, Provenance]
    lines: tuple[PackLine, ...] = ()
    jurisdictions: tuple[PackJurisdiction, ...] = ()
    places: tuple[PackPlace, ...] = ()
    aliases: tuple[PackAlias, ...] = ()
    exits: tuple[PackExit, ...] = ()
    zips: tuple[PackZip, ...] = ()
    referrals: tuple[PackReferral, ...] = ()

    def gazetteer(self) -> Gazetteer:
        """What is known of places, without a database: for simulations and tests of rules."""
        return Gazetteer(
            version=self.digest,
            jurisdictions=tuple(row.entry for row in self.jurisdictions),
            places=tuple(row.entry for row in self.places),
            aliases=tuple(row.entry for row in self.aliases if row.approved),
            exits=tuple(row.entry for row in self.exits),
            zips={row.zip: row.counties for row in self.zips},
            line_codes=frozenset(line.code for line in self.lines),
        )


def read_pack(folder: Path) -> Pack:
    """Read every file of the pack, or raise `PackError` with all that must be mended."""
    try:
        return _read_files(folder)
    except OSError as error:
        says = f"cannot be read ({error.strerror}): let this account read it."
        raise PackError([Problem(str(error.filename or folder), 0, "", says)]) from None


def _read_files(folder: Path) -> Pack:
    missing = [name for name in FILES if not (folder / name).is_file()]
    if missing:
        advice = "the file is missing; `manage.py region new` writes one to start from."
        raise PackError([Problem(str(folder / name), 0, "", advice) for name in missing])
    problems: list[Problem] = []
    directory = TomlFile(folder, DIRECTORY, problems, allowed=("region", "tables", "line"))
    referrals = TomlFile(folder, REFERRALS, problems, allowed=("referral",))
    if problems:
        raise PackError(problems)

    def rows(name: str, make: Callable[[Entry], Row]) -> tuple[Row, ...]:
        return rows_of(folder, name, COLUMNS[name], make, problems)

    pack = Pack(
        folder=folder,
        digest=digest_of(folder),
        facts=_facts(directory),
        tables=_tables(directory),
        lines=_lines(directory),
        jurisdictions=rows(JURISDICTIONS, _jurisdiction),
        places=rows(PLACES, _place),
        aliases=rows(ALIASES, _alias),
        exits=rows(EXITS, _exit),
        zips=rows(ZIPS, _zip),
        referrals=_referrals(referrals),
    )
    if problems:
        raise PackError(problems)
    return pack


def digest_of(folder: Path) -> str:
    """SHA-256 over the files that a load reads, names included."""
    total = hashlib.sha256()
    for name in FILES:
        total.update(name.encode() + b"\0")
        total.update(hashlib.sha256((folder / name).read_bytes()).digest())
    return total.hexdigest()


def _facts(directory: TomlFile) -> RegionFacts:
    entry = directory.table("region")
    facts = RegionFacts(
        code=entry.code("code"),
        name=entry.text("name", most=120),
        name_es=entry.text("name_es", most=120),
        state=entry.pattern("state", re.compile(r"[A-Z]{2}"), "MO"),
        time_zone=entry.text("time_zone", most=60),
        home_counties=entry.codes("home_counties"),
    )
    entry.done()
    return facts


def _tables(directory: TomlFile) -> dict[str, Provenance]:
    whole = directory.table("tables")
    sourced: dict[str, Provenance] = {}
    for file in TABLES:
        name = file.removesuffix(".csv")
        whole.asked.append(name)
        values = whole.values.get(name, {})
        entry = directory.entry(f"tables.{name}", values if isinstance(values, dict) else {})
        sourced[file] = entry.provenance()
        entry.done()
    whole.done()
    return sourced


def _lines(directory: TomlFile) -> tuple[PackLine, ...]:
    return tuple(_line(entry, directory) for entry in directory.entries("line"))


def _line(entry: Entry, directory: TomlFile) -> PackLine:
    provenance = entry.provenance()
    line = PackLine(
        code=entry.code("code"),
        agency=entry.text("agency", most=120),
        name=entry.text("name", most=120),
        resident_name=entry.text("resident_name", most=120),
        resident_name_es=entry.text("resident_name_es", most=120),
        kind=entry.one_of("kind", tuple(Line.Kind.values)),
        number=entry.text("number", most=80, needed=False),
        number_year=entry.whole_number("number_year", least=1990, most=2100),
        number_note=entry.text("number_note", most=300, needed=False),
        shown=entry.flag("shown"),
        county=entry.code("county", needed=False),
        call_script=entry.text("call_script", most=2000),
        provenance=provenance,
        contacts=tuple(
            _contact(directory.entry("line.contact", values), provenance)
            for values in entry.tables("contact")
        ),
        at=entry.at,
    )
    entry.done()
    return line


def _contact(entry: Entry, of_the_line: Provenance) -> PackContact:
    contact = PackContact(
        role=entry.one_of("role", tuple(Contact.Role.values)),
        name=entry.text("name", most=120),
        channel=entry.one_of("channel", tuple(Contact.Channel.values)),
        address=entry.text("address", most=300, needed=False),
        active=entry.flag("active", default=True),
        provenance=entry.provenance(of_the_line),
        at=entry.at,
    )
    entry.done()
    return contact


def _referrals(file: TomlFile) -> tuple[PackReferral, ...]:
    rows = []
    for position, entry in enumerate(file.entries("referral"), start=1):
        rows.append(
            PackReferral(
                code=entry.code("code"),
                name=entry.text("name", most=120),
                name_es=entry.text("name_es", most=120),
                what=entry.text("what", most=200),
                what_es=entry.text("what_es", most=200),
                kind=entry.one_of("kind", REFERRAL_KINDS),
                contact=entry.text("contact", most=120, needed=False),
                url=entry.text("url", most=200, needed=False),
                city=entry.text("city", most=60, needed=False),
                position=position * 10,
                provenance=entry.provenance(),
                at=entry.at,
            )
        )
        entry.done()
    return tuple(rows)


def _jurisdiction(row: Entry) -> PackJurisdiction:
    geoid = row.pattern("geoid", GEOID, "2978442 (place) or 29183 (county)")
    return PackJurisdiction(
        entry=JurisdictionEntry(
            code=row.code("code"),
            name=row.text("name", most=80),
            kind=row.one_of("kind", tuple(Jurisdiction.Kind.values)),
            county=row.code("county", needed=False),
            police_line=row.code("police_line", needed=False),
            task_force=row.code("task_force", needed=False),
            is_home=row.flag("is_home"),
            geoid=geoid,
        ),
        geoid=geoid,
        at=row.at,
    )


def _place(row: Entry) -> PackPlace:
    geoid = row.pattern("geoid", GEOID, "2978442")
    return PackPlace(
        entry=PlaceEntry(
            name=row.text("name", most=80),
            state=row.pattern("state", re.compile(r"[A-Z]{2}"), "MO"),
            kind=row.one_of("kind", PLACE_KINDS),
            region_counties=row.codes("region_counties"),
            geoid=geoid,
        ),
        geoid=geoid,
        at=row.at,
    )


def _alias(row: Entry) -> PackAlias:
    return PackAlias(
        entry=AliasEntry(
            text=row.text("text", most=120),
            kind=row.one_of("kind", ALIAS_KINDS),
            outcome=row.one_of("outcome", ALIAS_OUTCOMES),
            jurisdiction=row.code("jurisdiction", needed=False),
        ),
        approved=row.flag("approved"),
        provenance=row.provenance(),
        at=row.at,
    )


def _exit(row: Entry) -> PackExit:
    return PackExit(
        entry=ExitEntry(
            highway=row.pattern("highway", re.compile(r"(?:I|US|MO)-\d{1,3}"), "I-70"),
            exit=row.pattern("exit", re.compile(r"\d{1,3}[A-Z]?"), "210 or 210B"),
            outcome=row.one_of("outcome", EXIT_OUTCOMES),
            jurisdiction=row.code("jurisdiction", needed=False),
            sides=row.codes("sides"),
        ),
        at=row.at,
    )


def _zip(row: Entry) -> PackZip:
    return PackZip(zip=row.pattern("zip", ZIP, "63385"), counties=row.codes("counties"), at=row.at)
