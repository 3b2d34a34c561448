"""A backup file that is wrong in any way is refused with a sentence; nothing is changed."""

import errno
import gzip
import hashlib
import json
import os
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pyrage
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError

from config.backup import archive, recovery, restore, tables
from config.backup.archive import CannotOpen
from config.backup.restore import CannotRestore
from tipintake.files import CannotWrite
from tipintake.tips import purged

OURS = pyrage.x25519.Identity.generate()
ROWS = {"tipintake_tip": 2}


def manifest(**changes: Any) -> bytes:
    says = {
        "format": "tipintake backup",
        "made_at": "2026-11-14T15:30:00+00:00",
        "version": 1,
        "migrations": ["tipintake.0001_initial"],
        "keys": {"desk": "a", "vault": "b"},
        "tables": {tables.table_of(m): tables.columns_of(m) for m in tables.kept_models()},
    }
    return json.dumps({**says, **changes}).encode()


def piece(lines: int) -> bytes:
    return gzip.compress(b"[]\n" * lines)


def written(folder: Path, *members: tuple[str, bytes]) -> Path:
    path = folder / "one.age"
    with path.open("wb") as file:
        archive.write(members, file, [OURS.to_public()])
    return path


def whole(folder: Path, **changes: Any) -> Path:
    return written(
        folder,
        ("manifest.json", manifest(**changes)),
        ("rows/tipintake_tip/000000.gz", piece(2)),
        ("end.json", json.dumps({"rows": ROWS}).encode()),
    )


def test_a_whole_file_is_taken(tmp_path: Path) -> None:
    assert restore.look(whole(tmp_path), [OURS]).rows == ROWS


def test_another_recovery_key_opens_nothing(tmp_path: Path) -> None:
    with pytest.raises(CannotOpen, match="another recovery key"):
        restore.look(whole(tmp_path), [pyrage.x25519.Identity.generate()])


@pytest.mark.parametrize("left", [0, 10, 0.2, 0.6, 0.99, -1])
def test_a_file_that_was_cut_off_is_refused(tmp_path: Path, left: float) -> None:
    path = whole(tmp_path)
    content = path.read_bytes()
    path.write_bytes(content[: int(left) if left in {0, 10, -1} else int(len(content) * left)])
    with pytest.raises(CannotOpen):
        restore.look(path, [OURS])


def test_a_file_that_was_changed_is_refused(tmp_path: Path) -> None:
    path = whole(tmp_path)
    content = bytearray(path.read_bytes())
    content[-40] ^= 1
    path.write_bytes(content)
    with pytest.raises(CannotOpen, match="damaged"):
        restore.look(path, [OURS])


@pytest.mark.parametrize("end", [None, {"tipintake_tip": 3}])
def test_a_file_with_rows_missing_is_refused(tmp_path: Path, end: dict[str, int] | None) -> None:
    members = [("manifest.json", manifest()), ("rows/tipintake_tip/000000.gz", piece(2))]
    if end is not None:
        members.append(("end.json", json.dumps({"rows": end}).encode()))
    with pytest.raises(CannotRestore, match="Take another copy"):
        restore.look(written(tmp_path, *members), [OURS])


def test_something_else_in_an_age_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CannotRestore, match="no backup of this program"):
        restore.look(written(tmp_path, ("letter.txt", b"{}")), [OURS])


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("manifest.json", b'{"format": "tipintake backup"}'),
        ("manifest.json", manifest(version="9")),
        ("manifest.json", b"[" * 100_000),
        ("end.json", b"\x80"),
        ("end.json", b"[]"),
        ("end.json", b'{"rows": {"tipintake_tip": null}}'),
    ],
    ids=["little", "version", "deep", "bytes", "list", "null"],
)
def test_a_file_that_somebody_else_made_for_our_key_is_refused(
    tmp_path: Path, name: str, content: bytes
) -> None:
    """Whoever knows the public half can make one that opens."""
    members = {
        "manifest.json": manifest(),
        "rows/tipintake_tip/000000.gz": piece(2),
        "end.json": json.dumps({"rows": ROWS}).encode(),
    }
    members[name] = content
    with pytest.raises(CannotRestore):
        restore.look(written(tmp_path, *members.items()), [OURS])


def test_a_piece_that_unpacks_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(restore, "MOST_UNPACKED", 5)
    with pytest.raises(CannotRestore, match="unpacks to more"):
        restore.look(whole(tmp_path), [OURS])


@pytest.mark.parametrize("size", [b"\xff" * 12, b"\x80" + b"\x7f" * 11])
def test_a_member_of_an_absurd_size_is_refused(tmp_path: Path, size: bytes) -> None:
    """A size below nothing would be read for ever, and a huge one would be waited for."""
    head = bytearray(next(archive._tar([("manifest.json", b"x")])))
    head[124:136] = size
    head[148:156] = b" " * 8
    head[148:156] = b"%06o\0 " % sum(head)
    path = tmp_path / "one.age"
    path.write_bytes(pyrage.encrypt(bytes(head) + bytes(4096), [OURS.to_public()]))
    with pytest.raises(CannotOpen):
        restore.look(path, [OURS])


