"""Publish the quarter's numbers for everybody: what it would show, and the act."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from reports.models import PublishedQuarter
from reports.statistics.counting import ELSEWHERE
from reports.statistics.publishing import CannotPublish, Figures, due, propose, publish
from reports.statistics.quarters import Quarter
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk.page import Desk, not_here, render, staff_only


@require_safe
@staff_only(May.PUBLISH_NUMBERS)
def numbers(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What is due, as it would be shown, beside what is hidden from everybody."""
    waiting = due(now=desk.now)
    proposal = propose(waiting[0], now=desk.now) if waiting else None
    audit.record("numbers.previewed", actor=desk.user.username, now=desk.now, due=len(waiting))
    context = {
        "proposal": proposal,
        "rows": _rows(proposal.figures, proposal.year_figures) if proposal else [],
        "later": [one.code for one in waiting[1:]],
        "published": list(PublishedQuarter.objects.order_by("-quarter")[:12]),
        "may_read_figures": desk.may(May.READ_FIGURES),
    }
    return render(request, desk, "reports/numbers.html", context)


@require_POST
@staff_only(May.PUBLISH_NUMBERS)
def publish_quarter(request: HttpRequest, desk: Desk, code: str) -> HttpResponse:
    quarter = Quarter.read(code)
    if quarter is None:
        return not_here(request, desk)
    try:
        publish(quarter, by=desk.user.username, now=desk.now)
    except CannotPublish as problem:
        messages.error(request, str(problem))
    else:
        messages.success(
            request,
            _("{quarter} is public now, and stays as it is.").format(quarter=quarter.code),
        )
    return HttpResponseRedirect(reverse("reports:numbers"))


def _rows(figures: Figures, year: Figures | None) -> list[tuple[str, list[object]]]:
    columns = [figures] if year is None else [figures, year]
    tables = [{code: told for code, _name, told in one["rows"]} for one in columns]
    names = {code: name for one in columns for code, name, _told in one["rows"]}
    rows: list[tuple[str, list[object]]] = [
        (
            _("Place not known, or elsewhere") if code == ELSEWHERE else name,
            [table.get(code) for table in tables],
        )
        for code, name in names.items()
    ]
    return [*rows, (_("Together"), [one["total"] for one in columns])]
