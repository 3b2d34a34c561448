"""What somebody can do to the audit who owns the database."""

from django.db import connection, transaction

from tipintake.staff import append_only, chain
from tipintake.staff.models import AuditEntry


def sql(statement: str, *values: str | int | bytes) -> None:
    """Take the triggers away, do it, and put them back."""
    with transaction.atomic(), connection.cursor() as cursor:
        for one in append_only.lift(connection, AuditEntry):
            cursor.execute(one)
        cursor.execute(statement, values)
        for one in append_only.put_back(connection, AuditEntry):
            cursor.execute(one)


def number_of(entry: int) -> int:
    return AuditEntry.objects.in_chain()[entry - 1].pk


def rehash_from(number: int) -> None:
    """Forge every link from this number on, as whoever read our source can: it needs no key."""
    before = chain.START
    for entry in AuditEntry.objects.in_chain():
        if entry.chained is not None and entry.chained >= number:
            forged = chain.link(before, entry.chained, entry.content())
            sql("UPDATE tipintake_auditentry SET chain_hash = %s WHERE id = %s", forged, entry.pk)
            before = forged
        else:
            before = bytes(entry.chain_hash or b"")
