"""The figures of some months as a table of words: for the page, for CSV, and for a packet.

`MonthReport` holds everything that a printed report needs, in its order, as text.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from reports.lines import line
from reports.models import MonthFigures
from reports.neutral import for_table
from reports.statistics.kinds import KINDS, RULES, Kind, Unit
from reports.statistics.months import Figures, Told, read
from tipintake.routing.policy.current import policy_in_force

MARKING = gettext_noop(
    "INTERNAL. Figures of the whole house for supervisors and the board. Not for release."
)
SHARE_FROM = 20  # of fewer a percentage says more than is known
NOTHING = "–"
NO_RULE = gettext_noop("no rule of the policy in force")
HEADINGS = ("month", "section", "figure", "title", "unit", "value", "of", "counted", "marking")
AN_HOUR, A_DAY = 60, 24 * 60


@dataclass(frozen=True, slots=True)
class Line:
    """One figure over the months."""

    title: str
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class MonthReport:
    """What is shown of some months, the newest first."""

    months: tuple[date, ...]
    counted_at: tuple[datetime, ...]
    closed: tuple[bool, ...]
    came: tuple[int, ...]
    sections: tuple[Section, ...]
    marking: str = MARKING

    @property
    def names(self) -> list[str]:
        return [date_format(month, "M Y") for month in self.months]


def newest(most: int) -> list[MonthFigures]:
    return list(MonthFigures.objects.order_by("-month")[:most])


def report(rows: Sequence[MonthFigures]) -> MonthReport:
    figures = [read(row.figures) for row in rows]
    sections: dict[str, list[Line]] = {}
    for kind in (*KINDS, *_rules(figures)):
        cells = tuple(said(kind.unit, one.get(kind.code, (None, None))) for one in figures)
        sections.setdefault(kind.section, []).append(Line(_(kind.title), cells))
    return MonthReport(
        months=tuple(row.month for row in rows),
        counted_at=tuple(row.counted_at for row in rows),
        closed=tuple(row.closed for row in rows),
        came=tuple(int(one.get("came", (0, None))[0] or 0) for one in figures),
        sections=tuple(Section(_(title), tuple(lines)) for title, lines in sections.items()),
    )


def csv_lines(rows: Sequence[MonthFigures]) -> Iterator[str]:
    """A line for each figure of each month."""
    yield line(HEADINGS)
    for row in rows:
        figures = read(row.figures)
        for kind in (*KINDS, *_rules([figures])):
            value, of = figures.get(kind.code, (None, None))
            cells = (
                f"{row.month:%Y-%m}", kind.section, kind.code, kind.title, kind.unit.value,
                _number(value), _number(of), row.counted_at.date().isoformat(), MARKING,
            )  # fmt: skip
            yield line([for_table(cell) for cell in cells])


def said(unit: Unit, told: Told) -> str:
    """A figure as it can honestly be said."""
    value, of = told
    if value is None:
        return NOTHING
    if unit == Unit.PART:
        return _part(int(value), of or 0)
    if unit == Unit.MINUTES:
        return _lasting(value)
    if unit == Unit.DAYS:
        return f"{value:.0f} d"
    if unit == Unit.EACH:
        return _("{value} on {of}").format(value=f"{value:.1f}", of=of)
    return f"{value:,.0f}"


def _part(part: int, whole: int) -> str:
    if not whole:
        return NOTHING
    words = _("{part} of {whole}").format(part=f"{part:,}", whole=f"{whole:,}")
    return f"{words} ({round(100 * part / whole)} %)" if whole >= SHARE_FROM else words


def _lasting(minutes: float) -> str:
    if minutes < AN_HOUR:
        return f"{minutes:.0f} min"
    if minutes < 2 * A_DAY:
        return f"{minutes / AN_HOUR:.1f} h"
    return f"{minutes / A_DAY:.1f} d"


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}" if value < 10**6 else str(int(value))


def _rules(figures: Sequence[Figures]) -> list[Kind]:
    """The rules that decided in any of these months, in the words of the policy in force."""
    codes = sorted({code for one in figures for code in one if code.startswith("rule_")})
    if not codes:
        return []
    titles: Mapping[str, str] = {rule.code: rule.title for rule in policy_in_force().rules}
    found = []
    for code in codes:
        rule = code.removeprefix("rule_")
        title = _(titles.get(rule, NO_RULE))
        found.append(Kind(code, RULES, f"{rule}: {title}", Unit.PART))
    return found
