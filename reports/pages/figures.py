"""The figures of the whole house by month, for supervisors and the board: page, CSV and PDF."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from reports.packet.months import months as sheets
from reports.packet.press import printed
from reports.statistics.bars import Bar, drawn
from reports.statistics.report import MonthReport, csv_lines, newest, report
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, render, staff_only

SPANS = (6, 12, 24)


@require_safe
@staff_only(May.READ_FIGURES)
def figures(request: HttpRequest, desk: Desk) -> HttpResponse:
    months = _asked(request)
    shown = report(newest(months))
    audit.record("figures.read", actor=desk.user.username, now=desk.now, months=len(shown.months))
    context = {
        "report": shown,
        "columns": [
            (name, "" if closed else _("still counted"))
            for name, closed in zip(shown.names, shown.closed, strict=True)
        ],
        "drawing": _drawing(shown) if shown.months else "",
        "counted": moment(max(shown.counted_at), desk.now) if shown.months else "",
        "spans": SPANS,
        "months": months,
        "may_publish": desk.may(May.PUBLISH_NUMBERS),
    }
    return render(request, desk, "reports/figures.html", context)


@require_safe
@staff_only(May.READ_FIGURES)
def figures_csv(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = newest(_asked(request))
    audit.record("figures.exported", actor=desk.user.username, now=desk.now, months=len(rows))
    with translation.override("en"):  # what leaves the desk reads the same for everybody
        content = "".join(f"{line}\r\n" for line in csv_lines(rows))
    answer = HttpResponse(content, content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = 'attachment; filename="figures-by-month.csv"'
    return answer


@require_safe
@staff_only(May.READ_FIGURES)
def figures_pdf(request: HttpRequest, desk: Desk) -> HttpResponse:
    rows = newest(_asked(request))
    audit.record("figures.exported", actor=desk.user.username, now=desk.now, months=len(rows))
    with translation.override("en"):
        job = sheets(report(rows), installation=settings.DESK_URL, made_at=desk.now)
    (made,) = printed([job])
    answer = HttpResponse(made.pdf, content_type="application/pdf")
    answer["Content-Disposition"] = 'attachment; filename="figures-by-month.pdf"'
    return answer


def _asked(request: HttpRequest) -> int:
    asked = request.GET.get("months", "")
    return next((one for one in SPANS if str(one) == asked), SPANS[0])


def _drawing(shown: MonthReport) -> str:
    bars = [
        Bar(date_format(month, "M"), str(month.year), count, f"{count:,}")
        for month, count in zip(shown.months, shown.came, strict=True)
    ]
    return drawn("months", bars[::-1], title=_("Tips that came, by month"))
