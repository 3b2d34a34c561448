"""Coming back in a real browser: a question, an answer, and nothing left behind."""

import os
from pathlib import Path

import pytest
from django.utils import timezone
from playwright.sync_api import Browser
from pytest_django.live_server_helper import LiveServer

from tests.tips.photos import FILE_NAME, PHONE_PICTURE
from tests.web.browsing import Visit
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline import bell
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy.receipts import ReceiptCode
from tipintake.tips.draft import LocationDraft, TipDraft
from tipintake.tips.models import Message, Tip
from tipintake.tips.vocabulary import CameBy
from tipintake.triage import dialog

pytestmark = pytest.mark.browser

ANSWER = "My name is Zebulon Quackenbush. The card says 314-555-0142. It was the last door."
BESIDE_THE_WALK = {"rows", "picture-refused", "picture-kept"}  # test_every_state sees the others
SIZES = {390: 844, 1280: 900, 320: 640}


@pytest.fixture
def code(region: Gazetteer, monkeypatch: pytest.MonkeyPatch) -> ReceiptCode:
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    monkeypatch.setattr(bell, "ring_notify", lambda: None)
    draft = TipDraft(
        category="SEX_TRAFFICKING",
        immediacy="RECENT",
        minor_present="UNKNOWN",
        indicators=("CTL_CANNOT_LEAVE",),
        locations=(LocationDraft(place_type="HOTEL_MOTEL", city="Wentzville"),),
    )
    receipt = submit_tip(draft, came_by=CameBy.WEB, now=timezone.now())
    tip = Tip.objects.get()
    dialog.ask(tip, template="WHERE", by="sam", now=timezone.now())
    return receipt.code


def picture(visit: Visit, name: str) -> None:
    if folder := os.environ.get("PICTURES"):
        visit.page.screenshot(path=Path(folder) / f"back-{name}.png", full_page=True)


@pytest.mark.parametrize("language", ["", "/es"])
@pytest.mark.parametrize("width", SIZES)
@pytest.mark.parametrize("scripts", [True, False])
def test_a_question_is_answered_and_nothing_is_left_behind(
    browser: Browser,
    live_server: LiveServer,
    code: ReceiptCode,
    width: int,
    scripts: bool,
    language: str,
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, java_script_enabled=scripts
    )
    visit = Visit(context, live_server.url)
    page = visit.go(f"{language}/back/")
    name = f"{width}{language.replace('/', '-')}"
    page.fill("#id_code", code.pretty)
    with page.expect_navigation():
        page.click("main form button")
    seen = [page.inner_text("h1")]
    _look(visit, f"{name}-shown", scripts)
    page.fill("[name=narrative]", ANSWER)
    page.locator("summary").first.click()
    page.fill("[name=vehicles-0-plate_raw]", "AB1 C23")
    visit.press("check")
    _look(visit, f"{name}-check", scripts)
    assert code.pretty not in page.content()
    visit.press("send")
    _look(visit, f"{name}-sent", scripts)
    seen.append(page.inner_text("[role=status]"))
    assert all(seen)
    assert page.url == f"{live_server.url}{language}/back/"
    assert Message.objects.filter(direction="ANSWER").count() == 1
    assert Tip.objects.get().vehicles.get().plate_canonical == "AB1C23"
    visit.assert_clean()
    context.close()


@pytest.mark.parametrize("scripts", [True, False])
def test_two_vehicles_and_a_picture_are_added(
    browser: Browser,
    live_server: LiveServer,
    code: ReceiptCode,
    tmp_path: Path,
    scripts: bool,
) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, java_script_enabled=scripts
    )
    visit = Visit(context, live_server.url)
    page = visit.go("/back/")
    page.fill("#id_code", code.pretty)
    page.click("main form button")
    page.locator("summary").first.click()
    page.fill("[name=vehicles-0-plate_raw]", "AB1 C23")
    visit.press("add-vehicles")
    assert page.url == f"{live_server.url}/back/#vehicles-1"
    page.fill("[name=vehicles-1-make]", "Ford")
    page.check("[name=pictures_follow]")
    _look(visit, "rows", scripts)
    visit.press("check")
    (tmp_path / FILE_NAME).write_bytes(PHONE_PICTURE)
    (tmp_path / "letter.docx").write_bytes(b"PK a letter")
    page.set_input_files("#photos", [tmp_path / FILE_NAME, tmp_path / "letter.docx"])
    visit.press("send")
    assert "Picture 2:" in page.inner_text("[role=alert]")
    _look(visit, "picture-refused", scripts)
    page.set_input_files("#photos", tmp_path / FILE_NAME)
    visit.press("send")
    assert "GPS position" in page.inner_text("main")
    _look(visit, "picture-kept", scripts)
    tip = Tip.objects.get()
    assert [one.make for one in tip.vehicles.all()] == ["", "Ford"]
    assert tip.attachments.count() == 1
    visit.assert_clean()
    context.close()


def _look(visit: Visit, name: str, scripts: bool) -> None:
    picture(visit, name)
    if scripts and name in BESIDE_THE_WALK:
        visit.assert_accessible()
    if scripts:
        wide = visit.page.evaluate("document.documentElement.scrollWidth > innerWidth")
        assert not wide, name
