"""A whole case by keyboard alone: from the log-on to the resident's answer. With scripts and
without; only the tip, the region and the account stand there before.
"""

from dataclasses import dataclass

import pytest
from django.conf import settings as configured
from django.test import override_settings
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect
from pytest_django import Settings

from tests.web.desk.entering import code, with_app
from tests.web.desk.windows import OpenWindow
from tests.web.status.test_dialog import Returning
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline import bell
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy.receipts import ReceiptCode
from tipintake.staff import accounts
from tipintake.staff.roles import Role
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy
from tipintake.triage.models import Link

pytestmark = pytest.mark.browser

MOST_TABS = 400
QUESTION = "Which color was the van, and was anything on it?"
ANSWER = "It was a white van with a long dent along the left side."


@dataclass
class Case:
    """Two tips that name one plate, the receipt of the urgent one, and who will work it."""

    urgent: Tip
    other: Tip
    receipt: ReceiptCode
    password: str


@pytest.fixture
def desk_host(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.ROLE = "desk"
    settings.ROOT_URLCONF = "config.urls_desk"
    settings.MIDDLEWARE = configured.DESK_MIDDLEWARE
    settings.ALLOWED_HOSTS = ["localhost", "testserver"]
    settings.WHITENOISE_AUTOREFRESH = True  # no collected folder in tests
    for ring in ("ring_route", "ring_notify"):
        monkeypatch.setattr(bell, ring, lambda: None)


@pytest.fixture
def case(home: str, region: Gazetteer) -> Case:
    """Through the pipeline, as the doors and the worker do."""
    now = timezone.now()
    seen = {
        "category": "SEX_TRAFFICKING",
        "minor_present": "NO",
        "indicators": ["CTL_CANNOT_LEAVE"],
        "locations": [{"place_type": "HOTEL_MOTEL", "name": "Budget Inn", "city": "Wentzville"}],
        "vehicles": [{"plate_raw": "7KX 4D2"}],
    }
    receipts = [
        submit_tip(
            TipDraft.from_mapping({**seen, "immediacy": immediacy, "narrative": words}),
            came_by=CameBy.WEB,
            now=now,
        )
        for immediacy, words in (
            ("PAST", "A van stood behind the motel for two nights and girls were led to it."),
            ("NOW", "Two women are being led to a van behind the motel, one of them is crying."),
        )
    ]
    route_waiting(now=now, limit=10)
    corroborate_due(now=now)
    other, urgent = (Tip.objects.get(reference=one.reference) for one in receipts)
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    with_app("root")
    return Case(urgent, other, receipts[1].code, password)


def reach(page: Page, wanted: Locator) -> None:
    """Tab until it has the focus: what cannot be reached so cannot be used without a mouse."""
    expect(wanted).to_have_count(1)
    for _ in range(MOST_TABS):
        if wanted.evaluate("one => one === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard does not reach {wanted}")


def enter(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def unfold(page: Page, wanted: Locator) -> None:
    reach(page, wanted)
    if not wanted.evaluate("one => one.parentElement.open"):
        page.keyboard.press("Enter")


def choose(page: Page, wanted: Locator, words: str) -> None:
    reach(page, wanted)
    page.keyboard.type(words)


def log_on(page: Page, home: str, password: str) -> None:
    page.goto(f"{home}/log-on/")
    reach(page, page.locator("#name"))
    page.keyboard.type("root")
    reach(page, page.locator("#password"))
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    reach(page, page.locator("#code"))
    page.keyboard.type(code("root"))
    with page.expect_navigation():
        page.keyboard.press("Enter")


def most_urgent(page: Page, *, scripts: bool) -> None:
    enter(page, page.get_by_role("link", name="Queue", exact=True))
    if scripts:
        page.keyboard.press("j")
        with page.expect_navigation():
            page.keyboard.press("o")
    else:
        enter(page, page.locator(".tip-row [data-open]").first)


def confirm_the_link(page: Page, other: Tip) -> None:
    pair = page.locator(".pair", has_text=other.reference)
    enter(page, pair.get_by_role("link", name="Side by side"))
    enter(page, page.get_by_role("button", name="Confirm").first)
    link = Link.objects.filter(state=Link.State.CONFIRMED)
    assert link.exists()


def ask(page: Page, urgent: Tip) -> None:
    go_back_to(page, urgent)
    fold = page.locator("details", has=page.locator("#ask-words"))
    unfold(page, fold.locator("> summary"))
    reach(page, page.locator("#ask-words"))
    page.keyboard.type(QUESTION)
    enter(page, page.get_by_role("button", name="Ask", exact=True))
    assert urgent.messages.count() == 1


def acknowledge(page: Page, urgent: Tip) -> None:
    """The primary line's, after its call sheet was read out."""
    go_back_to(page, urgent)
    row = urgent.hand_offs.get(is_primary=True)
    part = page.locator(f"#hand-off-{row.pk}")
    unfold(page, part.locator("summary", has_text="Call sheet"))
    enter(page, part.get_by_role("link", name=f"Read it out: {urgent.reference}"))
    assert urgent.reference in page.locator("main").inner_text()
    go_back_to(page, urgent)
    enter(page, page.locator(f"#hand-off-{row.pk}").get_by_role("button", name="Acknowledge"))
    row.refresh_from_db()
    assert row.state == "ACKNOWLEDGED"


def close(page: Page, urgent: Tip, *, scripts: bool) -> None:
    go_back_to(page, urgent)
    if scripts:
        page.keyboard.press("e")
        expect(page.locator("#bar-close")).to_be_focused()
    else:
        unfold(page, page.locator("summary", has_text="Close the tip"))
    choose(page, page.locator("#bar-close"), "Kept for")
    enter(page, page.locator(".tip-bar").get_by_role("button", name="Close", exact=True))
    assert urgent.hand_offs.filter(state="CLOSED", disposition="INFORMATION_ONLY").exists()


def undo(page: Page, urgent: Tip, *, scripts: bool) -> None:
    if scripts:
        with page.expect_navigation():
            page.keyboard.press("u")
    else:
        enter(page, page.locator(".undo button"))
    expect(page.locator(".news")).to_contain_text("as it was before")
    assert not urgent.hand_offs.filter(state="CLOSED").exists()


def go_back_to(page: Page, tip: Tip) -> None:
    """By the box in the frame, where a tip's number is typed."""
    if page.locator("h1").inner_text() == tip.reference and "/sheet/" not in page.url:
        return
    reach(page, page.locator(".find input[name=reference]"))
    page.keyboard.type(tip.reference)
    with page.expect_navigation():
        page.keyboard.press("Enter")


def answer(receipt: ReceiptCode) -> None:
    """The resident comes back with the receipt, reads the question and answers."""
    public = {
        "ROLE": "public",
        "ROOT_URLCONF": "config.urls_public",
        "MIDDLEWARE": configured.PUBLIC_MIDDLEWARE,
    }
    with override_settings(**public):
        back = Returning(receipt.pretty)
        assert QUESTION in back.page.text
        back.press("check", narrative=ANSWER)
        back.press("send")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_case_from_the_log_on_to_the_residents_answer(
    open_window: OpenWindow, case: Case, scripts: bool
) -> None:
    window = open_window(viewport={"width": 1280, "height": 900}, java_script_enabled=scripts)
    page = window.page
    log_on(page, window.home, case.password)
    most_urgent(page, scripts=scripts)
    expect(page.locator("h1")).to_have_text(case.urgent.reference)
    confirm_the_link(page, case.other)
    ask(page, case.urgent)
    acknowledge(page, case.urgent)
    close(page, case.urgent, scripts=scripts)
    undo(page, case.urgent, scripts=scripts)
    answer(case.receipt)
    go_back_to(page, case.urgent)
    page.reload()
    expect(page.locator("#dialog ~ *").filter(has_text=ANSWER).first).to_be_visible()
    assert window.complaints == []
