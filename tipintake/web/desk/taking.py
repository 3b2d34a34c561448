"""A tip that somebody tells staff, by telephone or at the door: typed in for them here.

It goes the way of every tip: checked, stripped of who told it, sealed, placed. Staff see what was
taken out before it is kept, and read the code of the receipt to the person.
"""

import logging
from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_http_methods

from tipintake.door import bare, tokens
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.pipeline.submit import KeptBefore, Receipt, Refused, preview, submit_tip
from tipintake.privacy import coarsen
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.tips.by_receipt import fresh_under
from tipintake.tips.draft import TipDraft
from tipintake.tips.vocabulary import CameBy
from tipintake.web.desk.page import Desk, render, staff_only
from tipintake.web.desk.spoken import LETTERS
from tipintake.web.report import summary
from tipintake.web.report.check import carried_decisions, decisions_in
from tipintake.web.report.signs import groups
from tipintake.web.report.typed import KINDS, Typed, rearranged

log = logging.getLogger(__name__)

DO, TOKEN, LANGUAGE = "do", "token", "language"
KEPT_ALREADY = gettext_noop(
    "A tip was kept from this page already: its code was shown once and cannot be shown again. "
    "Look in the queues. If this is another tip, or says more, press “Keep it” again."
)
PRESSED_TWICE = gettext_noop(
    "This tip was kept already, as {reference}. Their code: read it out now: {code}."
)
TOO_FAST = gettext_noop(
    "That was very fast. What you typed is still here: wait a moment and press “Keep it”."
)
ANEW = gettext_noop(
    "This page was open for more than a day, or its own mark is damaged. What you typed is still "
    "here: press “Keep it” again."
)
PERHAPS = gettext_noop(
    "The database went away while it kept this tip. Leave this page open, wait a minute, and load "
    "it again; if your browser asks whether to send once more, say yes. It is not kept twice, and "
    "you see their code."
)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(May.READ_TIPS, May.TAKE_TIPS)
def take(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The form; what would be kept; and the receipt."""
    if request.method != "POST":
        return _form(request, desk, Typed(quiet=True))
    act = request.POST.get(DO, "check")
    rows = rearranged(request.POST, act, KINDS)
    if rows is not None:
        return _form(request, desk, Typed(rows, quiet=True))
    if act == "change":
        return _form(request, desk, Typed(request.POST, quiet=True))
    typed = Typed(request.POST)
    is_readable = typed.is_valid()
    draft = typed.draft(language=_language(request))
    if not is_readable:
        typed.blame(draft.check(now=desk.now))
        return _form(request, desk, typed)
    answer = _kept if act == "send" else _check
    try:
        return answer(request, desk, typed, draft)
    except Refused as refusal:
        typed.blame(refusal.problems)
        return _form(request, desk, typed)


def _check(
    request: HttpRequest,
    desk: Desk,
    typed: Typed,
    draft: TipDraft,
    *,
    notice: str = "",
    kept: bool = False,
) -> HttpResponse:
    decisions = decisions_in(request.POST)
    shown = preview(draft, now=desk.now, decisions=decisions)
    if shown.problems:
        raise Refused(shown.problems)
    context = {
        **summary.of(typed, draft, shown, decisions),
        "carried": [*typed.carried(), (LANGUAGE, draft.language)],
        "decided": carried_decisions(request.POST),
        "token": _token(request, desk),
        "notice": notice,
        "kept": kept,
    }
    return render(request, desk, "desk/take_check.html", context, status=409 if notice else 200)


def _kept(request: HttpRequest, desk: Desk, typed: Typed, draft: TipDraft) -> HttpResponse:
    token = request.POST.get(TOKEN, "")

    def with_it(receipt: Receipt) -> None:
        # No finer than the hour: a telephone company's log beside it would name the caller.
        audit.record(
            "tip.taken",
            actor=desk.user.username,
            now=coarsen.hour(desk.now),
            subject=receipt.reference,
        )

    try:
        tokens.check(token, now=desk.now)
        receipt = submit_tip(
            draft,
            came_by=CameBy.STAFF,
            now=desk.now,
            decisions=decisions_in(request.POST),
            first=lambda: _spend(token, desk),
            code=tokens.receipt_of(token, request.POST),
            also=with_it,
        )
    except KeptBefore:
        said = _kept_before(request, desk)
        return _check(request, desk, typed, draft, notice=said, kept=True)
    except tokens.TokenRefused as refusal:
        is_spent = refusal.sentence is tokens.SPENT
        is_early = refusal.sentence is tokens.TOO_FAST
        said = _kept_before(request, desk) if is_spent else _(TOO_FAST if is_early else ANEW)
        return _check(request, desk, typed, draft, notice=said, kept=is_spent)
    except PerhapsKept:
        log.exception("take.perhaps_kept the same page sent again is one tip")
        request.session.modified = False  # it cannot be saved either
        return bare.perhaps_kept(
            title=_("Whether the tip is kept cannot be said yet"), sentences=[_(PERHAPS)]
        )
    try:
        return _receipt(request, desk, receipt)
    except Exception:
        log.exception("take.receipt_bare the tip is kept")
        request.session.modified = False  # it could not be saved either
        return bare.receipt(
            receipt.code,
            title=_("The tip is kept"),
            label=_("Their code: read it out now"),
            sentences=[receipt.reference],
        )


def _spend(token: str, desk: Desk) -> None:
    tokens.spend(token, now=desk.now)


def _kept_before(request: HttpRequest, desk: Desk) -> str:
    """Pressed twice: the code of what the first press kept, as it is not read out yet."""
    code = tokens.receipt_of(request.POST.get(TOKEN, ""), request.POST)
    tip = fresh_under(code, now=desk.now)
    if tip is None:
        return _(KEPT_ALREADY)
    return _(PRESSED_TWICE).format(reference=tip.reference, code=code.pretty)


def _receipt(request: HttpRequest, desk: Desk, receipt: Receipt) -> HttpResponse:
    context = {
        "code": receipt.code.pretty,
        "spelled": [
            " ".join(LETTERS.get(char, char) for char in part)
            for part in receipt.code.pretty.split("-")
        ],
        "reference": receipt.reference,
        "placed": summary.placed(receipt.placed),
        "banner_911": receipt.banner_911,
    }
    return render(request, desk, "desk/take_kept.html", context, status=201)


def _form(request: HttpRequest, desk: Desk, typed: Typed) -> HttpResponse:
    faults = typed.faults()
    context: Mapping[str, Any] = {
        "typed": typed,
        "faults": faults,
        "sign_groups": groups(typed.signs, first=()),
        "languages": [
            (code, name, code == _language(request)) for code, name in settings.LANGUAGES
        ],
        "decided": carried_decisions(request.POST),
        "token": _token(request, desk),
    }
    return render(request, desk, "desk/take.html", context, status=422 if faults else 200)


def _language(request: HttpRequest) -> str:
    """The language in which the person will read questions under their code."""
    chosen = request.POST.get(LANGUAGE, "")
    return chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGES[0][0]


def _token(request: HttpRequest, desk: Desk) -> str:
    token = request.POST.get(TOKEN, "")
    try:
        tokens.check(token, now=desk.now)
    except tokens.TokenRefused:
        return tokens.issue(desk.now)
    return tokens.issue(desk.now) if tokens.is_spent(token) else token
