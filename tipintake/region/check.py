"""Do the entries of a pack agree with one another, and does somebody answer?

`read_pack` says whether each field can be read. This says whether the whole can be loaded:
every code points at something, every entry says where it comes from, no unverified number is
shown, and the lines that stand in for everybody else have people behind them.
"""

from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from django.conf import settings

from tipintake.directory.lookup import MUST_ANSWER, MUST_HAVE, unanswered
from tipintake.directory.models import SHOWABLE, Contact, VerifiedState
from tipintake.region.entries import Problem, Provenance
from tipintake.region.pack import (
    ALIASES,
    DIRECTORY,
    EXITS,
    JURISDICTIONS,
    OUTSIDE,
    PLACES,
    REFERRALS,
    ZIPS,
    Pack,
    PackContact,
    PackLine,
)

# The routing policy hands to these by name, in every region.
REQUIRED_LINES = (
    "mshp",
    "icac",
    "child-protection",
    "nhth",
    "crimestoppers",
    *MUST_ANSWER,
)
CHECKED = (VerifiedState.CORROBORATED, VerifiedState.CORROBORATED_DATED)


def check(pack: Pack) -> list[Problem]:
    """Everything to mend before the pack can be loaded, file by file. Empty: it is sound."""
    codes = _Codes.of(pack)
    return [
        *_region(pack, codes),
        *_required_lines(codes),
        *_somebody_answers(pack),
        *(problem for line in pack.lines for problem in _line(line, codes)),
        *_jurisdictions(pack, codes),
        *_places(pack, codes),
        *_aliases(pack, codes),
        *_exits(pack, codes),
        *_zips(pack, codes),
        *_referrals(pack),
        *_repeated(pack),
    ]


@dataclass(frozen=True, slots=True)
class _Codes:
    lines: frozenset[str]
    jurisdictions: frozenset[str]
    counties: frozenset[str]
    home: frozenset[str]

    @classmethod
    def of(cls, pack: Pack) -> "_Codes":
        entries = [row.entry for row in pack.jurisdictions]
        return cls(
            lines=frozenset(line.code for line in pack.lines),
            jurisdictions=frozenset(entry.code for entry in entries),
            counties=frozenset(entry.code for entry in entries if entry.kind != "city"),
            home=frozenset(pack.facts.home_counties),
        )


# --- The region and its lines ----------------------------------------------------------------


