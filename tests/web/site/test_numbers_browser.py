"""The page of numbers in a real browser: both languages, a phone and a screen, light and dark."""

import os
from datetime import date
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from reports.models import PublishedQuarter
from tests.web.browsing import Visit, barriers, bring_axe
from tipintake.directory.gazetteer import Gazetteer

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

COUNTIES = (
    ("st-louis-county", "St. Louis County"),
    ("st-charles-county", "St. Charles County"),
    ("st-louis-city", "City of St. Louis"),
    ("jefferson-county", "Jefferson County"),
    ("warren-county", "Warren County"),
    ("elsewhere", ""),
)
TOLD = {
    "2025-Q1": (88, 61, 34, 12, None, None, None),
    "2025-Q2": (97, 70, 41, None, None, 15, 240),
    "2025-Q3": (120, 64, 38, 14, None, 18, 262),
    "2025-Q4": (1104, 82, 29, 11, None, 21, 1255),
    "2026-Q1": (109, 77, 45, None, None, None, None),
}
SCREENS: list[tuple[int, Literal["light", "dark"]]] = [
    (320, "light"),
    (390, "dark"),
    (390, "light"),
    (1280, "dark"),
]
YEAR = (1409, 277, 142, None, None, None, None)


def figures(told: tuple[int | None, ...]) -> dict[str, object]:
    rows = [[code, name, n] for (code, name), n in zip(COUNTIES, told, strict=False)]
    return {"rows": rows, "total": told[-1]}


@pytest.mark.parametrize("language", ["", "/es"])
def test_the_page_of_numbers_is_without_a_fault(
    language: str,
    browser: Browser,
    live_server: LiveServer,
    region: Gazetteer,
) -> None:
    for code, told in TOLD.items():
        PublishedQuarter.objects.create(
            quarter=code,
            published_on=date(2026, 7, 1),
            figures=figures(told),
            year_figures=figures(YEAR) if code == "2025-Q4" else None,
        )
    context = browser.new_context()
    visit = Visit(context, live_server.url)
    page = visit.go(f"{language}/numbers/")
    bring_axe(page)
    for width, scheme in SCREENS:
        page.set_viewport_size({"width": width, "height": 844})
        page.emulate_media(color_scheme=scheme)
        assert barriers(page) == [], (width, scheme)
        assert not page.evaluate("document.documentElement.scrollWidth > innerWidth"), width
        if folder := os.environ.get("PICTURES"):
            name = f"numbers-{width}-{scheme}{language.replace('/', '-')}.png"
            page.screenshot(path=Path(folder) / name, full_page=True)
    # By keyboard into the table, which scrolls where it is wide.
    page.locator("[role=region]").first.focus()
    assert page.evaluate("document.activeElement.getAttribute('role')") == "region"
    with page.expect_download() as waiting:
        page.locator("main a[download]").click()
    assert waiting.value.suggested_filename == "numbers.csv"
    visit.assert_clean()
    context.close()
