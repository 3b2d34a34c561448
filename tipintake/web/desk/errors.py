"""What the desk shows when a page cannot be shown. Programs get problem details instead."""

import logging
import sys
from collections.abc import Sequence

from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from tipintake.door import failures, problem
from tipintake.staff.models import User
from tipintake.staff.preferences import language_of
from tipintake.web.desk import presence

log = logging.getLogger(__name__)

API = failures.API_PREFIX


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return failures.bad_request(request, exception)
    return _page(
        request,
        noop("This could not be read"),
        noop("Nothing was done. Go back and try again."),
        status=400,
    )


def not_text(request: HttpRequest) -> HttpResponse:
    """A character that no text has and that no database keeps came in an address or a form."""
    if request.path_info.startswith(API):
        return failures.bad_request(request, None)
    return _page(
        request,
        noop("This holds a character that is no text"),
        noop(
            "Nothing was done. Go back, type it by hand instead of pasting it, and send it again."
        ),
        status=400,
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return failures.forbidden(request, exception)
    return _page(
        request, noop("This is not open to you"), noop("Your roles do not include it."), status=403
    )


def server_error(request: HttpRequest) -> HttpResponse:
    """Log the exception's type and places; its message may quote a tip."""
    if request.path_info.startswith(API):
        return failures.server_error(request)
    log.error("desk.failed", exc_info=sys.exception())
    return _page(
        request,
        noop("Something broke on our side"),
        noop("Look at the tip again before you repeat anything: it may have been done."),
        status=500,
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path_info.startswith(API):
        return failures.not_found(request, exception)
    return _page(
        request,
        noop("There is nothing at this address"),
        noop("Check its spelling, or look for the tip by its number."),
        status=404,
    )


def form_expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """The form's token does not fit: an old page, or one from elsewhere. Nothing was done."""
    if request.path_info.startswith(API):
        return problem.response(problem.FORBIDDEN, _("Send this without cookies."))
    title, typed = noop("This page was open for too long"), _typed_here(request)
    if typed:
        advice = noop(
            "Nothing was done. Copy what you had typed, load its page again and send it."
        )
    else:
        advice = noop("Nothing was done. Go back, load the page again and repeat it.")
    return _page(request, title, advice, typed=typed, status=403)


def _typed_here(request: HttpRequest) -> list[tuple[str, str]]:
    """What was typed on a page of this desk; nothing that another site sends is shown."""
    is_own = request.headers.get("Sec-Fetch-Site", "same-origin") == "same-origin"
    return presence.typed(request) if is_own else []


def _language(request: HttpRequest) -> str | None:
    """That of whoever is logged on; of nobody known, and without a database, the browser's."""
    try:
        user = getattr(request, "user", None)
        return language_of(user) if isinstance(user, User) else translation.get_language()
    except DatabaseError:
        return translation.get_language()


def _page(
    request: HttpRequest,
    title: str,
    advice: str,
    *,
    typed: Sequence[tuple[str, str]] = (),
    status: int,
) -> HttpResponse:
    with translation.override(_language(request)):
        context = {"title": _(title), "advice": _(advice), "typed": typed}
        return render(request, "desk/error.html", context, status=status)
