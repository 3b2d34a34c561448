"""Links between tips: side by side, confirmed or rejected, merged or not; the whole cluster."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.models import Line
from tipintake.pipeline import closing
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.triage import links
from tipintake.triage.actions import ChangedMeanwhile
from tipintake.triage.clusters import Cluster, Edge, cluster_of, corroboration, reports_of
from tipintake.triage.links import NotPossible
from tipintake.web.desk.acting import changed_meanwhile, version_shown
from tipintake.web.desk.chart import Figure, link_chart, scatter, timeline
from tipintake.web.desk.comparing import comparison
from tipintake.web.desk.page import Desk, not_here, render, staff_only
from tipintake.web.desk.tip import visible_tip
from tipintake.web.desk.together import (
    ELSEWHERE,
    about,
    pair_of,
    reason_words,
    visible,
)

MOST_IN_CHART = 40
MERGED, CONFIRMED, SUGGESTED, HELD = (
    gettext_noop("merged"),
    gettext_noop("confirmed"),
    gettext_noop("suggested"),
    gettext_noop("suggested, held for review"),
)
_Act = Callable[[Desk, Tip, Tip, list[str], int], str]


def _confirm(desk: Desk, tip: Tip, other: Tip, marks: list[str], version: int) -> str:
    links.confirm(tip, other, marks, version=version, by=desk.user, now=desk.now)
    return _("{reference} and {reference2} belong together.").format(
        reference=tip.reference, reference2=other.reference
    )


def _reject(desk: Desk, tip: Tip, other: Tip, marks: list[str], version: int) -> str:
    links.reject(tip, other, marks, version=version, by=desk.user, now=desk.now)
    return _("{reference} is not suggested here for these reasons again.").format(
        reference=other.reference
    )


def _take_back(desk: Desk, tip: Tip, other: Tip, _marks: list[str], version: int) -> str:
    links.take_back(tip, other, version=version, by=desk.user, now=desk.now)
    return _("{reference} is a suggestion again.").format(reference=other.reference)


def _merge(desk: Desk, tip: Tip, other: Tip, _marks: list[str], version: int) -> str:
    links.merge(tip, other, shown=tip, version=version, by=desk.user, now=desk.now)
    return _("{reference} is merged into {reference2}: they count as one report.").format(
        reference=tip.reference, reference2=other.reference
    )


def _absorb(desk: Desk, tip: Tip, other: Tip, _marks: list[str], version: int) -> str:
    links.merge(other, tip, shown=tip, version=version, by=desk.user, now=desk.now)
    return _("{reference} is merged into {reference2}: they count as one report.").format(
        reference=other.reference, reference2=tip.reference
    )


def _unmerge(desk: Desk, tip: Tip, other: Tip, _marks: list[str], version: int) -> str:
    lines = Line.objects.filter(desk.lines).values_list("pk", flat=True)
    done = closing.unmerge(tip, other, lines, version=version, by=desk.user, now=desk.now)
    two = _("{reference} and {reference2} are two reports again.").format(
        reference=tip.reference, reference2=other.reference
    )
    return f"{two} {done.said}".rstrip()


ACTS: Mapping[str, _Act] = {
    "confirm": _confirm,
    "reject": _reject,
    "take-back": _take_back,
    "merge": _merge,
    "absorb": _absorb,
    "unmerge": _unmerge,
}


@require_safe
@staff_only(May.READ_TIPS)
def compare(request: HttpRequest, desk: Desk, reference: str, other: str) -> HttpResponse:
    """Both tips side by side, without their words. To show it is to read of both."""
    found, second = visible_tip(desk, reference), visible_tip(desk, other)
    if found is None or second is None or found.pk == second.pk:
        return not_here(request, desk)
    return _compared(request, desk, found, second)


@require_POST
@staff_only(May.READ_TIPS, May.JUDGE_LINKS)
def judge(request: HttpRequest, desk: Desk, reference: str, other: str, act: str) -> HttpResponse:
    """Confirm, reject, take back, merge or unmerge."""
    found, second = visible_tip(desk, reference), visible_tip(desk, other)
    if found is None or second is None or act not in ACTS:
        return not_here(request, desk)
    marks = [one for one in request.POST.getlist("mark") if one.isprintable()]
    try:
        said = ACTS[act](desk, found, second, marks, version_shown(request))
    except ChangedMeanwhile as problem:
        return changed_meanwhile(request, desk, found, problem)
    except NotPossible as problem:
        found.refresh_from_db()
        return _compared(request, desk, found, second, problem=str(problem))
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:tip", args=[found.reference]) + "#together")


def _compared(
    request: HttpRequest, desk: Desk, found: Tip, second: Tip, *, problem: str = ""
) -> HttpResponse:
    for tip in (found, second):
        audit.record("tip.compared", actor=desk.user.username, now=desk.now, subject=tip.reference)
    rows = list(links.between(found, second).select_related("judged_by"))
    context = {
        "tip": found,
        "other": second,
        "pair": pair_of(desk, found, second, rows),
        "parts": comparison(found, second),
        "may_judge_links": desk.may(May.JUDGE_LINKS),
        "problem": problem,
    }
    return render(request, desk, "desk/compare.html", context, status=422 if problem else 200)


@require_safe
@staff_only(May.READ_TIPS)
def cluster(request: HttpRequest, desk: Desk, reference: str) -> HttpResponse:
    """All that hangs together with a tip: chart, timeline, places, and what bears it out."""
    found = visible_tip(desk, reference)
    if found is None:
        return not_here(request, desk)
    whole = cluster_of(found)
    audit.record(
        "cluster.read",
        actor=desk.user.username,
        now=desk.now,
        subject=found.reference,
        tips=len(whole.members),
    )
    shown = visible(desk, whole.members | whole.around)
    members = [tip for key, tip in shown.items() if key in whole.members]
    ties = [edge for edge in whole.edges if edge.one in shown or edge.other in shown]
    reports = reports_of([tip.pk for tip in members])
    days = {key: one.day for key, one in reports.items()}
    context = {
        "tip": found,
        "cluster": whole,
        "chart": _chart(whole, ties, shown, found),
        "ties": [_tie(edge, shown) for edge in sorted(ties, key=lambda edge: not edge.is_firm)],
        "members": sorted(
            ((days.get(one.pk), one, about(desk, one)) for one in members),
            key=lambda row: (row[0] is None, row[0] or date.min, row[1].reference),
        ),
        "timeline": timeline([(shown[key].reference, day) for key, day in days.items()]),
        "places": scatter(_pins(members)),
        "pins": _pins(members),
        "hidden": len(whole.members) - len(members),
        "borne_out": corroboration(reports.values()),
    }
    return render(request, desk, "desk/cluster.html", context)


def _chart(whole: Cluster, ties: Sequence[Edge], shown: Mapping[UUID, Tip], found: Tip) -> Figure:
    """The tip itself on top; tips of other lines are drawn without a name, and only where they
    are tied to one that this account sees."""
    drawn = shown.keys() | {key for edge in ties for key in (edge.one, edge.other)}
    keys = [found.pk, *sorted(whole.members - {found.pk}), *sorted(whole.around)]
    nodes = {}
    for key in [key for key in keys if key in drawn][:MOST_IN_CHART]:
        kind = "own" if key == found.pk else "member" if key in whole.members else "around"
        nodes[key] = (shown[key].reference if key in shown else _(ELSEWHERE), kind)
    return link_chart(nodes, [(edge.one, edge.other, edge.is_firm) for edge in ties])


def _tie(edge: Edge, shown: Mapping[UUID, Tip]) -> tuple[str, str, str, list[str]]:
    """One row of the table that says what the chart says."""
    one, other = shown.get(edge.one), shown.get(edge.other)
    names = [tip.reference if tip is not None else _(ELSEWHERE) for tip in (one, other)]
    state = MERGED if edge.merged else CONFIRMED if edge.confirmed else SUGGESTED
    if state == SUGGESTED and any(tip is not None and tip.flood for tip in (one, other)):
        state = HELD
    # A reason would tell what a tip of another line says.
    said = [reason_words(row, one) for row in edge.reasons] if one and other else []
    return names[0], names[1], _(state), said


def _pins(members: list[Tip]) -> list[tuple[str, float, float]]:
    return [
        (tip.reference, place.lat, place.lon)
        for tip in members
        for place in tip.locations.all()
        if place.lat is not None and place.lon is not None
    ]
