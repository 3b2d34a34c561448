"""Intelligence records: proposing one on a tip, deciding, reviewing and ending."""

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.text import format_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen, PrivateKey
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.retention import today
from tipintake.triage import intelligence
from tipintake.triage.intelligence import RecordProblem
from tipintake.triage.models import IntelligenceRecord
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import wording
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import visible_tip

MOST = 200
FIRST_REVIEW = timedelta(days=365)
NO_KEY = gettext_noop(
    "The key of this tip was destroyed: nothing can be sealed or read with it any more."
)
PROBLEMS = (RecordProblem, keys.KeyMissing, CannotOpen)


def _said(day: date) -> str:
    return date_format(day, _("j F Y"))


class ProposeForm(forms.Form):
    offence = forms.ChoiceField(
        choices=IntelligenceRecord.Offence.choices,
        error_messages={"required": gettext_lazy("Say which offence is suspected.")},
    )
    person = forms.CharField(required=False, max_length=4)
    facts = forms.CharField(
        max_length=intelligence.LIMIT,
        error_messages={
            "required": gettext_lazy("Write the facts that give reasonable suspicion."),
            "max_length": format_lazy(
                gettext_lazy("Write at most {limit} characters."), limit=intelligence.LIMIT
            ),
        },
    )
    review_by = forms.DateField(
        input_formats=["%Y-%m-%d"],
        error_messages={
            "required": gettext_lazy("Choose the day of its review."),
            "invalid": gettext_lazy("Write the day as 2027-11-30."),
        },
    )


