"""What waits now, how old and how late it is, and what came of the period by line."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.models import DONE, WAITING_RANKS, HandOff
from tipintake.delivery.standing import Standing, standing
from tipintake.directory.models import Line
from tipintake.tips.vocabulary import Priority
from tipintake.web.desk.clocks import Clock, clock_of
from tipintake.web.desk.oversight.counting import hand_offs_of, share
from tipintake.web.desk.oversight.period import Came, summed
from tipintake.web.desk.page import Desk

BANDS: tuple[tuple[str, timedelta], ...] = (
    (gettext_noop("under 1 h"), timedelta(hours=1)),
    (gettext_noop("1 to 4 h"), timedelta(hours=4)),
    (gettext_noop("4 to 24 h"), timedelta(days=1)),
    (gettext_noop("1 to 3 days"), timedelta(days=3)),
    (gettext_noop("3 to 7 days"), timedelta(days=7)),
    (gettext_noop("over 7 days"), timedelta(days=36_500)),
)


@dataclass(frozen=True, slots=True)
class Ages:
    priority: str
    counts: tuple[int, ...]
    total: int


def ageing(desk: Desk) -> list[Ages]:
    """What waits, by urgency and by how long it has."""
    edges = [timedelta(0), *(until for _label, until in BANDS)]
    bands = {
        f"band{at}": Count(
            "rank",
            filter=Q(queued_at__lte=desk.now - edges[at], queued_at__gt=desk.now - edges[at + 1]),
        )
        for at in range(1, len(BANDS))
    }
    bands["band0"] = Count("rank", filter=Q(queued_at__gt=desk.now - edges[1]))
    # By the rank, so that an index answers without the rows.
    # Said twice, because only so SQLite takes the index of what is in hand.
    waiting = hand_offs_of(desk).filter(rank__in=WAITING_RANKS, rank__lt=DONE)
    names = ["rank", *(f"band{at}" for at in range(len(BANDS)))]
    by_rank = waiting.values("rank").annotate(**bands).values_list(*names)
    found: list[tuple[int, ...]] = list(by_rank)
    rows = []
    for at, priority in enumerate(Priority.values, start=1):
        its = [counted for rank, *counted in found if rank // 10 == at]
        counts = tuple(map(sum, zip(*its, strict=True))) or (0,) * len(BANDS)
        rows.append(Ages(priority, counts, sum(counts)))
    return rows


@dataclass(frozen=True, slots=True)
class LineNow:
    """One line: what waits and is late now, and what came of the period."""

    line: Line
    waiting: int
    late: int
    in_work: int
    clock: Clock | None
    came: int
    in_time: str
    passed_on: str
    closed: int
    width: int  # of its bar, in percent of the fullest queue


def by_line(desk: Desk, came: Came) -> list[LineNow]:
    """Lines in which something is or was, in the order of their names."""
    now = standing(hand_offs_of(desk), now=desk.now)
    period = summed(came, "of")
    fullest = max((one.waiting for one in now.values()), default=0)
    lines = Line.objects.filter(pk__in={*now, *period}).order_by("name")
    return [
        _line_now(one, now.get(one.pk, Standing()), period.get(one.pk, {}), fullest, desk.now)
        for one in lines
    ]


def _line_now(
    line: Line, now: Standing, period: Mapping[str, Any], fullest: int, at: datetime
) -> LineNow:
    due, waiting = now.next_due, now.waiting
    passed_on = period.get("declined", 0) + period.get("transferred", 0)
    judged = period.get("judged", 0)
    return LineNow(
        line=line,
        waiting=waiting,
        late=now.overdue,
        in_work=now.in_work,
        clock=clock_of(HandOff(queued_at=at, due_at=due), at) if due else None,
        came=period.get("came", 0),
        in_time=share(period.get("in_time", 0), judged) if judged else _("none due yet"),
        passed_on=share(passed_on, period.get("came", 0)),
        closed=period.get("closed", 0),
        width=round(100 * waiting / fullest) if fullest else 0,
    )
