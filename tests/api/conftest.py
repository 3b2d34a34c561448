import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.anonymity import AnonymityMiddleware

Send = Callable[..., Any]


@pytest.fixture(autouse=True)
def cookies_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie on a resident's page fails the test that asked for the page."""
    monkeypatch.setattr(AnonymityMiddleware, "raises", True)


@pytest.fixture
def public() -> Client:
    """The public host; an unforeseen exception fails the test."""
    return Client()


@pytest.fixture
def post(public: Client) -> Send:
    """Send a value as JSON."""

    def send(path: str, value: Any, **headers: str) -> Any:
        ask: Send = public.generic
        return ask("POST", path, json.dumps(value), "application/json", **headers)

    return send


@pytest.fixture
def send_tip(post: Send, region: Gazetteer) -> Send:
    """Send a tip to an installation with a region."""

    def send(value: Any, **headers: str) -> Any:
        return post("/api/v1/tips", value, **headers)

    return send


def pointers(response: Any) -> dict[str, str]:
    """Where a problem says something is to be mended, and its code there."""
    assert response.headers["Content-Type"] == "application/problem+json"
    return {error["pointer"]: error["code"] for error in response.json()["errors"]}
