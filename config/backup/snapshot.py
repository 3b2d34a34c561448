"""One moment of the whole database, while tips go on coming in."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """Everything that is read within sees the database as it stood at the first question.

    Nobody waits: on SQLite a reader of the write-ahead log, on PostgreSQL a snapshot.
    """
    if connection.vendor == "sqlite":
        with _deferred(), transaction.atomic():
            yield
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield


@contextmanager
def _deferred() -> Iterator[None]:
    """Our transactions on SQLite begin as writers; this one must keep no writer waiting."""
    connection.ensure_connection()
    usual = connection.transaction_mode  # type: ignore[attr-defined]  # of the SQLite backend
    connection.transaction_mode = "DEFERRED"  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.transaction_mode = usual  # type: ignore[attr-defined]
