"""Maps and patterns in a real browser: with a script, without one, and never from outside."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.web.desk.conftest import Lines, MakeTip, See
from tests.web.desk.test_map_page import land, pin
from tests.web.desk.windows import OpenWindow
from tipintake.directory.models import BoundaryDataset
from tipintake.staff import accounts
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

__all__ = ["land"]  # fixtures

pytestmark = pytest.mark.browser


@pytest.fixture
def tip(make_tip: MakeTip, see: See, lines: Lines, land: BoundaryDataset) -> Tip:
    one, other, far = (make_tip("wentzville-pd") for _ in range(3))
    see(one)
    pin(one)
    pin(other, lat=38.8124)
    pin(far, lat=38.7, lon=-90.4, accuracy_m=900)
    return one


def password() -> str:
    return accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())


def test_maps_and_patterns_are_without_a_fault(open_window: OpenWindow, tip: Tip) -> None:
    window = open_window()
    window.log_on(password())
    for name, path in (
        ("map", "/map/?line=wentzville-pd"),
        ("tip-map", f"/tips/{tip.reference}/"),
        ("line-week", "/lines/wentzville-pd/"),
    ):
        window.page.goto(window.home + path)
        if "line" not in name:
            expect(window.page.locator("[data-ready]")).to_have_count(1)
        for fold in window.page.query_selector_all("details"):
            fold.evaluate("fold => { fold.open = true }")
        assert window.faults_everywhere(name) == [], path


def test_a_mark_leads_to_its_tips_and_nothing_comes_from_outside(
    open_window: OpenWindow, tip: Tip
) -> None:
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password())
    page, asked = window.page, []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{window.home}/map/?line=wentzville-pd")
    expect(page.locator("[data-ready]")).to_have_count(1)
    expect(page.locator(".map > svg")).to_be_hidden()
    expect(page.locator(".leaflet-container path.area")).to_have_count(2)
    expect(page.locator(".count-mark")).to_have_text("2")
    page.locator("path.spot").first.click(force=True)
    with page.expect_navigation():
        page.locator(".leaflet-popup a", has_text=tip.reference).click()
    assert page.url == f"{window.home}/tips/{tip.reference}/"
    assert [url for url in asked if not url.startswith((window.home, "data:"))] == []
    assert window.complaints == []


def test_when_the_boundaries_do_not_come_the_drawing_stays(
    open_window: OpenWindow, tip: Tip
) -> None:
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password())
    window.page.route("**/map/boundaries.json", lambda route: route.abort())
    window.page.goto(f"{window.home}/map/?line=wentzville-pd")
    expect(window.page.locator(".leaflet-container")).to_have_count(0)
    expect(window.page.locator(".map > svg")).to_be_visible()


def test_without_a_script_the_drawing_and_the_tables_say_the_same(
    open_window: OpenWindow, tip: Tip
) -> None:
    window = open_window(java_script_enabled=False)
    window.log_on(password())
    page = window.page
    page.goto(f"{window.home}/map/?line=wentzville-pd")
    figure = page.locator(".map > svg")
    expect(figure).to_be_visible()
    expect(figure.locator("circle.spot")).to_have_count(2)
    expect(figure.locator("text.many")).to_have_text("2")
    page.locator("summary", has_text="As a table").first.click()
    rows = page.locator(".as-table").first.locator("tbody tr")
    expect(rows).to_have_count(2)
    expect(rows.first).to_contain_text("middle of 2 points")
    expect(page.locator("svg.week")).to_be_visible()
    with page.expect_navigation():
        page.select_option("#map-line", "")
        page.get_by_role("button", name="Show").click()
    expect(page.locator("main")).to_contain_text("newest tips of every line")
