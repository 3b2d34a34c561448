"""What the buttons of a tip's page do: one transaction each, claimed by the version it showed."""

from collections.abc import Callable, Mapping

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from tipintake.delivery import acts
from tipintake.delivery.acts import Act, NotPossible, Reason
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import answering, bell
from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff.roles import May
from tipintake.tips.models import DataKey, Tip
from tipintake.tips.vocabulary import Disposition, LegalHold, Status
from tipintake.triage import actions, calls, dialog, notes
from tipintake.triage.actions import ChangedMeanwhile, NotAllowed
from tipintake.triage.calls import CallProblem
from tipintake.triage.models import Call
from tipintake.web.desk import once
from tipintake.web.desk.forms import (
    CallForm,
    CloseForm,
    GradeForm,
    HoldForm,
    NoteForm,
    PassOnForm,
    StatusForm,
    TeachForm,
)
from tipintake.web.desk.meanwhile import meanwhile
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import Trouble, page, visible_tip

IN_HAND = (*acts.MOVES[Act.TRANSFER].start,)
TYPED = (
    *(*PassOnForm.base_fields, *CloseForm.base_fields, *CallForm.base_fields),
    *StatusForm.base_fields,
    *TeachForm.base_fields,
    *GradeForm.base_fields,
    "of",  # the tip that came first, of a duplicate
)
TEACH = gettext_noop(
    "Was the place read wrongly, or a name not known? Teach it under Why here: once somebody "
    "else approves, the next tip goes there at once."
)
# By what goes once a hold is lifted.
DESTROYS: Mapping[str, str] = {
    actions.ALL: gettext_noop(
        "The tip's ordinary time is over: without the hold all of it is destroyed within "
        "minutes. Tick that this is meant, or leave the hold."
    ),
    actions.PARTS: gettext_noop(
        "The time of its held words or of a record is over: without the hold they are destroyed "
        "within minutes. Tick that this is meant, or leave the hold."
    ),
}
LIFTED: Mapping[str, str] = {
    actions.ALL: gettext_noop(
        "The hold is lifted. The tip's time is over: the next round destroys it."
    ),
    actions.PARTS: gettext_noop(
        "The hold is lifted. The next round destroys held words or a record whose time is over; "
        "the tip itself is kept for its ordinary time."
    ),
    actions.NOTHING: gettext_noop("The hold is lifted. The tip is kept for its ordinary time."),
}
BY_ONESELF = gettext_noop(
    "You have acted on this tip yourself since you loaded the page: by an earlier press, or in "
    "another window. Nothing was done a second time."
)
NO_KEY = gettext_noop("The note could not be sealed, so nothing was written. {reason}")


class _NoteProblem(Exception):
    """The words could not be sealed; then the act does not happen either."""


PROBLEMS = (NotPossible, NotAllowed, CallProblem, _NoteProblem)


# --- Acts on a hand-off ----------------------------------------------------------------------


def _acknowledge(desk: Desk, hand_off: HandOff, _given: Mapping[str, str]) -> str:
    answering.take(hand_off, by=desk.user.username, now=desk.now)
    return _("{name} has acknowledged this tip.").format(name=hand_off.line.name)


def _pass_on(act: Act) -> Callable[[Desk, HandOff, Mapping[str, str]], str]:
    def passed(desk: Desk, hand_off: HandOff, given: Mapping[str, str]) -> str:
        line = Line.objects.get(code=given["to"])
        answering.pass_on(
            hand_off,
            act,
            to=line,
            reason=Reason(given["reason"]),
            by=desk.user.username,
            now=desk.now,
            by_agency=not desk.is_own_staff,
        )
        _write_note(desk, hand_off.tip, given.get("words", ""))
        bell.ring_notify_after_commit()
        said = _("Passed on: {name} has this tip in its queue now.").format(name=line.name)
        if given["reason"] == Reason.OTHER_AREA and desk.may(May.PROPOSE_PLACES):
            return f"{said} {_(TEACH)}"
        return said

    return passed


def _close(desk: Desk, hand_off: HandOff, given: Mapping[str, str]) -> str:
    acts.close(
        hand_off,
        disposition=Disposition(given["disposition"]),
        by=desk.user.username,
        now=desk.now,
    )
    _write_note(desk, hand_off.tip, given.get("words", ""))
    if not HandOff.objects.filter(tip=hand_off.tip, state__in=IN_HAND).exists():
        closed = HandOff.objects.filter(tip=hand_off.tip, state=HandOff.State.CLOSED)
        actions.ended(
            hand_off.tip,
            dispositions=closed.values_list("disposition", flat=True),
            by=desk.user.username,
            now=desk.now,
        )
        _say_goodbye(desk, hand_off.tip, given)
    return _("{name} has closed this tip.").format(name=hand_off.line.name)


