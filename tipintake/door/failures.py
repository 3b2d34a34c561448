"""What is shown when a request cannot be answered: a page for people, a problem for programs.

Named in the URL configuration as handler400, handler403, handler404 and handler500. The pages
need no database, and without their template they are bare.
"""

import logging
import sys
from collections.abc import Sequence
from types import TracebackType

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.functional import Promise
from django.utils.html import format_html
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _

from tipintake.door import bare, problem
from tipintake.door.away import passes
from tipintake.door.tally import tally

log = logging.getLogger(__name__)

API_PREFIX = "/api/"

# By name: what a person reads where a program reads the problem's title and detail.
FOR_PEOPLE: dict[str, tuple[str | Promise, str | Promise]] = {
    problem.BAD_REQUEST.name: (
        _("We could not read that"),
        _("Nothing was sent. Please begin once more on the first page."),
    ),
    problem.HEADERS_TOO_LARGE.name: (
        _("We could not read that"),
        _("Nothing was sent. Please begin once more on the first page."),
    ),
    problem.METHOD_NOT_ALLOWED.name: (
        _("This page takes no answers"),
        _("Nothing was sent. Please begin once more on the first page."),
    ),
    problem.NOT_FOUND.name: (
        _("There is nothing at this address"),
        _("It may be spelled wrong, or the page is gone. The first page leads to all others."),
    ),
    problem.TOO_LARGE.name: (
        _("That was too much at once"),
        _(
            "Nothing was sent. Go back with the Back button of your browser: what you wrote may "
            "still be there. If it asks to load or send the page once more, say yes. Then choose "
            "fewer or smaller pictures, or write it as two tips."
        ),
    ),
    problem.FAILED.name: (
        problem.FAILED.title,
        _("Nothing was sent. Please try again in a few minutes."),
    ),
    problem.NOT_READY.name: (
        problem.FAILED.title,
        _("Nothing was sent. Please try again in a few minutes."),
    ),
    problem.BUSY.name: (
        _("Very much is being sent at this moment"),
        _(
            "Yours was not sent yet. Wait a few seconds and load this page again. If your browser "
            "asks whether to send once more, say yes. Going back would empty the form."
        ),
    ),
}


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _answer(
        request,
        problem.BAD_REQUEST,
        _("The request could not be read. Check the address and what is sent, and try again."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _answer(request, problem.FORBIDDEN, _("This page is not open to you."))


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return _answer(
        request, problem.NOT_FOUND, _("There is nothing at this address. Check its spelling.")
    )


def not_allowed(request: HttpRequest, allowed: Sequence[str]) -> HttpResponse:
    response = _answer(
        request, problem.METHOD_NOT_ALLOWED, _("Go back to the first page and start from there.")
    )
    response.headers["Allow"] = ", ".join(allowed)
    return response


def too_large(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        problem.TOO_LARGE,
        _("What was sent is too large. Send it in smaller parts, as several tips if need be."),
    )


def headers_too_large(request: HttpRequest) -> HttpResponse:
    return _answer(
        request,
        problem.HEADERS_TOO_LARGE,
        _("The headers that were sent are too large. Leave out those that are not needed."),
    )


def busy(request: HttpRequest) -> HttpResponse:
    """Nothing of it was read. Rendered without time to lose and kept, so nothing is counted."""
    return _answer(
        request,
        problem.BUSY,
        _(
            "More is being sent than can be answered. Nothing was kept: send the same again after "
            "the seconds that Retry-After names, with the same Idempotency-Key."
        ),
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Count it and log the exception's type and place. Its message may quote what was sent.

    503 where the database or a key is away: what asks us then comes again.
    """
    error = sys.exception()
    is_away = passes(error)
    tally.count("not_ready" if is_away else "failed")
    log.error("door.not_ready %s" if is_away else "door.failed %s", type_and_place(error))
    return _answer(
        request,
        problem.NOT_READY if is_away else problem.FAILED,
        _("Something broke on our side. Nothing was sent. Please try again in a few minutes."),
    )


def _answer(request: HttpRequest, kind: problem.Kind, detail: str | Promise) -> HttpResponse:
    """In the language of the address: what is active in the thread may be of another request."""
    spanish = request.path_info.startswith("/es/")
    with translation.override("es" if spanish else "en"):
        if request.path_info.startswith(API_PREFIX):
            return problem.response(kind, detail)
        return _page(request, kind, str(detail), home="/es/" if spanish else "/")


def _page(request: HttpRequest, kind: problem.Kind, detail: str, *, home: str) -> HttpResponse:
    title, words = FOR_PEOPLE.get(kind.name, (kind.title, detail))
    context = {
        "lang": translation.get_language() or "en",
        "title": str(title),
        "detail": str(words),
        "home": home,
        "home_label": say("Go to the first page"),
        "is_ours": kind in {problem.FAILED, problem.NOT_READY},
    }
    try:
        body = render_to_string("failure.html", context, request)
    except Exception:
        log.exception("door.plain_failure_page")
        link = format_html('<p><a href="{home}">{home_label}</a></p>', **context)
        body = bare.page(str(title), format_html("<p>{}</p>", words), link)
    return HttpResponse(body, status=kind.status)


def type_and_place(error: BaseException | None) -> str:
    if error is None:
        return "unknown"
    kind = type(error)
    return f"{kind.__module__}.{kind.__qualname__} {_place(error.__traceback__)}"


def _place(trace: TracebackType | None) -> str:
    place = ""
    while trace is not None:
        code = trace.tb_frame.f_code
        place = f"in {code.co_qualname} line {trace.tb_lineno}"
        trace = trace.tb_next
    return place
