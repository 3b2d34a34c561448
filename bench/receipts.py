"""Whether the time of an answer tells an unknown receipt from a purged one, in 10,000 guesses.

`python -m bench.receipts [GUESSES]`: a database of its own (DATABASE_URL is respected). Purged and
unknown receipts are asked in turn, in random order, through the whole public door. AUC is the
chance that a purged one takes longer than an unknown one: 0.5 tells nothing, 0 or 1 everything.
"""

import json
import logging
import random
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.pipeline.conftest import draft
from tipintake.pipeline.checkpoint import checkpoint
from tipintake.pipeline.retain import purge_due
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.tips import retention
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy

KEPT = 200
PURGED = 200
Ask = Callable[[ReceiptCode], int]


def client() -> Client:
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]
    return Client()


def main(guesses: int) -> None:
    logging.disable(logging.CRITICAL)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    now = timezone.now()
    load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=now, actor="bench")
    kept = [submit_tip(draft(), came_by=CameBy.API, now=now).code for _ in range(KEPT)]
    purged = [submit_tip(draft(), came_by=CameBy.API, now=now).code for _ in range(PURGED)]
    _purge(purged)
    web = client()

    def status(code: ReceiptCode) -> int:
        body = json.dumps({"receipt": code.pretty})
        return web.post("/api/v1/tips/status", body, "application/json").status_code

    def messages(code: ReceiptCode) -> int:
        body = json.dumps({"receipt": code.pretty, "text": "The van came again on Friday."})
        return web.post("/api/v1/tips/messages", body, "application/json").status_code

    def back(code: ReceiptCode) -> int:
        return web.post("/back/", {"code": code.pretty}).status_code

    for name, ask, count in (
        ("API status", status, guesses),
        ("API messages", messages, guesses // 5),
        ("page /back/", back, guesses // 5),
    ):
        _compare(name, ask, purged, count)
    answers = {status(one) for one in kept[:20]}
    print(f"after {guesses + 2 * (guesses // 5)} guesses a true receipt is answered {answers}")
    assert answers == {200}


def _purge(codes: Iterable[ReceiptCode]) -> None:
    pepper = keys.pepper(settings.KEYS_DIR)
    marks = [receipts.fingerprint(one, pepper) for one in codes]
    long_ago = timezone.now() - retention.LONGEST - timedelta(days=1)
    Tip.objects.filter(receipt_hmac__in=marks).update(submitted_hour=long_ago)
    while purge_due(now=timezone.now(), limit=100):
        continue
    checkpoint()
    assert not Tip.objects.filter(receipt_hmac__in=marks).exists()


def _compare(name: str, ask: Ask, purged: list[ReceiptCode], count: int) -> None:
    order = ["purged", "unknown"] * (count // 2)
    random.shuffle(order)
    took: dict[str, list[float]] = {"purged": [], "unknown": []}
    codes = {"purged": purged, "unknown": [receipts.new() for _ in purged]}
    seen = set()
    for number, kind in enumerate(order):
        code = codes[kind][number % len(purged)]
        begun = time.perf_counter()
        status = ask(code)
        took[kind].append((time.perf_counter() - begun) * 1000)
        seen.add(status)
    assert seen == {404}, seen
    for kind, times in took.items():
        cut = quantiles(times, n=100)
        print(
            f"{name:<13} {kind:<8} {len(times):>6}  median {median(times):6.3f} ms"
            f"  p95 {cut[94]:6.3f} ms",
            flush=True,
        )
    noise = 1.96 * (sum(1 / len(times) for times in took.values()) / 12) ** 0.5
    found = auc(took["purged"], took["unknown"])
    print(f"{name:<13} AUC {found:.3f}, of nothing but chance 0.500 ± {noise:.3f}", flush=True)


def auc(one: list[float], other: list[float]) -> float:
    """The chance that a value of `one` is above a value of `other`; ties count half."""
    ranked = sorted([(value, True) for value in one] + [(value, False) for value in other])
    total, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        rank = (at + end + 1) / 2
        total += rank * sum(mine for _value, mine in ranked[at:end])
        at = end
    return (total - len(one) * (len(one) + 1) / 2) / (len(one) * len(other))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
