"""What belongs together, in a real browser: accessible, within the policy, without a script."""

import pytest
from django.utils import timezone

from tests.web.desk.conftest import MakeTip
from tests.web.desk.test_together import bears
from tests.web.desk.windows import OpenWindow
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip
from tipintake.triage import links

pytestmark = pytest.mark.browser


@pytest.fixture
def ring(make_tip: MakeTip) -> list[Tip]:
    """Three that belong together, one of another pair, and a burst."""
    plates = ("AB1C2D", "AB1X2D", "AB1?2D", "AB1C2E")
    tips = [make_tip("wentzville-pd", priority="P3") for _ in range(9)]
    for number, tip in enumerate(tips):
        plate = plates[number] if number < 4 else "AB1C2D"
        bears(tip, plate, make="Honda", pin=(38.812 + number / 300, -90.853 - number / 900))
    Tip.objects.filter(pk__in=[tip.pk for tip in tips[4:]]).update(flood=tips[4].pk)
    links.suggest_for([tip.pk for tip in tips])
    return tips


def password() -> str:
    return accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())


def test_the_pages_are_without_a_fault(
    open_window: OpenWindow,
    ring: list[Tip],
) -> None:
    secret = password()
    by = User.objects.get(username="root")
    for other in ring[1:3]:
        marks = list(links.between(ring[0], other).values_list("mark", flat=True))
        links.confirm(ring[0], other, marks, version=ring[0].version, by=by, now=timezone.now())
        ring[0].refresh_from_db()
    window = open_window()
    window.log_on(secret)
    faults = {}
    first, second = ring[0].reference, ring[1].reference
    for name, path in (
        ("tip", f"/tips/{first}/"),
        ("pair", f"/tips/{first}/links/{second}/"),
        ("cluster", f"/tips/{first}/together/"),
    ):
        window.page.goto(window.home + path)
        for fold in window.page.query_selector_all("details"):
            fold.evaluate("fold => { fold.open = true }")
        faults[name] = window.faults_everywhere(f"links-{name}")
    assert {name: found for name, found in faults.items() if found} == {}


def test_a_link_is_compared_confirmed_merged_and_taken_back_without_script(
    open_window: OpenWindow,
    ring: list[Tip],
) -> None:
    window = open_window(java_script_enabled=False)
    window.log_on(password())
    page, first, second = window.page, ring[0].reference, ring[1].reference
    page.goto(f"{window.home}/tips/{first}/")
    pair = page.get_by_role("article", name=f"Suggested: {second}")
    window.press(pair.get_by_role("link", name=f"Side by side with {second}"))
    assert "the same plate but for one character" in page.locator("main").inner_text()
    window.press(page.get_by_role("button", name=f"Confirm {second}"))
    assert page.locator(".news").inner_text() == f"{first} and {second} belong together."
    pair = page.get_by_role("article", name=f"Confirmed: {second}")
    window.press(pair.get_by_role("link", name=f"Side by side with {second}"))
    window.press(page.get_by_role("button", name=f"Merge {first} into {second}"))
    pair = page.get_by_role("article", name=f"Confirmed: {second}")
    assert "This tip is merged into" in pair.inner_text()
    window.press(pair.get_by_role("button", name=f"Unmerge {second}"))
    pair = page.get_by_role("article", name=f"Confirmed: {second}")
    window.press(pair.get_by_role("button", name="Take back"))
    assert page.get_by_role("article", name=f"Suggested: {second}").is_visible()
    assert window.complaints == []
