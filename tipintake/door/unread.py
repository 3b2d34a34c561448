"""Answers to requests that the server refused before any view or middleware could see them."""

import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from tipintake.door import failures, problem
from tipintake.door.headers import harden

TOO_LARGE = 413
HEADERS_TOO_LARGE = 431
FAILED = 500
BUSY = 503
COME_BACK = (2, 6)  # seconds: not all at the same moment
# On the desk host an API is there for systems of agencies alone.
FOR_AGENCIES: Mapping[int, tuple[problem.Kind, str]] = {
    TOO_LARGE: (problem.TOO_LARGE, "Nothing was changed. No address here takes a body that long."),
    HEADERS_TOO_LARGE: (
        problem.HEADERS_TOO_LARGE,
        "Nothing was changed. Leave out the headers that are not needed.",
    ),
    BUSY: (
        problem.BUSY,
        (
            "More is being sent than can be answered. Nothing was changed: send the same again "
            "after the seconds that Retry-After names."
        ),
    ),
}


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as the server sends it."""

    status: str
    headers: tuple[tuple[str, str], ...]
    body: bytes


def answer_to(path: str, status: int) -> Said:
    """What is said about such a request: the sentences and headers of every other failure."""
    if status != BUSY:
        return _said(path, status)
    said = _kept(_kind_of(path))
    after = str(random.randint(*COME_BACK))  # noqa: S311 spreads who comes back; no secret
    return Said(said.status, (*said.headers, ("Retry-After", after)), said.body)


def _said(path: str, status: int) -> Said:
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    response = _sentence(request, status)
    harden(response, request)
    return Said(
        f"{response.status_code} {response.reason_phrase}",
        tuple(response.headers.items()),
        b"".join(response),
    )


@lru_cache
def _kept(path: str) -> Said:
    """Rendered once: it is said when there is no time."""
    return _said(path, BUSY)


def _kind_of(path: str) -> str:
    """An address that is answered in the same words."""
    return next((one for one in (failures.API_PREFIX, "/es/") if path.startswith(one)), "/")


def _sentence(request: HttpRequest, status: int) -> HttpResponseBase:
    resolver = get_resolver(settings.ROOT_URLCONF)
    if status == FAILED:
        return resolver.resolve_error_handler(FAILED)(request)
    desk = settings.ROOT_URLCONF == "config.urls_desk"
    if status == TOO_LARGE and not desk:
        return failures.too_large(request)
    if status == HEADERS_TOO_LARGE and not desk:
        return failures.headers_too_large(request)
    if status == BUSY and not desk:
        return failures.busy(request)
    if status in FOR_AGENCIES and request.path.startswith(failures.API_PREFIX):
        return problem.response(*FOR_AGENCIES[status])
    unreadable: Callable[..., HttpResponseBase] = resolver.resolve_error_handler(400)
    response = unreadable(request, None)
    if status in {TOO_LARGE, HEADERS_TOO_LARGE, BUSY}:
        response.status_code = status
    return response
