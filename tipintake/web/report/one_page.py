"""The form on one page. Every answer to a POST carries all that was typed; nothing is kept aside.

GET shows the empty form. POST does what its button says: add or remove a row, show the check page,
go back to change, or send.
"""

import logging
from datetime import datetime

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from tipintake.pipeline.submit import Refused
from tipintake.web.report import sending
from tipintake.web.report.check import carried_decisions
from tipintake.web.report.sending import UNASKED, Report
from tipintake.web.report.signs import groups
from tipintake.web.report.steps import IS_OWN
from tipintake.web.report.typed import KINDS, Typed, rearranged
from tipintake.web.site.answer import READS_AND_TAKES, answers, page

log = logging.getLogger(__name__)

DO = "do"


@answers(*READS_AND_TAKES)
def one_page(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if request.method != "POST":
        return _form(request, Typed(quiet=True), now=now)
    data, act = request.POST, request.POST.get(DO, "check")
    rows = rearranged(data, act, KINDS)
    if rows is not None:
        return _form(request, Typed(rows, quiet=True), now=now)
    if act in {"change", "language"}:
        return _form(request, Typed(data, quiet=True), now=now)
    if data.get(UNASKED) and data.get(IS_OWN):
        return _about_oneself(request, now=now)
    return _send_or_check(request, now=now, sends=act == "send")


def _about_oneself(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """Nothing is sent before the person in the situation was asked about the police."""
    data = request.POST.copy()
    if request.FILES:
        data["pictures_follow"] = "on"  # the check page asks for them again
    return _form(request, Typed(data, quiet=True), now=now)


def _send_or_check(request: HttpRequest, *, now: datetime, sends: bool) -> HttpResponse:
    typed = Typed(request.POST)
    here = reverse("report:one-page")
    report = Report(request, request.POST, typed, here=here, carries=True)
    try:
        if typed.is_valid():
            return (sending.send if sends else sending.check)(report, now=now)
        problems = report.draft().check(now=now)
    except Refused as refusal:
        problems = refusal.problems
    except Exception:
        # A fault of ours must never cost a person their words.
        log.exception("report.not_shown the page carries it on")
        return sending.not_kept(report, now=now)
    typed.blame(problems)
    return _form(request, typed, now=now)


def _form(request: HttpRequest, typed: Typed, *, now: datetime) -> HttpResponse:
    faults = typed.faults()
    context = {
        "here": reverse("report:one-page"),
        "typed": typed,
        "faults": faults,
        "sign_groups": groups(typed.signs),
        "token": sending.good_token(request, request.POST, now=now),
        "decided": carried_decisions(request.POST),
        "keeps_words": request.method == "POST",
    }
    return page(request, "report/one_page.html", context, status=422 if faults else 200)
