"""The quarters as bars: the tips of all counties together. The table says the same and more."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext

from reports.public.years import MONTHS, Year
from tipintake.triage.figures import svg

MOST_BARS = 12
LEFT, STEP, WIDE, TALL, TOP = 8, 58, 38, 150, 26
UNDER = 40


def quarters(shown: Sequence[Year]) -> SafeString:
    """The newest quarters, the oldest of them first."""
    bars = [
        (year.year, quarter.number, count)
        for year in reversed(shown)
        for quarter, count in zip(year.quarters, year.together.counts, strict=False)
    ][-MOST_BARS:]
    most = max((count for _year, _number, count in bars if count is not None), default=0)
    width = 2 * LEFT + STEP * max(len(bars), 4)
    drawing = svg.figure(
        "quarters",
        width,
        TOP + TALL + UNDER,
        title=gettext("Tips of all counties together, by quarter"),
        says=_says(bars),
        kind="quarters",
    )
    floor = TOP + TALL
    for place, (year, number, count) in enumerate(bars):
        x = LEFT + place * STEP + (STEP - WIDE) / 2
        middle = x + WIDE / 2
        if count is None:
            svg.box(drawing, x, floor - 18, WIDE, 18, class_="hidden", fill="none")
            svg.label(drawing, middle, floor - 5, "–", anchor="middle")
        else:
            height = max(2.0, TALL * count / most)
            svg.box(drawing, x, floor - height, WIDE, height, class_="bar", fill=svg.MAIN)
            svg.label(
                drawing, middle, floor - height - 6, number_format(count), anchor="middle", kind="n"
            )
        svg.label(drawing, middle, floor + 15, str(MONTHS[number]), anchor="middle")
        if number == 1 or place == 0:
            svg.label(drawing, middle, floor + 31, str(year), anchor="middle", kind="label year")
    svg.line(drawing, LEFT, floor, width - LEFT, floor, class_="floor")
    return mark_safe(svg.written(drawing))  # noqa: S308  made of numbers and our own words


def _says(bars: Sequence[tuple[int, int, int | None]]) -> str:
    told = [
        f"{MONTHS[number]} {year}: "
        + (gettext("not shown") if count is None else number_format(count))
        for year, number, count in bars
    ]
    return "; ".join(told)
