"""The form on one page. Every answer to a POST carries all that was typed; nothing is kept aside.

GET shows the empty form. POST does what its button says: add or remove a row, show the check page,
go back to change, or send.
"""

import logging
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language

from tipintake.door import origin, tokens, trust
from tipintake.door.pictures import PicturesRefused
from tipintake.pipeline.submit import Receipt, Refused, preview, submit_tip
from tipintake.tips.draft import NEEDS_A_WHAT, Problem, TipDraft
from tipintake.tips.vocabulary import CameBy
from tipintake.web.report import photos, summary
from tipintake.web.report.check import carried_decisions, decisions_in
from tipintake.web.report.signs import SIGNS
from tipintake.web.report.typed import KINDS, Typed, rearranged
from tipintake.web.site.answer import READS_AND_TAKES, answers, page
from tipintake.web.site.numbers import HOTLINE, answering
from tipintake.web.site.views import Service, services

log = logging.getLogger(__name__)

DO = "do"
TOKEN = "token"  # noqa: S105 the name of a field


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
    return _send_or_check(request, now=now, sends=act == "send")


def _send_or_check(request: HttpRequest, *, now: datetime, sends: bool) -> HttpResponse:
    typed = Typed(request.POST)
    answer = _sent if sends else _check
    try:
        is_readable = typed.is_valid()
        draft = typed.draft(language=get_language() or "en")
        if is_readable:
            return answer(request, typed, draft, now=now)
        problems = draft.check(now=now)
    except Refused as refusal:
        problems = refusal.problems
    except Exception:
        # A fault of ours must never cost a person their words.
        log.exception("report.not_shown the page carries it on")
        return _not_kept(request, typed, now=now)
    typed.blame(problems)
    return _form(request, typed, now=now)


def _check(
    request: HttpRequest,
    typed: Typed,
    draft: TipDraft,
    *,
    now: datetime,
    notice: str | Promise = "",
    picture_faults: Sequence[str] = (),
) -> HttpResponse:
    decisions = decisions_in(request.POST)
    shown = preview(draft, now=now, decisions=decisions)
    problems = [one for one in shown.problems if not _a_picture_may_mend(one, typed, draft)]
    if problems:
        raise Refused(problems)
    context = {
        **_carried(request, typed, now=now),
        **summary.of(typed, draft, shown, decisions),
        "notice": notice,
        "is_victim": draft.reporter_is_victim,
        "consents": bool(draft.police_consent),
        "child_image": _where_to_report_images(draft),
        **photos.of_the_page(request, draft, picture_faults),
    }
    status = 409 if notice else 422 if picture_faults else 200
    return page(request, "report/check.html", context, status=status)


def _a_picture_may_mend(problem: Problem, typed: Typed, draft: TipDraft) -> bool:
    """Nothing was seen yet but what a picture will show, which is chosen on the next page."""
    return problem.code == NEEDS_A_WHAT and typed.announces_pictures and draft.takes_pictures


def _sent(request: HttpRequest, typed: Typed, draft: TipDraft, *, now: datetime) -> HttpResponse:
    if origin.is_foreign(request):
        return _check(request, typed, draft, now=now, notice=origin.REFUSED)
    token = request.POST.get(TOKEN, "")
    try:
        age = tokens.check(token, now=now)
        draft = photos.with_pictures(draft, request)
        receipt = submit_tip(
            draft,
            came_by=CameBy.WEB,
            now=now,
            decisions=decisions_in(request.POST),
            low_trust=bool(_doubts(request, age)),
            also=lambda _receipt: _spend(token, now=now),
        )
    except tokens.TokenRefused as refusal:
        if refusal.sentence is tokens.SPENT:
            return _sent_already(request, typed, now=now)
        return _check(request, typed, draft, now=now, notice=refusal.sentence)
    except PicturesRefused as files:
        faults = list(photos.sentences(files.problems))
        return _check(request, typed, draft, now=now, picture_faults=faults)
    return _receipt(request, draft, receipt)


def _spend(token: str, *, now: datetime) -> None:
    tokens.spend(token, now=now)


def _doubts(request: HttpRequest, age: timedelta) -> tuple[trust.Reason, ...]:
    return trust.reasons(
        busy=trust.how_busy(request),
        form_age=age,
        honeypot=request.POST.get(trust.HONEYPOT_FIELD, ""),
    )


def _receipt(request: HttpRequest, draft: TipDraft, receipt: Receipt) -> HttpResponse:
    context = {
        "code": receipt.code.pretty,
        "placed": summary.placed(receipt.placed),
        "banner_911": receipt.banner_911,
        "child_image": _where_to_report_images(draft),
        "is_victim": draft.reporter_is_victim,
        "services": services() if draft.reporter_is_victim else [],
        "hotline": answering(HOTLINE),
        "pictures": photos.told(draft.attachments),
    }
    return page(request, "report/receipt.html", context, status=201)


def _where_to_report_images(draft: TipDraft) -> list[Service]:
    """The checked places that take reports of sexual pictures of children."""
    if draft.takes_pictures:
        return []
    return [service for service in services() if service.referral.kind == "online"]


def _form(request: HttpRequest, typed: Typed, *, now: datetime) -> HttpResponse:
    faults = typed.faults()
    context = {
        "typed": typed,
        "faults": faults,
        "sign_groups": _sign_groups(typed),
        "token": _token(request.POST, now=now),
        "decided": carried_decisions(request.POST),
        "keeps_words": request.method == "POST",
    }
    return page(request, "report/one_page.html", context, status=422 if faults else 200)


def _not_kept(request: HttpRequest, typed: Typed, *, now: datetime) -> HttpResponse:
    """A page that needs neither the scrubber nor the database, and loses nothing."""
    return page(request, "report/not_kept.html", _carried(request, typed, now=now), status=503)


def _sent_already(request: HttpRequest, typed: Typed, *, now: datetime) -> HttpResponse:
    """After a reload, or when an answer was lost on its way: the code cannot be shown again."""
    context = {**_carried(request, typed, now=now), "token": tokens.issue(now)}
    return page(request, "report/sent_already.html", context, status=409)


def _carried(request: HttpRequest, typed: Typed, *, now: datetime) -> dict[str, Any]:
    return {
        "carried": typed.carried(),
        "decided": carried_decisions(request.POST),
        "honeypot": request.POST.get(trust.HONEYPOT_FIELD, ""),
        "token": _token(request.POST, now=now),
    }


def _token(data: QueryDict, *, now: datetime) -> str:
    """The token that the page had, while it is good: its age counts from the first page."""
    token = data.get(TOKEN, "")
    try:
        tokens.check(token, now=now, minimum_age=timedelta(0))
    except tokens.TokenRefused:
        return tokens.issue(now)
    return token


def _sign_groups(typed: Typed) -> list[Mapping[str, Any]]:
    ticked = set(typed.data.getlist("indicators")) if typed.data is not None else set()
    return [
        {
            "key": key,
            "title": title,
            "signs": [(code, label, code in ticked) for code, label in signs],
            "is_open": at < 2 or any(code in ticked for code, _label in signs),
        }
        for at, (key, title, signs) in enumerate(SIGNS)
    ]
