import csv
import io
import re
from datetime import UTC, datetime, timedelta
from html import unescape
from pathlib import Path
from urllib.parse import urlencode

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.staff.owner import sql
from tests.web.desk.conftest import LogOn, MakeTip, said_by, text
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.web.desk import trail


@pytest.fixture(autouse=True)
def own_head(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def auditor(log_on: LogOn) -> Client:
    return log_on(Role.AUDITOR, name="auditor")


def verified(client: Client) -> str:
    return said_by(client.post("/audit/verify/").content.decode())


def test_an_auditor_reads_who_did_what_and_is_recorded_too(
    auditor: Client, triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    triage.get(f"/tips/{tip.reference}/")
    said = text(auditor, "/audit/")
    assert f"triage tip.read {tip.reference} narrative: opened" in said
    assert AuditEntry.objects.filter(act="audit.read", actor="auditor").exists()


def test_the_audit_is_filtered_without_recording_what_was_typed(
    auditor: Client, triage: Client, make_tip: MakeTip
) -> None:
    tip, other = make_tip("regional-triage"), make_tip("regional-triage")
    for one in (tip, other):
        triage.get(f"/tips/{one.reference}/")
    said = text(auditor, f"/audit/?subject={tip.reference}&who=triage")
    assert tip.reference in said
    assert other.reference not in said
    assert AuditEntry.objects.get(act="audit.read").facts["filters"] == ["who", "subject"]


def test_a_long_audit_is_read_page_by_page(auditor: Client) -> None:
    for number in range(130):
        audit.record("tip.read", actor="kim", now=timezone.now(), rows=number)
    first = auditor.get("/audit/?who=kim").content.decode()
    before = first.partition("before=")[2].partition('"')[0]
    second = text(auditor, f"/audit/?who=kim&before={before}")
    assert "rows: 129" in said_by(first)
    assert "rows: 30 " in said_by(first)
    assert "rows: 29 " in second
    assert "rows: 30 " not in second


@pytest.mark.django_db(transaction=True)
def test_verifying_says_that_all_is_well_or_what_is_not(auditor: Client) -> None:
    audit.record("tip.read", actor="kim", now=timezone.now())
    audit.seal_chain(now=timezone.now())
    assert "The audit holds" in verified(auditor)
    sql("UPDATE tipintake_auditentry SET actor = 'x' WHERE chained = 1")
    said = verified(auditor)
    assert "The audit does not hold" in said
    assert "Entry number 1 " in said


def at(when: datetime, act: str, actor: str = "kim", **facts: audit.Fact) -> None:
    audit.record(act, actor=actor, now=when, subject="T-1111-2222", **facts)


def test_each_filter_leaves_what_fits(auditor: Client) -> None:
    at(datetime(2026, 3, 1, 12, tzinfo=UTC), "picture.opened", picture="1")
    at(datetime(2026, 3, 5, 12, tzinfo=UTC), "picture.confirmed", picture="2")
    at(datetime(2026, 3, 9, 12, tzinfo=UTC), "note.written", actor="lee")
    for query, shown in (
        ("act=picture.opened", {"picture.opened"}),
        ("act=picture.*", {"picture.opened", "picture.confirmed"}),
        ("who=lee", {"note.written"}),
        ("since=2026-03-05&until=2026-03-05", {"picture.confirmed"}),
        ("since=2026-03-05&until=2026-03-09", {"picture.confirmed", "note.written"}),
        ("subject=T-1111-2222&act=note.written", {"note.written"}),
        ("since=nonsense&act=note.written", {"note.written"}),
        ("since=0001-01-01&until=9999-12-31&act=note.written", {"note.written"}),
    ):
        page = text(auditor, f"/audit/?{query}").partition("the newest first")[2]
        named = {"picture.opened", "picture.confirmed", "note.written"}
        assert {one for one in named if one in page} == shown, query


SEARCHED = [
    ("/search/?plate=7kx+4a2", "search.made", "7KX4A2"),
    ("/search/?plate=7kx+4a2", "search.made", "7kx-4a2"),
    ("/search/?phone=314+555+0166", "search.made", "(314) 555-0166"),
    ("/search/?city=St.+Peters", "search.made", "saint peters"),
    ("/search/?city=Wentzville&sign=HTL_CASH", "search.made", "wentzville"),
    ("/search/?handle=%40Some.One", "search.made", "some.one"),
    ("/search/?zip=63385", "search.made", "63385"),
    ("/search/?place=Sunset++Inn", "search.made", "sunset inn"),
    ("/queue/?q=plate:7KX4A2", "queue.asked", "7kx 4a2"),
    ("/queue/?q=plate:7KX4A2,AB1C2D+city:wentzville", "queue.asked", "AB1-C2D"),
    ('/queue/?q=city:"St.+Peters"', "queue.asked", "St Peters"),
    ('/queue/?q="Sunset+Inn"', "queue.asked", "Sunset Inn"),
    ("/queue/?q=T-7Q2M-4KX9", "queue.asked", "T-7Q2M-4KX9"),
]


@pytest.mark.parametrize(("address", "act", "asked"), SEARCHED)
def test_who_searched_for_a_value_is_found_by_asking_for_it(
    address: str, act: str, asked: str, auditor: Client, log_on: LogOn
) -> None:
    kim, lee = log_on(Role.ADMIN, name="kim"), log_on(Role.ADMIN, name="lee")
    assert kim.get(address).status_code == 200
    for other in ("/search/?plate=XY9Z88&city=Elsewhere", "/queue/?q=plate:XY9Z88"):
        assert lee.get(other).status_code == 200
    said = text(auditor, f"/audit/?{urlencode({'searched': asked})}")
    assert f"kim {act}" in said
    assert "lee search.made" not in said
    assert "lee queue.asked" not in said


def test_words_that_were_opened_for_a_search_are_found_by_each_of_them(
    auditor: Client, log_on: LogOn
) -> None:
    given = {"facets": "city=Wentzville", "words": 'gray "Raymond Dupont"', "reason": "LINK"}
    assert log_on(Role.ADMIN, name="kim").post("/search/words/", given).status_code == 200
    for asked in ("GRAY", "raymond dupont", "gray Raymond Dupont"):
        said = text(auditor, f"/audit/?{urlencode({'searched': asked})}")
        assert "kim search.words" in said, asked
    assert "kim search.words" not in text(auditor, "/audit/?searched=Raymond")


def test_a_telephone_number_is_not_taken_for_a_postal_code(auditor: Client, log_on: LogOn) -> None:
    log_on(Role.ADMIN, name="kim").get("/search/?zip=63655")
    assert "kim search.made" not in text(auditor, "/audit/?searched=6365550166")


def test_pages_of_entries_of_one_moment_lose_none(auditor: Client) -> None:
    moment = timezone.now()
    for number in range(150):
        audit.record("tip.read", actor="kim", now=moment, rows=number)
    seen: list[str] = []
    query = "/audit/?act=tip.read"
    while query:
        page = auditor.get(query).content.decode()
        seen += re.findall(r"rows: (\d+)", page)
        following = re.search(r'rel="next" href="(\?[^"]+)"', page)
        query = f"/audit/{unescape(following[1])}" if following else ""
    assert sorted(map(int, seen)) == list(range(150))


def test_an_auditor_takes_entries_out_as_a_table(auditor: Client) -> None:
    at(timezone.now(), "note.written", actor="=cmd()")
    answer = auditor.post("/audit/export/", {"act": "note.written"})
    assert answer.headers["Content-Type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.content.decode()))
    assert row["actor"] == "'=cmd()"
    assert row["subject"] == "T-1111-2222"
    taken = AuditEntry.objects.get(act="audit.exported")
    assert (taken.actor, taken.facts) == ("auditor", {"rows": 1, "filters": ["act"]})


def test_too_many_entries_are_not_cut_off_in_silence(
    auditor: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trail, "MOST_TAKEN_OUT", 3)
    for _ in range(4):
        at(timezone.now(), "note.written")
    answer = auditor.post("/audit/export/", {"act": "note.written"})
    assert answer.status_code == 422
    assert "choose a shorter period" in said_by(answer.content.decode())


def test_the_week_is_read_in_counts(auditor: Client) -> None:
    at(timezone.now(), "vault.opened", reason="PROTECT")
    at(timezone.now() - timedelta(days=8), "vault.opened", reason="PROTECT")
    said = text(auditor, "/audit/week/")
    assert "Names in the vault opened 1 kim 1" in said
    assert "No digest was made yet" in said
    assert "Nobody gets it by mail" in said
