"""The map that a resident may ask for: drawn by a script of this site, never from the device."""

import pytest
from playwright.sync_api import Page, expect

from tests.web.browsing import PHONE, Visit, barriers, bring_axe
from tests.web.report.test_where import land
from tipintake.directory.models import BoundaryDataset

__all__ = ["land"]  # a fixture

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PIN = ("lat", "lon", "accuracy_m", "pinned")
# Whoever asks the device where it is, is caught.
WATCHED = """
for (const name of ["getCurrentPosition", "watchPosition"]) {
  navigator.geolocation[name] = () => { throw new Error("asked the device"); };
}
"""


def values(page: Page) -> list[str]:
    return [page.input_value(f"[name=locations-0-{name}]") for name in PIN]


def opened(visit: Visit, language: str = "") -> Page:
    page = visit.go(f"{language}/r/all/")
    page.locator("#locations details").last.locator("summary").click()
    page.locator("[data-map]").click()
    expect(page.locator(".map[data-ready]")).to_be_visible()
    return page


@pytest.mark.parametrize("language", ["", "/es"])
def test_a_pin_is_dropped_on_the_scene(visit: Visit, land: BoundaryDataset, language: str) -> None:
    visit.page.add_init_script(WATCHED)
    page = opened(visit, language)
    page.locator(".map").click(position={"x": 120, "y": 150})
    lat, lon, accuracy, pinned = values(page)
    assert 38.7 < float(lat) < 38.9
    assert -91.0 < float(lon) < -90.7
    assert int(accuracy) >= 25
    assert pinned == "1"
    bring_axe(page)
    assert barriers(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.locator(".map-acts button").last.click()
    assert values(page) == ["", "", "", ""]
    page.locator(".map-acts button").first.press("Enter")  # by keyboard: the middle of the map
    assert values(page)[3] == "1"
    visit.assert_clean()


def test_a_number_corrected_by_hand_is_no_pin_any_more(
    visit: Visit, land: BoundaryDataset
) -> None:
    page = opened(visit)
    page.locator(".map-acts button").first.click()
    page.fill("[name=locations-0-lat]", "38.8")
    assert values(page)[3] == ""


def test_nothing_of_the_map_is_loaded_before_it_is_asked_for(
    visit: Visit, land: BoundaryDataset
) -> None:
    asked: list[str] = []
    visit.page.on("request", lambda request: asked.append(request.url))
    page = visit.go("/r/all/")
    page.locator("#locations details").last.locator("summary").click()
    expect(page.locator("[data-map]")).to_be_visible()
    assert not any("leaflet" in url or "map" in url for url in asked)
    page.locator("[data-map]").click()
    expect(page.locator(".map[data-ready]")).to_be_visible()
    assert any("leaflet" in url for url in asked)
    visit.assert_clean()


def test_when_the_map_does_not_come_it_is_said(visit: Visit, land: BoundaryDataset) -> None:
    visit.page.route("**/map/areas.js", lambda route: route.abort())
    page = visit.go("/r/all/")
    page.locator("#locations details").last.locator("summary").click()
    page.locator("[data-map]").click()
    expect(page.get_by_text("The map did not come. Your words are enough.")).to_be_visible()


def test_without_scripts_words_are_asked_for_instead(
    plain_visit: Visit, land: BoundaryDataset
) -> None:
    page = plain_visit.go("/r/all/")
    page.locator("#locations details").last.locator("summary").click()
    assert not page.locator("[data-map]").is_visible()
    assert page.get_by_text("Say in your own words what is next to it").is_visible()
