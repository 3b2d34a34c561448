"""Away for too long: the desk asks who is there, and what was typed is not lost."""

from datetime import datetime, timedelta
from html import unescape
from re import findall, search

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from config import env
from tests.web.desk import entering
from tests.web.desk.conftest import LogOn, MakeTip, lock_away, said_by, version
from tipintake.staff import accounts
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

WORDS = 'Called the motel.\nThey said: "room <12>" — nobody is in.\n\n  Áñ & so on'


@pytest.fixture
def start() -> datetime:
    return timezone.now()


@pytest.fixture
def away(monkeypatch: pytest.MonkeyPatch, start: datetime) -> datetime:
    """Sixteen minutes later; call it after the log-on."""
    later = start + timedelta(minutes=16)

    def now() -> datetime:
        return later

    monkeypatch.setattr(timezone, "now", now)
    return later


@pytest.fixture
def analyst(log_on: LogOn, start: datetime) -> tuple[Client, str]:
    password = accounts.create("kim", roles=[Role.ANALYST], lines=[], actor="test", now=start)
    client = Client()
    entering.enter(client, "kim", password)
    return client, password


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("regional-triage")


def unlock(client: Client, password: str, wanted: str = "/") -> str:
    answer = client.post("/log-on/unlock/", {"password": password, "next": wanted})
    assert answer.status_code == 302, said_by(answer.content.decode())
    return str(answer.headers["Location"])


def test_one_goes_on_where_one_was(analyst: tuple[Client, str], tip: Tip, away: datetime) -> None:
    client, password = analyst
    there = f"/tips/{tip.reference}/"
    sent = client.get(there).headers["Location"]
    page = client.get(sent).content.decode()
    assert tip.reference not in page.replace(f'value="{there}"', "")
    assert unlock(client, password, there) == there
    assert client.get(there).status_code == 200
    acts = AuditEntry.objects.filter(actor="kim", act__startswith="log_on").order_by("pk")
    assert [one.act for one in acts] == [
        "log_on.password_good",
        "log_on.good",
        "log_on.idle_locked",
        "log_on.unlocked",
    ]


def test_what_was_typed_arrives_word_for_word_after_unlocking(
    analyst: tuple[Client, str], tip: Tip, away: datetime
) -> None:
    client, password = analyst
    address = f"/tips/{tip.reference}/note/"
    form = {"words": WORDS, "version": str(version(tip))}
    came_from = f"http://testserver/tips/{tip.reference}/"
    sent = client.post(address, form, headers={"Referer": came_from})
    assert sent.headers["Location"] == f"/log-on/unlock/?next=%2Ftips%2F{tip.reference}%2F"
    assert not tip.notes.exists()
    assert "What you had typed is kept" in said_by(client.get("/log-on/unlock/").content.decode())
    assert unlock(client, password) == "/log-on/kept/"
    page = client.get("/log-on/kept/").content.decode()
    action = search(r'<form action="(/tips[^"]+)"', page)
    fields = findall(r'(?s)<textarea hidden\s+name="([^"]+)"[^>]*>\n(.*?)</textarea>', page)
    mark = search(r'name="(kept-again)"\s+value="([^"]+)"', page)
    assert action
    assert mark
    given = {name: unescape(value) for name, value in fields}
    assert given["words"] == WORDS
    answer = client.post(action.group(1), {**given, mark.group(1): mark.group(2)})
    assert answer.status_code == 302
    assert tip.notes.count() == 1
    assert client.get("/log-on/kept/").headers["Location"] == "/", "it waits no longer"


def test_while_it_waits_it_is_sealed(
    analyst: tuple[Client, str], tip: Tip, away: datetime
) -> None:
    client, _password = analyst
    client.post(f"/tips/{tip.reference}/note/", {"words": WORDS, "version": "0"})
    told = str([one.get_decoded() for one in Session.objects.all()])
    assert "kept" in told
    assert "motel" not in told
    assert "motel" not in client.get("/log-on/unlock/").content.decode()


