"""A resident's browser, and what keeps unfinished reports: a broker of the tests' own.

Set REQUIRE_BROWSER=1 where Chromium must be there: its absence is then a failure.
"""

import importlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation
from django.utils.translation import trans_real
from playwright.sync_api import Browser, sync_playwright
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.pipeline.house import broker
from tests.web.browsing import (
    CHROMIUM,
    PHONE,
    QUIET,
    Visit,
    has_shared_memory,
    keep_to_the_page,
)
from tipintake.directory.gazetteer import Gazetteer

BEFORE, AFTER = "⟦", "⟧"  # around a text in a language that nobody speaks


@pytest.fixture(scope="session")
def broker_url() -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="tipintake-broker-"))  # a socket's path must be short
    here = folder / "valkey.sock"
    with broker("--port", "0", "--unixsocket", str(here)):
        yield f"redis+socket://{here}"
    shutil.rmtree(folder)


@pytest.fixture
def steps(broker_url: str, settings: Settings) -> str:
    """The broker that keeps unfinished reports in this test."""
    settings.REDIS_URL = broker_url
    return broker_url


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        if os.environ.get("REQUIRE_BROWSER") == "1":
            pytest.fail(f"REQUIRE_BROWSER=1 and there is no browser at {CHROMIUM}")
        pytest.skip(f"NO BROWSER: {CHROMIUM} is missing, so no page was seen in one")
    patch = pytest.MonkeyPatch()
    # Playwright runs an event loop in this thread; Django would refuse the database beside it.
    patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "1")
    with sync_playwright() as play, tempfile.TemporaryDirectory(prefix="browser-") as folder:
        keep_to_the_page(Path(folder))
        own = play.chromium.launch_persistent_context(
            folder,
            executable_path=CHROMIUM,
            args=QUIET,
            ignore_default_args=["--disable-dev-shm-usage"] if has_shared_memory() else None,
        )
        assert own.browser is not None
        yield own.browser
        own.close()
    patch.undo()


@pytest.fixture
def visit(browser: Browser, live_server: LiveServer, region: Gazetteer) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE)
    yield Visit(context, live_server.url)
    context.close()


@pytest.fixture
def plain_visit(browser: Browser, live_server: LiveServer, region: Gazetteer) -> Iterator[Visit]:
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    yield Visit(context, live_server.url)
    context.close()


def pseudo(text: str) -> str:
    """A third longer, between brackets; places for values stay."""
    return f"{BEFORE}{text}{'·' * (len(text) // 3)}{AFTER}" if text.strip() else text


@pytest.fixture
def nobodys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every marked text comes out of the catalogue as `pseudo` writes it."""
    # A module that were read only now would keep its marked texts so for all later tests.
    importlib.import_module(settings.ROOT_URLCONF)
    called = vars(translation)["_trans"]  # what templates and code call
    for name in ("gettext", "gettext_noop"):
        monkeypatch.setattr(called, name, pseudo)
        monkeypatch.setattr(trans_real, name, pseudo)
    monkeypatch.setattr(called, "pgettext", lambda _context, text: pseudo(text))
    monkeypatch.setattr(
        called, "ngettext", lambda one, many, number: pseudo(one if number == 1 else many)
    )
