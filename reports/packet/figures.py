"""Map and hours of the week of some tips, drawn by the desk's own figures, for paper."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reports.rows import TipRow
from tipintake.directory.drawing import COARSE, FINE, Box, Outline
from tipintake.triage.figures import places, svg
from tipintake.triage.figures.places import Point
from tipintake.triage.figures.seen import Seen
from tipintake.triage.figures.svg import TYPE_SIZE
from tipintake.triage.figures.week import Week, strip

Areas = Callable[[float], Sequence[Outline]]
WIDE = 0.6  # degrees: what is wider needs no fine limits
DISC = "A pale disc shows how far off a point may be; a number counts points close together."
NO_BOUNDARIES = "No boundaries are loaded: the points stand alone, without towns and counties."
LEAST_WIDE = 0.3  # degrees: about 26 km
MAP_TYPE, WEEK_TYPE_SMALL = 16, 15  # units of the drawing: as large as 7 points on the page
_SANS = "IBM Plex Sans"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, and what it says to who does not see it."""

    kind: str
    of: str
    drawing: bytes
    title: str
    says: str

    @property
    def name(self) -> str:
        return f"{self.kind}-{self.of}.svg"

    def value(self) -> dict[str, str]:
        return {
            "kind": self.kind,
            "file": self.name,
            "alt": f"{self.title}. {self.says}",
            "caption": self.says,
        }


def points_of(row: TipRow) -> list[Point]:
    return [
        Point(one.lat, one.lon, one.accuracy_m or 0, row.reference)
        for one in row.places
        if one.lat is not None and one.lon is not None
    ]


def map_of(points: Sequence[Point], areas: Areas, of: str, *, title: str) -> Figure | None:
    """None when there is nothing to show: no point, or one alone and nothing around it."""
    outlines = areas(COARSE) if points else ()
    if not points or (len(points) == 1 and not outlines):
        return None
    box = _with_surroundings(places.box_around(points, outlines))
    if box[2] - box[0] < WIDE:
        outlines = areas(FINE)
    clusters = places.clustered(points, box)
    drawn = places.map_figure(clusters, outlines, box, "map", title=title, type_size=MAP_TYPE)
    alone = "" if outlines else f" {NO_BOUNDARIES}"
    said = f"{places.says(clusters, outlines)} {DISC}{alone}"
    return Figure("map", of, _for_paper(drawn), title, said)


def week_of(seen: Iterable[Seen], of: str, *, title: str, small: bool = False) -> Figure | None:
    """None when nobody says an hour. `small`: it stands beside another."""
    counted = Week.of(seen)
    if not counted.most:
        return None
    drawn = strip(counted, "week", title=title, type_size=WEEK_TYPE_SMALL if small else TYPE_SIZE)
    return Figure("week", of, _for_paper(drawn), title, counted.says())


def _with_surroundings(box: Box) -> Box:
    """Wide enough to see whose land is near: on paper nobody can move the map."""
    west, south, east, north = box
    grown = max(1.0, LEAST_WIDE / (east - west))
    lon, lat = (west + east) / 2, (south + north) / 2
    across, up = (east - west) / 2 * grown, (north - south) / 2 * grown
    return lon - across, lat - up, lon + across, lat + up


def _for_paper(drawn: str) -> bytes:
    return drawn.replace(svg.SANS, _SANS).encode()
