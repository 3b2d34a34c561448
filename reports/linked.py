"""Which other tips a tip is linked to: the one place where links come into exports.

Only what an analyst has confirmed leaves the house, by the other tip's number and what they share;
and only to a tip that might stand in the same export: a link tells of both. Tips that count as one
report, because they were merged or are alike within a day, say so of each other: as two they would
bear each other out for whoever reads the package.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db.models import QuerySet
from django.utils import translation

from reports.listed import Listed
from reports.rows import CONFIRMED, ONE_REPORT, LinkRow
from tipintake.tips.links import says
from tipintake.tips.models import Tip
from tipintake.triage.models import Link, MergedTip

MERGED = "an analyst merged them: they count as one report"
ALIKE = "alike within a day, from one hand or many: they count as one report"


def links_of(
    tips: Collection[UUID], *, among: QuerySet[Tip]
) -> Mapping[UUID, tuple[LinkRow, ...]]:
    """The confirmed links of each of these tips to tips among those that whoever asks sees and
    the recipient may have, in the order of the other's number."""
    asked = Listed(tips)
    confirmed = Link.objects.filter(state=Link.State.CONFIRMED)
    links: list[tuple[UUID, UUID, str, str, str, str]] = []
    # Two questions, because PostgreSQL reads the whole table for one with OR.
    links += confirmed.filter(one__in=asked).values_list(
        "one", "other", "other__reference", "why", "value_one", "value_other"
    )
    links += confirmed.filter(other__in=asked).values_list(
        "other", "one", "one__reference", "why", "value_other", "value_one"
    )
    # A third, because the law of `among` would be worked out for every tip of the house.
    others = Listed({other for _, other, *_ in links})
    allowed = set(among.filter(pk__in=others).values_list("pk", flat=True)) if links else set()
    found: dict[UUID, list[LinkRow]] = defaultdict(list)
    with translation.override("en"):
        for one, other, reference, why, mine, theirs in links:
            if other in allowed:
                found[one].append(_row(reference, why, mine, theirs))
    for tip, row in (*_merged(asked, among), *_alike(asked, among)):
        found[tip].append(row)
    return {tip: tuple(sorted(links, key=_order)) for tip, links in found.items()}


def _row(other: str, why: str, mine: str, theirs: str) -> LinkRow:
    return LinkRow(
        other_reference=other,
        pattern=why,
        because=says(why, mine, theirs),
        judgement=CONFIRMED,
    )


def _merged(asked: Listed, among: QuerySet[Tip]) -> Iterator[tuple[UUID, LinkRow]]:
    merges = MergedTip.objects
    pairs = [
        *merges.filter(tip__in=asked).values_list("tip", "into"),
        *merges.filter(into__in=asked).values_list("into", "tip"),
    ]
    others = Listed({other for _, other in pairs})
    named = dict(among.filter(pk__in=others).values_list("pk", "reference")) if pairs else {}
    for tip, other in pairs:
        if other in named:
            yield tip, LinkRow(named[other], ONE_REPORT, MERGED, CONFIRMED)


def _alike(asked: Listed, among: QuerySet[Tip]) -> Iterator[tuple[UUID, LinkRow]]:
    """Each names the first of them, and the first the next: a flood is not squared."""
    floods: dict[UUID, list[UUID]] = defaultdict(list)
    grouped = Tip.objects.filter(pk__in=asked).exclude(flood=None)
    for tip, flood in grouped.values_list("pk", "flood"):
        if flood is not None:
            floods[flood].append(tip)
    for flood, tips in floods.items():
        first = among.filter(flood=flood).order_by("reference").values_list("pk", "reference")[:2]
        for tip in tips:
            others = [reference for pk, reference in first if pk != tip]
            if others:
                yield tip, LinkRow(others[0], ONE_REPORT, ALIKE, "")


def _order(row: LinkRow) -> tuple[str, str, str]:
    return row.other_reference, row.pattern, row.because