@require_safe
@staff_only(May.READ_TIPS, May.READ_INTELLIGENCE)
def records(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What waits for a decision, what is due for review, and what is in force."""
    mine = _visible(desk).select_related("tip", "author", "supervisor")
    state = IntelligenceRecord.State
    waiting = list(mine.filter(state=state.PROPOSED).order_by("proposed_at")[:MOST])
    in_force = mine.filter(pk__in=intelligence.in_force(now=desk.now).values("pk"))
    due_keys = intelligence.review_due(now=desk.now).values("pk")
    due = list(mine.filter(pk__in=due_keys).order_by("review_by", "pk")[:MOST])
    others = list(in_force.exclude(pk__in=due_keys).order_by("review_by", "pk")[:MOST])
    refused = list(mine.filter(state=state.REFUSED).order_by("-decided_at")[:MOST])
    shown = len(waiting) + len(due) + len(others) + len(refused)
    audit.record("intelligence.listed", actor=desk.user.username, now=desk.now, rows=shown)
    groups = [
        (_("Waiting for a decision"), waiting),
        (_("Due for review"), due),
        (_("In force"), others),
        (_("Refused, destroyed within a month"), refused),
    ]
    return render(request, desk, "desk/intelligence.html", {"groups": groups, "none": not shown})


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(May.READ_TIPS, May.PROPOSE_INTELLIGENCE)
def promote(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The form that asks for a record on a tip, and what it asks for."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    if request.method != "POST":
        return _proposal(request, desk, found, {}, ())
    form = ProposeForm(request.POST)
    if not form.is_valid():
        said = tuple(str(one) for errors in form.errors.values() for one in errors)
        return _proposal(request, desk, found, request.POST.dict(), said)
    given = form.cleaned_data
    position = given["person"]
    person = (
        found.persons.filter(position=int(position)).first()
        if position.isascii() and position.isdigit()
        else None
    )
    try:
        with transaction.atomic():
            made = intelligence.propose(
                found,
                offence=IntelligenceRecord.Offence(given["offence"]),
                facts=given["facts"],
                person=person,
                review_by=given["review_by"],
                author=desk.user,
                private=_private(),
                now=desk.now,
            )
    except PROBLEMS as problem:
        return _proposal(request, desk, found, request.POST.dict(), (str(problem),))
    except ObjectDoesNotExist:
        return _proposal(request, desk, found, request.POST.dict(), (_(NO_KEY),))
    messages.success(
        request, _("{number} is proposed. A supervisor decides.").format(number=made.number)
    )
    return HttpResponseRedirect(reverse("desk:record", args=[made.number]))


@require_safe
@staff_only(May.READ_TIPS, May.READ_INTELLIGENCE)
def record(request: HttpRequest, desk: Desk, number: str) -> HttpResponse:
    found = _one(desk, number)
    return not_here(request, desk) if found is None else _record_page(request, desk, found)


@require_POST
@staff_only(May.READ_TIPS, May.READ_INTELLIGENCE, May.APPROVE_INTELLIGENCE)
def act(request: HttpRequest, desk: Desk, number: str, what: str) -> HttpResponse:
    """Approve, refuse, review or end a record."""
    found = _one(desk, number)
    do = ACTS.get(what)
    if found is None or do is None:
        return not_here(request, desk)
    try:
        with transaction.atomic():
            said = do(desk, found, request.POST)
    except PROBLEMS as problem:
        found = _one(desk, number)
        if found is None:
            return not_here(request, desk)
        return _record_page(request, desk, found, problem=str(problem))
    except ObjectDoesNotExist:
        return _record_page(request, desk, found, problem=_(NO_KEY))
    messages.success(request, said)
    if what == "end":
        return HttpResponseRedirect(reverse("desk:intelligence"))
    return HttpResponseRedirect(reverse("desk:record", args=[found.number]))


def _approve(desk: Desk, found: IntelligenceRecord, _given: Mapping[str, str]) -> str:
    intelligence.approve(found, by=desk.user, now=desk.now)
    return _("{number} is in force until {day}.").format(
        number=found.number, day=_said(found.review_by)
    )


def _refuse(desk: Desk, found: IntelligenceRecord, given: Mapping[str, str]) -> str:
    why = given.get("why", "")[: intelligence.LIMIT]
    intelligence.refuse(found, why, by=desk.user, private=_private(), now=desk.now)
    return _("{number} is refused. Its author sees why.").format(number=found.number)


def _review(desk: Desk, found: IntelligenceRecord, given: Mapping[str, str]) -> str:
    until = _day(given, "review_by", _("Choose the day until which it holds."))
    shown = _day(given, "shown", _(intelligence.REVIEWED))
    intelligence.review(found, until, shown=shown, by=desk.user, now=desk.now)
    return _("{number} holds until {day}.").format(number=found.number, day=_said(until))


def _end(desk: Desk, found: IntelligenceRecord, given: Mapping[str, str]) -> str:
    shown = _day(given, "shown", _(intelligence.REVIEWED))
    intelligence.end(found, shown=shown, by=desk.user, now=desk.now)
    return _("{number} is destroyed. The tip is kept for its ordinary time.").format(
        number=found.number
    )


def _day(given: Mapping[str, str], name: str, otherwise: str) -> date:
    try:
        return date.fromisoformat(given.get(name, ""))
    except ValueError:
        raise RecordProblem(otherwise) from None


ACTS: Mapping[str, Callable[[Desk, IntelligenceRecord, Mapping[str, str]], str]] = {
    "approve": _approve,
    "refuse": _refuse,
    "review": _review,
    "end": _end,
}


def _visible(desk: Desk) -> QuerySet[IntelligenceRecord]:
    return IntelligenceRecord.objects.filter(tip__in=tips_visible_to(desk.user))


def _one(desk: Desk, number: str) -> IntelligenceRecord | None:
    rows = _visible(desk).select_related("tip", "author", "supervisor", "reviewed_by")
    return rows.filter(number=number.upper()).first()


def _private() -> PrivateKey:
    return keys.desk_private(settings.PRIVATE_KEYS_DIR)


def _proposal(
    request: HttpRequest,
    desk: Desk,
    found: Tip,
    typed: Mapping[str, Any],
    problems: tuple[str, ...],
) -> HttpResponse:
    people = [
        (str(one.position), one.name_or_alias, wording.person_card(one).title)
        for one in found.persons.all()
        if intelligence.may_be_subject(one)
    ]
    audit.record(
        "tip.read",
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        narrative="none",
    )
    context = {
        "tip": found,
        "typed": typed,
        "problems": problems,
        "people": people,
        "offences": IntelligenceRecord.Offence.choices,
        "first_day": (today(desk.now) + timedelta(days=1)).isoformat(),
        "last_day": intelligence.last_day(desk.now).isoformat(),
        "usual_day": (today(desk.now) + FIRST_REVIEW).isoformat(),
        "limit": intelligence.LIMIT,
    }
    status = 422 if problems else 200
    return render(request, desk, "desk/promote.html", context, status=status)


def _record_page(
    request: HttpRequest, desk: Desk, found: IntelligenceRecord, *, problem: str = ""
) -> HttpResponse:
    """One record, opened; that it was read is recorded."""
    says: intelligence.OpenRecord | None = None
    try:
        says = intelligence.opened(found, private=_private(), by=desk.user, now=desk.now)
    except (keys.KeyMissing, CannotOpen) as error:
        problem = problem or str(error)
    except ObjectDoesNotExist:
        problem = problem or _(NO_KEY)
    state = IntelligenceRecord.State
    is_own = found.author_id == desk.user.pk
    may_decide = desk.may(May.APPROVE_INTELLIGENCE) and not is_own
    context = {
        "record": found,
        "says": says,
        "problem": problem,
        "is_over": found.review_by < today(desk.now),
        "is_own": is_own,
        "may_decide": may_decide and found.state == state.PROPOSED,
        "may_review": may_decide and found.state == state.IN_FORCE,
        "first_day": (today(desk.now) + timedelta(days=1)).isoformat(),
        "last_day": intelligence.last_day(desk.now).isoformat(),
        "limit": intelligence.LIMIT,
    }
    return render(request, desk, "desk/record.html", context, status=422 if problem else 200)
