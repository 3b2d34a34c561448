"""Accounts in a real browser: a first log-on without script, passkeys, the lock over a page."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from playwright.sync_api import expect

from tests.web.desk.conftest import MakeTip
from tests.web.desk.windows import OpenWindow, Window
from tipintake.staff import accounts, factors, tokens
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role
from tipintake.web.desk import presence

pytestmark = pytest.mark.browser

OWN = "twelve kind herons wade"


@pytest.fixture
def password(home: str, lines: object) -> str:
    return accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())


def first_steps(window: Window, password: str) -> None:
    """Until the desk asks for a second factor."""
    page = window.page
    page.goto(f"{window.home}/log-on/")
    page.fill("#name", "root")
    page.fill("#password", password)
    window.press(page.locator("button.main"))
    expect(page.locator("h1")).to_have_text("Choose a password")
    page.fill("#chosen", OWN)
    page.fill("#repeated", OWN)
    window.press(page.locator("button.main"))
    expect(page.locator("h1")).to_have_text("Set up a second factor")


def test_a_first_log_on_works_without_any_script(open_window: OpenWindow, password: str) -> None:
    window = open_window(java_script_enabled=False)
    page = window.page
    first_steps(window, password)
    window.press(page.get_by_role("link", name="Set up an app"))
    secret = page.locator("#secret").get_attribute("data-secret") or ""
    page.fill("#code", factors.code_at(secret, timezone.now()))
    window.press(page.locator("button.main"))
    assert len(page.locator(".one-time li").all()) == 10
    code = page.locator(".one-time li").first.inner_text()
    window.press(page.get_by_role("link", name="I have them: to the desk"))
    expect(page.locator("h1")).to_have_text("Lines")
    window.press(page.get_by_role("button", name="Log off"))
    page.fill("#name", "root")
    page.fill("#password", OWN)
    window.press(page.locator("button.main"))
    page.fill("#code", code)
    window.press(page.locator("button.main"))
    expect(page.locator("h1")).to_have_text("Lines")
    assert window.complaints == []


@pytest.fixture
def key_in() -> Callable[[Window], None]:
    """A security key that is plugged into a window."""

    def plug(window: Window) -> None:
        session = window.page.context.new_cdp_session(window.page)
        session.send("WebAuthn.enable")
        session.send(
            "WebAuthn.addVirtualAuthenticator",
            {
                "options": {
                    "protocol": "ctap2",
                    "transport": "usb",
                    "hasResidentKey": True,
                    "hasUserVerification": True,
                    "isUserVerified": True,
                    "automaticPresenceSimulation": True,
                }
            },
        )

    return plug


def test_a_passkey_is_added_logs_on_and_unlocks(
    open_window: OpenWindow, password: str, key_in: Any
) -> None:
    window = open_window()
    page = window.page
    key_in(window)
    first_steps(window, password)
    window.press(page.get_by_role("link", name="Add a passkey"))
    page.fill("#name", "blue key")
    window.press(page.get_by_role("button", name="Add it"))
    expect(page.locator(".news")).to_contain_text("The passkey is set up.")
    assert len(page.locator(".one-time li").all()) == 10
    window.press(page.get_by_role("button", name="Log off"))
    page.fill("#name", "root")
    page.fill("#password", OWN)
    window.press(page.locator("button.main"))
    window.press(page.get_by_role("button", name="Use a passkey"))
    expect(page.locator("h1")).to_have_text("Lines")
    assert AuditEntry.objects.get(act="log_on.good").facts["factor"] == "passkey"
    page.goto(f"{window.home}/log-on/unlock/?next=/me/")
    window.press(page.get_by_role("button", name="Use a passkey"))
    expect(page.locator("h1")).to_have_text("Your account")
    window.press(page.get_by_role("button", name="Remove blue key"))
    expect(page.locator(".trouble")).to_contain_text("only second factor")
    assert window.complaints == []


def test_a_page_that_stays_open_is_covered_and_keeps_what_was_typed(
    open_window: OpenWindow,
    password: str,
    make_tip: MakeTip,
    settings: Any,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    settings.DESK_IDLE_MINUTES = 1
    tip = make_tip("regional-triage")
    window = open_window()
    page = window.page
    page.clock.install()
    window.log_on(password)
    page.goto(f"{window.home}/tips/{tip.reference}/")
    page.locator("textarea[name=words]").last.evaluate("one => { one.value = 'half a sentence' }")
    page.keyboard.press("?")
    expect(page.locator("#keys-help")).to_be_visible()
    locked = presence.is_locked
    monkeypatch.setattr(presence, "is_locked", lambda *_given: True)
    page.clock.run_for(62_000)
    expect(page.locator("#lock-here")).to_be_visible()
    expect(page.locator("main")).to_be_hidden()
    window.picture("covered")
    expect(page.get_by_role("link", name="Unlock")).to_be_focused()
    page.keyboard.type("jaeur?")  # somebody begins to type their password
    expect(page.locator("#keys-help")).to_be_hidden()
    assert page.url == f"{window.home}/tips/{tip.reference}/"
    monkeypatch.setattr(presence, "is_locked", locked)
    User.objects.update(last_code_step=0)
    with page.context.expect_page() as opened:
        page.get_by_role("link", name="Unlock").click()
    other = opened.value
    other.fill("#password", password)
    with other.expect_navigation():
        other.locator("button.main").click()
    other.close()
    page.clock.run_for(21_000)
    expect(page.locator("main")).to_be_visible()
    assert page.locator("textarea[name=words]").last.input_value() == "half a sentence"
    page.close()


def test_every_page_of_accounts_is_without_a_fault(
    open_window: OpenWindow, password: str, make_tip: MakeTip
) -> None:
    now = timezone.now()
    tip = make_tip("regional-triage")
    accounts.create("ann", roles=[Role.ANALYST], lines=["nhth"], actor="test", now=now)
    tokens.make("CAD of Wentzville", lines=["wentzville-pd"], actor="ann", now=now)
    window = open_window()
    page, faults = window.page, {}

    def look(name: str) -> None:
        faults[name] = window.faults_everywhere(name)

    page.goto(f"{window.home}/log-on/")
    page.fill("#name", "root")
    page.fill("#password", password)
    window.press(page.locator("button.main"))
    look("choose-password")
    page.fill("#chosen", OWN)
    page.fill("#repeated", OWN)
    window.press(page.locator("button.main"))
    look("set-up")
    page.goto(f"{window.home}/me/passkey/")
    look("passkey")
    page.goto(f"{window.home}/me/app/")
    page.locator("summary").first.click()
    look("app")
    secret = page.locator("#secret").get_attribute("data-secret") or ""
    page.fill("#code", factors.code_at(secret, timezone.now()))
    window.press(page.locator("button.main"))
    look("codes")
    for name, path in (
        ("me", "/me/"),
        ("people", "/people/"),
        ("person", f"/people/{accounts.named('ann').pk}/"),
        ("self", f"/people/{accounts.named('root').pk}/"),
        ("leave", f"/people/{accounts.named('ann').pk}/leave/"),
        ("again", "/log-on/unlock/?next=/people/"),
    ):
        page.goto(window.home + path)
        look(name)
    session = page.context.cookies()
    assert {one["name"] for one in session} <= {"desk", "desk-form"}
    page.goto(f"{window.home}/people/{accounts.named('ann').pk}/")
    window.press(page.get_by_role("button", name="Make a new password"))
    look("new-password")
    lock(page)
    page.goto(f"{window.home}/tips/{tip.reference}/")
    look("locked")
    page.fill("#password", OWN)
    window.press(page.locator("button.main"))
    page.goto(f"{window.home}/log-on/")
    window.press(page.get_by_role("button", name="Log off"))
    page.fill("#name", "root")
    page.fill("#password", OWN)
    window.press(page.locator("button.main"))
    look("second")
    assert {name: found for name, found in faults.items() if found} == {}


def lock(page: Any) -> None:
    """As if nobody had been there for a quarter of an hour."""
    key = next(one["value"] for one in page.context.cookies() if one["name"] == "desk")
    session = SessionStore(session_key=key)
    session[presence.SEEN] -= 16 * 60
    session.save()
