"""The desk with very many tips: time in the view, and statements a page.

`python -m bench.queue [TIPS [ROUNDS]]`: a database of its own (DATABASE_URL is respected), filled
once with TIPS tips, of which four in ten are open, then each page asked for ROUNDS times as the
desk serves it, middleware and template included. Where DATABASE_URL names a
PostgreSQL database, `python -m bench.queue 1000000` measures what is promised there. The pages of
the queue have the least time; counts of all that stands have more.
"""

import gc
import logging
import os
import random
import secrets
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import partial
from pathlib import Path
from statistics import median, quantiles
from urllib.parse import quote, urlencode
from uuid import UUID

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings
from django.utils import timezone

from bench._crowd import fill, settle
from tests.web.desk import entering
from tipintake.delivery.models import DONE, HandOff
from tipintake.directory.models import Line
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.staff import accounts
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip, Vehicle
from tipintake.triage.models import Link

BUDGET_MS = {"postgresql": 50, "sqlite": 100}
COUNTING_MS = 300  # of a page that counts everything, or draws it
MOST_STATEMENTS = 10
RING = 200
NOT_A_STATEMENT = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")


def client(name: str, *roles: Role, lines: tuple[str, ...] = ()) -> Client:
    name = f"{name}-{secrets.token_hex(3)}"  # the database may be measured again
    password = accounts.create(name, roles=roles, lines=lines, actor="bench", now=timezone.now())
    browser = Client()
    entering.enter(browser, name, password)
    return browser


def measure(
    label: str, ask: Callable[[], str], browser: Client, rounds: int, *, counts: bool = False
) -> bool:
    """Time on the wall, and of this process alone, which other work does not move as much."""
    took: list[float] = []
    spent: list[float] = []
    with CaptureQueriesContext(connection) as asked:
        page(browser, ask())
    gc.collect()
    gc.freeze()  # as config/serve.py does once an application stands
    said = [one["sql"] for one in asked.captured_queries]
    statements = [sql for sql in said if not sql.startswith(NOT_A_STATEMENT)]
    forbidden = [word for word in ("COUNT(*)", " OFFSET ") if word in " ".join(said).upper()]
    if os.environ.get("SHOW"):
        for one in asked.captured_queries:
            print(f"   {one['time']} {one['sql'][:120]}")
    for _ in range(rounds):
        address = ask()
        begun, used = time.perf_counter(), time.process_time()
        page(browser, address)
        took.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - used) * 1000)
    p95, busy = quantiles(took, n=20)[-1], quantiles(spent, n=20)[-1]
    budget = COUNTING_MS if counts else BUDGET_MS[connection.vendor]
    good = p95 < budget and (counts or len(statements) <= MOST_STATEMENTS)
    print(
        f"{label:<44} p50 {median(took):6.1f} ms   p95 {p95:6.1f} ms   "
        f"CPU p50 {median(spent):5.1f}  p95 {busy:5.1f} ms   "
        f"{len(statements):>2} statements {' '.join(forbidden)} {'' if good else '  <-- over'}",
        flush=True,
    )
    return good and (counts or not forbidden)


def page(browser: Client, address: str) -> None:
    answer = browser.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    rows = (
        not address.startswith("/queue/?") or "plate" in address or b"data-row" in answer.content
    )
    assert rows, address


def queue(**query: str) -> str:
    return f"/queue/?{urlencode(query)}"


