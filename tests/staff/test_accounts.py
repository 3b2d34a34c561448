from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tipintake.directory.models import Line
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import IN_WORDS, MAY, May, Role, acts_of, may, roles_of
from tipintake.staff.visible import lines_visible_to

pytestmark = pytest.mark.usefixtures("lines")


def seen_by(username: str) -> set[str]:
    user = accounts.named(username)
    return set(Line.objects.filter(lines_visible_to(user)).values_list("code", flat=True))


def test_an_account_gets_a_long_random_password_that_works(now: datetime) -> None:
    password = accounts.create("Kim", roles=[Role.ANALYST], actor="test", now=now)
    assert len(password.replace("-", "")) == 20
    assert accounts.named("kim").check_password(password)
    assert password != accounts.create("lee", roles=[Role.ANALYST], actor="test", now=now)


def test_no_password_is_ever_in_the_audit(now: datetime) -> None:
    first = accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)
    second = accounts.set_password("kim", actor="test", now=now)
    recorded = str(list(AuditEntry.objects.values()))
    assert first not in recorded
    assert second not in recorded
    assert "account.created" in recorded
    assert "account.password_set" in recorded


def test_a_name_without_role_or_with_odd_characters_is_refused_with_a_sentence(
    now: datetime,
) -> None:
    with pytest.raises(accounts.AccountProblem, match="at least one role"):
        accounts.create("kim", roles=[], actor="test", now=now)
    with pytest.raises(accounts.AccountProblem, match="kim!"):
        accounts.create("kim!", roles=[Role.ANALYST], actor="test", now=now)
    with pytest.raises(accounts.AccountProblem, match="There is no line nowhere-pd"):
        accounts.create("kim", roles=[Role.PARTNER], lines=["nowhere-pd"], actor="test", now=now)
    assert not User.objects.exists()


def test_two_accounts_do_not_differ_by_case_alone(now: datetime) -> None:
    accounts.create("kim", roles=[Role.ANALYST], actor="test", now=now)
    with pytest.raises(accounts.AccountProblem):
        accounts.create("KIM", roles=[Role.ANALYST], actor="test", now=now)


def test_a_partner_sees_its_own_lines_and_nothing_else(now: datetime) -> None:
    accounts.create(
        "wentzville", roles=[Role.PARTNER], lines=["wentzville-pd"], actor="test", now=now
    )
    assert seen_by("wentzville") == {"wentzville-pd"}


def test_own_staff_see_internal_and_assigned_lines_and_the_admin_all(now: datetime) -> None:
    accounts.create("kim", roles=[Role.ANALYST], lines=["nhth"], actor="test", now=now)
    accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    accounts.create("auditor", roles=[Role.AUDITOR], lines=["nhth"], actor="test", now=now)
    assert seen_by("kim") == {"regional-triage", "out-of-area", "nhth"}
    assert seen_by("root") == set(Line.objects.values_list("code", flat=True))
    assert seen_by("auditor") == set()


def test_a_disabled_account_may_do_nothing(now: datetime) -> None:
    accounts.create("kim", roles=[Role.ADMIN], actor="test", now=now)
    accounts.set_active("kim", active=False, actor="test", now=now)
    assert acts_of(accounts.named("kim")) == frozenset()
    assert seen_by("kim") == set()


def test_changing_roles_and_lines_is_recorded_with_what_stood_before(now: datetime) -> None:
    accounts.create("kim", roles=[Role.ANALYST], lines=["nhth"], actor="test", now=now)
    accounts.set_lines("kim", ["wentzville-pd"], actor="boss", now=now)
    accounts.set_roles("kim", [Role.PARTNER], actor="boss", now=now)
    assert roles_of(accounts.named("kim")) == {Role.PARTNER}
    changes = AuditEntry.objects.filter(actor="boss").order_by("pk").values_list("act", "facts")
    assert list(changes) == [
        ("account.lines_changed", {"before": ["nhth"], "lines": ["wentzville-pd"]}),
        ("account.roles_changed", {"before": ["Analyst"], "roles": ["Agency partner"]}),
    ]


def test_every_role_says_what_it_is_for() -> None:
    assert set(IN_WORDS) == set(MAY) == set(Role)


