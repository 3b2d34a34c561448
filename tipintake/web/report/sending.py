"""The page before sending, and the sending itself: the same for both ways of filling in."""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext

from tipintake.door import bare, origin, tokens, trust
from tipintake.door.pictures import PicturesRefused
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.pipeline.submit import KeptBefore, Receipt, Refused, preview, submit_tip
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import Verdict
from tipintake.tips.by_receipt import fresh_under
from tipintake.tips.cleaning import clean, reading_once
from tipintake.tips.draft import NEEDS_A_WHAT, Problem, TipDraft
from tipintake.tips.said import carried_over, keys_in
from tipintake.tips.vocabulary import CameBy
from tipintake.web.report import photos, summary
from tipintake.web.report.check import carried_decisions, decisions_in
from tipintake.web.report.steps import IS_OWN, asked_who, seen
from tipintake.web.report.typed import Fault, Typed
from tipintake.web.site.answer import page
from tipintake.web.site.at_hand import HOTLINE
from tipintake.web.site.numbers import answering
from tipintake.web.site.views import Service, services

log = logging.getLogger(__name__)

TOKEN = "token"  # noqa: S105 the name of a field
PERHAPS = "perhaps"  # a press before may have kept it, and nobody could say
UNASKED = "unasked"  # a page that carries what came from the steps, before all was asked


class SentBefore(Exception):
    """These answers, which stand in no page, were already kept as a tip."""


@dataclass(frozen=True, slots=True, repr=False)
class Report:
    """One person's answers on their way out, and the page that they are sent from."""

    request: HttpRequest
    data: QueryDict  # what was typed and decided
    typed: Typed
    here: str  # where the check page's own buttons post to
    carries: bool  # whether the page holds all that was typed, because nothing else does
    copy: str = ""  # what the page holds instead, for nobody to read

    def draft(self) -> TipDraft:
        """The answers as values, as far as they could be read. Ask `typed.is_valid()` first."""
        return self.typed.draft(language=get_language() or "en")

    def decisions(self, draft: TipDraft) -> dict[str, Verdict]:
        """What was decided, also of words that were changed or moved since."""
        said = decisions_in(self.data)
        return carried_over(said, keys_in(draft, clean(draft).findings)) if said else said

    @property
    def asks_who(self) -> bool:
        """Whether nobody has asked yet if it is about oneself: the short way passes by that
        step."""
        unasked = bool(self.data.get(UNASKED)) if self.carries else not asked_who(self.data)
        return unasked and not self.data.get(IS_OWN)

    def carried(self, *, now: datetime) -> dict[str, Any]:
        return {
            "here": self.here,
            "unasked": self.carries and self.asks_who,
            "by_steps": not self.carries,
            "seen": "" if self.carries else seen(self.data),
            "copy": "" if self.carries else self.copy,
            "carried": self.typed.carried() if self.carries else (),
            "decided": carried_decisions(self.data) if self.carries else (),
            "honeypot": self.data.get(trust.HONEYPOT_FIELD, "") if self.carries else "",
            "token": good_token(self.request, self.data, now=now),
        }


@reading_once()
def check(
    report: Report,
    *,
    now: datetime,
    notice: str | Promise = "",
    picture_faults: Sequence[str] = (),
    refused: Sequence[Problem] = (),
) -> HttpResponse:
    """What an agency would see. Raises Refused with what must be mended first; but where too
    little is left of what was told, each part can be said to be theirs here and nowhere else."""
    typed, draft = report.typed, report.draft()
    decisions = report.decisions(draft)
    shown = preview(draft, now=now, decisions=decisions)
    problems = list(refused) or [
        one for one in shown.problems if not _a_picture_may_mend(one, typed, draft)
    ]
    if any(not _is_of_what_is_left(one, draft) for one in problems):
        raise Refused(problems)
    context = {
        **report.carried(now=now),
        "faults": [Fault("h-words", "", one.message) for one in problems],
        **summary.of(typed, draft, shown, decisions),
        "notice": notice,
        "is_victim": draft.reporter_is_victim,
        "consents": bool(draft.police_consent),
        "asks_who": typed.tip[IS_OWN] if report.asks_who else None,
        "child_image": _where_to_report_images(draft),
        **photos.of_the_page(
            report.request, draft, picture_faults, announced=typed.announces_pictures
        ),
    }
    status = 409 if notice else 422 if picture_faults or problems else 200
    return page(report.request, "report/check.html", context, status=status)


def _is_of_what_is_left(problem: Problem, draft: TipDraft) -> bool:
    """Something was told, and the scrubber left too little of it."""
    return problem.code == NEEDS_A_WHAT and draft.says_what


def _a_picture_may_mend(problem: Problem, typed: Typed, draft: TipDraft) -> bool:
    """Nothing was seen yet but what a picture will show, which is chosen on the next page."""
    return problem.code == NEEDS_A_WHAT and typed.announces_pictures and draft.takes_pictures


