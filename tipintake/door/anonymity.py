"""Before anything else sees a public request: take out of it who sent it.

What may stay is listed; everything else goes, headers that do not exist yet included.
"""

import logging
import time
from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from tipintake.door import failures, unfinished
from tipintake.door.bodies import is_too_large
from tipintake.door.crowd import WRITES, crowd, told_address
from tipintake.door.headers import harden
from tipintake.door.tally import tally
from tipintake.door.trust import BUSY_KEY

log = logging.getLogger(__name__)

KEPT = frozenset(
    {
        "REQUEST_METHOD",
        "SCRIPT_NAME",
        "PATH_INFO",
        "SERVER_NAME",
        "SERVER_PORT",
        "SERVER_PROTOCOL",
        "CONTENT_TYPE",
        "CONTENT_LENGTH",
        "HTTP_HOST",
        "HTTP_TRANSFER_ENCODING",
        "HTTP_IDEMPOTENCY_KEY",
        "HTTP_SEC_FETCH_SITE",
    }
)
KEPT_STATIC = frozenset(
    {"HTTP_ACCEPT_ENCODING", "HTTP_IF_MODIFIED_SINCE", "HTTP_IF_NONE_MATCH", "HTTP_RANGE"}
)


class CookieOnPublicHost(Exception):
    """A resident's page tried to leave a cookie behind. Raised in tests only."""


class AnonymityMiddleware:
    """The outermost layer of the public host."""

    raises = False  # tests set it; residents get their answer without the cookie

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        busy = _busy(request)
        strip(request)
        request.META[BUSY_KEY] = busy
        if is_too_large(request):
            response: HttpResponseBase = failures.too_large(request)
            harden(response, request)
            return response
        response = self.get_response(request)
        self._without_cookies(request, response)
        return response

    def _without_cookies(self, request: HttpRequest, response: HttpResponseBase) -> None:
        """None leaves but the one that opens an unfinished report, and that on a post only."""
        own = {name for name, one in response.cookies.items() if unfinished.is_harmless(one)}
        strange = set(response.cookies) - own or "Set-Cookie" in response.headers
        if not strange and (not own or request.method == "POST"):
            return
        response.cookies.clear()
        response.headers.pop("Set-Cookie", None)
        tally.count("cookie_dropped")
        log.error("door.cookie_dropped")
        if self.raises:
            raise CookieOnPublicHost


def strip(request: HttpRequest) -> None:
    """Leave what answering needs. The server's own environment variables go too."""
    meta: dict[str, Any] = request.META
    secure = request.is_secure()
    secret = unfinished.secret_of(request)
    static = request.path_info.startswith(settings.STATIC_URL)
    squeezed = "gzip" in str(meta.get("HTTP_ACCEPT_ENCODING", ""))
    for name in list(meta):
        kept = name in KEPT or name.startswith("wsgi.") or (static and name in KEPT_STATIC)
        if not kept:
            del meta[name]
    if squeezed and not static:
        meta["HTTP_ACCEPT_ENCODING"] = "gzip"  # every browser says so; the rest would tell which
    if secret and not static:
        meta["HTTP_COOKIE"] = f"{settings.DRAFT_COOKIE_NAME}={secret}"
    request.__dict__.pop("COOKIES", None)  # read above with all that other pages may have left
    meta["QUERY_STRING"] = ""
    meta["REMOTE_ADDR"] = ""
    if secure:
        meta["wsgi.url_scheme"] = "https"


def _busy(request: HttpRequest) -> int:
    """How busy the origin of a post is, read before the origin is forgotten.

    A read is not counted: it is told how busy its origin would be with one more post.
    """
    ask = crowd.count if request.method in WRITES else crowd.foresee
    address = told_address(
        host=str(request.META.get("HTTP_HOST", "")),
        forwarded=str(request.META.get("HTTP_X_FORWARDED_FOR", "")),
        peer=str(request.META.get("REMOTE_ADDR", "")),
    )
    return ask(address, now=time.monotonic())
