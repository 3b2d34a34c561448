"""How many tips of a quarter tell of each county."""

from collections import Counter
from collections.abc import Mapping

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from reports.statistics.quarters import Quarter
from tipintake.directory.models import Jurisdiction
from tipintake.routing.models import Decision
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition

ELSEWHERE = "elsewhere"
# Purged soon after closing, so that the count would hang on the day on which it is made.
NOT_COUNTED = (
    Disposition.UNFOUNDED,
    Disposition.PRANK,
    Disposition.SPAM,
    Disposition.DUPLICATE,
)


def counties() -> dict[str, str]:
    """Codes and names of the counties here, home counties first."""
    kinds = (Jurisdiction.Kind.COUNTY, Jurisdiction.Kind.COUNTY_EQUIVALENT)
    rows = Jurisdiction.objects.filter(kind__in=kinds).order_by("-is_home", "name")
    return dict(rows.values_list("code", "name"))


def count(quarter: Quarter) -> Mapping[str, int]:
    """Every county with its tips; the rest, by unknown, two or other counties, as ELSEWHERE.

    Where staff read the place last decides. Many tips alike within a day count once, so that
    nobody lifts a count over the mark by sending the same again.
    """
    newest = Decision.objects.filter(tip=OuterRef("pk")).order_by("-pk").values("jurisdiction")
    tips = Tip.objects.filter(
        submitted_hour__gte=quarter.begins,
        submitted_hour__lt=quarter.ends,
        routed_at__isnull=False,
    ).exclude(disposition__in=NOT_COUNTED)
    by_place = (
        tips.annotate(place=Subquery(newest[:1]))
        .values("place")
        .annotate(n=Count(Coalesce("flood", "pk"), distinct=True))
        .order_by()
    )
    known = counties()
    county_of = dict(Jurisdiction.objects.values_list("code", "county"))
    counts = Counter[str](dict.fromkeys([*known, ELSEWHERE], 0))
    for row in by_place:
        county = county_of.get(row["place"] or "", "")
        counts[county if county in known else ELSEWHERE] += row["n"]
    return counts
