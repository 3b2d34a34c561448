"""The accounts of others, as an administrator looks after them."""

import re
from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from tests.web.desk.conftest import LogOn, MakeTip, hidden, said_by, text
from tipintake.directory.models import Alias, Line
from tipintake.staff import accounts, factors
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import Role, roles_of


@pytest.fixture
def root(log_on: LogOn) -> Client:
    return log_on(Role.ADMIN, name="root")


@pytest.fixture
def ann(log_on: LogOn) -> Client:
    """Somebody who is logged on."""
    return log_on(Role.ANALYST, name="ann", lines=("nhth",))


def page_of(name: str, what: str = "") -> str:
    return f"/people/{accounts.named(name).pk}/{what}"


def as_shown(root: Client, name: str) -> dict[str, str]:
    """What the page of an account carries of how it stood."""
    return {"shown": hidden(root.get(page_of(name)).content.decode(), "shown")}


def test_everybody_is_listed_with_what_they_may_and_have(root: Client, ann: Client) -> None:
    said = text(root, "/people/")
    assert "ann Analyst National hotline app" in said
    assert "root Admin every line app" in said


def test_many_accounts_are_listed_with_as_many_queries_as_one(
    root: Client, ann: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    def listed() -> None:
        root.get("/people/")
        call_command("staff", "list", stdout=StringIO(), stderr=StringIO())

    with CaptureQueriesContext(connection) as few:
        listed()
    for name in ("kim", "lee", "max"):
        accounts.create(name, roles=[Role.PARTNER], lines=["nhth"], actor="t", now=timezone.now())
    with django_assert_num_queries(len(few)):
        listed()


def test_an_account_that_is_made_twice_by_one_page_leads_to_it(root: Client) -> None:
    mark = hidden(root.get("/people/").content.decode(), "once")
    form = {"name": "Lee", "roles": ["Agency partner"], "lines": ["ofallon-pd"], "once": mark}
    root.post("/people/add/", form)
    answer = root.post("/people/add/", form)
    said = said_by(answer.content.decode())
    assert answer.status_code == 422
    assert "This account was made already, and its password was shown then" in said
    assert "What lee may do and see" in said
    assert "already exists" in said_by(
        root.post("/people/add/", {**form, "lines": []}).content.decode()
    )


def test_who_leaves_by_two_presses_is_out(root: Client, ann: Client) -> None:
    for _press in range(2):
        answer = root.post(page_of("ann", "leave/"), {"to": "root"})
        assert answer.headers["Location"] == page_of("ann")


def test_an_account_is_made_with_a_password_for_once(root: Client) -> None:
    form = {"name": "Lee", "roles": ["Agency partner"], "lines": ["ofallon-pd"]}
    page = root.post("/people/add/", form).content.decode()
    shown = re.search(r'class="secret">([^<]+)<', page)
    assert shown
    lee = accounts.named("lee")
    assert lee.check_password(shown.group(1))
    assert lee.must_change_password
    assert roles_of(lee) == {Role.PARTNER}
    assert accounts.lines_of(lee) == ["ofallon-pd"]
    assert shown.group(1) not in root.get(page_of("lee")).content.decode()
    assert AuditEntry.objects.get(act="account.created", subject="lee").actor == "root"


@pytest.mark.parametrize("form", [{"name": "x"}, {"name": "a!", "roles": ["Admin"]}, {}])
def test_what_cannot_be_made_is_said(root: Client, form: dict[str, object]) -> None:
    answer = root.post("/people/add/", form)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()


def test_roles_and_lines_are_changed_together(root: Client, ann: Client) -> None:
    form = {"roles": ["Agency partner"], "lines": ["wentzville-pd", "ofallon-pd"]}
    root.post(page_of("ann", "roles/"), {**form, **as_shown(root, "ann")})
    user = accounts.named("ann")
    assert roles_of(user) == {Role.PARTNER}
    assert accounts.lines_of(user) == ["ofallon-pd", "wentzville-pd"]
    without = root.post(page_of("ann", "roles/"), as_shown(root, "ann"))
    assert without.status_code == 422, "never without a role"


def test_a_page_from_before_gives_back_no_line_that_was_taken_away(
    root: Client, ann: Client, log_on: LogOn
) -> None:
    other = log_on(Role.ADMIN, name="other")
    shown = as_shown(other, "ann")
    away = {"roles": ["Analyst"], "lines": [], **as_shown(root, "ann")}
    for _press in range(2):
        assert root.post(page_of("ann", "roles/"), away).status_code == 302
    for stale in (shown, {}):
        form = {"roles": ["Analyst", "Exporter"], "lines": ["nhth"], **stale}
        answer = other.post(page_of("ann", "roles/"), form)
        assert answer.status_code == 422
        assert "changed the roles or lines of ann" in said_by(answer.content.decode())
    assert accounts.lines_of(accounts.named("ann")) == []
    assert roles_of(accounts.named("ann")) == {Role.ANALYST}


@pytest.mark.parametrize(
    ("what", "given"),
    [
        ("roles/", {"roles": ["Analyst"], "lines": ["ofallon-pd"]}),
        ("roles/", {"roles": ["Auditor"], "lines": ["nhth"]}),
        ("leave/", {}),
    ],
    ids=["line", "role", "leaves"],
)
def test_who_takes_a_line_from_its_last_account_is_told(
    root: Client, ann: Client, log_on: LogOn, what: str, given: dict[str, list[str]]
) -> None:
    log_on(Role.ANALYST, name="bob")
    done = root.post(page_of("ann", what), {**given, **as_shown(root, "ann")}, follow=True)
    assert "Nobody but administrators sees the tips of National hotline now." in said_by(
        done.content.decode()
    )


def test_who_leaves_a_line_to_others_is_told_nothing(
    root: Client, ann: Client, log_on: LogOn
) -> None:
    log_on(Role.ANALYST, name="bob", lines=("nhth",))
    page = root.post(page_of("ann", "leave/"), follow=True).content.decode()
    assert "Assign somebody else there" not in said_by(page)
    standing = re.search("sees the tips of: (.*?)\\. Give", said_by(page))
    assert standing
    assert "National hotline" not in standing.group(1)


def test_a_retired_line_stays_with_whoever_sees_its_tips(root: Client, ann: Client) -> None:
    Line.objects.filter(code="nhth").update(active=False)
    page = root.get(page_of("ann")).content.decode()
    assert "National hotline (retired)" in said_by(page)
    ticked = re.findall(r'name="lines"\s+value="([^"]+)"\s+checked', page)
    assert ticked == ["nhth"]
    form = {"roles": ["Supervisor"], "lines": ticked, **as_shown(root, "ann")}
    root.post(page_of("ann", "roles/"), form)
    assert accounts.lines_of(accounts.named("ann")) == ["nhth"]


def test_lines_that_nobody_works_on_are_named(
    root: Client, ann: Client, make_tip: MakeTip
) -> None:
    found = re.search("sees the tips of: (.*?)\\. Give", text(root, "/people/"))
    assert found
    assert "Wentzville Police" in found.group(1)
    assert "National hotline" not in found.group(1)
    codes = list(Line.objects.exclude(kind="internal").values_list("code", flat=True))
    accounts.set_lines("ann", codes, actor="root", now=timezone.now())
    assert "Nobody but administrators" not in text(root, "/people/")
    form = {"roles": ["Auditor"], "lines": codes, **as_shown(root, "ann")}
    page = root.post(page_of("ann", "roles/"), form, follow=True).content.decode()
    assert said_by(page).count("Nobody but administrators") == 1
    make_tip("nhth")
    Line.objects.update(active=False)
    assert "sees the tips of: National hotline (retired). Give" in text(root, "/people/")


@pytest.mark.parametrize("what", ["reset-mfa", "password", "end-sessions"])
def test_sessions_end_at_once(root: Client, ann: Client, what: str) -> None:
    assert ann.get("/").status_code == 200
    assert root.post(page_of("ann", f"{what}/")).status_code in {200, 302}
    assert ann.get("/").headers["Location"].startswith("/log-on/")
    assert root.get("/").status_code == 200
    assert factors.has_one(accounts.named("ann")) is (what != "reset-mfa")


def test_who_leaves_hands_over_and_is_out(root: Client, ann: Client, log_on: LogOn) -> None:
    log_on(Role.ANALYST, name="bob")
    Alias.objects.create(text="Grey Mill", kind="landmark", outcome="resolved", proposed_by="ann")
    page = text(root, page_of("ann", "leave/"))
    assert "names of places that wait for approval (1) Grey Mill" in page
    assert "bob" in page
    assert root.post(page_of("ann", "leave/")).status_code == 422
    done = root.post(page_of("ann", "leave/"), {"to": "bob"})
    assert "every session has ended" in said_by(
        root.get(done.headers["Location"]).content.decode()
    )
    assert ann.get("/").status_code == 302
    assert Alias.objects.get(text="Grey Mill").proposed_by == "bob"
    assert root.get(page_of("ann", "leave/")).status_code == 404
    root.post(page_of("ann", "enable/"))
    assert accounts.named("ann").is_active


@pytest.mark.parametrize("what", ["roles/", "reset-mfa/", "password/", "end-sessions/", "leave/"])
def test_nobody_changes_their_own_account(root: Client, what: str) -> None:
    """Not even to give oneself the role that opens names."""
    answer = root.post(page_of("root", what), {"roles": ["Child/victim role", "Admin"]})
    assert answer.status_code == 422
    assert roles_of(User.objects.get(username="root")) == {Role.ADMIN}


def test_it_needs_a_second_factor_shown_lately(
    root: Client, ann: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    root.get("/")
    later = timezone.now() + timedelta(minutes=11)
    monkeypatch.setattr(timezone, "now", lambda: later)
    for what in ("roles/", "reset-mfa/", "leave/"):
        sent = root.post(page_of("ann", what), {"roles": ["Admin"]})
        assert sent.headers["Location"].startswith("/log-on/unlock/"), what
    assert roles_of(accounts.named("ann")) == {Role.ANALYST}


def test_a_locked_account_is_shown_as_locked(root: Client, ann: Client) -> None:
    for _ in range(5):
        Client().post("/log-on/", {"name": "ann", "password": "wrong"})
    assert "Locked after five bad tries" in text(root, page_of("ann"))
