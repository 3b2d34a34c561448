"""Every tip to every format, some at a time: by rows here, or by lines from a process beside.

Where an export is of many tips, words are opened beside the exporter; and where it is lines of
CSV alone, their rows and lines are made there too. Both ways give the same package, byte for byte.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import cast
from uuid import UUID

from reports.apart import Apart, Noted, noted_of
from reports.composing import Closed
from reports.formats import formats
from reports.formats.base import About, LineWriter, Writer
from reports.lines import Spec
from reports.package.parts import Parts
from reports.reading import Reader
from reports.rows import TipRow
from tipintake.tips.models import Attachment

MANY = 2000  # tips for which a process beside the exporter pays
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tips that every format has now, and what is to be noted of them."""

    keys: Sequence[UUID]
    records: bytes
    hashes: bytes
    noted: Sequence[Noted]
    with_names: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Work:
    """One export's formats, and what they are made of. `reached`: how many rows are written."""

    names: Sequence[str]
    about: About
    reader: Reader
    parts: Parts
    reached: Callable[[int], None]

    def begin(self) -> list[Writer]:
        return [formats()[name].begin(self.parts, self.about) for name in self.names]

    def batches(self, tips: Iterable[UUID], count: int, writers: list[Writer]) -> Generator[Batch]:
        """Writes them, batch by batch. Close it: the process beside ends with it."""
        if count < MANY:
            yield from self._by_rows(tips, writers, None)
        elif (spec := self._lines_alone()) is not None:
            yield from self._by_lines(tips, cast("LineWriter", writers[0]), spec)
        else:
            with Apart(self.reader.desk) as beside:
                yield from self._by_rows(tips, writers, beside.opened)

    def _lines_alone(self) -> Spec | None:
        """What a process beside needs, where it can make everything."""
        scope = self.about.scope
        if len(self.names) != 1 or scope.with_pictures or scope.with_vault:
            return None
        lines = formats()[self.names[0]].lines
        return None if lines is None else lines(self.about)

    def _by_lines(self, tips: Iterable[UUID], writer: LineWriter, spec: Spec) -> Iterator[Batch]:
        with Apart(self.reader.desk, self.reader.shape, spec) as beside:
            for keys, made in self.reader.made(tips, beside.made):
                writer.put(made.lines)
                yield Batch(keys, made.records, made.hashes, made.noted)

    def _by_rows(
        self,
        tips: Iterable[UUID],
        writers: list[Writer],
        opening: Callable[[Sequence[Closed]], list[str | None]] | None,
    ) -> Iterator[Batch]:
        done = 0
        for rows in _grouped(self.reader.rows(tips, opening), AT_ONCE):
            for row in rows:
                done += 1
                for writer in writers:
                    writer.add(row)
                self.reached(done)
                self._write_pictures(row)
            yield Batch(
                [row.key for row in rows],
                b"".join([row.canonical + b"\n" for row in rows]),
                "".join([f"{row.tip_hash}  {row.reference}\n" for row in rows]).encode(),
                [noted_of(row) for row in rows],
                [row.reference for row in rows if row.vault],
            )

    def _write_pictures(self, row: TipRow) -> None:
        for picture in row.pictures:
            with (
                suppress(Attachment.DoesNotExist),
                self.parts.binary(picture.path.removeprefix("data/")) as file,
            ):
                file.write(self.reader.picture(picture))


def _grouped(rows: Iterator[TipRow], size: int) -> Iterator[list[TipRow]]:
    some: list[TipRow] = []
    for row in rows:
        some.append(row)
        if len(some) == size:
            yield some
            some = []
    if some:
        yield some
