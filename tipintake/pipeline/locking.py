"""Rows that no other worker holds. SQLite has one writer at a time and needs no more than that."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def several_writers() -> bool:
    """Whether the database lets other writers work beside this one."""
    return connection.features.has_select_for_update_skip_locked


def unlocked(rows: QuerySet[M], *, to_delete: bool = False) -> QuerySet[M]:
    """Lock the rows for this transaction and pass over those that another holds.

    Unless they are to go, others may meanwhile add rows that point to them: a resident's answer
    must not wait for a batch of reminders.
    """
    if not several_writers():
        return rows
    return rows.select_for_update(skip_locked=True, of=("self",), no_key=not to_delete)
