"""Entries are verified, fall due, end, are corrected, and have a history."""

from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.region.packs import copy
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import (
    current_gazetteer,
    line,
    referrals_for_residents,
    shown_lines,
)
from tipintake.directory.models import Contact, DirectoryChange, Referral
from tipintake.region import agency_csv, care
from tipintake.region.agency_csv import CannotRead
from tipintake.region.care import LINES, NotKept, expire_due, for_review, history_of
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.staff.models import AuditEntry

pytestmark = pytest.mark.django_db

DAY = date(2026, 11, 14)


def due(day: date) -> set[str]:
    return {
        f"{one.table.name} {care.key_of(one.table, one.entry)}" for one in for_review(today=day)
    }


def verified(code: str, now: datetime, number: str = "636-555-0101", **more: object) -> None:
    care.verify(
        LINES,
        line(code),
        {"number": number},
        source="Called",
        by="kim",
        now=now,
        today=DAY,
        **more,  # type: ignore[arg-type]  # expires_on alone
    )


def test_a_check_is_trusted_for_half_a_year(region: Gazetteer, now: datetime) -> None:
    assert "line ofallon-pd" in due(DAY)
    verified("ofallon-pd", now)
    assert "line ofallon-pd" not in due(DAY + timedelta(days=179))
    assert "line ofallon-pd" in due(DAY + timedelta(days=180))
    assert "636-555-0101" in {one.number for one in shown_lines()}


def test_what_comes_from_a_dated_source_is_due_sooner(region: Gazetteer) -> None:
    checked = line("creve-coeur-pd").verified_on
    assert checked is not None
    assert "line creve-coeur-pd" in due(checked + timedelta(days=90))
    assert "line creve-coeur-pd" not in due(checked + timedelta(days=89))


def test_own_desks_and_call_sheets_are_never_due(region: Gazetteer) -> None:
    listed = due(DAY + timedelta(days=4000))
    assert "line regional-triage" not in listed
    assert not {one for one in listed if one.startswith("contact")}


def test_a_contact_of_an_agency_falls_due_and_can_be_checked(
    region: Gazetteer, now: datetime
) -> None:
    mail = Contact.objects.create(
        line=line("ofallon-pd"),
        channel="email",
        address="desk@ofallon.example",
        source="letter",
        verified_state="confirmed",
        verified_on=DAY,
    )
    later = DAY + timedelta(days=181)
    assert f"contact {mail.pk}" in due(later)
    care.verify(care.CONTACTS, mail, {}, source="Wrote", by="kim", now=now, today=later)
    assert f"contact {mail.pk}" not in due(later)


def test_after_its_last_day_a_number_is_not_shown(region: Gazetteer, now: datetime) -> None:
    last = DAY + timedelta(days=3)
    verified("ofallon-pd", now, expires_on=last)
    assert expire_due(now + timedelta(days=3)) == 0
    assert "ofallon-pd" in {one.code for one in shown_lines()}
    assert expire_due(now + timedelta(days=4)) == 1
    assert "ofallon-pd" not in {one.code for one in shown_lines()}
    assert [one.act for one in history_of(LINES, line("ofallon-pd"))] == ["EXPIRED", "VERIFIED"]
    assert AuditEntry.objects.filter(act="entry.expired", subject="ofallon-pd").count() == 1
    assert expire_due(now + timedelta(days=5)) == 0


def test_a_corrected_number_must_be_verified_to_be_shown(region: Gazetteer, now: datetime) -> None:
    before = line("nhth").number
    care.correct(LINES, line("nhth"), {"number": "314-555-0100"}, source="Their page", by="kim",
                 now=now, today=DAY)  # fmt: skip
    assert "nhth" not in {one.code for one in shown_lines()}
    (one,) = history_of(LINES, line("nhth"))
    assert one.fields == {"number": [before, "314-555-0100"]}
    assert (one.by, one.source) == ("kim", "Their page")


def test_a_corrected_name_does_not_hide_the_number(region: Gazetteer, now: datetime) -> None:
    care.correct(LINES, line("nhth"), {"name": "National hotline"}, source="Their page", by="kim",
                 now=now, today=DAY)  # fmt: skip
    assert "nhth" in {one.code for one in shown_lines()}


def test_a_service_for_people_is_looked_after_too(region: Gazetteer, now: datetime) -> None:
    shown = referrals_for_residents()[0]
    entry = Referral.objects.get(code=shown.code)
    care.doubt(care.REFERRALS, entry, source="Closed down", by="kim", now=now, today=DAY)
    assert shown.code not in {one.code for one in referrals_for_residents()}


def test_where_tips_go_cannot_be_changed_here(region: Gazetteer, now: datetime) -> None:
    for field in ("kind", "county", "code", "active"):
        with pytest.raises(NotKept, match="region pack"):
            care.correct(LINES, line("nhth"), {field: "x"}, source="s", by="kim", now=now,
                         today=DAY)  # fmt: skip
    verified("ofallon-pd", now)
    assert current_gazetteer() == region


