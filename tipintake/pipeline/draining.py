"""Repeat a step while its batches are full, or until its time is over.

A batch that was not full took what there was. What comes meanwhile rings its own bell: to look
again at once would take it in handfuls, and a handful costs nearly as much as a batch.
"""

from datetime import datetime
from typing import Protocol

from tipintake.pipeline.clock import running_from


class Drain(Protocol):
    def __call__(self, *, now: datetime) -> int:
        """Do one batch; how much was done."""


def drained(step: Drain, *, full: int, now: datetime, seconds: float) -> tuple[int, bool]:
    """How much was done, and whether more may be left. A batch of at least `full` may have left
    something."""
    clock = running_from(now)
    done = 0
    while (clock() - now).total_seconds() < seconds:
        batch = step(now=clock())
        done += batch
        if batch < full:
            return done, False
    return done, True
