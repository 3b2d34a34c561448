"""A tip beside the list: read without leaving the queue. To show it is to read it."""

from typing import Any
from urllib.parse import urlsplit

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_safe

from tipintake.routing.policy.reasons import decision_in_language
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.queue import deeds
from tipintake.web.desk.tip import read, visible_tip, what_was_seen
from tipintake.web.desk.together import together_of
from tipintake.web.desk.whose import hand_offs_of

MOST_LINKED = 3
WORD = "beside"  # in the address of a list: the tip that stands beside it


@require_safe
@staff_only(May.READ_TIPS)
def beside(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """The part of the page by itself, for a list that is open; others get the tip's page."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    if "HX-Request" not in request.headers:
        return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]))
    context = {"beside": glance(request, desk, found, back=_list(request))}
    return render(request, desk, "desk/queue/beside.html", context)


def asked_beside(request: HttpRequest, desk: Desk, *, back: str) -> dict[str, Any] | None:
    """The tip that the address of a list names; None when there is none for this account."""
    reference = request.GET.get(WORD, "")[:12]
    found = visible_tip(desk, reference) if reference else None
    return None if found is None else glance(request, desk, found, back=back)


def glance(request: HttpRequest, desk: Desk, found: Tip, *, back: str) -> dict[str, Any]:
    """What stands beside the list. The dialog does not: to show answers is to mark them read."""
    narrative = read(request, desk, found, beside=True)
    decision = found.decisions.order_by("-decided_at", "-pk").first()
    prefetch_related_objects([found], "locations")
    together = together_of(desk, found)
    linked = [*together.confirmed, *together.suggested]
    own = desk.is_own_staff
    return {
        "tip": found,
        **what_was_seen(desk, found, narrative),
        "hand_offs": hand_offs_of(desk, found, decision),
        "because": decision_in_language(decision.because) if decision is not None and own else "",
        "rule": decision.rule if decision is not None and own else "",
        "linked": linked[:MOST_LINKED],
        "more_linked": len(linked[MOST_LINKED:]),
        "pictures": found.attachments.count(),
        "assigned": found.assigned_to.username if own and found.assigned_to else "",
        "may_take": deeds.allowed(desk, "assign-me") and found.assigned_to_id != desk.user.pk,
        "back": back,
    }


def _list(request: HttpRequest) -> str:
    """The list on which the tip is shown, to come back to it after a deed."""
    there = urlsplit(request.headers.get("HX-Current-URL", ""))
    path = f"{there.path}?{there.query}" if there.query else there.path
    return path if path.startswith(reverse("desk:queue")) else reverse("desk:queue")
