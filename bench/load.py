"""How many tips a second, how long each takes, and which process the time goes to.

`python -m bench.load [--seconds 60] [--clients 16] [--rate 0] [--pictures 0.03] [--visits]`: an
installation on a PostgreSQL server of its own (on SQLite with DATABASE_URL=sqlite), and senders in
processes of their own on connections that stay open. The tips are as people send them: short and
long, English and Spanish, with pictures, sent twice, copied by many. Without a rate each client
sends its next tip as soon as the last is answered. The machine is shared with the senders; the
last lines say what they took.
"""

import argparse
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from bench._fleet import Row, fleet, percentiles
from bench._sender import Task
from bench._usage import Spent, look, parts
from bench.kills import server, wait_until_settled
from tests.installation import Installation, installation

PROCESSES = 2
WARMING = 5.0  # seconds before anything is counted: models are loaded, connections opened
AHEAD = 2000  # bodies made before, so that the senders only send


@dataclass(frozen=True, slots=True)
class Given:
    seconds: float
    clients: int
    rate: float
    pictures: float
    visits: bool


def main(given: Given) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        server() as postgres,
        installation(TIPINTAKE_TRUSTED_PROXY="1") as one,
    ):
        warm(one, Path(folder))
        with fleet(_task(one, given), PROCESSES, Path(folder), "load") as senders:
            of = parts(one, postgres, {"senders": senders.ids()})
            before = Spent(look(of, memory=False))
            begun = time.monotonic()
            senders.go()
            time.sleep(given.seconds)
            took = time.monotonic() - begun
            spent = before.until(look(of, memory=False), took)
            senders.wait()
        rows = senders.rows()
        settling = time.monotonic()
        wait_until_settled(one)
        settled = time.monotonic() - settling
        memory = look(parts(one, postgres))
    kept = tell(rows, took)
    print(*spent.lines(kept), sep="\n")
    print(f"all routed {settled:.0f} s after the last (2 s of it to ask)")
    print("own MB: " + ", ".join(f"{name} {used.own:.0f}" for name, used in memory.items()))
    sys.exit(0 if not failures(rows) else 1)


def warm(one: Installation, folder: Path) -> None:
    task = Task(one.public, "", seed=99, threads=8, seconds=WARMING, pictures=0.1)
    with fleet(task, 1, folder, "warm") as senders:
        senders.go()
        senders.wait()


def _task(one: Installation, given: Given) -> Task:
    return Task(
        base=one.public,
        told="",
        seed=1126,
        threads=given.clients,
        seconds=given.seconds,
        rate=given.rate,
        visits=given.visits,
        pictures=given.pictures,
        ahead=AHEAD,
    )


def tell(rows: Sequence[Row], seconds: float) -> int:
    """Print what became of the requests; how many tips were kept within these seconds."""
    tips = [row for row in rows if row.what == "tip"]
    kept = [r for r in tips if r.status == 201 and r.due + r.took / 1000 <= seconds]
    print(f"{len(kept) / seconds:.1f} tips/s for {seconds:.0f} s")
    for what in ("tip", "status", "page"):
        these = [row for row in rows if row.what == what]
        if these:
            answers = dict(Counter(row.status for row in these))
            again = sum(row.tries - 1 for row in these)
            print(
                f"{what:<7} {percentiles([r.took for r in these])}; answers {answers}, "
                f"sent again {again}"
            )
    for why in {row.reference for row in tips if 400 <= row.status < 500}:
        print(f"refused: {why}")
    return len(kept)


def failures(rows: Sequence[Row]) -> Mapping[int, int]:
    return Counter(row.status for row in rows if not 200 <= row.status < 500)


def read() -> Given:
    asked = argparse.ArgumentParser(prog="python -m bench.load", description=__doc__)
    asked.add_argument("--seconds", type=float, default=60)
    asked.add_argument("--clients", type=int, default=16)
    asked.add_argument("--rate", type=float, default=0, help="tips a second; 0: no limit")
    asked.add_argument("--pictures", type=float, default=0.03, help="share of tips with a picture")
    asked.add_argument("--visits", action="store_true", help="people also read and come back")
    return Given(**vars(asked.parse_args()))


if __name__ == "__main__":
    main(read())
