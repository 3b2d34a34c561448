"""The clock that rings for what the bells missed, also when the machine's time is set back.

Celery keeps the moments of the next rings. Set the time back by a day, and none rings for a day.
"""

from typing import Any

from celery import beat


class Scheduler(beat.Scheduler):
    """In memory, as `celery.beat:Scheduler`."""

    def tick(self, *args: Any, **options: Any) -> float:
        self._follow_the_clock()
        seconds: float = super().tick(*args, **options)
        return seconds

    def _follow_the_clock(self) -> None:
        """Whatever ran in what is now the future is due again after its usual while."""
        late = False
        for entry in self.schedule.values():
            now = entry.default_now()
            if entry.last_run_at is not None and entry.last_run_at > now:
                entry.last_run_at = now
                late = True
        if late:
            self.populate_heap()
