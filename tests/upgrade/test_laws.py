"""Every migration after the first, against the laws; and the laws against what breaks them."""

from typing import Any

import pytest
from django.db import migrations, models
from django.db.migrations.loader import MigrationLoader

from tests.upgrade import laws

OURS = {"tipintake", "reports"}


def test_no_migration_of_ours_stops_the_code_before_it() -> None:
    disk = MigrationLoader(None, ignore_no_migrations=True).disk_migrations
    ours = {key: one for key, one in disk.items() if key[0] in OURS}
    first = {(app, "0001_initial") for app in OURS}
    assert {key for key, one in ours.items() if one.initial} == first
    later = [one for key, one in ours.items() if key not in first]
    assert [wrong for one in later for wrong in laws.broken(one)] == []


def column(field: Any) -> migrations.AddField:
    return migrations.AddField("tip", "shade", field)


NEW_TABLE = migrations.CreateModel("Shade", [("id", models.BigAutoField(primary_key=True))])
BACK = migrations.RunPython.noop
# What each is, and whether old code survives it.
CASES = {
    "column that may be null": (column(models.CharField(max_length=9, null=True)), True),
    "column with a db_default": (column(models.CharField(max_length=9, db_default="")), True),
    "column with a default": (column(models.CharField(max_length=9, default="")), False),
    "many to many": (column(models.ManyToManyField("tipintake.Line")), True),
    "table": (NEW_TABLE, True),
    "index": (migrations.AddIndex("tip", models.Index(fields=["shade"], name="shade")), True),
    "column gone": (migrations.RemoveField("tip", "shade"), False),
    "column renamed": (migrations.RenameField("tip", "shade", "tint"), False),
    "table gone": (migrations.DeleteModel("Shade"), False),
    "column changed": (migrations.AlterField("tip", "shade", models.TextField()), False),
    "statement": (migrations.RunSQL("SELECT 1"), False),
    "rows without a way back": (migrations.RunPython(lambda *_: None), False),
    "rows with a way back": (migrations.RunPython(lambda *_: None, BACK), True),
}


@pytest.mark.parametrize("name", CASES)
def test_what_only_adds_may_come_while_old_code_runs(
    name: str,
) -> None:
    operation, holds = CASES[name]
    migration = migrations.Migration("0002_shades", "tipintake")
    setattr(migration, "operations", [operation])  # noqa: B010  typed as of the class
    assert (not list(laws.broken(migration))) is holds
    setattr(migration, laws.REASON, "Stop public last and start it first.")
    assert operation.reversible is not bool(list(laws.broken(migration)))
