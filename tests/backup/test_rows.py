"""Every row comes back as it was, and nothing that was purged meanwhile."""

import errno
import hashlib
import io
import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.management.color import no_style
from django.db import OperationalError, connection, models

from config.backup import make, restore, tables
from config.backup.restore import CannotRestore
from tests.pipeline.conftest import ONLINE_AD, MakeTip
from tests.tips.photos import attachment
from tipintake.files import CannotWrite
from tipintake.models import AuditEntry, PurgedMark, Tip
from tipintake.pipeline import watch
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.sweep import sweep
from tipintake.privacy import keys
from tipintake.staff import accounts, audit, heads, verifying
from tipintake.staff.roles import Role
from tipintake.tips import purged, retention
from tipintake.tips.vocabulary import Disposition
from tipintake.triage.models import Seen

pytestmark = pytest.mark.django_db(transaction=True)

OURS = pyrage.x25519.Identity.generate()
DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, settings: Any) -> Path:
    settings.HOME = home = tmp_path / "home"
    home.mkdir()
    settings.AUDIT_KEYS_DIR = tmp_path / "keys of the audit"
    return home


def everything() -> dict[str, list[str]]:
    """Every row of every table that is kept."""
    return {
        tables.table_of(model): sorted(
            line for piece, _rows in tables.pieces_of(model) for line in _lines(model, piece)
        )
        for model in tables.kept_models()
    }


def _lines(model: type[models.Model], piece: bytes) -> Iterator[str]:
    for line in piece.splitlines():
        yield json.dumps(dict(zip(tables.columns_of(model), json.loads(line), strict=True)))


def backed_up(folder: Path, now: datetime) -> Path:
    return make.back_up(folder, [OURS.to_public()], now=now, actor="test").path


def destroyed() -> None:
    flush = connection.ops.sql_flush(no_style(), tables.all_tables())
    connection.ops.execute_sql_flush(flush)


def came_back(path: Path, now: datetime, gone: set[str] | None = None) -> restore.Restored:
    return restore.restore(path, [OURS], gone=gone or set(), now=now, actor="test")


def close(tip: Tip, now: datetime, **more: Any) -> None:
    given = {
        "status": "CLOSED",
        "disposition": Disposition.SPAM,
        "closed_on": retention.today(now),
        "routed_at": now,
    }
    Tip.objects.filter(pk=tip.pk).update(**{**given, **more})


def test_every_row_comes_back_as_it_was(kept: MakeTip, now: datetime, own_home: Path) -> None:
    kept(attachments=[attachment()])
    kept(ONLINE_AD)
    route_waiting(now=now, limit=9)
    accounts.create("ann", roles=[Role.ANALYST], actor="test", now=now)
    audit.seal_chain(now=now + DAY)
    path = backed_up(own_home / "backups", now)
    before = everything()
    destroyed()
    for one in (heads.head_file(), heads.journal_file()):
        one.unlink()
    assert not Tip.objects.exists()
    done = came_back(path, now)
    after = everything()
    ours = {r for r in after["tipintake_auditentry"] if "backup." in r}
    after["tipintake_auditentry"] = unchained(set(after["tipintake_auditentry"]) - ours)
    before["tipintake_auditentry"] = unchained(
        r for r in before["tipintake_auditentry"] if "backup." not in r
    )
    assert after == before
    assert done.tips == 2
    assert done.accounts == 1
    assert verifying.verify() == []
    kept()  # keys of rows go on where they were
    assert Tip.objects.count() == 3
    assert (own_home / "samples.sent").exists()  # no made-up tips among these


def unchained(rows: Any) -> list[str]:
    """What the chain adds to an entry later is not the entry."""
    return sorted(
        json.dumps(
            {k: v for k, v in json.loads(row).items() if k not in {"chained", "chain_hash"}}
        )
        for row in rows
    )


