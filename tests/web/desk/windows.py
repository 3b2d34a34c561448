"""A browser window on the desk, and what is wrong with the page in it."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.sync_api import Browser, Locator, Page
from pytest_django.live_server_helper import LiveServer

from tests.web.browsing import barriers, bring_axe
from tests.web.desk.entering import code, with_app

SCREENS: list[tuple[int, Literal["light", "dark"]]] = [
    (390, "light"),
    (1280, "dark"),
    (1920, "dark"),
]
JUDGED_AT = {390, 1280}  # axe is slow; at 1920 the console and the width are looked at


@pytest.fixture
def home(desk_host: None, transactional_db: None) -> Iterator[str]:
    """A server of this test alone: the shared one answers as the public host does."""
    server = LiveServer("localhost")
    yield server.url
    # Each closes its database connection as it ends, which it may only while the server lives.
    for thread in threading.enumerate():
        if "process_request_thread" in thread.name:
            thread.join(10)
    server.stop()


class Window:
    """A browser window of somebody who is logged on, and what it complained about."""

    def __init__(self, page: Page, home: str) -> None:
        self.page, self.home = page, home
        self.complaints: list[str] = []
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", lambda said: self._hear(said.text))

    def _hear(self, said: str) -> None:
        if "Content Security Policy" in said or "Refused to" in said:
            self.complaints.append(said)

    def log_on(self, password: str) -> None:
        self.page.goto(f"{self.home}/log-on/")
        self.page.fill("#name", "root")
        self.page.fill("#password", password)
        with_app("root")
        self.press(self.page.locator("button.main"))
        self.page.fill("#code", code("root"))
        self.press(self.page.locator("button.main"))

    def press(self, button: Locator) -> None:
        """Click, and wait for the page that answers: the one before it says nothing any more."""
        with self.page.expect_navigation():
            button.click()

    def picture(self, name: str) -> None:
        """For somebody who wants to look: PICTURES names a folder."""
        if folder := os.environ.get("PICTURES"):
            self.page.screenshot(path=Path(folder) / f"desk-{name}.png", full_page=True)

    def faults(self) -> list[str]:
        """Of the page as it stands on this screen."""
        bring_axe(self.page)
        return [*barriers(self.page), *self._wide(), *self.complaints]

    def faults_everywhere(self, name: str) -> list[str]:
        """Of the page on a phone and on large screens, light and dark; a picture of each."""
        before = self.page.viewport_size
        bring_axe(self.page)
        found = []
        for width, scheme in SCREENS:
            self.page.set_viewport_size({"width": width, "height": 900})
            self.page.emulate_media(color_scheme=scheme)
            here = barriers(self.page) if width in JUDGED_AT else []
            found += [f"{width} {scheme}: {one}" for one in [*here, *self._wide()]]
            self.picture(f"{width}-{scheme}-{name}")
        if before:
            self.page.set_viewport_size(before)
        return [*found, *self.complaints]

    def _wide(self) -> list[str]:
        wide = self.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        return ["scrolls sideways"] if wide else []


OpenWindow = Callable[..., Window]


@pytest.fixture
def open_window(browser: Browser, home: str) -> Iterator[OpenWindow]:
    """Windows that are closed before their server stops."""
    contexts = []

    def open_one(**options: Any) -> Window:
        contexts.append(browser.new_context(**options))
        return Window(contexts[-1].new_page(), home)

    yield open_one
    for context in contexts:
        context.close()
