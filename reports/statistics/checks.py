"""Make the public numbers and a month's figures from made-up counts, and let others judge them."""

import csv
import importlib
from collections.abc import Callable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from reports.checks import Absent, Checked
from reports.neutral import FORMULA
from reports.public import drawing
from reports.public.years import lines, years_of
from reports.statistics import demo
from reports.statistics.report import csv_lines
from reports.statistics.suppression import LEAST, is_safe

NUMBERS, MONTHS, DRAWING = "numbers.csv", "figures-by-month.csv", "numbers.svg"


def run(folder: Path, *, now: datetime) -> Iterator[Checked]:
    """Write one of each into the folder, and say what each judge finds."""
    folder.mkdir(parents=True, exist_ok=True)
    published, _made, _public = demo.published()
    years = years_of(published)
    _write(folder / NUMBERS, lines(years))
    _write(folder / MONTHS, csv_lines([demo.month(now=now)]))
    (folder / DRAWING).write_text(drawing.quarters(years), "utf-8")
    yield Checked("numbers", "nothing is worked out", ran=True, problems=tuple(_hidden()))
    for name in (NUMBERS, MONTHS):
        yield _judged(name, "frictionless", _frictionless, folder / name)
        yield _judged(name, "no formula", _formulas, folder / name)
    yield _judged(DRAWING, "lxml, with title and text", _spoken, folder / DRAWING)


def _judged(what: str, by: str, check: Callable[[Path], list[str]], path: Path) -> Checked:
    try:
        return Checked(what, by, ran=True, problems=tuple(check(path)))
    except Absent:
        return Checked(what, by, ran=False)


def _hidden() -> list[str]:
    _published, made, public = demo.published()
    small = [f"{cell} is shown" for cell in sorted(public) if made.table[cell] < LEAST]
    return small if is_safe(made.table, public) else [*small, "A hidden count can be worked out."]


def _frictionless(path: Path) -> list[str]:
    resource = _module("frictionless").Resource(path=path.name, basepath=str(path.parent))
    return [str(one) for one in resource.validate().flatten(["type", "rowNumber", "note"])]


def _formulas(path: Path) -> list[str]:
    with path.open(encoding="utf-8", newline="") as file:
        return [
            f"{cell!r} is a formula"
            for row in csv.reader(file)
            for cell in row
            if cell[:1] in FORMULA
        ]


def _spoken(path: Path) -> list[str]:
    etree = _module("lxml.etree")
    drawn = etree.parse(str(path)).getroot()
    named = {etree.QName(one).localname: one.text or "" for one in drawn[:2]}
    missing = [name for name in ("title", "desc") if not named.get(name)]
    return [f"no {name}" for name in missing]


def _write(path: Path, written: Iterator[str]) -> None:
    path.write_bytes("".join(f"{one}\r\n" for one in written).encode())


def _module(name: str) -> Any:
    try:
        return importlib.import_module(name)
    except ImportError:
        raise Absent from None
