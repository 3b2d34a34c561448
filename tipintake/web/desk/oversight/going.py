"""What will be destroyed within three days."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tipintake.pipeline import retain
from tipintake.tips.models import HeldSpan
from tipintake.tips.retention import to_review, today
from tipintake.tips.vocabulary import Disposition
from tipintake.web.desk.oversight.counting import CAP, capped, many, of_visible
from tipintake.web.desk.page import Desk

SOON = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Going:
    says: str
    count: str
    held: str


def retention_due(desk: Desk) -> list[Going]:
    here = of_visible(desk)
    rows = []
    for rule in retain.due(now=desk.now + SOON):
        says = _("Tips kept for the longest, {days} days over within 3 days")
        if rule.rule in Disposition.values:
            says = _("Tips closed as “{what}”, {days} days over within 3 days")
        what = _(dict(Disposition.choices).get(rule.rule, ""))
        says = says.format(what=what, days=rule.days)
        rows.append(_going(says, rule.tips.filter(here), "legal_hold"))
    spans = HeldSpan.objects.filter(
        of_visible(desk, "tip"), destroy_after__lt=today(desk.now + SOON)
    )
    rows.append(
        _going(_("Held words, unjudged, destroyed within 3 days"), spans, "tip__legal_hold")
    )
    old = to_review(now=desk.now).filter(here)
    rows.append(Going(_("Tips open so long that somebody must say why"), many(capped(old)), ""))
    return rows


def _going(says: str, rows: QuerySet[Any], hold: str) -> Going:
    """What is free to go, and what a legal hold keeps."""
    holds = list(rows.values_list(hold, flat=True)[: 2 * CAP])
    kept = sum(1 for one in holds if one)
    return Going(says, many(len(holds) - kept), many(kept))
