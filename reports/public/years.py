"""What was published, year by year, as the page and the CSV show it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import number_format
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from reports.lines import line
from reports.models import PublishedQuarter
from reports.neutral import for_table
from reports.statistics.counting import ELSEWHERE
from reports.statistics.quarters import Quarter

Words = str | Promise

MONTHS: Mapping[int, Words] = {
    1: _("Jan–Mar"),
    2: _("Apr–Jun"),
    3: _("Jul–Sep"),
    4: _("Oct–Dec"),
}
WHOLE_YEAR = _("Year")
NOT_KNOWN = _("Place not known, or elsewhere")
TOGETHER = _("Together")
HEADINGS = ("year", "quarter", "county", "tips")


@dataclass(frozen=True, slots=True)
class Row:
    name: Words
    counts: tuple[int | None, ...]  # of the year's columns; None is hidden
    in_csv: str = ""  # where its name is words of ours

    @property
    def said(self) -> list[str]:
        """Each count as the page writes it; empty where it is hidden."""
        return [
            "" if one is None else number_format(one, force_grouping=True) for one in self.counts
        ]


@dataclass(frozen=True, slots=True)
class Year:
    """One table. The columns are its published quarters, and the year when it is whole."""

    year: int
    quarters: tuple[Quarter, ...]
    is_whole: bool
    rows: tuple[Row, ...]
    together: Row
    published_on: date

    @property
    def headings(self) -> list[Words]:
        months = [MONTHS[one.number] for one in self.quarters]
        return [*months, WHOLE_YEAR] if self.is_whole else months


def years() -> list[Year]:
    """What is public by now, the newest first."""
    return years_of(PublishedQuarter.objects.order_by("quarter"))


def years_of(published: Iterable[PublishedQuarter]) -> list[Year]:
    """The same of these quarters, which come in their order."""
    found: dict[int, list[tuple[Quarter, PublishedQuarter]]] = {}
    for one in reversed(list(published)):
        if quarter := Quarter.read(one.quarter):
            found.setdefault(quarter.year, []).insert(0, (quarter, one))
    return [_year(year, quarters) for year, quarters in found.items()]


def lines(shown: Sequence[Year]) -> Iterator[str]:
    """As CSV: a line for each count, in English, the same in every language."""
    yield line(HEADINGS)
    for year in shown:
        columns = [one.code[-2:] for one in year.quarters] + ["year"] * year.is_whole
        for row in (*year.rows, year.together):
            for column, count in zip(columns, row.counts, strict=True):
                cells = [str(year.year), column, for_table(row.in_csv or str(row.name))]
                yield line([*cells, "" if count is None else str(count)])


def _year(year: int, published: Sequence[tuple[Quarter, PublishedQuarter]]) -> Year:
    columns = [one.figures for _quarter, one in published]
    whole = next((one.year_figures for _quarter, one in published if one.year_figures), None)
    if whole is not None:
        columns = [*columns, whole]
    names: dict[str, str] = {}
    for column in columns:
        names.update({code: name for code, name, _count in column["rows"]})
    counts = [{code: count for code, _name, count in column["rows"]} for column in columns]
    order = [code for code in names if code != ELSEWHERE] + [ELSEWHERE] * (ELSEWHERE in names)
    return Year(
        year=year,
        quarters=tuple(quarter for quarter, _one in published),
        is_whole=whole is not None,
        rows=tuple(
            Row(
                NOT_KNOWN if code == ELSEWHERE else names[code],
                tuple(column.get(code) for column in counts),
                "Not known or elsewhere" if code == ELSEWHERE else "",
            )
            for code in order
        ),
        together=Row(TOGETHER, tuple(column["total"] for column in columns), "All"),
        published_on=max(one.published_on for _quarter, one in published),
    )