def test_something_else_altogether_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(b"dear all")
    with pytest.raises(CannotOpen, match="not an age file"):
        restore.look(path, [OURS])


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"version": 2}, "newer version"),
        ({"migrations": ["tipintake.0001_initial", "tipintake.0099_later"]}, "0099_later"),
        ({"migrations": []}, "an older version"),
    ],
)
def test_another_version_says_which_to_install(
    tmp_path: Path, changes: dict[str, Any], says: str
) -> None:
    path = whole(tmp_path, **changes)
    with pytest.raises(CannotRestore, match=says):
        restore.restore(path, [OURS], gone=set(), now=None, actor="test")  # type: ignore[arg-type]


def test_a_failure_while_writing_is_ours_to_see(tmp_path: Path) -> None:
    def members() -> Iterator[tuple[str, bytes]]:
        yield "manifest.json", manifest()
        raise KeyError("the database went away")

    with (tmp_path / "x").open("wb") as file, pytest.raises(KeyError, match="went away"):
        archive.write(members(), file, [OURS.to_public()])


def test_a_secret_key_in_the_settings_is_refused() -> None:
    with pytest.raises(recovery.NoRecoveryKey, match="Take it away"):
        recovery.recipients([str(OURS)])
    with pytest.raises(recovery.NoRecoveryKey, match="--make-key"):
        recovery.recipients([])


def test_a_new_recovery_key_opens_what_its_public_half_closed(tmp_path: Path) -> None:
    public = recovery.make_key(tmp_path / "recovery.key")
    assert (tmp_path / "recovery.key").stat().st_mode & 0o077 == 0
    path = tmp_path / "one.age"
    with path.open("wb") as file:
        archive.write([("manifest.json", manifest())], file, recovery.recipients([public]))
    seen: list[str] = []
    archive.read(
        path,
        recovery.identities(tmp_path / "recovery.key"),
        lambda name, _content: seen.append(name),
    )
    assert seen == ["manifest.json"]
    with pytest.raises(recovery.NoRecoveryKey, match="cannot be made"):
        recovery.make_key(tmp_path / "recovery.key")


def test_of_a_recovery_key_that_cannot_be_written_no_half_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(CommandError, match=r"one\.key cannot be written \(No space left"):
            call_command("backup", f"--make-key={tmp_path / 'one.key'}")
    assert list(tmp_path.iterdir()) == []
    call_command("backup", f"--make-key={tmp_path / 'one.key'}", stdout=StringIO())


def test_a_missing_key_or_list_of_marks_is_said_to_be_missing(tmp_path: Path) -> None:
    path, key = whole(tmp_path), tmp_path / "recovery.key"
    with pytest.raises(CommandError, match="cannot be read .No such file"):
        call_command("restore", str(path), "--identity", str(key), "--check")
    marks = tmp_path / "purged.marks"
    with pytest.raises(purged.NotMarks, match="cannot be read .No such file"):
        purged.read(marks)
    key.write_text(f"{OURS}\n")
    ways = ("--identity", str(key), "--purged", str(marks))
    with pytest.raises(CommandError, match="then, and only then, leave --purged out"):
        call_command("restore", str(path), *ways)


def test_a_file_that_may_not_be_read_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = whole(tmp_path)

    def closed(*_given: Any, **_more: Any) -> None:
        raise PermissionError(errno.EACCES, "Permission denied")

    monkeypatch.setattr(Path, "open", closed)
    with pytest.raises(archive.CannotOpen, match="cannot be read .Permission denied"):
        archive.read(path, [OURS], lambda _name, _content: None)


def test_where_nothing_can_be_written_a_restore_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, key = whole(tmp_path), tmp_path / "recovery.key"
    key.write_text(f"{OURS}\n")

    def full(*_given: Any, **_more: Any) -> None:
        raise CannotWrite(errno.ENOSPC, "No space left on device", "/srv/keys")

    monkeypatch.setattr(restore, "restore", full)
    with pytest.raises(CommandError, match="/srv/keys cannot be written .*Make room there"):
        call_command("restore", str(path), "--identity", str(key), stdout=StringIO())


def test_another_file_in_its_place_is_told_by_its_noted_sum(tmp_path: Path) -> None:
    path, key = whole(tmp_path), tmp_path / "recovery.key"
    key.write_text(f"{OURS}\n")
    with pytest.raises(CommandError, match="somebody put another in its place"):
        call_command("restore", str(path), "--identity", str(key), "--sha256", "00", "--check")
    said = StringIO()
    noted = hashlib.sha256(path.read_bytes()).hexdigest()
    ways = ("--identity", str(key), "--sha256", noted, "--check")
    call_command("restore", str(path), *ways, stdout=said)
    assert "is whole" in said.getvalue()
