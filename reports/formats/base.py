"""What a format is: it is begun once, given every row, and ended.

    class _Writer:
        def add(self, row: TipRow) -> None: ...
        def end(self) -> None: ...

    FORMAT = Format(name="csv", title="CSV tables", begin=_Writer)

All formats of an export see the same rows in one pass. A writer keeps no row: what it wants to
keep it writes to a file of the package, which is sealed on disk. `files.text("tips.csv")` opens
one under `data/`; several may be open at once, and each is closed by its writer.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Protocol, TextIO

from reports.lines import Spec
from reports.rows import ONE_REPORT, PictureRow, TipRow
from reports.scope import Scope
from tipintake.directory.drawing import Outline

# What a map says of the tip beside each of its places.
OF_TIP_AT_A_PLACE = (
    "category",
    "immediacy",
    "minor_present",
    "priority",
    "source_grade",
    "content_grade",
    "received_on",
    "tip_hash",
)


@dataclass(frozen=True, slots=True)
class About:
    """What an export is, for covers, headers and captions."""

    export: str
    made_at: datetime
    scope: Scope
    installation: str
    requester: str
    recipient: str
    purpose: str
    authority: str
    filter: str
    total: int
    picture: Callable[[PictureRow], bytes] = field(repr=False, default=lambda _row: b"")
    line_names: Mapping[str, str] = field(default_factory=dict)
    jurisdictions: Mapping[str, str] = field(default_factory=dict)
    # The boundaries in force, as finely as asked (directory/drawing.py).
    areas: Callable[[float], Sequence[Outline]] = field(repr=False, default=lambda _detail: ())

    @property
    def caveat(self) -> str:
        return self.scope.caveat.text

    @property
    def tlp(self) -> str:
        return self.scope.caveat.tlp.value

    @property
    def destroy_by(self) -> str:
        return self.scope.caveat.destroy_by.isoformat()


class Files(Protocol):
    """Where a format puts its files: each is sealed while it is written."""

    def text(self, name: str) -> TextIO:
        """UTF-8, line ends as written. Close it."""
        ...

    def binary(self, name: str) -> BinaryIO:
        """Written forward only. Close it."""
        ...

    def whole(self, name: str, content: bytes) -> None:
        """One small file at once; for a format that makes a file for each tip."""
        ...

    def scratch(self, name: str) -> "Scratch":
        """A sealed file that is read again before the end and is no part of the package."""
        ...

    def alive(self) -> None:
        """Say that the work goes on: call it between long steps. Raises when it was cancelled."""
        ...


class Scratch(Protocol):
    def write(self, content: bytes, /) -> int: ...

    def blocks(self) -> Iterator[bytes]:
        """Everything that was written, from the start; nothing can be written any more."""
        ...


class Writer(Protocol):
    def add(self, row: TipRow) -> None: ...

    def end(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Lined:
    """A format that is lines of CSV alone: a process beside the exporter may make them. `spec` is
    what it needs for that; `describe` writes what else the format has, after them."""

    spec: Callable[[About], Spec]
    describe: Callable[[Files, About], None]


@dataclass(frozen=True, slots=True)
class Format:
    name: str
    title: str
    begin: Callable[[Files, About], Writer]
    lined: Lined | None = None


def one_report_with(row: TipRow) -> tuple[str, ...]:
    """The other tips with which it counts as one report: as two they would bear each other out."""
    others = (link.other_reference for link in row.links if link.pattern == ONE_REPORT)
    return tuple(dict.fromkeys(others))


def give_or_take(row: TipRow) -> str:
    """How near the time of a sighting is, in words; nothing when it was told exactly."""
    if row.seen_approx_minutes:
        return f"Seen at about this time, give or take {row.seen_approx_minutes} minutes."
    return "Seen at about this time." if row.seen_kind == "APPROX" else ""
