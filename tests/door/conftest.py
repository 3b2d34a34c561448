from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from pytest_django import Settings

from tipintake.door.anonymity import AnonymityMiddleware


@pytest.fixture(autouse=True)
def cookies_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie on a resident's page fails the test that asked for the page."""
    monkeypatch.setattr(AnonymityMiddleware, "raises", True)


@pytest.fixture
def public(static_root: Path) -> Client:
    """The public host, answering failures as it does in service."""
    (static_root / "probe.css").write_text("p{}")
    return Client(raise_request_exception=False)


@pytest.fixture
def probe(settings: Settings, public: Client) -> Callable[..., Any]:
    """Ask one of the views in probes.py through the whole of the middleware."""
    settings.ROOT_URLCONF = "tests.door.probes"
    return public.generic
