"""What is held back, for the privacy officer alone."""

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import May
from tipintake.tips.models import HeldSpan
from tipintake.tips.references import reference_of
from tipintake.triage import held as spans
from tipintake.triage.held import NotPossible, Opened, Reason
from tipintake.triage.visible import held_visible_to
from tipintake.web.desk.history import in_words
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

MOST = 200
SAY_WHY = gettext_noop("Say why.")
DONE = {
    "release": gettext_noop("The words stand in the tip again."),
    "destroy": gettext_noop("The words are destroyed. [removed] stands in their place."),
    "lock-away": gettext_noop("The name is in the vault. [removed] stands in its place."),
}
DESTROY = (
    "destroy",
    gettext_noop("Destroy"),
    gettext_noop("It points to the person who wrote, or helps nobody"),
)
CHOICES = (
    ("release", gettext_noop("Release"), gettext_noop("It is evidence: put it back into the tip")),
    DESTROY,
)
CHOICES_ON_A_NAME = (
    (
        "lock-away",
        gettext_noop("Lock away: the name of a victim or a child"),
        gettext_noop("It goes into the vault, where the child and victim role opens it"),
    ),
    (
        "release",
        gettext_noop("Release: it is no such name"),
        gettext_noop(
            "Everybody who may read the tip sees it from then on, and exports hand it over"
        ),
    ),
    DESTROY,
)
OPEN = "open"
LAST_JUDGED = 3
ACTS = {"lock-away": spans.lock_away, "release": spans.release, "destroy": spans.destroy}


@require_safe
@staff_only(May.OPEN_HELD)
def held(request: HttpRequest, desk: Desk) -> HttpResponse:
    waiting = spans.waiting(held_visible_to(desk.user), now=desk.now, most=MOST)
    audit.record("held_spans.listed", actor=desk.user.username, now=desk.now, rows=len(waiting))
    context = {"waiting": waiting, "reasons": Reason.choices, "most": MOST}
    return render(request, desk, "desk/held.html", context)


@require_POST
@staff_only(May.OPEN_HELD)
@proved_lately
def act(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    """Open one, release it, destroy it, or lock it away."""
    if what != OPEN and what not in ACTS:
        return not_here(request, desk)
    span = held_visible_to(desk.user).select_related("tip").filter(pk=pk).first()
    if span is None:
        messages.error(request, f"{_(spans.GONE)} {_last_judged(request, desk)}".rstrip())
        return HttpResponseRedirect(reverse("desk:held"))
    if what not in {OPEN, *(act for act, _says, _hint in _choices(span))}:
        return not_here(request, desk)
    given = request.POST.get("reason", "")
    if given not in Reason.values:
        return _page(request, desk, span, problem=_(SAY_WHY), status=422)
    reason, by = Reason(given), desk.user.username
    try:
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        if what == OPEN:
            opened = spans.open_words(span, reason, private=private, by=by, now=desk.now)
            return _page(request, desk, span, opened=opened)
        ACTS[what](span, reason, private=private, by=by, now=desk.now)
    except (NotPossible, keys.KeyMissing, CannotOpen) as problem:
        return _page(request, desk, span, problem=str(problem), status=422)
    except ObjectDoesNotExist:
        gone = _("The tip's own key was destroyed: nobody can open these words.")
        return _page(request, desk, span, problem=gone, status=422)
    messages.success(request, _(DONE[what]))
    return HttpResponseRedirect(reverse("desk:held"))


def _last_judged(request: HttpRequest, desk: Desk) -> str:
    """What was last made of held words of the tip, the newest first: who wanted to destroy them
    must know it when they were released. Of several, which were these is not kept."""
    tip = reference_of(request.POST.get("tip", ""))
    judged = AuditEntry.objects.filter(subject=tip, act__in=spans.JUDGED)
    says = _("Last with {reference}: {what} ({who}, {when}).")
    return " ".join(
        says.format(reference=tip, what=one.what, who=one.who, when=one.when)
        for one in in_words(judged.order_by("-at", "-pk")[:LAST_JUDGED], {}, desk.now)
    )


def _page(
    request: HttpRequest,
    desk: Desk,
    span: HeldSpan,
    *,
    opened: Opened | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "span": span,
        "field": spans.where(span.field),
        "kind": spans.kind_words(span.kind),
        "opened": opened,
        "reasons": Reason.choices,
        "choices": _choices(span) if opened else [],
        "problem": problem,
    }
    return render(request, desk, "desk/held_one.html", context, status=status)


def _choices(span: HeldSpan) -> tuple[tuple[str, str, str], ...]:
    """What may become of it: an act, its button, and what it means."""
    return CHOICES_ON_A_NAME if spans.may_be_locked_away(span) else CHOICES
