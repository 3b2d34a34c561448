"""What of the database goes into a backup, and how a value is written down and read back."""

import json
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper

# What is over within a day or is better not brought back. A table that is not named here is kept.
LEFT_OUT: Mapping[str, str] = {
    "sessions.Session": "everybody logs on again",
    "tipintake.SameWords": "marks of equal words live for 25 hours, and no copy outlives them",
    "tipintake.IdempotentAnswer": "holds sealed receipts for a day, and no copy outlives that",
    "tipintake.SpentToken": "form tokens are over in a day; no code is given twice",
    "tipintake.FailedLogOn": "a lock of a quarter of an hour",
    "tipintake.Undoable": "ten seconds",
}
ROWS_AT_ONCE = 2000
HEAVY_AT_ONCE = 50  # rows that may hold a picture
PIECE = 4 * 1024 * 1024  # bytes of rows in one member of the archive


def kept_models() -> list[type[models.Model]]:
    """Every table that is kept, those first that others refer to."""
    found = apps.get_models(include_auto_created=True)
    return [one for one in found if one._meta.managed and one._meta.label not in LEFT_OUT]  # noqa: SLF001


def all_tables() -> list[str]:
    """Every table of ours, kept or not."""
    return [one._meta.db_table for one in apps.get_models(include_auto_created=True)]  # noqa: SLF001


def table_of(model: type[models.Model]) -> str:
    return model._meta.db_table  # noqa: SLF001 Django's public way to a table's name


def fields_of(model: type[models.Model]) -> "list[models.Field[Any, Any]]":
    return [one for one in model._meta.concrete_fields if not one.generated]  # noqa: SLF001


def columns_of(model: type[models.Model]) -> list[str]:
    return [one.column for one in fields_of(model) if one.column]


def fits(model: type[models.Model], columns: object) -> bool:
    """Whether rows of these columns go into its table. Code of the release before, which runs on
    newer tables, leaves columns out that may be empty or that the database fills."""
    by_name = {one.column: one for one in fields_of(model)}
    if not isinstance(columns, list) or not all(isinstance(one, str) for one in columns):
        return False
    is_ours = set(columns) <= by_name.keys() and len(set(columns)) == len(columns)
    left_out = [one for name, one in by_name.items() if name not in columns]
    return is_ours and all(
        one.null or one.db_default is not models.NOT_PROVIDED for one in left_out
    )


def pieces_of(model: type[models.Model]) -> Iterator[tuple[bytes, int]]:
    """The rows of a table as lines, a few megabytes at once, and how many they are."""
    fields = fields_of(model)
    heavy = any(isinstance(one, models.BinaryField) for one in fields)
    rows = model._base_manager.order_by().values_list(*[one.attname for one in fields])  # noqa: SLF001
    lines: list[bytes] = []
    size = 0
    for row in rows.iterator(chunk_size=HEAVY_AT_ONCE if heavy else ROWS_AT_ONCE):
        line = json.dumps([_plain(one) for one in row], separators=(",", ":")).encode() + b"\n"
        lines.append(line)
        size += len(line)
        if size >= PIECE:
            yield b"".join(lines), len(lines)
            lines, size = [], 0
    if lines:
        yield b"".join(lines), len(lines)


def rows_in(
    model: type[models.Model],
    columns: Sequence[str],
    piece: bytes,
    connection: BaseDatabaseWrapper,
) -> Iterator[list[Any]]:
    """The rows of a piece, as this database takes them; `columns` are those that it has."""
    by_name = {one.column: one for one in fields_of(model)}
    fields = [by_name[one] for one in columns]
    for line in piece.splitlines():
        values = json.loads(line)
        yield [stored(f, one, connection) for f, one in zip(fields, values, strict=True)]


def _plain(value: object) -> object:
    if isinstance(value, bytes | bytearray | memoryview):
        return b64encode(bytes(value)).decode()
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, Decimal):
        return str(value)
    return value


def stored(
    field: "models.Field[Any, Any]", value: object, connection: BaseDatabaseWrapper
) -> object:
    if isinstance(field, models.JSONField):
        if value is None and not field.null:
            return field.get_db_prep_value(None, connection)
        return field.get_db_prep_save(value, connection)
    return field.get_db_prep_save(field.to_python(value), connection)
