"""Deeds on the tip's own page: done, and the next tip of the queue opens. And the way back."""

import uuid
from collections.abc import Sequence

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.pipeline import undoing
from tipintake.pipeline.undoing import TooLate
from tipintake.staff.preferences import prefer
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.triage import seen
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.triage.models import Undoable
from tipintake.web.desk.acting import changed_meanwhile, in_trouble, version_shown
from tipintake.web.desk.bursts import JUDGEMENTS
from tipintake.web.desk.page import Desk, not_here, refusal, render, staff_only
from tipintake.web.desk.queue import deeds
from tipintake.web.desk.queue.deeds import REFUSALS
from tipintake.web.desk.queue.onward import last_queue, spot_in_queue, to_next
from tipintake.web.desk.queue.undo import (
    note_taken_back,
    put_away,
    put_forward,
    taken_back,
    was_put_forward,
)
from tipintake.web.desk.tip import visible_tip

NOT_THEIRS = gettext_noop(
    "A tip that you changed is not yours to change any more. It stays as it is now."
)
MOVES_ON = frozenset({"assign-me", "assign", "close", "duplicate"})


@require_POST
@staff_only(May.READ_TIPS)
def act(request: HttpRequest, desk: Desk, reference: str, what: str) -> HttpResponse:
    tip = visible_tip(desk, reference)
    if tip is None or what not in deeds.DEEDS:
        return not_here(request, desk)
    if not deeds.allowed(desk, what):
        return refusal(request, desk)
    queue = last_queue(request, desk)
    spot = spot_in_queue(queue, tip)  # before the act: afterwards it may stand elsewhere
    together = uuid.uuid4()
    given = {key: str(value) for key, value in request.POST.items()}
    version = version_shown(request)
    try:
        said = deeds.do(desk, tip, what, given, version=version, together=together)
    except ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, tip, problem)
    except REFUSALS as problem:
        tip.refresh_from_db()
        return in_trouble(request, desk, tip, what, (str(problem),))
    messages.success(request, f"{tip.reference}: {said}")
    if deeds.DEEDS[what].undone:
        put_forward(request, together, said, now=desk.now)
    if what in MOVES_ON:
        return to_next(queue, tip, spot)
    return HttpResponseRedirect(reverse("desk:tip", args=[tip.reference]))


@require_POST
@staff_only(May.READ_TIPS)
def undo(request: HttpRequest, desk: Desk, together: uuid.UUID) -> HttpResponse:
    """Take back what this person did a few seconds ago: each tip by itself."""
    mine = Undoable.objects.filter(together=together, user=desk.user)
    rows = list(mine.select_related("tip"))
    is_offered = was_put_forward(request, together, now=desk.now)
    put_away(request)
    if not rows:
        if done := taken_back(request, together):
            return _said_undone(request, done)
        over = _("The ten seconds are over. Change it by hand.")
        messages.error(request, _(undoing.GONE) if is_offered else over)
        return HttpResponseRedirect(reverse("desk:queue"))
    done = []
    for row in rows:
        if not _still_theirs(desk, row):
            messages.error(request, _(NOT_THEIRS))
            continue
        try:
            with transaction.atomic():
                undoing.undo(row, by=desk.user, now=desk.now)
        except TooLate as problem:
            messages.error(request, str(problem))
            continue
        done.append(row.tip.reference)
    if not done:
        return HttpResponseRedirect(reverse("desk:queue"))
    note_taken_back(request, together, done)
    return _said_undone(request, done)


def _said_undone(request: HttpRequest, done: Sequence[str]) -> HttpResponseRedirect:
    """Of a button that was pressed twice the second answer alone is seen."""
    if len(done) == 1:
        messages.success(request, _("{reference} is as it was before.").format(reference=done[0]))
        return HttpResponseRedirect(reverse("desk:tip", args=done))
    messages.success(request, _("{count} tips are as they were before.").format(count=len(done)))
    return HttpResponseRedirect(reverse("desk:queue"))


def _still_theirs(desk: Desk, row: Undoable) -> bool:
    """Since they did it, a line or a role may have been taken from the account."""
    may = desk.may(May.JUDGE_LINKS) if row.act in JUDGEMENTS else deeds.allowed(desk, row.act)
    return visible_tip(desk, row.tip.reference) is not None and may


@require_safe
@staff_only(May.READ_TIPS)
def here(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """Somebody's page is still open on this tip: who else is there. No read, no presence."""
    tip = visible_tip(desk, reference)
    if tip is None:
        return not_here(request, desk)
    seen.still_looking(desk.user, tip, now=desk.now)
    context = {"tip": tip, "looking": looking_at(desk, tip), "newer": _newer(request, tip)}
    return render(request, desk, "desk/queue/here.html", context)


def looking_at(desk: Desk, tip: Tip) -> list[str]:
    return seen.others_looking(desk.user, tip, now=desk.now) if desk.is_own_staff else []


def _newer(request: HttpRequest, tip: Tip) -> bool:
    """Whether the tip has moved on since that page was loaded."""
    shown = request.GET.get("version", "")
    return shown.isascii() and shown.isdigit() and len(shown) < 10 and int(shown) < tip.version


# --- Keys ---------------------------------------------------------------------------------------


@require_safe
@staff_only()
def keys(request: HttpRequest, desk: Desk) -> HttpResponse:
    return render(request, desk, "desk/queue/keys.html", {})


@require_POST
@staff_only()
def switch_keys(request: HttpRequest, desk: Desk) -> HttpResponse:
    on = request.POST.get("keys") == "on"
    prefer(desk.user, {"shortcuts": on})
    said = _("Single keys are on for you.") if on else _("Single keys are off for you.")
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:keys"))
