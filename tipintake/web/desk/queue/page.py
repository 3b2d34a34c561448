"""The queue's pages: the rows of a view or a question, its counts, its completions."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.models import Jurisdiction
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.plate_patterns import PlatePattern
from tipintake.triage.models import SavedView
from tipintake.triage.search import marked
from tipintake.web.desk import sealed
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.queue import completion, rows
from tipintake.web.desk.queue.beside import WORD, asked_beside
from tipintake.web.desk.queue.bulk import results_of
from tipintake.web.desk.queue.choices import choices_of
from tipintake.web.desk.queue.language import Asked, closest
from tipintake.web.desk.queue.listing import PAGE, AnySpot, Found, found, spot_in
from tipintake.web.desk.queue.questions import understood
from tipintake.web.desk.queue.tip_bar import LAST
from tipintake.web.desk.queue.views import (
    MOST,
    CannotKeep,
    Surroundings,
    View,
    counts,
    keep,
    surroundings,
)

COUNT_SECONDS = 30
WAYS = ("after", "before")  # in the address: where a page begins
NOTHING_LIKE_IT = gettext_noop(
    "Nothing here is so. Take a word away, or look among what is closed."
)
PLATE_AS_A_WHOLE = gettext_noop(
    "Nothing here is so. The plate was looked for as a whole: of a part of one, write * where the "
    "rest stands, as in plate:AB1* or plate:*C2D."
)


@dataclass(frozen=True, slots=True)
class Shown:
    """A view with its link and its count."""

    view: View
    address: str
    count: str
    chosen: bool


@require_safe
@staff_only(May.READ_TIPS)
def queue(request: HttpRequest, desk: Desk) -> HttpResponse:
    around = surroundings(desk)
    view = _chosen(request, around)
    text = request.GET.get("q", "") if view is None else view.query
    asked = understood(text, around.ground)
    if asked.problems:
        return _shown(request, desk, around, view, asked, text, None)
    rows_asked = found(around.ground, asked)
    after, before = (_spot(request, name, rows_asked) for name in WAYS)
    page = rows.read(desk, rows_asked, after=after, before=before)
    if sealed.get(request, LAST) != str(asked):
        sealed.put(request, LAST, str(asked))
    # Rows show plates and places: to list them is to read them.
    audit.record(
        "queue.asked",
        actor=desk.user.username,
        now=desk.now,
        facets=sorted({one.key for one in asked.words}),
        marks=marked((word.key, one) for word in asked.words for one in word.values),
        rows=len(page.rows),
        continued=after is not None or before is not None,
    )
    return _shown(request, desk, around, view, asked, text, page)


def _chosen(request: HttpRequest, around: Surroundings) -> View | None:
    if request.GET.get("q"):
        return None
    key = request.GET.get("view", "")
    return next((one for one in around.views if one.key == key), around.views[0])


def _spot(request: HttpRequest, name: str, rows_asked: Found) -> AnySpot | None:
    return spot_in(request.GET.get(name, ""), closed=rows_asked.ground.closed)


def _shown(
    request: HttpRequest,
    desk: Desk,
    around: Surroundings,
    view: View | None,
    asked: Asked,
    text: str,
    page: rows.Page | None,
) -> HttpResponse:
    counted = around.views if request.GET.get("count") else around.built_in
    said = counts(around.ground, counted)
    query = {"view": view.key} if view is not None else {"q": text}
    here = {**query, **{way: request.GET[way] for way in WAYS if request.GET.get(way)}}
    context = {
        "views": _views(around.built_in, view, said),
        "kept": _views(around.kept, view, said),
        "view": view,
        "text": text,
        "asked": asked,
        "chips": [(str(word), _address(q=str(asked.without(word)))) for word in asked.words],
        "problems": asked.problems,
        "linked_means": gettext("Other tips that belong to it"),
        "rows": [vars(row) for row in page.rows] if page else [],
        "hint": _hint(asked) if not (page and page.rows) and not asked.problems else "",
        "earlier": _address(**query, before=str(page.earlier)) if page and page.earlier else "",
        "later": _address(**query, after=str(page.later)) if page and page.later else "",
        "first": _address(**query),
        "continued": bool(request.GET.get("after") or request.GET.get("before")),
        "page_size": PAGE,
        "most": MOST,
        "flood": next(iter(asked.values("alike")), ""),
        "every": COUNT_SECONDS,
        "facets": completion.table(around.ground),
        "may_share": desk.may(May.SHARE_VIEWS),
        "results": results_of(request),
        "choices": choices_of(desk, around.people, around.tags),
        "here": request.get_full_path(),
        "beside": asked_beside(request, desk, back=request.get_full_path()) if page else None,
        "beside_address": f"{_address(**here)}&{WORD}=",
        "without": _address(**here),
    }
    status = 422 if asked.problems else 200
    return render(request, desk, "desk/queue/queue.html", context, status=status)


def _views(views: tuple[View, ...], chosen: View | None, said: Any) -> list[Shown]:
    return [
        Shown(one, _address(view=one.key), said.get(one.key, ""), one == chosen) for one in views
    ]


def _hint(asked: Asked) -> str:
    cities = asked.values("city")
    if any(PlatePattern.parse(one).is_whole for one in asked.values("plate")):
        return gettext(PLATE_AS_A_WHOLE)
    if not cities:
        return gettext(NOTHING_LIKE_IT)
    names = {name.casefold(): name for name in Jurisdiction.objects.values_list("name", flat=True)}
    unknown = [city for city in cities if city.casefold() not in names]
    near = closest(unknown[0], names) if unknown else ""
    if not near:
        return gettext(NOTHING_LIKE_IT)
    return gettext("The directory has no “{unknown}”. Did you mean {near}?").format(
        unknown=unknown[0], near=names[near]
    )


def _address(**query: str) -> str:
    return f"{reverse('desk:queue')}?{urlencode(query)}"


# --- Counts and completions: parts of the page, asked for by themselves -------------------------


@require_safe
@staff_only(May.READ_TIPS)
def views(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Every view with its count, kept ones too."""
    around = surroundings(desk)
    chosen = next((one for one in around.views if one.key == request.GET.get("view")), None)
    said = counts(around.ground, around.views)
    context = {
        "views": _views(around.built_in, chosen, said),
        "kept": _views(around.kept, chosen, said),
        "chosen_key": chosen.key if chosen else "",
        "every": COUNT_SECONDS,
    }
    return render(request, desk, "desk/queue/views.html", context)


