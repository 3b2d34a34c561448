"""What goes out to the lines: dead letters, what is still tried, whom nobody was told of."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.delivery import undelivered
from tipintake.delivery.models import Attempt, HandOff, Notice
from tipintake.delivery.undelivered import NotPossible
from tipintake.directory.models import Contact
from tipintake.pipeline import bell
from tipintake.staff.roles import May
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import Clock, clock_of, moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only

MOST = 50
MOST_SENT = 20
NO_END = gettext_noop("its sender was stopped before it came to an end")
CHOOSE = gettext_noop("Choose whom to tell.")


@dataclass(frozen=True, slots=True)
class Try:
    when: str
    outcome: str
    reason: str


@dataclass(frozen=True, slots=True)
class Letter:
    """One notice, what it was tried, and where else it may go."""

    pk: UUID
    reference: str
    priority: str
    line: str
    to: str
    to_works: bool
    purpose: str
    tries: tuple[Try, ...]
    attempts: int
    reason: str
    next: str
    elsewhere: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Untold:
    reference: str
    priority: str
    line: str
    number: str
    clock: Clock


@require_safe
@staff_only(May.SEE_UNDELIVERED)
def delivery(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _page(request, desk)


@require_POST
@staff_only(May.SEE_UNDELIVERED, May.ACT_ON_HAND_OFFS)
def again(request: HttpRequest, desk: Desk, pk: UUID) -> HttpResponse:
    """Try a dead letter once more, under its own id."""
    dead = _visible(desk, pk)
    if dead is None:
        return not_here(request, desk)
    try:
        with transaction.atomic():
            undelivered.try_again(dead, by=desk.user.username, now=desk.now)
            bell.ring_notify_after_commit()
    except NotPossible as problem:
        return _page(request, desk, problem=str(problem), status=422)
    messages.success(
        request,
        _("{reference}: it is tried again now.").format(reference=dead.hand_off.tip.reference),
    )
    return HttpResponseRedirect(reverse("desk:delivery"))


@require_POST
@staff_only(May.SEE_UNDELIVERED, May.ACT_ON_HAND_OFFS)
def elsewhere(request: HttpRequest, desk: Desk, pk: UUID) -> HttpResponse:
    """Tell another contact instead."""
    dead = _visible(desk, pk)
    if dead is None:
        return not_here(request, desk)
    given = request.POST.get("to", "")
    usable = given.isascii() and given.isdigit() and len(given) < 19
    to = undelivered.others_for(dead).filter(pk=int(given)).first() if usable else None
    if to is None:
        return _page(request, desk, problem=_(CHOOSE), status=422)
    try:
        with transaction.atomic():
            undelivered.send_elsewhere(dead, to, by=desk.user.username, now=desk.now)
            bell.ring_notify_after_commit()
    except NotPossible as problem:
        return _page(request, desk, problem=str(problem), status=422)
    messages.success(
        request,
        _("{reference}: it goes to {contact} at {name} now.").format(
            reference=dead.hand_off.tip.reference, contact=_named(to), name=to.line.name
        ),
    )
    return HttpResponseRedirect(reverse("desk:delivery"))


def _visible(desk: Desk, pk: UUID) -> Notice | None:
    found = Notice.objects.filter(pk=pk, hand_off__in=desk.hand_offs())
    return found.select_related("hand_off__tip", "hand_off__line", "contact__line").first()


def _page(
    request: HttpRequest, desk: Desk, *, problem: str = "", status: int = 200
) -> HttpResponse:
    mine = desk.hand_offs()
    dead = _letters(desk, undelivered.dead_letters(mine)[: MOST + 1], with_choice=True)
    context = {
        "dead": dead[:MOST],
        "untold": [_untold(one, desk) for one in undelivered.told_nobody(mine)[:MOST]],
        "tried": _letters(desk, undelivered.still_tried(mine)[:MOST]),
        "sent": _letters(desk, undelivered.lately_sent(mine)[:MOST_SENT]),
        "more": len(dead) > MOST,
        "most": MOST,
        "may_act": desk.may(May.ACT_ON_HAND_OFFS),
        "problem": problem,
    }
    return render(request, desk, "desk/delivery.html", context, status=status)


def _letters(desk: Desk, rows: Any, *, with_choice: bool = False) -> list[Letter]:
    return [_letter(one, desk, with_choice=with_choice) for one in rows]


def _letter(one: Notice, desk: Desk, *, with_choice: bool) -> Letter:
    waits = one.state in undelivered.ON_ITS_WAY
    others: Iterable[Contact] = undelivered.others_for(one) if with_choice else ()
    return Letter(
        pk=one.pk,
        reference=one.hand_off.tip.reference,
        priority=one.priority,
        line=one.hand_off.line.name,
        to=_named(one.contact),
        to_works=one.contact.active,
        purpose=Notice.Purpose(one.purpose).label
        if one.purpose in Notice.Purpose
        else one.purpose,
        tries=tuple(_try(row, desk) for row in sorted(one.tries.all(), key=_begun, reverse=True)),
        attempts=one.attempts,
        reason=one.last_error,
        next=moment(one.next_at, desk.now) if waits else "",
        elsewhere=tuple((to.pk, f"{to.line.name}: {_named(to)}") for to in others),
    )


def _begun(one: Attempt) -> float:
    return one.begun_at.timestamp()


def _try(one: Attempt, desk: Desk) -> Try:
    if one.ended_at is None:
        return Try(moment(one.begun_at, desk.now), _("No answer known"), _(NO_END))
    return Try(moment(one.begun_at, desk.now), Attempt.Outcome(one.outcome).label, one.reason)


def _untold(one: HandOff, desk: Desk) -> Untold:
    return Untold(
        one.tip.reference,
        one.priority,
        one.line.name,
        wording.number_words(one.line),
        clock_of(one, desk.now),
    )


def _named(one: Contact) -> str:
    return f"{wording.contact(one)}, {_(Contact.Role(one.role).label).lower()}"
