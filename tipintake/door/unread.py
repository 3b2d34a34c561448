"""Answers to requests that the server refused before any view or middleware could see them."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.urls import get_resolver

from tipintake.door import failures
from tipintake.door.headers import harden

TOO_LARGE = 413
HEADERS_TOO_LARGE = 431
FAILED = 500


def answer_to(path: str, status: int) -> HttpResponseBase:
    """What is said about such a request: the sentences and headers of every other failure."""
    request = HttpRequest()
    request.method = "GET"
    request.path = request.path_info = path
    response = _sentence(request, status)
    harden(response, request)
    return response


def _sentence(request: HttpRequest, status: int) -> HttpResponseBase:
    resolver = get_resolver(settings.ROOT_URLCONF)
    if status == FAILED:
        return resolver.resolve_error_handler(FAILED)(request)
    if status == TOO_LARGE and settings.ROOT_URLCONF != "config.urls_desk":
        return failures.too_large(request)
    unreadable: Callable[..., HttpResponseBase] = resolver.resolve_error_handler(400)
    response = unreadable(request, None)
    if status in {TOO_LARGE, HEADERS_TOO_LARGE}:
        response.status_code = status
    return response
