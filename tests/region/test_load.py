import threading
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.db.models import QuerySet

from tests.region.packs import append, copy, edit, without_contacts
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer, line
from tipintake.directory.models import (
    Alias,
    Contact,
    HighwayExit,
    Jurisdiction,
    KnownPlace,
    Line,
    Referral,
    RegionRelease,
    ZipArea,
)
from tipintake.region.diff import Act, changes_of, in_words
from tipintake.region.entries import PackError
from tipintake.region.load import Loaded, load
from tipintake.region.pack import Pack, read_pack
from tipintake.staff.models import AuditEntry

pytestmark = pytest.mark.django_db
MODELS = (
    Line,
    Contact,
    Jurisdiction,
    KnownPlace,
    Alias,
    HighwayExit,
    ZipArea,
    Referral,
    RegionRelease,
    AuditEntry,
)


def everything() -> list[object]:
    return [list(QuerySet(model).order_by("pk").values()) for model in MODELS]


def reload(folder: Path, now: datetime) -> Loaded:
    return load(read_pack(folder), now=now + timedelta(days=1), actor="test")


def test_the_database_then_knows_what_the_files_know(region: Gazetteer, pack: Pack) -> None:
    files = pack.gazetteer()
    assert region.version == files.version
    assert set(region.jurisdictions) == set(files.jurisdictions)
    assert set(region.places) == set(files.places)
    assert set(region.aliases) == set(files.aliases)
    assert set(region.exits) == set(files.exits)
    assert region.zips == files.zips
    assert region.line_codes == files.line_codes
    assert (Line.objects.count(), Jurisdiction.objects.count()) == (20, 159)
    assert KnownPlace.objects.count() == 1032


def test_loading_twice_changes_nothing(region: Gazetteer, pack: Pack, now: datetime) -> None:
    before = everything()
    again = load(pack, now=now + timedelta(days=1), actor="test")
    assert not again.released
    assert everything() == before


def test_a_load_is_in_the_audit_with_its_counts(region: Gazetteer, pack: Pack) -> None:
    entry = AuditEntry.objects.get(act="region.loaded")
    assert entry.subject == "st-louis"
    assert entry.actor == "test"
    assert entry.facts["digest"] == pack.digest
    assert entry.facts["add"] > 1400


def test_a_loading_takes_few_queries(
    pack: Pack, now: datetime, django_assert_max_num_queries: object
) -> None:
    with django_assert_max_num_queries(60):  # type: ignore[operator]  # pytest-django's own type
        load(pack, now=now, actor="test")


