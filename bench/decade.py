"""Ten years of tips on PostgreSQL: does anything slow down while the tables grow?

`python -m bench.decade [TIPS [GIGABYTES]]`: PostgreSQL from the embedded wheel, and in it first a
hundredth of TIPS, then a tenth, then all (10,000,000 if not given): the last weeks, the last year,
ten years. At each size the same acts are measured: a tip is kept, routed and compared, pages of
the queue are asked for, links are searched, tips whose time is over are purged. Judge by the CPU
time of this process and of the server, which other work on the machine does not move; at the end
every statement of those acts is explained, and one that reads a large table whole is named.

The first hundredth is made up, the rest are copies of it that the server makes itself, with other
keys, numbers, plates and dates: indexes as random as real ones, kept while they are filled. One
tip in four names a plate. Nothing was ever purged and four in ten are open: worse than any house.
The database is deleted at the end. It never grows above GIGABYTES (30 if not given): where TIPS
would not fit, the last size is what fits, and is said.
"""

import gc
import logging
import os
import random
import re
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from uuid import UUID

import psycopg
from django.conf import settings
from django.core.management import call_command
from django.db import connection, models, transaction
from django.db.backends.utils import CursorWrapper
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from bench._crowd import DIGITS, LETTERS, fill
from bench.links import COLUMNS, HOW, misread, vehicle, write
from bench.queue import client, page, queue, served
from tests.pipeline.conftest import draft
from tests.postgres import embedded
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import bell
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.routing.models import Decision
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips import link_keys
from tipintake.tips.clues import clues_of
from tipintake.tips.models import LinkKey, Place, SearchTerm, Tip, Vehicle
from tipintake.tips.plates import _LOOKALIKES as LOOKALIKES
from tipintake.tips.vocabulary import CameBy, Term

TIPS, GIGABYTES = 10_000_000, 30
COPIES = 100
DAYS = 3_650
TIPS_A_ROUND = 60
LEAST_ROUNDS, MOST_ROUNDS, SECONDS_EACH = 20, 200, 1.5
LARGE = 50_000  # rows: to read so many is to read a table whole
PLATE_TERMS = (Term.PLATE, Term.PLATE_BACK, Term.PLATE_STATE)
COPIED: tuple[type[models.Model], ...] = (
    Tip, HandOff, Vehicle, SearchTerm, Place, Decision, AuditEntry,
)  # fmt: skip


def table(model: type[models.Model]) -> str:
    return str(model._meta.db_table)  # noqa: SLF001 Django documents it


# --- The tables grow ----------------------------------------------------------------------------


def make_base(count: int, now: datetime) -> None:
    """The newest tips, of which all others are copies; each with its entry in the audit."""
    fill(count, now=now, said=lambda _count: None, days=DAYS / COPIES)
    plates = ", ".join(f"'{term.value}'" for term in PLATE_TERMS)
    with connection.cursor() as cursor:
        cursor.execute(f"DELETE FROM {table(Vehicle)} WHERE id % 4 <> 0")
        cursor.execute(
            f"DELETE FROM {table(SearchTerm)} s WHERE kind IN ({plates}) AND NOT EXISTS "
            f"(SELECT 1 FROM {table(Vehicle)} v WHERE v.tip_id = s.tip_id)"
        )
        short = "substr(narrative_sealed, 1, 64)"
        cursor.execute(f"UPDATE {table(Tip)} SET narrative_sealed = {short}, to_compare = 0")
        cursor.execute(
            f"INSERT INTO {table(AuditEntry)} (id, at, actor, act, subject, subject_salt, "
            "subject_mark, facts, chained, chain_hash) "
            f"SELECT {_other_number('reference', 0)}, submitted_hour, 'door', 'tip.submitted', "
            "reference, '\\x00', sha256(reference::bytea), '{\"came_by\": \"WEB\"}', "
            f"row_number() OVER (), sha256(receipt_hmac) FROM {table(Tip)}"
        )
        for model in COPIED:
            some = "WHERE act = 'tip.submitted'" if model is AuditEntry else ""
            cursor.execute(
                f"CREATE UNLOGGED TABLE base_{table(model)} AS SELECT * FROM {table(model)} {some}"
            )
    write_keys(None)


