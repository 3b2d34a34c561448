"""How the work stands: for supervisors, of the lines that they see."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk import figures
from tipintake.web.desk.page import Desk, render, staff_only

SPANS = (7, 30, 90)
USUAL = 30


@require_safe
@staff_only(May.SUPERVISE)
def supervision(request: HttpRequest, desk: Desk) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in SPANS} else USUAL
    since = desk.now - timedelta(days=days)
    views, more_came = figures.first_views(desk, since)
    came = figures.came_since(desk, since)
    context = {
        "days": days,
        "spans": SPANS,
        "bands": [gettext(label) for label, _until in figures.BANDS],
        "ages": figures.ageing(desk),
        "lines": figures.by_line(desk, came),
        "deadlines": figures.by_priority(came),
        "reasons": figures.why_passed_on(desk, since),
        "rules": figures.rule_hits(desk, since),
        "views": views,
        "more_came": more_came,
        "most_viewed": figures.MOST_VIEWED,
        "people": figures.people(desk),
        "idle": figures.reads_without_an_act(desk),
        "going": figures.retention_due(desk),
        "house": figures.house(desk),
        "share_from": figures.SHARE_FROM,
    }
    audit.record("supervision.read", actor=desk.user.username, now=desk.now, days=days)
    return render(request, desk, "desk/supervision.html", context)
