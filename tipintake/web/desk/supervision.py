"""How the work stands: for supervisors, of the lines that they see."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk.oversight import counting, first_views, going, house, lines, people, period
from tipintake.web.desk.page import Desk, render, staff_only

SPANS = (7, 30, 90)
USUAL = 30


@require_safe
@staff_only(May.SUPERVISE)
def supervision(request: HttpRequest, desk: Desk) -> HttpResponse:
    asked = request.GET.get("days", "")
    days = int(asked) if asked in {str(one) for one in SPANS} else USUAL
    since = desk.now - timedelta(days=days)
    views, more_came = first_views.first_views(desk, since)
    came = period.came_since(desk, since)
    context = {
        "days": days,
        "spans": SPANS,
        "bands": [gettext(label) for label, _until in lines.BANDS],
        "ages": lines.ageing(desk),
        "lines": lines.by_line(desk, came),
        "deadlines": period.by_priority(came),
        "reasons": period.why_passed_on(desk, since),
        "rules": period.rule_hits(desk, since),
        "views": views,
        "more_came": more_came,
        "most_viewed": first_views.MOST_VIEWED,
        "people": people.people(desk),
        "idle": people.reads_without_an_act(desk),
        "going": going.retention_due(desk),
        "house": house.house(desk),
        "share_from": counting.SHARE_FROM,
    }
    audit.record("supervision.read", actor=desk.user.username, now=desk.now, days=days)
    return render(request, desk, "desk/supervision.html", context)
