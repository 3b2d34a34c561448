"""What else may happen to a machine, while tips come in: is every accepted tip there?

`python -m bench.faults [SECONDS EACH [TIPS A SECOND]]` (20 and 3): `manage.py up` on a PostgreSQL
server of its own, senders that come again with the same Idempotency-Key when they are told to, and
an agency's endpoint. Then, one after the other and each for so many seconds: the endpoint answers
nothing, then nobody listens there; the broker forgets all it holds; the database's disk is full;
the machine's time is a day ahead, and set back. The disk needs root and Linux (it is one of 256 MB
in memory), the time needs the package libfaketime; what cannot be tried is said. At the end each
answer of 201 is held against the database: there, once, routed, in a queue, and told (again under
the same id where an answer was lost).
"""

import importlib.util
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import disk_usage
from typing import Any

import redis

from bench._fleet import fleet, percentiles
from bench._sender import Task
from bench.kills import server
from tests.faulty import SILENT, Faulty, faulty
from tests.installation import Installation, installation
from tests.journeys.test_kill import REGISTER

DISK = 256 * 1024 * 1024
THREADS = 24
PATIENT = 180.0  # seconds that a sender goes on trying
SETTLED_WITHIN = 400
RESTS = 5.0  # between two faults

STATE = """
import json
from django.db.models import Count, Q
from tipintake.models import HandOff, Notice, Tip
tips = Tip.objects.annotate(
    decided=Count("decisions", distinct=True), queues=Count("hand_offs", distinct=True)
)
twice = HandOff.objects.values("tip", "line").annotate(n=Count("pk")).filter(n__gt=1)
open_ = Notice.objects.filter(state__in=["WAITING", "SENDING"])
print("STATE " + json.dumps({
    "references": list(tips.values_list("reference", flat=True)),
    "waiting": tips.filter(routed_at=None).count(),
    "not decided once": tips.exclude(decided=1).count(),
    "in no queue": tips.filter(queues=0).count(),
    "twice in a queue": twice.count(),
    "notices not sent": open_.count() + HandOff.objects.filter(
        notify_at__isnull=False, notices=None).count(),
    "given up": Notice.objects.filter(state="DEAD").count(),
}))
"""


@dataclass(slots=True)
class House:
    """What the faults are done to."""

    one: Installation
    agency: Faulty
    disk: Path | None
    time_file: Path | None
    each: float

    def hang(self) -> None:
        self.agency.way = SILENT
        time.sleep(self.each)
        self.agency.way = "takes"

    def cut(self) -> None:
        self.agency.way = "hangs up"
        time.sleep(self.each)
        self.agency.way = "takes"

    def empty_the_broker(self) -> None:
        link = redis.Redis(unix_socket_path=str(self.one.home / "valkey.sock"))
        until = time.monotonic() + self.each
        while time.monotonic() < until:
            link.flushall()
            time.sleep(0.5)

    def fill_the_disk(self) -> None:
        assert self.disk is not None
        ballast = self.disk / "ballast"
        with ballast.open("wb", buffering=0) as file:
            until = time.monotonic() + self.each
            while time.monotonic() < until:
                try:
                    file.write(b"\0" * min(1 << 20, max(4096, disk_usage(self.disk).free)))
                except OSError:
                    time.sleep(0.2)
        ballast.unlink()

    def set_the_time(self) -> None:
        assert self.time_file is not None
        self.time_file.write_text("+1d\n")
        time.sleep(self.each)
        self.time_file.write_text("+0\n")
        time.sleep(self.each)


FAULTS: Mapping[str, Callable[[House], None]] = {
    "the endpoint answers nothing": House.hang,
    "the endpoint hangs up": House.cut,
    "the broker forgets everything": House.empty_the_broker,
    "the database's disk is full": House.fill_the_disk,
    "the time is a day ahead and set back": House.set_the_time,
}


