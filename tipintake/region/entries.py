"""The entries of a region pack's files, each with its line: a table of TOML or a row of CSV.

A field is asked for by its kind. What is wrong with it is noted as a problem, and reading goes on
with a value that stands in, so that one run names every place to mend.
"""

import csv
import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any, TypeVar

from tipintake.directory.models import VerifiedState

CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

Row = TypeVar("Row")  # one kind of value, made of one row of CSV


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


@dataclass(slots=True)
class Entry:
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

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self._take(name)
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


class TomlFile:
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

    def table(self, name: str) -> Entry:
        value = self.values.get(name, {})
        if not isinstance(value, dict):
            self.problems.append(Problem(self.name, 0, name, f"write it as a [{name}] table."))
            value = {}
        return self.entry(name, value)

    def entry(self, header: str, values: dict[str, Any]) -> Entry:
        at = next(self.starts.get(header, iter(())), 0)
        return Entry(self.name, at, values, self.problems)

    def entries(self, header: str) -> Iterator[Entry]:
        whole = Entry(self.name, 0, self.values, self.problems)
        for values in whole.tables(header):
            yield self.entry(header, values)


def _headers(text: str) -> dict[str, Iterator[int]]:
    found: dict[str, list[int]] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        header = re.match(r'\s*\[{1,2}\s*([\w."-]+)\s*\]{1,2}', line)
        if header:
            found.setdefault(header[1].replace('"', ""), []).append(number)
    return {name: iter(numbers) for name, numbers in found.items()}


def rows_of(
    folder: Path,
    name: str,
    columns: Sequence[str],
    make: Callable[[Entry], Row],
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
            if header != list(columns):
                wanted = ",".join(columns)
                problems.append(Problem(name, number, "", f"write the first line as {wanted}"))
                return ()
        elif len(cells) != len(header):
            advice = f"has {len(cells)} cells, the first line has {len(header)}; quote commas."
            problems.append(Problem(name, number, "", advice))
        else:
            entry = Entry(name, number, dict(zip(header, cells, strict=True)), problems)
            rows.append(make(entry))
    if not header:
        problems.append(Problem(name, 0, "", f"is empty; begin with {','.join(columns)}"))
    return tuple(rows)
