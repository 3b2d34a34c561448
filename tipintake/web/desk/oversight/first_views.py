"""How long tips waited until a person looked."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.deadlines import acknowledge_by
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Priority
from tipintake.web.desk.clocks import lasting
from tipintake.web.desk.oversight.counting import of_visible, share
from tipintake.web.desk.page import Desk

MOST_VIEWED = 2000
ANY_SYSTEM = " (token "  # how the audit names an agency's system


@dataclass(frozen=True, slots=True)
class FirstView:
    priority: str
    mark: str
    tips: int
    within: str
    middle: str
    unseen: int
    longest: str  # that a tip has gone unseen


MARKS: Mapping[str, tuple[str, Callable[[datetime], datetime] | None]] = {
    "P1": (gettext_noop("15 minutes"), lambda start: acknowledge_by("P1", start)),
    "P2": (gettext_noop("4 hours"), lambda start: acknowledge_by("P2", start)),
    "P3": (
        gettext_noop("the end of the next business day"),
        lambda start: acknowledge_by("P3", start),
    ),
    "P4": (gettext_noop("no mark"), None),
}


def first_views(desk: Desk, since: datetime) -> tuple[list[FirstView], bool]:
    """From routing until somebody opened the tip, of the newest; and whether more came than that.

    Routing follows a submission at once, and is known to the second; a submission only to the
    hour.
    """
    looks = AuditEntry.objects.filter(subject=OuterRef("reference"), act="tip.read")
    first = looks.exclude(actor__contains=ANY_SYSTEM).order_by("at").values("at")[:1]
    # By the hour of submission, of which an index has the order.
    tips = Tip.objects.filter(of_visible(desk), submitted_hour__gte=since, routed_at__isnull=False)
    newest = (
        tips.annotate(seen=Subquery(first))
        .order_by("-submitted_hour", "-pk")
        .values_list("priority", "routed_at", "seen")[: MOST_VIEWED + 1]
    )
    rows = [(str(p), at, seen) for p, at, seen in newest if at is not None]
    found = [
        _first_view(priority, [(at, seen) for p, at, seen in rows if p == priority], desk.now)
        for priority in Priority.values
    ]
    return found, len(rows) > MOST_VIEWED


def _first_view(
    priority: str, rows: list[tuple[datetime, datetime | None]], now: datetime
) -> FirstView:
    says, mark = MARKS[priority]
    waits = sorted(seen - at for at, seen in rows if seen is not None)
    unseen = [now - at for at, seen in rows if seen is None]
    within = _("no mark")
    if mark is not None:
        judged = [(at, seen) for at, seen in rows if seen is not None or mark(at) < now]
        good = sum(1 for at, seen in judged if seen is not None and seen <= mark(at))
        within = (
            share(good, len(judged)) if judged else _("none due yet") if rows else _("none came")
        )
    return FirstView(
        priority=priority,
        mark=says,
        tips=len(rows),
        within=within,
        middle=lasting(waits[(len(waits) - 1) // 2]) if waits else "",
        unseen=len(unseen),
        longest=lasting(max(unseen)) if unseen else "",
    )