def copy(number: int, base: int) -> None:
    """The base once more, `number` spans of time earlier."""
    with transaction.atomic(), connection.cursor() as cursor:
        for model in COPIED:
            _copy_rows(cursor, model, number, base)
        for term, value in (
            (Term.PLATE, "plate_skeleton"),
            (Term.PLATE_BACK, "reverse(plate_skeleton)"),
            (Term.PLATE_STATE, "plate_state"),
        ):
            cursor.execute(
                f"INSERT INTO {table(SearchTerm)} (tip_id, kind, term) "
                f"SELECT {_other_key('tip_id', number)}, '{term.value}', {value} "
                f"FROM (SELECT tip_id, plate_state, {_skeleton(number)} AS plate_skeleton "
                f"FROM base_{table(Vehicle)}) AS made"
            )
        write_keys(number)


def _copy_rows(cursor: CursorWrapper, model: type[models.Model], number: int, base: int) -> None:
    given = _changes(number, base)
    columns, values = [], []
    for field in model._meta.concrete_fields:  # noqa: SLF001 Django documents it
        if field.generated or isinstance(field, models.AutoField):
            continue
        column = str(field.column)
        columns.append(connection.ops.quote_name(column))
        value = given.get(column, columns[-1])
        if isinstance(field, models.DateTimeField):
            value = f"{column} - {_span(number)}"
        elif isinstance(field, models.DateField):
            value = f"({column} - {_span(number)})::date"
        elif field.primary_key and isinstance(field, models.UUIDField):
            value = _other_key(column, number)
        elif field.primary_key and isinstance(field, models.BigIntegerField):
            value = _other_number(column, number)
        values.append(value)
    where = ""
    if model is SearchTerm:
        plates = ", ".join(f"'{term.value}'" for term in PLATE_TERMS)
        where = f"WHERE kind NOT IN ({plates})"
    cursor.execute(
        f"INSERT INTO {table(model)} ({', '.join(columns)}) "
        f"SELECT {', '.join(values)} FROM base_{table(model)} {where}"
    )


def _changes(number: int, base: int) -> dict[str, str]:
    counted = "('x' || translate(substr({0}, 3), '-', ''))::bit(32)::bigint"

    def reference(column: str) -> str:
        on = f"({counted.format(column)} + {number * base})"
        return (
            f"'T-' || upper(lpad(to_hex({on} / 65536), 4, '0')) || '-' || "
            f"upper(lpad(to_hex({on} % 65536), 4, '0'))"
        )

    return {
        "tip_id": _other_key("tip_id", number),
        "reference": reference("reference"),
        "receipt_hmac": f"sha256(receipt_hmac || int4send({number}))",
        "plate_raw": _plate(number),
        "plate_canonical": _plate(number),
        "plate_skeleton": _skeleton(number),
        "subject": reference("subject"),
        "subject_mark": f"sha256(subject_mark || int4send({number}))",
        "chained": f"chained + {number * base}",
        "chain_hash": f"sha256(chain_hash || int4send({number}))",
    }


def _other_key(column: str, number: int) -> str:
    return f"md5({column}::text || '{number}')::uuid"


def _other_number(column: str, number: int) -> str:
    return f"('x' || substr(md5({column}::text || '{number}'), 1, 15))::bit(60)::bigint"


def _span(number: int) -> str:
    return f"interval '{DAYS / COPIES * number} days'"


