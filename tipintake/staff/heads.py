"""Where the chain's head is noted outside the database, signed by a key outside it too.

`audit.head` holds the newest, `audit.heads` one an hour. A line reads
`NUMBER:HASH WHEN SIGNATURE`.
A chain that was written anew would need the signing key, these files, and every copy of a line
that somebody took elsewhere.
"""

import os
import secrets
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import IO

from django.conf import settings
from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from tipintake import files
from tipintake.staff.chain import Head

EVERY = timedelta(hours=1)
PURPOSE = b"audit head\x00"
LINE = 300  # bytes that a line may have, generously


class KeyLost(Exception):
    """The key that signs heads is not where it was."""

    def __init__(self) -> None:
        super().__init__(
            f"{key_file()} is missing or damaged, and heads that it signed are here. Bring it "
            "back from your copy. If there is none, look into the audit, then begin anew with "
            "`manage.py audit seal --new-head`."
        )


class NotSigned(Exception):
    """A line that does not hold a head signed by this installation."""


@dataclass(frozen=True, slots=True)
class Noted:
    """A head as it was noted, and when."""

    head: Head
    at: datetime


def head_file() -> Path:
    return Path(settings.HOME) / "audit.head"


def journal_file() -> Path:
    return Path(settings.HOME) / "audit.heads"


def key_file() -> Path:
    """In a folder that only worker and desk need; of an installation from before, where it lay."""
    own = Path(settings.AUDIT_KEYS_DIR) / "audit.sign"
    return former_key_file() if former_key_file().exists() and not own.exists() else own


def former_key_file() -> Path:
    """Among the public keys, which every process reads."""
    return Path(settings.KEYS_DIR) / "audit.sign"


def make_key() -> None:
    """Make the signing key unless there is one."""
    path = key_file()
    if not path.exists():
        files.replace(path, SigningKey.generate().encode().hex())


def signed(head: Head, *, now: datetime) -> str:
    said = f"{head} {now.astimezone(UTC).isoformat(timespec='seconds')}"
    signature = _key().sign(PURPOSE + said.encode()).signature
    return f"{said} {b64encode(signature).decode()}"


def read(line: str, *, key: VerifyKey | None = None) -> Noted:
    """A head that this installation noted. Raises NotSigned for anything else."""
    try:
        head, at, signature = line.split()
        (key or _key().verify_key).verify(
            PURPOSE + f"{head} {at}".encode(), b64decode(signature, validate=True)
        )
        return Noted(Head.parse(head), datetime.fromisoformat(at))
    except (ValueError, BadSignatureError):
        raise NotSigned(line) from None


def newest() -> Noted | None:
    """None: no head was ever noted, or its file was removed."""
    try:
        line = head_file().read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    except UnicodeDecodeError:
        raise NotSigned from None
    return read(line)


def journal() -> Iterator[Noted]:
    """Every head that was noted by the hour, the oldest first."""
    try:
        file = journal_file().open(encoding="ascii", errors="replace")
    except FileNotFoundError:
        return
    key = _key().verify_key
    with file:
        for line in file:
            if line.endswith("\n"):  # else a full disk or a lost machine cut it off
                yield read(line, key=key)


def note(head: Head, *, now: datetime) -> None:
    """Write the newest head, and each hour one more line of the journal."""
    line = signed(head, now=now)
    files.replace(head_file(), line)
    last = _last_of_journal()
    if last is None or abs(now - last) >= EVERY:  # one ahead: the clock was set back
        handle = os.open(journal_file(), os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(handle, "r+b") as file:
            _drop_half_a_line(file)
            file.write(f"{line}\n".encode("ascii"))
            file.flush()
            os.fsync(file.fileno())


def _drop_half_a_line(file: IO[bytes]) -> None:
    size = file.seek(0, os.SEEK_END)
    start = max(0, size - LINE)
    file.seek(start)
    end = start + file.read().rfind(b"\n") + 1
    if end < size and (end > start or start == 0):
        file.truncate(end)


def begin_anew(head: Head, *, now: datetime) -> None:
    """Put the journal aside and note this head. Makes a key when there is none."""
    make_key()
    if journal_file().exists():
        stamp = f"{now.astimezone(UTC):%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
        journal_file().rename(journal_file().with_name(f"audit.heads.until-{stamp}"))
    note(head, now=now)


def _last_of_journal() -> datetime | None:
    try:
        with journal_file().open("rb") as file:
            file.seek(max(0, file.seek(0, os.SEEK_END) - LINE))
            lines = file.read().decode("ascii", "replace").split("\n")
        return datetime.fromisoformat(lines[-2].split()[1])
    except (FileNotFoundError, IndexError, ValueError):
        return None


def _key() -> SigningKey:
    try:
        return SigningKey(bytes.fromhex(key_file().read_text(encoding="ascii").strip()))
    except (OSError, ValueError):
        raise KeyLost from None
