"""Which other tips a tip is linked to: the one place where links come into exports.

Only what an analyst has confirmed leaves the house, by the other tip's number and what they share.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from reports.listed import Listed
from reports.rows import LinkRow
from tipintake.tips.links import says
from tipintake.triage.models import Link


def links_of(tips: Collection[UUID]) -> Mapping[UUID, tuple[LinkRow, ...]]:
    """The confirmed links of each of these tips, in the order of the other's number."""
    asked = Listed(tips)
    confirmed = Link.objects.filter(state=Link.State.CONFIRMED)
    found: dict[UUID, list[LinkRow]] = defaultdict(list)
    # Two questions, because PostgreSQL reads the whole table for one with OR.
    for one, other, why, mine, theirs in confirmed.filter(one__in=asked).values_list(
        "one", "other__reference", "why", "value_one", "value_other"
    ):
        found[one].append(_row(other, why, mine, theirs))
    for one, other, why, mine, theirs in confirmed.filter(other__in=asked).values_list(
        "other", "one__reference", "why", "value_other", "value_one"
    ):
        found[one].append(_row(other, why, mine, theirs))
    return {tip: tuple(sorted(links, key=_order)) for tip, links in found.items()}


def _row(other: str, why: str, mine: str, theirs: str) -> LinkRow:
    return LinkRow(
        other_reference=other,
        pattern=why,
        because=says(why, mine, theirs),
        judgement="CONFIRMED",
    )


def _order(row: LinkRow) -> tuple[str, str, str]:
    return row.other_reference, row.pattern, row.because
