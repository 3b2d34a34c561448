"""The map of a queue, with its patterns, and the boundaries that every map draws."""

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import condition, require_safe

from tipintake.directory.drawing import edition_in_force, geojson
from tipintake.directory.models import Line
from tipintake.door.headers import REVALIDATED
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.models import Place, Tip
from tipintake.triage.visible import tips_visible_to
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.queues import FILTERS, in_order, queue_of
from tipintake.web.desk.whereabouts import drawn_map, patterns_of, points_of

MOST = 500  # tips on one map: the most urgent of a queue, else the newest
NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Choice:
    address: str
    label: str
    chosen: bool


@require_safe
@staff_only(May.READ_TIPS)
def map_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    code = request.GET.get("line", "")
    line = Line.objects.filter(desk.lines, code=code).first() if code else None
    if code and line is None:
        return not_here(request, desk)
    word, _label, states = next(
        (one for one in FILTERS if one[0] == request.GET.get("state")), FILTERS[0]
    )
    tips = _tips(desk, line, states)
    shown = tips[:MOST]
    rows = Place.objects.filter(tip__in=[one.pk for one in shown], lat__isnull=False)
    points = points_of(rows, {one.pk: one.reference for one in shown})
    # The page says where tips lie: to list them is to read them.
    audit.record(
        "map.listed",
        actor=desk.user.username,
        now=desk.now,
        subject=line.code if line else "",
        state=word if line else NEWEST,
        rows=len(shown),
        points=len(points),
    )
    return render(
        request,
        desk,
        "desk/map.html",
        {
            "line": line,
            "state": word,
            "states": _states(line, word) if line else [],
            "lines": Line.objects.filter(desk.lines, active=True).order_by("name"),
            "shown": len(shown),
            "is_cut": len(tips) > MOST,
            "without_point": len({one.reference for one in shown} - {one.tip for one in points}),
            "map": drawn_map(
                points, "queue-map", title=_("Map: {tips}").format(tips=line or _("newest tips"))
            ),
            "patterns": patterns_of(shown, "queue", desk.now) if shown else None,
        },
    )


def _tips(desk: Desk, line: Line | None, states: Sequence[str]) -> list[Tip]:
    """The tips of one filter, one more than are shown when there are more."""
    if line is None:
        newest = tips_visible_to(desk.user).order_by("-submitted_hour", "-pk")
        return list(newest.only("reference", "submitted_hour")[: MOST + 1])
    queue = in_order(queue_of(line, states), states).select_related("tip")
    rows = queue.only("tip__reference", "tip__submitted_hour")
    return [one.tip for one in rows[: MOST + 1]]


def _states(line: Line, word: str) -> list[Choice]:
    return [Choice(_address(line.code, one), _(label), one == word) for one, label, _of in FILTERS]


def _address(code: str, word: str) -> str:
    return f"{reverse('desk:map')}?{urlencode({'line': code, 'state': word})}"


def _version(_request: HttpRequest, *_args: object, **_kwargs: object) -> str:
    return f'"{edition_in_force()}"'


@require_safe
@staff_only(May.READ_TIPS)
def boundaries(request: HttpRequest, _desk: Desk) -> HttpResponse:
    """The boundaries in force as GeoJSON, simplified. Asked again, it is sent only when new."""
    return _boundaries(request)


@condition(etag_func=_version)
def _boundaries(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(geojson(edition_in_force()), content_type="application/geo+json")
    response.headers["Cache-Control"] = REVALIDATED
    return response
