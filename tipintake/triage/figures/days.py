"""On which days it was seen, and on which it came in: two lanes of bars, and their table."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from xml.etree.ElementTree import Element

from django.utils.formats import date_format
from django.utils.translation import gettext, gettext_noop

from tipintake.triage.figures import svg
from tipintake.triage.figures.seen import HERE, Seen, days_between

LEFT, WIDTH, LANE, TOP, GAP = 66, 644, 44, 8, 10
HEIGHT = TOP + 2 * LANE + GAP + 24
MOST_BARS = 92
OF_PATTERNS = gettext_noop(
    "Of a pattern each of its days is drawn, whether somebody saw it then or not."
)
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Days:
    """Counts of tips by day, or by week where the days are many. Keys are first days."""

    first: date
    last: date
    step: int
    seen: Mapping[date, int]
    received: Mapping[date, int]
    patterns: int = 0

    @classmethod
    def of(
        cls,
        sightings: Iterable[Seen],
        received: Iterable[datetime],
        *,
        first: date,
        last: date,
    ) -> "Days":
        step = 1 if (last - first).days < MOST_BARS else 7
        seen: Counter[date] = Counter()
        some = list(sightings)
        for one in some:
            seen.update({_bin(day, first, step) for day in days_between(one, first, last)})
        came: Counter[date] = Counter()
        for moment in received:
            day = moment.astimezone(HERE).date()
            if first <= day <= last:
                came[_bin(day, first, step)] += 1
        return cls(first, last, step, seen, came, sum(one.pattern is not None for one in some))

    def bins(self) -> Iterator[date]:
        day = self.first
        while day <= self.last:
            yield day
            day += timedelta(days=self.step)

    def rows(self) -> list[tuple[date, int, int]]:
        """The table: each day with something, how many saw, how many came."""
        return [
            (day, self.seen.get(day, 0), self.received.get(day, 0))
            for day in self.bins()
            if self.seen.get(day) or self.received.get(day)
        ]

    def says(self) -> str:
        days = len([day for day in self.seen if self.seen[day]])
        came = sum(self.received.values())
        says = (
            gettext("{first} to {last}. Days with something seen: {days}. Tips received: {came}.")
            if self.step == 1
            else gettext(
                "{first} to {last}. Weeks with something seen: {days}. Tips received: {came}."
            )
        )
        said = says.format(first=_day(self.first), last=_day(self.last), days=days, came=came)
        return f"{said} {gettext(OF_PATTERNS)}" if self.patterns else said


def timeline(days: Days, ident: str) -> str:
    """The SVG: seen above, received below, one scale for each."""
    title = gettext("Timeline")
    drawing = svg.figure(ident, WIDTH, HEIGHT, title=title, says=days.says(), kind="days")
    bins = list(days.bins())
    width = (WIDTH - LEFT) / len(bins)
    lanes = (
        (gettext("Seen"), days.seen, "seen"),
        (gettext("Received"), days.received, "received"),
    )
    for at, (name, counts, kind) in enumerate(lanes):
        floor = TOP + (at + 1) * LANE + at * GAP
        most = max(counts.values(), default=0)
        svg.label(drawing, LEFT - 8, floor - LANE / 2 + 4, name, anchor="end")
        if most > 1:
            up_to = gettext("up to {most}").format(most=most)
            svg.label(drawing, LEFT - 8, floor - LANE / 2 + 17, up_to, anchor="end")
        svg.line(drawing, LEFT, floor, WIDTH, floor, class_="axis")
        for place, day in enumerate(bins):
            _bar(drawing, LEFT + place * width, floor, width, counts.get(day, 0), most, kind, day)
    _ticks(drawing, bins, width)
    return svg.written(drawing)


def _bar(
    drawing: Element,
    left: float,
    floor: float,
    width: float,
    count: int,
    most: int,
    kind: str,
    day: date,
) -> None:
    if not count:
        return
    height = max(4.0, (LANE - 8) * count / most)
    thick = max(1.5, min(width - 1, 14))
    bar = svg.box(
        drawing,
        left + (width - thick) / 2,
        floor - height,
        thick,
        height,
        class_=f"bar {kind}",
        fill=svg.MAIN if kind == "seen" else svg.SOFT,
    )
    svg.hint(bar, f"{_day(day)}: {count}")


def _ticks(drawing: Element, bins: list[date], width: float) -> None:
    every = -(-len(bins) // MOST_TICKS)
    floor = TOP + 2 * LANE + GAP
    for place, day in enumerate(bins):
        if place % every:
            continue
        x = LEFT + place * width + width / 2
        svg.line(drawing, x, floor, x, floor + 4, class_="axis")
        near_end = x > WIDTH - 24
        svg.label(
            drawing,
            WIDTH if near_end else x,
            floor + 17,
            date_format(day, gettext("M j")),
            anchor="end" if near_end else "middle",
        )


def _bin(day: date, first: date, step: int) -> date:
    return first + timedelta(days=(day - first).days // step * step)


def _day(day: date) -> str:
    return date_format(day, gettext("M j, Y"))
