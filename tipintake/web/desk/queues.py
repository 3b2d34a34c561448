"""The queues: every visible line with its counts, and the tips of one line."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_noop as _
from django.views.decorators.http import require_safe

from tipintake.delivery.models import (
    DONE,
    IN_HAND,
    IN_ORDER,
    OPEN_STATES,
    HandOff,
    Notice,
)
from tipintake.delivery.standing import Standing, standing
from tipintake.directory.models import Jurisdiction, Line
from tipintake.routing.models import Decision
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Tip
from tipintake.tips.references import reference_of
from tipintake.tips.retention import REVIEW_OPEN_AFTER, to_review
from tipintake.triage.dialog import unread_answers
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, ago, clock_of
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.presence import WATCH
from tipintake.web.desk.queue.listing import spot_of
from tipintake.web.desk.queue.order import Beyond, Short, Spot, columns
from tipintake.web.desk.whereabouts import week_of

State = HandOff.State
AT_ONCE = "P1"
PAGE = 50
MOST_UNDELIVERED = 20
MOST_LISTED = 20
REFRESH_SECONDS = 30

# Filters of a line's page: (word in the address, label, states).
FILTERS: tuple[tuple[str, str, tuple[str, ...]], ...] = (
    ("waiting", _("Waiting"), OPEN_STATES),
    ("in-work", _("In work"), (State.ACKNOWLEDGED,)),
    ("passed-on", _("Passed on"), (State.DECLINED, State.TRANSFERRED)),
    ("closed", _("Closed"), (State.CLOSED,)),
)


# --- Every line ------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class LineCounts:
    """One line and what its queue holds."""

    line: Line
    waiting: int
    overdue: int
    urgent: int
    in_work: int
    clock: Clock | None  # of what is due next


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A notice that was given up while its tip still waits."""

    reference: str
    line: str
    to: str
    tries: int
    error: str


@require_safe
@staff_only()
def queues(request: HttpRequest, desk: Desk) -> HttpResponse:
    if not desk.may(May.READ_TIPS) and desk.may(May.READ_AUDIT):
        return HttpResponseRedirect(reverse("desk:audit"))
    if not desk.may(May.READ_TIPS) and desk.may(May.READ_FIGURES):
        return HttpResponseRedirect(reverse("reports:figures"))
    if not desk.may(May.READ_TIPS) and desk.may(May.READ_POLICIES):
        return HttpResponseRedirect(reverse("desk:policies"))
    lines = _counted(desk)
    mine = tips_visible_to(desk.user)
    watching = request.GET.get(WATCH) in {"1", "again"}
    return render(
        request,
        desk,
        "desk/queues.html",
        {
            "busy": [one for one in lines if one.waiting or one.in_work],
            "quiet": [one for one in lines if not one.waiting and not one.in_work],
            "waiting": sum(one.waiting for one in lines),
            "overdue": sum(one.overdue for one in lines),
            "urgent": sum(one.urgent for one in lines),
            "in_work": sum(one.in_work for one in lines),
            "undelivered": _undelivered(desk) if desk.may(May.SEE_UNDELIVERED) else [],
            "answered": _answered(mine) if desk.may(May.ASK_THE_WRITER) else [],
            "to_review": _to_review(mine, desk.now) if desk.may(May.CHANGE_STATUS) else [],
            "review_days": REVIEW_OPEN_AFTER.days,
            "watching": watching,
            "every": REFRESH_SECONDS,
            "again": f"{reverse('desk:queues')}?{WATCH}=again",
        },
    )


def _counted(desk: Desk) -> list[LineCounts]:
    """Counts of what is in hand, by one grouped query; the most urgent line first."""
    found = standing(HandOff.objects.all(), now=desk.now)
    lines = list(Line.objects.filter(desk.lines, active=True).order_by("name"))
    lines.sort(key=lambda line: _pressing(found.get(line.pk)))
    return [_line_counts(line, found.get(line.pk, Standing()), desk.now) for line in lines]


def _pressing(one: Standing | None) -> tuple[int, ...]:
    if one is None:
        return (1,)
    return (0, -one.at_once, -one.overdue, -one.urgent, -one.waiting)


def _line_counts(line: Line, one: Standing, now: datetime) -> LineCounts:
    due = one.next_due
    return LineCounts(
        line=line,
        waiting=one.waiting,
        overdue=one.overdue,
        urgent=one.urgent,
        in_work=one.in_work,
        clock=clock_of(HandOff(queued_at=now, due_at=due), now) if due else None,
    )


