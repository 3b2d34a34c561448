"""Whoever fills the broker with unfinished reports silences no bell and pushes nobody out."""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings
from redis import Redis

from config import installation
from tests.pipeline.house import broker
from tests.web.report.test_steps import KIND, TOLD, WORDS, Walker
from tests.web.residents import Page
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import unfinished
from tipintake.door.crowd import STEPS, crowd
from tipintake.pipeline.broker import waiting_bells

BELL = b"a bell has some 500 bytes".ljust(500)
LONG = "x" * (unfinished.LONGEST - 200)
BUSY, QUIET = "203.0.113.9", "198.51.100.7"


@pytest.fixture
def small(settings: Settings) -> Iterator[Redis]:
    """The embedded broker with an eighth of its memory."""
    with tempfile.TemporaryDirectory(prefix="tipintake-broker-") as folder:
        here = Path(folder) / "b.sock"
        _, *given = installation._broker(here).command
        given[given.index("--maxmemory") + 1] = "32mb"
        settings.REDIS_URL = f"redis+socket://{here}"
        with broker(*given), Redis(unix_socket_path=str(here)) as client:
            yield client


def flood(*, beyond: float) -> None:
    while unfinished._full() < beyond + 0.05:  # what the broker needs to answer comes and goes
        unfinished.keep(unfinished.new_secret(), LONG, up_to=1)


def first_step(address: str) -> Page:
    client = Client(REMOTE_ADDR=address)
    return Page(client.post("/r/1/", {**KIND, "narrative": WORDS, "do": "continue"}))


def test_one_that_was_begun_goes_on_and_bells_ring(region: Gazetteer, small: Redis) -> None:
    walker = Walker(Client())
    walker.go("/r/1/")
    walker.press("continue", **KIND)
    flood(beyond=unfinished.NEW)
    page = walker.press("continue", **TOLD)
    assert (page.status, walker.at) == (200, "/r/3/")
    refused = first_step(QUIET)
    assert refused.status == 503
    assert "or use the form on one page" in refused.text
    assert refused.value("category") == KIND["category"]
    small.rpush("intake", *[BELL] * 10_000)
    assert waiting_bells() == 10_000
    assert walker.go("/r/2/").value("narrative") == WORDS


def test_who_sends_very_much_is_refused_before_others(
    region: Gazetteer, small: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(crowd, "_counts", {})
    for _ in range(STEPS[-1]):
        crowd.count(BUSY, now=time.monotonic())
    assert first_step(BUSY).status == 303
    flood(beyond=unfinished.FROM_A_CROWD)
    assert first_step(BUSY).status == 503
    assert first_step(QUIET).status == 303


def test_even_where_nothing_is_refused_reports_make_room_for_bells(small: Redis) -> None:
    small.rpush("intake", *[BELL] * 1_000)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unfinished, "_full", lambda: 0.0)
        for _ in range(500):
            unfinished.keep(unfinished.new_secret(), LONG, up_to=unfinished.NEW)
    assert len(list(small.scan_iter("unfinished:*"))) < 400
    small.rpush("intake", *[BELL] * 10_000)
    assert waiting_bells() == 11_000


def test_a_broker_without_a_limit_is_not_filled(small: Redis) -> None:
    small.config_set("maxmemory", 0)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unfinished, "MEMORY", 16_000_000)
        flood(beyond=unfinished.NEW)
        with pytest.raises(unfinished.Unavailable):
            unfinished.keep(unfinished.new_secret(), LONG, up_to=unfinished.NEW)
