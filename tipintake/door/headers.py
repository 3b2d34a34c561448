"""The headers that every response carries: pages, data, errors and static files alike."""

from collections.abc import Callable
from typing import TypeVar

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.encoding import escape_uri_path

AnyResponse = TypeVar("AnyResponse", bound=HttpResponseBase)

PUBLIC_CSP = (
    "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
PUBLIC_CSP_WITH_SCRIPT = PUBLIC_CSP.replace("style-src", "script-src 'self'; style-src", 1)
DESK_CSP = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
# For a file that came from a stranger, opened on its own.
SANDBOXED_CSP = "sandbox; default-src 'none'; frame-ancestors 'none'"

# What could learn of the person or the device, by names that Chromium knows: an unknown one would
# be an error in its console on each page. Each costs bytes on every answer.
FEATURES = (
    "accelerometer",
    "browsing-topics",
    "camera",
    "clipboard-read",
    "compute-pressure",
    "display-capture",
    "encrypted-media",
    "gamepad",
    "geolocation",
    "gyroscope",
    "hid",
    "identity-credentials-get",
    "idle-detection",
    "local-fonts",
    "local-network-access",
    "magnetometer",
    "microphone",
    "midi",
    "otp-credentials",
    "payment",
    "publickey-credentials-create",
    "publickey-credentials-get",
    "serial",
    "storage-access",
    "usb",
    "window-management",
    "xr-spatial-tracking",
)
# Staff sign in with passkeys.
DESK_FEATURES = {"publickey-credentials-create": "(self)", "publickey-credentials-get": "(self)"}

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-DNS-Prefetch-Control": "off",
}
# What a server or another middleware may have put there and nobody needs.
UNWANTED = ("Access-Control-Allow-Origin", "X-Powered-By", "Server")
# What a browser of the desk may keep and asks about each time: nothing that tells of a tip.
REVALIDATED = "private, no-cache"
KEPT_STATIC = frozenset({200, 206, 304})


class HeadersMiddleware:
    """Stands outside everything that answers, so that no response is without them."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        harden(response, request)
        return response


def allow_scripts(response: AnyResponse) -> AnyResponse:
    """Let this page load the site's own scripts; every other page loads none."""
    response.headers["Content-Security-Policy"] = PUBLIC_CSP_WITH_SCRIPT
    return response


def sandboxed(response: AnyResponse) -> AnyResponse:
    """Let the browser show this and do nothing with it."""
    response.headers["Content-Security-Policy"] = SANDBOXED_CSP
    return response


def harden(response: HttpResponseBase, request: HttpRequest) -> None:
    """Put every fixed header on, whatever stood there before."""
    on_desk = settings.ROOT_URLCONF == "config.urls_desk"
    headers = response.headers
    for name in UNWANTED:
        headers.pop(name, None)
    for name, value in ALWAYS.items():
        headers[name] = value
    headers["Permissions-Policy"] = DESK_PERMISSIONS if on_desk else PUBLIC_PERMISSIONS
    usual, other = (DESK_CSP, SANDBOXED_CSP) if on_desk else (PUBLIC_CSP, PUBLIC_CSP_WITH_SCRIPT)
    if headers.get("Content-Security-Policy") != other:
        headers["Content-Security-Policy"] = usual
    may_be_kept = on_desk and headers.get("Cache-Control") == REVALIDATED
    if not may_be_kept and not _is_static(request, response):
        headers["Cache-Control"] = "no-store"
    if settings.SECURE_HSTS_SECONDS:
        headers["Strict-Transport-Security"] = _hsts()
    if settings.ONION_LOCATION and not on_desk:
        headers["Onion-Location"] = settings.ONION_LOCATION.rstrip("/") + escape_uri_path(
            request.path
        )


def _is_static(request: HttpRequest, response: HttpResponseBase) -> bool:
    return (
        request.path_info.startswith(settings.STATIC_URL) and response.status_code in KEPT_STATIC
    )


def _hsts() -> str:
    parts = [f"max-age={settings.SECURE_HSTS_SECONDS}"]
    if settings.SECURE_HSTS_INCLUDE_SUBDOMAINS:
        parts.append("includeSubDomains")
    if settings.SECURE_HSTS_PRELOAD:
        parts.append("preload")
    return "; ".join(parts)


def _permissions(allowed: dict[str, str]) -> str:
    return ",".join(f"{name}={allowed.get(name, '()')}" for name in FEATURES)


PUBLIC_PERMISSIONS = _permissions({})
DESK_PERMISSIONS = _permissions(DESK_FEATURES)
