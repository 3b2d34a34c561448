"""The desk in a real browser: every page without a fault of accessibility, script or policy.

Set REQUIRE_BROWSER=1 where Chromium must be there: its absence is then a failure.
"""

import re
from datetime import timedelta
from functools import partial

import pytest
from django.conf import settings
from django.contrib.sessions.models import Session
from django.utils import timezone
from playwright.sync_api import expect

from tests.routing.policies import WITH_FAULTS
from tests.tips.photos import PDF
from tests.web.desk.conftest import (
    MakeTip,
    Photograph,
    See,
    hand_off,
    hold_back,
    lock_away,
)
from tests.web.desk.windows import OpenWindow
from tipintake.delivery.models import Notice
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Alias, Contact
from tipintake.door import tokens
from tipintake.pipeline import bell
from tipintake.privacy import keys
from tipintake.routing.policy import lifecycle
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips import messages
from tipintake.tips.models import Tip
from tipintake.triage import dialog, intelligence, sealed_words
from tipintake.triage.models import IntelligenceRecord
from tipintake.web.desk import queues

pytestmark = pytest.mark.browser


PAGES = {
    "tips": (
        "/",
        "/queue/",
        "/queue/?q=is:urgnt",
        "/queue/?q=is:waiting city:wentzville",
        "/queue/tags/",
        "/queue/keys/",
        "{tip}/",
        "{tip}/pictures/{picture}/look/",
        "/tips/T-0000-0000/",
        "{tip}/promote/",
        "{tip}/hand-offs/{hand_off}/sheet/",
        "{tip}/another-way/",
        "/search/",
        "/search/?plate=7K",
        "/search/?city=Wentzville&plate=7KX*",
        "/take/",
        "/calls/",
    ),
    "house": (
        "/lines/regional-triage/",
        "/lines/ofallon-pd/",
        "/lines/wentzville-pd/?state=closed",
        "/intelligence/",
        "/intelligence/{record}/",
        "/delivery/",
        "/tokens/",
        "/places/",
        "/held/",
        "/vault/",
        "/policies/",
        "/policies/1/",
        "/policies/2/",
        "/audit/",
        "/directory/",
        "/directory/list/",
        "/directory/line/ofallon-pd/",
        "/nothing-here/",
    ),
}


@pytest.fixture
def tip(make_tip: MakeTip, see: See, photograph: Photograph, email_contact: Contact) -> Tip:
    """One with everything on it, that nobody was told of."""
    urgent = make_tip("wentzville-pd", "ofallon-pd", "regional-triage", priority="P1", rule="R0")
    see(urgent)
    photograph(urgent)
    photograph(urgent, PDF)
    make_tip("regional-triage", priority="P4", low_trust=True)
    Notice.objects.create(
        id=urgent.pk,
        hand_off=hand_off(urgent, "wentzville-pd"),
        contact=email_contact,
        priority="P1",
        state="DEAD",
        attempts=6,
        next_at=timezone.now(),
        last_error="the server refused",
    )
    hold_back(urgent, "/narrative", "314-555-0142")
    lock_away(urgent, "Zebulonia")
    dialog.ask(urgent, template="VEHICLE", by="sam", now=timezone.now())
    propose_a_record(urgent)
    said = messages.answer(urgent, "White, [removed].", key=urgent.pk, now=timezone.now())
    said.number = 2
    said.save()
    return urgent


def propose_a_record(tip: Tip) -> None:
    accounts.create("ida", roles=[Role.INTELLIGENCE], actor="test", now=timezone.now())
    intelligence.propose(
        tip,
        offence=IntelligenceRecord.Offence.SEX_TRAFFICKING,
        facts="Two patrols saw the gray van bring the same women to the motel on three nights.",
        person=None,
        review_by=timezone.localdate() + timedelta(days=90),
        author=User.objects.get(username="ida"),
        private=keys.desk_private(settings.PRIVATE_KEYS_DIR),
        now=timezone.now(),
    )


