"""PostgreSQL that went away between two tasks costs a worker no more than a connection."""

from contextlib import suppress

import pytest
from django.db import OperationalError, connection
from django.utils import timezone

from tipintake import tasks
from tipintake.pipeline.sweep import sweep

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite has no server"),
]


def break_connection() -> None:
    """As after a restart of the server: outside a transaction, so that nothing else closes it."""
    with suppress(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT pg_terminate_backend(pg_backend_pid())")
    with pytest.raises(OperationalError), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def test_the_next_task_has_a_connection_that_works() -> None:
    break_connection()
    assert tasks.route.apply().successful()
    assert connection.is_usable()


def test_a_step_of_the_sweep_that_lost_it_takes_no_other_with_it() -> None:
    break_connection()
    done = sweep(now=timezone.now())
    assert done["clock"] is None
    assert done["route"] == 0
    assert done["watch"] == 1
