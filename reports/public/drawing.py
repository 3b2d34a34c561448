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
    bars = [_bar(year, place) for year in reversed(shown) for place in range(len(year.quarters))]
    title = gettext("Tips of all counties together, by quarter")
    return drawn("quarters", bars[-MOST_BARS:], title=title)


def _bar(year: Year, place: int) -> Bar:
    """Where the sum is hidden, the counties that are shown say how many it is at least."""
    count = year.together.counts[place]
    least = sum(row.counts[place] or 0 for row in year.rows)
    if count is not None:
        said = number_format(count, force_grouping=True)
    elif least:
        said = gettext("at least %(count)s") % {"count": number_format(least, force_grouping=True)}
    else:
        said = gettext("not shown")
    label = str(MONTHS[year.quarters[place].number])
    return Bar(label, str(year.year), count, said, least)
