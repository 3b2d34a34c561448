import importlib
import os
import sys
from typing import Any

from celery import Celery
from celery.signals import task_prerun

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

app = Celery("tipintake")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect
def _leave_a_broken_connection(**_given: Any) -> None:
    """Celery keeps connections between tasks, and one that a restart of PostgreSQL broke outside
    a transaction would fail every task of its thread."""
    connections.leave_broken()
