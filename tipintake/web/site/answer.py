"""How every resident page leaves the house: rendered, without a cookie, with the own script."""

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.gzip import gzip_page

from tipintake.door import failures
from tipintake.door.headers import allow_scripts

View = Callable[..., HttpResponse]
READS = ("GET", "HEAD")
READS_AND_TAKES = ("GET", "HEAD", "POST")


def answers(*methods: str) -> Callable[[View], View]:
    """Answer these methods, compressed; another one gets a page that says where to go.

    Compression would betray a secret that stands beside words of an attacker's choice. No other
    site can ask for such a page: the cookie of an unfinished report is sent to this site's own
    pages alone, and a form token is good for one form.
    """

    def wrap(view: View) -> View:
        compressed = gzip_page(view)

        @wraps(view)
        def answer(request: HttpRequest, **parts: Any) -> HttpResponse:
            if request.method in methods:
                return compressed(request, **parts)
            return failures.not_allowed(request, methods)

        return answer

    return wrap


def page(
    request: HttpRequest,
    template: str,
    context: Mapping[str, Any] | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    """The page. Its script only makes leaving quicker and counts characters; none is needed."""
    return allow_scripts(
        render(request, template, {"has_script": True, **(context or {})}, status=status)
    )
