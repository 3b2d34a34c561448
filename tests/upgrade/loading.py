"""Rows of a stored release in tables of that release: no older, no newer."""

import gzip
import json
from collections.abc import Collection
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection, models
from django.db.migrations.executor import MigrationExecutor

from config.backup import archive, recovery, tables
from tipintake.staff import append_only
from tipintake.staff.models import AuditEntry

Name = tuple[str, str]


def load(folder: Path) -> None:
    """Into the empty database of the settings. What came after that release is not applied."""
    members: dict[str, bytes] = {}
    identities = recovery.identities(folder / "recovery.key")
    archive.read(folder / "backup.age", identities, members.__setitem__)
    manifest = json.loads(members["manifest.json"])
    executor = MigrationExecutor(connection)
    then = [(app, name) for app, name in (one.split(".", 1) for one in manifest["migrations"])]
    executor.migrate([one for one in then if not _has_a_later(one, then, executor)])
    known = executor.loader.project_state(then).apps.get_models(include_auto_created=True)
    by_table = {tables.table_of(one): one for one in known}
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        for statement in append_only.lift(connection, AuditEntry):
            cursor.execute(statement)
        for name, content in members.items():
            if name.startswith("home/"):
                (Path(settings.HOME) / name.removeprefix("home/")).write_bytes(content)
            elif name.startswith("rows/"):
                table = name.split("/")[1]
                _insert(by_table[table], manifest["tables"][table], gzip.decompress(content))
        for statement in append_only.put_back(connection, AuditEntry):
            cursor.execute(statement)
    connection.check_constraints()


def _has_a_later(one: Name, among: Collection[Name], executor: MigrationExecutor) -> bool:
    """Of each app the last is enough, and an earlier one would be a step back."""
    children = executor.loader.graph.node_map[one].children
    return any(child.key in among and child.key[0] == one[0] for child in children)


def _insert(model: type[models.Model], columns: list[str], piece: bytes) -> None:
    """By the names that the backup gives: fields of a migration may stand in another order."""
    fields = {one.column: one for one in tables.fields_of(model)}
    rows: list[Any] = [
        [
            tables.stored(fields[name], value, connection)
            for name, value in zip(columns, json.loads(line), strict=True)
        ]
        for line in piece.splitlines()
    ]
    quote = connection.ops.quote_name
    names, marks = ", ".join(map(quote, columns)), ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {quote(tables.table_of(model))} ({names}) VALUES ({marks})", rows
        )


LOAD: Any = """
import pathlib
from tests.upgrade.loading import load
load(pathlib.Path({folder!r}))
"""