def test_what_was_purged_meanwhile_does_not_come_back(
    kept: MakeTip, now: datetime, own_home: Path
) -> None:
    stays, gone, held = kept(), kept(ONLINE_AD), kept()
    close(held, now, legal_hold="COURT_ORDER")
    path = backed_up(own_home / "backups", now)
    close(gone, now)
    close(held, now, legal_hold="")
    assert purge_due(now=now + 31 * DAY, limit=9) == 2
    purged.write_out()
    text = purged.marks_file().read_text()
    assert gone.pk.hex not in text
    assert str(gone.reference) not in text
    marks = purged.read(purged.marks_file())
    assert len(marks) == 2
    destroyed()
    done = came_back(path, now + 31 * DAY, marks)
    assert list(Tip.objects.all()) == [stays]
    assert done.purged_again == 2
    assert set(PurgedMark.objects.values_list("mark", flat=True)) == marks
    assert not AuditEntry.objects.filter(subject__in=[gone.reference, held.reference]).exists()
    assert verifying.verify() == []


def test_what_is_over_by_now_goes_in_the_rounds_after_it(
    kept: MakeTip, now: datetime, own_home: Path
) -> None:
    sweep(now=now)
    close(kept(), now)
    path = backed_up(own_home / "backups", now)
    destroyed()
    late = now + 31 * DAY
    came_back(path, late)
    assert sweep(now=late)["retain"] == 0, "a day to see whether the time is right"
    assert sweep(now=late + timedelta(hours=25))["retain"] == 1
    assert not Tip.objects.exists()


def test_a_restore_under_a_time_ahead_purges_nothing_for_good(
    kept: MakeTip, now: datetime, own_home: Path
) -> None:
    sweep(now=now)
    close(kept(), now)
    path = backed_up(own_home / "backups", now)
    destroyed()
    came_back(path, now + 3000 * DAY)
    sweep(now=now + 3000 * DAY)
    assert Tip.objects.exists()
    assert not purged.marks_file().exists()
    destroyed()
    assert came_back(path, now + timedelta(hours=1)).tips == 1