def test_several_forms_wait_and_each_can_be_let_go(
    analyst: tuple[Client, str], tip: Tip, away: datetime
) -> None:
    client, password = analyst
    for words in ("first words", "second words"):
        client.post(f"/tips/{tip.reference}/note/", {"words": words, "version": "0"})
    unlock(client, password)
    page = client.get("/log-on/kept/").content.decode()
    assert page.index("first words") < page.index("second words")
    drop = search(r'name="drop" value="([^"]+)"', page)
    assert drop
    client.post("/log-on/kept/", {"drop": drop.group(1)})
    page = client.get("/log-on/kept/").content.decode()
    assert "first words" not in page
    assert "second words" in page


def test_of_a_form_with_files_the_words_stay_and_the_page_says_so(
    analyst: tuple[Client, str], tip: Tip, away: datetime
) -> None:
    client, password = analyst
    client.post(f"/tips/{tip.reference}/note/", {"words": "with a file", "version": "0"})
    unlock(client, password)
    assert "Files are not kept" in said_by(client.get("/log-on/kept/").content.decode())


def test_five_bad_passwords_at_the_locked_desk_lock_the_account(
    analyst: tuple[Client, str], away: datetime
) -> None:
    client, password = analyst
    client.get("/")
    for _ in range(5):
        assert client.post("/log-on/unlock/", {"password": "wrong"}).status_code == 403
    assert client.post("/log-on/unlock/", {"password": password}).status_code == 403
    assert client.get("/").headers["Location"].startswith("/log-on/unlock/")


def test_nothing_opens_on_a_locked_desk(analyst: tuple[Client, str], away: datetime) -> None:
    client, _password = analyst
    client.get("/")
    for address in ("/", "/calls/", "/me/", "/me/app/", "/log-on/kept/", "/people/"):
        assert client.get(address).headers["Location"].startswith("/log-on/unlock/"), address
    assert client.get("/alarm/?watch=again").status_code == 423


def test_going_back_in_time_does_not_unlock(
    analyst: tuple[Client, str], away: datetime, monkeypatch: pytest.MonkeyPatch, start: datetime
) -> None:
    client, _password = analyst
    client.get("/")
    monkeypatch.setattr(timezone, "now", lambda: start)
    assert client.get("/").status_code == 302


def test_half_a_day_locks_whoever_never_pauses(
    analyst: tuple[Client, str], start: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    client, _password = analyst
    for minutes in range(10, 12 * 60, 10):
        monkeypatch.setattr(timezone, "now", lambda m=minutes: start + timedelta(minutes=m))
        assert client.get("/alarm/").status_code == 200
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(hours=12, minutes=5))
    assert client.get("/").headers["Location"].startswith("/log-on/unlock/")


def test_a_vault_is_opened_only_by_somebody_who_has_just_shown_a_factor(
    make_tip: MakeTip, log_on: LogOn, monkeypatch: pytest.MonkeyPatch, start: datetime
) -> None:
    entry = lock_away(make_tip("wentzville-pd"), "Zebulonia")
    guardian = log_on(Role.CHILD_VICTIM, lines=("wentzville-pd",), name="guardian")
    later = start + timedelta(minutes=11)
    guardian.get("/")
    monkeypatch.setattr(timezone, "now", lambda: later)
    sent = guardian.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"})
    assert sent.headers["Location"].startswith("/log-on/unlock/")
    code = entering.code("guardian", later)
    assert guardian.post("/log-on/unlock/", {"code": "000000"}).status_code == 403
    answer = guardian.post("/log-on/unlock/", {"code": code})
    assert answer.headers["Location"] == "/log-on/kept/"
    opened = guardian.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"})
    assert "Zebulonia" in opened.content.decode()


@pytest.mark.parametrize("minutes", ["0", "31", "soon"])
def test_the_lock_cannot_be_set_beyond_half_an_hour(
    minutes: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DESK_IDLE_MINUTES", minutes)
    with pytest.raises(env.SettingError, match="from 1 to 30"):
        env.number("DESK_IDLE_MINUTES", 15, least=1, most=30)


def test_a_shorter_lock_is_kept(
    triage: Client, settings: Settings, monkeypatch: pytest.MonkeyPatch, start: datetime
) -> None:
    settings.DESK_IDLE_MINUTES = 2
    monkeypatch.setattr(timezone, "now", lambda: start + timedelta(minutes=3))
    assert triage.get("/").status_code == 302
