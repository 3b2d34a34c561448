"""A form of two pages for each tip: what an officer takes along."""

from reports.formats.base import About, Files, Format
from reports.packet.summary import summary
from reports.rows import TipRow

ALIVE_EVERY = 20


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about, self._done = files, about, 0

    def add(self, row: TipRow) -> None:
        if self._done % ALIVE_EVERY == 0:
            self._files.alive()
        made = summary(row, self._about)
        self._files.whole(f"summaries/{row.reference}.pdf", made.pdf)
        self._done += 1

    def end(self) -> None:
        """Each stands for itself."""


FORMAT = Format(name="summary", title="Two-page summary of each tip (PDF)", begin=_Writer)