@pytest.mark.parametrize("number", ["abc", "ask for Kim", "ext. 12"])
def test_a_number_that_nobody_could_call_is_not_shown(
    region: Gazetteer, now: datetime, number: str
) -> None:
    with pytest.raises(NotKept, match="no number"):
        verified("ofallon-pd", now, number)
    assert line("ofallon-pd").shown_number == ""


def test_too_long_a_number_changes_nothing(region: Gazetteer, now: datetime) -> None:
    with pytest.raises(NotKept, match="number"):
        verified("ofallon-pd", now, number="6" * 81)
    assert not DirectoryChange.objects.exists()


def test_a_load_that_changes_a_line_stands_in_its_history(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    folder = copy(tmp_path)
    pack = folder / "directory.toml"
    name = line("mshp").name
    pack.write_text(
        pack.read_text("utf-8").replace(f'name = "{name}"', 'name = "Patrol"'), "utf-8"
    )
    load(read_pack(folder), now=now + timedelta(days=1), actor="test")
    (one,) = history_of(LINES, line("mshp"))
    assert (one.act, one.fields["name"]) == ("LOADED", [name, "Patrol"])


# --- Lists from agencies ---------------------------------------------------------------------

LIST = "code,number,call_script\nofallon-pd,636-555-0140,\nnhth,,Say the number.\n"


def test_a_list_shows_its_differences_and_writes_nothing(region: Gazetteer) -> None:
    planned = agency_csv.plan(LIST)
    before = line("nhth").call_script
    assert [one.key for one in planned.differences] == ["ofallon-pd", "nhth"]
    assert planned.differences[1].fields == {"call_script": [before, "Say the number."]}
    assert planned.differences[0].hides_number
    assert line("nhth").call_script == before


def test_applied_twice_it_changes_nothing_more(region: Gazetteer, now: datetime) -> None:
    first = agency_csv.plan(LIST)
    assert agency_csv.apply(first, source="Letter", by="kim", now=now, today=DAY) == 2
    assert agency_csv.plan(LIST).differences == ()
    assert {one.act for one in DirectoryChange.objects.all()} == {"IMPORTED"}
    assert "ofallon-pd" not in {one.code for one in shown_lines()}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("name\nx\n", "'code'"),
        ("code,kind\nnhth,police\n", "'kind'"),
        ("code,name\nnowhere,x\n", "Row 2"),
        ("code,name\nnhth,x\nnhth,y\n", "twice"),
        ("code,name\nnhth\n", "1 cells"),
        ("code,name,name\nnhth,a,b\n", "once"),
        ("code,name\nnhth,\x00\n", "not a text"),
        ("code\n" + "x\n" * 1001, "more than 1000"),
    ],
)
def test_a_list_that_cannot_be_used_says_what_to_mend(
    region: Gazetteer, text: str, says: str
) -> None:
    with pytest.raises(CannotRead) as problem:
        agency_csv.plan(text)
    assert says in " ".join(problem.value.sentences)


def test_a_list_is_written_whole_or_not_at_all(region: Gazetteer, now: datetime) -> None:
    before = line("nhth").call_script
    text = "code,call_script,number\nnhth,New words,\nofallon-pd,," + "6" * 81 + "\n"
    with pytest.raises(NotKept):
        agency_csv.apply(agency_csv.plan(text), source="Letter", by="kim", now=now, today=DAY)
    assert line("nhth").call_script == before


@given(st.text(max_size=300))
def test_any_text_gives_a_plan_or_a_sentence(db: None, text: str) -> None:
    said: list[str] = ["a plan"]
    try:
        agency_csv.plan(text)
    except CannotRead as problem:
        said = problem.sentences
    assert said
    assert all(said)


def test_a_file_that_is_no_utf8_is_refused() -> None:
    with pytest.raises(CannotRead, match="UTF-8"):
        agency_csv.decoded("código".encode("latin-1"))


def test_the_command_shows_writes_and_remembers(region: Gazetteer, tmp_path: Path) -> None:
    file = tmp_path / "list.csv"
    file.write_text("\ufeff" + LIST, "utf-8")
    out = StringIO()
    call_command("directory", "import", str(file), stdout=out)
    assert "nothing → 636-555-0140" in out.getvalue() or "→ 636-555-0140" in out.getvalue()
    assert "nothing was written" in out.getvalue()
    with pytest.raises(CommandError, match="Say where"):
        call_command("directory", "import", str(file), "--apply")
    given_by = ["--apply", "--source", "Letter", "--by", "kim"]
    call_command("directory", "import", str(file), *given_by, stdout=out)
    assert line("ofallon-pd").number == "636-555-0140"
    call_command("directory", "history", "line", "ofallon-pd", stdout=out)
    assert "Imported · kim · Letter" in out.getvalue()
    call_command("directory", "due", stdout=out)
    assert "line ofallon-pd: never verified" in out.getvalue()
