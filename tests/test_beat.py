"""The clock goes on ringing, whatever becomes of the machine's time."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from celery import Celery
from celery.schedules import schedule

from config import settings
from config.beat import Scheduler

START = datetime(2026, 11, 14, 15, 30, tzinfo=UTC)
EVERY = timedelta(seconds=60)


class House:
    """A scheduler whose time stands still until it is moved."""

    def __init__(self) -> None:
        self.now = START
        self.rung: list[datetime] = []
        app = Celery("trial", set_as_current=False)
        due = schedule(EVERY, nowfun=lambda: self.now, app=app)
        app.conf.beat_schedule = {"sweep": {"task": "tipintake.sweep", "schedule": due}}
        self.scheduler = Scheduler(app)
        vars(self.scheduler)["apply_entry"] = self._ring
        vars(self.scheduler)["producer"] = None  # else each ring would look for a broker

    def _ring(self, entry: Any, producer: Any = None) -> None:
        self.rung.append(self.now)

    def pass_by(self, seconds: int) -> int:
        """How often it rang meanwhile, looked at each second."""
        before = len(self.rung)
        for _ in range(seconds):
            self.now += timedelta(seconds=1)
            self.scheduler.tick()
        return len(self.rung) - before


def test_it_rings_each_minute() -> None:
    house = House()
    assert house.pass_by(300) in {4, 5}


@pytest.mark.parametrize("jump", [timedelta(days=-1), timedelta(hours=-1), timedelta(days=1)])
def test_it_rings_on_after_the_time_was_set(jump: timedelta) -> None:
    house = House()
    house.pass_by(90)
    house.now += jump
    assert house.pass_by(300) in {4, 5, 6}


def test_the_installation_uses_it() -> None:
    assert settings.CELERY_BEAT_SCHEDULER == "config.beat:Scheduler"
