"""At which hours of the week: a strip of 7 × 24, and its table."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as noop

from tipintake.tips.recurrence import HOURS_OF_WEEK
from tipintake.triage.figures import svg
from tipintake.triage.figures.seen import Seen, hours_of_week

WEEKDAYS = (
    *(noop("Monday"), noop("Tuesday"), noop("Wednesday"), noop("Thursday"), noop("Friday")),
    *(noop("Saturday"), noop("Sunday")),
)
SHORT = (
    *(noop("Mon"), noop("Tue"), noop("Wed"), noop("Thu"), noop("Fri"), noop("Sat")),
    noop("Sun"),
)
LEFT, TOP, CELL, ROW = 40, 22, 25, 22
WIDTH, HEIGHT = LEFT + 24 * CELL + 2, TOP + 7 * ROW + 2
SHADES = 5


@dataclass(frozen=True, slots=True)
class Week:
    """In each hour of the week how many tips saw something. `untimed` say no hour."""

    counts: tuple[int, ...]
    tips: int
    untimed: int

    @classmethod
    def of(cls, sightings: Iterable[Seen], *, without_time: int = 0) -> "Week":
        """`without_time` are tips that have no sighting at all."""
        counts = [0] * HOURS_OF_WEEK
        tips = untimed = 0
        for seen in sightings:
            hours = hours_of_week(seen)
            for hour in hours:
                counts[hour] += 1
            tips += 1
            untimed += not hours
        return cls(tuple(counts), tips + without_time, untimed + without_time)

    @property
    def most(self) -> int:
        return max(self.counts)

    @property
    def timed(self) -> int:
        return self.tips - self.untimed

    def at(self, weekday: int, hour: int) -> int:
        return self.counts[weekday * 24 + hour]

    def rows(self) -> Iterator[tuple[str, tuple[int, ...]]]:
        """The table: a weekday and its 24 counts."""
        for at, name in enumerate(WEEKDAYS):
            yield gettext(name), self.counts[at * 24 : at * 24 + 24]

    def busiest(self) -> list[str]:
        """The stretches of hours with the highest count, in words: "Friday 22:00 to 02:00"."""
        if not self.most:
            return []
        return [_stretch(start, length) for start, length in self._runs()]

    def _runs(self) -> Iterator[tuple[int, int]]:
        """(first hour, length) of each run of highest hours. The week is a circle."""
        high = [count == self.most for count in self.counts]
        if all(high):
            yield 0, HOURS_OF_WEEK
            return
        for start in range(HOURS_OF_WEEK):
            if high[start] and not high[start - 1]:
                length = 1
                while high[(start + length) % HOURS_OF_WEEK]:
                    length += 1
                yield start, length

    def says(self) -> str:
        """What the strip shows, in a sentence."""
        if not self.most:
            return gettext("No tip says an hour.")
        times = self.busiest()
        shown = ", ".join(times[:4]) + (gettext(", and more") if len(times) > 4 else "")
        said = gettext("Tips with a time: {timed}. Most in one hour: {most}, {shown}.").format(
            timed=self.timed, most=self.most, shown=shown
        )
        if not self.untimed:
            return said
        return f"{said} " + gettext("Without a time: {untimed}.").format(untimed=self.untimed)


def strip(
    week: Week,
    ident: str,
    *,
    title: str = "",
    type_size: int = svg.TYPE_SIZE,
) -> str:
    """The SVG: a row for each weekday, a cell for each hour."""
    drawing = svg.figure(
        ident,
        WIDTH,
        HEIGHT,
        title=title or gettext("Hours of the week"),
        says=week.says(),
        kind="week",
        type_size=type_size,
    )
    for hour in range(0, 24, 2):
        svg.label(drawing, LEFT + hour * CELL, TOP - 7, f"{hour:02}")
    for at, name in enumerate(SHORT):
        top = TOP + at * ROW
        svg.label(drawing, LEFT - 8, top + ROW / 2 + 4, gettext(name), anchor="end")
        for hour in range(24):
            _cell(drawing, week, at, hour)
    return svg.written(drawing)


def _cell(drawing: Element, week: Week, weekday: int, hour: int) -> None:
    count = week.at(weekday, hour)
    left, top = LEFT + hour * CELL, TOP + weekday * ROW
    shade = shade_of(count, week.most)
    cell = svg.box(
        drawing,
        left,
        top,
        CELL - 2,
        ROW - 2,
        rx="2",
        class_=f"cell s{shade}",
        fill=svg.MAIN,
        fill_opacity=f"{shade / SHADES:.1f}" if shade else "0.05",
    )
    if not count:
        return
    svg.hint(cell, f"{gettext(WEEKDAYS[weekday])} {hour:02}:00: {count}")
    number = svg.label(
        drawing,
        left + (CELL - 2) / 2,
        top + ROW / 2 + 3,
        str(count) if count < 1000 else "…",
        anchor="middle",
        kind=f"count s{shade}",
    )
    number.set("fill", "#ffffff" if shade > SHADES // 2 else svg.INK)


def shade_of(count: int, most: int) -> int:
    """0 for none, then 1 to 5 by the share of the highest."""
    return 0 if not count else max(1, -(-count * SHADES // most))


def _stretch(start: int, length: int) -> str:
    if length == HOURS_OF_WEEK:
        return gettext("every hour")
    end = (start + length) % HOURS_OF_WEEK
    first, last = gettext(WEEKDAYS[start // 24]), gettext(WEEKDAYS[end // 24])
    until = f"{end % 24:02}:00"
    if end % 24 == 0:
        until, last = "24:00", first if length <= 24 else gettext(WEEKDAYS[(end // 24) - 1])
    more = f"{last} " if length > 24 and last != first else ""
    return gettext("{first} to {last}").format(
        first=f"{first} {start % 24:02}:00", last=f"{more}{until}"
    )
