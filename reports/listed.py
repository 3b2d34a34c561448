"""Many keys as one parameter of a query: a thousand of them take as long to prepare as to find."""

import json
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import connection, models
from django.db.models.functions import Cast


class Listed(models.Func):
    """`filter(tip_id__in=Listed(keys))`, on SQLite and PostgreSQL."""

    output_field = models.UUIDField()

    def __init__(self, keys: Iterable[UUID]) -> None:
        super().__init__(models.Value(_given(keys)))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT value FROM json_each(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT unnest(%(expressions)s::uuid[]))"
        return super().as_sql(compiler, connection, template=template, **more)


class Prepared:
    """A query of plain columns by many keys, put together once: Django takes as long for that as
    the database for an answer.

    `rows` is such a query with `Listed(())` in it. Values come as the database gives them: on
    SQLite a truth is 0 or 1, and a decimal is a number.
    """

    def __init__(self, rows: "models.QuerySet[Any, Any]") -> None:
        self._statement, values = rows.query.sql_with_params()
        self._values: list[Any] = list(values)
        self._at = self._values.index(_given(()))

    def rows(self, keys: Iterable[UUID]) -> list[tuple[Any, ...]]:
        values = [*self._values[: self._at], _given(keys), *self._values[self._at + 1 :]]
        with connection.cursor() as cursor:
            cursor.execute(self._statement, values)
            return list(cursor.fetchall())


def _given(keys: Iterable[UUID]) -> Sequence[str]:
    names = as_texts(keys)
    return names if connection.vendor == "postgresql" else json.dumps(names)


def as_texts(keys: Iterable[UUID]) -> Sequence[str]:
    """Keys as the database writes them when they are cast to text."""
    if connection.vendor == "postgresql":
        return [str(key) for key in keys]
    return [key.hex for key in keys]


def as_text(column: str) -> Cast:
    """A column as the database writes it, without Django's own conversion of each value: keys,
    moments and lists of codes repeat, and are converted once."""
    return Cast(column, models.TextField())