@pytest.mark.parametrize("part", PAGES)
def test_every_page_is_without_a_fault(part: str, open_window: OpenWindow, tip: Tip) -> None:
    roles = [one for one in Role if one is not Role.PARTNER]
    for name, by in (("Fernleaf Court Motel", "ann"), ("Grey Mill", "root"), ("Old Depot", "")):
        Alias.objects.create(text=name, kind="landmark", source="City map of 2025", proposed_by=by)
    password = accounts.create("root", roles=roles, actor="test", now=timezone.now())
    draft = lifecycle.draft(by="kim", now=timezone.now(), text=WITH_FAULTS)
    lifecycle.simulate_draft(draft, Gazetteer(version=""), by="kim", now=timezone.now())
    window = open_window()
    faults: dict[str, list[str]] = {}
    window.page.goto(f"{window.home}/log-on/?why=locked")
    faults["/log-on/"] = window.faults_everywhere("log-on")
    window.log_on(password)
    there = {
        "tip": f"/tips/{tip.reference}",
        "picture": tip.attachments.all()[0].pk,
        "record": tip.records.get().number,
        "hand_off": hand_off(tip, "ofallon-pd").pk,
    }
    for template in PAGES[part]:
        path = template.format(**there)
        window.page.goto(window.home + path)
        for fold in window.page.query_selector_all("details"):
            fold.evaluate("fold => { fold.open = true }")
        name = re.sub(r"[^a-z]+", "-", path.lower())[:24]
        faults[path] = window.faults_everywhere(name)
        if path.startswith("/search/?city"):
            window.page.fill("#words-looked-for", "phones")
            window.page.locator("#words-reason").select_option("LINK")
            window.press(window.page.get_by_role("button", name="Open and search"))
            faults["/search/words/"] = window.faults_everywhere("search-words")
        if path == f"/tips/{tip.reference}/":
            window.page.locator("#ask-words").fill("Was the van gray? Call me at 636-555-0137.")
            window.press(window.page.get_by_role("button", name="Look at it first"))
            faults["ask, looked at"] = window.faults_everywhere("ask-look")
        if path in {"/held/", "/vault/"}:
            window.page.locator("main select").first.select_option(index=1)
            window.press(window.page.locator("main form button").first)
            faults[f"{path} opened"] = window.faults_everywhere(f"{path.strip('/')}-opened")
    assert {path: found for path, found in faults.items() if found} == {}


def test_an_analyst_works_a_tip_with_buttons_alone(open_window: OpenWindow, tip: Tip) -> None:
    """No script is needed on the desk; every form carries what the browser must send along."""
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=False)
    window.log_on(password)
    page = window.page
    page.click(f"text={tip.reference}")
    part = page.locator(f"#hand-off-{hand_off(tip, 'wentzville-pd').pk}")
    window.press(part.get_by_role("button", name="Acknowledge"))
    assert page.locator(".news").inner_text() == "Wentzville Police has acknowledged this tip."
    part = page.locator(f"#hand-off-{hand_off(tip, 'ofallon-pd').pk}")
    part.locator("summary", has_text="Decline").click()
    part.locator("details[open] select[name=reason]").select_option("OTHER_AREA")
    part.locator("details[open] select[name=to]").select_option("regional-triage")
    part.locator("details[open] textarea").fill("Their dispatcher says it is ours.")
    window.press(part.locator("details[open]").get_by_role("button", name="Decline"))
    assert "Regional triage has this tip" in page.locator(".news").inner_text()
    assert "Their dispatcher says it is ours." in page.locator("#notes ~ .note").inner_text()
    window.press(page.get_by_role("button", name="Log off"))
    assert page.url == f"{window.home}/log-on/"
    assert hand_off(tip, "wentzville-pd").state == "ACKNOWLEDGED"
    assert hand_off(tip, "ofallon-pd").state == "DECLINED"


