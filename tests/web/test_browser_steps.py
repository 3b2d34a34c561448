"""The form in steps, in a real browser: nothing is lost on the way, and nothing is left behind."""

import gzip
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.contrib.staticfiles.finders import find
from playwright.sync_api import Browser, CDPSession, Locator, Page, ViewportSize, expect
from pytest_django.live_server_helper import LiveServer

from tests.tips.photos import FILE_NAME, PHONE_PICTURE
from tests.web.browsing import Visit
from tests.web.every_state import FILLED, MISTAKES, OWN_PHONE, WORDS, opened
from tipintake.directory.gazetteer import Gazetteer
from tipintake.tips.models import Tip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SCREENS = [
    (320, 640, "", True),
    (320, 640, "/es", False),
    (390, 844, "/es", True),
    (390, 844, "", False),
    (1280, 900, "", True),
    (1280, 900, "/es", False),
]
MOST_FIRST_PAGE, MOST_JOURNEY = 20_000, 42_000

Open = Callable[..., Visit]


@pytest.fixture
def open_visit(
    browser: Browser, live_server: LiveServer, region: Gazetteer, steps: str
) -> Iterator[Open]:
    contexts = []

    def open_one(**options: Any) -> Visit:
        contexts.append(browser.new_context(**options))
        return Visit(contexts[-1], live_server.url)

    yield open_one
    for context in contexts:
        context.close()


def to_step(visit: Visit, number: int) -> Page:
    """From the first page to this step, each before it filled in."""
    page = visit.go("/")
    visit.follow(page.locator("main a.button").first)
    opened(page)
    for fill in FILLED[: number - 1]:
        fill(page)
        visit.press("continue")
    return page


@pytest.mark.parametrize(("width", "height", "language", "scripts"), SCREENS)
def test_the_whole_journey(
    open_visit: Open, width: int, height: int, language: str, scripts: bool
) -> None:
    screen = ViewportSize(width=width, height=height)
    visit = open_visit(viewport=screen, java_script_enabled=scripts)
    page = visit.go(f"{language}/")
    visit.follow(page.locator("main a.button").first)
    opened(page)
    assert visit.context.cookies() == []
    for fill in FILLED:
        fill(page)
        visit.press("continue")
    assert OWN_PHONE not in page.inner_text(".words")
    visit.press("send")
    assert page.locator(".code").is_visible()
    assert Tip.objects.get().vehicles.get().plate_raw == "AB1?23"
    visit.assert_clean()


@pytest.mark.parametrize(("number", "mistake"), MISTAKES.items())
def test_an_error_on_a_step_is_reached_first_and_holds_no_barrier(
    open_visit: Open, number: int, mistake: Callable[[Page], None]
) -> None:
    visit = open_visit()
    page = to_step(visit, number)
    mistake(page)
    visit.press("continue")
    assert f"/r/{number}/" in page.url
    expect(page.locator("#faults")).to_be_focused()
    visit.assert_accessible()
    page.locator("#faults a").first.click()
    assert page.evaluate("document.activeElement.closest('form') !== null")


def test_back_from_any_step_loses_nothing(open_visit: Open) -> None:
    visit = open_visit(java_script_enabled=False)
    page = to_step(visit, 5)
    for number in (4, 3, 2, 1):
        visit.press("back")
        assert f"/r/{number}/" in page.url
    assert page.is_checked("input[name=category][value=SEX_TRAFFICKING]")
    for _ in range(4):
        page.go_back()
    page.goto(f"{visit.home}/r/2/")
    assert page.input_value("[name=narrative]") == WORDS


def test_titles_and_addresses_tell_nothing(open_visit: Open) -> None:
    visit = open_visit()
    page = to_step(visit, 1)
    seen = []
    for fill in FILLED:
        seen.append((page.url.removeprefix(visit.home), page.title()))
        fill(page)
        visit.press("continue")
    seen.append((page.url.removeprefix(visit.home), page.title()))
    assert [path.partition("#")[0] for path, _title in seen] == [
        *(f"/r/{number}/" for number in range(1, 6)),
        "/r/check/",
    ]
    assert all(title.startswith("Community page") for _path, title in seen)


def test_pictures_are_chosen_last_and_travel(open_visit: Open, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(PHONE_PICTURE)
    visit = open_visit(java_script_enabled=False)
    page = to_step(visit, 6)
    page.set_input_files("#photos", tmp_path / FILE_NAME)
    visit.press("send")
    assert "Removed: camera data (EXIF), GPS position" in page.inner_text("main")
    assert Tip.objects.get().attachments.count() == 1


def test_little_travels(
    browser: Browser, live_server: LiveServer, region: Gazetteer, steps: str
) -> None:
    """Bytes over the wire, headers too, for the first page and for the journey to the receipt.

    In a window that nobody listens in on: where requests are caught nothing comes from the cache.
    Style and script travel compressed in an installation; here they are weighed so.
    """
    context = browser.new_context()
    page = context.new_page()
    wire = Wire(context.new_cdp_session(page))

    def follow(way: Locator) -> None:
        with page.expect_navigation(wait_until="networkidle"):
            way.click()

    page.goto(f"{live_server.url}/", wait_until="networkidle")
    assert 0 < wire.weighed() <= MOST_FIRST_PAGE
    follow(page.locator("main a.button").first)
    opened(page)
    for fill in FILLED:
        fill(page)
        follow(page.locator("main button[value=continue]"))
    follow(page.locator("main button[value=send]"))
    context.close()
    assert wire.weighed() <= MOST_JOURNEY


class Wire:
    """What travelled: each answer's bytes, by its address."""

    def __init__(self, session: CDPSession) -> None:
        self.addresses: dict[str, str] = {}
        self.sizes: list[tuple[str, int]] = []
        session.send("Network.enable")
        session.on("Network.responseReceived", self._begun)
        session.on("Network.loadingFinished", self._done)

    def _begun(self, event: dict[str, Any]) -> None:
        self.addresses[event["requestId"]] = event["response"]["url"]

    def _done(self, event: dict[str, Any]) -> None:
        address = self.addresses.get(event["requestId"], "")
        self.sizes.append((address, int(event["encodedDataLength"])))

    def weighed(self) -> int:
        return sum(size - self._saved(address) for address, size in self.sizes if size)

    def _saved(self, address: str) -> int:
        found = find(address.rpartition("/static/")[2]) if "/static/" in address else None
        if not isinstance(found, str):
            return 0
        plain = Path(found).read_bytes()
        return len(plain) - len(gzip.compress(plain))
