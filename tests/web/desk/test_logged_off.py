"""Logged off in another tab, or ended from elsewhere: what was typed meanwhile is not lost."""

from datetime import timedelta
from html import unescape
from re import findall

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone

from tests.web.desk import entering
from tests.web.desk.conftest import Lines, MakeTip, said_by, version
from tipintake.staff import accounts
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

WORDS = 'Called the motel.\nThey said: "room <12>" — nobody is in.'


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("regional-triage")


@pytest.fixture
def passwords(lines: Lines) -> dict[str, str]:
    now = timezone.now()
    return {
        name: accounts.create(name, roles=[Role.ANALYST], actor="test", now=now)
        for name in ("kim", "lou")
    }


@pytest.fixture
def kim(passwords: dict[str, str]) -> Client:
    client = Client()
    entering.enter(client, "kim", passwords["kim"])
    return client


def send_note(client: Client, tip: Tip) -> tuple[int, str, str]:
    """The status, where it leads, and the page."""
    form = {"words": WORDS, "version": str(version(tip))}
    answer = client.post(f"/tips/{tip.reference}/note/", form)
    return answer.status_code, answer.headers.get("Location", ""), answer.content.decode()


def shown(page: str) -> list[str]:
    return [unescape(one) for one in findall(r"(?s)readonly>\n(.*?)</textarea>", page)]


def test_who_logs_on_again_sends_what_they_had_typed(
    kim: Client, passwords: dict[str, str], tip: Tip
) -> None:
    kim.post("/log-off/")
    status, there, _page = send_note(kim, tip)
    assert status == 302
    page = kim.get(there).content.decode()
    assert "It is kept for an hour" in said_by(page)
    assert "motel" not in page
    assert entering.enter(kim, "kim", passwords["kim"]).headers["Location"] == "/log-on/kept/"
    assert WORDS in unescape(kim.get("/log-on/kept/").content.decode())
    assert not tip.notes.exists()


def test_while_it_waits_it_is_sealed(kim: Client, tip: Tip) -> None:
    kim.post("/log-off/")
    send_note(kim, tip)
    told = str([one.get_decoded() for one in Session.objects.all()])
    assert "kept" in told
    assert "motel" not in told


def test_nobody_else_is_shown_it(kim: Client, passwords: dict[str, str], tip: Tip) -> None:
    kim.post("/log-off/")
    send_note(kim, tip)
    assert entering.enter(kim, "lou", passwords["lou"]).headers["Location"] == "/"
    assert kim.get("/log-on/kept/").headers["Location"] == "/"
    assert not any("kept" in one.get_decoded() for one in Session.objects.all())


def test_after_an_hour_it_is_gone(
    kim: Client, passwords: dict[str, str], tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    kim.post("/log-off/")
    send_note(kim, tip)
    later = timezone.now() + timedelta(minutes=61)
    monkeypatch.setattr(timezone, "now", lambda: later)
    assert entering.enter(kim, "kim", passwords["kim"]).headers["Location"] == "/"


def test_what_waits_behind_the_lock_outlives_a_log_off(
    kim: Client, passwords: dict[str, str], tip: Tip, monkeypatch: pytest.MonkeyPatch
) -> None:
    later = timezone.now() + timedelta(minutes=16)
    monkeypatch.setattr(timezone, "now", lambda: later)
    send_note(kim, tip)
    kim.post("/log-off/")
    assert entering.enter(kim, "kim", passwords["kim"]).headers["Location"] == "/log-on/kept/"


@pytest.mark.parametrize("end", ["an administrator", "half a day"])
def test_where_nobody_knows_who_it_was_it_is_shown_to_be_copied(
    kim: Client, tip: Tip, end: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if end == "an administrator":
        accounts.end_sessions("kim", actor="test", now=timezone.now())
    else:
        Session.objects.all().delete()
    status, _there, page = send_note(kim, tip)
    assert status == 403
    assert "it is not kept. Copy it" in said_by(page)
    assert shown(page) == [WORDS]
    assert not Session.objects.exists()


def test_a_button_without_words_leads_to_the_log_on(kim: Client, tip: Tip) -> None:
    Session.objects.all().delete()
    answer = kim.post(f"/tips/{tip.reference}/note/", {"words": " ", "version": "1"})
    assert answer.headers["Location"] == "/log-on/?why=locked"


def test_a_password_is_neither_kept_nor_shown(kim: Client) -> None:
    kim.post("/log-off/")
    answer = kim.post("/me/password/", {"chosen": "typed secret 1", "again": "typed secret 1"})
    assert answer.headers["Location"] == "/log-on/?why=locked"
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post("/log-on/", {"name": "kim", "password": "typed secret 1"})
    assert answer.status_code == 403
    assert "typed secret" not in answer.content.decode()


def test_a_page_from_before_another_log_on_gives_its_words_back(kim: Client, tip: Tip) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.cookies = kim.cookies
    status, _there, page = send_note(strict, tip)
    assert status == 403
    assert shown(page) == [WORDS]
    assert not tip.notes.exists()


def test_another_site_cannot_make_the_desk_show_its_words(kim: Client, tip: Tip) -> None:
    strict = Client(enforce_csrf_checks=True, headers={"Sec-Fetch-Site": "cross-site"})
    status, _there, page = send_note(strict, tip)
    assert status == 403
    assert shown(page) == []
