"""Every tip to every format, some at a time: by rows here, or by lines from a process beside.

Where an export is of many tips, words are opened beside the exporter; and where it is lines of
CSV alone, their rows and lines are made there too. Both ways give the same package, byte for byte.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from uuid import UUID

from reports.apart import HASHES, RECORDS, Apart, Noted, hash_of, noted_of, record_of
from reports.composing import Closed
from reports.formats import formats
from reports.formats.base import About, Lined
from reports.package.parts import Parts, Pieces
from reports.reading import Reader
from reports.rows import TipRow
from tipintake.tips.models import Attachment

MANY = 2000  # tips for which a process beside the exporter pays
AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Batch:
    """Some tips that every format has now, and what is to be noted of them."""

    keys: Sequence[UUID]
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

    def batches(self, tips: Iterable[UUID], count: int) -> Generator[Batch]:
        """Writes every format, batch by batch, to its end. Close it: the process beside ends with
        it."""
        if count < MANY:
            yield from self._by_rows(tips, None)
        elif (lined := self._lines_alone()) is not None:
            yield from self._by_lines(tips, lined)
        else:
            with Apart(self.reader.desk) as beside:
                yield from self._by_rows(tips, beside.opened)

    def _lines_alone(self) -> Lined | None:
        """How lines are made of it, where a process beside can make everything."""
        scope = self.about.scope
        if len(self.names) != 1 or scope.with_pictures or scope.with_vault:
            return None
        return formats()[self.names[0]].lined

    def _by_lines(self, tips: Iterable[UUID], lined: Lined) -> Iterator[Batch]:
        files: dict[str, Pieces] = {}
        with Apart(self.reader.desk, self.reader.shape, lined.spec(self.about)) as beside:
            for keys, made in self.reader.made(tips, beside.made):
                for name, piece in made.pieces.items():
                    if name not in files:
                        files[name] = self.parts.pieces(name)
                    files[name].write(piece)
                yield Batch(keys, made.noted)
            for name, (rest, facts) in beside.ended().items():
                files[name].end(rest, facts)
        lined.describe(self.parts, self.about)

    def _by_rows(
        self,
        tips: Iterable[UUID],
        opening: Callable[[Sequence[Closed]], list[str | None]] | None,
    ) -> Iterator[Batch]:
        done = 0
        with self.parts.binary(HASHES) as hashes, self.parts.binary(RECORDS) as records:
            writers = [formats()[name].begin(self.parts, self.about) for name in self.names]
            for rows in _grouped(self.reader.rows(tips, opening), AT_ONCE):
                for row in rows:
                    done += 1
                    for writer in writers:
                        writer.add(row)
                    self.reached(done)
                    self._write_pictures(row)
                records.write(b"".join(map(record_of, rows)))
                hashes.write(b"".join(map(hash_of, rows)))
                yield Batch(
                    [row.key for row in rows],
                    [noted_of(row) for row in rows],
                    [row.reference for row in rows if row.vault],
                )
        for writer in writers:
            writer.end()
            self.parts.alive()

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
