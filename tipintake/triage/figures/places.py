"""Where: points with their precision over the region's own boundaries, and their table.

Points that lie close to one another are drawn as one, with their number. A point is drawn as
exactly as it was told: the disc around it says how far off it may be.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.directory.drawing import Box, Outline
from tipintake.triage.figures import svg

WIDTH, HEIGHT = 640, 460
MARGIN = 0.12
LEAST_SPAN = 0.05  # degrees: never closer than about 5 km, so that neighbours are seen
METRES_A_DEGREE = 111_320.0
CELLS = 34  # across the figure: what falls into one cell is one mark
NO_POINT = gettext_noop("No point is known.")
TAKEN = gettext_noop("The place was taken to lie in {area}.")


@dataclass(frozen=True, slots=True)
class Point:
    """A place of one tip. `accuracy_m` 0 when nobody said how exact it is."""

    lat: float
    lon: float
    accuracy_m: int
    tip: str  # its number
    words: str = ""


@dataclass(frozen=True, slots=True)
class Cluster:
    """Points of one cell, as one mark in their middle."""

    lat: float
    lon: float
    accuracy_m: int  # the widest disc among them
    points: tuple[Point, ...]

    @property
    def tips(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(point.tip for point in self.points))

    @property
    def words(self) -> str:
        """What was told of the place, when it is one point."""
        return self.points[0].words if len(self.points) == 1 else ""


def clustered(points: Iterable[Point], box: Box) -> list[Cluster]:
    """Points by cell of a grid over the box, most points first, then north to south."""
    width = max(box[2] - box[0], LEAST_SPAN) / CELLS
    cells: dict[tuple[int, int], list[Point]] = {}
    for point in points:
        cell = (math.floor(point.lat / (width * 0.78)), math.floor(point.lon / width))
        cells.setdefault(cell, []).append(point)
    made = [_cluster(some) for some in cells.values()]
    return sorted(made, key=lambda one: (-len(one.points), -one.lat, one.lon))


def _cluster(points: Sequence[Point]) -> Cluster:
    return Cluster(
        round(sum(point.lat for point in points) / len(points), 5),
        round(sum(point.lon for point in points) / len(points), 5),
        max(point.accuracy_m for point in points),
        tuple(points),
    )


def box_around(points: Collection[Point], outlines: Sequence[Outline], within: str = "") -> Box:
    """What the map shows: the points; without any the area `within`, else the whole region."""
    if points:
        lats = [point.lat for point in points]
        lons = [point.lon for point in points]
        return _framed((min(lons), min(lats), max(lons), max(lats)))
    boxes = [one.box for one in outlines if one.geoid == within] or [one.box for one in outlines]
    if not boxes:
        return (-91.2, 38.3, -90.1, 39.0)
    wests, souths, easts, norths = zip(*boxes, strict=True)
    return _framed((min(wests), min(souths), max(easts), max(norths)))


def _framed(box: Box) -> Box:
    """With a margin, and in the shape of the figure."""
    west, south, east, north = box
    squeeze = math.cos(math.radians((south + north) / 2))
    span = max((east - west) * squeeze, (north - south) * WIDTH / HEIGHT, LEAST_SPAN)
    span *= 1 + 2 * MARGIN
    middle_lon, middle_lat = (west + east) / 2, (south + north) / 2
    half_lon, half_lat = span / squeeze / 2, span * HEIGHT / WIDTH / 2
    return (
        middle_lon - half_lon,
        middle_lat - half_lat,
        middle_lon + half_lon,
        middle_lat + half_lat,
    )


def says(clusters: Sequence[Cluster], areas: Sequence[Outline], within: str = "") -> str:
    """What the map shows, in a sentence."""
    points = sum(len(one.points) for one in clusters)
    tips = len({tip for one in clusters for tip in one.tips})
    area = next((one.name for one in areas if one.geoid == within), "")
    if not points:
        return f"{_(NO_POINT)} {_(TAKEN).format(area=area)}" if area else _(NO_POINT)
    said = _("Points: {points}. Tips: {tips}.").format(points=points, tips=tips)
    return f"{said} {_(TAKEN).format(area=area)}" if area else said


def map_figure(
    clusters: Sequence[Cluster],
    outlines: Sequence[Outline],
    box: Box,
    ident: str,
    *,
    title: str = "Map",
    within: str = "",
    type_size: int = svg.TYPE_SIZE,
) -> str:
    """The SVG: limits of municipalities and counties, discs of precision, points on top.

    `type_size` in units of the drawing: larger where it is shown small.
    """
    on = _Sheet(box)
    shown = [one for one in outlines if one.meets(box)]
    words = says(clusters, outlines, within)
    drawing = svg.figure(
        ident, WIDTH, HEIGHT, title=title, says=words, kind="map", type_size=type_size
    )
    svg.box(drawing, 0, 0, WIDTH, HEIGHT, class_="ground", fill="#f7f8fa")
    for one in shown:
        kind = "area within" if one.geoid == within else f"area {one.kind}"
        svg.path(
            drawing,
            ([on.at(lat, lon) for lon, lat in ring] for ring in one.rings),
            class_=kind,
            fill="#dbe9f0" if one.geoid == within else "none",
            fill_rule="evenodd",
            stroke="#8994a0" if one.kind == "county" else "#c3ccd4",
            stroke_width="1.6" if one.kind == "county" else "0.8",
        )
    marks = [on.at(one.lat, one.lon) for one in clusters]
    _names(drawing, shown, marks, on, type_size)
    for cluster in clusters:
        _mark(drawing, cluster, on)
    _scale(drawing, on)
    return svg.written(drawing)


@dataclass(frozen=True, slots=True)
class _Sheet:
    """From latitude and longitude to points of the drawing. True enough over 100 km."""

    box: Box

    def at(self, lat: float, lon: float) -> tuple[float, float]:
        west, south, east, north = self.box
        x = (lon - west) / (east - west) * WIDTH
        return x, (north - lat) / (north - south) * HEIGHT

    def length(self, metres: float) -> float:
        return metres / METRES_A_DEGREE / (self.box[3] - self.box[1]) * HEIGHT


def _mark(drawing: Element, cluster: Cluster, on: _Sheet) -> None:
    x, y = on.at(cluster.lat, cluster.lon)
    count = len(cluster.points)
    disc = on.length(cluster.accuracy_m)
    radius = 5.0 if count == 1 else 8.0 + min(10.0, 2.2 * math.sqrt(count))
    if disc > radius:
        svg.circle(
            drawing,
            x,
            y,
            disc,
            class_="disc",
            fill=svg.MAIN,
            fill_opacity="0.15",
            stroke=svg.MAIN,
            stroke_width="0.8",
        )
    spot = svg.circle(
        drawing, x, y, radius, class_="spot", fill=svg.MAIN, stroke="#ffffff", stroke_width="1.5"
    )
    svg.hint(spot, ", ".join(cluster.tips[:6]))
    if count > 1:
        number = svg.label(drawing, x, y + 4, str(count), anchor="middle", kind="many")
        number.set("fill", "#ffffff")


def _names(
    drawing: Element,
    shown: Sequence[Outline],
    marks: Sequence[tuple[float, float]],
    on: _Sheet,
    type_size: int,
) -> None:
    """Names of municipalities that have the room, largest first, none over another."""
    letter, row = 0.55 * type_size, 1.1 * type_size
    corner = (130, HEIGHT - 2.5 * row)  # where the scale stands
    taken: list[tuple[float, float, float]] = []
    cities = [one for one in shown if one.kind == "city"]
    for one in sorted(cities, key=lambda area: area.box[0] - area.box[2]):
        west, south, east, north = one.box
        x, y = on.at((south + north) / 2, (west + east) / 2)
        room = on.at(south, east)[0] - on.at(south, west)[0]
        wide = letter * len(one.name)
        free = all(abs(x - a) > (wide + w) / 2 or abs(y - b) > row for a, b, w in taken)
        free = free and all(abs(x - a) > wide / 2 + 10 or abs(y - b) > 16 for a, b in marks)
        free = free and (x - wide / 2 > corner[0] or y < corner[1])
        inside = 0 < x < WIDTH and 14 < y < HEIGHT - 8
        if room > wide * 0.8 and free and inside:
            taken.append((x, y, wide))
            svg.label(drawing, x, y, one.name, anchor="middle", kind="name")


def _scale(drawing: Element, on: _Sheet) -> None:
    across = WIDTH / on.length(1000)  # kilometres
    unit = next((one for one in (50, 20, 10, 5, 2, 1) if one < across / 4), 1)
    length = on.length(unit * 1000)
    svg.line(drawing, 12, HEIGHT - 12, 12 + length, HEIGHT - 12, class_="scale", stroke=svg.INK)
    svg.label(drawing, 12, HEIGHT - 17, f"{unit} km")
