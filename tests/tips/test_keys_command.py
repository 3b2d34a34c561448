"""`manage.py keys`: what an operator reads, and that changing a key loses no tip."""

import errno
import io
import os
import re
import subprocess
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError, connection, transaction

from tests.tips.drafts import full_draft
from tipintake.models import AuditEntry, DataKey, Tip, VaultEntry
from tipintake.privacy import keys, receipts
from tipintake.privacy.keys import LOST_KEY, KeyMissing
from tipintake.privacy.scrub import Scrubbed
from tipintake.privacy.seal import PrivateKey
from tipintake.staff import heads
from tipintake.staff.chain import BEGINNING
from tipintake.tips import cleaning, own_keys, resealing
from tipintake.tips.cleaning import clean
from tipintake.tips.secrets import narrative_of, vault_words_of
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy

NOW = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db

Run = Callable[..., str]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A made-up installation without keys."""
    monkeypatch.setattr(cleaning, "scrub", lambda text, **_: Scrubbed(text=text, findings=()))
    monkeypatch.setattr(own_keys, "LOOK_AGAIN", 0.0)
    monkeypatch.setattr(own_keys, "UNDER_WAY", 0.0)
    settings.KEYS_DIR = tmp_path / "keys"
    settings.PRIVATE_KEYS_DIR = tmp_path / "keys" / "private"
    settings.AUDIT_KEYS_DIR = tmp_path / "keys" / "audit"
    return tmp_path / "keys"


@pytest.fixture
def run() -> Run:
    def running(*words: str) -> str:
        out = io.StringIO()
        call_command("keys", *words, stdout=out)
        return out.getvalue()

    return running


@pytest.fixture
def tips(run: Run) -> list[Tip]:
    run("init")
    return [one_more() for _ in range(7)]


def one_more() -> Tip:
    with transaction.atomic():
        return store(clean(full_draft()), mentions=(), came_by=CameBy.WEB, low_trust=False,
                     receipt=receipts.new(), now=NOW)  # fmt: skip


def all_open(home: Path) -> bool:
    desk = keys.desk_private(home / "private")
    words = full_draft().narrative
    return all(narrative_of(tip, desk) == words for tip in Tip.objects.all())


def grow_old(home: Path) -> None:
    """Two hours have passed since the keys were made."""
    for path in (home / "private").iterdir():
        then = time.time() - 7200
        os.utime(path, (then, then))


def test_a_lost_key_is_said_to_be_a_lost_archive_before_anything(run: Run) -> None:
    assert run("init").startswith(LOST_KEY)
    assert LOST_KEY in run("rotate")
    assert "lost archive" in LOST_KEY


def test_init_overwrites_nothing(run: Run, home: Path) -> None:
    run("init")
    before = (home / "private" / "desk.key").read_bytes()
    with pytest.raises(CommandError, match="left as they are"):
        run("init")
    assert (home / "private" / "desk.key").read_bytes() == before


def test_init_makes_no_new_keys_for_an_archive_that_needs_the_old(
    run: Run, home: Path, tips: list[Tip]
) -> None:
    for path in [*home.glob("*.*"), *home.glob("private/*")]:
        path.unlink()
    with pytest.raises(CommandError, match=f"{len(tips)} tips sealed to a desk key"):
        run("init")
    assert not (home / "desk.pub").exists()


def test_status_says_what_is_sealed_to_which_key(run: Run, tips: list[Tip]) -> None:
    said = run("status")
    assert f"{len(tips)} rows are sealed to it" in said
    assert "in order" in said


def test_status_does_not_call_keys_in_order_where_the_database_cannot_be_asked(
    run: Run, tips: list[Tip], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def full(*_given: object) -> list[str]:
        raise OperationalError("disk I/O error")

    monkeypatch.setattr(connection.introspection, "table_names", full)
    with pytest.raises(CommandError, match="1 things need attention"):
        call_command("keys", "status")
    said = capsys.readouterr().out
    assert "nobody knows what is sealed to which key" in said
    assert "rows are sealed" not in said


@pytest.mark.parametrize("option", [(), ("--vault",)])
def test_status_names_an_earlier_key_until_the_rotation_is_finished(
    run: Run, home: Path, tips: list[Tip], option: tuple[str, ...]
) -> None:
    run("rotate", *option)
    finish = " ".join(("keys rotate", *option, "--finish"))
    assert "is still here and opens what is sealed to it. When every machine has" in run("status")
    assert finish in run("status")
    grow_old(home)
    run("rotate", *option, "--finish")
    assert "still here" not in run("status")


def test_status_on_a_machine_that_only_takes_tips(run: Run, home: Path, tips: list[Tip]) -> None:
    for path in (home / "private").iterdir():
        path.unlink()
    assert "can seal and not open" in run("status")


@pytest.mark.parametrize("damaged", [False, True])
@pytest.mark.parametrize("name", ["vault.key", "signing.key", "accounts.key"])
def test_status_on_a_desk_names_the_private_key_that_is_not_here(
    run: Run,
    home: Path,
    tips: list[Tip],
    name: str,
    *,
    damaged: bool,
) -> None:
    if damaged:
        (home / "private" / name).write_text("x")
    else:
        (home / "private" / name).unlink()
    with pytest.raises(CommandError, match="1 things need attention|does not hold a key"):
        run("status")


def test_status_names_the_lost_key_that_signed_heads_of_the_audit(
    run: Run, home: Path, settings: Any
) -> None:
    settings.HOME = home.parent
    run("init")
    heads.note(BEGINNING, now=NOW)
    assert "in order" in run("status")
    (home / "audit" / "audit.sign").unlink()
    with pytest.raises(CommandError, match="1 things need attention"):
        run("status")


def test_a_folder_that_may_not_be_looked_into_is_named(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As when it is typed as another user than the service's."""
    run("init")
    usual = os.stat

    def closed(path: Any, *given: Any, **more: Any) -> os.stat_result:
        if str(path).startswith(str(home / "private" / "")):
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return usual(path, *given, **more)

    monkeypatch.setattr(os, "stat", closed)
    with pytest.raises(CommandError, match=r"vault\.key .*as the service's user"):
        run("status")


