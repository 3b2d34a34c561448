"""Bring an installation back from its backup: all of it, or nothing.

The file is read twice: once to see that it opens, is whole and fits this version, and only then
into the database, in one transaction. What was purged since is purged again in the same one. What
is over by now is left to the rounds, which see whether the time is right: the clock of a new
machine may be wrong, and what it purged here would be left out of the next restore too.
"""

import gzip
import io
import json
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import DatabaseError, OperationalError, connection, models, transaction
from django.db.migrations.loader import MigrationLoader

from config.backup import archive, tables
from config.backup.make import FORMAT, KEY_FILES, VERSION, key_path
from config.installation import let_nobody_else_read_the_database
from tipintake import files
from tipintake.pipeline.retain import purge_again
from tipintake.privacy import keys
from tipintake.staff import append_only, audit, heads
from tipintake.staff.models import AuditEntry, PartnerToken, User
from tipintake.tips import purged
from tipintake.tips.models import Tip

Progress = Callable[[str], None]


class CannotRestore(Exception):
    """Nothing was changed; the sentence says why and what to do."""


class NotWhole(Exception):
    """The rows are back, and what lies beside them is not; the sentence says what to do."""


@dataclass(slots=True)
class Looked:
    """What a file turned out to hold."""

    manifest: dict[str, Any] = field(default_factory=dict)
    small: dict[str, bytes] = field(default_factory=dict)
    rows: dict[str, int] = field(default_factory=dict)
    end: dict[str, int] | None = None

    def __call__(self, name: str, content: bytes) -> None:
        if not self.manifest:
            self.manifest = _manifest(name, content)
        elif name.startswith("rows/"):
            self._count(name, content)
        elif name == "end.json":
            self.end = _end(content)
        else:
            self.small[name] = content

    def _count(self, name: str, content: bytes) -> None:
        table = name.split("/")[1]
        try:
            lines = _piece(content).count(b"\n")
        except (OSError, EOFError, zlib.error):
            raise CannotRestore(f"{name} in the backup is damaged. Take another copy.") from None
        self.rows[table] = self.rows.get(table, 0) + lines


@dataclass(frozen=True, slots=True)
class Restored:
    made_at: str
    rows: int
    tips: int
    purged_again: int
    accounts: int
    tokens: int
    put_aside: tuple[Path, ...]


def look(path: Path, identities: Sequence[Any]) -> Looked:
    """Read the file through. Raises archive.CannotOpen or CannotRestore."""
    found = Looked()
    archive.read(path, identities, found)
    if found.end is None:
        raise CannotRestore(f"{path} ends too early: it was cut off. Take another copy.")
    wanted = {table: count for table, count in found.end.items() if count}
    if wanted != found.rows:
        raise CannotRestore(f"{path} does not hold as many rows as it says. Take another copy.")
    return found


def restore(
    path: Path,
    identities: Sequence[Any],
    *,
    gone: set[str],
    now: datetime,
    actor: str,
    progress: Progress = lambda _what: None,
) -> Restored:
    """Put everything back. `gone`: marks of tips that were purged after the backup was made."""
    progress("reading the file through")
    found = look(path, identities)
    _refuse_other_version(found.manifest)
    _refuse_other_keys(found)
    let_nobody_else_read_the_database(progress)
    call_command("migrate", verbosity=0, interactive=False)
    _refuse_where_tips_are()
    with _key_files(found), transaction.atomic():
        progress("putting the rows back")
        _load(path, identities, found.manifest["tables"])
        purged.keep(gone)
        progress("purging again what was purged since")
        again = purge_again(gone, actor=actor, now=now)
        done = Restored(
            made_at=found.manifest["made_at"],
            rows=sum(found.rows.values()),
            tips=Tip.objects.count(),
            purged_again=again,
            accounts=User.objects.filter(is_active=True).count(),
            tokens=PartnerToken.objects.filter(revoked_at=None, expires_at__gt=now).count(),
            put_aside=_aside(now),
        )
        audit.record(
            "backup.restored",
            actor=actor,
            now=now,
            made_at=done.made_at,
            rows=done.rows,
            purged_again=again,
        )
    try:
        _after(found, done.put_aside, now)
    except (OSError, DatabaseError) as error:
        raise NotWhole(
            f"The rows are back, and what lies beside them is not ({_said(error)}). Mend that, "
            "empty the database and restore once more: only then are the audit's heads and the "
            "list of purged tips whole."
        ) from error
    return done


