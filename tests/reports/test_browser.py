"""The pages of exports in a real browser, with and without script."""

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from reports import correcting, digesting, making, taking
from reports.asking import Wish
from reports.lease import still
from reports.models import Correction, Export
from tests.web.desk.conftest import Lines, MakeTip, See
from tests.web.desk.windows import OpenWindow
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

pytestmark = pytest.mark.browser


@pytest.fixture
def tip(home: str, make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    return made


def make() -> None:
    making.make_due(clock=timezone.now, heart=still)


def test_every_page_is_without_a_fault(
    open_window: OpenWindow,
    tip: Tip,
    lines: Lines,
) -> None:
    roles = [Role.ADMIN, Role.CHILD_VICTIM]
    password = accounts.create("root", roles=roles, actor="test", now=timezone.now())
    user = User.objects.get(username="root")
    window = open_window()
    window.log_on(password)
    wish = Wish(
        lines["wentzville-pd"], "INVESTIGATION", "Case 26-0001, Det. Example", "EVIDENCE", ["csv"]
    )
    now = timezone.now()
    digesting.arrange(wish, name="For the task force", every="WEEK", user=user, now=now)
    window.page.goto(f"{window.home}/exports/new/?tips={tip.reference}")
    faults = {"form": window.faults_everywhere("export-form")}
    window.page.select_option("#recipient", "victim-advocate")
    window.page.select_option("#purpose", "SERVICES")
    window.page.fill("#authority", "Agreement 7")
    window.press(window.page.get_by_role("button", name="Ask for it"))
    faults["form refused"] = window.faults_everywhere("export-refused")
    window.page.select_option("#recipient", "wentzville-pd")
    window.press(window.page.get_by_role("button", name="Ask for it"))
    export = Export.objects.get()
    faults["waiting"] = window.faults_everywhere("export-waiting")
    make()
    expect(window.page.get_by_role("button", name="Download the package")).to_be_visible(
        timeout=15_000
    )
    faults["ready"] = window.faults_everywhere("export-ready")
    list(taking.take(Export.objects.get(), user=user, now=now))
    correcting.note(tip, Correction.What.WRONG, by="root", now=now)
    for path in ("/exports/", "/exports/log/", "/exports/signing-key/"):
        window.page.goto(window.home + path)
        for fold in window.page.query_selector_all("details"):
            fold.evaluate("fold => { fold.open = true }")
        faults[path] = window.faults_everywhere(path.strip("/").replace("/", "-"))
    assert {path: found for path, found in faults.items() if found} == {}
    assert export.reference


def test_an_export_is_asked_for_and_taken_without_script(
    open_window: OpenWindow,
    tip: Tip,
) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window(java_script_enabled=False, accept_downloads=True)
    window.log_on(password)
    page = window.page
    window.press(page.get_by_role("link", name="Exports"))
    window.press(page.get_by_role("link", name="Ask for an export"))
    page.select_option("#recipient", "wentzville-pd")
    page.select_option("#purpose", "INVESTIGATION")
    page.fill("#authority", "Case 26-0001")
    window.press(page.get_by_role("button", name="Ask for it"))
    assert "Name tips or choose a filter." in page.get_by_role("alert").inner_text()
    page.get_by_label("Every tip that I see").check()
    window.press(page.get_by_role("button", name="Ask for it"))
    assert "Waiting" in page.locator("#export-state").inner_text()
    make()
    expect(page.get_by_role("button", name="Download the package")).to_be_visible(timeout=15_000)
    with page.expect_download() as waiting:
        page.get_by_role("button", name="Download the package").click()
    assert waiting.value.suggested_filename == f"{Export.objects.get().reference}.zip"
    assert Export.objects.get().disseminations.count() == 1


def test_who_stands_on_cancel_presses_no_other_button(open_window: OpenWindow, tip: Tip) -> None:
    password = accounts.create("root", roles=[Role.ADMIN], actor="test", now=timezone.now())
    window = open_window()
    window.log_on(password)
    page = window.page
    page.goto(f"{window.home}/exports/new/?tips={tip.reference}")
    page.select_option("#recipient", "wentzville-pd")
    page.select_option("#purpose", "SERVICES")
    page.fill("#authority", "Agreement 7")
    window.press(page.get_by_role("button", name="Ask for it"))
    cancel = page.get_by_role("button", name="Cancel")
    cancel.focus()
    Export.objects.update(total=7)
    expect(page.locator("#export-state label")).to_contain_text("7 tips", timeout=10_000)
    expect(cancel).to_be_focused()
    Export.objects.update(total=0)
    make()
    expect(page.get_by_role("button", name="Download the package")).to_be_visible(timeout=15_000)
    expect(page.locator("#state")).to_be_focused()
    assert window.complaints == []
