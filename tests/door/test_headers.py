"""Every response carries the headers that keep a page to itself."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tipintake.door.headers import ALWAYS, DESK_CSP, PUBLIC_CSP, PUBLIC_CSP_WITH_SCRIPT

Probe = Callable[..., Any]


def check_always(response: Any) -> None:
    """What both hosts say with every answer."""
    for name, value in ALWAYS.items():
        assert response.headers[name] == value
    assert "geolocation=()" in response.headers["Permissions-Policy"]
    for unwanted in ("Access-Control-Allow-Origin", "Server", "X-Powered-By"):
        assert unwanted not in response.headers


def check_fixed(response: Any) -> None:
    check_always(response)
    assert "Set-Cookie" not in response.headers
    assert not response.cookies


def check(response: Any, *, static: bool = False) -> None:
    check_fixed(response)
    assert response.headers["Content-Security-Policy"] == PUBLIC_CSP
    if static:
        assert "no-store" not in response.headers["Cache-Control"]
    else:
        assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/everything", 200),
        ("GET", "/nowhere", 404),
        ("GET", "/api/nowhere", 404),
        ("GET", "/broken", 500),
        ("GET", "/api/broken", 500),
        ("GET", "/denied", 403),
        ("GET", "/suspicious", 400),
        ("GET", "/talkative", 200),
        ("GET", "/static/nowhere.css", 404),
    ],
)
def test_pages_and_errors_alike(probe: Probe, method: str, path: str, status: int) -> None:
    response = probe(method, path)
    assert response.status_code == status
    check(response)
    assert "Server" not in response.headers


def test_a_wrong_host_name_is_answered_with_them_too(probe: Probe) -> None:
    response = probe("GET", "/everything", HTTP_HOST="canary.example")
    assert response.status_code == 400
    check(response)


def test_static_files_too_but_those_may_be_kept(public: Client) -> None:
    response = public.get("/static/probe.css")
    assert response.status_code == 200
    check(response, static=True)
    again = public.get(
        "/static/probe.css", HTTP_IF_MODIFIED_SINCE=response.headers["Last-Modified"]
    )
    assert again.status_code == 304
    check(again, static=True)


def test_no_script_may_run_but_where_a_view_asks_for_it(probe: Probe) -> None:
    assert "script-src" not in PUBLIC_CSP
    assert probe("GET", "/scripted").headers["Content-Security-Policy"] == PUBLIC_CSP_WITH_SCRIPT
    assert "script-src 'self'" in PUBLIC_CSP_WITH_SCRIPT
    for policy in (PUBLIC_CSP, PUBLIC_CSP_WITH_SCRIPT, DESK_CSP):
        assert policy.startswith("default-src 'none'")
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_https_is_insisted_on_once_it_is_there(probe: Probe, settings: Settings) -> None:
    assert "Strict-Transport-Security" not in probe("GET", "/everything").headers
    settings.SECURE_HSTS_SECONDS = 63_072_000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    settings.SECURE_HSTS_PRELOAD = True
    assert (
        probe("GET", "/everything").headers["Strict-Transport-Security"]
        == "max-age=63072000; includeSubDomains; preload"
    )


def test_the_onion_address_of_the_same_page_is_offered(probe: Probe, settings: Settings) -> None:
    settings.ONION_LOCATION = "http://tipsexample.onion/"
    headers = probe("GET", "/es/r/all/?who=canary").headers
    assert headers["Onion-Location"] == "http://tipsexample.onion/es/r/all/"
    broken_line = probe("GET", "/a%0d%0aX-Injected: 1").headers
    assert "X-Injected" not in broken_line
