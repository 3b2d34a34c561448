"""Audit, supervision and wellbeing in a real browser, with something on every page."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.tips.photos import PDF
from tests.web.desk.conftest import MakeTip, Photograph, hand_off
from tests.web.desk.windows import OpenWindow
from tipintake.pipeline.models import OperatorAlert
from tipintake.staff import accounts, audit
from tipintake.staff.models import User
from tipintake.staff.preferences import prefer
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.web.desk import strain

pytestmark = pytest.mark.browser


@pytest.fixture
def password(make_tip: MakeTip, photograph: Photograph) -> str:
    """A week's work of three people."""
    now = timezone.now()
    made = accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    for name in ("kim", "lee"):
        accounts.create(name, roles=[Role.ANALYST], actor="test", now=now)
    for number in range(24):
        waited = timedelta(hours=1 + number * 5)
        tip = make_tip(
            "wentzville-pd" if number % 3 else "regional-triage",
            priority=f"P{1 + number % 4}",
            rule=f"R{number % 4}",
            waited=waited,
            due_in=timedelta(hours=3) - waited / 2,
        )
        if number % 5 == 0:
            photograph(tip)
        Tip.objects.filter(pk=tip.pk).update(routed_at=now - waited)
        who = ("kim", "lee")[number % 2]
        at = now - waited + timedelta(minutes=7 * number)
        if number % 4:
            audit.record("tip.read", actor=who, now=at, subject=tip.reference)
            audit.record("picture.opened", actor=who, now=at, subject=tip.reference, picture="1")
        if number % 4 == 1:
            hand = tip.hand_offs.get()
            hand.state, hand.acknowledged_at = "DECLINED", at
            hand.save()
            audit.record(
                "hand_off.declined",
                actor=who,
                now=at,
                subject=tip.reference,
                line=hand.line.code,
                reason="OTHER_AREA",
            )
    audit.seal_chain(now=now)
    OperatorAlert.objects.create(code="broker", opened_at=now)
    return made


def test_every_page_of_oversight_is_without_a_fault(
    open_window: OpenWindow,
    password: str,
) -> None:
    window = open_window()
    window.log_on(password)
    picture = Tip.objects.filter(attachments__isnull=False)[0]
    look = f"/tips/{picture.reference}/pictures/{picture.attachments.get().pk}/look/"
    faults: dict[str, list[str]] = {}
    for name, path in (
        ("supervision", "/supervision/"),
        ("audit", "/audit/?act=tip.*&since=2026-01-01"),
        ("week", "/audit/week/"),
        ("preferences", "/preferences/"),
        ("support", "/support/"),
        ("operation", "/operation/"),
        ("picture", look),
    ):
        window.page.goto(window.home + path)
        faults[path] = window.faults_everywhere(name)
    for _ in range(strain.RUN):
        window.page.goto(window.home + look)
        expect(window.page.locator("#pixels img")).to_have_js_property("complete", True)
    window.page.goto(f"{window.home}/")
    expect(window.page.locator(".pause")).to_be_visible()
    faults["pause"] = window.faults_everywhere("pause")
    assert {path: found for path, found in faults.items() if found} == {}


@pytest.mark.parametrize("script", [True, False])
def test_a_picture_is_blurred_and_gray_until_it_is_clicked(
    script: bool,
    open_window: OpenWindow,
    make_tip: MakeTip,
    photograph: Photograph,
) -> None:
    tip = make_tip("regional-triage")
    photograph(tip)
    photograph(tip, PDF)
    secret = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=script)
    window.log_on(secret)
    window.page.goto(f"{window.home}/tips/{tip.reference}/")
    small = window.page.locator(".pictures img").first
    expect(small).to_have_css("filter", "blur(9px) grayscale(1)")
    window.page.click("text=Open picture 1")
    image = window.page.locator("#pixels img")
    expect(image).to_have_css("filter", "blur(28px) grayscale(1)")
    window.page.get_by_text("Show this picture").click()
    expect(image).to_have_css("filter", "grayscale(1)")
    window.page.get_by_label("In color").check()
    expect(image).to_have_css("filter", "none")
    prefer(User.objects.get(username="root"), {"blur": False, "greyscale": False})
    window.page.goto(window.page.url)
    expect(window.page.locator("#pixels img")).to_have_css("filter", "none")
    assert hand_off(tip, "regional-triage").state == "QUEUED"
