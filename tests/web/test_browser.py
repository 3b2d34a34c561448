"""The resident's journey in a real browser, with scripts and without, on a small screen.

Set REQUIRE_BROWSER=1 where Chromium must be there: its absence is then a failure.
"""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import (
    Page,
    Route,
    ViewportSize,
)

from tests.tips.photos import FILE_NAME, PHONE_PICTURE
from tests.web.browsing import PHONE, Visit
from tipintake.door import tokens, unread
from tipintake.tips.models import Tip

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SMALLEST = ViewportSize(width=320, height=640)
PATHS = [
    "/",
    "/r/all/",
    "/r/1/",
    "/r/as/hotel/",
    "/r/3/",
    "/for/hotel/",
    "/for/child-online/",
    "/back/",
    "/help/",
    "/privacy/",
    "/safety/",
    "/after/",
    "/exit/",
    "/nothing-here/",
]
OWN_PHONE = "314-555-0163"
WORDS = (
    "A woman is locked in room 214 and men come and go. The ad says to text 314-555-0142. "
    f"My name is Joan Example, call me at {OWN_PHONE}."
)


def fill(page: Page) -> None:
    page.check("input[name=category][value=SEX_TRAFFICKING]")
    page.check("input[name=immediacy][value=NOW]")
    page.check("input[name=minor_present][value=UNKNOWN]")
    page.fill("[name=narrative]", WORDS)
    page.check("#sign-CTL_CANNOT_LEAVE")
    page.fill("[name=locations-0-name]", "Budget Inn")
    page.fill("[name=locations-0-city]", "Wentzville")
    page.check("input[name=sighting-kind][value=RECURRING]")
    page.check("input[name=sighting-weekdays][value=FR]")
    page.fill("[name=sighting-local_start]", "22:00")
    page.fill("[name=sighting-local_end]", "02:00")
    page.click("#vehicles summary")
    page.fill("[name=vehicles-0-plate_raw]", "AB1?23")


def walk(visit: Visit, *, looks: bool) -> str:
    """From the first page to the receipt; every page is looked at when `looks`."""
    page = visit.go("/r/all/")
    visit.press("check")
    assert page.locator("#faults").is_visible()
    if looks:
        visit.assert_accessible()
    fill(page)
    visit.press("add-vehicles")
    assert page.input_value("[name=narrative]") == WORDS
    assert page.input_value("[name=vehicles-0-plate_raw]") == "AB1?23"
    assert page.locator("#vehicles-1").is_visible()
    if looks:
        visit.assert_accessible()
    visit.press("check")
    if looks:
        visit.assert_accessible()
    assert OWN_PHONE not in page.inner_text(".words")
    finding = page.locator("fieldset.finding", has_text=f"“{OWN_PHONE}”")
    finding.locator("summary").click()
    finding.locator("input[type=radio]").nth(1).check()
    visit.follow(page.get_by_role("button", name="Show it again with my answers"))
    assert OWN_PHONE in page.inner_text(".words")
    visit.send()
    if looks:
        visit.assert_accessible()
    return page.inner_text(".code")


def test_the_whole_journey_without_scripts(plain_visit: Visit) -> None:
    code = walk(plain_visit, looks=False)
    assert Tip.objects.count() == 1
    page = plain_visit.go("/back/")
    page.fill("#id_code", code)
    plain_visit.follow(page.locator("main button").first)
    assert "We have your tip" in page.inner_text("main")
    plain_visit.assert_clean()


