"""The queue by keyboard alone in a real browser; and without JavaScript."""

import re
import time
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.web.desk.conftest import MakeTip, See
from tests.web.desk.windows import OpenWindow, Window
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Place, Tip
from tipintake.triage.models import Seen, Tag
from tipintake.web.desk.queue import deeds

pytestmark = pytest.mark.browser

CUT_OFF = """
() => [...document.querySelectorAll(".rows a, .card")]
  .filter(one => one.scrollWidth > one.clientWidth).map(one => one.innerText)
"""


def key_to_page(page: Page, key: str) -> None:
    with page.expect_navigation():
        page.keyboard.press(key)


@pytest.fixture
def tips(make_tip: MakeTip, see: See) -> list[Tip]:
    made = [
        make_tip("regional-triage", priority=priority, due_in=timedelta(hours=at))
        for at, priority in enumerate(("P2", "P3", "P4"), start=1)
    ]
    see(made[0])
    Tag.objects.create(code="hotel", label="Hotel")
    return made


def test_the_queue_is_worked_without_the_mouse(open_window: OpenWindow, tips: list[Tip]) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/queue/")
    expect(page.locator(".tip-row")).to_have_count(3)
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    window.picture("queue-help")
    page.keyboard.press("Escape")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-chosen]")).to_have_text("(1)")
    key_to_page(page, "a")
    expect(page.locator(".news")).to_contain_text(f"{tips[1].reference}: Assigned to you.")
    expect(page.locator(".undo")).to_contain_text("Assigned to you.")
    behind = page.locator(f"#row-{tips[2].reference}")
    expect(behind).to_be_focused()  # the place in the list is not lost
    key_to_page(page, "u")
    expect(page.locator(".news")).to_contain_text("is as it was before")
    assert Tip.objects.get(pk=tips[1].pk).assigned_to is None
    page.goto(f"{window.home}/queue/")
    page.keyboard.press("/")
    page.keyboard.type("is:ur")
    expect(page.locator("#offers a").first).to_contain_text("is:urgent")
    page.locator("#q").fill("is:waiting aedj")
    assert page.url == f"{window.home}/queue/"  # keys are letters while one types
    page.goto(f"{window.home}/queue/")
    page.keyboard.press("j")
    key_to_page(page, "o")
    expect(page.locator("h1")).to_have_text(tips[0].reference)
    key_to_page(page, "j")
    expect(page.locator("h1")).to_have_text(tips[1].reference)
    page.keyboard.press("e")
    expect(page.locator("#bar-close")).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("#bar-close")).to_be_hidden()
    page.keyboard.press("e")
    page.keyboard.type("Spam")
    page.keyboard.press("Tab")
    key_to_page(page, "Enter")
    expect(page.locator("h1")).to_have_text(tips[2].reference)
    expect(page.locator(".news")).to_contain_text("Closed by Regional triage.")
    assert Tip.objects.get(pk=tips[1].pk).disposition == "SPAM"
    assert window.complaints == []


def test_words_without_a_blank_stay_in_their_row(open_window: OpenWindow, tips: list[Tip]) -> None:
    Place.objects.filter(tip=tips[0]).update(name="N" * 120)
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 390, "height": 844})
    window.log_on(password)
    window.page.goto(f"{window.home}/queue/")
    expect(window.page.locator(".tip-row").first).to_contain_text("N" * 120)
    assert window.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    window.page.goto(f"{window.home}/search/?category={tips[0].category}")
    expect(window.page.locator(".rows a").first).to_be_visible()
    assert window.page.evaluate(CUT_OFF) == []
    window.page.goto(f"{window.home}/tips/{tips[0].reference}/")
    expect(window.page.locator(".card").first).to_be_visible()
    assert window.page.evaluate(CUT_OFF) == []
    caveat = window.page.get_by_text("Leads only, not probable cause.")
    window.page.emulate_media(media="print")
    expect(caveat).to_be_visible()
    expect(window.page.get_by_role("button", name="Assign to me")).to_be_hidden()