def ring(line: str) -> str:
    """Tips of a line that hang together by confirmed links, more than a page draws; the number
    of one.
    """
    own = Tip.objects.filter(hand_offs__line__code=line).order_by("submitted_hour")
    tips = sorted(own[:RING].only("reference"), key=_key)
    by = User.objects.order_by("pk").first()
    Link.objects.bulk_create(
        (
            Link(
                one=one,
                other=other,
                why="same_plate",
                mark=f"same_plate:{at}",
                strength=3,
                value_one="AB1C2D",
                value_other="AB1C2D",
                state=Link.State.CONFIRMED,
                judged_by=by,
                judged_at=timezone.now(),
            )
            for at, (one, other) in enumerate((tips[n // 4], tips[n]) for n in range(1, len(tips)))
        ),
        ignore_conflicts=True,
    )
    return tips[0].reference


def _key(tip: Tip) -> UUID:
    return tip.pk


@contextmanager
def served() -> Iterator[None]:
    """As the desk's process serves it."""
    with override_settings(
        ROLE="desk",
        ROOT_URLCONF="config.urls_desk",
        MIDDLEWARE=settings.DESK_MIDDLEWARE,
        ALLOWED_HOSTS=["testserver"],
    ):
        yield


def main(tips: int, rounds: int) -> bool:
    logging.disable(logging.WARNING)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    now = timezone.now()
    if not Tip.objects.exists():
        load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=now, actor="bench")
        begun = time.perf_counter()
        fill(tips, now=now, said=lambda _count: None)
        settle()
        print(f"{connection.vendor}: {tips} tips loaded in {time.perf_counter() - begun:.0f} s")
    codes = list(Line.objects.order_by("pk").values_list("code", flat=True))
    chance = random.Random(3)
    plates = list(Vehicle.objects.order_by("pk").values_list("plate_canonical", flat=True)[:500])

    def unknown(plate: str) -> str:
        at = chance.randrange(len(plate))
        return plate[:at] + "?" + plate[at + 1 :]

    def deep() -> str:
        """Somewhere in the middle of the routine tips, a few hundred thousand rows down."""
        due = now - timedelta(days=chance.randrange(10, 300), minutes=chance.randrange(1440))
        return queue(view="all", after=f"40~{due.isoformat()}~0")

    print(f"{HandOff.objects.filter(rank__lt=DONE).count()} hand-offs of open tips")
    results = []
    with served():
        admin = client("root", Role.ADMIN)
        analyst = client("sam", Role.ANALYST, lines=tuple(codes[:4]))
        agency = client("pat", Role.PARTNER, lines=(codes[-1],))
        for label, ask, browser in (
            ("first page, every line", queue, admin),
            ("first page, an analyst's lines", queue, analyst),
            ("first page, a small agency's line", queue, agency),
            ("deep page, every line", deep, admin),
            ("deep page, an analyst's lines", deep, analyst),
            ("filtered: city and state", lambda: queue(q="city:wentzville is:waiting"), admin),
            ("filtered: a rare city", lambda: queue(q="city:eureka"), analyst),
            (
                "filtered: category, priority, age",
                lambda: queue(q="category:labor-trafficking priority:P3 age:>2d"),
                admin,
            ),
            ("filtered: one line", lambda: queue(q=f"line:{codes[-1]}"), admin),
            ("filtered: due soon", lambda: queue(q="is:due-soon priority:P4"), admin),
            ("filtered: low trust", lambda: queue(q="is:low-trust"), admin),
            ("closed, the latest", lambda: queue(q="is:closed"), analyst),
            (
                "plate with one unknown character",
                lambda: queue(q=f"plate:{unknown(chance.choice(plates))}"),
                admin,
            ),
            (
                "the same, an analyst's lines",
                lambda: queue(q=f"plate:{unknown(chance.choice(plates))}"),
                analyst,
            ),
            ("a plate's beginning", lambda: queue(q=f"plate:{chance.choice(plates)[:4]}*"), admin),
            ("views and their counts", lambda: "/queue/views/", admin),
            ("search: a city", lambda: "/search/?city=Wentzville", analyst),
            ("search: a rare city", lambda: "/search/?city=Eureka", analyst),
            (
                "search: plate, one character unknown",
                lambda: f"/search/?plate={quote(unknown(chance.choice(plates)))}",
                analyst,
            ),
            ("one line's queue", lambda: f"/lines/{codes[0]}/", analyst),
            ("one line's queue, closed", lambda: f"/lines/{codes[0]}/?state=closed", analyst),
        ):
            results.append(measure(label, ask, browser, rounds))
        supervisor = client("kim", Role.SUPERVISOR, lines=tuple(codes[:4]))
        for label, address, browser in (
            ("every line with its counts", "/", admin),
            ("supervision, every line", "/supervision/", admin),
            ("supervision, a supervisor's lines", "/supervision/", supervisor),
            ("supervision, ninety days", "/supervision/?days=90", supervisor),
            ("map, the newest tips", "/map/", analyst),
            ("map, one line", f"/map/?line={codes[0]}", analyst),
            ("a cluster of very many tips", f"/tips/{ring(codes[0])}/together/", analyst),
        ):
            results.append(measure(label, partial(str, address), browser, rounds, counts=True))
    return all(results)


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:3]]
    main(*given, *(100_000, 40)[len(given) :])
