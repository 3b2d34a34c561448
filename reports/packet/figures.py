"""Map and hours of the week of some tips, drawn by the desk's own figures, for paper."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from reports.rows import TipRow
from tipintake.directory.drawing import COARSE, FINE, Outline
from tipintake.triage.figures import places, svg
from tipintake.triage.figures.places import Point
from tipintake.triage.figures.seen import Seen
from tipintake.triage.figures.week import Week, strip

Areas = Callable[[float], Sequence[Outline]]
WIDE = 0.6  # degrees: what is wider needs no fine limits
_SANS = "IBM Plex Sans"


@dataclass(frozen=True, slots=True)
class Figure:
    """A drawing, and what it says to who does not see it."""

    name: str
    drawing: bytes
    says: str

    def value(self) -> dict[str, str]:
        return {"file": self.name, "alt": self.says}


def points_of(row: TipRow) -> list[Point]:
    return [
        Point(one.lat, one.lon, one.accuracy_m or 0, row.reference)
        for one in row.places
        if one.lat is not None and one.lon is not None
    ]


def map_of(points: Sequence[Point], areas: Areas, name: str, *, title: str) -> Figure | None:
    """None when no point is known: then there is nothing to show."""
    if not points:
        return None
    outlines = areas(COARSE)
    box = places.box_around(points, outlines)
    if box[2] - box[0] < WIDE:
        outlines = areas(FINE)
    clusters = places.clustered(points, box)
    drawn = places.map_figure(clusters, outlines, box, "map", title=title)
    said = f"{title}. {places.says(clusters, outlines)}"
    return Figure(f"{name}.svg", _for_paper(drawn), said)


def week_of(seen: Iterable[Seen], name: str, *, title: str) -> Figure | None:
    """None when nobody says an hour."""
    counted = Week.of(seen)
    if not counted.most:
        return None
    drawn = strip(counted, "week", title=title)
    return Figure(f"{name}.svg", _for_paper(drawn), f"{title}. {counted.says()}")


def _for_paper(drawn: str) -> bytes:
    return drawn.replace(svg.SANS, _SANS).encode()
