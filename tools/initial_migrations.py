"""Write the initial migrations anew, in the form that is applied quickest.

    .venv/bin/python tools/initial_migrations.py

Until the first release they are written anew when a model changes (docs/adr/0002). Django makes
of each index, each constraint and each reference that would go round in a circle a step of its
own, and for each step builds every model anew that leads to its table: half of the time of
`migrate`. Here they stand with their table. The tables are the same.
"""

import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

import django
from django.core.management import call_command
from django.db import models
from django.db.migrations.operations import AddConstraint, AddField, AddIndex, CreateModel
from django.db.migrations.operations.base import Operation
from django.db.migrations.writer import MigrationWriter

ROOT = Path(__file__).resolve().parent.parent
APPS = ("tipintake", "reports")  # the second refers to the first
NAME = "0001_initial"


def target_of(field: models.Field[Any, Any]) -> str:
    """The table that a field written in a migration points to, by its name in small letters."""
    assert field.remote_field is not None
    return str(field.remote_field.model).split(".")[-1].lower()


def folded(steps: Sequence[Operation]) -> list[Operation]:
    """The same steps with what belongs to a table in the step that makes it."""
    tables = {one.name_lower: one for one in steps if isinstance(one, CreateModel)}
    order = list(tables)
    rest: list[Operation] = []
    for one in steps:
        match one:
            case CreateModel():
                pass
            case AddField():
                before, target = one.model_name_lower, target_of(one.field)
                order.remove(target)
                order.insert(order.index(before), target)
                tables[before].fields.append((one.name, one.field))
            case AddIndex():
                tables[one.model_name_lower].options.setdefault("indexes", []).append(one.index)
            case AddConstraint():
                own = tables[one.model_name_lower].options.setdefault("constraints", [])
                own.append(one.constraint)
            case _:
                rest.append(one)
    return [*(tables[name] for name in order), *rest]


def main() -> None:
    sys.path.insert(0, str(ROOT))
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    for app in APPS:
        for old in (ROOT / app / "migrations").glob("0*.py"):
            old.unlink()
    for app in APPS:  # one after another: made together, the second would be cut in two
        call_command("makemigrations", app)
        made: Any = import_module(f"{app}.migrations.{NAME}").Migration(NAME, app)
        made.operations = folded(made.operations)
        # Of the app that has the accounts, which stands among them by its name too.
        made.dependencies = [one for one in made.dependencies if one[1] != "__first__"]
        writer = MigrationWriter(made)
        Path(writer.path).write_text(writer.as_string(), "utf-8")


if __name__ == "__main__":
    main()