def _undelivered(desk: Desk) -> list[Undelivered]:
    dead = (
        Notice.objects.filter(
            state=Notice.State.DEAD,
            hand_off__state__in=OPEN_STATES,
            hand_off__line__in=Line.objects.filter(desk.lines),
        )
        .select_related("hand_off__tip", "hand_off__line", "contact")
        .order_by("priority", "next_at")[:MOST_UNDELIVERED]
    )
    return [
        Undelivered(
            reference=one.hand_off.tip.reference,
            line=one.hand_off.line.name,
            to=wording.contact(one.contact),
            tries=one.attempts,
            error=one.last_error,
        )
        for one in dead
    ]


def _answered(mine: QuerySet[Tip]) -> list[str]:
    """Tips whose writer added something that nobody has read yet."""
    unread = mine.filter(pk__in=unread_answers().values("tip"))
    found = unread.order_by("priority", "submitted_hour", "pk")
    return list(found.values_list("reference", flat=True)[:MOST_LISTED])


def _to_review(mine: QuerySet[Tip], now: datetime) -> list[str]:
    """Tips that have been open for too long: somebody must say why, or close them."""
    old = to_review(now=now) & mine
    return list(old.values_list("reference", flat=True)[:MOST_LISTED])


# --- One line --------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One tip in a queue."""

    reference: str
    priority: str
    rule: str
    clock: Clock
    came: str
    category: str
    place: str
    signs: int
    worst_sign: str
    plates: tuple[str, ...]
    state: str
    low_trust: bool
    answered: bool  # the person who wrote added something that nobody has read
    alike: int = 1  # more than one: this row stands for so many, and opens them
    opens: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Rows of one priority and one degree of trust, under one heading."""

    heading: str
    low_trust: bool
    rows: list[Row]


@require_safe
@staff_only(May.READ_TIPS)
def line(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    found = Line.objects.filter(desk.lines, code=code).first()
    if found is None:
        return not_here(request, desk)
    chosen = next((one for one in FILTERS if one[0] == request.GET.get("state")), FILTERS[0])
    word, label, states = chosen
    after = Spot.parse(request.GET.get("after", ""))
    flood = _flood(request.GET.get("alike", ""))
    queue = queue_of(found, states)
    listed = _one_for_each_flood(queue) if flood is None else queue.filter(tip__flood=flood)
    page = list(_ordered(listed, states, after)[: PAGE + 1])
    shown = page[:PAGE]
    alike = _alike(queue, shown) if flood is None else {}
    # Rows show plates and places: to list them is to read them.
    audit.record(
        "queue.listed",
        actor=desk.user.username,
        now=desk.now,
        subject=found.code,
        state=word,
        rows=len(shown),
        continued=after is not None,
    )
    return render(
        request,
        desk,
        "desk/line.html",
        {
            "line": found,
            "groups": list(_grouped(_rows(shown, desk.now, found, word, alike), label, states)),
            "flood": flood,
            "filters": _filters(found, word),
            "chosen": word,
            "shown": len(shown),
            "week": week_of([one.tip for one in shown], "line-week"),
            "continued": after is not None,
            "more": _more(found, word, flood, shown[-1]) if len(page) > PAGE else "",
        },
    )


def _flood(text: str) -> uuid.UUID | None:
    try:
        return uuid.UUID(text)
    except ValueError:
        return None


def queue_of(line: Line, states: Sequence[str]) -> QuerySet[HandOff]:
    """What stands in a line's queue in these states, by its ranks: an index has their order."""
    ranks = Q(rank__lt=DONE) if is_in_hand(states) else Q(rank=DONE)
    return HandOff.objects.filter(ranks, line=line, state__in=states)


def is_in_hand(states: Sequence[str]) -> bool:
    return set(states) <= set(IN_HAND)


def in_order(queue: QuerySet[HandOff], states: Sequence[str]) -> QuerySet[HandOff]:
    """Most urgent first, low trust last of its priority, then the nearest deadline. What is in
    nobody's hand any more: the latest deadline first."""
    names = IN_ORDER if is_in_hand(states) else tuple(f"-{name}" for name in IN_ORDER)
    return queue.order_by(*names)


def _one_for_each_flood(queue: QuerySet[HandOff]) -> QuerySet[HandOff]:
    """Of tips alike the most urgent stands for all; what is P1 always stands by itself.

    Asked of each row: PostgreSQL takes a list of all the first ones to cost their whole number for
    every row, and would rather read and sort the queue than follow its index for one page.
    """
    rank, due, key = OuterRef("rank"), OuterRef("due_at"), OuterRef("pk")
    before = Q(rank__lt=rank) | Q(rank=rank, due_at__lt=due) | Q(rank=rank, due_at=due, pk__lt=key)
    earlier = _floods_in(queue).filter(before, tip__flood=OuterRef("tip__flood"))
    return queue.filter(Q(tip__flood=None) | Q(priority=AT_ONCE) | ~Exists(earlier))


