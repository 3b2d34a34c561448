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
        names = as_texts(keys)
        given = names if connection.vendor == "postgresql" else json.dumps(names)
        super().__init__(models.Value(given))

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT value FROM json_each(%(expressions)s))"
        return super().as_sql(compiler, connection, template=template, **more)

    def as_postgresql(self, compiler: Any, connection: Any, **more: Any) -> Any:
        template = "(SELECT unnest(%(expressions)s::uuid[]))"
        return super().as_sql(compiler, connection, template=template, **more)


def as_texts(keys: Iterable[UUID]) -> Sequence[str]:
    """Keys as the database writes them when they are cast to text."""
    if connection.vendor == "postgresql":
        return [str(key) for key in keys]
    return [key.hex for key in keys]


def as_text(column: str) -> Cast:
    """A column as the database writes it, without Django's own conversion of each value: keys,
    moments and lists of codes repeat, and are converted once."""
    return Cast(column, models.TextField())
