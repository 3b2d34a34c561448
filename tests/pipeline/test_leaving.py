"""Who leaves: what they hold goes to somebody, and nothing of theirs opens anything any more."""

from datetime import datetime, timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Alias
from tipintake.pipeline import leaving
from tipintake.pipeline.leaving import Holding
from tipintake.routing.models import Policy
from tipintake.routing.policy import lifecycle
from tipintake.staff import accounts, tokens
from tipintake.staff.accounts import AccountProblem
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import May, Role
from tipintake.staff.tokens import TokenRefused


@pytest.fixture(autouse=True)
def people(region: Gazetteer, now: datetime) -> None:
    for name, roles in (
        ("ann", [Role.ANALYST, Role.POLICY_OFFICER]),
        ("bob", [Role.ANALYST, Role.POLICY_OFFICER]),
        ("cyn", [Role.ANALYST]),
        ("root", [Role.ADMIN]),
    ):
        accounts.create(name, roles=roles, actor="test", now=now)


@pytest.fixture
def held(now: datetime) -> Policy:
    """Ann has a draft, and a name that waits for approval."""
    Alias.objects.create(text="Grey Mill", kind="landmark", outcome="resolved", proposed_by="ann")
    return lifecycle.draft(by="ann", now=now)


def test_what_a_person_holds_is_listed_by_kind(held: Policy) -> None:
    kinds = {one.kind: one.things for one in leaving.held_by(accounts.named("ann"))}
    assert kinds["names of places that wait for approval"] == ("Grey Mill",)
    assert kinds["drafts of policies"] == (f"version {held.version} {held.title}".strip(),)
    assert leaving.held_by(accounts.named("bob")) == []


def test_nobody_leaves_with_work_in_their_hands(held: Policy, now: datetime) -> None:
    with pytest.raises(AccountProblem, match="Say who takes it over"):
        leaving.leave("ann", actor="root", now=now)
    assert accounts.named("ann").is_active


@pytest.mark.parametrize(
    ("to", "why"),
    [("ann", "somebody else"), ("nobody", "no account"), ("cyn", "draft routing policies")],
)
def test_only_somebody_who_may_do_it_takes_it_over(
    held: Policy, now: datetime, to: str, why: str
) -> None:
    with pytest.raises(AccountProblem, match=why):
        leaving.leave("ann", to=to, actor="root", now=now)
    assert [one.username for one in leaving.successors_of(accounts.named("ann"))] == ["bob"]


def test_it_is_handed_over_and_both_are_named_in_the_audit(held: Policy, now: datetime) -> None:
    left = leaving.leave("ann", to="bob", actor="root", now=now)
    assert dict(left.handed_over) == {
        "names of places that wait for approval": 1,
        "drafts of policies": 1,
    }
    assert Alias.objects.get(text="Grey Mill").proposed_by == "bob"
    held.refresh_from_db()
    assert held.authors == ["ann", "bob"]
    assert not accounts.named("ann").is_active
    entry = AuditEntry.objects.get(act="account.handed_over")
    assert (entry.subject, entry.facts["to"]) == ("ann", "bob")
    assert AuditEntry.objects.filter(act="account.disabled", subject="ann").exists()


def test_tokens_whose_text_they_have_seen_end_unless_kept(now: datetime) -> None:
    line = ["wentzville-pd"]
    made = [tokens.make(f"CAD {n}", lines=line, actor="ann", now=now) for n in (1, 2)]
    tokens.make("Other", lines=line, actor="root", now=now)
    tokens.revoke(made[0].token, actor="ann", now=now)
    assert leaving.leave("ann", actor="root", now=now).tokens_ended == 1
    with pytest.raises(TokenRefused):
        tokens.bearer_of(made[1].text, now=now + timedelta(seconds=1))
    kept = tokens.make("CAD 3", lines=line, actor="bob", now=now)
    assert leaving.leave("bob", keep_tokens=True, actor="root", now=now).tokens_ended == 0
    assert tokens.bearer_of(kept.text, now=now).token == kept.token


def test_another_kind_of_thing_is_another_line_in_the_table(
    monkeypatch: pytest.MonkeyPatch, now: datetime
) -> None:
    went: list[tuple[str, str]] = []

    def hand_over(user: User, to: User) -> int:
        went.append((user.username, to.username))
        return 1

    keys = Holding(
        "keys of the house", frozenset({May.READ_TIPS}), lambda _user: ["front"], hand_over
    )
    monkeypatch.setattr(leaving, "HOLDINGS", (*leaving.HOLDINGS, keys))
    leaving.leave("ann", to="cyn", actor="root", now=now)
    assert went == [("ann", "cyn")]


def test_the_last_administrator_stays(now: datetime) -> None:
    with pytest.raises(AccountProblem, match="only administrator"):
        leaving.leave("root", actor="root", now=now)
    with pytest.raises(AccountProblem, match="only administrator"):
        accounts.set_roles("root", [Role.ANALYST], actor="root", now=now)
    accounts.create("other", roles=[Role.ADMIN], actor="test", now=now)
    leaving.leave("root", actor="other", now=now)


def staff(*words: str) -> str:
    out = StringIO()
    call_command("staff", *words, stdout=out)
    return out.getvalue()


def test_an_operator_closes_an_account_by_command(held: Policy) -> None:
    with pytest.raises(CommandError, match="Say who takes it over"):
        staff("deactivate", "ann")
    assert "handed over to bob: 1 drafts of policies" in staff("deactivate", "ann", "--to", "bob")
    assert not accounts.named("ann").is_active
