"""Time that goes on from the moment a step was given, so that a long step leases from now."""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

Clock = Callable[[], datetime]


def running_from(now: datetime) -> Clock:
    """A clock that reads `now` at first and goes on at the pace of the machine."""
    started = time.monotonic()
    return lambda: now + timedelta(seconds=time.monotonic() - started)