@pytest.mark.parametrize("scripts", [True, False])
def test_pictures_travel_with_the_words(
    scripts: bool, visit: Visit, plain_visit: Visit, tmp_path: Path
) -> None:
    """A file that cannot be taken, then one that can; the words are typed once."""
    one = visit if scripts else plain_visit
    (tmp_path / FILE_NAME).write_bytes(PHONE_PICTURE)
    (tmp_path / "letter.docx").write_bytes(b"PK not a picture")
    page = one.go("/r/all/")
    fill(page)
    page.check("[name=pictures_follow]")
    one.press("check")
    opened = tokens.issue(datetime.now(UTC) - timedelta(minutes=3))
    page.locator("[name=token]").evaluate("(one, token) => { one.value = token }", opened)
    page.set_input_files("#photos", [tmp_path / FILE_NAME, tmp_path / "letter.docx"])
    one.press("send")
    assert "Picture 2: This is not a picture or PDF" in page.inner_text(".faults")
    assert "Budget Inn" in page.inner_text("main")
    if scripts:
        one.assert_accessible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    page.set_input_files("#photos", tmp_path / FILE_NAME)
    one.press("send")
    assert "Removed: camera data (EXIF), GPS position" in page.inner_text("main")
    if scripts:
        one.assert_accessible()
    one.assert_clean()
    assert Tip.objects.get().attachments.count() == 1


def test_too_much_at_once_is_said_before_it_is_sent(visit: Visit, tmp_path: Path) -> None:
    page = visit.go("/r/all/")
    fill(page)
    visit.press("check")
    (tmp_path / "large.jpg").write_bytes(bytes(26 * 1024 * 1024))
    page.set_input_files("#photos", tmp_path / "large.jpg")
    page.locator("main button[name=do][value=send]").click()
    assert "25 MB" in str(page.locator("#photos").evaluate("one => one.validationMessage"))
    assert page.locator(".code").count() == 0
    visit.assert_clean()


def test_the_whole_journey_with_scripts_holds_no_barrier(visit: Visit) -> None:
    code = walk(visit, looks=True)
    assert Tip.objects.count() == 1
    page = visit.go("/back/")
    page.fill("#id_code", "ABCDE")
    visit.follow(page.locator("main button").first)
    visit.assert_accessible()
    page.fill("#id_code", code)
    visit.follow(page.locator("main button").first)
    assert "We have your tip" in page.inner_text("main")
    visit.assert_accessible()
    visit.assert_clean()


def test_a_language_of_longer_words_fits_the_smallest_phone(visit: Visit, nobodys: None) -> None:
    page = visit.page
    page.set_viewport_size(SMALLEST)

    def fits(name: str) -> None:
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= SMALLEST["width"], name

    for path in PATHS:
        visit.go(path)
        fits(path)
    visit.go("/r/all/")
    visit.press("check")
    fits("the faults")
    fill(page)
    visit.press("check")
    fits("the check")
    visit.send()
    fits("the receipt")
    code = page.inner_text(".code")
    visit.go("/back/")
    page.fill("#id_code", code)
    visit.follow(page.locator("main form button").first)
    fits("the tip")


def test_letters_twice_as_large_fit_a_phone(visit: Visit) -> None:
    page = visit.page

    def fits(name: str) -> None:
        page.evaluate("document.documentElement.style.fontSize = '200%'")
        width = page.evaluate("document.documentElement.scrollWidth")
        assert width <= PHONE["width"], name

    for path in PATHS:
        visit.go(f"/es{path}")
        fits(path)
    visit.go("/es/r/all/")
    fill(page)
    visit.press("check")
    fits("the check")
    visit.send()
    fits("the receipt")


def test_the_counter_counts_as_the_form_does(visit: Visit) -> None:
    page = visit.go("/r/all/")
    fill(page)
    page.fill("[name=narrative]", "They cry. " + "😢" * 3000)
    assert page.inner_text(".left") == "3010 / 4000"
    visit.press("check")
    assert page.locator(".faults").count() == 0


def test_a_word_longer_than_the_screen_stays_on_it(visit: Visit) -> None:
    page = visit.go("/r/all/")
    fill(page)
    page.fill("[name=locations-0-name]", "Pneumonoultramicroscopic" * 4)
    visit.press("check")
    assert "Pneumono" in page.inner_text("#report dl >> nth=2")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_what_can_be_pressed_is_large_enough_for_a_thumb(visit: Visit) -> None:
    page = visit.go("/r/all/")
    for control in page.locator("button:visible, summary:visible, .choice:visible, .exit").all():
        box = control.bounding_box()
        assert box is not None
        if box["width"] > 1:  # the button for the Enter key is for nobody's thumb
            assert box["height"] >= 44, control.inner_text()