def test_status_finds_a_key_that_others_can_read(run: Run, home: Path) -> None:
    run("init")
    (home / "private" / "desk.key").chmod(0o644)
    with pytest.raises(CommandError, match="attention"):
        run("status")


@pytest.mark.parametrize("beside", [False, True])
def test_an_audit_key_among_the_public_keys_is_used_and_told_where_to_go(
    run: Run, home: Path, capsys: pytest.CaptureFixture[str], *, beside: bool
) -> None:
    run("init")
    own, before = home / "audit" / "audit.sign", home / "audit.sign"
    line = heads.signed(BEGINNING, now=NOW)
    if beside:
        before.write_text("0" * 64)  # of another time: the one that is in force stays so
        before.chmod(0o600)
    else:
        own.rename(before)
        own.parent.rmdir()
    assert heads.read(line).head == BEGINNING
    with pytest.raises(CommandError, match="attention"):
        call_command("keys", "status")
    (told,) = re.findall(r"every process reads it\. Run: (.*)", capsys.readouterr().out)
    subprocess.run(["sh", "-ec", told], check=True)
    assert heads.read(line).head == BEGINNING
    assert not before.exists()
    assert "in order" in run("status")


def test_status_finds_rows_that_no_key_here_opens(run: Run, home: Path, tips: list[Tip]) -> None:
    DataKey.objects.filter(tip=tips[0]).update(desk_key_id="feedfeedfeedfeed")
    with pytest.raises(CommandError, match="attention"):
        run("status")


def test_verify_opens_everything(run: Run, tips: list[Tip]) -> None:
    said = run("verify")
    assert f"{len(tips)} tips open" in said
    assert f"{len(tips)} vault entries open" in said
    assert "3 tips open" in run("verify", "--sample", "3")
    with pytest.raises(CommandError, match="without --sample all are opened"):
        run("verify", "--sample", "-1")


def test_verify_names_what_does_not_open(run: Run, tips: list[Tip]) -> None:
    Tip.objects.filter(pk=tips[2].pk).update(narrative_sealed=b"\x01spoilt")
    VaultEntry.objects.filter(tip=tips[3]).update(sealed=b"\x01spoilt")
    out = io.StringIO()
    with pytest.raises(CommandError, match="Do not delete anything"):
        call_command("keys", "verify", stdout=out)
    assert tips[2].reference in out.getvalue()
    assert tips[3].reference in out.getvalue()
    assert tips[4].reference not in out.getvalue()