def test_a_part_is_drawn_or_typed_and_painted_over(open_window: OpenWindow, tip: Tip) -> None:
    """Drawing fills in the numbers; the picture is asked for only on its own page."""
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 1280, "height": 900})
    window.log_on(password)
    page, asked = window.page, []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(f"{window.home}/tips/{tip.reference}/")
    assert not [url for url in asked if url.endswith("/") and "/pictures/" in url]
    page.click("text=Open picture 1")
    image = page.locator("#pixels img")
    expect(image).to_have_js_property("naturalWidth", 320)
    page.get_by_text("Show this picture").click()
    box = image.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 1, box["y"] + 1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.up()
    assert abs(float(page.locator("[name=width]").first.input_value()) - 50) < 2
    for part in range(8):  # one more than has a row: none that was drawn moves
        at = box["x"] + box["width"] * (0.55 + part / 20)
        page.mouse.move(at, box["y"] + box["height"] * 0.6)
        page.mouse.down()
        page.mouse.move(at + box["width"] / 25, box["y"] + box["height"] * 0.7)
        page.mouse.up()
    lefts = [float(one.input_value()) for one in page.locator("[name=left]").all()]
    assert lefts == sorted(lefts)
    assert abs(lefts[-1] - 85) < 2
    window.press(page.get_by_role("button", name="Confirm picture 1"))
    assert "not blacked out yet" in page.locator(".trouble").inner_text()
    window.press(page.get_by_role("button", name="Black out for good"))
    assert "Blacked out" in page.locator(".news").inner_text()
    window.press(page.get_by_role("button", name="Confirm picture 1"))
    assert "Confirmed by root" in page.locator(".pictures").inner_text()
    assert window.complaints == []
    assert tip.attachments.confirmed().get().blacked_out == 8


def test_a_page_that_stays_open_hears_of_an_urgent_tip(
    open_window: OpenWindow, make_tip: MakeTip
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window()
    page = window.page
    page.clock.install()
    window.log_on(password)
    page.goto(f"{window.home}/directory/")
    expect(page.locator(".alarm")).to_have_count(0)
    urgent = make_tip("ofallon-pd", priority="P1")
    page.clock.run_for(20_500)
    expect(page.locator(".alarm")).to_contain_text(urgent.reference)
    expect(page).to_have_title("(1!) Directory · Tip desk")
    urgent.hand_offs.update(state="ACKNOWLEDGED")
    page.clock.run_for(20_500)
    expect(page.locator(".alarm")).to_have_count(0)
    expect(page).to_have_title("Directory · Tip desk")
    assert window.complaints == []
    page.close()  # nothing asks for itself while the server stops


def test_staff_take_a_tip_without_any_script(
    open_window: OpenWindow, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bell, "ring_route", lambda: None)
    monkeypatch.setattr(tokens, "check", partial(tokens.check, minimum_age=timedelta(0)))
    monkeypatch.setattr(tokens, "spend", partial(tokens.spend, minimum_age=timedelta(0)))
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=False)
    window.log_on(password)
    page = window.page
    page.click("text=Take a tip")
    for name, value in (
        ("category", "SUSPICIOUS_PLACE_PATTERN"),
        ("immediacy", "ONGOING"),
        ("minor_present", "NO"),
    ):
        page.locator(f"input[name={name}][value={value}]").check()
    page.locator("textarea[name=narrative]").fill(
        "Men come and go all night. My cell is 636-555-0104."
    )
    window.press(page.get_by_role("button", name="Check before it is kept"))
    assert "[removed]" in page.locator(".words").inner_text()
    window.press(page.get_by_role("button", name="Keep it"))
    assert "Their code" in page.locator("main").inner_text()
    assert Tip.objects.get().came_by == "STAFF"
    assert window.complaints == []


