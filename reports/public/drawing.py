"""The quarters as bars: the tips of all counties together. The table says the same and more."""

from collections.abc import Sequence

from django.utils.formats import number_format
from django.utils.safestring import SafeString
from django.utils.translation import gettext

from reports.public.years import MONTHS, Year
from reports.statistics.bars import Bar, drawn

MOST_BARS = 12


def quarters(shown: Sequence[Year]) -> SafeString:
    """The newest quarters, the oldest of them first."""
    bars = [
        Bar(str(MONTHS[quarter.number]), str(year.year), count, _said(count))
        for year in reversed(shown)
        for quarter, count in zip(year.quarters, year.together.counts, strict=False)
    ]
    title = gettext("Tips of all counties together, by quarter")
    return drawn("quarters", bars[-MOST_BARS:], title=title)


def _said(count: int | None) -> str:
    return gettext("not shown") if count is None else number_format(count)
