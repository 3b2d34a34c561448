import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import Lines, LogOn, MakeTip, said_by
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role


def cookies(client: Client) -> set[str]:
    return {name for name, morsel in client.cookies.items() if morsel.value}


@pytest.fixture
def password(lines: Lines) -> str:
    return accounts.create("kim", roles=[Role.ANALYST], actor="test", now=timezone.now())


def test_before_log_on_there_is_no_session_and_the_form_cookie_dies_with_the_browser(
    db: None,
) -> None:
    client = Client()
    client.get("/log-on/")
    assert cookies(client) == {"desk-form"}
    assert client.cookies["desk-form"]["max-age"] == ""
    client = Client()
    client.get("/")
    assert cookies(client) == set()


def test_after_log_on_there_are_two_cookies_that_scripts_and_other_sites_cannot_use(
    password: str,
) -> None:
    client = Client()
    client.get("/log-on/")
    client.post("/log-on/", {"name": "KIM ", "password": password})
    assert cookies(client) == {"desk", "desk-form"}
    for morsel in client.cookies.values():
        assert morsel["httponly"]
        assert morsel["samesite"] == "Strict"
        assert morsel["max-age"] == ""


@pytest.mark.parametrize(
    "given",
    [{"name": "kim", "password": "wrong"}, {"name": "nobody", "password": "wrong"}, {}],
    ids=["wrong password", "unknown name", "nothing"],
)
def test_every_refusal_reads_the_same(password: str, given: dict[str, str]) -> None:
    answer = Client().post("/log-on/", given)
    assert answer.status_code == 403
    text = answer.content.decode()
    assert "Check the name and the password." in text
    assert "wrong" not in text.replace("five wrong tries", "")


def test_a_locked_account_reads_the_same_too(password: str) -> None:
    client = Client()
    wrong, right = {"name": "kim", "password": "x"}, {"name": "kim", "password": password}
    pages = [client.post("/log-on/", wrong) for _ in range(5)] + [client.post("/log-on/", right)]
    token = re.compile(rb'name="csrfmiddlewaretoken" value="[^"]*"')
    assert len({token.sub(b"", one.content) for one in pages}) == 1
    assert client.get("/").status_code == 302


def test_one_returns_to_where_one_wanted_to_go_but_never_to_another_site(password: str) -> None:
    client = Client()
    sent = client.get("/lines/regional-triage/?state=closed").headers["Location"]
    assert sent == "/log-on/?next=%2Flines%2Fregional-triage%2F%3Fstate%3Dclosed"
    for wanted in ("https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:x"):
        answer = Client().post("/log-on/", {"name": "kim", "password": password, "next": wanted})
        assert answer.headers["Location"] == "/"


def test_the_desk_locks_itself_after_fifteen_idle_minutes(
    triage: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(minutes=15, seconds=5)
    monkeypatch.setattr(timezone, "now", lambda: later)
    answer = triage.get("/")
    assert answer.status_code == 302
    assert answer.headers["Location"] == "/log-on/unlock/?next=%2F"
    page = said_by(triage.get(answer.headers["Location"]).content.decode())
    assert "The desk is locked Nobody has used it for 15 minutes" in page


def test_a_page_that_loads_itself_does_not_keep_the_desk_open(
    triage: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    start = timezone.now()
    watched = triage.get("/?watch=1")
    assert '<meta http-equiv="refresh" content="30; url=/?watch=again">' in (
        watched.content.decode()
    )
    for minutes in (5, 10, 14):
        moment = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert triage.get("/?watch=again").status_code == 200
    late = start + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: late)
    assert triage.get("/?watch=again").status_code == 302
    assert AuditEntry.objects.filter(act="log_on.idle_locked", actor="triage").exists()


def test_who_works_stays_logged_on(triage: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    start = timezone.now()
    for minutes in (10, 20, 30):
        moment = start + timedelta(minutes=minutes)
        monkeypatch.setattr(timezone, "now", lambda moment=moment: moment)
        assert triage.get("/").status_code == 200


def test_a_disabled_account_is_out_with_its_next_click(log_on: LogOn) -> None:
    client = log_on(Role.ANALYST, name="kim")
    accounts.set_active("kim", active=False, actor="test", now=timezone.now())
    assert client.get("/").status_code == 302


def test_a_new_password_ends_open_sessions(log_on: LogOn) -> None:
    client = log_on(Role.ANALYST, name="kim")
    accounts.set_password("kim", actor="test", now=timezone.now())
    assert client.get("/").status_code == 302


def test_logging_off_ends_the_session(triage: Client) -> None:
    assert triage.get("/log-off/").status_code == 405
    triage.post("/log-off/")
    assert triage.get("/").status_code == 302
    assert AuditEntry.objects.filter(act="log_on.ended", actor="triage").exists()


def test_a_form_without_its_token_does_nothing_and_says_so(
    triage: Client, make_tip: MakeTip
) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = triage.cookies
    tip = make_tip("regional-triage")
    answer = strict.post(f"/tips/{tip.reference}/note/", {"words": "x"})
    assert answer.status_code == 403
    assert "Nothing was done." in answer.content.decode()
    assert not tip.notes.exists()


def test_no_password_is_in_any_answer(password: str) -> None:
    typed = "my typed secret"
    answer = Client().post("/log-on/", {"name": "kim", "password": typed})
    assert typed not in answer.content.decode()
