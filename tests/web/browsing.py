"""A resident's browser window, and everything it did that no resident's page may do."""

import json
import os
import shutil
from pathlib import Path

import axe_playwright_python
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Route,
    ViewportSize,
)

CHROMIUM = Path(os.environ.get("CHROMIUM", "/usr/bin/chromium"))
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Else it reads every form for what it might fill in, asks its maker about each, and takes a third
# longer for a page. No test is about that.
FILLS_IN_NOTHING = {
    "autofill": {"enabled": False, "profile_enabled": False, "credit_card_enabled": False},
    "credentials_enable_service": False,
}
SHARED_MEMORY = Path("/dev/shm")
ENOUGH = 2 * 1024**3  # for several browsers at once; in a container it may be 64 MB
PHONE = ViewportSize(width=390, height=844)
WCAG = {
    "runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]},
    "resultTypes": ["violations"],  # of what is in order it need not tell
}
AXE = Path(axe_playwright_python.__file__).parent / "axe.min.js"
SHIFTS = """
() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => {
    for (const one of list.getEntries()) if (!one.hadRecentInput) sum += one.value;
  }).observe({type: "layout-shift", buffered: true});
  requestAnimationFrame(() => requestAnimationFrame(() => done(sum)));
})
"""
TO_THE_TOP = """
() => new Promise(done => requestAnimationFrame(() => {
  scrollTo({top: 0, behavior: "instant"});
  requestAnimationFrame(done);
}))
"""


def keep_to_the_page(profile: Path) -> None:
    """Settings of a browser that is to start with this folder."""
    settings = profile / "Default" / "Preferences"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(FILLS_IN_NOTHING), "utf-8")


def has_shared_memory() -> bool:
    """Whether pictures of pages may go there, and not through files on the disk."""
    return SHARED_MEMORY.is_dir() and shutil.disk_usage(SHARED_MEMORY).free > ENOUGH


def from_its_top(page: Page) -> None:
    """Scrolled as far as a page opens at: what lies under a bar that stays is no fault of it."""
    page.evaluate(TO_THE_TOP)


def bring_axe(page: Page) -> None:
    """Once for a page that is looked at several times; `barriers` then says what it finds."""
    page.wait_for_load_state("load")
    page.evaluate(AXE.read_text("utf-8"))


def barriers(page: Page) -> list[str]:
    from_its_top(page)
    found = page.evaluate(
        "options => axe.run(document, options).then(found => found.violations.map("
        "one => `${one.id}: ${one.nodes[0].html.slice(0, 160)} ${one.nodes[0].failureSummary}`))",
        WCAG,
    )
    return list(found)


class Visit:
    """One browser window, and everything it did that no resident's page may do."""

    def __init__(self, context: BrowserContext, home: str) -> None:
        self.home = home
        self.context = context
        self.foreign: list[str] = []
        self.complaints: list[str] = []
        context.route("**/*", self._own_only)
        self.page = context.new_page()
        self.page.on("console", self._hear)
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _own_only(self, route: Route) -> None:
        if route.request.url.startswith(self.home):
            route.continue_()
        else:
            self.foreign.append(route.request.url)
            route.abort()

    def _hear(self, message: ConsoleMessage) -> None:
        if "Content Security Policy" in message.text or "Refused to" in message.text:
            self.complaints.append(message.text)

    def go(self, path: str) -> Page:
        self.page.goto(self.home + path)
        return self.page

    def press(self, act: str) -> None:
        self.follow(self.page.locator(f"main button[name=do][value={act}]").last)

    def follow(self, way: Locator) -> None:
        """Click, and wait for the page that answers: the one before it says nothing any more."""
        with self.page.expect_navigation():
            way.click()

    def send(self) -> None:
        """A person who was too fast is asked to press again, and does."""
        for _ in range(20):
            self.press("send")
            if self.page.locator(".code").count():
                return
        raise AssertionError(self.page.inner_text("main"))

    def assert_clean(self) -> None:
        assert self.foreign == []
        assert self.complaints == []
        assert self.context.cookies() == []

    def assert_accessible(self) -> None:
        bring_axe(self.page)
        assert barriers(self.page) == []
