"""Make a backup: rows of one moment, public keys, heads of the audit. Never a private key."""

import gzip
import hashlib
import json
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from config.backup import archive, tables
from config.backup.snapshot import one_moment
from config.database_away import sentence
from tipintake import files
from tipintake.privacy import keys
from tipintake.staff import audit, heads
from tipintake.tips import purged

FORMAT = "tipintake backup"
VERSION = 1
# Of the keys that are not private: what receipts, signatures and marks need to be those they were.
KEY_FILES = (
    "web.secret",
    "receipt.pepper",
    "audit.sign",
    "desk.pub",
    "vault.pub",
    "signing.pub",
    "signing.former",
)
FAST = 1  # what is sealed does not shrink further, and base64 shrinks at once
NAME = re.compile(r"tipintake-(\d{8}T\d{6}Z)\.age")
DRAFT = re.compile(r"\.tipintake-(\d{8}T\d{6}Z)\.age\.part")
LONGEST = timedelta(days=1)  # that a backup may take


class CannotBackUp(Exception):
    """No backup was made; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Made:
    path: Path
    size: int
    sha256: str
    rows: int


class NotNoted(Exception):
    """The backup is made and whole, and the database took no note of it."""

    def __init__(self, made: Made, error: DatabaseError) -> None:
        self.made = made
        reason = sentence(error) or type(error).__name__
        super().__init__(
            "This backup is made and whole; keep it. The database could not note that: an alert "
            f"that none was made stays, and earlier ones were not removed. {reason}"
        )


def back_up(
    folder: Path,
    recipients: Sequence[Any],
    *,
    now: datetime,
    actor: str,
    progress: Callable[[str, int], None] = lambda _table, _rows: None,
) -> Made:
    """Write a new backup into `folder`, whole or not at all."""
    path = folder / f"tipintake-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}.age"
    draft = path.with_name(f".{path.name}.part")
    counts: dict[str, int] = {}
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        # What a killed one left: each night another, until the disk is full.
        for left in _named(DRAFT, folder, before=now - LONGEST):
            left.unlink()
        handle = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except OSError as error:
        raise CannotBackUp(f"{draft} cannot be written ({error.strerror}).") from None
    try:
        with os.fdopen(handle, "wb") as file:
            hashed = _Hashed(file)
            archive.write(_members(now, counts, progress), cast("BinaryIO", hashed), recipients)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            raise CannotBackUp(f"{path} is there already. Nothing was changed.")
        draft.replace(path)
        files.sync_folder(folder)
    except OSError as error:
        raise CannotBackUp(f"{path} could not be written ({error.strerror}).") from None
    finally:
        draft.unlink(missing_ok=True)
    made = Made(path, hashed.size, hashed.digest, sum(counts.values()))
    try:
        audit.record("backup.made", actor=actor, now=now, sha256=made.sha256, rows=made.rows)
    except DatabaseError as error:
        raise NotNoted(made, error) from None
    return made


def older(folder: Path, *, than: timedelta, now: datetime) -> list[Path]:
    """Backups of ours that are to be removed: a purge does not reach them."""
    return _named(NAME, folder, before=now - than)


def ahead(folder: Path, *, now: datetime) -> list[Path]:
    """Backups that were made while the time was ahead: they would not be old for years."""
    return [path for path, moment in _dated(NAME, folder) if moment > now + LONGEST]


def _named(pattern: re.Pattern[str], folder: Path, *, before: datetime) -> list[Path]:
    return [path for path, moment in _dated(pattern, folder) if moment < before]


def _dated(pattern: re.Pattern[str], folder: Path) -> Iterator[tuple[Path, datetime]]:
    for path in sorted(folder.iterdir()):
        if name := pattern.fullmatch(path.name):
            yield path, _moment(name[1])


def _moment(said: str) -> datetime:
    return datetime.strptime(said, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)


def _members(
    now: datetime, counts: dict[str, int], progress: Callable[[str, int], None]
) -> Iterator[archive.Member]:
    small = dict(_small_files())  # the audit's head before the rows: it must not be ahead of them
    with one_moment():
        yield "manifest.json", json.dumps(_manifest(now), indent=1).encode()
        yield from small.items()
        for model in tables.kept_models():
            table = tables.table_of(model)
            counts[table] = 0
            for number, (piece, rows) in enumerate(tables.pieces_of(model)):
                counts[table] += rows
                progress(table, counts[table])
                yield f"rows/{table}/{number:06}.gz", gzip.compress(piece, FAST, mtime=0)
    yield "end.json", json.dumps({"rows": counts}).encode()


def key_path(name: str) -> Path:
    """Where a key of the backup lies on this machine."""
    return heads.key_file() if name == "audit.sign" else Path(settings.KEYS_DIR) / name


def _small_files() -> Iterator[archive.Member]:
    for name in KEY_FILES:
        path = key_path(name)
        if path.exists():
            yield f"keys/{name}", _content(path)
    for path in (heads.head_file(), heads.journal_file(), purged.marks_file()):
        if path.exists():
            yield f"home/{path.name}", _content(path)


def _content(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CannotBackUp(
            f"{path} cannot be read ({error.strerror}), and belongs into a backup. Let this user "
            "read it and try again."
        ) from None


def _manifest(now: datetime) -> dict[str, Any]:
    public = keys.public_keys(Path(settings.KEYS_DIR))
    applied = MigrationRecorder(connection).applied_migrations()
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": now.astimezone(UTC).isoformat(timespec="seconds"),
        "database": connection.vendor,
        "migrations": sorted(".".join(one) for one in applied),
        "keys": {"desk": public.desk_id, "vault": public.vault_id},
        "tables": {tables.table_of(m): tables.columns_of(m) for m in tables.kept_models()},
        "left_out": dict(tables.LEFT_OUT),
    }


class _Hashed:
    """Knows size and SHA-256 of what went through."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self._hash = hashlib.sha256()
        self.size = 0

    @property
    def digest(self) -> str:
        return self._hash.hexdigest()

    def write(self, content: bytes) -> int:
        self._hash.update(content)
        self.size += len(content)
        return int(self._file.write(content))

    def flush(self) -> None:
        self._file.flush()
