"""Waiting for what another process does: a condition with a deadline, never a fixed sleep."""

import time
from collections.abc import Callable

from django.db import connection


def eventually(condition: Callable[[], bool], *, seconds: float) -> None:
    """Return as soon as the condition holds; fail when it does not within `seconds`."""
    begun = time.monotonic()
    while not condition():
        waited = time.monotonic() - begun
        if waited > seconds:
            raise AssertionError(f"not within {seconds:g} s")
        time.sleep(min(0.2, max(0.02, waited / 20)))


def somebody_waits_for_us() -> bool:
    """Whether another connection to this PostgreSQL waits for what our transaction holds."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks"
            " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid))"
        )
        return bool(cursor.fetchone()[0])
