"""Cut off SQLite's write-ahead log: a deleted row's bytes stay in it until then."""

from django.db import connection

PATIENCE_MS = 200


def checkpoint(*, patience_ms: int = PATIENCE_MS) -> bool:
    """Whether the log is empty now. False where a reader was in the way, or there is no log."""
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return False
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        before = int(cursor.fetchone()[0])
        cursor.execute(f"PRAGMA busy_timeout={int(patience_ms)}")
        try:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy = bool(cursor.fetchone()[0])
        finally:
            cursor.execute(f"PRAGMA busy_timeout={before}")
    return not busy
