"""What every test stands on: its own keys, a fixed moment, the region loaded."""

import gc
import os
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management.sql import emit_post_migrate_signal
from django.db import connection
from django.test import override_settings
from django.utils import translation
from hypothesis import HealthCheck, Phase
from hypothesis import settings as hypothesis_settings

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import Pack, read_pack
from tipintake.staff import append_only, heads
from tipintake.staff.models import AuditEntry
from tipintake.tips import purged

# The same examples in every run, none timed; HYPOTHESIS_PROFILE=search looks for new ones.
QUICK = (HealthCheck.too_slow, HealthCheck.function_scoped_fixture)
hypothesis_settings.register_profile(
    "suite",
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=QUICK,
    phases=(Phase.explicit, Phase.generate),
)
hypothesis_settings.register_profile("search", deadline=None, suppress_health_check=QUICK)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "suite"))
# In memory, as pytest-django knows of Django's own engine alone: each worker has its own anyway.
if connection.vendor == "sqlite":
    connection.settings_dict["TEST"]["NAME"] = ":memory:"
OF_DJANGO = ("django_content_type", "auth_permission")  # rows that no test makes


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """What shares an installation comes first of what a worker is given, in one piece: whoever
    is done takes from the end of what others still have, and would start another one. Then what
    takes long, dealt out by files, so that short tests are left for the end."""
    workers: int = getattr(config, "workerinput", {}).get("workercount", 1)
    shared: dict[Path, list[pytest.Item]] = {}
    long: dict[Path, list[pytest.Item]] = {}
    short: list[pytest.Item] = []
    for item in items:
        if _shares(item):
            shared.setdefault(item.path, []).append(item)
        elif _is_long(item):
            long.setdefault(item.path, []).append(item)
        else:
            short.append(item)
    ours: list[list[pytest.Item]] = [[] for _ in range(workers)]
    for kind in (shared, long):
        for number, together in enumerate(sorted(kind.values(), key=len)):
            ours[number % workers].extend(together)
    count, items[:] = len(items), []
    for number, own in enumerate(ours):
        size = (count - len(items)) // (workers - number)
        left = max(0, size - len(own))
        items += [*own, *short[:left]]
        del short[:left]
    items += short


def pytest_collection_finish() -> None:
    """What stands by now stays: else each full collection walks all tests and modules again."""
    gc.collect()
    gc.freeze()


def _is_long(item: pytest.Item) -> bool:
    return any(map(item.get_closest_marker, ("processes", "browser")))


def _shares(item: pytest.Item) -> bool:
    """Whether it starts processes for more than itself."""
    fixtures = getattr(item, "_fixtureinfo", None)
    scopes = [each[-1].scope for each in fixtures.name2fixturedefs.values()] if fixtures else []
    return "module" in scopes and item.get_closest_marker("processes") is not None


def has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT 1 FROM "{table}" LIMIT 1')
        return cursor.fetchone() is not None


def taken(table: str) -> list[tuple[Any, ...]]:
    """The rows as the database has them."""
    with connection.cursor() as cursor:
        cursor.execute(f'SELECT * FROM "{table}"')
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def put(tables: Iterable[tuple[str, list[tuple[Any, ...]]]]) -> None:
    with connection.cursor() as cursor:
        for table, rows in tables:
            marks = ", ".join(["%s"] * len(rows[0]))
            cursor.executemany(f'INSERT INTO "{table}" VALUES ({marks})', rows)


@pytest.fixture
def now() -> datetime:
    return datetime(2026, 11, 14, 15, 30, tzinfo=UTC)


@pytest.fixture(scope="session", autouse=True)
def keys_dir() -> Path:
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    return Path(settings.KEYS_DIR)


@pytest.fixture(scope="session", autouse=True)
def quick_passwords() -> Iterator[None]:
    """A password is made slow to guess, which takes some 200 ms for each account of a test."""
    with override_settings(PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"]):
        yield


@pytest.fixture(scope="session", autouse=True)
def static_root() -> Path:
    """The folder of collected files: without it every request would warn."""
    folder = Path(settings.STATIC_ROOT)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture(scope="session", autouse=True)
def emptied_between_tests() -> Iterator[None]:
    """Only to empty the tables between tests are the audit's triggers lifted, and put back. What
    Django itself puts into a database stays while it is whole: else it is made anew."""
    operations = type(connection.ops)
    whole = operations.sql_flush
    made: dict[str, list[tuple[Any, ...]]] = {}

    def flush(self: Any, style: Any, tables: list[str], **how: Any) -> list[str]:
        if made and all(taken(table) == rows for table, rows in made.items()):
            tables = [table for table in tables if table not in made]
        lifted = append_only.lift(self.connection, AuditEntry)
        back = append_only.put_back(self.connection, AuditEntry)
        return [*lifted, *whole(self, style, tables, **how), *back]

    def emit(*args: Any, **kwargs: Any) -> None:
        if not all(map(has_rows, OF_DJANGO)):
            emit_post_migrate_signal(*args, **kwargs)
            made.update({table: taken(table) for table in OF_DJANGO})

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(operations, "sql_flush", flush)
        patch.setattr("django.core.management.commands.flush.emit_post_migrate_signal", emit)
        yield


@pytest.fixture(autouse=True)
def nothing_noted() -> Iterator[None]:
    """What was noted beside the database of one test is not held against that of the next."""
    yield
    for one in (heads.head_file(), heads.journal_file(), purged.marks_file()):
        one.unlink(missing_ok=True)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    """A page asked for in Spanish leaves its language to the thread; no test inherits it."""
    with translation.override("en"):
        yield


@pytest.fixture(scope="session")
def pack() -> Pack:
    return read_pack(Path(settings.REGIONS_DIR) / settings.REGION)


_loaded: dict[tuple[str, datetime], list[tuple[str, list[tuple[Any, ...]]]]] = {}


@pytest.fixture
def region(db: None, pack: Pack, now: datetime) -> Gazetteer:
    """The region loaded. On SQLite, where nothing stands yet, by the rows of this process's first
    load: a fifth of the work."""
    rows = _loaded.get((pack.digest, now), [])
    if rows and not any(has_rows(table) for table, _rows in rows):
        put(rows)
        return current_gazetteer()
    tables = [model._meta.db_table for model in apps.get_app_config("tipintake").get_models()]
    is_first = connection.vendor == "sqlite" and not any(map(has_rows, tables))
    load(pack, now=now, actor="test")
    if is_first:
        _loaded[pack.digest, now] = [(table, taken(table)) for table in tables if has_rows(table)]
    return current_gazetteer()