@pytest.mark.parametrize("what", ["verify", "rotate"])
def test_a_missing_private_key_is_said_plainly(run: Run, home: Path, what: str) -> None:
    run("init")
    (home / "private" / "desk.key").unlink()
    with pytest.raises(CommandError, match=r"desk\.key is missing"):
        run(what)


def test_a_wrong_key_is_noticed(run: Run, home: Path, tips: list[Tip]) -> None:
    keys.init(home / "other", home / "other" / "private")
    (home / "other" / "private" / "desk.key").replace(home / "private" / "desk.key")
    with pytest.raises(CommandError, match="do not delete|Do not delete"):
        run("verify")
    with pytest.raises(CommandError, match="attention"):
        run("status")


def test_rotation_seals_every_tip_to_the_new_key(run: Run, home: Path, tips: list[Tip]) -> None:
    before = keys.public_keys(home)
    said = run("rotate")
    after = keys.public_keys(home)
    assert after.desk_id != before.desk_id
    assert after.vault_id == before.vault_id
    assert f"{len(tips)} rows are sealed to the new desk key" in said
    assert set(DataKey.objects.values_list("desk_key_id", flat=True)) == {after.desk_id}
    assert all_open(home)
    assert AuditEntry.objects.filter(act="keys.rotated").count() == 1


@pytest.mark.parametrize("act", [("rotate",), ("rotate", "--vault"), ("rotate", "--finish")])
@pytest.mark.parametrize("mounted", ["", "private"])
def test_a_rotation_where_keys_are_mounted_to_be_read_changes_nothing(
    run: Run,
    home: Path,
    tips: list[Tip],
    monkeypatch: pytest.MonkeyPatch,
    act: tuple[str, ...],
    mounted: str,
) -> None:
    if "--finish" in act:
        run("rotate")
        grow_old(home)
    before = files_under(home)
    with monkeypatch.context() as mount:
        read_only(mount, home / mounted)
        with pytest.raises(CommandError, match=r"cannot be written \(Read-only file system\)"):
            run(*act)
    assert files_under(home) == before
    assert all_open(home)


@pytest.mark.parametrize("mounted", ["", "private", "audit"])
def test_keys_that_cannot_be_made_are_a_sentence(
    run: Run, home: Path, monkeypatch: pytest.MonkeyPatch, mounted: str
) -> None:
    read_only(monkeypatch, home / mounted)
    with pytest.raises(CommandError, match=r"cannot be written \(Read-only file system\)"):
        run("init")


def files_under(home: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in home.rglob("*") if path.is_file()}


def read_only(monkeypatch: pytest.MonkeyPatch, folder: Path) -> None:
    """No file is made in this folder, as if it were mounted so; those below it may be."""
    really = os.open

    def mounted(path: Any, flags: int, *more: Any, **options: Any) -> int:
        if flags & os.O_CREAT and Path(path).parent == folder:
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))
        return really(path, flags, *more, **options)

    monkeypatch.setattr(os, "open", mounted)


def test_the_new_key_alone_opens_everything_after_the_end(
    run: Run, home: Path, tips: list[Tip]
) -> None:
    run("rotate")
    grow_old(home)
    run("rotate", "--finish")
    assert keys.desk_private(home / "private").earlier == ()
    assert [path.name for path in sorted((home / "private").iterdir())] == [
        "accounts.key",
        "desk.key",
        "signing.key",
        "vault.key",
    ]
    assert all_open(home)


def test_the_earlier_key_is_not_destroyed_in_the_first_hour(
    run: Run, home: Path, tips: list[Tip]
) -> None:
    run("rotate")
    with pytest.raises(CommandError, match="less than an hour"):
        run("rotate", "--finish")
    assert keys.desk_private(home / "private").earlier
    run("rotate", "--finish", "--at-once")
    assert all_open(home)


def test_a_tip_from_a_machine_with_the_earlier_key_still_opens(
    run: Run, home: Path, tips: list[Tip]
) -> None:
    stale = (home / "desk.pub").read_bytes()
    run("rotate")
    fresh = (home / "desk.pub").read_bytes()
    (home / "desk.pub").write_bytes(stale)
    late = one_more()
    (home / "desk.pub").write_bytes(fresh)
    assert all_open(home)
    assert "1 rows are sealed to the earlier key" in run("status")
    grow_old(home)
    run("rotate", "--finish")
    late.refresh_from_db()
    assert late.data_key.desk_key_id == keys.public_keys(home).desk_id
    assert all_open(home)


