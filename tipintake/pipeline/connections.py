"""What a process does with a connection to the database that no longer works, or leads nowhere."""

import os
from typing import Any
from weakref import WeakKeyDictionary

from django.core.signals import request_started
from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created

FileId = tuple[int, int]
_opened: WeakKeyDictionary[BaseDatabaseWrapper, FileId] = WeakKeyDictionary()


def watch() -> None:
    """Look at the files before each request, as Django does at what is broken. A worker does both
    before each task."""
    connection_created.connect(_remember_file)
    request_started.connect(_leave_replaced)


def leave_broken() -> None:
    """As Django does before each request: the next query has a new one. Not within a transaction,
    which ends by itself."""
    for one in connections.all(initialized_only=True):
        if not one.in_atomic_block:
            one.close_if_unusable_or_obsolete()
    _leave_replaced()


def _leave_replaced(**_given: Any) -> None:
    """Leave a SQLite file that was removed, or in whose place another was put: what is written
    there is gone with the last process that has it open, after every answer of 201."""
    for one in connections.all(initialized_only=True):
        is_open = one.connection is not None and not one.in_atomic_block
        if is_open and one in _opened and _opened[one] != _file_of(one):
            one.close()


def _remember_file(connection: BaseDatabaseWrapper, **_given: Any) -> None:
    file = _file_of(connection) if connection.vendor == "sqlite" else None
    if file is not None:
        _opened[connection] = file


def _file_of(connection: BaseDatabaseWrapper) -> FileId | None:
    """Which file lies where the database does; None where none does, or where it is in memory."""
    try:
        found = os.stat(str(connection.settings_dict["NAME"]))  # noqa: PTH116
    except OSError:
        return None
    return found.st_dev, found.st_ino