@pytest.mark.parametrize("act", [May.OPEN_HELD, May.OPEN_VAULT])
def test_not_even_the_admin_opens_what_is_for_one_role(now: datetime, act: May) -> None:
    accounts.create("root", roles=[Role.ADMIN], actor="test", now=now)
    assert not may(accounts.named("root"), act)


def test_first_accounts_are_made_once(now: datetime) -> None:
    made = accounts.first_accounts(now=now)
    assert [(one.username, one.line) for one in made] == [
        ("advocate", "victim-advocate"),
        ("triage", "regional-triage"),
        ("out-of-area", "out-of-area"),
        ("admin", "every line"),
    ]
    assert accounts.first_accounts(now=now) == []
    assert User.objects.count() == 4
    for one in made:
        assert accounts.named(one.username).check_password(one.password)


def test_first_accounts_share_the_work_as_the_house_is_run(now: datetime) -> None:
    accounts.first_accounts(now=now)
    assert seen_by("advocate") == {"victim-advocate"}
    assert seen_by("out-of-area") == {"regional-triage", "out-of-area"}
    # Triage hands over by telephone for every line without a queue user, but not for services.
    assert seen_by("triage") == {"regional-triage", "out-of-area", "wentzville-pd", "nhth"}
    assert roles_of(accounts.named("triage")) == {Role.ANALYST, Role.SUPERVISOR}


def staff(*words: str) -> str:
    out = StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def test_a_line_that_only_administrators_see_is_named_until_somebody_works_it(
    now: datetime,
) -> None:
    said = StringIO()
    staff("add", "ann", "--role", "Admin")
    staff("add", "kim", "--role", "Analyst", "--line", "nhth")
    staff("add", "aud", "--role", "Auditor", "--line", "victim-advocate")
    call_command("staff", "list", stdout=StringIO(), stderr=said)
    assert "sees the tips of: victim-advocate, wentzville-pd." in said.getvalue()
    staff("lines", "kim", "wentzville-pd", "victim-advocate", "--also")
    assert {"nhth", "wentzville-pd"} <= seen_by("kim")
    said = StringIO()
    call_command("staff", "list", stdout=StringIO(), stderr=said)
    assert said.getvalue() == ""
    call_command("staff", "deactivate", "kim", stdout=StringIO(), stderr=said)
    assert "sees the tips of: nhth, out-of-area, regional-triage" in said.getvalue()
    staff("enable", "kim")
    said = StringIO()
    call_command("staff", "roles", "kim", "Auditor", stdout=StringIO(), stderr=said)
    assert "sees the tips of: nhth, out-of-area, regional-triage" in said.getvalue()


def test_whoever_is_made_something_else_leaves_no_line_unseen_in_silence(now: datetime) -> None:
    staff("add", "ann", "--role", "Admin")
    staff("add", "kim", "--role", "Analyst", "--line", "nhth")
    said = StringIO()
    call_command("staff", "roles", "kim", "Auditor", stdout=StringIO(), stderr=said)
    assert "sees the tips of: nhth, out-of-area, regional-triage" in said.getvalue()


def test_an_unknown_role_is_told_those_there_are() -> None:
    with pytest.raises(CommandError, match="choose from 'Analyst', 'Supervisor'"):
        staff("add", "kim", "--role", "Clerk")


def test_an_operator_makes_lists_and_disables_accounts() -> None:
    said = staff("add", "kim", "--role", "Analyst", "--line", "nhth")
    password = said.split()[1]
    assert accounts.named("kim").check_password(password)
    assert "shown once" in said
    staff("disable", "kim")
    assert "disabled" in staff("list")
    staff("enable", "kim")
    assert "nhth" in staff("list")
    staff("lines", "kim", "wentzville-pd")
    assert seen_by("kim") == {"wentzville-pd", "regional-triage", "out-of-area"}
    assert not accounts.named("kim").check_password(staff("password", "kim").split()[0])


def test_a_mistyped_account_is_answered_with_what_to_do() -> None:
    with pytest.raises(CommandError, match="staff list"):
        staff("password", "nobody")
    staff("add", "kim", "--role", "Analyst")
    with pytest.raises(CommandError, match="no account 'nobody'"):
        staff("deactivate", "kim", "--to", "nobody")
    assert accounts.named("kim").is_active
