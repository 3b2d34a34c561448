"""Whose a tip is: each line's part in it, with its clock, call sheet, calls and notices."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext

from tipintake.delivery import acts
from tipintake.delivery.acts import Act
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.directory.models import Contact, Line
from tipintake.pipeline.answering import rules_of
from tipintake.routing.models import Decision
from tipintake.routing.policy.reasons import in_language
from tipintake.routing.scene import county_of
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition
from tipintake.triage.models import Call
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, clock_of, moment
from tipintake.web.desk.finding import Findable, Finder
from tipintake.web.desk.page import Desk

ELECTRONIC = (Contact.Channel.EMAIL, Contact.Channel.WEBHOOK)


@dataclass(frozen=True, slots=True)
class CallSheet:
    """What to dial and what to say. `number` is empty unless somebody verified it."""

    number: str
    on_record: str
    unverified: bool
    script: tuple[str, ...]
    only_by_telephone: bool
    unfolded: bool


@dataclass(frozen=True, slots=True)
class NoticeView:
    to: str
    purpose: str
    state: str
    dead: bool
    tries: int
    when: str
    error: str


@dataclass(frozen=True, slots=True)
class CallView:
    by: str
    when: str
    outcome: str
    spoke_with: str
    their_reference: str


@dataclass(frozen=True, slots=True)
class HandOffView:
    """One line's part in this tip. Of other agencies' parts only line and state are shown."""

    pk: int
    line: Line
    number_words: str
    is_primary: bool
    priority: str
    rule: str
    because: str
    state: str
    state_code: str
    clock: Clock
    due: str
    queued: str
    escalations: int
    disposition: str
    may_see_all: bool
    acts: frozenset[str]
    next_lines: list[Findable]
    call_sheet: CallSheet | None
    calls: tuple[CallView, ...]
    notices: tuple[NoticeView, ...]
    earlier_notices: tuple[NoticeView, ...]


# An urgent hand-off is said again every few minutes: what stands below must not sink.
NEWEST = 2


def hand_offs_of(desk: Desk, found: Tip, decision: Decision | None) -> list[HandOffView]:
    visible = set(Line.objects.filter(desk.lines).values_list("pk", flat=True))
    rows = list(
        HandOff.objects.filter(tip=found)
        .select_related("line", "tip")
        .prefetch_related("notices__contact")
        .order_by("-is_primary", "priority", "due_at", "pk")
    )
    calls = _calls(found, desk.now)
    electronic = _electronic({row.line_id for row in rows})
    rules, county = rules_of(found, decision), county_of(decision)
    finder = Finder()
    views = []
    for row in rows:
        own = row.line_id in visible
        # Which services a person turned to is nobody's business outside the house.
        if not own and not desk.is_own_staff and row.line.kind == Line.Kind.SERVICE:
            continue
        views.append(
            _view(desk, row, own, calls, row.line_id in electronic, rules, county, finder)
        )
    return views


def _view(
    desk: Desk,
    row: HandOff,
    own: bool,
    calls: Mapping[int, list[CallView]],
    electronic: bool,
    rules: tuple[str, ...],
    county: str,
    finder: Finder,
) -> HandOffView:
    see_all = own or desk.is_own_staff
    possible = acts.possible(row) if own and desk.may(May.ACT_ON_HAND_OFFS) else []
    passes_on = Act.DECLINE in possible or Act.TRANSFER in possible
    notices = sorted(row.notices.all(), key=_said_at) if see_all else []
    told = [_notice(one, desk.now) for one in notices]
    earlier, newest = told[:-NEWEST], told[-NEWEST:]
    return HandOffView(
        pk=row.pk,
        line=row.line,
        number_words=wording.number_words(row.line),
        is_primary=row.is_primary,
        priority=row.priority,
        rule=row.rule if see_all else "",
        because=in_language(row.because) if see_all else "",
        state=HandOff.State(row.state).label,
        state_code=row.state.lower(),
        clock=clock_of(row, desk.now),
        due=moment(row.due_at, desk.now),
        queued=moment(row.queued_at, desk.now),
        escalations=row.escalations if see_all else 0,
        disposition=gettext(Disposition(row.disposition).label)
        if row.disposition and see_all
        else "",
        may_see_all=see_all,
        acts=frozenset(act.value for act in possible),
        next_lines=finder.lines(
            acts.lines_that_may_follow(
                row, rules=rules, county=county, by_agency=not desk.is_own_staff
            )
        )
        if passes_on
        else [],
        call_sheet=_call_sheet(desk, row, electronic) if own else None,
        calls=tuple(calls.get(row.pk, ())) if see_all else (),
        notices=(*(one for one in earlier if one.dead), *newest),
        earlier_notices=tuple(one for one in earlier if not one.dead),
    )


def hand_off_view(desk: Desk, row: HandOff) -> HandOffView:
    """One visible line's part by itself, for its call sheet."""
    electronic = row.line_id in _electronic([row.line_id])
    return _view(desk, row, True, _calls(row.tip, desk.now), electronic, (), "", Finder())


def call_sheet_of(desk: Desk, row: HandOff) -> CallSheet | None:
    return _call_sheet(desk, row, row.line_id in _electronic([row.line_id]))


def _call_sheet(desk: Desk, row: HandOff, electronic: bool) -> CallSheet | None:
    """For lines outside the house that have not answered yet."""
    line = row.line
    outside = line.kind != Line.Kind.INTERNAL
    if not outside or row.state not in OPEN_STATES or not desk.may(May.HAND_OVER_BY_TELEPHONE):
        return None
    number = wording.number_words(line)
    others = [line.number_note, "" if number else line.number]
    return CallSheet(
        number=number,
        on_record="; ".join(filter(None, others)),
        unverified=not number,
        script=tuple(filter(None, map(str.strip, line.call_script.splitlines()))),
        only_by_telephone=not electronic,
        unfolded=row.is_primary and not electronic,
    )


def _electronic(lines: Iterable[int]) -> set[int]:
    """Lines that somebody or something is told about by wire."""
    contacts = Contact.objects.filter(
        line__in=lines, role=Contact.Role.QUEUE, channel__in=ELECTRONIC, active=True
    )
    return set(contacts.values_list("line_id", flat=True))


def _calls(found: Tip, now: datetime) -> dict[int, list[CallView]]:
    calls: dict[int, list[CallView]] = {}
    rows = Call.objects.filter(hand_off__tip=found).select_related("made_by")
    for one in rows.order_by("-made_at", "-pk"):
        calls.setdefault(one.hand_off_id, []).append(
            CallView(
                by=one.made_by.username,
                when=moment(one.made_at, now),
                outcome=str(Call.Outcome(one.outcome).label),
                spoke_with=one.spoke_with,
                their_reference=one.their_reference,
            )
        )
    return calls


def _said_at(one: Notice) -> datetime:
    return one.sent_at or one.next_at


def _notice(one: Notice, now: datetime) -> NoticeView:
    sent = one.sent_at
    waiting = one.state in {Notice.State.WAITING, Notice.State.SENDING}
    when = moment(sent, now) if sent else ""
    if waiting and not sent:
        when = gettext("next try {when}").format(when=moment(one.next_at, now))
    on_call_list = one.contact.channel == Contact.Channel.CALL_SHEET and sent is not None
    return NoticeView(
        to=wording.contact(one.contact),
        purpose=gettext(Notice.Purpose(one.purpose).label),
        state=gettext("on the call list since" if on_call_list else Notice.State(one.state).label),
        dead=one.state == Notice.State.DEAD,
        tries=one.attempts,
        when=when,
        error=one.last_error,
    )