def _plate(number: int) -> str:
    """Each letter and each digit another one, so that no two copies have the same plates."""
    on, further = number % len(LETTERS), number // len(LETTERS) % len(DIGITS)
    other = LETTERS[on:] + LETTERS[:on] + DIGITS[further:] + DIGITS[:further]
    return f"translate(plate_canonical, '{LETTERS}{DIGITS}', '{other}')"


def _skeleton(number: int) -> str:
    one = "".join(map(chr, LOOKALIKES))
    other = "".join(chr(value) for value in LOOKALIKES.values())
    return f"translate({_plate(number)}, '{one}', '{other}')"


def write_keys(number: int | None) -> None:
    """The keys by which the plates of a copy, or of the base, are found: hashes, made here."""
    made = (
        "tip_id, plate_canonical"
        if number is None
        else f"{_other_key('tip_id', number)}, {_plate(number)}"
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {made} FROM base_{table(Vehicle)}")
        plates = cursor.fetchall()
        write(cursor, table(LinkKey), _keys(plates))


def _keys(plates: list[tuple[UUID, str]]) -> Iterator[dict[str, object]]:
    for tip, plate in plates:
        for row in link_keys.key_values(clues_of(vehicles=[vehicle(plate)])):
            yield {"tip_id": tip, **dict(zip(COLUMNS, row, strict=True))}


def settle() -> None:
    with connection.cursor() as cursor:
        for name in (*map(table, COPIED), table(LinkKey)):
            cursor.execute(f"VACUUM (ANALYZE) {name}")


def size() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0])


def rows() -> int:
    """Of all tables, as they were counted when the database last looked at each."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT sum(reltuples) FROM pg_class WHERE relkind = 'r' AND reltuples > 0 "
            "AND relnamespace = 'public'::regnamespace AND relname NOT LIKE 'base\\_%'"
        )
        return int(cursor.fetchone()[0])


# --- The same acts at each size -----------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Figure:
    """Milliseconds for one act."""

    here: float  # CPU time of this process
    server: float  # CPU time of the server's process for this connection
    clock: float


def server_spent() -> float:
    """CPU seconds of the process that answers this connection, to the nanosecond (Linux)."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        pid = cursor.fetchone()[0]
    return int(Path(f"/proc/{pid}/schedstat").read_text("ascii").split()[0]) / 1e9


def timed(act: Callable[[], object], *, per: int = 1, again: bool = True) -> Figure:
    """Of a cheap act many rounds, of one that cannot be repeated the one."""
    here: list[float] = []
    clock: list[float] = []
    gc.collect()
    server = server_spent()
    while not here or (
        again
        and len(here) < MOST_ROUNDS
        and (len(here) < LEAST_ROUNDS or sum(here) < SECONDS_EACH)
    ):
        begun, spent = time.perf_counter(), time.process_time()
        act()
        here.append(time.process_time() - spent)
        clock.append(time.perf_counter() - begun)
    server = server_spent() - server
    return Figure(
        here=median(here) * 1000 / per,
        server=server * 1000 / per / len(here),
        clock=median(clock) * 1000 / per,
    )


