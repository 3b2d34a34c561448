"""Every address of the public host, with every method: the same headers, and never a cookie."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver
from django.utils import translation

from tests.door.test_headers import check_fixed
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.headers import PUBLIC_CSP, PUBLIC_CSP_WITH_SCRIPT

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "BREW")


def addresses(patterns: Sequence[URLPattern | URLResolver], prefix: str = "/") -> Iterator[str]:
    for pattern in patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        else:
            yield route


def every_address() -> list[str]:
    found: set[str] = set()
    for language in ("en", "es"):
        with translation.override(language):
            found |= set(addresses(get_resolver("config.urls_public").url_patterns))
    return sorted(found)


def test_the_walk_meets_the_form_in_both_languages_and_the_api() -> None:
    assert {"/", "/es/", "/r/all/", "/es/r/all/", "/api/v1/tips", "/healthz"} <= set(
        every_address()
    )


@pytest.mark.django_db
@pytest.mark.parametrize("method", METHODS)
def test_every_answer_keeps_to_itself(
    public: Client, region: Gazetteer, method: str, subtests: pytest.Subtests
) -> None:
    for address in [*every_address(), "/nowhere/", "/es/nowhere/", "/static/nowhere.js"]:
        with subtests.test(address):
            response: Any = public.generic(method, address + "?who=canary-query")
            assert response.status_code in {200, 201, 400, 404, 405, 415, 422}, address
            check_fixed(response)
            assert response.headers["Content-Security-Policy"] in {
                PUBLIC_CSP,
                PUBLIC_CSP_WITH_SCRIPT,
            }
            assert response.headers["Cache-Control"] == "no-store"
            assert b"canary" not in response.content
