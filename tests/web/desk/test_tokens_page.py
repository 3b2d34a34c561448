"""Tokens of agencies: made, renewed and revoked on the desk and by a command."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import Lines, LogOn, hidden, said_by, text
from tipintake.staff import tokens
from tipintake.staff.models import AuditEntry, PartnerToken
from tipintake.staff.roles import MAY, May, Role
from tipintake.staff.tokens import Scope, TokenProblem, TokenRefused

TEXT = re.compile(r"tipa_[a-z0-9]{10}_[A-Za-z0-9_-]{43}")
GIVEN = {
    "name": "County CAD",
    "lines": ["wentzville-pd", "ofallon-pd"],
    "scopes": ["hand_offs:read", "hand_offs:acknowledge"],
    "days": "30",
}


@pytest.fixture
def admin(log_on: LogOn) -> Client:
    return log_on(Role.ADMIN, name="admin")


def shown(page: Any) -> str:
    (found,) = set(TEXT.findall(page.content.decode()))
    return str(found)


def test_a_token_is_shown_once_and_kept_as_a_hash(admin: Client) -> None:
    made = admin.post("/tokens/make/", GIVEN)
    secret = shown(made)
    bearer = tokens.bearer_of(secret, now=timezone.now())
    assert bearer.scopes == {Scope.READ, Scope.ACKNOWLEDGE}
    assert len(bearer.lines) == 2
    assert not TEXT.search(admin.get("/tokens/").content.decode())
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM tipintake_partnertoken")
        kept = repr(cursor.fetchall())
    assert secret not in kept
    assert secret.rpartition("_")[2] not in kept
    entry = AuditEntry.objects.get(act="token.made")
    assert (entry.actor, entry.subject) == ("admin", bearer.token.public)
    assert entry.facts["lines"] == ["ofallon-pd", "wentzville-pd"]
    assert secret not in repr(entry.facts)


def test_a_token_that_is_asked_for_twice_is_made_once_and_shown_again(admin: Client) -> None:
    """Without scripts the answer to the first press never arrives: the second alone is seen."""
    form = {**GIVEN, "once": hidden(admin.get("/tokens/").content.decode(), "once")}
    first, second = (shown(admin.post("/tokens/make/", form)) for _press in range(2))
    assert first == second
    assert PartnerToken.objects.count() == 1
    assert AuditEntry.objects.filter(act="token.made").count() == 1
    assert shown(admin.post("/tokens/make/", {**form, "days": "31"})) != first
    assert shown(admin.post("/tokens/make/", GIVEN)) != shown(admin.post("/tokens/make/", GIVEN))
    public = first.split("_")[1]
    renewed = {"once": hidden(admin.get("/tokens/").content.decode(), "once")}
    again = {shown(admin.post(f"/tokens/{public}/renew/", renewed)) for _press in range(2)}
    assert len(again) == 1
    assert first not in again
    assert PartnerToken.objects.filter(follows__public=public).count() == 1


def test_a_token_that_was_shown_is_not_shown_again_later(
    admin: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = {**GIVEN, "once": hidden(admin.get("/tokens/").content.decode(), "once")}
    secret = shown(admin.post("/tokens/make/", form))
    later = timezone.now() + timedelta(minutes=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = admin.post("/tokens/make/", form)
    assert secret not in answer.content.decode()
    assert "was made already" in said_by(answer.content.decode())
    assert PartnerToken.objects.count() == 1


def test_renewing_lets_both_in_for_a_day_and_then_the_new_one_alone(admin: Client) -> None:
    old = shown(admin.post("/tokens/make/", GIVEN))
    public = PartnerToken.objects.get().public
    new = shown(admin.post(f"/tokens/{public}/renew/"))
    assert new != old
    now = timezone.now()
    first, second = (tokens.bearer_of(one, now=now) for one in (old, new))
    assert (first.scopes, first.lines) == (second.scopes, second.lines)
    later = now + tokens.BOTH_GOOD_FOR + timedelta(minutes=1)
    with pytest.raises(TokenRefused):
        tokens.bearer_of(old, now=later)
    assert tokens.bearer_of(new, now=later).scopes == first.scopes
    assert AuditEntry.objects.get(act="token.renewed").facts["follows"] == public


def test_a_revoked_token_ends_at_once_and_is_not_renewed(admin: Client) -> None:
    secret = shown(admin.post("/tokens/make/", GIVEN))
    public = PartnerToken.objects.get().public
    assert admin.post(f"/tokens/{public}/revoke/").status_code == 302
    with pytest.raises(TokenRefused):
        tokens.bearer_of(secret, now=timezone.now())
    assert "revoked" in text(admin, "/tokens/")
    assert admin.post(f"/tokens/{public}/renew/").status_code == 422
    assert admin.post(f"/tokens/{public}/revoke/").status_code == 422
    assert admin.post("/tokens/nobodys/revoke/").status_code == 404
    assert AuditEntry.objects.filter(act="token.revoked").count() == 1
    assert PartnerToken.objects.count() == 1


@pytest.mark.parametrize(
    "change",
    [
        {"name": " "},
        {"name": "x" * 61},
        {"lines": []},
        {"lines": ["regional-triage"]},
        {"lines": ["nowhere"]},
        {"scopes": []},
        {"scopes": ["everything"]},
        {"days": "0"},
        {"days": "366"},
        {"days": "soon"},
    ],
)
def test_what_does_not_hold_makes_no_token(admin: Client, change: dict[str, Any]) -> None:
    answer = admin.post("/tokens/make/", {**GIVEN, **change})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PartnerToken.objects.exists()


def test_a_token_never_may_more_than_the_role_of_a_partner(
    lines: Lines, monkeypatch: pytest.MonkeyPatch
) -> None:
    now = timezone.now()
    made = tokens.make("CAD", lines=["wentzville-pd"], actor="test", now=now)
    assert tokens.bearer_of(made.text, now=now).scopes == set(Scope)
    narrower = MAY[Role.PARTNER] - {May.ACT_ON_HAND_OFFS}
    monkeypatch.setattr(tokens, "MAY", {**MAY, Role.PARTNER: narrower})
    assert tokens.bearer_of(made.text, now=now).scopes == {Scope.READ}


def test_a_token_that_ends_soon_is_marked(admin: Client, lines: Lines) -> None:
    now = timezone.now()
    tokens.make("Ends soon", lines=["wentzville-pd"], days=3, actor="test", now=now)
    assert re.search(r'class="hot">\s*until', admin.get("/tokens/").content.decode())


def test_when_it_was_used_last_is_known_to_the_minute(lines: Lines) -> None:
    now = timezone.now()
    made = tokens.make("CAD", lines=["wentzville-pd"], actor="test", now=now)
    for seconds in (0, 20, 40):
        tokens.bearer_of(made.text, now=now + timedelta(seconds=seconds))
    made.token.refresh_from_db()
    assert made.token.last_used_at == now


def command(*arguments: str) -> str:
    out = StringIO()
    call_command("token", *arguments, stdout=out)
    return out.getvalue()


def test_the_command_makes_lists_renews_and_revokes(lines: Lines) -> None:
    printed = command("make", "County CAD", "--line", "wentzville-pd", "--days", "10")
    (secret,) = TEXT.findall(printed)
    now = timezone.now()
    public = tokens.bearer_of(secret, now=now).token.public
    listed = command("list")
    assert public in listed
    assert secret not in listed
    (second,) = TEXT.findall(command("renew", public, "--both-for", "0"))
    with pytest.raises(TokenRefused):
        tokens.bearer_of(secret, now=timezone.now())
    newer = tokens.bearer_of(second, now=now).token.public
    command("revoke", newer)
    with pytest.raises(TokenRefused):
        tokens.bearer_of(second, now=timezone.now())
    for wrong in (("revoke", newer), ("revoke", "nobodys"), ("renew", public)):
        with pytest.raises(CommandError):
            command(*wrong)
    acts = AuditEntry.objects.filter(act__startswith="token.").values_list("act", "actor")
    assert [act for act, _ in acts.order_by("pk")] == [
        "token.made",
        "token.renewed",
        "token.revoked",
    ]
    assert {actor for _, actor in acts} == {"manage.py"}


def test_both_tokens_are_not_good_for_ever(lines: Lines) -> None:
    now = timezone.now()
    made = tokens.make("CAD", lines=["wentzville-pd"], actor="test", now=now)
    with pytest.raises(TokenProblem):
        tokens.renew(made.token, both_good_for=timedelta(days=60), actor="test", now=now)