class House:
    """An installation whose tables grow; what is asked of it at each size."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self.chance = random.Random(5)
        codes = list(Line.objects.order_by("pk").values_list("code", flat=True))
        self.line = codes[0]
        self.admin = client("root", Role.ADMIN)
        self.analyst = client("sam", Role.ANALYST, lines=tuple(codes[:4]))

    def plates(self) -> list[str]:
        first = Vehicle.objects.order_by("pk").values_list("plate_canonical", flat=True)
        return [plate for plate in first[:2000] if plate.isalnum()]

    def keep(self, plate: str) -> None:
        given = draft(vehicles=[{"plate_raw": plate, "plate_state": "MO"}])
        submit_tip(given, came_by=CameBy.API, now=self.now)

    def deep(self) -> str:
        """Somewhere in the middle of the routine tips of all those years."""
        oldest = Tip.objects.order_by("submitted_hour", "pk").values_list("submitted_hour")[0][0]
        age = (self.now - oldest).days
        days = self.chance.randrange(age // 7, age * 6 // 7)
        due = self.now - timedelta(days=days, minutes=self.chance.randrange(1440))
        return queue(view="all", after=f"40~{due.isoformat()}~0")

    def acts(self) -> Iterator[tuple[str, Callable[[], Figure]]]:
        """In order: what is kept is routed, what is routed is compared."""
        chance, now = self.chance, self.now
        plates = self.plates()
        new = [
            misread(chance, chance.choice(plates), HOW[at % len(HOW)])
            for at in range(TIPS_A_ROUND)
        ]

        def asked(browser: Client, address: Callable[[], str]) -> Callable[[], Figure]:
            return lambda: timed(lambda: page(browser, address()))

        def kept() -> Figure:
            waiting = iter(new * 10)
            for _ in range(3):
                self.keep(next(waiting))
            return timed(lambda: self.keep(next(waiting)))

        def routed() -> Figure:
            count = Tip.objects.waiting().count()
            return timed(lambda: route_waiting(now=now, limit=count), per=count, again=False)

        def compared() -> Figure:
            count = Tip.objects.filter(to_compare__gt=0).count()

            def all_of_them() -> None:
                while corroborate_due(now=now):
                    pass

            return timed(all_of_them, per=count, again=False)

        def searched() -> Figure:
            newest = LinkKey.objects.filter(kind="plate").order_by("-pk")
            tips = list(newest.values_list("tip", flat=True)[:TIPS_A_ROUND])
            return timed(lambda: link_keys.search([chance.choice(tips)]))

        def purged() -> Figure:
            kept_for = now + timedelta(days=DAYS)  # at every size some tips are over
            many = TIPS_A_ROUND
            return timed(lambda: purge_due(now=kept_for, limit=many), per=many, again=False)

        def unknown() -> str:
            plate = chance.choice(plates)
            at = chance.randrange(len(plate))
            return plate[:at] + "?" + plate[at + 1 :]

        yield "keep a tip", kept
        yield "route it", routed
        yield "compare it with all others", compared
        yield "link search of one tip", searched
        yield "queue, first page, every line", asked(self.admin, queue)
        yield "queue, first page, an analyst's lines", asked(self.analyst, queue)
        yield "queue, a page deep down", asked(self.admin, self.deep)
        yield (
            "queue, one city and waiting",
            asked(self.admin, lambda: queue(q="city:wentzville is:waiting")),
        )
        yield "queue, a rare city", asked(self.analyst, lambda: queue(q="city:eureka"))
        yield (
            "queue, a plate with one unknown character",
            asked(self.admin, lambda: queue(q=f"plate:{unknown()}")),
        )
        yield "one line's queue", asked(self.analyst, lambda: f"/lines/{self.line}/")
        yield "purge one tip whose time is over", purged


def large_tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND reltuples > %s", [LARGE]
        )
        return {row[0] for row in cursor.fetchall()}


def read_whole(label: str, asked: list[dict[str, str]], large: set[str]) -> set[str]:
    """Statements among these whose plan reads a large table from end to end."""
    found = set()
    for one in asked:
        sql = one["sql"]
        if not sql.startswith(("SELECT", "UPDATE", "DELETE")) or "pg_backend_pid" in sql:
            continue
        with connection.cursor() as cursor:
            cursor.execute(f"EXPLAIN {sql.replace('%', '%%')}")
            plan = "\n".join(row[0] for row in cursor.fetchall())
        for name in large:
            if re.search(rf"Seq Scan on {name}\b", plan):
                found.add(f"{label}: {name}: {sql[:160]}")
    return found


def measure(tips: int, *, now: datetime, explain: bool) -> tuple[dict[str, Figure], set[str]]:
    figures, whole = {}, set()
    large = large_tables() if explain else set()
    print(f"== {tips:,} tips, {rows():,} rows, {size() / 1e9:.1f} GB", flush=True)
    with served():
        house = House(now)
        for label, act in house.acts():
            figures[label] = one = act()
            print(
                f"{label:<44} CPU here {one.here:7.2f} ms   server {one.server:7.2f} ms   "
                f"clock {one.clock:7.2f} ms",
                flush=True,
            )
        if explain:
            for label, act in house.acts():
                with CaptureQueriesContext(connection) as asked:
                    act()
                distinct = {one["sql"][:60]: one for one in asked.captured_queries}
                whole |= read_whole(label, list(distinct.values()), large)
    return figures, whole


def table_of(levels: dict[int, dict[str, Figure]]) -> None:
    """In Markdown: the server's CPU time for each act, by the number of tips."""
    sizes = sorted(levels)
    print("\nThe server's CPU time, and this process's in brackets, in milliseconds:\n")
    print(f"| act | {' | '.join(f'{one:,} tips' for one in sizes)} | both, last / first |")
    print(f"|---|{'---:|' * (len(sizes) + 1)}")
    for label in levels[sizes[0]]:
        row = [levels[one][label] for one in sizes]
        cells = " | ".join(f"{one.server:.2f} ({one.here:.1f})" for one in row)
        ratio = (row[-1].server + row[-1].here) / (row[0].server + row[0].here)
        print(f"| {label} | {cells} | {ratio:.2f} |")


