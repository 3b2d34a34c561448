"""How fast waiting tips are routed and notified, and whether the rate falls as the table grows.

`python -m bench.pipeline [WAITING [BEFORE]]`: a database of its own (DATABASE_URL is respected),
WAITING tips routed on an empty table, then WAITING again beside BEFORE tips that are routed.
"""

import logging
import secrets
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from tests.pipeline.conftest import draft
from tipintake.delivery.models import HandOff, Notice
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.routing.models import Decision
from tipintake.tips.models import OnlineLead, Place, PlaceMention, Tip, Vehicle

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)
CITIES = ("Wentzville", "O'Fallon", "Creve Coeur", "Chesterfield", "Arnold", "")
SIGNS: tuple[list[str], ...] = (
    ["HTL_TRAFFIC"],
    ["CTL_DEBT"],
    ["LAB_UNPAID", "VIC_FEAR"],
    ["ONL_AD"],
    [],
)
CHUNK = 1000


def keep(count: int, *, routed: bool = False) -> None:
    """Tips as the door would have kept them, without their sealed words."""
    for first in range(0, count, CHUNK):
        numbers = range(first, min(first + CHUNK, count))
        tips = [a_tip(number, routed=routed) for number in numbers]
        Tip.objects.bulk_create(tips)
        Place.objects.bulk_create(
            Place(
                tip=tip,
                position=0,
                place_type="HOTEL_MOTEL",
                name="A hotel",
                city=CITIES[number % len(CITIES)],
                zip="63385" if number % 7 == 0 else "",
            )
            for number, tip in zip(numbers, tips, strict=True)
        )
        Vehicle.objects.bulk_create(
            Vehicle(tip=tip, position=0, plate_raw="ABC123", plate_canonical="ABC123")
            for tip in tips
        )
        OnlineLead.objects.bulk_create(
            OnlineLead(tip=tip, position=0, url="https://ads.example/1")
            for tip in tips
            if tip.indicators == ["ONL_AD"]
        )
        PlaceMention.objects.bulk_create(
            PlaceMention(tip=tip, kind="city", code="wentzville-mo", strength="scene")
            for tip in tips
        )


def a_tip(number: int, *, routed: bool) -> Tip:
    given = draft()
    return Tip(
        reference=f"T-{secrets.token_hex(5)}"[:12],
        receipt_hmac=secrets.token_bytes(32),
        receipt_public_key=bytes(32),
        submitted_hour=NOW,
        routed_at=NOW if routed else None,
        priority="P3" if routed else "",
        came_by="API",
        category=given.category,
        immediacy="NOW" if number % 50 == 0 else "ONGOING",
        minor_present="POSSIBLY" if number % 9 == 0 else "NO",
        indicators=SIGNS[number % len(SIGNS)],
        narrative_sealed=bytes(600),
    )


def timed(label: str, count: int, step: Callable[[], int]) -> float:
    """The rate by this process's own CPU time, which other work on the machine does not move."""
    begun, spent = time.perf_counter(), time.process_time()
    while step():
        continue
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    print(
        f"{label:<44} {count:>7} in {took:6.1f} s {count / took:7.0f}/s"
        f"   CPU {spent:6.1f} s {count / spent:7.0f}/s",
        flush=True,
    )
    return count / spent


def route() -> int:
    return route_waiting(now=NOW)


def notify() -> int:
    return notify_due(now=NOW, limit=200)


def main(waiting: int, before: int) -> None:
    logging.disable(logging.WARNING)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=NOW, actor="bench")
    print(f"database: {connection.vendor}")
    keep(waiting)
    alone = timed("tips routed, empty table", waiting, route)
    due = Notice.objects.count()
    hand_offs = HandOff.objects.filter(notify_at__isnull=False).count()
    timed("hand-offs announced (call list, console)", hand_offs, notify)
    keep(before, routed=True)
    keep(waiting)
    beside = timed(f"tips routed beside {before + waiting} others", waiting, route)
    keep(before)
    deep = timed(f"tips routed, {before} waiting at once", before, route)
    print(
        f"rate beside many / rate alone: {beside / alone:.2f}, of a long queue: {deep / alone:.2f}"
    )
    assert Decision.objects.count() == 2 * waiting + before
    assert due == 0


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:3]]
    main(*given, *(10_000, 100_000)[len(given) :])
