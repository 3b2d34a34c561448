"""What leaves the house or opens what is sealed asks for the second factor, unless just shown."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk import entering
from tests.web.desk.conftest import LogOn, MakeTip, See, hold_back, lock_away, text
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

ROLES = (Role.ADMIN, Role.PRIVACY_OFFICER, Role.CHILD_VICTIM)
CLOSER = (
    ("get", "/exports/new/"),
    ("post", "/exports/ask/"),
    ("post", "/exports/E-0000-0000/download/"),
    ("post", "/held/{held}/open/"),
    ("post", "/held/{held}/release/"),
    ("post", "/held/{held}/lock-away/"),
    ("get", "/vault/"),
    ("post", "/vault/{vault}/open/"),
    ("post", "/audit/export/"),
)


@pytest.fixture
def tip(make_tip: MakeTip, see: See) -> Tip:
    made = make_tip("wentzville-pd")
    see(made)
    hold_back(made, "/narrative", "314-555-0142")
    lock_away(made, "Zebulonia")
    return made


@pytest.mark.parametrize(("method", "address"), CLOSER)
def test_it_asks_again_and_goes_on_with_what_was_typed(
    method: str, address: str, tip: Tip, log_on: LogOn, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = log_on(*ROLES, name="root")
    there = address.format(held=tip.held_spans.get().pk, vault=tip.vault.get().pk)
    start = timezone.now()
    for minutes in (6, 12):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: start + timedelta(minutes=m))
        assert client.get("/").status_code == 200
    form = {"reason": "EVIDENCE"}
    answer = client.get(there) if method == "get" else client.post(there, form)
    assert answer.headers["Location"].startswith("/log-on/unlock/")
    opened = AuditEntry.objects.filter(act__in=["held_span.opened", "vault.opened"])
    assert not opened.exists()
    code = entering.code("root", start + timedelta(minutes=12))
    back = client.post(f"/log-on/unlock/?next={there}", {"code": code})
    if method == "get":
        assert client.get(there).status_code == 200
        return
    assert back.headers["Location"] == "/log-on/kept/"
    assert there in client.get("/log-on/kept/").content.decode()
    after = client.post(there, form)
    assert not after.headers.get("Location", "").startswith("/log-on/")


def test_a_selection_of_the_queue_goes_into_the_form_that_asks(
    tip: Tip, make_tip: MakeTip, log_on: LogOn
) -> None:
    erin = log_on(Role.EXPORTER, name="erin", lines=("wentzville-pd",))
    other = make_tip("wentzville-pd")
    assert "Export these" in erin.get("/queue/").content.decode()
    chosen = [f"{one.reference}:{one.version}" for one in (tip, other)]
    answer = erin.post("/queue/act/", {"act": "export", "tip": chosen})
    page = erin.get(answer.headers["Location"]).content.decode()
    assert f"{tip.reference},{other.reference}" in page
    assert "Ask for an export" in page


def test_who_exports_a_selection_hears_which_tips_are_not_there_any_more(
    tip: Tip, make_tip: MakeTip, log_on: LogOn
) -> None:
    """A packet from which one is missing looks like a whole one."""
    erin = log_on(Role.EXPORTER, name="erin", lines=("wentzville-pd",))
    gone = make_tip("wentzville-pd")
    chosen = [f"{one.reference}:{one.version}" for one in (tip, gone)]
    gone.delete()
    page = text(erin, erin.post("/queue/act/", {"act": "export", "tip": chosen})["Location"])
    assert f"Not among your tips any more, and left out: {gone.reference}." in page
    answer = erin.post("/queue/act/", {"act": "export", "tip": chosen[1]}, follow=True)
    assert answer.redirect_chain[-1][0] == "/queue/"
    assert f"left out: {gone.reference}." in answer.content.decode()


def test_who_may_not_export_has_no_such_act(tip: Tip, triage: Client) -> None:
    assert "Export these" not in triage.get("/queue/").content.decode()
    chosen = f"{tip.reference}:{tip.version}"
    assert triage.post("/queue/act/", {"act": "export", "tip": chosen}).status_code == 403
