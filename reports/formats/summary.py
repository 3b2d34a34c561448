"""A form of two pages for each tip: what an officer takes along."""

from reports.formats.base import About, Files, Format
from reports.packet.press import Job, printed
from reports.packet.summary import summary
from reports.rows import TipRow

AT_ONCE = 50


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about
        self._waiting: dict[str, Job] = {}

    def add(self, row: TipRow) -> None:
        self._waiting[row.reference] = summary(row, self._about)
        if len(self._waiting) >= AT_ONCE:
            self._print()

    def end(self) -> None:
        self._print()

    def _print(self) -> None:
        self._files.alive()
        if self._waiting:
            for reference, made in zip(
                self._waiting, printed(self._waiting.values()), strict=True
            ):
                self._files.whole(f"summaries/{reference}.pdf", made.pdf)
        self._waiting.clear()


FORMAT = Format(name="summary", title="Two-page summary of each tip (PDF)", begin=_Writer)