def _region(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    if not codes.counties:
        yield Problem(JURISDICTIONS, 0, "", "lists no county; write one row for each county.")
    if not codes.home:
        yield Problem(DIRECTORY, 0, "home_counties", "is empty; list the counties you serve.")
    if pack.facts.time_zone != settings.TIME_ZONE:
        advice = f"deadlines and days are those of {settings.TIME_ZONE} here; write that."
        yield Problem(DIRECTORY, 0, "time_zone", advice)
    for code in sorted(codes.home - codes.counties):
        yield Problem(
            DIRECTORY, 0, "home_counties", f"{code} is no county of {JURISDICTIONS}; add its row."
        )
    for file, provenance in pack.tables.items():
        yield from _provenance(provenance, DIRECTORY, 0, f"tables.{file.removesuffix('.csv')}")


def _required_lines(codes: _Codes) -> Iterator[Problem]:
    for code in REQUIRED_LINES:
        if code not in codes.lines:
            advice = (
                f"line {code} is missing; the routing policy hands tips to it. Add a [[line]]."
            )
            yield Problem(DIRECTORY, 0, "line", advice)


def _somebody_answers(pack: Pack) -> Iterator[Problem]:
    for line in pack.lines:
        roles = {contact.role for contact in line.contacts if contact.active}
        needed = MUST_HAVE if line.code in MUST_ANSWER else (Contact.Role.QUEUE,)
        for role in needed:
            if role not in roles:
                yield Problem(DIRECTORY, line.at, "contact", unanswered(line.code, role))
    coordinators = [
        contact
        for line in pack.lines
        for contact in line.contacts
        if contact.active and contact.role == Contact.Role.COORDINATOR
    ]
    if not coordinators:
        advice = "no line has a COORDINATOR contact, who is told at the second missed deadline."
        yield Problem(DIRECTORY, 0, "contact", f"{advice} Add one to regional-triage.")


def _line(line: PackLine, codes: _Codes) -> Iterator[Problem]:
    def wrong(field: str, message: str) -> Problem:
        return Problem(DIRECTORY, line.at, field, f"line {line.code}: {message}")

    yield from _provenance(line.provenance, DIRECTORY, line.at, f"line {line.code}")
    if line.county and line.county not in codes.counties:
        yield wrong("county", f"{line.county} is no county of {JURISDICTIONS}.")
    showable = line.provenance.state in SHOWABLE
    if line.number and not showable:
        yield wrong("number", "is not checked; move it to number_note until it is.")
    if line.shown and not showable:
        yield wrong("shown", "an unverified number is never shown; write shown = false.")
    if line.shown and not line.number:
        yield wrong("shown", "there is no number to show; write it in, or shown = false.")
    if line.number and showable and not line.shown:
        yield wrong("shown", "the number would be shown; write shown = true, or remove it.")
    dated = line.provenance.state == VerifiedState.CORROBORATED_DATED
    if line.number and dated and line.number_year is None:
        yield wrong("number_year", "the number rests on a dated source; write its year.")
    for contact in line.contacts:
        yield from _contact(line, contact)


def _contact(line: PackLine, contact: PackContact) -> Iterator[Problem]:
    def wrong(message: str) -> Problem:
        return Problem(DIRECTORY, contact.at, "address", f"contact of {line.code}: {message}")

    yield from _provenance(contact.provenance, DIRECTORY, contact.at, f"contact of {line.code}")
    address = contact.address
    if contact.channel == Contact.Channel.EMAIL and "@" not in address.strip("@"):
        yield wrong("write the e-mail address, such as desk@agency.example.")
    if contact.channel == Contact.Channel.WEBHOOK and not address.startswith("https://"):
        yield wrong("write the whole address, beginning with https://.")
    if contact.channel == Contact.Channel.CONSOLE and address:
        yield wrong("a console contact has none; remove it.")


def _provenance(provenance: Provenance, file: str, at: int, what: str) -> Iterator[Problem]:
    if not provenance.source:
        yield Problem(file, at, "source", f"{what}: say where this was read.")
    if provenance.state == VerifiedState.CONFIRMED:
        advice = "a pack confirms nothing; the installation does, on its own desk."
        yield Problem(file, at, "verified", f"{what}: {advice} Write corroborated or unverified.")
    if provenance.state in CHECKED and provenance.verified_on is None:
        yield Problem(file, at, "verified_on", f"{what}: write the day on which it was checked.")


# --- Places ----------------------------------------------------------------------------------


def _jurisdictions(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    for row in pack.jurisdictions:
        entry = row.entry

        def wrong(field: str, message: str, at: int = row.at) -> Problem:
            return Problem(JURISDICTIONS, at, field, message)

        for field, line in (("police_line", entry.police_line), ("task_force", entry.task_force)):
            if line and line not in codes.lines:
                yield wrong(
                    field, f"{line} is no line of {DIRECTORY}; add it or correct the code."
                )
        if entry.county and entry.county not in codes.counties:
            yield wrong("county", f"{entry.county} is no county of this file; add its row.")
        if entry.kind != "city":
            if entry.county != entry.code:
                yield wrong("county", f"a county is its own county: write {entry.code}.")
            if not entry.police_line:
                yield wrong("police_line", "a county needs one: its land has to be policed.")
        if entry.is_home != (entry.county in codes.home):
            yield wrong("is_home", f"says otherwise than home_counties in {DIRECTORY}.")


def _places(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    for row in pack.places:
        for county in row.entry.region_counties:
            if county not in codes.counties:
                yield Problem(
                    PLACES, row.at, "region_counties", f"{county} is no county of {JURISDICTIONS}."
                )
    listed = {row.geoid for row in pack.places}
    for jurisdiction in pack.jurisdictions:
        if jurisdiction.entry.kind != "county" and jurisdiction.geoid not in listed:
            advice = f"{jurisdiction.geoid} is not in {PLACES}; add the place."
            yield Problem(JURISDICTIONS, jurisdiction.at, "geoid", advice)


def _aliases(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    for row in pack.aliases:
        yield from _outcome(ALIASES, row.at, row.entry.outcome, row.entry.jurisdiction, codes)
        yield from _provenance(row.provenance, ALIASES, row.at, f"alias {row.entry.text}")
        if row.approved and row.provenance.state == VerifiedState.UNVERIFIED:
            advice = "an unverified alias decides nothing; write no until it is checked."
            yield Problem(ALIASES, row.at, "approved", advice)


def _exits(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    for row in pack.exits:
        entry = row.entry
        yield from _outcome(EXITS, row.at, entry.outcome, entry.jurisdiction, codes)
        for side in entry.sides:
            if side not in codes.jurisdictions:
                yield Problem(EXITS, row.at, "sides", f"{side} is not in {JURISDICTIONS}.")


def _outcome(
    file: str, at: int, outcome: str, jurisdiction: str, codes: _Codes
) -> Iterator[Problem]:
    if outcome == "resolved" and not jurisdiction:
        yield Problem(file, at, "jurisdiction", "is empty; resolved means that one is known.")
    if outcome == "out_of_area" and jurisdiction:
        yield Problem(file, at, "jurisdiction", "leave it empty: out of the area has none.")
    if jurisdiction and jurisdiction not in codes.jurisdictions:
        advice = f"{jurisdiction} is not in {JURISDICTIONS}; add it or correct the code."
        yield Problem(file, at, "jurisdiction", advice)
    elif outcome == "ambiguous" and jurisdiction and jurisdiction not in codes.counties:
        advice = f"ambiguous names the one county of all candidates; {jurisdiction} is no county."
        yield Problem(file, at, "jurisdiction", advice)


def _zips(pack: Pack, codes: _Codes) -> Iterator[Problem]:
    for row in pack.zips:
        if not row.counties:
            yield Problem(ZIPS, row.at, "counties", "is empty; list its counties, or remove it.")
        for county in row.counties:
            if county not in codes.counties and county != OUTSIDE:
                advice = f"{county} is no county of {JURISDICTIONS}; write {OUTSIDE} for others."
                yield Problem(ZIPS, row.at, "counties", advice)


def _referrals(pack: Pack) -> Iterator[Problem]:
    for row in pack.referrals:
        yield from _provenance(row.provenance, REFERRALS, row.at, f"referral {row.code}")
        if row.provenance.state in SHOWABLE and not (row.contact or row.url):
            advice = f"referral {row.code}: write a number or a site, or mark it unverified."
            yield Problem(REFERRALS, row.at, "contact", advice)


# --- Twice -----------------------------------------------------------------------------------

Entry = TypeVar("Entry")


def _repeated(pack: Pack) -> Iterator[Problem]:
    yield from _twice(DIRECTORY, "code", pack.lines, lambda row: row.code, lambda row: row.at)
    for line in pack.lines:
        yield from _twice(
            DIRECTORY,
            "contact",
            line.contacts,
            lambda row: (row.role, row.channel, row.address),
            lambda row: row.at,
        )
    yield from _twice(
        JURISDICTIONS, "code", pack.jurisdictions, lambda row: row.entry.code, lambda row: row.at
    )
    yield from _twice(
        JURISDICTIONS, "geoid", pack.jurisdictions, lambda row: row.geoid, lambda row: row.at
    )
    yield from _twice(PLACES, "geoid", pack.places, lambda row: row.geoid, lambda row: row.at)
    yield from _twice(
        ALIASES, "text", pack.aliases, lambda row: row.entry.text.casefold(), lambda row: row.at
    )
    yield from _twice(
        EXITS,
        "exit",
        pack.exits,
        lambda row: (row.entry.highway, row.entry.exit),
        lambda row: row.at,
    )
    yield from _twice(ZIPS, "zip", pack.zips, lambda row: row.zip, lambda row: row.at)
    yield from _twice(REFERRALS, "code", pack.referrals, lambda row: row.code, lambda row: row.at)


def _twice(
    file: str,
    field: str,
    rows: Iterable[Entry],
    key: Callable[[Entry], Hashable],
    at: Callable[[Entry], int],
) -> Iterator[Problem]:
    first: dict[Hashable, int] = {}
    for row in rows:
        if key(row) in first:
            advice = f"stands twice, first on line {first[key(row)]}; remove one of them."
            yield Problem(file, at(row), field, advice)
        first.setdefault(key(row), at(row))
