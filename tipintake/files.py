"""Small files of an installation, as its keys: whole or not there, for their owner only."""

import os
import secrets
from pathlib import Path


class CannotWrite(OSError):
    """Nothing can be written into this folder."""

    def __str__(self) -> str:
        return f"{self.filename} cannot be written ({self.strerror})."


def replace(path: Path, text: str) -> None:
    """Put the text and a line end in place of the file. Raises CannotWrite."""
    finished(path, text).replace(path)
    sync_folder(path.parent)


def finished(path: Path, text: str) -> Path:
    """A finished file beside `path`, on disk, that only its owner can read. Raises CannotWrite."""
    draft = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(text + "\n")
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        raise CannotWrite(error.errno, error.strerror, str(path.parent)) from None
    return draft


def sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
