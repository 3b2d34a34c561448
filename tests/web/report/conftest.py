from collections.abc import Callable

import pytest
from django.test import Client

from tests.web.residents import Resident
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.anonymity import AnonymityMiddleware


@pytest.fixture(autouse=True)
def cookies_raise(monkeypatch: pytest.MonkeyPatch) -> None:
    """A cookie on a resident's page fails the test that asked for the page."""
    monkeypatch.setattr(AnonymityMiddleware, "raises", True)


@pytest.fixture
def resident(region: Gazetteer) -> Resident:
    return Resident(Client())


@pytest.fixture
def resident_in(region: Gazetteer) -> Callable[[str], Resident]:
    return lambda language: Resident(Client(), language=language)
