"""The form in short steps. Each POST keeps what was typed, sealed to the visitor's own browser,
and answers with the address of the next page: Back and Reload always work and lose no word.

What is kept between two pages stands in `door.unfinished`: ciphertext that only a cookie of this
browser window opens. No page sets that cookie before the first Continue.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Any, Self

from django.db import Error as DatabaseFault
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.door import failures, origin, tokens, trust, unfinished
from tipintake.door.crowd import FULL
from tipintake.door.headers import allow_scripts
from tipintake.door.unfinished import Secret, TooLong, Unavailable
from tipintake.pipeline.submit import Refused
from tipintake.web.report import sending
from tipintake.web.report.check import DECIDES, decisions_in
from tipintake.web.report.own_words import OWN_TITLES, speak_to_the_person
from tipintake.web.report.photos import takes_pictures
from tipintake.web.report.sending import TOKEN, Report
from tipintake.web.report.signs import groups
from tipintake.web.report.steps import (
    COUNT,
    IS_OWN,
    SEEN,
    STEPS,
    TRIED,
    Step,
    faults_here,
    first_with_a_fault,
    seen,
    step_of,
    with_answers,
    would_lose,
)
from tipintake.web.report.steps import step as step_by_number
from tipintake.web.report.typed import Fault, Typed, rearranged
from tipintake.web.site import ways
from tipintake.web.site.answer import READS, READS_AND_TAKES, answers, page
from tipintake.web.site.context import others

log = logging.getLogger(__name__)

DO = "do"
ON, TO_THE_CHECK = "continue", "check"
CHANGE = "change "
WAY = "way"
COPY = "copy"
REACHED = "reached"  # the check page was reached: Continue leads back to it
FORGOTTEN = "forgotten"  # what came before was gone when this step was continued from
SEE_OTHER = 303
MOST_LOOKS, BETWEEN_LOOKS = 20, 0.1  # seconds, for the answer to another press of Send
# Of a process's few threads one at a time may wait so: else spent tokens could keep all of them.
_waiting = threading.Lock()
CHANGED = _(
    "You changed your answers in another window after this page was opened. Please look at them "
    "once more, and then send."
)
TOO_LONG = _(
    "That is more than these steps can hold. Your words are still here: please make them shorter, "
    "or send them as two tips."
)


@dataclass(frozen=True, slots=True, repr=False)
class Kept:
    """One visitor's answers between two pages, and what opens them."""

    secret: Secret
    data: QueryDict
    up_to: float  # how full what keeps it may be

    @classmethod
    def found(cls, request: HttpRequest) -> Self | None:
        """Raises Unavailable."""
        secret = unfinished.secret_of(request)
        words = unfinished.read(secret) if secret else None
        if secret is None or words is None:
            return None
        return cls(secret, QueryDict(words, mutable=True), _up_to(unfinished.BEGUN, request))

    @classmethod
    def of_page(cls, request: HttpRequest, *, now: datetime) -> Self | None:
        """What the check page itself holds, where the broker lost it: not what was sent since."""
        secret = unfinished.secret_of(request)
        text = request.POST.get(COPY, "")
        words = unfinished.of_copy(secret, text, now=now) if secret and text else None
        if secret is None or words is None:
            return None
        data = QueryDict(words, mutable=True)
        if data.get(TOKEN, "") != _unspent(data.get(TOKEN, ""), now=now):
            return None
        return cls(secret, data, _up_to(unfinished.BEGUN, request))

    @classmethod
    def begun(cls, request: HttpRequest, *, now: datetime) -> Self:
        """A new one, from the first page that was continued from."""
        data = QueryDict(mutable=True)
        data[TOKEN] = _unspent(sending.good_token(request, request.POST, now=now), now=now)
        if trap := request.POST.get(trust.HONEYPOT_FIELD, ""):
            data[trust.HONEYPOT_FIELD] = trap
        if (way := ways.way(request.POST.get(WAY, ""))) is not None:
            data.update(way.answers)
        own = cls(unfinished.new_secret(), data, _up_to(unfinished.NEW, request))
        own.came_by(request.POST)
        return own

    def came_by(self, given: QueryDict) -> None:
        """Also somebody who had begun may go back to the start and come by another way."""
        if (way := ways.way(given.get(WAY, ""))) is not None:
            self.data[WAY] = way.code
        if given.get(IS_OWN) and not self.data.get(IS_OWN):
            self.data[IS_OWN] = "on"  # each later step carries it: it must not be forgotten
            self.data.pop(REACHED, None)  # the last step asks about the police

    def with_(self, data: QueryDict) -> Self:
        return replace(self, data=data)

    def keep(self) -> None:
        """Raises Unavailable and TooLong."""
        unfinished.keep(self.secret, self.data.urlencode(), up_to=self.up_to)