def main(each: float, rate: float) -> None:
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        folder.chmod(0o711)  # the server runs as somebody else
        disk = stack.enter_context(small_disk(folder / "disk"))
        if disk is not None:
            tempfile.tempdir = str(disk)  # where the server's data goes
        stack.enter_context(server())
        tempfile.tempdir = None
        time_file, own = wrong_time(folder)
        agency = stack.enter_context(faulty("takes"))
        one = stack.enter_context(
            installation(
                **own,
                SWEEP_SECONDS="2",
                WEBHOOK_ALLOW_LOOPBACK="1",
                TIPINTAKE_RETRY_SCALE="0.02",
                TIPINTAKE_SENDER_PATIENCE="0.2",
            )
        )
        one.command("shell", "-c", REGISTER.format(url=agency.url))
        house = House(one, agency, disk, time_file, each)
        faults = possible(house)
        seconds = sum(each * (2 if name.startswith("the time") else 1) + RESTS for name in faults)
        task = Task(one.public, "", 3, THREADS, seconds, rate, pictures=0.01, tries_for=PATIENT)
        senders = stack.enter_context(fleet(task, 1, folder, "faults"))
        senders.go()
        for name in faults:
            print(f"{name} …", flush=True)
            FAULTS[name](house)
            time.sleep(RESTS)
        senders.wait()
        rows = senders.rows()
        found = settled(one)
        told = [notice.id for notice in agency.received if notice.taken]
        ended = one.printed().count("starting it again")
    kept = [row for row in rows if row.status == 201]
    answers, again = dict(Counter(row.status for row in rows)), sum(r.tries - 1 for r in rows)
    print(f"{len(rows)} tips, answers {answers}, {again} times sent again")
    print(percentiles([row.took for row in rows]))
    references: list[str] = found.pop("references")
    found["LOST"] = len({row.reference for row in kept} - set(references))
    found["kept twice or unasked"] = len(references) - len(kept)
    found["refused"] = len(rows) - len(kept)
    again = len(told) - len(set(told))  # as it must be when an answer was lost: the id is the same
    print(f"{found}")
    print(
        f"{len(set(told))} notices taken, {again} again under their id; processes ended: {ended}"
    )
    sys.exit(1 if any(found.values()) else 0)


def possible(house: House) -> list[str]:
    missing = {
        "the database's disk is full": house.disk is None,
        "the time is a day ahead and set back": house.time_file is None,
    }
    for name, absent in missing.items():
        if absent:
            print(f"NOT TRIED: {name} (see `python -m bench.faults`'s first words)")
    return [name for name in FAULTS if not missing.get(name)]


@contextmanager
def small_disk(at: Path) -> Iterator[Path | None]:
    """A file system of its own in memory, where that may be mounted."""
    at.mkdir()
    options = f"size={DISK},mode=0777"
    command = ["mount", "-t", "tmpfs", "-o", options, "tipintake-faults", str(at)]
    try:
        done = subprocess.run(command, capture_output=True, check=False).returncode
    except FileNotFoundError:
        done = 1
    if done:
        yield None
        return
    try:
        yield at
    finally:
        subprocess.run(["umount", "-l", str(at)], check=False)


def wrong_time(folder: Path) -> tuple[Path | None, dict[str, str]]:
    """A file that says by how much the time is wrong, and the environment that heeds it."""
    found = importlib.util.find_spec("libfaketime")
    if found is None or not found.submodule_search_locations:
        return None, {}
    library = next(Path(found.submodule_search_locations[0]).rglob("libfaketime.so*"))
    file = folder / "time"
    file.write_text("+0\n")
    return file, {
        "LD_PRELOAD": str(library),
        "FAKETIME_TIMESTAMP_FILE": str(file),
        "FAKETIME_CACHE_DURATION": "1",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1",
    }


def settled(one: Installation) -> dict[str, Any]:
    """How things stand once nothing waits, or when it has taken too long."""
    until = time.monotonic() + SETTLED_WITHIN
    while True:
        status, printed = one.attempt("shell", "-c", STATE)
        lines = [line for line in printed.splitlines() if line.startswith("STATE ")]
        if not status and lines:
            state: dict[str, Any] = json.loads(lines[0].removeprefix("STATE "))
            if not state["waiting"] and not state["notices not sent"]:
                return state
        if time.monotonic() > until:
            print(printed[-2000:])
            return state if lines else {"references": [], "the database does not answer": 1}
        time.sleep(2)


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:3]]
    os.environ.setdefault("DATABASE_URL", "")
    main(*given, *(20.0, 3.0)[len(given) :])
