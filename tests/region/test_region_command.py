from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from tests.region.packs import append, copy, without_contacts
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact, Line, RegionRelease
from tipintake.staff.accounts import first_accounts

ST_PETERS = """
[[line]]
code = "st-peters-pd"
agency = "St. Peters Police Department"
name = "St. Peters Police"
resident_name = "St. Peters Police"
resident_name_es = "Policía de St. Peters"
kind = "police"
county = "st-charles-county"
shown = false
source = "The city's page"
verified = "unverified"
call_script = "Say that it is a lead only."

[[line.contact]]
role = "QUEUE"
name = "St. Peters Police, by telephone"
channel = "call_sheet"
"""


def told(*arguments: str) -> str:
    out = StringIO()
    call_command("region", *arguments, stdout=out, stderr=out)
    return out.getvalue()


def test_check_says_that_the_region_is_sound() -> None:
    assert told("check", "st-louis").startswith(
        "st-louis is sound: 20 lines, 159 jurisdictions, 1032 places"
    )


def test_check_lists_what_to_mend_and_fails(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    without_contacts(folder, "victim-advocate", "QUEUE")
    out = StringIO()
    with pytest.raises(CommandError, match="1 thing to mend") as refused:
        call_command("region", "check", str(folder), stdout=out)
    assert refused.value.returncode == 1
    assert "Line victim-advocate has no active QUEUE contact" in out.getvalue()


def test_an_upgrade_goes_on_with_the_earlier_pack_and_says_what_to_mend(
    region: Gazetteer, tmp_path: Path
) -> None:
    folder = copy(tmp_path)
    append(folder, "zips.csv", "6399,nowhere\n")
    said = told("load", str(folder), "--keep-earlier")
    assert "zips.csv" in said
    assert "NOT loaded anew: 1 thing to mend" in said
    assert "What was loaded before stays in force" in said
    assert RegionRelease.objects.count() == 1
    with pytest.raises(CommandError):
        told("load", str(folder))


@pytest.mark.django_db
def test_where_nothing_of_the_region_was_loaded_there_is_nothing_to_go_on_with(
    tmp_path: Path,
) -> None:
    folder = copy(tmp_path)
    append(folder, "zips.csv", "6399,nowhere\n")
    with pytest.raises(CommandError, match="1 thing to mend"):
        told("load", str(folder), "--keep-earlier")


def test_compose_starts_an_upgrade_so() -> None:
    composed = (Path(settings.BASE_DIR) / "docker-compose.yml").read_text("utf-8")
    assert "region load --keep-earlier" in composed


def test_a_file_that_cannot_be_read_fails_the_check_too(tmp_path: Path) -> None:
    folder = copy(tmp_path)
    append(folder, "zips.csv", "6399,nowhere\n")
    with pytest.raises(CommandError, match="1 thing to mend"):
        call_command("region", "check", str(folder), stdout=StringIO())


@pytest.mark.django_db
def test_load_and_diff_from_the_command_line() -> None:
    assert "would add" in told("diff", "st-louis")
    assert not RegionRelease.objects.exists()
    assert "Loaded st-louis" in told("load", "st-louis", "--by", "R. Officer")
    assert "was loaded already" in told("load", "st-louis")
    assert "would change nothing" in told("diff", "st-louis")


@pytest.mark.django_db
def test_load_reports_what_it_left_alone(region: Gazetteer, tmp_path: Path) -> None:
    Line.objects.filter(code="wentzville-pd").update(verified_state="confirmed")
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    assert "keep line wentzville-pd: confirmed by this installation" in told("load", str(folder))


@pytest.mark.django_db
def test_load_warns_when_staff_left_a_line_without_anybody(region: Gazetteer) -> None:
    Contact.objects.filter(line__code="regional-triage", role="QUEUE").update(active=False)
    assert "Line regional-triage has no active QUEUE contact" in told("load", "st-louis")


@pytest.mark.django_db
def test_load_names_an_agency_whose_tips_nobody_at_the_desk_would_see(
    region: Gazetteer, tmp_path: Path, now: datetime
) -> None:
    first_accounts(now=now)
    assert "Nobody but administrators" not in told("load", "st-louis")
    folder = copy(tmp_path)
    append(folder, "directory.toml", ST_PETERS)
    assert "sees the tips of: st-peters-pd. `manage.py staff lines" in told("load", str(folder))


def test_new_starts_a_pack_and_says_what_comes_next(tmp_path: Path) -> None:
    assert "manage.py region check" in told("new", str(tmp_path / "boone-county"))
    with pytest.raises(CommandError, match="is not empty"):
        told("new", str(tmp_path / "boone-county"))
