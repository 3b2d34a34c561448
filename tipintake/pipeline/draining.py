"""Repeat a step until nothing is left, or its time is over."""

from datetime import datetime
from typing import Protocol

from tipintake.pipeline.clock import running_from


class Drain(Protocol):
    def __call__(self, *, now: datetime) -> int:
        """Do one batch; how much was done."""


def drained(step: Drain, *, now: datetime, seconds: float) -> tuple[int, bool]:
    """How much was done, and whether more may be left."""
    clock = running_from(now)
    done = 0
    while (clock() - now).total_seconds() < seconds:
        batch = step(now=clock())
        if not batch:
            return done, False
        done += batch
    return done, True
