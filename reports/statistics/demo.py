"""A made-up year of counts and a made-up month, for trying what is published and printed."""

from datetime import date, datetime

from reports.models import MonthFigures, PublishedQuarter
from reports.statistics.kinds import KINDS
from reports.statistics.publishing import Decided, Figures, decide
from reports.statistics.quarters import Quarter
from reports.statistics.suppression import TOTAL, Cell

YEAR = 2020
# Of each county its four quarters: many, few, none, and some of each.
COUNTS = {
    "=HYPERLINK(1)": (120, 98, 131, 140),
    "First County": (41, 12, 9, 15),
    "Second County": (3, 10, 14, 2),
    "Third County": (0, 0, 4, 0),
    "elsewhere": (11, 7, 16, 10),
}


def published() -> tuple[list[PublishedQuarter], Decided, set[Cell]]:
    """A whole year as it would be published, its last decision, and every cell that is public."""
    rows = list(COUNTS)
    public: set[Cell] = set()
    counted: dict[str, dict[str, int]] = {}
    found: list[PublishedQuarter] = []
    for quarter in Quarter(YEAR, 1).of_the_year():
        counted[quarter.code] = {row: COUNTS[row][quarter.number - 1] for row in rows}
        made = decide(quarter, counted, public, rows)
        public |= made.shown
        found.append(
            PublishedQuarter(
                quarter=quarter.code,
                published_on=date(YEAR + 1, 1, 1),
                figures=_figures(made, quarter.code),
                year_figures=_figures(made, TOTAL) if made.is_whole_year else None,
            )
        )
    return found, made, public


def month(*, now: datetime) -> MonthFigures:
    figures = {kind.code: [number, 40] for number, kind in enumerate(KINDS)}
    return MonthFigures(month=date(YEAR, 1, 1), counted_at=now, figures=figures)


def _figures(made: Decided, column: str) -> Figures:
    def tell(row: str) -> int | None:
        return made.table[row, column] if (row, column) in made.shown else None

    return {"rows": [(row, row, tell(row)) for row in COUNTS], "total": tell(TOTAL)}
