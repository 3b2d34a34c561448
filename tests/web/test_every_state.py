"""Every page and every state of one, as residents meet them, in a real browser."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, ViewportSize
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.web.browsing import Visit
from tests.web.every_state import Walk
from tipintake.directory.gazetteer import Gazetteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = {390: 844, 320: 640, 1280: 900}


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("scripts", [True, False])
def test_album(
    browser: Browser,
    live_server: LiveServer,
    region: Gazetteer,
    steps: str,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    language: str,
    scripts: bool,
) -> None:
    context = browser.new_context(
        viewport=ViewportSize(width=390, height=844), java_script_enabled=scripts
    )
    visit = Visit(context, live_server.url)
    walk = Walk(visit, language, settings, monkeypatch, tmp_path)
    folder = os.environ["PICTURES"]
    log = open(f"{folder}/log{language.strip('/')}{scripts}.txt", "w")
    since = time.time()
    for name in walk.everything():
        page = visit.page
        t = time.time() - since
        for width, height in SCREENS.items():
            page.set_viewport_size(ViewportSize(width=width, height=height))
            s = page.evaluate("document.documentElement.scrollWidth")
            if s > width:
                print("WIDE", name, width, s, file=log)
            for scheme in ("light", "dark"):
                if scripts and (width == 390 or scheme == "light"):
                    page.emulate_media(color_scheme=scheme)
                    page.screenshot(
                        path=f"{folder}/{language.strip('/') or 'en'}-{width}-{scheme}-{name}.png",
                        full_page=True,
                    )
        t1 = time.time()
        try:
            visit.assert_accessible()
        except AssertionError as e:
            print("AXE", name, str(e)[:1500], file=log)
        print(
            name,
            page.url,
            page.title(),
            round(t, 2),
            round(time.time() - t1, 2),
            file=log,
            flush=True,
        )
        page.set_viewport_size(ViewportSize(width=390, height=844))
        since = time.time()
    print(visit.foreign, visit.complaints, context.cookies(), file=log)
    context.close()
