"""Lines that nobody tells but by telephone: whom to call, what to say, what came of it."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.views.decorators.http import require_safe

from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import Contact, Line
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.triage.models import Call
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, ago, clock_of, moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.spoken import spoken
from tipintake.web.desk.tip import plain_words, visible_tip
from tipintake.web.desk.whose import ELECTRONIC, call_sheet_of, hand_off_view

MOST = 100
MOST_LOGGED = 50
LOGGED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class ToCall:
    """One line to call about one tip."""

    pk: int
    reference: str
    priority: str
    line: str
    number: str  # empty when nobody has verified it
    clock: Clock
    calls: int
    last: str


@dataclass(frozen=True, slots=True)
class Logged:
    reference: str
    line: str
    when: str
    by: str
    outcome: str
    spoke_with: str
    their_reference: str


@require_safe
@staff_only(May.READ_TIPS, May.HAND_OVER_BY_TELEPHONE)
def calls(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Whom to call now, the most urgent first; and the calls of the last days."""
    rows = list(_to_be_called(desk)[: MOST + 1])
    listed = [_row(desk, one) for one in rows[:MOST]]
    audit.record("calls.listed", actor=desk.user.username, now=desk.now, rows=len(listed))
    context = {
        "waiting": listed,
        "more": len(rows) > MOST,
        "elsewhere": [_row(desk, one) for one in _called_by_others(desk)[:MOST]],
        "logged": _logged(desk),
    }
    return render(request, desk, "desk/calls.html", context)


@require_safe
@staff_only(May.READ_TIPS, May.HAND_OVER_BY_TELEPHONE)
def sheet(request: HttpRequest, desk: Desk, reference: str, pk: int) -> HttpResponse:
    """The call sheet on a page of its own, to read aloud or print."""
    found = visible_tip(desk, reference)
    row = desk.hand_offs().select_related("line", "tip").filter(tip=found, pk=pk).first()
    if found is None or row is None:
        return not_here(request, desk)
    one = call_sheet_of(desk, row)
    if one is None:
        return not_here(request, desk)
    audit.record(
        "call_sheet.opened",
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        line=row.line.code,
    )
    with translation.override("en"):  # whoever answers the telephone hears English
        said = spoken(found, row, plain_words(found))
    context = {
        "tip": found,
        "one": hand_off_view(desk, row),
        "sheet": one,
        "spoken": said,
        "outcomes": Call.Outcome.choices,
        "alone": True,
    }
    return render(request, desk, "desk/sheet.html", context)


def _to_be_called(desk: Desk) -> QuerySet[HandOff]:
    return _by_telephone(desk.hand_offs())


def _called_by_others(desk: Desk) -> QuerySet[HandOff]:
    """Of tips that one sees, for lines that one does not: as their pages show them."""
    seen = HandOff.objects.filter(tip__in=tips_visible_to(desk.user))
    return _by_telephone(seen.exclude(line__in=Line.objects.filter(desk.lines)))


def _by_telephone(hand_offs: QuerySet[HandOff]) -> QuerySet[HandOff]:
    told_by_wire = Contact.objects.filter(
        line=OuterRef("line"), role=Contact.Role.QUEUE, channel__in=ELECTRONIC, active=True
    )
    rows: QuerySet[HandOff] = (
        hand_offs.filter(~Exists(told_by_wire), state__in=OPEN_STATES)
        .exclude(line__kind=Line.Kind.INTERNAL)
        .select_related("tip", "line")
        .prefetch_related("calls")
        .order_by("priority", "due_at", "pk")
    )
    return rows


def _row(desk: Desk, one: HandOff) -> ToCall:
    made = sorted(
        (call for call in one.calls.all() if call.made_at >= one.queued_at),
        key=lambda call: call.made_at,
    )
    last = made[-1] if made else None
    return ToCall(
        pk=one.pk,
        reference=one.tip.reference,
        priority=one.priority,
        line=one.line.name,
        number=wording.number_words(one.line),
        clock=clock_of(one, desk.now),
        calls=len(made),
        last=f"{Call.Outcome(last.outcome).label}, {ago(last.made_at, desk.now)}" if last else "",
    )


def _logged(desk: Desk) -> list[Logged]:
    rows = (
        Call.objects.filter(hand_off__in=desk.hand_offs(), made_at__gte=desk.now - LOGGED_FOR)
        .select_related("hand_off__tip", "hand_off__line", "made_by")
        .order_by("-made_at", "-pk")[:MOST_LOGGED]
    )
    return [
        Logged(
            reference=one.hand_off.tip.reference,
            line=one.hand_off.line.name,
            when=moment(one.made_at, desk.now),
            by=one.made_by.username,
            outcome=str(Call.Outcome(one.outcome).label),
            spoke_with=one.spoke_with,
            their_reference=one.their_reference,
        )
        for one in rows
    ]