def test_a_search_in_words_goes_on_by_itself_and_without_scripts_by_a_button(
    open_window: OpenWindow,
    make_tip: MakeTip,
    see: See,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(sealed_words, "STEP", 1)
    for number in range(3):
        see(make_tip("wentzville-pd", narrative=f"Blue door, number {number}."))
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    for scripts in (True, False):
        window = open_window(java_script_enabled=scripts)
        window.log_on(password)
        page = window.page
        page.goto(f"{window.home}/search/?city=Wentzville")
        page.fill("#words-looked-for", "blue")
        page.locator("#words-reason").select_option("LINK")
        window.press(page.get_by_role("button", name="Open and search"))
        if not scripts:
            for _ in range(2):
                window.press(page.get_by_role("button", name="Read on"))
        expect(page.locator("#progress")).to_have_text(re.compile("Read: 3 of 3 tips, 3 found"))
        assert window.complaints == []
        window.press(page.get_by_role("button", name="Log off"))


def test_the_page_that_keeps_itself_up_to_date_keeps_the_place(
    open_window: OpenWindow, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loaded anew every half minute it put whoever went through it by keyboard back to its top."""
    monkeypatch.setattr(queues, "REFRESH_SECONDS", 1)
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    for code in ("wentzville-pd", "ofallon-pd"):
        make_tip(code, priority="P3")
    window = open_window(viewport={"width": 390, "height": 500})
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/?watch=1")
    row = page.locator("main a[href='/lines/ofallon-pd/']")
    row.focus()
    before = page.evaluate("scrollY")
    assert before > 0
    make_tip("ofallon-pd", priority="P3")
    expect(row.locator(".n").nth(2)).to_contain_text("2", timeout=10_000)
    expect(row).to_be_focused()
    assert page.evaluate("scrollY") == before
    Session.objects.all().delete()
    page.wait_for_url("**/log-on/**", timeout=10_000)
    assert window.complaints == []


@pytest.mark.parametrize("scripts", [True, False])
def test_what_is_wrong_with_a_form_is_in_sight_and_focused(
    scripts: bool, open_window: OpenWindow, tip: Tip
) -> None:
    """On a phone the page of a refused form opened at its top, and nothing there said so."""
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 390, "height": 844}, java_script_enabled=scripts)
    window.log_on(password)
    page = window.page
    words = "Did she call you from 314-555-0177?"
    for act, button, field, typed, says in (
        ("Ask", "Ask", "#ask-words", words, "would be taken out"),
        ("Change the grade", "Grade", "#grade-words", "Nothing new.", "is graded F6 already"),
        ("Duplicate", "Close as its duplicate", "#bar-of", "T-0000", "Give the number"),
    ):
        page.goto(f"{window.home}/tips/{tip.reference}/")
        page.locator("summary", has_text=act).first.click()
        form = page.locator("details[open] form", has=page.locator(field))
        page.fill(field, typed)
        for reason in form.locator("#grade-why").all():
            reason.select_option(index=1)
        window.press(form.get_by_role("button", name=button, exact=True))
        wrong = page.locator(".trouble:focus")
        expect(wrong).to_be_in_viewport()
        expect(wrong).to_contain_text(says)
        expect(page.locator(field)).to_have_value(typed)
    assert window.complaints == []


def test_who_changes_a_question_stands_in_its_words(open_window: OpenWindow, tip: Tip) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 390, "height": 844}, java_script_enabled=False)
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/tips/{tip.reference}/")
    page.locator("summary", has_text="Ask").first.click()
    page.fill("#ask-words", "Was it white?")
    window.press(page.get_by_role("button", name="Look at it first"))
    window.press(page.locator("button[value=change]"))
    expect(page.locator("#ask-words:focus")).to_be_in_viewport()
    expect(page.locator("#ask-words")).to_have_value("Was it white?")


def test_what_another_way_would_change_is_in_sight_and_focused(
    open_window: OpenWindow, tip: Tip, region: Gazetteer
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(viewport={"width": 390, "height": 700}, java_script_enabled=False)
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/tips/{tip.reference}/another-way/")
    page.select_option("#why", index=1)
    window.press(page.get_by_role("button", name="Show what would change"))
    expect(page.locator(".notice:focus")).to_be_in_viewport()
