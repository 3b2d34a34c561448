"""What a worker does with a connection to the database that no longer works."""

from django.db import connections


def leave_broken() -> None:
    """As Django does before each request: the next query has a new one. Not within a transaction,
    which ends by itself."""
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close_if_unusable_or_obsolete()