def test_what_earlier_code_left_out_of_newer_tables_comes_back_without_it(
    kept: MakeTip, now: datetime, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """During an upgrade, and whenever one went back, the earlier code runs on the newer tables:
    its backups are all that there is of the tips that it takes."""
    tip = kept()
    knows, kept_before = tables.fields_of, tables.kept_models
    with monkeypatch.context() as before:
        before.setattr(
            tables, "fields_of", lambda m: [f for f in knows(m) if f.name != "closed_on"]
        )
        before.setattr(tables, "kept_models", lambda: [m for m in kept_before() if m is not Seen])
        path = backed_up(own_home / "backups", now)
    destroyed()
    assert came_back(path, now).tips == 1
    assert Tip.objects.get() == tip
    assert Tip.objects.get().closed_on is None
    with monkeypatch.context() as before:
        before.setattr(
            tables, "fields_of", lambda m: [f for f in knows(m) if f.name != "reference"]
        )
        path = backed_up(own_home / "backups", now + DAY)
    destroyed()
    with pytest.raises(CannotRestore, match="tables differ: .*tipintake_tip"):
        came_back(path, now)


def test_a_backup_that_does_not_fit_leaves_nothing_behind(
    kept: MakeTip, now: datetime, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept()
    path = backed_up(own_home / "backups", now)
    with pytest.raises(CannotRestore, match="holds 1 tips"):
        came_back(path, now)
    destroyed()
    usual = tables.rows_in

    def one_leads_nowhere(model: Any, *given: Any) -> Iterator[list[Any]]:
        return iter(()) if model is Tip else usual(model, *given)

    monkeypatch.setattr(tables, "rows_in", one_leads_nowhere)
    with pytest.raises(CannotRestore, match="leads to one that is not there"):
        came_back(path, now)
    assert not any(everything()[table] for table in ("tipintake_line", "tipintake_datakey"))
    monkeypatch.undo()
    assert came_back(path, now).tips == 1


def test_other_keys_are_refused_and_missing_ones_brought_back(
    kept: MakeTip, now: datetime, own_home: Path, settings: Any, tmp_path: Path
) -> None:
    kept()
    heads.make_key()
    signs = heads.key_file()
    path = backed_up(own_home / "backups", now)
    destroyed()
    real = settings.KEYS_DIR
    settings.KEYS_DIR = tmp_path / "keys"
    keys.init(settings.KEYS_DIR, settings.KEYS_DIR / "private")
    with pytest.raises(CannotRestore, match="other keys than those of the backup"):
        came_back(path, now)
    settings.KEYS_DIR = tmp_path / "none"
    settings.AUDIT_KEYS_DIR = tmp_path / "none" / "audit"
    came_back(path, now)
    for name in ("receipt.pepper", "desk.pub", "web.secret"):
        assert (settings.KEYS_DIR / name).read_text() == (Path(real) / name).read_text()
    assert (settings.AUDIT_KEYS_DIR / "audit.sign").read_text() == signs.read_text()
    assert not (settings.KEYS_DIR / "audit.sign").exists()
    assert not (settings.KEYS_DIR / "private").exists()


def test_the_key_of_the_audit_comes_back_beside_public_keys_that_are_here(
    kept: MakeTip, now: datetime, own_home: Path, settings: Any
) -> None:
    """It lies in a folder of its own, which may be lost alone."""
    kept()
    heads.make_key()
    signs = heads.key_file().read_text()
    path = backed_up(own_home / "backups", now)
    destroyed()
    heads.key_file().unlink()
    came_back(path, now)
    assert heads.key_file().read_text() == signs


def test_keys_that_were_here_stand_again_where_a_restore_fails(
    kept: MakeTip,
    now: datetime,
    own_home: Path,
    settings: Any,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept()
    path = backed_up(own_home / "backups", now)
    destroyed()
    settings.KEYS_DIR = tmp_path / "new"
    settings.KEYS_DIR.mkdir()
    (settings.KEYS_DIR / "web.secret").write_text("as it was")
    monkeypatch.setattr(tables, "rows_in", lambda *_given: iter([["too", "few"]]))
    with pytest.raises(CannotRestore):
        came_back(path, now)
    assert [one.name for one in settings.KEYS_DIR.iterdir()] == ["web.secret"]
    assert (settings.KEYS_DIR / "web.secret").read_text().strip() == "as it was"


@pytest.mark.parametrize(
    "fault", [CannotWrite(errno.ENOSPC, "No space left on device", "home"), OperationalError()]
)
def test_rows_that_are_back_without_what_lies_beside_them_are_not_called_unchanged(
    kept: MakeTip,
    now: datetime,
    own_home: Path,
    monkeypatch: pytest.MonkeyPatch,
    fault: Exception,
) -> None:
    kept()
    path = backed_up(own_home / "backups", now)
    destroyed()

    def fails() -> None:
        raise fault

    with monkeypatch.context() as full:
        full.setattr(purged, "write_out", fails)
        with pytest.raises(restore.NotWhole, match="The rows are back, and what lies beside"):
            came_back(path, now)
    assert Tip.objects.count() == 1
    destroyed()
    assert came_back(path, now).tips == 1


def test_what_is_left_out_is_in_no_member(kept: MakeTip, now: datetime, own_home: Path) -> None:
    kept()
    found = restore.look(backed_up(own_home / "backups", now), [OURS])
    assert found.rows["tipintake_tip"] == 1
    assert not {"django_session", "tipintake_samewords"} & found.rows.keys()
    assert {name.split("/")[-1] for name in found.small if "private" in name} == set()
    private = {path.name for path in Path(settings.PRIVATE_KEYS_DIR).iterdir()}
    assert not private & {name.split("/")[-1] for name in found.small}


@pytest.fixture
def backups(tmp_path: Path, now: datetime, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with an old, a new and another file; rounds are made until now."""
    folder = tmp_path / "backups"
    folder.mkdir()
    for name in ("tipintake-20261001T000000Z.age", "tipintake-20261114T000000Z.age", "notes.txt"):
        (folder / name).touch()
    settings.BACKUP_RECIPIENTS = [str(OURS.to_public())]
    monkeypatch.setattr("config.management.commands.backup.timezone.now", lambda: now)
    watch.beat(watch.SWEPT, now=now)
    return folder


def made_by_command(folder: Path) -> str:
    out = io.StringIO()
    call_command("backup", "--to", str(folder), "--keep", "30", stdout=out, stderr=io.StringIO())
    return out.getvalue()


def test_backups_that_are_too_old_go(backups: Path) -> None:
    assert "1 earlier backups removed." in made_by_command(backups)
    assert sorted(one.name for one in backups.iterdir()) == [
        *("notes.txt", "tipintake-20261114T000000Z.age", "tipintake-20261114T153000Z.age"),
    ]


def test_a_time_that_jumped_ahead_takes_no_backup_along(
    backups: Path, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = now + 700 * DAY
    monkeypatch.setattr("config.management.commands.backup.timezone.now", lambda: ahead)
    assert "2 earlier backups stay" in made_by_command(backups)
    assert len(list(backups.glob("*.age"))) == 3


def test_a_backup_that_is_dated_ahead_is_named_each_time(backups: Path) -> None:
    one = backups / "tipintake-21050101T000002Z.age"
    one.touch()
    assert f"{one} is dated ahead" in made_by_command(backups)
    assert one.exists()


def test_what_a_killed_backup_left_does_not_fill_the_disk(backups: Path) -> None:
    """A backup that is killed each night never comes to remove anything afterwards."""
    for day in ("20261101", "20261112", "20261114"):
        (backups / f".tipintake-{day}T152900Z.age.part").touch()
    made_by_command(backups)
    assert [one.name for one in backups.glob(".*")] == [".tipintake-20261114T152900Z.age.part"]


@pytest.mark.parametrize("keep", ["0", "-3", "999999999999"])
def test_keeping_for_no_day_removes_nothing_and_is_asked_back(backups: Path, keep: str) -> None:
    before = sorted(backups.iterdir())
    with pytest.raises(CommandError, match="without --keep no backup is removed"):
        call_command("backup", f"--to={backups}", f"--keep={keep}")
    assert sorted(backups.iterdir()) == before


def test_a_backup_that_the_database_cannot_note_is_not_called_none(
    backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its disk is full, and the folder of backups lies on another: the hour at which one is
    needed."""

    def full(*_given: object, **_more: object) -> None:
        raise OperationalError("database or disk is full")

    monkeypatch.setattr(audit, "record", full)
    before, out = set(backups.iterdir()), io.StringIO()
    with pytest.raises(CommandError, match=r"made and whole; keep it.*Make room on its disk"):
        call_command("backup", f"--to={backups}", "--keep=30", stdout=out)
    (made,) = set(backups.iterdir()) - before
    assert before <= set(backups.iterdir())
    assert hashlib.sha256(made.read_bytes()).hexdigest() in out.getvalue()


def test_a_database_that_cannot_be_read_is_said_with_what_to_do(
    backups: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_given: object, **_more: object) -> None:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(make, "_manifest", full)
    before = set(backups.iterdir())
    with pytest.raises(CommandError, match=r"^No backup was made\. .*Make room on its disk"):
        call_command("backup", f"--to={backups}")
    assert set(backups.iterdir()) == before


def test_an_earlier_backup_that_cannot_be_removed_is_named(backups: Path) -> None:
    (backups / "tipintake-20260901T000000Z.age").mkdir()
    with pytest.raises(CommandError, match="tipintake-20260901T000000Z.age cannot be removed"):
        made_by_command(backups)


def test_a_file_that_belongs_into_a_backup_and_cannot_be_read_is_named(
    now: datetime, own_home: Path
) -> None:
    heads.head_file().mkdir()
    with pytest.raises(make.CannotBackUp, match=r"audit\.head cannot be read"):
        backed_up(own_home / "backups", now)
    assert list((own_home / "backups").iterdir()) == []
