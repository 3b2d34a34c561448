"""What loading a pack would change in the directory, row by row, and what it would leave alone.

A row that this installation confirmed, changed or removed since the last load is the
installation's own: it is kept as it is and reported. To see that, each load leaves behind what
it wrote (`RegionRelease.written`); a row that still reads the same was touched by nobody.
"""

import csv
import enum
import io
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from django.db import models

from tipintake.directory.models import (
    Alias,
    Contact,
    HighwayExit,
    Jurisdiction,
    KnownPlace,
    Line,
    Referral,
    RegionRelease,
    VerifiedState,
    ZipArea,
)
from tipintake.region.entries import Provenance
from tipintake.region.pack import Pack

Values = dict[str, Any]  # by field name, as JSON keeps them
Key = tuple[str, ...]


class Act(enum.StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"
    RETIRE = "retire"  # made inactive, so that what points at it still stands
    KEEP = "keep"  # the installation's own; nothing is written


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    model: type[models.Model]
    key: tuple[str, ...]
    staffs: bool = False  # staff may change its rows; those are kept
    retires: bool = False  # a row that vanished is made inactive

    @property
    def rows(self) -> models.QuerySet[models.Model]:
        return models.QuerySet(self.model)


@dataclass(frozen=True, slots=True)
class Change:
    table: Table
    key: Key
    act: Act
    pk: int | None = None
    values: Mapping[str, Any] | None = None  # the whole row to write
    fields: Mapping[str, tuple[Any, Any]] | None = None  # field -> (here, in the pack)
    why: str = ""

    @property
    def writes(self) -> bool:
        return self.act is not Act.KEEP


LINE = Table("line", Line, ("code",), staffs=True, retires=True)
CONTACT = Table(
    "contact", Contact, ("line__code", "role", "channel", "address"), staffs=True, retires=True
)
REFERRAL = Table("referral", Referral, ("code",), staffs=True)
ALIAS = Table("alias", Alias, ("text",), staffs=True)
JURISDICTION = Table("jurisdiction", Jurisdiction, ("code",))
PLACE = Table("place", KnownPlace, ("geoid",))
EXIT = Table("exit", HighwayExit, ("highway", "exit"))
ZIP = Table("ZIP", ZipArea, ("zip",))
TABLES = (LINE, CONTACT, REFERRAL, ALIAS, JURISDICTION, PLACE, EXIT, ZIP)


def changes_of(pack: Pack) -> tuple[Change, ...]:
    """Everything a load of this pack would do to the database as it is now."""
    release = RegionRelease.objects.order_by("-pk").first()
    before: Mapping[str, Mapping[str, Values]] = release.written if release else {}
    wanted = rows_of(pack)
    found: list[Change] = []
    for table in TABLES:
        written = before.get(table.name, {}) if table.staffs else {}
        found += _compare(table, wanted[table], written)
    return _contacts_of_new_lines(found, wanted[CONTACT])


def rows_of(pack: Pack) -> dict[Table, list[Values]]:
    """The rows that a pack means, by table, in the pack's order."""
    return {
        LINE: [_line(pack, n) for n in range(len(pack.lines))],
        CONTACT: [row for n in range(len(pack.lines)) for row in _contacts(pack, n)],
        REFERRAL: [
            {
                "code": row.code,
                "name": row.name,
                "name_es": row.name_es,
                "what": row.what,
                "what_es": row.what_es,
                "kind": row.kind,
                "contact": row.contact,
                "url": row.url,
                "city": row.city,
                "position": row.position,
                **_sourced(row.provenance),
            }
            for row in pack.referrals
        ],
        ALIAS: [
            {
                "text": row.entry.text,
                "kind": row.entry.kind,
                "outcome": row.entry.outcome,
                "jurisdiction": row.entry.jurisdiction,
                "approved": row.approved,
                **_sourced(row.provenance),
            }
            for row in pack.aliases
        ],
        JURISDICTION: [
            {
                "code": row.entry.code,
                "name": row.entry.name,
                "kind": row.entry.kind,
                "geoid": row.geoid,
                "county": row.entry.county,
                "police_line": row.entry.police_line,
                "task_force": row.entry.task_force,
                "is_home": row.entry.is_home,
            }
            for row in pack.jurisdictions
        ],
        PLACE: [
            {
                "geoid": row.geoid,
                "name": row.entry.name,
                "state": row.entry.state,
                "kind": row.entry.kind,
                "region_counties": list(row.entry.region_counties),
            }
            for row in pack.places
        ],
        EXIT: [
            {
                "highway": row.entry.highway,
                "exit": row.entry.exit,
                "outcome": row.entry.outcome,
                "jurisdiction": row.entry.jurisdiction,
                "sides": list(row.entry.sides),
            }
            for row in pack.exits
        ],
        ZIP: [{"zip": row.zip, "counties": list(row.counties)} for row in pack.zips],
    }


def key_of(table: Table, row: Mapping[str, Any]) -> Key:
    return tuple(str(row[field]) for field in table.key)


def written_by(wanted: Mapping[Table, list[Values]]) -> dict[str, dict[str, Values]]:
    """What a release remembers: the rows of the tables that staff may change."""
    return {
        table.name: {"|".join(key_of(table, row)): row for row in rows}
        for table, rows in wanted.items()
        if table.staffs
    }


def in_words(change: Change) -> str:
    """One change as a sentence for the person who is about to load."""
    what = f"{change.table.name} {' '.join(part for part in change.key if part)}"
    fields = ", ".join(
        f"{name} {_short(here)} → {_short(pack)}"
        for name, (here, pack) in (change.fields or {}).items()
    )
    match change.act:
        case Act.ADD:
            return f"add {what}"
        case Act.CHANGE:
            return f"change {what}: {fields}"
        case Act.REMOVE:
            return f"remove {what}: the pack no longer has it"
        case Act.RETIRE:
            return f"retire {what}: the pack no longer has it; it is kept but inactive"
        case Act.KEEP:
            differs = f"; the pack differs in {fields}" if fields else ""
            return f"keep {what}: {change.why}{differs}"


# --- Comparing one table ---------------------------------------------------------------------


def _compare(
    table: Table, wanted: Iterable[Values], written: Mapping[str, Values]
) -> Iterable[Change]:
    rows = {key_of(table, row): row for row in wanted}
    fields = {name for row in (*rows.values(), *written.values()) for name in row}
    present = _present(table, fields)
    for key, row in rows.items():
        here = present.get(key)
        before = written.get("|".join(key))
        if here is None:
            if before is not None and table is not LINE:
                yield Change(table, key, Act.KEEP, why="changed or removed by this installation")
            else:
                yield Change(table, key, Act.ADD, values=row)
            continue
        differs = {f: (here[f], row[f]) for f in row if here[f] != row[f]}
        if not differs:
            continue
        why = _staffs_own(table, here, before)
        act = Act.KEEP if why else Act.CHANGE
        yield Change(table, key, act, pk=here["pk"], values=row, fields=differs, why=why)
    for key in present.keys() - rows.keys():
        before = written.get("|".join(key))
        change = _taught(present[key]) if table is ALIAS and before is None else None
        change = change or _gone(table, key, present[key], before)
        if change:
            yield change


def _present(table: Table, fields: set[str]) -> dict[Key, Values]:
    names = {*fields, *table.key} | ({"verified_state"} if table.staffs else set())
    names |= {"active"} if table.retires else set()
    rows = table.rows.order_by("pk").values("pk", *sorted(names))
    return {key_of(table, row): {f: _plain(v) for f, v in row.items()} for row in rows}


def _staffs_own(table: Table, here: Values, before: Values | None) -> str:
    """Why a row is the installation's own, or nothing."""
    if not table.staffs:
        return ""
    if here["verified_state"] == VerifiedState.CONFIRMED:
        return "confirmed by this installation"
    if before is not None and any(here.get(f, v) != v for f, v in before.items()):
        return "changed by this installation"
    return ""


def _gone(table: Table, key: Key, here: Values, before: Values | None) -> Change | None:
    if table.staffs and before is None:
        return None  # added by staff, or retired by an earlier load
    why = _staffs_own(table, here, before)
    if why:
        return Change(table, key, Act.KEEP, pk=here["pk"], why=f"{why}; the pack dropped it")
    if not table.retires:
        return Change(table, key, Act.REMOVE, pk=here["pk"])
    return Change(table, key, Act.RETIRE, pk=here["pk"]) if here["active"] else None


def _taught(here: Values) -> Change:
    """A name that staff taught at the desk: the pack does not have it yet."""
    if here["approved"]:
        why = f"taught at this desk; for aliases.csv: {_line_of_csv(here)}"
    else:
        why = "proposed at this desk; a second person has to approve it"
    return Change(ALIAS, (str(here["text"]),), Act.KEEP, pk=here["pk"], why=why)


def _line_of_csv(alias: Values) -> str:
    """The row that a county officer would add. "Confirmed" is never written in a pack."""
    text = io.StringIO()
    csv.writer(text, lineterminator="").writerow(
        [
            alias["text"],
            alias["kind"],
            alias["outcome"],
            alias["jurisdiction"],
            "yes",
            alias["source"],
            VerifiedState.CORROBORATED.value,
            alias["verified_on"] or "",
        ]
    )
    return text.getvalue()


def _contacts_of_new_lines(found: list[Change], contacts: Iterable[Values]) -> tuple[Change, ...]:
    """A line that is written anew gets its contacts, even those that went away with it."""
    new = {change.key[0] for change in found if change.table is LINE and change.act is Act.ADD}
    rows = {key_of(CONTACT, row): row for row in contacts}
    return tuple(
        replace(change, act=Act.ADD, values=rows[change.key], why="")
        if change.table is CONTACT and change.act is Act.KEEP and change.key[0] in new
        else change
        for change in found
    )


# --- Rows ------------------------------------------------------------------------------------


def _line(pack: Pack, number: int) -> Values:
    line = pack.lines[number]
    return {
        "code": line.code,
        "agency": line.agency,
        "name": line.name,
        "resident_name": line.resident_name,
        "resident_name_es": line.resident_name_es,
        "kind": line.kind,
        "number": line.number,
        "number_year": line.number_year,
        "number_note": line.number_note,
        "county": line.county,
        "call_script": line.call_script,
        "active": True,
        **_sourced(line.provenance),
    }


def _contacts(pack: Pack, number: int) -> Iterable[Values]:
    line = pack.lines[number]
    for contact in line.contacts:
        yield {
            "line__code": line.code,
            "role": contact.role,
            "channel": contact.channel,
            "address": contact.address,
            "name": contact.name,
            "active": contact.active,
            **_sourced(contact.provenance),
        }


def _sourced(provenance: Provenance) -> Values:
    return {
        "source": provenance.source,
        "verified_state": provenance.state,
        "verified_by": "",
        "verified_on": _plain(provenance.verified_on),
    }


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else value


def _short(value: Any) -> str:
    text = str(value if value not in (None, "") else "nothing")
    return repr(text if len(text) <= 60 else text[:57] + "…")