def _unspent(token: str, *, now: datetime) -> str:
    """Another one where a report was sent with it, as from a second window: what is begun after
    that is a report of its own, and must not be taken for that one when it is sent."""
    try:
        return tokens.issue(now) if tokens.is_spent(token) else token
    except DatabaseFault:
        return token  # the steps go on without the database


def _up_to(ordinary: float, request: HttpRequest) -> float:
    return unfinished.FROM_A_CROWD if trust.how_busy(request) >= FULL else ordinary


def _found_or_said(
    view: Callable[[HttpRequest, Step, Kept | None], HttpResponse],
) -> Callable[[HttpRequest, int], HttpResponse]:
    """The step and what was kept; or a page that says what to do."""

    @answers(*READS_AND_TAKES)
    def answer(request: HttpRequest, number: int) -> HttpResponse:
        found = step_by_number(number)
        if found is None:
            return failures.not_found(request)
        try:
            return view(request, found, Kept.found(request))
        except Unavailable as fault:
            log.warning("report.draft_unavailable")
            if request.method != "POST":
                return _locked_away(request, address(found))
            return _as_typed(request, found, notice=fault.sentence, status=503)

    return answer


# --- One step ----------------------------------------------------------------------------------


@_found_or_said
def step(request: HttpRequest, asked: Step, kept: Kept | None) -> HttpResponse:
    if kept is None and asked is not STEPS[0] and (answered := _answered_before(request)):
        return answered
    if request.method == "POST":
        return _continued(request, asked, kept)
    if kept is None:
        return _first(request) if asked is STEPS[0] else gone(request)
    return _shown(request, asked, kept.data)


@answers(*READS)
def by_way(request: HttpRequest, code: str) -> HttpResponse:
    """The first step for somebody who came by one of the pages for hotel staff, drivers, …"""
    way = ways.way(code)
    if way is None:
        return failures.not_found(request)
    data = QueryDict(mutable=True)
    data.update(way.answers)
    data[WAY] = way.code
    return _shown(request, STEPS[0], data)


def _first(request: HttpRequest) -> HttpResponse:
    return _shown(request, STEPS[0], QueryDict())


def _continued(request: HttpRequest, asked: Step, kept: Kept | None) -> HttpResponse:
    now = timezone.now()
    if origin.is_foreign(request):
        return _as_typed(request, asked, notice=origin.REFUSED, status=409)
    own = kept or Kept.begun(request, now=now)
    if asked is STEPS[0]:
        own.came_by(request.POST)
    elif kept is None:
        own.data[FORGOTTEN] = "1"
    data = with_answers(own.data, request.POST, asked)
    if kept is not None and would_lose(kept.data, request.POST, asked):
        now_seen = seen(kept.data, asked)
        return _shown(request, asked, data, elsewhere=True, mark=now_seen, status=409)
    act = request.POST.get(DO, ON)
    rows = rearranged(data, act, asked.kinds)
    if act in {ON, TO_THE_CHECK}:
        tried = {*data.getlist(TRIED), str(asked.number)}
        data.setlist(TRIED, sorted(tried))
        if asked is STEPS[0]:
            data.pop(FORGOTTEN, None)  # answered once more: on with the steps
    try:
        own.with_(data if rows is None else rows).keep()
    except TooLong:
        return _as_typed(request, asked, notice=TOO_LONG, status=413)
    response = HttpResponseRedirect(_next(asked, data, act, rows, now=now))
    response.status_code = SEE_OTHER
    unfinished.hand(response, own.secret)
    return response


def _next(asked: Step, data: QueryDict, act: str, rows: QueryDict | None, *, now: datetime) -> str:
    here = address(asked)
    if rows is not None:
        return f"{here}#{_row_of(act, rows)}"
    if act == "back":
        return address(STEPS[asked.number - 2]) if asked.number > 1 else reverse("report:start")
    if act == "language" or _faults(data, asked, now=now):
        return here
    if FORGOTTEN in data and asked is not STEPS[0]:
        return address(STEPS[0])
    if data.get(REACHED) or act == TO_THE_CHECK or asked is STEPS[-1]:
        return reverse("report:check")
    return address(STEPS[asked.number])


def _row_of(act: str, rows: QueryDict) -> str:
    """Where to stand after a row was added or removed: "add-vehicles" leads to the new one."""
    verb, name, *_row = act.split("-")
    count = int(str(rows[f"{name}-rows"]))
    return f"{name}-{count - 1}" if verb == "add" else name


def _faults(data: QueryDict, asked: Step, *, now: datetime) -> list[Fault]:
    return faults_here(_blamed(data, now=now), asked, whole=bool(data.get(REACHED)))


