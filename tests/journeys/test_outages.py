"""The disk is full, the broker forgets everything: what was answered with 201 is there."""

import secrets
from typing import Any

import psutil
import pytest
import redis

from tests.installation import Installation, installation
from tests.journeys.test_kill import COUNTS, tip
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]


def settled(one: Installation, kept: list[str]) -> None:
    """Every tip that was promised is there, once, with its decision and in a queue."""
    with one.watching(COUNTS) as counts:
        eventually(lambda: counts()["waiting"] == 0, seconds=90)
        now = counts()
    assert sorted(now["references"]) == sorted(kept)
    assert now["undecided"] == now["nowhere"] == 0


def sent(one: Installation, number: int, key: str) -> tuple[int, dict[str, Any]]:
    return one.post("/api/v1/tips", tip(number), {"Idempotency-Key": key})


def limit_files(processes: list[psutil.Process], most: int) -> None:
    """No file grows beyond `most` bytes, as if the disk were full; -1 lifts it."""
    for process in processes:
        _, hard = process.rlimit(psutil.RLIMIT_FSIZE)
        process.rlimit(psutil.RLIMIT_FSIZE, (most, hard))


def writers_of(one: Installation) -> list[psutil.Process]:
    """Whoever writes the database's files."""
    return [*one.parts("config.serve"), *one.parts("celery", "worker")]


@pytest.mark.skipif(not hasattr(psutil, "RLIMIT_FSIZE"), reason="limits of others: Linux only")
def test_on_a_full_disk_nothing_is_promised_and_nothing_lost(sqlite: None) -> None:
    with installation(SWEEP_SECONDS="1") as one:
        kept = [sent(one, 0, secrets.token_hex(16))[1]["reference"]]
        limit_files(writers_of(one), 4096)
        keys = {number: secrets.token_hex(16) for number in range(1, 6)}
        refused = [sent(one, number, key) for number, key in keys.items()]
        assert {status for status, _ in refused} <= {500, 503}
        assert all("reference" not in body for _, body in refused)
        limit_files(writers_of(one), -1)
        # As every sender is told to: again, with the same key.
        kept += [sent(one, number, key)[1]["reference"] for number, key in keys.items()]
        settled(one, kept)


@pytest.fixture
def sqlite(monkeypatch: pytest.MonkeyPatch) -> None:
    """PostgreSQL's own answer to a full disk is tried by `python -m bench.faults`."""
    monkeypatch.setenv("DATABASE_URL", "")


def asleep(one: Installation, worker: list[psutil.Process], key: str) -> str:
    """The worker stopped while it holds nothing: a tip is taken. Returns the tip's number."""
    answers: list[dict[str, Any]] = []

    def stopped() -> bool:
        for process in worker:
            process.suspend()
        answers.append(sent(one, 0, key)[1])
        if "reference" not in answers[-1]:  # stopped within a transaction
            for process in worker:
                process.resume()
        return "reference" in answers[-1]

    eventually(stopped, seconds=90)
    return str(answers[-1]["reference"])


def test_a_broker_that_forgets_everything_loses_no_tip() -> None:
    with installation(SWEEP_SECONDS="1") as one:
        worker = one.parts("celery", "--queues=intake")
        kept = [asleep(one, worker, secrets.token_hex(16))]
        kept += [
            sent(one, number, secrets.token_hex(16))[1]["reference"] for number in range(1, 10)
        ]
        broker = redis.Redis(unix_socket_path=str(one.home / "valkey.sock"))
        eventually(lambda: bool(broker.llen("intake")), seconds=10)
        broker.flushall()
        for process in worker:
            process.resume()
        settled(one, kept)
