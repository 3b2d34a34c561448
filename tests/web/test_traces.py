"""What a browser still holds after somebody left, or went back: measured, and told in the docs.

WRITE_TRACES=1 .venv/bin/pytest tests/web/test_traces.py     writes the tables anew
"""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from playwright.sync_api import Browser, BrowserContext, Error, Page
from pytest_django.live_server_helper import LiveServer
from redis import Redis

from tests.web.browsing import PHONE
from tests.web.every_state import FILLED, OWN_PHONE, opened
from tipintake.directory.gazetteer import Gazetteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

DOCS = Path(django_settings.BASE_DIR) / "docs" / "reference" / "traces.md"
TYPED = ("locked in room 214", OWN_PHONE, "Budget Inn", "AB1?23", "Joan Example", "Wentzville")
STEPS = ("/", "/r/1/", "/r/2/", "/r/3/", "/r/4/", "/r/5/", "/r/check/", "the receipt")
CACHED = """
async paths => {
  let found = 0;
  for (const path of paths) {
    try { if ((await fetch(path, {cache: "only-if-cached", mode: "same-origin"})).ok) found += 1; }
    catch { /* not there */ }
  }
  return found;
}
"""
STORED = """
async () => localStorage.length + sessionStorage.length
  + (await caches.keys()).length + (await indexedDB.databases()).length
"""