def _say_goodbye(desk: Desk, found: Tip, given: Mapping[str, str]) -> None:
    """Thank the person who wrote, if that was ticked and their tip still has its key."""
    wanted = given.get("farewell") and desk.may(May.ASK_THE_WRITER)
    if wanted and DataKey.objects.filter(tip=found).exists():
        dialog.ask(found, template=dialog.FAREWELL, by=desk.user.username, now=desk.now)


def _reopen(desk: Desk, hand_off: HandOff, _given: Mapping[str, str]) -> str:
    acts.reopen(hand_off, by=desk.user.username, now=desk.now)
    actions.reopened(hand_off.tip, by=desk.user.username, now=desk.now)
    return _("{name} has this tip in work again.").format(name=hand_off.line.name)


class _Nothing(forms.Form):
    """A button without anything to fill in."""


ON_HAND_OFF: Mapping[
    str, tuple[type[forms.Form], Callable[[Desk, HandOff, Mapping[str, str]], str]]
] = {
    Act.ACKNOWLEDGE: (_Nothing, _acknowledge),
    Act.DECLINE: (PassOnForm, _pass_on(Act.DECLINE)),
    Act.TRANSFER: (PassOnForm, _pass_on(Act.TRANSFER)),
    Act.CLOSE: (CloseForm, _close),
    Act.REOPEN: (_Nothing, _reopen),
}


@require_POST
@staff_only(May.READ_TIPS, May.ACT_ON_HAND_OFFS)
def hand_off(request: HttpRequest, desk: Desk, reference: str, pk: int, act: str) -> HttpResponse:
    """Acknowledge, decline, transfer, close or reopen."""
    found = visible_tip(desk, reference)
    row = _own_hand_off(desk, found, pk)
    if found is None or row is None or act not in ON_HAND_OFF:
        return not_here(request, desk)
    form_class, do = ON_HAND_OFF[act]
    return _acted(request, desk, found, form_class, lambda given: do(desk, row, given), act, row)


@require_POST
@staff_only(May.READ_TIPS, May.ACT_ON_HAND_OFFS, May.HAND_OVER_BY_TELEPHONE)
def call(request: HttpRequest, desk: Desk, reference: str, pk: int) -> HttpResponse:
    """Log a telephone call. "They took the tip" acknowledges the hand-off."""
    found = visible_tip(desk, reference)
    row = _own_hand_off(desk, found, pk)
    if found is None or row is None:
        return not_here(request, desk)

    def do(given: Mapping[str, str]) -> str:
        outcome = Call.Outcome(given["outcome"])
        calls.log_call(
            row.pk,
            reference=found.reference,
            line=row.line.code,
            number_is_verified=bool(row.line.shown_number),
            outcome=outcome,
            contact_confirmed=bool(given.get("contact_confirmed")),
            spoke_with=given.get("spoke_with", ""),
            their_reference=given.get("their_reference", ""),
            by=desk.user,
            now=desk.now,
        )
        if outcome != Call.Outcome.HANDED_OVER:
            return _("The call is in the log.")
        return _acknowledge(desk, row, given)

    return _acted(request, desk, found, CallForm, do, "call", row)


# --- Acts on the tip -------------------------------------------------------------------------


@require_POST
@staff_only(May.READ_TIPS, May.CHANGE_STATUS)
def status(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)

    def do(given: Mapping[str, str]) -> str:
        to = Status(given["status"])
        if Status.CLOSED in {to, found.status}:
            raise NotAllowed(_("A tip is closed and reopened in the queues of its lines."))
        actions.change_status(found, to, by=desk.user.username, now=desk.now)
        return _("The tip is {label} now.").format(label=_(to.label).lower())

    return _acted(request, desk, found, StatusForm, do, "status")


