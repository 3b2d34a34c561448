"""A small file is whole, or the one before it stays and nothing is left of the try."""

import errno
import os
from pathlib import Path

import pytest

from tipintake import files


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
