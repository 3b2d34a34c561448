"""One CSV file for each table, and a description of them (Data Package, frictionless).

UTF-8. How a row becomes lines stands in `reports/lines.py`.
"""

import json
from typing import BinaryIO

from reports.formats.base import About, Files, Format, Lined
from reports.formats.signs import signs
from reports.lines import MARKS, SIGN_FIELDS, Lines, Spec, file_of
from reports.rows import TipRow
from reports.scope import Column, Kind

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
_SIGN_TITLES = ("Sign", "In words", "Severity")
AT_ONCE = 100  # tips
_TYPES = {Kind.MOMENT: "string"}  # times of several zones: text, as ISO 8601


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about
        self._lines = Lines(_spec(about))
        self._waiting = 0
        self._tables: dict[str, BinaryIO] = {}
        self._flush()

    def add(self, row: TipRow) -> None:
        self._lines.add(row)
        self._waiting += 1
        if self._waiting >= AT_ONCE:
            self._flush()

    def end(self) -> None:
        self._flush()
        for table in self._tables.values():
            table.close()
        _describe(self._files, self._about)

    def _flush(self) -> None:
        for name, lines in self._lines.take().items():
            if name not in self._tables:
                self._tables[name] = self._files.binary(file_of(name))
            self._tables[name].write(lines)
        self._waiting = 0


def _describe(files: Files, about: About) -> None:
    with files.text("csv/datapackage.json") as file:
        json.dump(_described(about), file, ensure_ascii=False, indent=1)


def _described(about: About) -> dict[str, object]:
    scope = about.scope
    signs = [_key("reference"), _number(), *_fields_of_signs(), *_mark_fields()]
    resources = [
        _resource("tips", [*map(_field, scope.columns("tips")), *_mark_fields()]),
        _resource("indicators", signs),
    ]
    for table in _spec(about).tables:
        if table != "tips":
            fields = [_key("reference"), _number(), *map(_field, scope.columns(table))]
            resources.append(_resource(table, [*fields, *_mark_fields()]))
    return {
        "name": about.export.lower(),
        "title": f"Tips for {about.recipient}",
        "description": about.caveat,
        "created": about.made_at.isoformat(timespec="seconds"),
        "resources": resources,
    }


def _spec(about: About) -> Spec:
    scope = about.scope
    return Spec(
        tables={
            "tips": scope.names("tips"),
            **{name: scope.names(name) for name in OF_A_TIP if scope.shows(name)},
        },
        marks=(about.caveat, about.tlp, about.destroy_by),
        signs=signs(),
    )


def _field(column: Column) -> dict[str, object]:
    kind = _TYPES.get(column.kind, column.kind.value)
    return {"name": column.name, "type": kind, "title": column.title}


def _key(name: str) -> dict[str, object]:
    return {"name": name, "type": "string", "title": "Tip number"}


def _number() -> dict[str, object]:
    return {"name": "number", "type": "integer", "title": "Which of the tip's, from 1"}


def _fields_of_signs() -> list[dict[str, object]]:
    pairs = zip(SIGN_FIELDS, _SIGN_TITLES, strict=True)
    return [{"name": name, "type": "string", "title": title} for name, title in pairs]


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


FORMAT = Format(
    name="csv", title="CSV tables", begin=_Writer, lined=Lined(spec=_spec, describe=_describe)
)
