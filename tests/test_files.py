"""A small file is whole, or the one before it stays and nothing is left of the try."""

import errno
import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tipintake import files

LOCKS_AT_ONCE = """
import fcntl, sys
with open(sys.argv[1], "r+b") as file:
    fcntl.lockf(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
"""


def test_a_full_disk_leaves_the_file_as_it_was_and_no_piece_of_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "audit.head"
    files.replace(path, "the one before")

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    for _minute in range(3):
        with pytest.raises(files.CannotWrite, match="No space left"):
            files.replace(path, "the next")
    assert [one.name for one in tmp_path.iterdir()] == ["audit.head"]
    assert path.read_text(encoding="ascii") == "the one before\n"


def test_lines_that_break_off_leave_nothing_either(tmp_path: Path) -> None:
    with pytest.raises(ZeroDivisionError):
        files.replace_by(tmp_path / "marks", (str(1 // left) for left in (1, 0)))
    assert list(tmp_path.iterdir()) == []


def test_a_file_is_made_its_owners_alone_and_stays_locked_by_who_has_it_open(
    tmp_path: Path,
) -> None:
    """SQLite locks its files so: a process that closed one of them would lose every lock on it."""
    path = tmp_path / "one.sqlite3"
    path.touch(0o644)
    with path.open("r+b") as held:
        fcntl.lockf(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        files.make_own(path)
        files.take_from_everybody(path)
        assert path.stat().st_mode & 0o777 == 0o600
        another = [sys.executable, "-c", LOCKS_AT_ONCE, str(path)]
        refused = subprocess.run(another, capture_output=True, text=True, check=False)
        assert "BlockingIOError" in refused.stderr


def test_a_file_that_is_not_there_is_made_for_its_owner(tmp_path: Path) -> None:
    files.make_own(tmp_path / "one.sqlite3")
    assert (tmp_path / "one.sqlite3").stat().st_mode & 0o777 == 0o600


def test_a_file_behind_a_link_is_made_for_its_owner_too(tmp_path: Path) -> None:
    path = tmp_path / "one.sqlite3"
    path.symlink_to(tmp_path / "disk.sqlite3")
    files.make_own(path)
    assert (tmp_path / "disk.sqlite3").stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(("before", "after"), [(0o660, 0o660), (0o640, 0o640), (0o644, 0o600)])
def test_what_a_group_shares_stays_shared_and_what_everybody_reads_does_not(
    tmp_path: Path, before: int, after: int
) -> None:
    path = tmp_path / "one.sqlite3"
    path.touch()
    path.chmod(before)
    files.make_own(path)
    assert path.stat().st_mode & 0o777 == before
    files.take_from_everybody(path)
    assert path.stat().st_mode & 0o777 == after
