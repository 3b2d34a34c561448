"""Which other tips a tip is linked to: the one place where links come into exports.

Only what an analyst has confirmed leaves the house, by the other tip's number and what they share.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db.models import Q

from reports.rows import LinkRow
from tipintake.tips.links import says
from tipintake.triage.models import Link

_VALUES = ("one", "one__reference", "value_one", "other", "other__reference", "value_other", "why")


def links_of(tips: Collection[UUID]) -> Mapping[UUID, tuple[LinkRow, ...]]:
    """The confirmed links of each of these tips, in the order of the other's number."""
    wanted = set(tips)
    rows = Link.objects.filter(Q(one__in=wanted) | Q(other__in=wanted), state=Link.State.CONFIRMED)
    found: dict[UUID, list[LinkRow]] = defaultdict(list)
    for one, one_ref, value_one, other, other_ref, value_other, why in rows.values_list(*_VALUES):
        if one in wanted:
            found[one].append(_row(other_ref, why, value_one, value_other))
        if other in wanted:
            found[other].append(_row(one_ref, why, value_other, value_one))
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