@reading_once()
def send(report: Report, *, now: datetime) -> HttpResponse:
    """201 and the receipt, or a page that has everything still.

    Raises Refused, or SentBefore when no page holds the answers.
    """
    request = report.request
    if origin.is_foreign(request):
        return check(report, now=now, notice=origin.REFUSED)
    token = report.data.get(TOKEN, "")
    code = None
    try:
        age = tokens.check(token, now=now)
        code = _code(report, token)
        draft = photos.with_pictures(report.draft(), request)
        beside = _beside_the_code(draft)
        receipt = submit_tip(
            draft,
            came_by=CameBy.WEB,
            now=now,
            decisions=report.decisions(draft),
            low_trust=bool(_doubts(report, age)),
            first=lambda: _spend(token, now=now),
            code=code,
        )
    except tokens.TokenRefused as refusal:
        if refusal.sentence is tokens.SPENT:
            return _sent_before(report, code, now=now)
        return check(report, now=now, notice=refusal.sentence)
    except KeptBefore:
        return _sent_before(report, code, now=now)
    except PerhapsKept:
        log.exception("report.perhaps_kept the page asks to send it again")
        return not_kept(report, now=now, perhaps=True)
    except PicturesRefused as files:
        faults = list(photos.sentences(files.problems))
        return check(report, now=now, picture_faults=faults)
    except Refused as refusal:
        return check(report, now=now, refused=refusal.problems)
    return _receipt(request, draft, receipt, beside)


def _code(report: Report, token: str) -> ReceiptCode | None:
    """The receipt that belongs to the page, its answers and files; None for a new one."""
    if not report.carries:
        return None
    return tokens.receipt_of(token, report.data, photos.digests(report.request))


def _sent_before(report: Report, code: ReceiptCode | None, *, now: datetime) -> HttpResponse:
    if code is None:
        raise SentBefore
    shown = _shown_again(report, code, now=now)
    return shown or sent_already(report.request, report.carried(now=now), now=now)


def _shown_again(report: Report, code: ReceiptCode, *, now: datetime) -> HttpResponse | None:
    """The receipt of what this very page was sent as: pressed twice, or the answer was lost on its
    way. None when that was long ago, when it was purged, or when it said something else."""
    try:
        tip = fresh_under(code, now=now)
        if tip is None:
            return None
        draft = report.draft()
        shown = preview(draft, now=now, decisions=report.decisions(draft))
        banner = shown.decided is not None and shown.decided.banner_911
        before = Receipt(code, tip.reference, shown.placed, banner_911=banner)
        return _receipt(report.request, draft, before, _beside_the_code(draft), again=True)
    except Exception:
        log.exception("report.code_not_shown the tip is kept")
        return None


def _spend(token: str, *, now: datetime) -> None:
    tokens.spend(token, now=now)


def _doubts(report: Report, age: timedelta) -> tuple[trust.Reason, ...]:
    return trust.reasons(
        busy=trust.how_busy(report.request),
        form_age=age,
        honeypot=report.data.get(trust.HONEYPOT_FIELD, ""),
    )


def _beside_the_code(draft: TipDraft) -> dict[str, Any]:
    """Whom the receipt names. Read before the tip is kept: then the database may go away."""
    return {
        "child_image": _where_to_report_images(draft),
        "services": services() if draft.reporter_is_victim else [],
        "hotline": answering(HOTLINE),
    }


def _receipt(
    request: HttpRequest,
    draft: TipDraft,
    receipt: Receipt,
    beside: dict[str, Any],
    *,
    again: bool = False,
) -> HttpResponse:
    """The tip is kept: whatever fails from here on, its code is shown."""
    try:
        context = {
            **beside,
            "again": again,
            "code": receipt.code.pretty,
            "placed": summary.placed(receipt.placed, is_victim=draft.reporter_is_victim),
            "banner_911": receipt.banner_911,
            "is_victim": draft.reporter_is_victim,
            "pictures": photos.told(draft.attachments),
        }
        return page(request, "report/receipt.html", context, status=200 if again else 201)
    except Exception:
        log.exception("report.receipt_bare the tip is kept")
        return bare.receipt(
            receipt.code,
            title=gettext("Sent. Thank you."),
            label=gettext("Your code"),
            sentences=[
                gettext("It is shown only now."),
                gettext(
                    "Write it down where only you find it. We keep no copy, so later we cannot "
                    "show it again."
                ),
            ],
        )


def _where_to_report_images(draft: TipDraft) -> list[Service]:
    """The checked places that take reports of sexual pictures of children."""
    if draft.takes_pictures:
        return []
    return [service for service in services() if service.referral.kind == "online"]


def sent_already(request: HttpRequest, carried: dict[str, Any], *, now: datetime) -> HttpResponse:
    """Sent before, and the code cannot be shown again."""
    context = {**carried, "token": tokens.issue(now), "files": photos.forgotten(request)}
    return page(request, "report/sent_already.html", context, status=409)


def not_kept(report: Report, *, now: datetime, perhaps: bool = False) -> HttpResponse:
    """A page that needs neither the scrubber nor the database, and loses nothing."""
    carried = replace(report, carries=True).carried(now=now)
    perhaps = perhaps or bool(report.data.get(PERHAPS))
    context = {**carried, "unasked": report.asks_who, "perhaps": perhaps}
    if perhaps:  # it is sent from this page, and the pictures with it
        context |= photos.of_the_page(
            report.request, photos.so_far(report.data), (), announced=False
        )
    return page(report.request, "report/not_kept.html", context, status=503)


def good_token(request: HttpRequest, data: QueryDict, *, now: datetime) -> str:
    """The token that the answers came with, while it is good: its age counts from the first
    page. One that another site's page sent is not taken over: whoever chose it knows it."""
    if request.method == "POST" and origin.is_foreign(request):
        return tokens.issue(now)
    token = data.get(TOKEN, "")
    try:
        tokens.check(token, now=now, minimum_age=timedelta(0))
    except tokens.TokenRefused:
        return tokens.issue(now)
    return token