def test_only_what_fits_the_answer_is_asked(plain_visit: Visit) -> None:
    page = plain_visit.go("/r/all/")
    assert not page.locator("[name=sighting-start_date]").is_visible()
    assert not page.locator("[name=police_consent]").first.is_visible()
    page.check("input[name=sighting-kind][value=INSTANT]")
    page.check("input[name=reporter_is_victim]")
    assert page.locator("[name=sighting-start_date]").is_visible()
    assert not page.locator("[name=sighting-weekdays]").first.is_visible()
    assert page.locator("[name=police_consent]").first.is_visible()


def test_the_keyboard_reaches_the_faults_first(plain_visit: Visit) -> None:
    page = plain_visit.go("/r/all/")
    plain_visit.press("check")
    page.locator("#faults:focus").wait_for()
    page.keyboard.press("Tab")
    ring = "getComputedStyle(document.activeElement).boxShadow"
    assert page.evaluate(ring).startswith("rgb(29, 42, 51)")  # amber alone is too light on paper
    page.keyboard.press("Enter")
    page.locator("#id_category_0:focus").wait_for()


def test_the_enter_key_checks_and_removes_nothing(plain_visit: Visit) -> None:
    page = plain_visit.go("/r/all/")
    fill(page)
    plain_visit.press("add-vehicles")
    page.fill("[name=vehicles-1-plate_raw]", "ZZ9")
    page.press("[name=vehicles-1-plate_raw]", "Enter")
    assert "Check before sending" in page.inner_text("h1")
    assert "ZZ9" in page.inner_text("main")


def test_leaving_shows_the_weather_and_back_shows_no_words(plain_visit: Visit) -> None:
    page = plain_visit.go("/r/all/")
    fill(page)
    plain_visit.follow(page.locator("#exit"))
    assert page.title() == "Weather"
    page.go_back()
    assert WORDS not in page.content()
    assert page.input_value("[name=narrative]") == ""
    plain_visit.assert_clean()


def test_shift_three_times_leaves_no_way_back(visit: Visit) -> None:
    page = visit.go("/r/all/")
    page.fill("[name=narrative]", WORDS)
    for _ in range(3):
        page.keyboard.press("Shift")
    page.wait_for_url("**/exit/")
    page.go_back()
    assert page.url == "about:blank"


def test_changing_the_language_by_the_link_keeps_the_words(visit: Visit) -> None:
    page = visit.go("/r/all/")
    fill(page)
    page.click("a.language")
    page.wait_for_url("**/es/r/all/")
    assert page.input_value("[name=narrative]") == WORDS
    assert page.get_attribute("html", "lang") == "es"


def test_the_code_is_printed_only_on_request(visit: Visit) -> None:
    walk(visit, looks=False)
    page = visit.page
    page.check("#print-code")
    page.uncheck("#print-code")
    page.emulate_media(media="print")
    assert not page.locator(".code").is_visible()
    page.emulate_media(media="screen")
    page.check("#print-code")
    page.emulate_media(media="print", color_scheme="dark")
    assert page.locator(".code").is_visible()
    colour = "getComputedStyle(document.querySelector('.receipt')).backgroundColor"
    assert page.evaluate(colour) == "rgb(255, 255, 255)"  # on paper as by day


def test_who_does_what_the_busy_page_says_loses_no_word(visit: Visit) -> None:
    said = unread.answer_to("/r/all/", unread.BUSY)

    def is_busy(route: Route) -> None:
        route.fulfill(status=unread.BUSY, headers=dict(said.headers), body=said.body)

    page = visit.go("/r/all/")
    fill(page)
    page.route("**/r/all/", is_busy)
    visit.press("check")
    assert "load this page again" in page.inner_text("main")
    page.unroute("**/r/all/", is_busy)
    page.reload()
    assert "men come and go" in page.inner_text(".words")


def test_loading_the_receipt_again_answers_kindly(plain_visit: Visit) -> None:
    walk(plain_visit, looks=False)
    page = plain_visit.page
    code = page.inner_text(".code")
    page.reload()
    assert "This was already sent" in page.inner_text("h1")
    assert page.inner_text(".code") == code
    assert Tip.objects.count() == 1
