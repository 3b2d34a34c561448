"""Counts over time as bars, with a description that says each of them."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.safestring import SafeString, mark_safe

from tipintake.triage.figures import svg

LEFT, STEP, WIDE, TALL, TOP, UNDER = 8, 58, 38, 150, 26, 40
LEAST_BARS = 6  # fewer are not drawn wider
STUB = 18.0  # the height of one whose count is hidden


@dataclass(frozen=True, slots=True)
class Bar:
    """One count: what stands under it, in which year, and how it is said. Of one that is hidden
    only the least that it may be is drawn."""

    label: str
    year: str
    count: int | None
    said: str
    least: int = 0


def drawn(ident: str, bars: Sequence[Bar], *, title: str) -> SafeString:
    most = max((bar.count or bar.least for bar in bars), default=0) or 1
    width = 2 * LEFT + STEP * max(len(bars), LEAST_BARS)
    says = "; ".join(f"{bar.label} {bar.year}: {bar.said}" for bar in bars)
    drawing = svg.figure(
        ident, width, TOP + TALL + UNDER, title=title, says=says, kind="over-time"
    )
    floor = TOP + TALL
    before = ""
    for place, bar in enumerate(bars):
        x = LEFT + place * STEP + (STEP - WIDE) / 2
        middle = x + WIDE / 2
        if bar.count is None:
            height = max(STUB, TALL * bar.least / most)
            svg.box(drawing, x, floor - height, WIDE, height, class_="hidden", fill="none")
            short = f"≥ {bar.least}" if bar.least else "–"
            svg.label(drawing, middle, floor - height - 6, short, anchor="middle", kind="n")
        else:
            height = max(2.0, TALL * bar.count / most)
            svg.box(drawing, x, floor - height, WIDE, height, class_="tall", fill=svg.MAIN)
            svg.label(drawing, middle, floor - height - 6, bar.said, anchor="middle", kind="n")
        svg.label(drawing, middle, floor + 15, bar.label, anchor="middle")
        if bar.year != before:
            svg.label(drawing, middle, floor + 31, bar.year, anchor="middle")
        before = bar.year
    svg.line(drawing, LEFT, floor, width - LEFT, floor, class_="floor")
    return mark_safe(svg.written(drawing))  # noqa: S308  numbers and our own words, escaped
