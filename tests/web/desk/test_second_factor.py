"""The first log-on, and every one after it, without JavaScript."""

import re
from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.desk import entering
from tests.web.desk.conftest import Lines, LogOn, said_by
from tipintake.staff import accounts, factors
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role

OWN = "twelve kind herons wade"


@pytest.fixture
def password(lines: Lines) -> str:
    return accounts.create("kim", roles=[Role.ANALYST], actor="test", now=timezone.now())


def first_log_on(password: str) -> tuple[Client, str]:
    """Until the page that shows the key; the client and the key."""
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    client.post("/me/password/", {"chosen": OWN, "again": OWN})
    page = client.get("/me/app/").content.decode()
    found = re.search(r'data-secret="([A-Z2-7]+)"', page)
    assert found
    return client, found.group(1)


def test_the_first_log_on_ends_with_own_password_app_and_recovery_codes(password: str) -> None:
    client = Client()
    assert (
        client.post("/log-on/", {"name": "kim", "password": password}).headers["Location"] == "/"
    )
    assert client.get("/").headers["Location"] == "/me/password/"
    assert client.get("/me/app/").headers["Location"] == "/me/password/"
    chosen = client.post("/me/password/", {"chosen": OWN, "again": OWN})
    assert chosen.headers["Location"] == "/me/"
    assert client.get("/").headers["Location"] == "/me/"
    page = client.get("/me/app/").content.decode()
    assert "<svg" in page
    assert "style=" not in page
    secret = re.search(r'data-secret="([A-Z2-7]+)"', page)
    assert secret
    code = factors.code_at(secret.group(1), timezone.now())
    done = client.post("/me/app/", {"code": code})
    codes = re.findall(r"<li>(\d{5}-\d{5})</li>", done.content.decode())
    assert len(codes) == 10
    assert client.get("/").status_code == 200
    assert codes[0] not in client.get("/me/").content.decode(), "codes are shown once"
    acts = AuditEntry.objects.filter(subject="kim").order_by("pk").values_list("act", flat=True)
    assert list(acts) == [
        "account.created",
        "log_on.first",
        "account.password_chosen",
        "factor.added",
        "factor.codes_made",
    ]


@pytest.mark.parametrize(
    ("chosen", "again", "said"),
    [
        ("egret-7", "egret-7", "at least 14"),
        (OWN, OWN + "s", "not the same"),
        ("kim kim kim kim kim", "kim kim kim kim kim", "name of the account"),
    ],
)
def test_a_password_that_is_none_is_refused_with_a_sentence(
    password: str, chosen: str, again: str, said: str
) -> None:
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    answer = client.post("/me/password/", {"chosen": chosen, "again": again})
    assert answer.status_code == 422
    assert said in said_by(answer.content.decode())
    assert chosen not in answer.content.decode()


def test_the_given_password_cannot_be_kept(password: str) -> None:
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    answer = client.post("/me/password/", {"chosen": password, "again": password})
    assert "Choose another one" in said_by(answer.content.decode())


def test_a_wrong_code_at_set_up_leaves_the_same_key_on_the_page(password: str) -> None:
    client, secret = first_log_on(password)
    answer = client.post("/me/app/", {"code": "000000"})
    assert answer.status_code == 422
    assert secret in answer.content.decode()
    assert client.get("/").status_code == 302


def test_the_key_is_not_in_the_session_table(password: str) -> None:
    client, secret = first_log_on(password)
    assert secret not in str(dict(client.session.items()))


def enrolled(password: str) -> None:
    entering.with_app("kim")


def test_after_that_a_password_is_half_the_way(password: str) -> None:
    enrolled(password)
    client = Client()
    half = client.post("/log-on/", {"name": "kim", "password": password, "next": "/calls/"})
    assert half.headers["Location"] == "/log-on/second/?next=%2Fcalls%2F"
    for address in ("/", "/me/", "/me/app/", "/tips/T-0000-0000/"):
        assert client.get(address).headers["Location"].startswith("/log-on/"), address
    done = client.post(half.headers["Location"], {"code": entering.code("kim")})
    assert done.headers["Location"] == "/calls/"
    assert client.get("/calls/").status_code == 200
    entry = AuditEntry.objects.get(act="log_on.good")
    assert (entry.actor, entry.facts["factor"]) == ("kim", "app")


def test_the_second_page_without_the_first_leads_back(password: str) -> None:
    enrolled(password)
    answer = Client().post("/log-on/second/", {"code": entering.code("kim")})
    assert answer.headers["Location"] == "/log-on/?why=late"


def test_half_a_log_on_lasts_five_minutes(password: str, monkeypatch: pytest.MonkeyPatch) -> None:
    enrolled(password)
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    later = timezone.now() + timedelta(minutes=5, seconds=2)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = client.post("/log-on/second/", {"code": entering.code("kim", later)})
    assert answer.headers["Location"] == "/log-on/?why=late"