@dataclass
class Window:
    """A browser window in which nobody listens in: what is caught comes from no cache."""

    context: BrowserContext
    page: Page
    home: str
    broker: Redis
    opened: list[str] = field(default_factory=lambda: ["/static/site.css", "/static/site.js"])

    def press(self, selector: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(selector).last.click()
        self.opened.append(urlsplit(self.page.url).path)

    def leave(self) -> None:
        """By our own button, and until the browser has fetched the last of where that leads."""
        self.press("#exit")
        self.page.wait_for_load_state("networkidle")

    def to(self, step: str) -> None:
        """In a new tab, so that its history is of this visit alone."""
        self.page.close()
        self.page = self.context.new_page()
        self.page.goto(f"{self.home}/")
        self.opened.append("/")
        if step == "/":
            return
        self.press("main a.button:not(.quiet)")
        opened(self.page)
        for fill in FILLED[: STEPS.index(step) - 1]:
            fill(self.page)
            self.press("main button[value=continue]")
        if step == "the receipt":
            self.press("main button[value=send]")
        elif step.startswith("/r/") and step != "/r/check/":
            FILLED[STEPS.index(step) - 1](self.page)  # typed, and not sent to anybody

    def left(self) -> tuple[str, ...]:
        """Address and title, and what is kept: cookies, storage, cached files, at the server."""
        kept = [bytes(key) for key in self.broker.scan_iter("unfinished:*")]
        return (
            urlsplit(self.page.url).path,
            self.page.title(),
            str(len(self.context.cookies())),
            str(self.page.evaluate(STORED)),
            str(self.page.evaluate(CACHED, self.opened)),
            str(len(kept)),
        )

    def history(self) -> str:
        found: Any = self.context.new_cdp_session(self.page).send("Page.getNavigationHistory")
        before = found["entries"][: found["currentIndex"]]
        paths = [urlsplit(one["url"]).path for one in before if "://" in one["url"]]
        titles = {one["title"].partition(":")[0] for one in found["entries"] if one["title"]}
        assert titles <= {"Community page", "Weather"}
        return " ".join(paths) or "none"

    def back(self) -> tuple[str, str]:
        """Where the browser's own Back leads, and how many of the answers stand there."""
        try:
            self.page.go_back(wait_until="networkidle")
        except Error:  # the page before was the answer to a form, and none is kept
            return "the browser's own page: send the form again?", "0"
        self.page.wait_for_function("document.readyState === 'complete'")
        shown = self.page.content() + str(
            self.page.eval_on_selector_all("input, textarea", "all => all.map(one => one.value)")
        )
        ticked = self.page.locator("input:checked").count()
        path = urlsplit(self.page.url).path
        where = f"{path}: {self.page.inner_text('h1')}" if path.startswith("/") else "an empty tab"
        return where, str(ticked + sum(words in shown for words in TYPED))


@pytest.fixture
def window(
    browser: Browser, live_server: LiveServer, region: Gazetteer, steps: str, request: Any
) -> Iterator[Window]:
    # The page's own rules forbid scripts to ask for anything, also this test's.
    context = browser.new_context(
        viewport=PHONE, java_script_enabled=request.param, bypass_csp=True
    )
    broker = Redis.from_url(steps.replace("redis+socket://", "unix://"))
    broker.flushall()
    yield Window(context, context.new_page(), live_server.url, broker)
    broker.close()
    context.close()


def rows(made: dict[str, tuple[str, ...]]) -> str:
    return "\n".join(f"| {' | '.join((step, *row))} |" for step, row in made.items())


@pytest.mark.parametrize("window", [True, False], ids=["scripts", "plain"], indirect=True)
def test_after_leaving_from_any_page(window: Window, request: pytest.FixtureRequest) -> None:
    made: dict[str, tuple[str, ...]] = {}
    for step in STEPS:
        window.to(step)
        window.leave()
        found = window.left()
        assert found[:2] == ("/exit/", "Weather")
        assert set(found[2:]) == {"0"}, (step, found)
        assert all(words not in window.page.content() for words in TYPED)
        history = window.history()
        where, answers = window.back()
        assert answers == "0", step
        made[step] = (*found, history, where, answers)
    told(request.node.callspec.id, "leaving", rows(made))


@pytest.mark.parametrize("window", [False], ids=["plain"], indirect=True)
def test_after_back_on_any_page(window: Window) -> None:
    """The browser's own Back: the step before, with all its words, until they are sent or left."""
    made: dict[str, tuple[str, ...]] = {}
    for step in STEPS[1:]:
        window.to(step)
        where, answers = window.back()
        _path, title, cookies, stored, _cached, kept = window.left()
        made[step] = (where, title, cookies, stored, kept, answers)
        window.press("#exit")
    assert made["/r/4/"][0].startswith("/r/3/")
    assert made["the receipt"][-1] == "0"
    told("plain", "back", rows(made))


@pytest.mark.parametrize("window", [False], ids=["plain"], indirect=True)
def test_a_closed_tab_opens_again_in_the_same_browser_and_the_pages_say_so(window: Window) -> None:
    window.to("/r/3/")
    assert "Closing the tab is not enough" in shown(window, "/r/1/")
    assert "Closing the tab is not enough" in shown(window, "/privacy/")
    assert "Do not only close the tab" in shown(window, "/safety/")
    assert "locked in room 214" in shown(window, "/r/2/")
    window.page.goto(f"{window.home}/r/2/")
    window.leave()
    assert "locked in room 214" not in shown(window, "/r/2/")


def shown(window: Window, path: str) -> str:
    """A page, in a tab that was opened after the last one was closed."""
    window.page.close()
    window.page = window.context.new_page()
    window.page.goto(f"{window.home}{path}")
    return window.page.content()


def told(how: str, name: str, table: str) -> None:
    """The page of the docs holds this very table."""
    begin, end = f"<!-- {name} {how} -->\n", f"\n<!-- end of {name} {how} -->"
    text = DOCS.read_text("utf-8")
    before, _begin, rest = text.partition(begin)
    stands, _end, after = rest.partition(end)
    assert _begin, f"docs/reference/traces.md has no {begin!r}"
    assert _end
    head = "\n".join(stands.splitlines()[:2])
    if os.environ.get("WRITE_TRACES"):
        DOCS.write_text(f"{before}{begin}{head}\n{table}{end}{after}", "utf-8")
    else:
        assert stands == f"{head}\n{table}", "WRITE_TRACES=1 writes the tables anew"
