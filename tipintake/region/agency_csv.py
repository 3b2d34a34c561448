"""A list that an agency sent: what it would change, shown before anything is written.

The first row names the columns: `code`, and any of the fields that may be corrected. An empty
cell says nothing; a single dash empties the field. Only entries that are here can be changed: a
new line decides where tips go, and belongs into the region pack.
"""

import csv
import hashlib
import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from tipintake.directory.models import DirectoryChange
from tipintake.region import care
from tipintake.region.care import Entry, Kept, NotKept

LONGEST = 200_000
MOST_ROWS = 1000
EMPTY = "-"


class CannotRead(Exception):
    """The file cannot be used; each sentence names a row and says what to mend."""

    def __init__(self, sentences: list[str]) -> None:
        super().__init__(" ".join(sentences))
        self.sentences = sentences


@dataclass(frozen=True, slots=True)
class Difference:
    """One entry and what the file says otherwise: field -> [here, in the file]."""

    key: str
    entry: Entry
    fields: Mapping[str, list[str]]
    hides_number: bool  # residents do not see it until somebody has verified it

    @property
    def changes(self) -> dict[str, str]:
        return {name: after for name, (_before, after) in self.fields.items()}


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything that applying the file would do."""

    table: Kept
    differences: tuple[Difference, ...]
    same: int  # rows that say what is here already

    @property
    def digest(self) -> str:
        """Tells this plan from that of another file, or of a directory that changed since."""
        said = [(one.key, dict(one.fields)) for one in self.differences]
        return hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()


def decoded(data: bytes) -> str:
    """The text of an uploaded file. Raises `CannotRead`."""
    if len(data) > LONGEST:
        raise CannotRead([f"The file is longer than {LONGEST // 1000} kB. Send it in parts."])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise CannotRead(["The file is not UTF-8. Save it as “CSV UTF-8”."]) from None


def plan(text: str, table: Kept = care.LINES) -> Plan:
    """What this file would change. Writes nothing. Raises `CannotRead`."""
    rows = _rows(text, table)
    found: dict[str, Difference] = {}
    problems: list[str] = []
    for number, row in rows:
        key = row.pop(table.key)
        entry = care.find(table, key)
        if entry is None:
            problems.append(f"Row {number}: there is no {table.name} {key!r} here.")
        elif key in found:
            problems.append(f"Row {number}: {key!r} stands twice in this file.")
        else:
            said = {name: "" if cell == EMPTY else cell for name, cell in row.items() if cell}
            try:
                found[key] = _difference(table, key, entry, said)
            except NotKept as problem:
                problems.append(f"Row {number}: {problem}")
    if problems:
        raise CannotRead(problems)
    changed = tuple(one for one in found.values() if one.fields)
    return Plan(table, changed, same=len(found) - len(changed))


def apply(planned: Plan, *, source: str, by: str, now: datetime, today: date) -> int:
    """Write it, all or nothing. How many entries changed."""
    with transaction.atomic():
        return sum(
            care.correct(
                planned.table,
                one.entry,
                one.changes,
                source=source,
                by=by,
                now=now,
                today=today,
                act=DirectoryChange.Act.IMPORTED,
            )
            for one in planned.differences
        )


def in_words(planned: Plan) -> list[str]:
    """The plan, a line for each field."""
    sentences = [
        f"{one.key} {name}: {before or 'nothing'} → {after or 'nothing'}"
        for one in planned.differences
        for name, (before, after) in one.fields.items()
    ]
    hidden = [one.key for one in planned.differences if one.hides_number]
    if hidden:
        sentences.append(
            "Residents will not see these until somebody has verified them: " + ", ".join(hidden)
        )
    return sentences


def _difference(table: Kept, key: str, entry: Entry, said: Mapping[str, str]) -> Difference:
    fields = care.differences(table, entry, said)
    hides = any(name in table.numbers for name in fields)
    return Difference(key, entry, fields, hides_number=hides)


def _rows(text: str, table: Kept) -> list[tuple[int, dict[str, str]]]:
    if "\x00" in text:
        raise CannotRead(["The file is not a text. Save it as “CSV UTF-8”."])
    reader = csv.reader(io.StringIO(text))
    try:
        lines = [(number, row) for number, row in enumerate(reader, start=1) if any(row)]
    except csv.Error as problem:
        raise CannotRead([f"The file cannot be read as CSV: {problem}."]) from None
    if not lines:
        raise CannotRead(["The file is empty."])
    head = [name.strip().lower() for name in lines[0][1]]
    problems = _faults_of(head, table)
    if len(lines) - 1 > MOST_ROWS:
        problems.append(f"The file has more than {MOST_ROWS} rows. Send it in parts.")
    problems += [
        f"Row {number} has {len(row)} cells, the first row has {len(head)}."
        for number, row in lines[1:]
        if len(row) != len(head)
    ]
    if problems:
        raise CannotRead(problems)
    return [
        (number, dict(zip(head, (cell.strip() for cell in row), strict=True)))
        for number, row in lines[1:]
    ]


def _faults_of(head: list[str], table: Kept) -> list[str]:
    known = (table.key, *table.fields)
    strange = [name for name in head if name not in known]
    problems = []
    if table.key not in head:
        problems.append(f"The first row must name the column {table.key!r}.")
    if strange:
        problems.append(
            f"Nobody knows these columns: {', '.join(map(repr, strange))}. Use {', '.join(known)}."
        )
    if len(set(head)) != len(head):
        problems.append("Each column may stand there once.")
    return problems