def _blamed(data: QueryDict, *, now: datetime) -> Typed:
    """The answers with everything that is to mend beside its field."""
    typed = Typed(data)
    typed.is_valid()
    typed.blame(typed.draft(language="en").check(now=now))
    return typed


def _shown(
    request: HttpRequest,
    asked: Step,
    data: QueryDict,
    *,
    notice: str | Promise = "",
    elsewhere: bool = False,
    mark: str | None = None,
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    is_tried = str(asked.number) in data.getlist(TRIED)
    typed = _blamed(data, now=now) if is_tried else Typed(data, quiet=True)
    faults = faults_here(typed, asked, whole=bool(data.get(REACHED))) if is_tried else []
    way = ways.way(data.get(WAY, ""))
    is_own = bool(data.get(IS_OWN))
    if is_own:
        speak_to_the_person(typed)
    context: Mapping[str, Any] = {
        "step": asked,
        "title": OWN_TITLES.get(asked.number, asked.title) if is_own else asked.title,
        "lead": asked.lead,
        "is_own": is_own,
        "takes_pictures": takes_pictures(data),
        "count": COUNT,
        "here": address(asked),
        "other_languages": others(address(asked)),  # a way's own page takes none
        "typed": typed,
        "faults": faults,
        "notice": notice,
        "elsewhere": elsewhere,
        "seen": seen(data, asked) if mark is None else mark,
        "forgotten": FORGOTTEN in data and asked is STEPS[0],
        "returns": bool(data.get(REACHED)),
        "way": way,
        "token": sending.good_token(request, data, now=now),
        "sign_groups": groups(typed.signs, first=way.signs) if way else groups(typed.signs),
        "keeps_words": True,
    }
    return page(request, "report/step.html", context, status=status)


def _as_typed(
    request: HttpRequest, asked: Step, *, notice: str | Promise, status: int
) -> HttpResponse:
    """The step again from what the request itself holds: nothing was or could be kept."""
    mark = request.POST.get(SEEN, "")
    return _shown(request, asked, request.POST.copy(), notice=notice, mark=mark, status=status)


def _locked_away(request: HttpRequest, again: str) -> HttpResponse:
    """Nothing can be shown just now, and nothing is lost: the same address a minute later."""
    return page(request, "report/no_steps.html", {"again": again}, status=503)


def address(step: Step) -> str:
    return reverse("report:step", args=[step.number])


def gone(request: HttpRequest) -> HttpResponse:
    """Half an hour passed, the visitor left, or the browser keeps no cookie."""
    return page(request, "report/gone.html", status=410)


# --- The check page ------------------------------------------------------------------------------


@answers(*READS_AND_TAKES)
def check(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    try:
        kept = _found_or_of_page(request, now=now)
        if kept is None:
            return _nothing_to_send(request, now=now)
        try:
            if request.method == "POST":
                return _checked(request, kept, now=now)
            if not kept.data.get(REACHED):
                kept.data[REACHED] = "1"
                kept.keep()
            return _answered(request, kept, sending.check, now=now)
        except TooLong:
            return _shown(request, STEPS[1], kept.data, notice=TOO_LONG, status=413)
    except Unavailable:
        log.warning("report.draft_unavailable")
        return _locked_away(request, reverse("report:check"))


def _found_or_of_page(request: HttpRequest, *, now: datetime) -> Kept | None:
    """Raises Unavailable."""
    try:
        kept = Kept.found(request)
        if kept is not None or _was_answered(request):
            return kept
    except Unavailable:
        kept = Kept.of_page(request, now=now)
        if kept is None:
            raise
        return kept
    return Kept.of_page(request, now=now)


def _was_answered(request: HttpRequest) -> bool:
    secret = unfinished.secret_of(request)
    return secret is not None and unfinished.answer(secret) is not None


def _nothing_to_send(request: HttpRequest, *, now: datetime) -> HttpResponse:
    if answered := _answered_before(request):
        return answered
    if tokens.is_spent(request.POST.get(TOKEN, "")):
        return sending.sent_already(request, {}, now=now)
    return gone(request)


def _checked(request: HttpRequest, kept: Kept, *, now: datetime) -> HttpResponse:
    """Keep what was decided, and do what the button says."""
    kept = kept.with_(_with_decisions(kept.data, request.POST))
    act = request.POST.get(DO, "check")
    if request.POST.get(IS_OWN) and not kept.data.get(IS_OWN):
        return _about_oneself(kept, has_files=bool(request.FILES))
    if act == "send" and request.POST.get(SEEN, mark := seen(kept.data)) != mark:
        kept.keep()
        return _answered(request, kept, partial(sending.check, notice=CHANGED), now=now)
    if act == "send":
        try:
            response = _answered(request, kept, sending.send, now=now)
        except sending.SentBefore:
            return _sent_twice(request, now=now)
        if response.status_code == 201:
            _finish(kept, response)
        else:
            refused = kept.data.get(TOKEN)
            kept.data[TOKEN] = sending.good_token(request, kept.data, now=now)
            if not _keep_if_possible(kept, now=now) and kept.data[TOKEN] != refused:
                # The copy on that page holds the refused one.
                return _answered(request, kept, sending.check, now=now)
        return response
    kept.keep()
    response = HttpResponseRedirect(_from_check(act))
    response.status_code = SEE_OTHER
    return response


def _keep_if_possible(kept: Kept, *, now: datetime) -> bool:
    """Whether the broker has it; else the page that answers holds a copy. Raises Unavailable where
    it holds none."""
    try:
        kept.keep()
    except Unavailable:
        if not unfinished.copy(kept.secret, kept.data.urlencode(), now=now):
            raise
        log.warning("report.draft_unavailable its page holds a copy")
        return False
    return True


def _about_oneself(kept: Kept, *, has_files: bool) -> HttpResponse:
    """Nothing is sent before the person in the situation was asked about the police."""
    kept.data[IS_OWN] = "on"
    if has_files:
        kept.data["pictures_follow"] = "on"  # the check page asks for them again
    kept.keep()
    response = HttpResponseRedirect(f"{address(STEPS[-1])}#who")
    response.status_code = SEE_OTHER
    return response


def _with_decisions(data: QueryDict, given: QueryDict) -> QueryDict:
    merged = data.copy()
    for key in [key for key in merged if key.startswith(DECIDES)]:
        del merged[key]
    for name, verdict in decisions_in(given).items():
        merged[DECIDES + name] = verdict.value
    return merged


def _from_check(act: str) -> str:
    if act.startswith(CHANGE):
        anchor = act.removeprefix(CHANGE)
        return f"{address(step_of(anchor))}#{anchor}"
    if act == "change":
        return address(STEPS[0])
    there = reverse("report:check")
    return there if act == "language" else f"{there}#h-words"


def _answered(
    request: HttpRequest,
    kept: Kept,
    answer: Callable[..., HttpResponse],
    *,
    now: datetime,
) -> HttpResponse:
    """The check page or the receipt; or the step on which something is to mend."""
    typed = Typed(kept.data)
    if kept.data.get(IS_OWN):
        speak_to_the_person(typed)
    here = reverse("report:check")
    copy = unfinished.copy(kept.secret, kept.data.urlencode(), now=now)
    report = Report(request, kept.data, typed, here=here, carries=False, copy=copy)
    try:
        if typed.is_valid():
            return answer(report, now=now)
        problems = report.draft().check(now=now)
    except Refused as refusal:
        problems = refusal.problems
    except sending.SentBefore:
        raise
    except Exception:
        # A fault of ours must never cost a person their words.
        log.exception("report.not_shown the draft keeps it")
        return sending.not_kept(report, now=now)
    typed.blame(problems)
    mend = first_with_a_fault(typed.faults())
    kept.data.setlist(TRIED, sorted({*kept.data.getlist(TRIED), str(mend.number)}))
    kept.keep()
    response = HttpResponseRedirect(f"{address(mend)}#faults")
    response.status_code = SEE_OTHER
    return response


def _sent_twice(request: HttpRequest, *, now: datetime) -> HttpResponse:
    """The other press keeps the tip, and its answer reaches nobody: give it to this one."""
    may_wait = _waiting.acquire(blocking=False)
    try:
        for _ in range(MOST_LOOKS if may_wait else 1):
            if answered := _answered_before(request):
                return answered
            if may_wait:
                time.sleep(BETWEEN_LOOKS)
    except Unavailable:
        log.warning("report.draft_unavailable")
    finally:
        if may_wait:
            _waiting.release()
    return sending.sent_already(request, {}, now=now)


def _answered_before(request: HttpRequest) -> HttpResponse | None:
    """The receipt once more, if this browser never got it. Raises Unavailable."""
    secret = unfinished.secret_of(request)
    found = unfinished.answer(secret) if secret else None
    if found is None:
        return None
    response = allow_scripts(HttpResponse(found))
    if request.method == "POST":
        unfinished.take_back(response)
    elif secret:
        unfinished.forget(secret)  # no page that is only read changes a cookie
    return response


def _finish(kept: Kept, response: HttpResponse) -> None:
    """The tip is stored: nothing of it stays here."""
    try:
        unfinished.finish(kept.secret, response.content)
    except Unavailable:
        log.warning("report.draft_unavailable it goes within half an hour")
    unfinished.take_back(response)