class Killed(BaseException):
    """The process was killed here."""


@pytest.mark.parametrize("batches", [0, 1, 2])
def test_a_rotation_killed_midway_is_resumed(
    run: Run, home: Path, tips: list[Tip], monkeypatch: pytest.MonkeyPatch, batches: int
) -> None:
    monkeypatch.setattr(resealing, "BATCH", 3)
    whole = resealing.reseal

    def killed(*args: Any, **options: Any) -> Iterator[resealing.Resealed]:
        for number, done in enumerate(whole(*args, **options)):
            if number == batches:
                raise Killed
            yield done

    with monkeypatch.context() as patch:
        patch.setattr(resealing, "reseal", killed)
        with pytest.raises(Killed):
            run("rotate")
    half = keys.public_keys(home).desk_id
    moved = DataKey.objects.filter(desk_key_id=half).count()
    assert moved == min(3 * (batches + 1), len(tips))
    assert all_open(home), "everything still opens in between"
    one_more()

    run("rotate")
    assert keys.public_keys(home).desk_id == half, "the same new key, not a third"
    assert set(DataKey.objects.values_list("desk_key_id", flat=True)) == {half}
    grow_old(home)
    run("rotate", "--finish")
    assert all_open(home)


def test_of_two_rotations_at_once_one_is_refused_and_nothing_is_lost(
    run: Run, home: Path, tips: list[Tip], monkeypatch: pytest.MonkeyPatch
) -> None:
    made, said = PrivateKey.new, list[str]()

    def meanwhile() -> PrivateKey:
        """Another begins before the first has put its key in place."""
        with monkeypatch.context() as once:
            once.setattr(PrivateKey, "new", made)
            try:
                run("rotate")
            except CommandError as refused:
                said.append(str(refused))
            one_more()
        return made()

    monkeypatch.setattr(PrivateKey, "new", meanwhile)
    run("rotate")
    assert all_open(home)
    (sentence,) = said
    assert "Another `manage.py keys rotate`" in sentence
    run("rotate")  # the first has ended


def test_verify_calls_nothing_broken_that_is_sealed_anew_meanwhile(
    run: Run, home: Path, tips: list[Tip], monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = list[Tip]()

    def rotated(tip: Tip, private: PrivateKey) -> str:
        if not begun:
            begun.append(tip)
            run("rotate", "--vault")
            run("rotate")
        return narrative_of(tip, private)

    monkeypatch.setattr(resealing, "narrative_of", rotated)
    said = run("verify")
    assert f"{len(tips)} tips open" in said
    assert f"{len(tips)} vault entries open" in said


def test_a_row_that_no_key_opens_keeps_the_earlier_key_alive(
    run: Run, home: Path, tips: list[Tip]
) -> None:
    spoilt = DataKey.objects.get(tip=tips[0])
    DataKey.objects.filter(pk=spoilt.pk).update(sealed=b"\x01spoilt")
    with pytest.raises(CommandError, match="1 rows open with no desk key"):
        run("rotate")
    grow_old(home)
    with pytest.raises(CommandError, match="1 rows open with no desk key"):
        run("rotate", "--finish")
    assert keys.desk_private(home / "private").earlier
    assert DataKey.objects.exclude(desk_key_id=spoilt.desk_key_id).count() == len(tips) - 1


def test_the_vault_key_is_changed_the_same_way(run: Run, home: Path, tips: list[Tip]) -> None:
    before = keys.public_keys(home)
    run("rotate", "--vault")
    grow_old(home)
    run("rotate", "--vault", "--finish")
    after = keys.public_keys(home)
    assert (after.desk_id, after.vault_id) == (before.desk_id, after.vault.id)
    assert after.vault_id != before.vault_id
    vault = keys.vault_private(home / "private")
    for entry in VaultEntry.objects.all():
        assert vault_words_of(entry, vault) == "Marisol"


def test_nothing_to_finish(run: Run) -> None:
    run("init")
    assert "nothing to finish" in run("rotate", "--finish")


def test_a_changed_key_needs_the_present_one(home: Path) -> None:
    with pytest.raises(KeyMissing):
        keys.begin_rotation(home, home / "private", "desk", expect=own_keys.expect)