def _said(error: Exception) -> str:
    """Of the disk and of a database that is away or full; others may have a row in their words."""
    tells = isinstance(error, OSError | OperationalError)
    return (str(error).partition("\n")[0].rstrip(".") if tells else "") or type(error).__name__


MOST_UNPACKED = 256 * 1024 * 1024  # of one piece; ours are a few megabytes
# What a manifest must say, so that each who reads it may rely on it.
SAYS: Mapping[str, type] = {
    "format": str,
    "version": int,
    "made_at": str,
    "migrations": list,
    "keys": dict,
    "tables": dict,
}


def _piece(content: bytes) -> bytes:
    """What a packed piece holds. Anybody who knows our recipients may have packed it."""
    with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
        piece = packed.read(MOST_UNPACKED + 1)
    if len(piece) > MOST_UNPACKED:
        raise CannotRestore("A part of the backup unpacks to more than ever was packed by us.")
    return piece


def _end(content: bytes) -> dict[str, int]:
    try:
        rows = json.loads(content)["rows"]
        return {str(table): int(count) for table, count in rows.items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise CannotRestore("The end of the backup is damaged. Take another copy.") from None


def _manifest(name: str, content: bytes) -> dict[str, Any]:
    try:
        manifest = json.loads(content) if name == "manifest.json" else {}
    except (ValueError, RecursionError):
        manifest = {}
    is_ours = isinstance(manifest, dict) and manifest.get("format") == FORMAT
    if not is_ours or any(not isinstance(manifest.get(one), kind) for one, kind in SAYS.items()):
        raise CannotRestore("What the file holds is no backup of this program.")
    if manifest["version"] > VERSION:
        raise CannotRestore(
            "The backup was made by a newer version of this program. Install that one first."
        )
    return manifest


def _refuse_other_version(manifest: dict[str, Any]) -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    here = {".".join(one) for one in loader.disk_migrations}
    there = set(manifest["migrations"])
    newer, older = sorted(there - here), sorted(here - there)
    if newer:
        raise CannotRestore(
            "The backup was made by a newer version of this program, which knows "
            f"{', '.join(newer)}. Install that one first."
        )
    if older:
        raise CannotRestore(
            f"The backup was made by an older version, without {', '.join(older)}. Install that "
            "one, restore there, then upgrade as usual."
        )
    ours = {tables.table_of(one): one for one in tables.kept_models()}
    theirs = manifest["tables"]
    # A table that is not in it is newer than the code that made it, and empty.
    differ = sorted(
        name for name in theirs if name not in ours or not tables.fits(ours[name], theirs[name])
    )
    if differ:
        raise CannotRestore(
            f"The backup was made by another build, whose tables differ: {', '.join(differ)}. "
            "Install the build that made it, restore there, then upgrade as usual."
        )


def _refuse_other_keys(found: Looked) -> None:
    """Keys that are here already must be those of the tips."""
    folder = Path(settings.KEYS_DIR)
    if not (folder / "desk.pub").exists():
        return
    try:
        public = keys.public_keys(folder)
        here = {"desk": public.desk_id, "vault": public.vault_id}
        same_pepper = (
            keys.pepper(folder).hex() == found.small["keys/receipt.pepper"].decode().strip()
        )
    except (keys.KeyMissing, KeyError):
        here, same_pepper = {}, False
    if here != found.manifest["keys"] or not same_pepper:
        raise CannotRestore(
            f"{folder} holds other keys than those of the backup (its desk key is "
            f"{found.manifest['keys']['desk']}). Bring those back from your copy, or move this "
            "folder away: then its public part comes from the backup."
        )


def _refuse_where_tips_are() -> None:
    tips = Tip.objects.count()
    if tips:
        raise CannotRestore(
            f"This database holds {tips} tips, and a restore replaces everything. Name an empty "
            "one in DATABASE_URL, or move this one away."
        )


def _load(path: Path, identities: Sequence[Any], columns_of: Mapping[str, Sequence[str]]) -> None:
    by_table = {tables.table_of(one): one for one in tables.kept_models()}
    with connection.cursor() as cursor:
        for statement in append_only.lift(connection, AuditEntry):
            cursor.execute(statement)
        for table in reversed(tables.all_tables()):
            cursor.execute(f"DELETE FROM {connection.ops.quote_name(table)}")  # noqa: S608

    def each(name: str, content: bytes) -> None:
        if name.startswith("rows/"):
            table = name.split("/")[1]
            if table not in by_table or table not in columns_of:
                raise CannotRestore(f"The backup holds rows of a table {table} that is not here.")
            model, columns = by_table[table], columns_of[table]
            rows = tables.rows_in(model, columns, _piece(content), connection)
            _insert(model, columns, rows)

    archive.read(path, identities, each)
    try:
        connection.check_constraints()
    except DatabaseError as error:
        raise _does_not_fit("A row leads to one that is not there", error) from error
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(by_table.values())):
            cursor.execute(statement)
        for statement in append_only.put_back(connection, AuditEntry):
            cursor.execute(statement)


