"""KML 2.2 (OGC 07-147r2): a placemark for each place of a tip, with its point when it has one."""

from xml.sax.saxutils import escape, quoteattr

from reports.formats.base import (
    OF_TIP_AT_A_PLACE,
    About,
    Files,
    Format,
    give_or_take,
    one_report_with,
)
from reports.neutral import for_xml
from reports.rows import TipRow, Value, reader_of, text_of

NAMESPACE = "http://www.opengis.net/kml/2.2"


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._about = about
        self._file = files.text("tips.kml")
        self._places = about.scope.names("places")
        self._of_place = reader_of(self._places)
        self._tip = [name for name in OF_TIP_AT_A_PLACE if name in about.scope.names("tips")]
        self._of_tip = reader_of(self._tip)
        self._file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            f'<kml xmlns="{NAMESPACE}"><Document>\n'
            f"<name>{_text(about.export)}</name>\n"
            f"<description>{_text(about.caveat)} {_text(about.tlp)}</description>\n"
        )

    def add(self, row: TipRow) -> None:
        for number, place in enumerate(row.places, start=1):
            name = " · ".join(
                part for part in (row.reference, place.name or place.city or place.highway) if part
            )
            data: list[tuple[str, Value]] = [
                ("reference", row.reference),
                ("number", number),
                *zip(self._tip, self._of_tip(row), strict=True),
                ("indicators", row.indicators),
                ("one_report_with", one_report_with(row)),
                *zip(self._places, self._of_place(place), strict=True),
                ("tlp", self._about.tlp),
                ("destroy_by", self._about.destroy_by),
            ]
            said = " ".join(filter(None, (self._about.caveat, give_or_take(row))))
            self._file.write(
                f"<Placemark><name>{_text(name)}</name>"
                f"<description>{_text(said)}</description>"
                f"{_seen(row)}<ExtendedData>"
            )
            for key, value in data:
                if value not in (None, "", ()):
                    self._file.write(
                        f"<Data name={quoteattr(key)}>"
                        f"<value>{_text(text_of(value))}</value></Data>"
                    )
            self._file.write("</ExtendedData>")
            if place.lat is not None and place.lon is not None:
                self._file.write(
                    f"<Point><coordinates>{place.lon:.6f},{place.lat:.6f}</coordinates></Point>"
                )
            self._file.write("</Placemark>\n")

    def end(self) -> None:
        self._file.write("</Document></kml>\n")
        self._file.close()


def _text(text: str) -> str:
    return escape(for_xml(text))


def _seen(row: TipRow) -> str:
    if row.seen_start is None:
        return ""
    begin = row.seen_start.isoformat(timespec="seconds")
    if row.seen_end is None:
        return f"<TimeStamp><when>{begin}</when></TimeStamp>"
    end = row.seen_end.isoformat(timespec="seconds")
    return f"<TimeSpan><begin>{begin}</begin><end>{end}</end></TimeSpan>"


FORMAT = Format(name="kml", title="KML map", begin=_Writer)