@pytest.mark.parametrize("change", ["password", "disable", "sessions"])
def test_half_a_log_on_ends_when_the_account_changes(password: str, change: str) -> None:
    enrolled(password)
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    now = timezone.now()
    if change == "password":
        accounts.set_password("kim", actor="test", now=now)
    elif change == "disable":
        accounts.set_active("kim", active=False, actor="test", now=now)
    else:
        accounts.end_sessions("kim", actor="test", now=now)
    answer = client.post("/log-on/second/", {"code": entering.code("kim")})
    assert answer.headers["Location"] == "/log-on/?why=late"


@pytest.mark.parametrize("typed", ["000000", "00000-00000", "", "no code", "0" * 300])
def test_bad_codes_all_read_the_same_and_lock_after_five(password: str, typed: str) -> None:
    enrolled(password)
    client = Client()
    client.post("/log-on/", {"name": "kim", "password": password})
    pages = [client.post("/log-on/second/", {"code": typed}) for _ in range(5)]
    pages.append(client.post("/log-on/second/", {"code": entering.code("kim")}))
    assert {one.status_code for one in pages} == {403}
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert len({token.sub(b"", one.content) for one in pages}) == 1
    assert AuditEntry.objects.filter(act="account.locked", subject="kim").count() == 1
    assert client.get("/").status_code == 302


def test_a_locked_known_name_reads_like_an_unknown_one(password: str) -> None:
    """With a second factor or without, right password or wrong: a refusal names nothing."""
    enrolled(password)
    token = re.compile(rb'(name="csrfmiddlewaretoken" value|name="name"\s+value)="[^"]*"')
    pages = set()
    for name in ("kim", "nobody"):
        for _ in range(6):
            answer = Client().post("/log-on/", {"name": name, "password": "wrong"})
            pages.add((answer.status_code, token.sub(b"", answer.content)))
    answer = Client().post("/log-on/", {"name": "kim", "password": password})
    pages.add((answer.status_code, token.sub(b"", answer.content)))
    assert len(pages) == 1


def test_a_recovery_code_opens_once(password: str) -> None:
    enrolled(password)
    codes = factors.new_recovery_codes(accounts.named("kim"), now=timezone.now())
    for status in (302, 403):
        client = Client()
        client.post("/log-on/", {"name": "kim", "password": password})
        assert client.post("/log-on/second/", {"code": codes[0]}).status_code == status
    assert "9 left" in said_by(log_on_again(password).get("/me/").content.decode())


def log_on_again(password: str) -> Client:
    client = Client()
    entering.enter(client, "kim", password)
    return client


def test_a_session_from_before_the_factor_never_becomes_one_with_it(password: str) -> None:
    """Two windows in the first log-on: the one that set nothing up begins again."""
    (client, secret), other = first_log_on(password), Client()
    other.post("/log-on/", {"name": "kim", "password": OWN})
    client.post("/me/app/", {"code": factors.code_at(secret, timezone.now())})
    assert "why=changed" in other.get("/").headers["Location"]
    assert other.get("/me/app/").headers["Location"].startswith("/log-on/")


def test_a_reset_ends_sessions_and_begins_with_set_up(log_on: LogOn) -> None:
    client = log_on(Role.ANALYST, name="kim")
    accounts.reset_factors("kim", actor="boss", now=timezone.now())
    assert client.get("/").headers["Location"].startswith("/log-on/")


def test_changing_factors_needs_a_factor_shown_lately(
    triage: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = timezone.now()
    for minutes in (6, 12):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: start + timedelta(minutes=m))
        assert triage.get("/").status_code == 200
    for address in ("/me/app/", "/me/passkey/", "/me/password/"):
        assert triage.get(address).headers["Location"].startswith("/log-on/unlock/"), address
    assert triage.post("/me/codes/").headers["Location"].startswith("/log-on/unlock/")
    again = triage.get("/log-on/unlock/?next=/me/app/")
    assert "Show that it is you" in again.content.decode()
    code = entering.code("triage", start + timedelta(minutes=12))
    answer = triage.post("/log-on/unlock/?next=/me/app/", {"code": code})
    assert answer.headers["Location"] == "/log-on/kept/", "the wish for new codes waited"
    assert triage.get("/me/app/").status_code == 200
    assert AuditEntry.objects.filter(act="log_on.confirmed", actor="triage").exists()


@pytest.mark.parametrize("address", ["/log-on/", "/log-on/second/", "/me/", "/accounts/login/"])
def test_the_public_host_knows_no_account(settings: Settings, address: str, db: None) -> None:
    settings.ROLE = "public"
    settings.ROOT_URLCONF = "config.urls_public"
    settings.MIDDLEWARE = configured.PUBLIC_MIDDLEWARE
    client = Client()
    answer = client.get(address)
    assert answer.status_code == 404
    assert not client.cookies