def _insert(model: type[models.Model], names: Sequence[str], rows: Iterator[list[Any]]) -> None:
    quote = connection.ops.quote_name
    table = quote(tables.table_of(model))
    columns = ", ".join(map(quote, names))
    try:
        # Of a COPY psycopg's own faults would come, with the row in their words.
        with connection.wrap_database_errors, connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
                return
            marks = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"INSERT INTO {table} ({columns}) VALUES ({marks})",  # noqa: S608
                list(rows),
            )
    except (DatabaseError, ValidationError, ValueError, TypeError) as error:
        what = f"The database does not take a row of {tables.table_of(model)}"
        raise _does_not_fit(what, error) from error


def _does_not_fit(what: str, error: Exception) -> CannotRestore:
    return CannotRestore(
        f"{what} ({type(error).__name__}): the backup does not fit this database. Nothing was "
        "changed."
    )


@contextmanager
def _key_files(found: Looked) -> Iterator[None]:
    """The backup's public keys, where there are none; taken away again if it fails."""
    is_new = not (Path(settings.KEYS_DIR) / "desk.pub").exists()
    # The audit's key lies in a folder of its own, which may have been lost alone.
    lacking = (
        KEY_FILES if is_new else [one for one in ("audit.sign",) if not key_path(one).exists()]
    )
    content = {name: found.small.get(f"keys/{name}") for name in lacking}
    before: dict[Path, bytes | None] = {}
    try:
        for name, given in content.items():
            if given is not None:
                path = key_path(name)
                earlier = _bytes(path)
                files.replace(path, given.decode("ascii").strip())
                before[path] = earlier
        yield
    except BaseException:
        _as_before(before)
        raise


def _as_before(before: Mapping[Path, bytes | None]) -> None:
    """First what was not there goes: on a full disk it makes the room for what was."""
    for path in (path for path, content in before.items() if content is None):
        path.unlink(missing_ok=True)
    for path, content in before.items():
        if content is not None:
            files.replace(path, content.decode("ascii").strip())


def _bytes(path: Path) -> bytes | None:
    return path.read_bytes() if path.exists() else None


def _aside(now: datetime) -> tuple[Path, ...]:
    """Heads of the audit that are here already: of the chain that is replaced."""
    stamp = f"before-restore-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    here = (heads.head_file(), heads.journal_file())
    return tuple(one.with_name(f"{one.name}.{stamp}") for one in here if one.exists())


def _after(found: Looked, put_aside: Sequence[Path], now: datetime) -> None:
    """What lies beside the database, once it is there."""
    home = Path(settings.HOME)
    for path in put_aside:
        path.with_name(path.name.partition(".before-restore-")[0]).rename(path)
    for one in (heads.head_file(), heads.journal_file()):
        if (content := found.small.get(f"home/{one.name}")) is not None:
            files.replace(one, content.decode("ascii").strip())
    # The first start of a new home sends made-up tips: not into these.
    (home / "samples.sent").touch()
    audit.seal_chain(now=now)
    purged.write_out()
