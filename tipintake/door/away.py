"""Which faults pass by themselves: whoever asked is told to come again, by 503.

A fault of the program stays until somebody mends it, and is 500: who comes again each minute would
do so for ever, and nobody would hear of it.
"""

from collections.abc import Mapping

from django.db import DatabaseError, Error, InterfaceError, OperationalError

from tipintake.privacy.keys import KeyMissing

# What PostgreSQL says of itself where Django hears a fault of the program, by its code.
PASSES: Mapping[str, str] = {
    "25006": "it is read-only: another server takes over",
    "25P03": "it ended a transaction in which nothing was asked",
    "42501": "an upgrade runs: this role may not yet",
    "42703": "an upgrade runs: the column is not there",
    "42P01": "an upgrade runs: the table is not there",
}


def passes(fault: BaseException | None) -> bool:
    """Whether a key or the database is away, or busy with something else.

    A bare DatabaseError is no statement's fault: a file that is damaged, a server that says what
    nobody knows.
    """
    if isinstance(fault, KeyMissing | OperationalError | InterfaceError):
        return True
    if not isinstance(fault, Error):
        return False
    return type(fault) is DatabaseError or getattr(fault.__cause__, "sqlstate", "") in PASSES
