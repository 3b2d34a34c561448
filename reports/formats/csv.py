"""One CSV file for each table, and a description of them (Data Package, frictionless).

UTF-8 with CRLF as RFC 4180. Text that a spreadsheet would calculate has an apostrophe before it.
Lines are joined here: the standard writer looks at each character, the marks of each row among
them, and takes twice as long (a test compares the two).
"""

import json
from collections.abc import Callable, Sequence
from datetime import date, datetime
from typing import Any, TextIO

from reports.formats.base import About, Files, Format
from reports.formats.neutral import FORMULA, for_table
from reports.formats.signs import sign
from reports.rows import ROWS, TipRow, Value, reader_of, text_of
from reports.scope import Column, Kind

MARKS = ("caveat", "tlp", "destroy_by")
OF_A_TIP = (
    "vehicles",
    "places",
    "persons",
    "online",
    "words",
    "dialog",
    "links",
    "pictures",
    "vault",
)
_SIGN_COLUMNS = (
    ("code", "string", "Sign"),
    ("label", "string", "In words"),
    ("severity", "string", "Severity"),
)
AT_ONCE = 250  # lines
_TYPES = {Kind.MOMENT: "string"}  # times of several zones: text, as ISO 8601


class _Table:
    """One file of the set. Lines wait until there are enough to be written at once."""

    def __init__(self, files: Files, name: str, fields: Sequence[str], marks: list[str]) -> None:
        self.file: TextIO = files.text(f"csv/{name}.csv")
        self._end = f",{line(marks)}\r\n"
        self._waiting = [f"{line([*fields, *MARKS])}\r\n"]

    def add(self, values: Sequence[Value]) -> None:
        cells = [
            one if type(one) is str and one[:1] not in FORMULA else _SAYS[type(one)](one)
            for one in values
        ]
        self._waiting.append(line(cells) + self._end)
        if len(self._waiting) >= AT_ONCE:
            self._flush()

    def close(self) -> None:
        self._flush()
        self.file.close()

    def _flush(self) -> None:
        self.file.write("".join(self._waiting))
        self._waiting.clear()


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about
        scope = about.scope
        marks = [about.caveat, about.tlp, about.destroy_by]
        self._of_tip = reader_of(scope.names("tips"))
        self._tips = _Table(files, "tips", scope.names("tips"), marks)
        self._children = {
            table: (
                reader_of(scope.names(table), ROWS[table]),
                _Table(files, table, _with_keys(scope.names(table)), marks),
            )
            for table in OF_A_TIP
            if scope.shows(table)
        }
        self._signs = _Table(
            files, "indicators", _with_keys([name for name, _, _ in _SIGN_COLUMNS]), marks
        )

    def add(self, row: TipRow) -> None:
        self._tips.add(self._of_tip(row))
        for table, (read, file) in self._children.items():
            for number, child in enumerate(getattr(row, table), start=1):
                file.add((row.reference, number, *read(child)))
        for number, code in enumerate(row.indicators, start=1):
            self._signs.add((row.reference, number, code, *sign(code)))

    def end(self) -> None:
        for table in (self._tips, self._signs, *(file for _, file in self._children.values())):
            table.close()
        with self._files.text("csv/datapackage.json") as file:
            json.dump(self._described(), file, ensure_ascii=False, indent=1)

    def _described(self) -> dict[str, object]:
        scope = self._about.scope
        signs = [_key("reference"), _number(), *_fields_of_signs(), *_mark_fields()]
        resources = [
            _resource("tips", [*map(_field, scope.columns("tips")), *_mark_fields()]),
            _resource("indicators", signs),
        ]
        for table in self._children:
            fields = [_key("reference"), _number(), *map(_field, scope.columns(table))]
            resources.append(_resource(table, [*fields, *_mark_fields()]))
        return {
            "name": self._about.export.lower(),
            "title": f"Tips for {self._about.recipient}",
            "description": self._about.caveat,
            "created": self._about.made_at.isoformat(timespec="seconds"),
            "resources": resources,
        }


def line(cells: Sequence[str]) -> str:
    """These cells as a line of CSV, quoted where they must be; without its end."""
    joined = ",".join(cells)
    is_plain = (
        joined.count(",") == len(cells) - 1
        and '"' not in joined
        and "\n" not in joined
        and "\r" not in joined
    )
    return joined if is_plain else ",".join(map(_quoted, cells))


def _quoted(cell: str) -> str:
    if "," in cell or '"' in cell or "\n" in cell or "\r" in cell:
        return '"' + cell.replace('"', '""') + '"'
    return cell


def _with_keys(names: Sequence[str]) -> list[str]:
    return ["reference", "number", *names]


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
        tuple: lambda several: for_table("; ".join(several)),
    }
)


def _field(column: Column) -> dict[str, object]:
    kind = _TYPES.get(column.kind, column.kind.value)
    return {"name": column.name, "type": kind, "title": column.title}


def _key(name: str) -> dict[str, object]:
    return {"name": name, "type": "string", "title": "Tip number"}


def _number() -> dict[str, object]:
    return {"name": "number", "type": "integer", "title": "Which of the tip's, from 1"}


def _fields_of_signs() -> list[dict[str, object]]:
    return [{"name": name, "type": kind, "title": title} for name, kind, title in _SIGN_COLUMNS]


def _mark_fields() -> list[dict[str, object]]:
    kinds = {"destroy_by": "date"}
    return [{"name": name, "type": kinds.get(name, "string")} for name in MARKS]


def _resource(name: str, fields: list[dict[str, object]]) -> dict[str, object]:
    schema: dict[str, object] = {"fields": fields}
    if name == "tips":
        schema["primaryKey"] = ["reference"]
    else:
        schema["foreignKeys"] = [
            {"fields": ["reference"], "reference": {"resource": "tips", "fields": ["reference"]}}
        ]
    return {
        "name": name,
        "path": f"{name}.csv",
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "schema": schema,
    }


FORMAT = Format(name="csv", title="CSV tables", begin=_Writer)
