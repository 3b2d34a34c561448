import importlib
import logging
import os
import sys
from typing import Any

from celery import Celery, Task
from celery.signals import task_prerun
from django.db import DatabaseError, InterfaceError, connection

from config import env
from tipintake.pipeline import connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# For checks whose findings Celery drops, worker, exporter and clock would load every page of the
# web: 27 MB in each.
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")

# Every process comes by here before it does anything: manage.py, worker, clock and web alike. A
# wrong setting ends it with one sentence, which a traceback would only drown.
try:
    importlib.import_module("config.settings")
except env.SettingError as wrong:
    sys.stderr.write(f"{wrong}\n")
    raise SystemExit(2) from None
for sentence in env.unread():
    sys.stderr.write(f"{sentence}\n")

log = logging.getLogger("tipintake.tasks")

# One of each app, as `migrate` makes them one app after the other.
TABLES = frozenset({"tipintake_tip", "reports_export"})


class OnRows(Task):  # type: ignore[type-arg]  # its types name what a running Celery does not know
    """Does nothing until there are tables: each of its steps would fail with a stack of its own,
    each minute, until somebody runs `migrate`."""

    tables_were_here = False

    def __call__(self, *given: Any, **more: Any) -> Any:
        if not OnRows.tables_were_here:
            are_here = _are_tables_here()
            if are_here is False:
                log.error("tasks.no_tables run `manage.py migrate`; tips wait until then")
                return None
            OnRows.tables_were_here = are_here is True
        return super().__call__(*given, **more)


def _are_tables_here() -> bool | None:
    """None where the database is away: what is done then, each task knows itself."""
    try:
        return TABLES.issubset(connection.introspection.table_names())
    except (DatabaseError, InterfaceError):
        return None


app = Celery("tipintake", task_cls=OnRows)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _leave_a_broken_connection(**_given: Any) -> None:
    """Celery keeps connections between tasks, and one that a restart of PostgreSQL broke outside
    a transaction would fail every task of its thread."""
    connections.leave_broken()
