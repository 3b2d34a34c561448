"""GeoJSON (RFC 7946): a feature for each place of a tip; without a point its geometry is null."""

import json

from reports.formats.base import OF_TIP_AT_A_PLACE, About, Files, Format, one_report_with
from reports.rows import TipRow, text_of


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._about = about
        self._file = files.text("tips.geojson")
        self._places = about.scope.names("places")
        self._tip = [name for name in OF_TIP_AT_A_PLACE if name in about.scope.names("tips")]
        head = {
            "type": "FeatureCollection",
            "name": about.export,
            "caveat": about.caveat,
            "tlp": about.tlp,
            "destroy_by": about.destroy_by,
        }
        self._file.write(json.dumps(head, ensure_ascii=False)[:-1] + ', "features": [')
        self._first = True

    def add(self, row: TipRow) -> None:
        shared = {name: text_of(getattr(row, name)) for name in self._tip}
        counts_with = list(one_report_with(row))
        for number, place in enumerate(row.places, start=1):
            properties = {
                "reference": row.reference,
                "number": number,
                **shared,
                **{
                    name: text_of(value)
                    for name in self._places
                    if name not in ("lat", "lon") and (value := getattr(place, name)) is not None
                },
                "indicators": list(row.indicators),
                **({"one_report_with": counts_with} if counts_with else {}),
                "caveat": self._about.caveat,
                "tlp": self._about.tlp,
                "destroy_by": self._about.destroy_by,
            }
            point = (
                None
                if place.lat is None or place.lon is None
                else {
                    "type": "Point",
                    "coordinates": [round(place.lon, 6), round(place.lat, 6)],
                }
            )
            feature = {
                "type": "Feature",
                "id": f"{row.reference}/{number}",
                "geometry": point,
                "properties": properties,
            }
            self._file.write(
                ("\n" if self._first else ",\n") + json.dumps(feature, ensure_ascii=False)
            )
            self._first = False

    def end(self) -> None:
        self._file.write("\n]}\n")
        self._file.close()


FORMAT = Format(name="geojson", title="GeoJSON map", begin=_Writer)
