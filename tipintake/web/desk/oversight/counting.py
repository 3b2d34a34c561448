"""What every figure is counted with: what may be seen, how far, and how it is said."""

from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from tipintake.delivery.models import HandOff
from tipintake.staff.roles import May
from tipintake.web.desk.page import Desk

SHARE_FROM = 20  # of fewer a percentage says more than is known
CAP = 1000


def share(part: int, whole: int) -> str:
    """A part as it can honestly be said: "3 of 12", and a percentage from twenty on."""
    if not whole:
        return _("none came")
    said = _("{part} of {whole}").format(part=part, whole=whole)
    return f"{said} ({round(100 * part / whole)} %)" if whole >= SHARE_FROM else said


def capped(rows: QuerySet[Any]) -> int:
    """How many, counting no further than one past the cap."""
    return len(rows.values_list("pk", flat=True)[: CAP + 1])


def many(count: int) -> str:
    return _("over {cap}").format(cap=f"{CAP:,}") if count > CAP else f"{count:,}"


def of_visible(desk: Desk, tip: str = "pk", of: str = "tip") -> Q:
    """A condition on rows: the tip that column `tip` names stood in the queue of a visible line.

    Asked row by row, so that few rows cost little; who sees all is asked nothing.
    """
    if desk.may(May.SEE_ALL_LINES):
        return Q()
    return Q(Exists(desk.hand_offs().filter(**{of: OuterRef(tip)})))


def on_visible(desk: Desk) -> Q:
    """The same on entries of the audit, which name a tip by its number."""
    return of_visible(desk, "subject", "tip__reference")


def hand_offs_of(desk: Desk) -> QuerySet[HandOff]:
    """In the queues of visible lines; who sees all need not ask which lines there are."""
    found: QuerySet[HandOff] = desk.hand_offs()
    return HandOff.objects.all() if desk.may(May.SEE_ALL_LINES) else found
