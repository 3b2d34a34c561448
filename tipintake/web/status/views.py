"""Coming back with the code: it travels in the body of a POST, never in an address.

The code is asked for once. What follows carries a ticket (door/tickets.py) and, as the form does,
everything that was typed; nothing is kept aside.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from tipintake.door import origin, pictures, tickets, tokens
from tipintake.door.pictures import PicturesRefused
from tipintake.door.status import StatusLine, StatusPage, status_of
from tipintake.pipeline.follow_up import (
    NOTHING_LEFT,
    SAYS_NOTHING,
    More,
    UnknownReceipt,
    draft_of,
    preview_more,
    send_more,
)
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.pipeline.submit import Refused
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import Verdict
from tipintake.tips.cleaning import reading_once
from tipintake.tips.draft import Problem, TipDraft
from tipintake.tips.said import carried_over, keys_in
from tipintake.web.report import photos, summary
from tipintake.web.report.check import carried_decisions, decisions_in
from tipintake.web.report.own_words import ask_where_they_are
from tipintake.web.report.typed import Fault, rearranged
from tipintake.web.site.answer import READS_AND_TAKES, answers, page
from tipintake.web.site.numbers import Way, ways
from tipintake.web.status.telling import KINDS, Telling

log = logging.getLogger(__name__)

DO = "do"
TICKET = "ticket"
TOKEN = "token"  # noqa: S105 the name of a field
BROKE = 503
MINIMUM_AGE = timedelta(0)  # whoever has a receipt is no stranger

EMPTY = _("Your code is missing")
EMPTY_ADVICE = _("Type it as you saved it, and press Show.")
TYPO = _("There is a typing mistake in this code")
TYPO_ADVICE = _("Compare each letter and number with what you saved, and try again.")
UNKNOWN = _("We have nothing under this code")
UNKNOWN_ADVICE = _(
    "The code is well written, but nothing is kept under it. Tips are destroyed after a time, "
    "and then nothing is left of them here. You can check the code, or send a new tip."
)
FOREIGN = _("This came from another website's page")
FOREIGN_ADVICE = _("Your code was not used. If you want to see your tip, press Show here.")
AGAIN = _("Please type your code once more")
AGAIN_ADVICE = _("This page was open for a long time. Your words are still here.")
SENT = _("Sent. Whoever opens your tip sees that there is more.")
SENT_BEFORE = _("This was already sent once. There is nothing to do.")
SENT_PICTURES = _(
    "The pictures that are new are sent now. What you sent from this page before is kept already."
)
PERHAPS = _(
    "Something broke on our side while this was sent. It may be kept already or not, and your "
    "words are still here. Send them again in a minute: reading them twice does no harm."
)
BROKEN = _(
    "Something broke on our side and nothing was kept. Your words are still here: wait a minute "
    "and try again. If it cannot wait, call 911 or the police of the place."
)


@dataclass(frozen=True, slots=True)
class ShownLine:
    status: StatusLine
    ways: list[Way]


@answers(*READS_AND_TAKES)
def come_back(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _ask_again(request, "")
    now = timezone.now()
    typed = request.POST.get("code", "")
    if origin.is_foreign(request):
        return _ask_again(request, typed, FOREIGN, FOREIGN_ADVICE, status=403)
    try:
        code = _code(request, typed, now=now)
    except receipts.ReceiptTypo:
        if not typed.strip():
            return _ask_again(request, "", EMPTY, EMPTY_ADVICE, status=422)
        return _ask_again(request, typed, TYPO, TYPO_ADVICE, status=422)
    except tickets.TicketRefused:
        return _ask_again(request, "", AGAIN, AGAIN_ADVICE, status=422)
    act = request.POST.get(DO, "show")
    adds = act in {"check", "send"}
    try:
        found = status_of(code, shows=not adds)
    except Exception:
        # A fault of ours must never cost a person their words.
        log.exception("follow_up.not_found_out the page carries the words on")
        return _ask_again(request, typed, AGAIN, BROKEN, status=BROKE)
    if found is None:
        return _ask_again(request, typed, UNKNOWN, UNKNOWN_ADVICE, status=404)
    if not adds:
        typed_now = rearranged(request.POST, act, KINDS) or request.POST
        return _shown(request, code, found, Telling(typed_now, quiet=True), now=now)
    try:
        return _acted(request, code, found, sends=act == "send", now=now)
    except UnknownReceipt:
        return _ask_again(request, "", UNKNOWN, UNKNOWN_ADVICE, status=404)


def _code(request: HttpRequest, typed: str, *, now: datetime) -> ReceiptCode:
    ticket = request.POST.get(TICKET, "")
    return tickets.read(ticket, now=now) if ticket and not typed else receipts.parse(typed)


@reading_once()
def _acted(
    request: HttpRequest, code: ReceiptCode, found: StatusPage, *, sends: bool, now: datetime
) -> HttpResponse:
    telling = Telling(request.POST)
    notice: str | Promise = ""
    status = 422
    try:
        if telling.is_valid():
            if not sends:
                return _check(request, code, telling, now=now)
            return _send(request, code, found, telling, now=now)
    except Refused as refusal:
        telling.blame(refusal.problems)
    except UnknownReceipt:
        raise
    except PerhapsKept:
        log.exception("follow_up.perhaps_kept the page carries the words on")
        notice, status = PERHAPS, BROKE
    except Exception:
        # A fault of ours must never cost a person their words.
        log.exception("follow_up.failed the page carries the words on")
        notice, status = BROKEN, BROKE
    now_found = _after(code, found)
    return _shown(request, code, now_found, telling, now=now, notice=notice, status=status)


def _check(
    request: HttpRequest,
    code: ReceiptCode,
    telling: Telling,
    *,
    now: datetime,
    picture_faults: Sequence[str] = (),
    refused: Sequence[Problem] = (),
) -> HttpResponse:
    """What an agency would see of it, before anything is kept. Where nothing would be left, each
    part can still be said to be theirs here and nowhere else."""
    more = telling.more(language=get_language() or "en")
    decisions = _decisions(request, code, more, now=now)
    seen = preview_more(code, more, now=now, decisions=decisions)
    problems = list(refused) or [
        one for one in seen.problems if not _a_picture_may_mend(one, telling, seen.draft)
    ]
    if any(one.code != NOTHING_LEFT for one in problems):
        raise Refused(problems)
    context = {
        "faults": [Fault("h-words", "", one.message) for one in problems],
        "ticket": tickets.issue(code, now=now),
        "token": tokens.issue(now),
        "carried": telling.carried(),
        "parts": list(telling.parts(seen.cleaned.draft)),
        **summary.findings(telling, seen.draft, seen.cleaned, decisions),
        **photos.of_the_page(
            request, seen.draft, picture_faults, announced=telling.announces_pictures
        ),
    }
    status = 422 if picture_faults or problems else 200
    return page(request, "status/check.html", context, status=status)


def _decisions(
    request: HttpRequest, code: ReceiptCode, more: More, *, now: datetime
) -> dict[str, Verdict]:
    """What was decided, also of words that were changed or moved since."""
    said = decisions_in(request.POST)
    if not said:
        return said
    seen = preview_more(code, more, now=now)
    return carried_over(said, keys_in(seen.draft, seen.cleaned.findings))


def _a_picture_may_mend(problem: Problem, telling: Telling, draft: TipDraft) -> bool:
    """What a picture will show, which is chosen on the next page, may be all there is to add."""
    bare = problem.code in {SAYS_NOTHING, NOTHING_LEFT}
    return bare and telling.announces_pictures and draft.takes_pictures


def _with_pictures(request: HttpRequest, code: ReceiptCode, more: More) -> More:
    """Raises `PicturesRefused`; none is opened before the tip is asked whether it takes any."""
    uploads = photos.chosen(request)
    if not uploads:
        return more
    draft = draft_of(code, more, files=len(uploads))
    return replace(more, attachments=pictures.cleaned(draft, uploads))


def _send(
    request: HttpRequest,
    code: ReceiptCode,
    before: StatusPage,
    telling: Telling,
    *,
    now: datetime,
) -> HttpResponse:
    status = 201
    notice: str | Promise
    try:
        more, notice = _kept(request, code, telling, now=now)
    except tokens.TokenRefused as refusal:
        if refusal.sentence is not tokens.SPENT:
            return _check(request, code, telling, now=now)
        notice, status, more = SENT_BEFORE, 409, More()
    except Refused as refusal:
        return _check(request, code, telling, now=now, refused=refusal.problems)
    except PicturesRefused as files:
        faults = list(photos.sentences(files.problems))
        return _check(request, code, telling, now=now, picture_faults=faults)
    return _shown(
        request,
        code,
        _after(code, before),
        Telling(quiet=True),
        now=now,
        notice=notice,
        status=status,
        kept=photos.told(more.attachments),
    )


def _kept(
    request: HttpRequest, code: ReceiptCode, telling: Telling, *, now: datetime
) -> tuple[More, str | Promise]:
    """What was kept of it: all, or the pictures that are new on a page that was sent before."""
    token = request.POST.get(TOKEN, "")
    tokens.check(token, now=now, minimum_age=MINIMUM_AGE)
    files = photos.digests(request)
    more = _with_pictures(request, code, telling.more(language=get_language() or "en"))
    try:
        send_more(
            code,
            more,
            now=now,
            decisions=_decisions(request, code, more, now=now),
            also=lambda: _spend(token, files, now=now),
        )
    except tokens.TokenRefused as refusal:
        new = [one for one in files if not tokens.was_kept_with(token, one)]
        if refusal.sentence is not tokens.SPENT or not new:
            raise
        pairs = zip(more.attachments, files, strict=True)
        added = tuple(picture for picture, digest in pairs if digest in new)
        more = More(attachments=added, language=more.language)
        send_more(code, more, now=now, also=lambda: tokens.spend_with(token, new, now=now))
        return more, SENT_PICTURES
    return more, SENT


def _after(code: ReceiptCode, before: StatusPage) -> StatusPage:
    """How the tip stands now, about to be shown; as before where that cannot be asked."""
    try:
        found = status_of(code)
    except Exception:
        log.exception("follow_up.shown_as_before")
        return before
    if found is None:
        raise UnknownReceipt
    return found


def _spend(token: str, files: Sequence[bytes], *, now: datetime) -> None:
    tokens.spend(token, now=now, minimum_age=MINIMUM_AGE)
    tokens.spend_with(token, files, now=now)


def _shown(
    request: HttpRequest,
    code: ReceiptCode,
    found: StatusPage,
    telling: Telling,
    *,
    now: datetime,
    notice: str | Promise = "",
    status: int = 200,
    kept: Sequence[photos.Told] = (),
) -> HttpResponse:
    if found.is_own:
        ask_where_they_are(telling)
    context = {
        "status": found,
        "pictures": kept,
        "lines": [ShownLine(line, ways(line.number)) for line in found.lines],
        "telling": telling,
        "faults": telling.faults(),
        "decided": carried_decisions(request.POST),
        "notice": notice,
        "ticket": tickets.issue(code, now=now),
        "is_ours": status == BROKE,
    }
    return page(request, "status/shown.html", context, status=status)


def _ask_again(
    request: HttpRequest,
    typed: str,
    problem: str | Promise = "",
    advice: str | Promise = "",
    *,
    status: int = 200,
) -> HttpResponse:
    context = {
        "typed": typed[:100],
        "problem": problem,
        "advice": advice,
        "carried": Telling(request.POST, quiet=True).carried(),
        "decided": carried_decisions(request.POST),
        "is_ours": status == BROKE,
    }
    return page(request, "status/code.html", context, status=status)
