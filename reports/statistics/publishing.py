"""Publish a quarter's counts by county: once, three months late, and never another way.

What is shown of a quarter is chosen so that it holds beside everything that was published of its
year before (`suppression`). When the fourth quarter of a year comes, the sums of the year come
with it, over the counts as they were made for each quarter; then those counts are destroyed.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from reports.models import CountedQuarter, PublishedQuarter
from reports.statistics.counting import ELSEWHERE, count, counties
from reports.statistics.quarters import Quarter
from reports.statistics.suppression import TOTAL, Cell, chosen, with_totals
from tipintake.staff import audit
from tipintake.tips.models import Tip
from tipintake.tips.retention import LONGEST, today

TO_COME = 10**6  # far from every bound


class Figures(TypedDict):
    """One column as it is shown: code, name and count of each row; None is hidden."""

    rows: list[tuple[str, str, int | None]]
    total: int | None


class CannotPublish(Exception):
    """The quarter may not be published; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """What publishing would show, and what it counts behind it."""

    quarter: Quarter
    counts: Mapping[str, int]
    figures: Figures
    year_figures: Figures | None
    hidden: int


def due(*, now: datetime) -> list[Quarter]:
    """Quarters that may be published by now and are not, the oldest first.

    None of which tips may be purged for their age already: its count would be too low.
    """
    first = Tip.objects.order_by("submitted_hour").values_list("submitted_hour", flat=True).first()
    if first is None:
        return []
    published = set(PublishedQuarter.objects.values_list("quarter", flat=True))
    quarter = Quarter.of(today(first))
    found = []
    while quarter.due <= today(now):
        if quarter.begins > now - LONGEST + timedelta(days=1) and quarter.code not in published:
            found.append(quarter)
        quarter = quarter.next
    return found


def propose(quarter: Quarter, *, now: datetime) -> Proposal:
    """What would be shown. Raises CannotPublish."""
    if quarter not in due(now=now):
        raise CannotPublish(
            _(
                "{quarter} is published already, or comes on {day} at the earliest, or is too "
                "long ago to be counted."
            ).format(quarter=quarter.code, day=quarter.due.isoformat())
        )
    return _proposal(quarter, count(quarter))


def publish(quarter: Quarter, *, by: str, now: datetime) -> PublishedQuarter:
    """Publish it, as it is counted in this moment. Raises CannotPublish."""
    with transaction.atomic():
        made = propose(quarter, now=now)
        kept = PublishedQuarter.objects.create(
            quarter=quarter.code,
            published_on=today(now),
            figures=made.figures,
            year_figures=made.year_figures,
        )
        CountedQuarter.objects.create(quarter=quarter.code, counts=dict(made.counts))
        if made.year_figures is not None:
            year = [one.code for one in quarter.of_the_year()]
            CountedQuarter.objects.filter(quarter__in=year).delete()
        audit.record(
            "numbers.published", actor=by, now=now, subject=quarter.code, hidden=made.hidden
        )
    return kept


@dataclass(frozen=True, slots=True)
class Decided:
    """A year's table as it is counted, and which of its new cells may be shown."""

    table: Mapping[Cell, int]
    asked: tuple[Cell, ...]
    shown: frozenset[Cell]
    is_whole_year: bool


def decide(
    quarter: Quarter,
    counted: Mapping[str, Mapping[str, int]],
    before: Iterable[Cell],
    rows: Sequence[str],
) -> Decided:
    """What to show of a quarter. `counted` are the counts of each published quarter of its year
    and of this one; `before` is what is public already. Pure."""
    # Quarters that are still to come stand there too, as numbers of which nobody knows anything.
    codes = [one.code for one in quarter.of_the_year()]
    cells = {
        (row, code): counted[code].get(row, 0) if code in counted else TO_COME
        for code in codes
        for row in rows
    }
    is_whole_year = len(counted) == len(codes)
    # What is asked for first is hidden first. A hidden sum frees every count of its column; to
    # keep it, at least two counties would have to go. Then the year's, then the smaller counties.
    backwards = rows[::-1]
    asked: list[Cell] = [(TOTAL, quarter.code), *((row, quarter.code) for row in backwards)]
    if is_whole_year:
        asked[1:1] = [(TOTAL, TOTAL), *((row, TOTAL) for row in backwards)]
    table = with_totals(cells)
    shown = chosen(table, frozenset(before), asked)
    return Decided(table, tuple(asked), shown, is_whole_year)


def _proposal(quarter: Quarter, counts: Mapping[str, int]) -> Proposal:
    others = PublishedQuarter.objects.filter(quarter__startswith=f"{quarter.year}-")
    published: dict[str, Figures] = {one.quarter: one.figures for one in others}
    counted = dict(
        CountedQuarter.objects.filter(quarter__in=list(published)).values_list("quarter", "counts")
    )
    counted[quarter.code] = counts
    rows = _rows(counted.values())
    before = [cell for code, figures in published.items() for cell in _shown(figures, code)]
    made = decide(quarter, counted, before, rows)
    names = counties()
    own = [row for row in rows if row in counts]
    return Proposal(
        quarter=quarter,
        counts=counts,
        figures=_figures(made, own, quarter.code, names),
        year_figures=_figures(made, rows, TOTAL, names) if made.is_whole_year else None,
        hidden=len(made.asked) - len(made.shown),
    )


def _rows(tables: Iterable[Mapping[str, int]]) -> list[str]:
    """Every row of any of these quarters, in the order of the counties."""
    present = {row for table in tables for row in table}
    order = [*counties(), ELSEWHERE]
    return [*(row for row in order if row in present), *sorted(present.difference(order))]


def _figures(made: Decided, rows: list[str], column: str, names: Mapping[str, str]) -> Figures:
    def tell(row: str) -> int | None:
        return made.table[row, column] if (row, column) in made.shown else None

    return {
        "rows": [(row, names.get(row, ""), tell(row)) for row in rows],
        "total": tell(TOTAL),
    }


def _shown(figures: Figures, code: str) -> list[Cell]:
    found = [(row, code) for row, _name, told in figures["rows"] if told is not None]
    return [*found, *([(TOTAL, code)] if figures["total"] is not None else [])]
