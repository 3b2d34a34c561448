"""Small files of an installation, as its keys: whole or not there, for their owner only."""

import errno
import os
import secrets
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path


class CannotWrite(OSError):
    """Nothing can be written into this folder."""

    def __str__(self) -> str:
        is_full = self.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        advice = "Make room there" if is_full else "Let this user write there"
        return f"{self.filename} cannot be written ({self.strerror}). {advice} and try again."


def replace(path: Path, *lines: str) -> None:
    """Put these lines in place of the file. Raises CannotWrite."""
    replace_by(path, lines)


def replace_by(path: Path, lines: Iterable[str]) -> None:
    """The same with lines that are written as they come, and never held together."""
    finished(path, lines).replace(path)
    sync_folder(path.parent)


def finished(path: Path, lines: Iterable[str]) -> Path:
    """A finished file beside `path`, on disk, that only its owner can read. Raises CannotWrite.
    Of one that could not be finished nothing is left: on a full disk each try would leave more.
    """
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        try:
            with os.fdopen(handle, "w", encoding="ascii") as file:
                file.writelines(f"{line}\n" for line in lines)
                file.flush()
                os.fsync(file.fileno())
        except BaseException:
            draft.unlink()
            raise
    except OSError as error:
        raise CannotWrite(error.errno, error.strerror, str(path.parent)) from None
    return draft


def make_own(path: Path) -> None:
    """Make a file empty that another library writes, for its owner alone: in a folder that was
    there before, everybody could read it else. Raises CannotWrite.

    One that is there stays as it is, and is not opened: to close it would end every lock that
    this process has on it.
    """
    try:
        with suppress(FileExistsError):  # as which a link to no file counts
            os.close(os.open(os.path.realpath(path), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise CannotWrite(error.errno, error.strerror, str(path.parent)) from None


def take_from_everybody(path: Path) -> bool:
    """Let only its owner read a file that everybody on the machine could, and say whether one
    could. One that a group shares was given to it by hand, and stays. Raises CannotWrite."""
    try:
        now = path.stat()
        was_open = now.st_uid == os.geteuid() and bool(now.st_mode & 0o007)
        if was_open:
            path.chmod(0o600)
    except OSError as error:
        raise CannotWrite(error.errno, error.strerror, str(path.parent)) from None
    return was_open


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