@pytest.mark.parametrize("scripts", [True, False])
def test_enter_does_the_deed_that_was_typed_and_no_other(
    scripts: bool, open_window: OpenWindow, tips: list[Tip]
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=scripts, viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/queue/")
    box = page.get_by_label(f"Choose {tips[1].reference}")
    box.check()
    box.focus()
    key_to_page(page, "Enter")
    expect(page.locator(".news")).to_contain_text("Nothing was done")
    assert Tip.objects.get(pk=tips[1].pk).version == tips[1].version
    if scripts:
        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("d")
    else:
        page.get_by_label(f"Choose {tips[1].reference}").check()
        page.locator("#bulk-of").focus()
    expect(page.locator("#bulk-of")).to_be_focused()
    page.keyboard.type(tips[0].reference)
    key_to_page(page, "Enter")
    expect(page.locator(".news")).to_contain_text(f"A duplicate of {tips[0].reference}.")
    after = Tip.objects.get(pk=tips[1].pk)
    assert (after.disposition, after.assigned_to) == ("DUPLICATE", None)


def test_enter_in_the_tips_own_field_closes_it_as_a_duplicate(
    open_window: OpenWindow, tips: list[Tip]
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/tips/{tips[1].reference}/")
    page.keyboard.press("d")
    expect(page.locator("#bar-of")).to_be_focused()
    page.keyboard.type(tips[0].reference)
    key_to_page(page, "Enter")
    expect(page.locator(".news")).to_contain_text(f"A duplicate of {tips[0].reference}.")
    after = Tip.objects.get(pk=tips[1].pk)
    assert (after.disposition, after.assigned_to) == ("DUPLICATE", None)


def test_the_second_of_two_presses_is_not_for_the_tip_that_opened_meanwhile(
    open_window: OpenWindow, tips: list[Tip]
) -> None:
    """After a deed the next tip opens, with its buttons where those of the last one stood."""
    page = (window := as_root(open_window)).page
    page.goto(f"{window.home}/tips/{tips[0].reference}/")
    mine = page.get_by_role("button", name="Assign to me")
    window.press(mine)
    expect(page.locator("h1")).to_have_text(tips[1].reference)
    mine.click()
    page.keyboard.press("a")
    page.wait_for_timeout(1200)
    expect(page.locator("h1")).to_have_text(tips[1].reference)
    assert assigned(tips) == [True, False, False]
    window.press(mine)
    assert assigned(tips) == [True, True, False]
    window.press(page.get_by_role("button", name="Undo"))  # at once: it is no second press
    assert assigned(tips) == [True, False, False]


def as_root(open_window: OpenWindow) -> Window:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    return window


def assigned(tips: list[Tip]) -> list[bool]:
    return [Tip.objects.get(pk=tip.pk).assigned_to is not None for tip in tips]


def test_a_tick_that_a_deeds_key_made_is_not_kept_for_another_row(
    open_window: OpenWindow, tips: list[Tip]
) -> None:
    """Two rows on the deed was done to the first: to a tip on which nobody stood."""
    page = (window := as_root(open_window)).page
    page.goto(f"{window.home}/queue/")
    page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator("[data-chosen]")).to_have_text("(1)")
    page.keyboard.press("Escape")
    expect(page.locator(f"#row-{tips[0].reference}")).to_be_focused()
    expect(page.locator("[data-chosen]")).to_have_text("")
    page.keyboard.press("d")
    page.locator(f"#row-{tips[2].reference}").focus()
    expect(page.locator("[data-chosen]")).to_have_text("")
    key_to_page(page, "a")
    assert assigned(tips) == [False, False, True]


def test_a_tick_does_not_come_back_on_another_tip(
    open_window: OpenWindow, tips: list[Tip], make_tip: MakeTip
) -> None:
    """A browser that goes back fills a form by the places of its fields."""
    page = (window := as_root(open_window)).page
    page.goto(f"{window.home}/queue/")
    page.locator(f"#row-{tips[1].reference}").focus()
    page.keyboard.press("x")
    key_to_page(page, "o")
    make_tip("regional-triage", priority="P1")
    page.go_back()
    expect(page.locator(".tip-row")).to_have_count(4)
    assert page.locator("[data-row] input:checked").count() == 0


def test_a_key_that_is_held_down_acts_on_one_tip(open_window: OpenWindow, tips: list[Tip]) -> None:
    page = (window := as_root(open_window)).page
    page.goto(f"{window.home}/tips/{tips[0].reference}/")
    with page.expect_navigation():
        page.keyboard.down("a")
        page.keyboard.down("a")
    expect(page.locator("h1")).to_have_text(tips[1].reference)
    page.keyboard.down("a")
    page.keyboard.up("a")
    expect(page.locator(".undo")).to_be_visible()
    assert assigned(tips) == [True, False, False]


def test_a_second_press_of_a_button_asks_nothing_anew(
    open_window: OpenWindow, tips: list[Tip], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It was told of each tip that somebody else had acted on it: by the first press."""
    do = deeds.do

    def slowly(*given: Any, **named: Any) -> str:
        time.sleep(0.3)
        return do(*given, **named)

    monkeypatch.setattr(deeds, "do", slowly)
    page = (window := as_root(open_window)).page
    page.goto(f"{window.home}/queue/")
    for tip in tips:
        page.get_by_label(f"Choose {tip.reference}").check()
    button = page.get_by_role("button", name="Assign to me")
    button.evaluate("one => { one.click(); setTimeout(() => one.click(), 300); }")
    expect(page.locator(".results li")).to_have_count(3)
    expect(page.locator(".results")).not_to_contain_text("Not done.")
    assert assigned(tips) == [True, True, True]


def test_the_focus_stays_on_a_part_that_loads_itself_anew(
    open_window: OpenWindow, tips: list[Tip], make_tip: MakeTip
) -> None:
    urgent = make_tip("regional-triage", priority="P1")
    page = (window := as_root(open_window)).page
    page.clock.install()
    page.goto(f"{window.home}/queue/")
    mine = page.locator("#views a", has_text="Mine")
    with page.expect_response(re.compile("/queue/views/")):
        mine.focus()
        page.clock.run_for(400)
    expect(mine).to_be_focused()
    first = page.locator(".alarm a", has_text=urgent.reference)
    first.focus()
    make_tip("regional-triage", priority="P1")
    page.clock.run_for(20_500)
    expect(page.locator(".alarm h2")).to_contain_text("2 P1 tips")
    expect(first).to_be_focused()
    page.close()  # nothing asks for itself while the server stops


def test_a_tip_is_read_beside_the_list_and_follows_the_row(
    open_window: OpenWindow, tips: list[Tip]
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/queue/")
    page.keyboard.press("j")
    page.keyboard.press("p")
    beside = page.locator("#beside")
    expect(beside.locator("h2").first).to_have_text(tips[0].reference)
    expect(beside).to_contain_text("In their words")
    expect(page.locator("#beside-said")).to_have_text(
        f"{tips[0].reference} stands beside the list."
    )
    expect(page.locator(".tip-row").first.locator(".dot")).to_have_count(0)
    assert window.faults() == []
    window.picture("queue-beside")
    page.keyboard.press("j")
    expect(beside.locator("h2").first).to_have_text(tips[1].reference)
    page.keyboard.press("p")
    expect(beside.locator("h2").first).to_be_focused()
    page.keyboard.press("Escape")
    expect(beside).to_be_hidden()
    expect(page.locator(".tip-row [data-open]").nth(1)).to_be_focused()
    assert set(Seen.objects.values_list("tip", flat=True)) == {tips[0].pk, tips[1].pk}
    key_to_page(page, "o")
    expect(page.locator("h1")).to_have_text(tips[1].reference)


def test_a_line_is_found_by_what_one_types(open_window: OpenWindow, tips: list[Tip]) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/tips/{tips[0].reference}/")
    key_to_page(page, "r")
    part = page.locator("section[aria-labelledby=straight]")
    part.locator("summary").click()
    find = part.get_by_label("Next line: name, city or county")
    lines = part.locator("select[name=to]")
    find.fill("police")
    assert lines.evaluate("list => list.selectedIndex") == -1
    find.fill("ofallon pol")
    expect(lines).to_have_value("ofallon-pd")
    assert window.faults() == []
    part.locator("select[name=reason]").select_option("OTHER_AREA")
    window.press(part.get_by_role("button", name="Transfer"))
    expect(page.locator(".news")).to_contain_text("O'Fallon Police has this tip")


def test_the_queue_is_worked_without_javascript(open_window: OpenWindow, tips: list[Tip]) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=False)
    window.log_on(password)
    page = window.page
    window.press(page.get_by_role("link", name="Queue", exact=True))
    window.press(page.get_by_role("link", name=re.compile("^Unassigned")))
    window.press(page.get_by_role("link", name=f"Read {tips[1].reference} beside the list"))
    expect(page.locator("#beside h2").first).to_have_text(tips[1].reference)
    window.press(page.get_by_role("link", name="Put away"))
    expect(page.locator("#beside")).to_be_hidden()
    for tip in tips[:2]:
        page.get_by_label(f"Choose {tip.reference}").check()
    page.locator("#bulk-tag").select_option("hotel")
    window.press(page.get_by_role("button", name="Tag", exact=True))
    assert page.locator(".results").inner_text().count("Tagged hotel.") == 2
    window.press(page.get_by_role("button", name="Undo"))
    expect(page.locator(".news")).to_contain_text("2 tips are as they were before.")
    page.locator("#q").fill("tag:hotel")
    window.press(page.get_by_role("button", name="Ask"))
    expect(page.locator(".empty")).to_be_visible()
    page.goto(f"{window.home}/queue/")
    page.goto(f"{window.home}/tips/{tips[0].reference}/")
    window.press(page.get_by_role("button", name="Assign to me"))
    expect(page.locator("h1")).to_have_text(tips[1].reference)
    assert Tip.objects.get(pk=tips[0].pk).assigned_to == User.objects.get(username="root")
    assert Seen.objects.filter(tip=tips[1]).exists()


def test_the_queue_is_without_a_fault(
    open_window: OpenWindow, tips: list[Tip], make_tip: MakeTip
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    colleague = User.objects.create(username="kim")
    make_tip("wentzville-pd", "ofallon-pd", priority="P1", due_in=timedelta(minutes=-5))
    make_tip("regional-triage", priority="P3", low_trust=True)
    Seen.objects.create(
        user=colleague, tip=tips[0], version=0, looking_until=timezone.now() + timedelta(hours=1)
    )
    window = open_window()
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/queue/")
    page.locator(".tip-row input").first.check()
    assert window.faults_everywhere("queue") == []
    page.locator("summary", has_text="What can I ask?").click()
    assert window.faults_everywhere("queue-asked") == []
    page.goto(f"{window.home}/queue/?q=is:urgnt colour:red")
    assert window.faults_everywhere("queue-problem") == []
    page.goto(f"{window.home}/tips/{tips[0].reference}/")
    assert window.faults_everywhere("queue-tip") == []
    Tip.objects.filter(pk=tips[0].pk).update(version=9)
    window.press(page.get_by_role("button", name="Assign to me"))
    expect(page.locator("h1")).to_have_text("Somebody was faster")
    assert window.faults_everywhere("queue-faster") == []


SEEN_WHOLE = """
() => {
  const box = document.activeElement.getBoundingClientRect();
  const at = (share) => document.elementFromPoint(box.x + 5, box.y + box.height * share);
  return [0.1, 0.5, 0.9].every((share) => document.activeElement.contains(at(share)));
}
"""


def test_the_bar_of_deeds_covers_no_row_that_is_focused(
    open_window: OpenWindow, tips: list[Tip], make_tip: MakeTip
) -> None:
    for _one in range(10):
        make_tip("regional-triage", priority="P4")
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 700})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/queue/")
    page.locator(".tip-row input").first.focus()
    page.keyboard.press("Space")
    for _step in range(30):
        page.keyboard.press("Tab")
        row = page.evaluate("document.activeElement.closest('[data-row]') !== null")
        assert not row or page.evaluate(SEEN_WHOLE), page.evaluate("document.activeElement.id")
