"""Waiting for what another process does: a condition with a deadline, never a fixed sleep."""

import time
from collections.abc import Callable


def eventually(condition: Callable[[], bool], *, seconds: float) -> None:
    """Return as soon as the condition holds; fail when it does not within `seconds`."""
    until = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"not within {seconds:g} s")
        time.sleep(0.02)
