"""The packet: a PDF that is read and handed over, tagged so that it can be read aloud (PDF/UA).

Up to a hundred tips make one file; more make volumes, so that memory grows by no more than what
the last one needs to tell what several volumes name.
"""

from reports.formats.base import About, Files, Format
from reports.packet.across import Across
from reports.packet.press import Job, printed
from reports.packet.volume import Volume
from reports.rows import TipRow


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about
        self._volume = Volume(about)
        self._across = Across()

    def add(self, row: TipRow) -> None:
        if self._volume.is_full:
            self._set(last=False)
            self._volume = Volume(self._about, self._volume.number + 1)
        self._volume.add(row)
        self._across.add(row, self._volume.number)

    def end(self) -> None:
        self._set(last=True)

    def _set(self, *, last: bool) -> None:
        self._files.alive()
        one = self._volume
        values = one.values(last=last, across=self._across.values() if last else [])
        job = Job("packet.typ", values, one.files, self._about.made_at)
        name = "packet.pdf" if values["whole"] else f"packet-{one.number}.pdf"
        for made in printed([job]):
            with self._files.binary(name) as file:
                file.write(made.pdf)


FORMAT = Format(name="pdf", title="Packet to print (PDF)", begin=_Writer)
