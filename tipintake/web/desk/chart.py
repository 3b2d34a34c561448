"""Figures of a cluster, as plain numbers that a template draws: links, places, days. Pure.

Each stands beside a table that says the same, and nothing is told by colour alone.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from django.utils.translation import gettext

WIDTH = 640
MARGIN = 70
DOT = 7
K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Dot:
    x: float
    y: float
    label: str
    kind: str = ""
    anchor: str = "middle"
    label_x: float = 0
    label_y: float = 0


@dataclass(frozen=True, slots=True)
class Tie:
    x1: float
    y1: float
    x2: float
    y2: float
    firm: bool


@dataclass(frozen=True, slots=True)
class Figure:
    width: int
    height: int
    dots: tuple[Dot, ...]
    ties: tuple[Tie, ...] = ()
    note: str = ""


def link_chart(nodes: Mapping[K, tuple[str, str]], ties: Sequence[tuple[K, K, bool]]) -> Figure:
    """Nodes on a circle, as ordered: (label, kind) of each; ties are firm or only suggested."""
    count = len(nodes)
    height = 300 if count < 9 else 460
    wide, high = WIDTH / 2 - MARGIN - 40, height / 2 - 45
    at: dict[K, Dot] = {}
    for number, (key, (label, kind)) in enumerate(nodes.items()):
        turn = 2 * math.pi * number / max(count, 1) - math.pi / 2
        across, down = math.cos(turn), math.sin(turn)
        x, y = WIDTH / 2 + wide * across, height / 2 + high * down
        anchor = "middle" if abs(across) < 0.3 else "start" if across > 0 else "end"
        at[key] = Dot(
            round(x, 1),
            round(y, 1),
            label,
            kind,
            anchor,
            round(x + 13 * across, 1),
            round(y + 18 * down + 4, 1),
        )
    drawn = [
        Tie(at[one].x, at[one].y, at[other].x, at[other].y, firm)
        for one, other, firm in ties
        if one in at and other in at
    ]
    return Figure(WIDTH, height, tuple(at.values()), tuple(drawn))


def scatter(points: Sequence[tuple[str, float, float]]) -> Figure | None:
    """(label, latitude, longitude) on a plane, north up, one scale both ways."""
    if not points:
        return None
    height = 320
    middle = math.cos(math.radians(sum(lat for _label, lat, _lon in points) / len(points)))
    east = [lon * middle for _label, _lat, lon in points]
    north = [lat for _label, lat, _lon in points]
    span = max(max(east) - min(east), max(north) - min(north), 0.002)
    scale = min(WIDTH - 2 * MARGIN, height - 90) / span
    left, top = (max(east) + min(east)) / 2, (max(north) + min(north)) / 2
    dots = []
    for (label, _lat, _lon), across, up in zip(points, east, north, strict=True):
        x, y = WIDTH / 2 + (across - left) * scale, height / 2 - (up - top) * scale
        dots.append(
            Dot(round(x, 1), round(y, 1), label, "", "start", round(x + 11, 1), round(y + 4, 1))
        )
    kilometres = span * 111.19
    return Figure(
        WIDTH,
        height,
        tuple(dots),
        note=gettext("North is up; about {km} km across.").format(km=f"{kilometres:.1f}"),
    )


def timeline(days: Sequence[tuple[str, date]]) -> Figure | None:
    """(label, day) along a line; those of one day stand above each other."""
    if not days:
        return None
    first, last = min(day for _label, day in days), max(day for _label, day in days)
    span = max((last - first).days, 1)
    stacked: dict[date, int] = {}
    dots = []
    for label, day in sorted(days, key=lambda one: one[1]):
        level = stacked[day] = stacked.get(day, -1) + 1
        x = MARGIN + (WIDTH - 2 * MARGIN) * (day - first).days / span
        if first == last:
            x = WIDTH / 2
        dots.append(Dot(round(x, 1), 0 - 2.2 * DOT * level, label))
    tallest = 2.2 * DOT * max(stacked.values())
    height = round(70 + tallest)
    base = height - 40
    placed = [Dot(one.x, round(base + one.y, 1), one.label) for one in dots]
    ends = Tie(MARGIN - 15, base + DOT + 3, WIDTH - MARGIN + 15, base + DOT + 3, firm=True)
    return Figure(WIDTH, height, tuple(placed), (ends,), _span(first, last))


def _span(first: date, last: date) -> str:
    both = (f"{first:%d %b %Y}", f"{last:%d %b %Y}")
    return " to ".join(dict.fromkeys(one.lstrip("0") for one in both))
