"""How each line's queue stands now, counted from the ranks alone.

An index holds line, rank and deadline: no row of a hand-off is read, however many there are.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min, Q, QuerySet

from tipintake.delivery.models import DONE, WAITING_RANKS, HandOff

URGENT_UP_TO = 21  # ranks of P1 and P2
AT_ONCE_UP_TO = 11


@dataclass(slots=True)
class Standing:
    waiting: int = 0
    overdue: int = 0
    urgent: int = 0  # of those that wait: P1 and P2
    at_once: int = 0  # of those: P1
    in_work: int = 0
    next_due: datetime | None = None


def standing(hand_offs: QuerySet[HandOff], *, now: datetime) -> dict[int, Standing]:
    """By the key of its line; a line in which nothing is in hand is left out."""
    counted = (
        hand_offs.filter(rank__lt=DONE)
        .values_list("line", "rank")
        .annotate(
            count=Count("pk"),
            late=Count("pk", filter=Q(due_at__lt=now)),
            first=Min("due_at"),
        )
    )
    found: dict[int, Standing] = {}
    for line, rank, count, late, first in counted.order_by():
        one = found.setdefault(line, Standing())
        if rank not in WAITING_RANKS:
            one.in_work += count
            continue
        one.waiting += count
        one.overdue += late
        one.urgent += count if rank <= URGENT_UP_TO else 0
        one.at_once += count if rank <= AT_ONCE_UP_TO else 0
        one.next_due = min(one.next_due or first, first)
    return found
