"""Whether this process is alive, and whether it can keep a tip. Sentences, no secrets."""

import shutil
import uuid
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path

from django.conf import settings
from django.db import Error as DatabaseFault
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.translation import gettext_noop as noop
from django.views.decorators.http import require_safe

from tipintake.directory.lookup import answerable
from tipintake.pipeline import watch
from tipintake.pipeline.broker import waiting_bells
from tipintake.pipeline.outcry import ROWS, SAYS
from tipintake.privacy import keys
from tipintake.tips import own_keys
from tipintake.tips.models import KeyMark

ROOM = 20_000_000  # bytes: some hundred tips, and the log that keeps them safe


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that must hold, and what to do when it does not."""

    name: str
    ok: bool
    say: str
    needed: bool = True  # without it no tip can be kept; else it only moves slower


def readiness() -> tuple[Check, ...]:
    """Every check in order; what stands on a failed database is not asked."""
    database = _database()
    if not database.ok:
        return (database, _keys())
    migrations = _migrations()
    if not migrations.ok:
        return (database, migrations, _keys())
    sure = (database, migrations, _room(), _writing(), _keys(), _own_keys(), _directory())
    opened = (_private_keys(),) if settings.ROLE == "desk" else ()
    return (*sure, *opened, *_moving())


@require_safe
def alive(_request: HttpRequest) -> HttpResponse:
    return JsonResponse({"alive": True})


@require_safe
def ready(_request: HttpRequest) -> HttpResponse:
    checks = readiness()
    holds = all(check.ok for check in checks if check.needed)
    degraded = not all(check.ok for check in checks)
    return JsonResponse(
        {"ready": holds, "degraded": degraded, "checks": [asdict(check) for check in checks]},
        status=200 if holds else 503,
    )


urlpatterns: list[URLPattern] = [
    path("healthz", alive, name="healthz"),
    path("readyz", ready, name="readyz"),
]


def _database() -> Check:
    return _check(
        "database",
        _answers,
        good=noop("The database answers."),
        bad=noop("The database does not answer: see DATABASE_URL and whether it runs."),
    )


def _migrations() -> Check:
    return _check(
        "migrations",
        _are_applied,
        good=noop("The tables are as this version needs them."),
        bad=noop("The tables are of another version: run `manage.py migrate`."),
    )


def _room() -> Check:
    return _check(
        "room",
        _has_room,
        good=noop("There is room for tips."),
        bad=noop(
            "The disk is full, or nearly: no tip can be kept. Make room where the database lies."
        ),
    )


def _writing() -> Check:
    return _check(
        "writing",
        _takes_a_row,
        good=noop("The database takes a new row."),
        bad=noop(
            "The database takes no new row, so no tip can be kept: is its disk full or read-only?"
        ),
    )


def _keys() -> Check:
    return _check(
        "keys",
        _are_present,
        good=noop("The keys that this process needs are present."),
        bad=noop(
            "A key is missing, or this process may not read it: run `manage.py keys status` as "
            "the user of the service."
        ),
    )


def _private_keys() -> Check:
    return _check(
        "private keys",
        _open_the_rest,
        good=noop("The keys of the vault and of the accounts are present."),
        bad=noop(
            "A key of the desk is missing, so names in the vault or second factors do not open: "
            "run `manage.py keys status` on this machine."
        ),
        needed=False,
    )


def _own_keys() -> Check:
    return _check(
        "own keys",
        _are_those_of_the_tips,
        good=noop("The keys are those of the tips in this database."),
        bad=noop(
            "It cannot be told whether the keys are those of the tips: see the checks above."
        ),
    )


def _directory() -> Check:
    return _check(
        "directory",
        lambda: not answerable(),
        good=noop("The region is loaded and every line that must answer has somebody."),
        bad=noop("A line that must answer has nobody, or no region is loaded: see the directory."),
    )


def _moving() -> Iterator[Check]:
    """What makes the house slower, and loses nothing. On the public host only whether bells ring:
    how long tips wait is nobody's business there.
    """
    if settings.ROLE != "desk":
        wrong = set() if waiting_bells() is not None else {"broker"}
        asked = watch.ALARMS[:1]
    else:
        try:
            reading = watch.look(now=timezone.now())
        except DatabaseFault:
            yield Check(ROWS, ok=False, say=SAYS)
            return
        wrong = {one.code for one in watch.standing_still(reading)}
        asked = watch.ALARMS
    for alarm in asked:
        ok = alarm.code not in wrong
        yield Check(alarm.code, ok, noop("It moves.") if ok else alarm.say, needed=False)


def _check(
    name: str, holds: Callable[[], bool], *, good: str, bad: str, needed: bool = True
) -> Check:
    try:
        ok = holds()
    except own_keys.ForeignKeys as foreign:
        needs = f"The tips of this database need the {foreign.needed}, which is not here: "
        return Check(name, False, needs + "put the keys back from your copy.", needed)
    except (DatabaseFault, keys.KeyMissing, OSError):
        ok = False
    return Check(name, ok, good if ok else bad, needed)


def _answers() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return bool(cursor.fetchone() == (1,))


def _has_room() -> bool:
    """SQLite writes to its disk when a transaction ends, so a trial that is undone sees nothing of
    a full one. PostgreSQL's disk is its own.
    """
    file = Path(str(connection.settings_dict["NAME"]))
    if connection.vendor != "sqlite" or not file.is_file():
        return True
    return shutil.disk_usage(file.parent).free >= ROOM


def _takes_a_row() -> bool:
    with transaction.atomic():
        KeyMark.objects.create(kind="trial", mark=uuid.uuid4().hex)
        transaction.set_rollback(True)
    return True


def _are_applied() -> bool:
    executor = MigrationExecutor(connection)
    return not executor.migration_plan(executor.loader.graph.leaf_nodes())


def _are_those_of_the_tips() -> bool:
    opens = settings.ROLE in {"desk", "exporter"}
    own_keys.refuse_foreign(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR, opens=opens)
    if opens:
        own_keys.refuse_unlike_halves("desk", settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    own_keys.remember(settings.KEYS_DIR)
    return True


def _are_present() -> bool:
    keys.public_keys(settings.KEYS_DIR)
    keys.pepper(settings.KEYS_DIR)
    if settings.ROLE in {"desk", "exporter"}:
        keys.desk_private(settings.PRIVATE_KEYS_DIR)
    return True


def _open_the_rest() -> bool:
    own_keys.refuse_unlike_halves("vault", settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    keys.accounts_key(settings.PRIVATE_KEYS_DIR)
    return True
