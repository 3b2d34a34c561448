"""A region pack as values: the files of one folder, read, typed and checked field by field.

docs/reference/region-pack.md describes each file. Whether entries agree with one another
(does the police line exist, does somebody answer) is the subject of `check.py`.
"""

import csv
import hashlib
import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tipintake.directory.gazetteer import (
    AliasEntry,
    ExitEntry,
    Gazetteer,
    JurisdictionEntry,
    PlaceEntry,
)
from tipintake.directory.models import Contact, Jurisdiction, Line, VerifiedState

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

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
GEOID = re.compile(r"\d{5}|\d{7}")
ZIP = re.compile(r"\d{5}")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend in a pack: where it stands and the way out."""

    file: str
    line: int  # 0 when the whole file is meant
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}:{self.line}" if self.line else self.file
        return (
            f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"
        )


class PackError(Exception):
    """The pack cannot be read. `problems` names every place to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(problem) for problem in problems))


@dataclass(frozen=True, slots=True)
class Provenance:
    source: str
    state: str
    verified_on: date | None


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
    directory = _Toml(folder, DIRECTORY, problems, allowed=("region", "tables", "line"))
    referrals = _Toml(folder, REFERRALS, problems, allowed=("referral",))
    if problems:
        raise PackError(problems)
    pack = Pack(
        folder=folder,
        digest=digest_of(folder),
        facts=_facts(directory),
        tables=_tables(directory),
        lines=_lines(directory),
        jurisdictions=_rows(folder, JURISDICTIONS, _jurisdiction, problems),
        places=_rows(folder, PLACES, _place, problems),
        aliases=_rows(folder, ALIASES, _alias, problems),
        exits=_rows(folder, EXITS, _exit, problems),
        zips=_rows(folder, ZIPS, _zip, problems),
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


# --- One entry, field by field ---------------------------------------------------------------


@dataclass(slots=True)
class _Entry:
    """A table of TOML or a row of CSV: each field is asked for once; what is left is unknown."""

    file: str
    at: int
    values: dict[str, Any]
    problems: list[Problem]
    asked: list[str] = field(default_factory=list)

    def wrong(self, name: str, message: str) -> None:
        self.problems.append(Problem(self.file, self.at, name, message))

    def _take(self, name: str) -> Any:
        self.asked.append(name)
        return self.values.get(name)

    def text(self, name: str, *, most: int, needed: bool = True) -> str:
        value = self._take(name)
        if value is None or value == "":
            if needed:
                self.wrong(name, "is empty; write it in, or remove the whole entry.")
            return ""
        if not isinstance(value, str):
            self.wrong(name, f"is {value!r}; put quotation marks around it.")
            return ""
        value = value.strip()
        if len(value) > most:
            self.wrong(name, f"has {len(value)} characters; shorten it to {most}.")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        value = self._take(name)
        if value in (None, "") and default:
            return default
        if value not in allowed:
            self.wrong(name, f"is {value or ''!r}; use one of {', '.join(allowed)}.")
            return allowed[0]
        return str(value)

    def pattern(self, name: str, shape: re.Pattern[str], example: str) -> str:
        value = self.text(name, most=60)
        if value and not shape.fullmatch(value):
            self.wrong(name, f"is {value!r}; write it like {example}.")
        return value

    def code(self, name: str, *, needed: bool = True) -> str:
        value = self.text(name, most=60, needed=needed)
        if value and not CODE.fullmatch(value):
            self.wrong(name, f"is {value!r}; use small letters, digits and hyphens.")
        return value

    def flag(self, name: str, *, default: bool | None = None) -> bool:
        value = self._take(name)
        if value is None and default is not None:
            return default
        if isinstance(value, bool):
            return value
        if value in ("yes", "no"):
            return bool(value == "yes")
        self.wrong(name, f"is {value or ''!r}; use yes or no (true or false in TOML).")
        return False

    def whole_number(self, name: str, *, least: int, most: int) -> int | None:
        value = self._take(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
            self.wrong(name, f"is {value!r}; use a whole number from {least} to {most}.")
            return None
        return value

    def day(self, name: str) -> date | None:
        value = self._take(name)
        if value in (None, ""):
            return None
        try:
            if isinstance(value, str):
                return date.fromisoformat(value)
        except ValueError:
            pass
        if type(value) is date:
            return value
        self.wrong(name, f"is {value!r}; write the day as 2026-11-25.")
        return None

    def codes(self, name: str) -> tuple[str, ...]:
        value = self._take(name)
        parts = value.split("|") if isinstance(value, str) and value else value or []
        if not isinstance(parts, list) or not all(
            isinstance(part, str) and CODE.fullmatch(part) for part in parts
        ):
            self.wrong(name, f"is {value!r}; list codes (in CSV with | between them).")
            return ()
        return tuple(parts)

    def tables(self, name: str) -> list[dict[str, Any]]:
        value = self._take(name)
        if value is None:
            return []
        if not isinstance(value, list) or not all(isinstance(row, dict) for row in value):
            self.wrong(name, f"write each as its own [[{name}]] table.")
            return []
        return value

    def provenance(self, default: Provenance | None = None) -> Provenance:
        states = tuple(VerifiedState.values)
        if default is not None and not {"source", "verified", "verified_on"} & self.values.keys():
            self.asked += ["source", "verified", "verified_on"]
            return default
        return Provenance(
            source=self.text("source", most=300),
            state=self.one_of("verified", states),
            verified_on=self.day("verified_on"),
        )

    def done(self) -> None:
        for name in self.values.keys() - set(self.asked):
            known = ", ".join(self.asked)
            self.wrong(name, f"is not a field of this entry; remove it, or use one of {known}.")


# --- TOML ------------------------------------------------------------------------------------


class _Toml:
    """One TOML file, which also knows on which line each of its tables begins."""

    def __init__(
        self, folder: Path, name: str, problems: list[Problem], *, allowed: tuple[str, ...]
    ) -> None:
        self.name = name
        self.problems = problems
        self.values: dict[str, Any] = {}
        self.starts: dict[str, Iterator[int]] = {}
        try:
            text = (folder / name).read_text(encoding="utf-8")
            self.values = tomllib.loads(text)
        except UnicodeDecodeError:
            problems.append(Problem(name, 0, "", "is not UTF-8; save it again as UTF-8."))
        except tomllib.TOMLDecodeError as error:
            at = re.search(r"at line (\d+)", str(error))
            problems.append(
                Problem(name, int(at[1]) if at else 0, "", f"is not TOML: {error}; mend the line.")
            )
        else:
            self.starts = _headers(text)
        for unknown in self.values.keys() - set(allowed):
            advice = f"is not part of this file; use {', '.join(allowed)}."
            problems.append(
                Problem(name, next(self.starts.get(unknown, iter(())), 0), unknown, advice)
            )

    def table(self, name: str) -> _Entry:
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.problems.append(Problem(self.name, 0, name, f"write it as a [{name}] table."))
            value = {}
        return self.entry(name, value)

    def entry(self, header: str, values: dict[str, Any]) -> _Entry:
        at = next(self.starts.get(header, iter(())), 0)
        return _Entry(self.name, at, values, self.problems)

    def entries(self, header: str) -> Iterator[_Entry]:
        whole = _Entry(self.name, 0, self.values, self.problems)
        for values in whole.tables(header):
            yield self.entry(header, values)


def _headers(text: str) -> dict[str, Iterator[int]]:
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r'\s*\[{1,2}\s*([\w."-]+)\s*\]{1,2}', line)
        if header:
            found.setdefault(header[1].replace('"', ""), []).append(number)
    return {name: iter(numbers) for name, numbers in found.items()}


def _facts(directory: _Toml) -> RegionFacts:
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


def _tables(directory: _Toml) -> dict[str, Provenance]:
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


def _lines(directory: _Toml) -> tuple[PackLine, ...]:
    return tuple(_line(entry, directory) for entry in directory.entries("line"))


def _line(entry: _Entry, directory: _Toml) -> PackLine:
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


def _contact(entry: _Entry, of_the_line: Provenance) -> PackContact:
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


def _referrals(file: _Toml) -> tuple[PackReferral, ...]:
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


Row = TypeVar("Row")  # one kind of value, made of one row of CSV

# --- CSV -------------------------------------------------------------------------------------


def _rows(
    folder: Path,
    name: str,
    make: Callable[[_Entry], Row],
    problems: list[Problem],
) -> tuple[Row, ...]:
    """Rows of one CSV file. Blank lines and lines that begin with # are remarks."""
    rows: list[Row] = []
    header: list[str] = []
    try:
        text = (folder / name).read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        problems.append(Problem(name, 0, "", "is not UTF-8; save it again as UTF-8."))
        return ()
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip() or line.startswith("#"):
            continue
        cells = next(csv.reader([line]))
        if not header:
            header = cells
            if header != list(COLUMNS[name]):
                wanted = ",".join(COLUMNS[name])
                problems.append(Problem(name, number, "", f"write the first line as {wanted}"))
                return ()
        elif len(cells) != len(header):
            advice = f"has {len(cells)} cells, the first line has {len(header)}; quote commas."
            problems.append(Problem(name, number, "", advice))
        else:
            entry = _Entry(name, number, dict(zip(header, cells, strict=True)), problems)
            rows.append(make(entry))
    if not header:
        problems.append(Problem(name, 0, "", f"is empty; begin with {','.join(COLUMNS[name])}"))
    return tuple(rows)


def _jurisdiction(row: _Entry) -> PackJurisdiction:
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


def _place(row: _Entry) -> PackPlace:
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


def _alias(row: _Entry) -> PackAlias:
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


def _exit(row: _Entry) -> PackExit:
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


def _zip(row: _Entry) -> PackZip:
    return PackZip(zip=row.pattern("zip", ZIP, "63385"), counties=row.codes("counties"), at=row.at)