@require_safe
@staff_only(May.READ_TIPS)
def complete(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What may stand where the typing stopped."""
    text = request.GET.get("q", "")
    offers = [
        (one.word, one.says, _address(q=one.text))
        for one in completion.offers(text, surroundings(desk).ground)
    ]
    return render(request, desk, "desk/queue/offers.html", {"offers": offers})


# --- Views that somebody keeps ------------------------------------------------------------------


@require_POST
@staff_only(May.READ_TIPS)
def keep_view(request: HttpRequest, desk: Desk) -> HttpResponse:
    text = request.POST.get("q", "")
    try:
        kept = keep(
            desk,
            surroundings(desk).ground,
            name=request.POST.get("name", ""),
            query=text,
            shared=bool(request.POST.get("shared")),
        )
    except CannotKeep as problem:
        messages.error(request, str(problem))
        return HttpResponseRedirect(_address(q=text))
    audit.record(
        "view.kept", actor=desk.user.username, now=desk.now, view=kept.pk, shared=kept.shared
    )
    messages.success(request, gettext("The view “{name}” is kept.").format(name=kept.name))
    return HttpResponseRedirect(_address(view=str(kept.pk)))


@require_POST
@staff_only(May.READ_TIPS)
def forget_view(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    view = SavedView.objects.filter(pk=pk, owner=desk.user).first()
    if view is None:
        return not_here(request, desk)
    audit.record("view.forgotten", actor=desk.user.username, now=desk.now, view=pk)
    view.delete()
    messages.success(request, gettext("The view “{name}” is gone.").format(name=view.name))
    return HttpResponseRedirect(reverse("desk:queue"))
