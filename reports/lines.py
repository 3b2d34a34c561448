"""Rows as lines of CSV, without Django: in the exporter, or in a process beside it.

CRLF as RFC 4180. Text that a spreadsheet would calculate has an apostrophe before it. Lines are
joined here: the standard writer looks at each character, the marks of each row among them, and
takes twice as long (a test compares the two).
"""

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from operator import attrgetter
from typing import Any, NamedTuple

from reports.neutral import FORMULA, for_table
from reports.rows import ROWS, TipRow, Value, reader_of, text_of

MARKS = ("caveat", "tlp", "destroy_by")
SIGN_FIELDS = ("code", "label", "severity")
OF_CHILD = ("reference", "number")


class Spec(NamedTuple):
    """What the lines of one export need. Plain values: it can be told to another process."""

    tables: dict[str, tuple[str, ...]]  # "tips" and its children, with their fields
    marks: tuple[str, ...]
    signs: dict[str, tuple[str, str]]  # label and severity by code


class Lines:
    """The set of tables: each row adds its lines, which wait until they are taken. A table's first
    line are its headings."""

    def __init__(self, spec: Spec) -> None:
        self._end = f",{line(spec.marks)}\r\n"
        self._signs = spec.signs
        self._said: dict[tuple[int, str], str] = {}
        self._of_tip = reader_of(spec.tables["tips"])
        self._waiting = {name: [_heading(name, spec)] for name in (*spec.tables, "indicators")}
        self._tips, self._of_signs = self._waiting["tips"], self._waiting["indicators"]
        self._children = [
            (attrgetter(name), reader_of(fields, ROWS[name]), self._waiting[name])
            for name, fields in spec.tables.items()
            if name != "tips"
        ]

    def add(self, row: TipRow) -> None:
        end = self._end
        self._tips.append(line(cells(self._of_tip(row))) + end)
        reference = line(cells((row.reference, "")))  # with the comma after it
        for of_tip, read, waiting in self._children:
            for number, child in enumerate(of_tip(row), start=1):
                waiting.append(f"{reference}{number},{line(cells(read(child)))}{end}")
        for place in enumerate(row.indicators, start=1):
            self._of_signs.append(reference + (self._said.get(place) or self._say(*place)))

    def take(self) -> dict[str, bytes]:
        """The lines of each table since they were last taken."""
        taken = {}
        for name, waiting in self._waiting.items():
            taken[name] = "".join(waiting).encode("utf-8", "replace")
            waiting.clear()
        return taken

    def _say(self, number: int, code: str) -> str:
        """What the line of a sign says: of a few dozen, looked up for every tip."""
        said = line(cells((number, code, *self._signs.get(code, ("", ""))))) + self._end
        self._said[number, code] = said
        return said


def file_of(table: str) -> str:
    """Where it stands in the package."""
    return f"csv/{table}.csv"


def _heading(table: str, spec: Spec) -> str:
    fields = SIGN_FIELDS if table == "indicators" else spec.tables[table]
    return f"{line((*(() if table == 'tips' else OF_CHILD), *fields, *MARKS))}\r\n"


def line(cells: Sequence[str]) -> str:
    """These cells as a line of CSV, quoted where they must be; without its end."""
    joined = ",".join(cells)
    if (
        joined.count(",") == len(cells) - 1
        and '"' not in joined
        and "\n" not in joined
        and "\r" not in joined
    ):
        return joined
    return ",".join(
        [
            '"' + one.replace('"', '""') + '"'
            if "," in one or '"' in one or "\n" in one or "\r" in one
            else one
            for one in cells
        ]
    )


def cells(values: Sequence[Value]) -> list[str]:
    """Each value as it stands in its cell."""
    return [
        one if type(one) is str and one[:1] not in FORMULA else _SAYS[type(one)](one)
        for one in values
    ]


def _cell(value: Value) -> str:
    if value is None or value == "":
        return ""
    if isinstance(value, str):
        return for_table(value)
    text = text_of(value)
    return for_table(text) if isinstance(value, tuple) else text


class _Says(dict[type, Callable[[Any], str]]):
    """How a value of a type is written; what is not named here is written by `_cell`."""

    def __missing__(self, kind: type) -> Callable[[Any], str]:
        return _cell


_SAYS = _Says(
    {
        type(None): lambda _none: "",
        int: str,
        float: str,
        bool: ("false", "true").__getitem__,
        date: date.isoformat,
        datetime: datetime.isoformat,
        time: time.isoformat,
        tuple: lambda several: for_table("; ".join(several)),
    }
)