@require_POST
@staff_only(May.READ_TIPS, May.PLACE_LEGAL_HOLDS)
def hold(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Place or lift a legal hold: nothing is purged while it stands."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)

    def do(given: Mapping[str, str]) -> str:
        if given["reason"] == HoldForm.LIFT:
            goes = actions.goes_without_hold(found, now=desk.now)
            if goes and not given.get("sure"):
                raise NotAllowed(_(DESTROYS[goes]))
            actions.lift_hold(found, by=desk.user.username, now=desk.now)
            return _(LIFTED[goes])
        actions.hold(found, LegalHold(given["reason"]), by=desk.user.username, now=desk.now)
        return _("The tip is on legal hold: nothing purges it.")

    return _acted(request, desk, found, HoldForm, do, "hold")


@require_POST
@staff_only(May.READ_TIPS, May.WRITE_NOTES)
def note(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Add a note, once by each page. It overwrites nothing, so it needs no version."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    form = NoteForm(request.POST)
    try:
        if not form.is_valid():
            return in_trouble(request, desk, found, "note", sentences_of(form))
        with transaction.atomic():
            once.spend(request, desk)
            _write_note(desk, found, form.cleaned_data["words"])
    except once.DoneBefore:
        messages.success(request, _("This note was kept already: it stands here once."))
        return _back(found)
    except _NoteProblem as problem:
        return in_trouble(request, desk, found, "note", (str(problem),))
    messages.success(request, _("The note is kept."))
    return _back(found)


# --- What they share -------------------------------------------------------------------------


def _acted(
    request: HttpRequest,
    desk: Desk,
    found: Tip,
    form_class: type[forms.Form],
    do: Callable[[Mapping[str, str]], str],
    act: str,
    row: HandOff | None = None,
) -> HttpResponse:
    """All of the act or nothing of it; then back to the tip, with what happened in a sentence."""
    form = form_class(request.POST)
    if not form.is_valid():
        return in_trouble(request, desk, found, act, sentences_of(form), row)
    given = {key: request.POST.get(key, "") for key in form.fields} | _texts(form)
    try:
        with transaction.atomic():
            actions.claim(found, version=version_shown(request))
            if row is not None:
                row.tip = found
            said = do(given)
    except ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, found, problem)
    except PROBLEMS as problem:
        found.refresh_from_db()
        return in_trouble(request, desk, found, act, (str(problem),), row)
    messages.success(request, said)
    return _back(found)


def _own_hand_off(desk: Desk, found: Tip | None, pk: int) -> HandOff | None:
    if found is None:
        return None
    own: HandOff | None = desk.hand_offs().select_related("line").filter(tip=found, pk=pk).first()
    return own


def version_shown(request: HttpRequest) -> int:
    typed = request.POST.get("version", "")
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 10 else -1


def _texts(form: forms.Form) -> dict[str, str]:
    return {key: value for key, value in form.cleaned_data.items() if isinstance(value, str)}


def sentences_of(form: forms.Form) -> tuple[str, ...]:
    return tuple(str(one) for errors in form.errors.values() for one in errors)


def _write_note(desk: Desk, found: Tip, words: str) -> None:
    if not words.strip():
        return
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        notes.write(found, words.strip(), author=desk.user, private=private, now=desk.now)
    except (keys.KeyMissing, CannotOpen) as problem:
        raise _NoteProblem(_(NO_KEY).format(reason=problem)) from None
    except ObjectDoesNotExist:
        raise _NoteProblem(
            _(NO_KEY).format(reason=_("The tip's own key was destroyed."))
        ) from None


def in_trouble(
    request: HttpRequest,
    desk: Desk,
    found: Tip,
    act: str,
    sentences: tuple[str, ...],
    row: HandOff | None = None,
) -> HttpResponse:
    """The page again, with what is wrong and everything that was typed."""
    typed = {key: str(value) for key, value in request.POST.items() if key in TYPED}
    trouble = Trouble(act, sentences, typed, row.pk if row is not None else None)
    return page(request, desk, found, trouble=trouble, status=422)


def changed_meanwhile(
    request: HttpRequest, desk: Desk, found: Tip, problem: ChangedMeanwhile
) -> HttpResponse:
    """Nothing was written. What was typed is shown, so that it is not lost. Of a form that was
    sent twice the second comes here, too."""
    if not Tip.objects.filter(pk=found.pk).exists():  # purged at this very moment
        return not_here(request, desk)
    since = meanwhile(request, desk, found, version=version_shown(request))
    context = {
        "tip": found,
        "problem": _(BY_ONESELF) if since.by_oneself else str(problem),
        "by_oneself": since.by_oneself,
        "typed": request.POST.get("words") or request.POST.get("grade_words", ""),
        "changes": since.changes,
        "now": since.now,
        "wanted": since.wanted,
    }
    return render(request, desk, "desk/changed_meanwhile.html", context, status=409)


def _back(found: Tip) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]))
