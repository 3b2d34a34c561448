"""Every page and every state of one, as residents meet them, in a real browser.

In Spanish with scripts and in English without, on a small phone, a phone and a desk.
PICTURES=folder keeps a picture of each, light and dark.
"""

import os
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from tests.web.browsing import PHONE, SHIFTS, Visit, barriers, bring_axe
from tests.web.every_state import Walk
from tipintake.directory.gazetteer import Gazetteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = {1280: 900, 320: 640, 390: 844}  # the phone last: on it the walk goes on
# At 320 it is seen whether anything scrolls sideways.
JUDGED_AT = (1280, 390)
LEAVES = {"exit"}  # a page that is not of the journey any more
TELLING = ("traffick", "trata", "tip", "aviso", "polic", "report", "victim", "code")
SHIFTED = 0.01
THUMB = 44
TOO_SMALL = """
least => [...document.querySelectorAll("button, summary, .button, .choice, .exit, select")]
  .filter(one => one.checkVisibility({visibilityProperty: true}))
  .filter(one => { const box = one.getBoundingClientRect();
                   return box.width > 1 && box.height < least; })
  .map(one => one.outerHTML.slice(0, 120))
"""
SAID_TWICE = """
() => {
  const title = document.querySelector("h1").innerText;
  const leads = [...document.querySelectorAll("main .lead, .danger")].map(one => one.innerText);
  return leads.filter(one => one.includes(title) || one.match(/911/g)?.length > 1);
}
"""
PRIMARY = "main .button:not(.quiet):visible"


# axe needs scripts: it judges in the language of the longer words.
@pytest.mark.parametrize(
    ("language", "scripts"), [("/es", True), ("", False)], ids=["scripts-es", "plain"]
)
def test_every_page_and_state_of_one(
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
    """No barrier, nothing that scrolls sideways or moves, one next step, nothing telling kept."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=scripts)
    visit = Visit(context, live_server.url)
    walk = Walk(visit, language, settings, monkeypatch, tmp_path)
    seen = []
    for at, name in enumerate(walk.everything()):
        seen.append(name)
        look(visit, name, at, scripts=scripts)
    assert len(seen) == len(set(seen)) > 50
    assert visit.foreign == []
    assert visit.complaints == []
    context.close()


def look(visit: Visit, name: str, at: int, *, scripts: bool) -> None:
    page = visit.page
    if scripts:
        assert page.evaluate(SHIFTS) < SHIFTED, name
    if name not in LEAVES:
        assert page.locator(PRIMARY).count() == 1, name
    assert not any(word in page.title().lower() for word in TELLING), name
    assert all(one["expires"] == -1 for one in visit.context.cookies()), name
    assert page.evaluate(TOO_SMALL, THUMB) == [], name
    assert page.evaluate(SAID_TWICE) == [], name
    if scripts:
        bring_axe(page)
    for turn, (width, height) in enumerate(SCREENS.items()):
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if (at + turn) % 2 else "light")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (name, width)
        if scripts and width in JUDGED_AT:
            assert barriers(page) == [], (name, width)
        keep_picture(page, name, width, language=page.get_attribute("html", "lang") or "")
    page.emulate_media(color_scheme="light")


def keep_picture(page: Page, name: str, width: int, *, language: str) -> None:
    folder = os.environ.get("PICTURES")
    if not folder:
        return
    for scheme in ("light", "dark") if width == PHONE["width"] else ("light",):
        page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
        picture = Path(folder) / f"{language}-{width}-{scheme}-{name}.png"
        page.screenshot(path=picture, full_page=True)
