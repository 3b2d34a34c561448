"""How the work stands, counted for a supervisor. Every question is one grouped or capped query.

A figure covers what this account may see and nothing beyond: its lines, and the tips of those.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
)
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.acts import Reason
from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import (
    DONE,
    OPEN_STATES,
    WAITING_RANKS,
    HandOff,
    Notice,
)
from tipintake.delivery.standing import Standing, standing
from tipintake.directory.models import Line
from tipintake.pipeline import retain
from tipintake.routing.models import Decision
from tipintake.routing.policy.current import policy_in_force
from tipintake.staff import audit, digest, heads
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import May
from tipintake.tips.models import HeldSpan, Tip
from tipintake.tips.retention import to_review, today
from tipintake.tips.vocabulary import Disposition
from tipintake.web.desk.clocks import Clock, ago, clock_of, lasting
from tipintake.web.desk.page import Desk

State = HandOff.State
PRIORITIES = ("P1", "P2", "P3", "P4")
SHARE_FROM = 20  # of fewer a percentage says more than is known
CAP = 1000
MOST_VIEWED = 2000
LOOK_BACK = timedelta(days=7)
ACTED_WITHIN = timedelta(days=1)
STALE = timedelta(minutes=5)
SOON = timedelta(days=3)
ANY_SYSTEM = " (token "  # how the audit names an agency's system

ACTS = (
    *("picture.blacked_out", "picture.confirmed"),
    *("tip.taken", "tip.graded", "tip.assigned", "tip.tagged", "tip.merged", "tip.unmerged"),
    *("held_span.released", "held_span.destroyed", "held_span.locked_away"),
    *("intelligence.proposed", "intelligence.approved", "intelligence.refused"),
    *("intelligence.reviewed", "intelligence.ended"),
    *("burst.released", "burst.set_aside"),
    *("notice.tried_again", "notice.sent_elsewhere"),
)
HARD = ("picture.opened", "vault.opened", "held_span.opened")

BANDS: tuple[tuple[str, timedelta], ...] = (
    (gettext_noop("under 1 h"), timedelta(hours=1)),
    (gettext_noop("1 to 4 h"), timedelta(hours=4)),
    (gettext_noop("4 to 24 h"), timedelta(days=1)),
    (gettext_noop("1 to 3 days"), timedelta(days=3)),
    (gettext_noop("3 to 7 days"), timedelta(days=7)),
    (gettext_noop("over 7 days"), timedelta(days=36_500)),
)


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


def _its(desk: Desk, tip: str = "pk", of: str = "tip") -> Q:
    """A condition on rows: the tip that column `tip` names stood in the queue of a visible line.

    Asked row by row, so that few rows cost little; who sees all is asked nothing.
    """
    if desk.may(May.SEE_ALL_LINES):
        return Q()
    return Q(Exists(desk.hand_offs().filter(**{of: OuterRef(tip)})))


def _subjects(desk: Desk) -> Q:
    """The same on entries of the audit, which name a tip by its number."""
    return _its(desk, "subject", "tip__reference")


def _hand_offs(desk: Desk) -> QuerySet[HandOff]:
    """In the queues of visible lines; who sees all need not ask which lines there are."""
    found: QuerySet[HandOff] = desk.hand_offs()
    return HandOff.objects.all() if desk.may(May.SEE_ALL_LINES) else found


# --- Now: how old, how late --------------------------------------------------------------------


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
    waiting = _hand_offs(desk).filter(rank__in=WAITING_RANKS, rank__lt=DONE)
    names = ["rank", *(f"band{at}" for at in range(len(BANDS)))]
    by_rank = waiting.values("rank").annotate(**bands).values_list(*names)
    found: list[tuple[int, ...]] = list(by_rank)
    rows = []
    for at, priority in enumerate(PRIORITIES, start=1):
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


def by_line(desk: Desk, came: "Came") -> list[LineNow]:
    """Lines in which something is or was, in the order of their names."""
    now = standing(_hand_offs(desk), now=desk.now)
    period = _summed(came, "of")
    fullest = max((one.waiting for one in now.values()), default=0)
    lines = Line.objects.filter(pk__in={*now, *period}).order_by("name")
    return [
        _line_now(one, now.get(one.pk, Standing()), period.get(one.pk, {}), fullest, desk.now)
        for one in lines
    ]


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
            declined=Count("pk", filter=Q(state=State.DECLINED)),
            transferred=Count("pk", filter=Q(state=State.TRANSFERRED)),
            closed=Count("pk", filter=Q(state=State.CLOSED)),
        )
    )
    return [row for row in found if row["of"] in visible]


def _summed(came: Came, by: str) -> dict[Any, Counter[str]]:
    """The same by one of the two."""
    found: dict[Any, Counter[str]] = defaultdict(Counter)
    for row in came:
        found[row[by]].update({k: v for k, v in row.items() if k not in {"of", "priority"}})
    return dict(found)


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


# --- The period: deadlines, ways, rules --------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Deadlines:
    priority: str
    came: int
    in_time: str
    missed: int
    declined: str
    transferred: str


def by_priority(came: Came) -> list[Deadlines]:
    found = _summed(came, "priority")
    rows = []
    for priority in PRIORITIES:
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
    counted = Counter[str](
        {row["facts__reason"]: row["n"] for row in _counted(entries, "facts__reason")}
    )
    return [(one.label, counted[one.value]) for one in Reason if counted[one.value]]


def _counted(rows: QuerySet[Any], by: str) -> Iterable[dict[str, Any]]:
    found: Iterable[dict[str, Any]] = rows.values(by).annotate(n=Count("pk"))
    return found


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
    decisions = Decision.objects.filter(_its(desk, "tip"), decided_at__gte=since)
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
        title = titles.get(code, _("no rule of the policy in force"))
        width = round(100 * hits / most) if most else 0
        rows.append(RuleHits(code, title, hits, share(hits, decided), width, row["moved"]))
    return Rules(rows, decided, share(moved, decided))


# --- Until a person looked -----------------------------------------------------------------------


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
    tips = Tip.objects.filter(_its(desk), submitted_hour__gte=since, routed_at__isnull=False)
    newest = (
        tips.annotate(seen=Subquery(first))
        .order_by("-submitted_hour", "-pk")
        .values_list("priority", "routed_at", "seen")[: MOST_VIEWED + 1]
    )
    rows = [(str(p), at, seen) for p, at, seen in newest if at is not None]
    found = [
        _first_view(priority, [(at, seen) for p, at, seen in rows if p == priority], desk.now)
        for priority in PRIORITIES
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


# --- People ------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    opened: int
    acts: int
    calls: int
    hard: int


def people(desk: Desk) -> list[Person]:
    """What each account did with tips of visible lines in seven days, in the order of names."""
    accounts = User.objects.filter(is_active=True).values("username")
    rows = (
        AuditEntry.objects.filter(
            _subjects(desk), at__gte=desk.now - LOOK_BACK, actor__in=accounts
        )
        .values("actor")
        .annotate(
            opened=Count("subject", filter=Q(act="tip.read"), distinct=True),
            acts=Count("pk", filter=_is_an_act()),
            calls=Count("pk", filter=Q(act="call.logged")),
            hard=Count("pk", filter=Q(act__in=HARD)),
        )
        .order_by("actor")
    )
    made = (
        Person(row["actor"], row["opened"], row["acts"], row["calls"], row["hard"]) for row in rows
    )
    return [one for one in made if one.opened or one.acts or one.calls or one.hard]


def _is_an_act() -> Q:
    """Something done with a tip, as against looking at it."""
    kinds = (
        "hand_off.",
        "tip.status",
        "tip.rerouted",
        "tip.hold",
        "note.",
        "message.",
        "call.log",
        "link.",
    )
    found = Q(act__in=ACTS)
    for kind in kinds:
        found |= Q(act__startswith=kind)
    return found


@dataclass(frozen=True, slots=True)
class Idle:
    name: str
    tips: int
    of: int


def reads_without_an_act(desk: Desk) -> list[Idle]:
    """Tips that somebody opened and did nothing with within a day, and nobody took over from."""
    begun, ended = desk.now - LOOK_BACK - ACTED_WITHIN, desk.now - ACTED_WITHIN
    accounts = User.objects.filter(is_active=True).values("username")
    reads = AuditEntry.objects.filter(
        _subjects(desk), act="tip.read", at__gte=begun, at__lt=ended, actor__in=accounts
    ).exclude(subject="")
    day = ExpressionWrapper(
        OuterRef("at") + Value(ACTED_WITHIN, output_field=DurationField()),
        output_field=DateTimeField(),
    )
    followed = AuditEntry.objects.filter(
        _is_an_act(),
        subject=OuterRef("subject"),
        actor=OuterRef("actor"),
        at__gte=OuterRef("at") - Value(ACTED_WITHIN, output_field=DurationField()),
        at__lte=day,
    )
    rows = (
        reads.annotate(followed=Exists(followed))
        .values("actor")
        .annotate(
            tips=Count("subject", filter=Q(followed=False), distinct=True),
            of=Count("subject", distinct=True),
        )
        .order_by("actor")
    )
    return [Idle(row["actor"], row["tips"], row["of"]) for row in rows if row["tips"]]


# --- What will go ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Going:
    says: str
    count: str
    held: str


def retention_due(desk: Desk) -> list[Going]:
    here = _its(desk)
    rows = []
    for rule in retain.due(now=desk.now + SOON):
        says = _("Tips kept for the longest, {days} days over within 3 days")
        if rule.rule in Disposition.values:
            says = _("Tips closed as “{what}”, {days} days over within 3 days")
        what = _(dict(Disposition.choices).get(rule.rule, ""))
        says = says.format(what=what, days=rule.days)
        rows.append(_going(says, rule.tips.filter(here), "legal_hold"))
    spans = HeldSpan.objects.filter(_its(desk, "tip"), destroy_after__lt=today(desk.now + SOON))
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


# --- The house -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Holds:
    """One thing about the house that is well, or what to do."""

    well: bool
    says: str


def house(desk: Desk) -> list[Holds]:
    return [*_pipeline(desk.now), *_chain(desk.now)]


def _pipeline(now: datetime) -> Iterable[Holds]:
    waiting = Tip.objects.waiting()
    count = capped(waiting)
    oldest = waiting.values_list("submitted_hour", flat=True).first()
    if not count or oldest is None:
        yield Holds(True, _("Every tip that came is routed."))
    else:
        since = ago(oldest, now)
        late = now - oldest > timedelta(hours=1) + STALE
        says = _("{many} tips wait to be routed, the first since {since}.").format(
            many=many(count), since=since
        )
        yield Holds(not late, f"{says} {_('Is the worker running?')}" if late else says)
    due = Notice.objects.filter(
        state__in=(Notice.State.WAITING, Notice.State.SENDING), next_at__lt=now - STALE
    )
    if behind := capped(due):
        yield Holds(
            False,
            _("{many} notices are due for over 5 minutes. Is the worker running?").format(
                many=many(behind)
            ),
        )
    else:
        yield Holds(True, _("No notice is behind its time."))
    dead = Notice.objects.filter(state=Notice.State.DEAD, hand_off__state__in=OPEN_STATES)
    if given_up := capped(dead):
        yield Holds(
            False,
            _("{many} notices were given up while their tips wait.").format(many=many(given_up)),
        )
    else:
        yield Holds(True, _("No notice was given up while its tip waits."))


def _chain(now: datetime) -> Iterable[Holds]:
    unchained = AuditEntry.objects.unchained().filter(audit.waiting(now)).order_by("at")
    oldest = unchained.values_list("at", flat=True).first()
    if oldest is not None and now - oldest > STALE:
        yield Holds(
            False,
            _("The audit has not been chained for {lasting}. Is the clock running?").format(
                lasting=lasting(now - oldest)
            ),
        )
    else:
        yield Holds(
            True,
            _("The audit is chained up to number {number}.").format(
                number=f"{audit.head().number:,}"
            ),
        )
    try:
        noted = heads.newest()
    except heads.NotSigned:
        yield Holds(False, _("The head of the audit's chain was changed. Tell the auditor now."))
    except heads.KeyLost as lost:
        yield Holds(False, str(lost))
    else:
        if noted is None:
            yield Holds(False, _("No head of the audit's chain is noted. Tell the auditor."))
    last = AuditEntry.objects.filter(act=digest.MADE).order_by("-at").first()
    if last is None:
        yield Holds(
            True, _("The chain has not been walked whole yet: the first weekly digest does.")
        )
    elif last.facts.get("problems"):
        yield Holds(
            False,
            _("The audit did not hold, {ago}. Tell the auditor now.").format(
                ago=ago(last.at, now)
            ),
        )
    else:
        yield Holds(True, _("The whole chain held, {ago}.").format(ago=ago(last.at, now)))
