"""The same deed on many tips: each by itself, with a result for each."""

import uuid
from collections.abc import Mapping, Sequence
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST

from tipintake.pipeline import undoing
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk import sealed
from tipintake.web.desk.page import Desk, refusal, staff_only
from tipintake.web.desk.queue import deeds
from tipintake.web.desk.queue.deeds import REFUSALS
from tipintake.web.desk.queue.undo import put_forward
from tipintake.web.desk.tip import visible_tip

EXPORT = "export"  # no deed: it asks the exports' own form
ENTER = "enter"  # no deed: the form's first button, which Enter presses wherever one types
FILLED = ("to", "status", "tag", "disposition", "category", "why")
WHICH = gettext_noop("Nothing was done: press the button of the deed that you mean.")
MOST = 100
RESULTS = "results"  # in the session, sealed, until the next page has shown them
LAST_ASKED = "bulk-asked"  # the same: what was asked for last
ACTED_ON = gettext_noop(
    "It was acted on since this list was loaded. Nothing was written; look at it again."
)
JUST_DONE = gettext_noop("You have just done this yourself.")
GONE = gettext_noop("It is not among your tips any more.")
LEFT_OUT = gettext_noop("Not among your tips any more, and left out: {tips}.")


@require_POST
@staff_only(May.READ_TIPS)
def bulk(request: HttpRequest, desk: Desk) -> HttpResponse:
    name = _meant(request.POST)
    if name == ENTER:
        messages.error(request, _(WHICH))
        return _back(request)
    if not (desk.may(May.EXPORT) if name == EXPORT else deeds.allowed(desk, name)):
        return refusal(request, desk)
    chosen = [_chosen(one) for one in request.POST.getlist("tip")[: MOST + 1]]
    if not chosen:
        messages.error(request, _("Choose tips first: tick them, or press x on a row."))
        return _back(request)
    if len(chosen) > MOST:
        messages.error(request, _("Choose at most {most} tips at once.").format(most=MOST))
        return _back(request)
    tips = _theirs(desk, [reference for reference, _version in chosen])
    if name == EXPORT:
        return _to_export(request, [reference for reference, _version in chosen], tips)
    given = {key: str(value) for key, value in request.POST.items()}
    together = uuid.uuid4()
    asked = [name, *(given.get(one, "") for one in sorted(FILLED))]
    again = sealed.get(request, LAST_ASKED) in (None, asked)
    results = [
        (reference, *_result(desk, tips.get(reference), name, given, version, together, again))
        for reference, version in chosen
    ]
    sealed.put(request, LAST_ASKED, asked)
    before = _(JUST_DONE)
    done = sum(good and said != before for _reference, good, said in results)
    if done and deeds.DEEDS[name].undone:
        said = (
            results[0][2]
            if done == len(results) == 1
            else ngettext("{done} tip changed.", "{done} tips changed.", done).format(done=done)
        )
        put_forward(request, together, said, now=desk.now)
    if done == len(results) == 1:
        messages.success(request, f"{results[0][0]}: {results[0][2]}")
    else:
        sealed.put(request, RESULTS, results)
    return _back(request)


def _meant(given: Mapping[str, str]) -> str:
    """Which deed. Enter means the one whose field was typed into, if no other was filled."""
    name = given.get("act", "")
    only_of = bool(given.get("of", "").strip()) and not any(given.get(one) for one in FILLED)
    return "duplicate" if name == ENTER and only_of else name


def _theirs(desk: Desk, references: Sequence[str]) -> dict[str, Tip]:
    """By number, those that this account sees. A number of somebody else's tip is recorded."""
    visible = tips_visible_to(desk.user).filter(reference__in=references)
    tips = {tip.reference: tip for tip in visible.select_related("assigned_to")}
    for reference in dict.fromkeys(references):
        if reference not in tips:
            visible_tip(desk, reference)
    return {reference: tips[reference] for reference in references if reference in tips}


def _to_export(
    request: HttpRequest, chosen: Sequence[str], tips: Mapping[str, Tip]
) -> HttpResponseRedirect:
    """To the form that asks for whom and why, with these tips in it. Nothing is exported yet."""
    if missing := [one for one in dict.fromkeys(chosen) if one not in tips]:
        messages.warning(request, _(LEFT_OUT).format(tips=", ".join(missing)))
    if not tips:
        return _back(request)
    query = urlencode({"tips": ",".join(tips)})
    return HttpResponseRedirect(f"{reverse('reports:new')}?{query}")


def results_of(request: HttpRequest) -> list[tuple[str, bool, str]]:
    """Shown once: which tip, whether it was done, and what happened."""
    rows = sealed.pop(request, RESULTS) or ()
    return [(reference, done, said) for reference, done, said in rows]


def _result(
    desk: Desk,
    tip: Tip | None,
    name: str,
    given: deeds.Given,
    version: int,
    together: uuid.UUID,
    again: bool,
) -> tuple[bool, str]:
    """`again`: nothing else was asked for last, so that it may be the same press once more."""
    if tip is None:
        return False, _(GONE)
    try:
        return True, deeds.do(desk, tip, name, given, version=version, together=together)
    except ChangedMeanwhile:
        if again and undoing.just_done(desk.user, name, tip, now=desk.now):
            return True, _(JUST_DONE)
        return False, _(ACTED_ON)
    except REFUSALS as problem:
        return False, str(problem)


def _chosen(value: str) -> tuple[str, int]:
    reference, _colon, version = value.partition(":")
    plain = version.isascii() and version.isdigit() and len(version) < 10
    return reference.upper()[:12], int(version) if plain else -1


def _back(request: HttpRequest) -> HttpResponseRedirect:
    wanted = request.POST.get("back", "")
    inside = wanted.startswith(reverse("desk:queue")) and url_has_allowed_host_and_scheme(
        wanted, allowed_hosts=None
    )
    return HttpResponseRedirect(wanted if inside else reverse("desk:queue"))