def _floods_in(queue: QuerySet[HandOff]) -> QuerySet[HandOff]:
    return queue.exclude(tip__flood=None).exclude(priority=AT_ONCE)


def _alike(queue: QuerySet[HandOff], shown: Iterable[HandOff]) -> dict[uuid.UUID, int]:
    """How many tips each row that stands for a flood stands for."""
    floods = {one.tip.flood for one in shown if one.tip.flood and one.priority != AT_ONCE}
    if not floods:
        return {}
    counted = _floods_in(queue).filter(tip__flood__in=floods).values_list("tip__flood")
    return dict(counted.annotate(Count("pk")))


def _ordered(
    hand_offs: QuerySet[HandOff], states: Sequence[str], after: Spot | None
) -> QuerySet[HandOff, HandOff]:
    if after is not None:
        beyond = Beyond if is_in_hand(states) else Short
        hand_offs = hand_offs.filter(beyond(columns(IN_ORDER), after.row()))
    decisions = Decision.objects.only("tip", "jurisdiction", "place_outcome")
    return (
        in_order(hand_offs, states)
        .select_related("tip")
        .defer("tip__narrative_sealed")
        .prefetch_related(
            "tip__vehicles",
            "tip__locations",
            Prefetch("tip__decisions", decisions.order_by("decided_at", "pk")),
        )
    )


def _rows(
    hand_offs: list[HandOff],
    now: datetime,
    line: Line,
    word: str,
    alike: Mapping[uuid.UUID, int],
) -> Iterator[Row]:
    names = dict(Jurisdiction.objects.values_list("code", "name"))
    shown = {one.tip_id for one in hand_offs}
    answered = set(unread_answers().filter(tip__in=shown).values_list("tip", flat=True))
    for one in hand_offs:
        tip = one.tip
        many = alike.get(tip.flood, 1) if tip.flood and one.priority != AT_ONCE else 1
        yield Row(
            reference=tip.reference,
            priority=one.priority,
            rule=one.rule,
            clock=clock_of(one, now),
            came=ago(one.queued_at, now),
            category=wording.category(tip),
            place=wording.place_of_tip(tip, names),
            signs=len(tip.indicators),
            worst_sign=wording.worst_severity(tip.indicators, INDICATORS),
            plates=tuple(filter(None, (wording.plate(vehicle) for vehicle in tip.vehicles.all()))),
            state=State(one.state).label,
            low_trust=tip.low_trust,
            answered=tip.pk in answered,
            alike=many,
            opens=_address(line, state=word, alike=str(tip.flood)) if many > 1 else "",
        )


def _grouped(rows: Iterable[Row], label: str, states: Sequence[str]) -> Iterator[Group]:
    """By priority and trust; what is in nobody's hand any more stands together."""
    if not is_in_hand(states):
        done = list(rows)
        yield from [Group(label, False, done)] if done else []
        return
    group: Group | None = None
    key: tuple[str, bool] | None = None
    for row in rows:
        if key != (row.priority, row.low_trust):
            if group is not None:
                yield group
            key = (row.priority, row.low_trust)
            group = Group(wording.priority_heading(row.priority), row.low_trust, [])
        if group is not None:
            group.rows.append(row)
    if group is not None:
        yield group


def _filters(line: Line, chosen: str) -> list[tuple[str, str, bool]]:
    """(address, label, chosen) of each filter."""
    return [(_address(line, state=word), label, word == chosen) for word, label, _ in FILTERS]


def _more(line: Line, word: str, flood: uuid.UUID | None, last: HandOff) -> str:
    position = spot_of(last)
    within = {"alike": str(flood)} if flood else {}
    return _address(line, state=word, **within, after=str(position))


def _address(line: Line, **query: str) -> str:
    return f"{reverse('desk:line', args=[line.code])}?{urlencode(query)}"


# --- A tip by its number ---------------------------------------------------------------------


@require_safe
@staff_only(May.READ_TIPS)
def find(request: HttpRequest, desk: Desk) -> HttpResponse:
    """From the box in the frame to the tip: "t-4k7m 2q9d" is understood."""
    reference = reference_of(request.GET.get("reference", ""))
    if not reference:
        return not_here(request, desk)
    return HttpResponseRedirect(reverse("desk:tip", args=[reference]))
