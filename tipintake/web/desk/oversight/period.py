"""What came in a period: deadlines, why it was passed on, which rules decided."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, F, Q, QuerySet
from django.utils.translation import gettext as _

from tipintake.delivery.acts import Reason
from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import Line
from tipintake.routing.models import Decision
from tipintake.routing.policy.current import policy_in_force
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import May
from tipintake.tips.vocabulary import Priority
from tipintake.web.desk.oversight.counting import of_visible, share
from tipintake.web.desk.page import Desk

Came = list[dict[str, Any]]


def came_since(desk: Desk, since: datetime) -> Came:
    """What came since, and what became of it, by line and priority; what is not yet due counts
    for neither side."""
    acknowledged = Q(acknowledged_at__isnull=False)
    judged = acknowledged | Q(due_at__lt=desk.now, state__in=OPEN_STATES)
    # Visible lines are chosen from the counts, and lines are no plain column here: otherwise
    # SQLite walks every hand-off there is, line by line, instead of those of the period.
    visible = set(Line.objects.filter(desk.lines).values_list("pk", flat=True))
    found: QuerySet[Any, Any] = (
        HandOff.objects.filter(queued_at__gte=since)
        .annotate(of=F("line_id") + 0)
        .values("of", "priority")
        .annotate(
            came=Count("pk"),
            judged=Count("pk", filter=judged),
            in_time=Count("pk", filter=acknowledged & Q(acknowledged_at__lte=F("due_at"))),
            declined=Count("pk", filter=Q(state=HandOff.State.DECLINED)),
            transferred=Count("pk", filter=Q(state=HandOff.State.TRANSFERRED)),
            closed=Count("pk", filter=Q(state=HandOff.State.CLOSED)),
        )
    )
    return [row for row in found if row["of"] in visible]


def summed(came: Came, by: str) -> dict[Any, Counter[str]]:
    """The same by one of the two."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in came:
        found[row[by]].update({k: v for k, v in row.items() if k not in {"of", "priority"}})
    return dict(found)


@dataclass(frozen=True, slots=True)
class Deadlines:
    priority: str
    came: int
    in_time: str
    missed: int
    declined: str
    transferred: str


def by_priority(came: Came) -> list[Deadlines]:
    found = summed(came, "priority")
    rows = []
    for priority in Priority.values:
        row = found.get(priority)
        if row is None:
            none = _("none came")
            rows.append(Deadlines(priority, 0, none, 0, none, none))
            continue
        total, judged, in_time = row["came"], row["judged"], row["in_time"]
        rows.append(
            Deadlines(
                priority,
                total,
                share(in_time, judged) if judged else _("none due yet"),
                judged - in_time,
                share(row["declined"], total),
                share(row["transferred"], total),
            )
        )
    return rows


def why_passed_on(desk: Desk, since: datetime) -> list[tuple[str, int]]:
    """Reasons that visible lines gave for passing a tip on, the wrong area among them."""
    entries = AuditEntry.objects.filter(
        act__in=("hand_off.declined", "hand_off.transferred"), at__gte=since
    )
    if not desk.may(May.SEE_ALL_LINES):
        codes = Line.objects.filter(desk.lines).values_list("code", flat=True)
        entries = entries.filter(facts__line__in=list(codes))
    counted = dict(entries.values_list("facts__reason").annotate(n=Count("pk")))
    return [(one.label, counted[one.value]) for one in Reason if one.value in counted]


@dataclass(frozen=True, slots=True)
class RuleHits:
    code: str
    title: str
    hits: int
    share: str
    width: int
    rerouted: int


@dataclass(frozen=True, slots=True)
class Rules:
    rows: list[RuleHits]
    decided: int
    rerouted: str


def rule_hits(desk: Desk, since: datetime) -> Rules:
    """How often each rule decided, and how often staff sent what it decided another way."""
    decisions = Decision.objects.filter(of_visible(desk, "tip"), decided_at__gte=since)
    machine = Q(made_by="route")
    counted = {
        row["rule"]: row
        for row in decisions.values("rule").annotate(
            hits=Count("pk", filter=machine), moved=Count("pk", filter=~machine)
        )
    }
    decided = sum(row["hits"] for row in counted.values())
    moved = sum(row["moved"] for row in counted.values())
    most = max((row["hits"] for row in counted.values()), default=0)
    titles = {rule.code: rule.title for rule in policy_in_force().rules}
    rows = []
    for code in sorted({*titles, *counted}):
        row = counted.get(code, {"hits": 0, "moved": 0})
        hits = row["hits"]
        title = _(titles[code]) if code in titles else _("no rule of the policy in force")
        width = round(100 * hits / most) if most else 0
        rows.append(RuleHits(code, title, hits, share(hits, decided), width, row["moved"]))
    return Rules(rows, decided, share(moved, decided))
