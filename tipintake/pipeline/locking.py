"""Rows that no other worker holds. SQLite has one writer at a time and needs no more than that."""

from typing import TypeVar

from django.db import connection
from django.db.models import Model, QuerySet

M = TypeVar("M", bound=Model)


def several_writers() -> bool:
    """Whether the database lets other writers work beside this one."""
    return connection.features.has_select_for_update_skip_locked


def unlocked(rows: QuerySet[M]) -> QuerySet[M]:
    """Lock the rows for this transaction and pass over those that another holds."""
    return rows.select_for_update(skip_locked=True, of=("self",)) if several_writers() else rows