def silent() -> None:
    """No broker runs beside this."""


def main(tips: int, most: float) -> None:
    logging.disable(logging.WARNING)
    bell.ring_route = bell.ring_notify = silent
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    now = timezone.now()
    load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=now, actor="bench")
    base = tips // COPIES
    levels: dict[int, dict[str, Figure]] = defaultdict(dict)
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
    begun = time.perf_counter()
    make_base(base, now)
    done, last = 1, COPIES
    for until in (1, COPIES // 10, COPIES):
        while done < min(until, last):
            copy(done, base)
            done += 1
            print(
                f"\r{done * base:,} tips, {time.perf_counter() - begun:.0f} s", end="", flush=True
            )
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = DEFAULT")
        print()
        settle()
        levels[done * base], whole = measure(done * base, now=now, explain=done == last)
        if until > 1:
            last = min(COPIES, int(most * 1e9 / size() * done))
            if last < COPIES:
                print(f"{tips:,} tips would not fit into {most:.0f} GB: {last * base:,} do.")
        with connection.cursor() as cursor:
            cursor.execute("SET session_replication_role = replica")
    table_of(levels)
    print(f"\nfilled and measured in {(time.perf_counter() - begun) / 60:.0f} minutes")
    print("tables read whole: " + ("none" if not whole else ""))
    print("\n".join(sorted(whole)))


def quick(address: str) -> None:
    """Nothing of this must outlive the machine; every millisecond of the server must be seen."""
    with psycopg.connect(address, autocommit=True) as link:
        for setting, value in (
            ("max_wal_size", "'2GB'"),
            ("autovacuum", "off"),  # done by hand between two sizes
            ("max_parallel_workers_per_gather", "0"),
        ):
            link.execute(f"ALTER SYSTEM SET {setting} = {value}")
        link.execute("SELECT pg_reload_conf()")


def in_a_database_of_its_own() -> int:
    with embedded() as url:
        quick(url)
        return subprocess.run(
            [sys.executable, "-m", "bench.decade", *sys.argv[1:3]],
            env={**os.environ, "DATABASE_URL": url},
            check=False,
        ).returncode


if __name__ == "__main__":
    if not os.environ.get("DATABASE_URL"):
        sys.exit(in_a_database_of_its_own())
    given = [float(one.replace("_", "")) for one in sys.argv[1:3]]
    main(int(given[0]) if given else TIPS, given[1] if len(given) > 1 else GIGABYTES)
