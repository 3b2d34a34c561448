"""Every address of both hosts, with every method: the same headers, and never a cookie."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.conf import settings as configured
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import timezone, translation
from pytest_django import Settings

from tests.door.test_headers import check_always, check_fixed
from tests.web.desk.entering import enter
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import health
from tipintake.door.headers import (
    DESK_CSP,
    DESK_PERMISSIONS,
    PUBLIC_CSP,
    PUBLIC_CSP_WITH_SCRIPT,
    PUBLIC_PERMISSIONS,
)
from tipintake.staff import accounts
from tipintake.staff.roles import Role

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")
NOWHERE = ("/nowhere/", "/es/nowhere/", "/static/nowhere.js", "/es", "/r/all", "/static/", "//x/")
PARTS = {"code": "wentzville-pd", "reference": "T-0000-0000", "pk": "7", "act": "acknowledge"}
# 410 and 503: there is no unfinished report here, and no broker that could keep one.
ANSWERS = {200, 201, 301, 302, 400, 404, 405, 410, 415, 422, 503}
# No secret, and large: a browser may keep them and ask whether they are still the same.
BOUNDARIES = "/map/boundaries.json"
OWN_COOKIES = {"desk", "desk-form"}


def addresses(patterns: Sequence[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield re.sub(r"<\w+:(\w+)>", lambda part: PARTS.get(part[1], "1"), route)


def every_address(host: str) -> list[str]:
    found: set[str] = set()
    for language in ("en", "es"):
        with translation.override(language):
            found |= set(addresses(get_resolver(host).url_patterns))
    return sorted(found)


def check_public(response: Any) -> None:
    check_fixed(response)
    assert response.headers["Content-Security-Policy"] in {PUBLIC_CSP, PUBLIC_CSP_WITH_SCRIPT}
    assert response.headers["Permissions-Policy"] == PUBLIC_PERMISSIONS


def check_desk(response: Any) -> None:
    check_always(response)
    assert response.headers["Content-Security-Policy"] == DESK_CSP
    assert response.headers["Permissions-Policy"] == DESK_PERMISSIONS
    assert set(response.cookies) <= OWN_COOKIES
    assert all(one["httponly"] and one["samesite"] for one in response.cookies.values())


@pytest.fixture
def desk(settings: Settings, region: Gazetteer, public: Client) -> Client:
    """Somebody with every role, logged on at the desk."""
    settings.ROLE = "desk"
    settings.ROOT_URLCONF = "config.urls_desk"
    settings.MIDDLEWARE = configured.DESK_MIDDLEWARE
    password = accounts.create(
        "sam", roles=tuple(Role), lines=("wentzville-pd",), actor="test", now=timezone.now()
    )
    client = Client(raise_request_exception=False)
    enter(client, "sam", password)
    return client


def test_the_walk_meets_the_form_in_both_languages_the_api_and_the_desk() -> None:
    assert {
        *("/", "/es/", "/r/all/", "/es/r/all/", "/back/", "/es/back/", "/exit/"),
        *("/api/v1/tips", "/api/v1/tips/challenge", "/healthz"),
    } <= set(every_address("config.urls_public"))
    assert {"/", "/log-on/", "/lines/wentzville-pd/", "/tips/T-0000-0000/", "/readyz"} <= set(
        every_address("config.urls_desk")
    )


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_every_answer_to_a_resident_keeps_to_itself(
    public: Client, region: Gazetteer, method: str, subtests: pytest.Subtests
) -> None:
    public.raise_request_exception = True
    for address in [*every_address("config.urls_public"), *NOWHERE]:
        with subtests.test(address):
            response: Any = public.generic(method, address + "?who=canary-query")
            assert response.status_code in ANSWERS, address
            check_public(response)
            assert response.headers["Cache-Control"] == "no-store"
            assert b"canary" not in response.content
            assert "canary" not in response.headers.get("Location", "")


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("who", ["staff", "nobody"])
def test_every_answer_of_the_desk_keeps_to_itself(
    desk: Client, who: str, method: str, subtests: pytest.Subtests
) -> None:
    client = desk if who == "staff" else Client()
    for address in [*every_address("config.urls_desk"), *NOWHERE]:
        if address == "/log-off/" and method == "POST":
            continue
        with subtests.test(address):
            response: Any = client.generic(method, address)
            allowed = {200, 301, 302, 400, 401, 403, 404, 405, 409, 422}
            assert response.status_code in allowed, address
            check_desk(response)
            is_kept = who == "staff" and method in {"GET", "HEAD"} and address == BOUNDARIES
            kept = "private, no-cache" if is_kept else "no-store"
            assert response.headers["Cache-Control"] == kept


HARD: dict[str, tuple[int, dict[str, Any]]] = {
    "a body that is too large": (413, {"data": b"x" * 300_000, "content_type": "text/plain"}),
    "another host's name": (400, {"HTTP_HOST": "canary.example"}),
    "a host that is none": (400, {"HTTP_HOST": "a b"}),
}


@pytest.mark.django_db
@pytest.mark.parametrize("what", HARD)
@pytest.mark.parametrize("address", ["/r/all/", "/es/r/all/", "/api/v1/tips", "/static/x.css"])
def test_so_does_every_refusal(public: Client, region: Gazetteer, what: str, address: str) -> None:
    status, given = HARD[what]
    response = public.generic("POST", address, **given)
    assert response.status_code == status
    check_public(response)
    assert response.headers["Cache-Control"] == "no-store"


@pytest.mark.django_db
@pytest.mark.parametrize("what", HARD)
@pytest.mark.parametrize("address", ["/", "/log-on/", "/static/x.css"])
def test_so_does_every_refusal_of_the_desk(desk: Client, what: str, address: str) -> None:
    _status, given = HARD[what]
    response = desk.generic("POST", address, **given)
    assert 400 <= response.status_code < 500
    check_desk(response)


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["public", "desk"])
def test_so_does_what_breaks(
    host: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    client: Client = request.getfixturevalue(host)
    client.raise_request_exception = False

    def breaks() -> None:
        raise ZeroDivisionError("canary-broken")

    monkeypatch.setattr(health, "readiness", breaks)
    response: Any = client.get("/readyz")
    assert response.status_code == 500
    (check_public if host == "public" else check_desk)(response)
    assert b"canary" not in response.content


@pytest.mark.django_db
@pytest.mark.parametrize("host", ["public", "desk"])
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "TRACE"])
def test_so_does_a_static_file(host: str, method: str, request: pytest.FixtureRequest) -> None:
    client: Client = request.getfixturevalue(host)
    response: Any = client.generic(method, "/static/probe.css")
    (check_public if host == "public" else check_desk)(response)
    if method in {"GET", "HEAD"}:
        assert response.status_code == 200
        assert "no-store" not in response.headers["Cache-Control"]
    else:
        assert response.status_code in {403, 404, 405}
        assert response.headers["Cache-Control"] == "no-store"