def test_a_changed_pack_changes_only_what_it_says(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    folder = copy(tmp_path)
    edit(folder, "directory.toml", '"Creve Coeur Police"', '"Police of Creve Coeur"')
    append(folder, "zips.csv", "63999,st-louis-county\n")
    edit(folder, "exits.csv", "I-64,1,resolved,wentzville-mo,wentzville-mo\n", "")
    loaded = reload(folder, now)
    assert {(change.table.name, change.act, change.key) for change in loaded.changes} == {
        ("line", Act.CHANGE, ("creve-coeur-pd",)),
        ("ZIP", Act.ADD, ("63999",)),
        ("exit", Act.REMOVE, ("I-64", "1")),
    }
    assert line("creve-coeur-pd").resident_name == "Police of Creve Coeur"
    assert ZipArea.objects.get(zip="63999").counties == ["st-louis-county"]
    assert not HighwayExit.objects.filter(highway="I-64", exit="1").exists()


def test_a_reload_is_seen_without_a_restart(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    assert current_gazetteer() is region
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    reload(folder, now)
    assert current_gazetteer().zips["63999"] == ("st-louis-county",)
    assert current_gazetteer().version != region.version


def test_a_confirmed_number_survives_a_reload_and_is_reported(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    Line.objects.filter(code="ofallon-pd").update(
        number="636-555-0101", verified_state="confirmed", verified_by="R. Officer"
    )
    folder = copy(tmp_path)
    edit(folder, "directory.toml", '"O\'Fallon Police (Missouri)"', '"O\'Fallon city police"')
    loaded = reload(folder, now)
    kept = line("ofallon-pd")
    assert (kept.number, kept.verified_state) == ("636-555-0101", "confirmed")
    assert kept.verified_by == "R. Officer"
    assert kept.shown_number == "636-555-0101"
    (report,) = loaded.kept
    assert "keep line ofallon-pd: confirmed by this installation" in in_words(report)
    assert "'636-555-0101' → 'nothing'" in in_words(report)
    assert AuditEntry.objects.filter(act="region.loaded").order_by("-pk")[0].facts["kept"] == [
        "line ofallon-pd"
    ]


def test_a_number_that_staff_corrected_survives_even_unconfirmed(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    Line.objects.filter(code="wentzville-pd").update(number="636-555-0102")
    folder = copy(tmp_path)
    edit(folder, "directory.toml", "636-327-5105", "636-555-0103")
    loaded = reload(folder, now)
    assert line("wentzville-pd").number == "636-555-0102"
    assert [change.key for change in loaded.kept] == [("wentzville-pd",)]


def test_contacts_that_staff_changed_added_or_removed_survive(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    Contact.objects.filter(line__code="wentzville-pd").update(
        channel="email", address="desk@wentzville.example"
    )
    Contact.objects.filter(line__code="mshp").delete()
    Contact.objects.create(
        line=line("icac"), role="QUEUE", channel="webhook", address="https://icac.example/tips"
    )
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    reload(folder, now)
    endpoints = set(Contact.objects.values_list("line__code", "channel", "address", "active"))
    assert ("wentzville-pd", "email", "desk@wentzville.example", True) in endpoints
    assert ("wentzville-pd", "call_sheet", "", True) not in endpoints
    assert not any(code == "mshp" for code, *_ in endpoints)
    assert ("icac", "webhook", "https://icac.example/tips", True) in endpoints
    assert ("icac", "call_sheet", "", True) in endpoints


def test_an_alias_that_staff_approved_stays_approved(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    Alias.objects.filter(text="Mid Rivers Mall").update(
        approved=True, verified_state="confirmed", source="Map of the city of St. Peters"
    )
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    reload(folder, now)
    assert "Mid Rivers Mall" in {alias.text for alias in current_gazetteer().aliases}


def test_only_what_staff_made_their_own_outlives_a_file_that_was_emptied(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    Alias.objects.filter(text="West Terra Lane").update(jurisdiction="st-peters-mo")
    folder = copy(tmp_path)
    header = "text,kind,outcome,jurisdiction,approved,source,verified,verified_on"
    (folder / "aliases.csv").write_text(f"{header}\n", encoding="utf-8")
    reload(folder, now)
    assert list(Alias.objects.values_list("text", flat=True)) == ["West Terra Lane"]


def test_a_line_that_vanished_is_retired_and_comes_back(
    region: Gazetteer, pack: Pack, now: datetime, tmp_path: Path
) -> None:
    number = line("warren-county-so").pk
    folder = copy(tmp_path)
    text = (folder / "directory.toml").read_text(encoding="utf-8")
    start = text.index('[[line]]\ncode = "warren-county-so"')
    end = text.index("[[line]]", start + 1)
    (folder / "directory.toml").write_text(text[:start] + text[end:], encoding="utf-8")
    edit(folder, "jurisdictions.csv", "warren-county-so", "mshp")
    loaded = reload(folder, now)
    retired = line("warren-county-so")
    assert (retired.pk, retired.active) == (number, False)
    assert "warren-county-so" not in current_gazetteer().line_codes
    assert any(in_words(change).startswith("retire line warren") for change in loaded.changes)

    load(pack, now=now + timedelta(days=2), actor="test")
    assert (line("warren-county-so").pk, line("warren-county-so").active) == (number, True)
    assert line("warren-county-so").contacts.filter(active=True).count() == 1


def test_a_pack_that_does_not_pass_the_check_is_not_loaded(
    region: Gazetteer, now: datetime, tmp_path: Path
) -> None:
    before = everything()
    folder = copy(tmp_path)
    without_contacts(folder, "victim-advocate", "QUEUE")
    with pytest.raises(PackError, match="Line victim-advocate has no active QUEUE contact"):
        reload(folder, now)
    assert everything() == before


def test_a_diff_writes_nothing(region: Gazetteer, tmp_path: Path) -> None:
    folder = copy(tmp_path)
    append(folder, "zips.csv", "63999,st-louis-county\n")
    before = everything()
    assert [in_words(change) for change in changes_of(read_pack(folder))] == ["add ZIP 63999"]
    assert everything() == before


@pytest.mark.django_db(transaction=True)
def test_many_threads_read_one_gazetteer(pack: Pack, now: datetime) -> None:
    load(pack, now=now, actor="test")
    seen: list[Gazetteer] = []

    def look() -> None:
        seen.append(current_gazetteer())
        connection.close()

    threads = [threading.Thread(target=look) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 8
    assert len({id(gazetteer) for gazetteer in seen}) == 1
