from datetime import date, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.region.packs import append, copy
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import UnknownLine, current_gazetteer, line, shown_lines
from tipintake.region.care import NotKept
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.region.verify import approve_alias, confirm_line, doubt_line
from tipintake.staff.models import AuditEntry

pytestmark = pytest.mark.django_db


def test_a_confirmed_line_is_shown_with_who_confirmed_it_and_when(
    region: Gazetteer, now: datetime
) -> None:
    confirm_line("ofallon-pd", number="636-555-0101", source="Called", by="R. Officer", now=now)
    assert "636-555-0101" in {row.number for row in shown_lines()}
    confirmed = line("ofallon-pd")
    assert confirmed.verified_by == "R. Officer"
    assert confirmed.verified_on == date(2026, 11, 14)
    entry = AuditEntry.objects.get(act="entry.verified")
    assert (entry.actor, entry.subject) == ("R. Officer", "ofallon-pd")


def test_a_confirmed_dated_number_no_longer_carries_its_old_year(
    region: Gazetteer, now: datetime
) -> None:
    confirm_line("creve-coeur-pd", number=None, source="Called", by="R. Officer", now=now)
    shown = {row.code: row for row in shown_lines()}["creve-coeur-pd"]
    assert (shown.number, shown.year) == ("314-737-4600", None)


def test_a_doubted_number_disappears_and_a_load_does_not_bring_it_back(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    doubt_line("wentzville-pd", source="Not in service", by="R. Officer", now=now)
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    load(read_pack(folder), now=now + timedelta(days=1), actor="test")
    assert "wentzville-pd" not in {row.code for row in shown_lines()}
    assert AuditEntry.objects.filter(act="entry.doubted", subject="wentzville-pd").exists()


def test_verification_changes_no_routing(region: Gazetteer, now: datetime) -> None:
    doubt_line("wentzville-pd", source="Not in service", by="R. Officer", now=now)
    confirm_line("ofallon-pd", number="636-555-0101", source="Called", by="R. Officer", now=now)
    assert current_gazetteer() == region


def test_an_approved_landmark_is_evidence_at_once(region: Gazetteer, now: datetime) -> None:
    approve_alias("mid rivers mall", source="City map", by="R. Officer", now=now)
    approved = {alias.text: alias.jurisdiction for alias in current_gazetteer().aliases}
    assert approved["Mid Rivers Mall"] == "st-peters-mo"
    assert AuditEntry.objects.filter(act="alias.approved", subject="Mid Rivers Mall").exists()


def test_nothing_is_confirmed_without_a_source_and_a_name(
    region: Gazetteer, now: datetime
) -> None:
    with pytest.raises(NotKept, match="whom you called"):
        confirm_line("ofallon-pd", number="636-555-0101", source=" ", by="R. Officer", now=now)
    with pytest.raises(NotKept, match="Say who"):
        confirm_line("ofallon-pd", number="636-555-0101", source="Called", by="", now=now)
    with pytest.raises(UnknownLine):
        confirm_line("nobody", number=None, source="Called", by="R. Officer", now=now)
    with pytest.raises(NotKept, match="Add it to aliases.csv"):
        approve_alias("Nowhere Plaza", source="City map", by="R. Officer", now=now)
    assert not AuditEntry.objects.exclude(act="region.loaded").exists()


def test_an_operator_confirms_doubts_and_approves_from_the_command_line(
    region: Gazetteer,
) -> None:
    out = StringIO()
    who = ("--source", "Called", "--by", "R. Officer")
    call_command("region", "confirm", "ofallon-pd", "--number", "636-555-0101", *who, stdout=out)
    call_command("region", "doubt", "wentzville-pd", *who, stdout=out)
    call_command("region", "approve", "Six Flags", *who, stdout=out)
    assert out.getvalue().splitlines() == [
        "ofallon-pd is confirmed. Residents see 636-555-0101.",
        "wentzville-pd is unverified. Residents see no number.",
        "Six Flags is evidence of eureka-mo from now on.",
    ]
    with pytest.raises(CommandError, match="No line has the code 'nobody'"):
        call_command("region", "doubt", "nobody", *who, stdout=out)
