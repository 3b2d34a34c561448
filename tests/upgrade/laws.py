"""What a migration may do while the code before it goes on: processes are not all new at once.

A column that may not be empty and has no default in the database itself is the trap: Django's own
`default` is taken by new code alone, and each tip that old code keeps meanwhile would be refused.
"""

from collections.abc import Iterator
from typing import Any

from django.db import migrations
from django.db.models import NOT_PROVIDED
from django.db.models.fields import Field

# Old code neither reads nor writes what these add, and none of them takes anything from it.
ADDS = (
    migrations.CreateModel,
    migrations.AddIndex,
    migrations.AlterModelOptions,
    migrations.AlterModelManagers,
    migrations.RunPython,
    migrations.SeparateDatabaseAndState,
)
REASON = "stops_old_code"  # on a migration: what operators must do instead


def broken(migration: migrations.Migration) -> Iterator[str]:
    """What of it old code would not survive, unless it says so; and what has no way back."""
    said = getattr(migration, REASON, "")
    for one in migration.operations:
        if not said and (wrong := _wrong_with(one)):
            yield f"{migration.name}: {wrong} Split it over two releases, or set {REASON}."
        if not one.reversible:
            yield f"{migration.name}: {one.describe()} has no way back."


def _wrong_with(operation: Any) -> str:
    if isinstance(operation, migrations.AddField):
        return _wrong_with_column(operation.name, operation.field)
    if isinstance(operation, ADDS) or type(operation).__name__ == "AddIndexConcurrently":
        return ""
    return f"{operation.describe()}: code of the release before may fail on it."


def _wrong_with_column(name: str, field: "Field[Any, Any]") -> str:
    if field.null or field.many_to_many or field.db_default is not NOT_PROVIDED:
        return ""
    return f"{name} may not be null and has no db_default: rows of old code would be refused."
