"""Whether the time of an answer tells an unknown receipt from a purged one, in 10,000 guesses.

`python -m bench.receipts [GUESSES]`: a database of its own (DATABASE_URL is respected). Purged and
unknown receipts are asked in turn, in random order, through the whole public door. AUC is the
chance that a purged one takes longer than an unknown one: 0.5 tells nothing, 0 or 1 everything.

Between them come wrong ones, with one character of a kept or an unknown receipt mistyped. They are
answered 422 without a look at the database, and so openly; but no time may tell a slip in a kept
receipt from one in an unknown.
"""

import json
import logging
import random
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median, quantiles

from django.conf import settings
from django.core.management import call_command
from django.test import Client
from django.utils import timezone

from tests.pipeline.conftest import draft
from tipintake.pipeline.checkpoint import checkpoint
from tipintake.pipeline.retain import purge_test
from tipintake.pipeline.submit import submit_tip
from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import CameBy

KEPT = 200
PURGED = 200
ANSWERS = {"purged": 404, "unknown": 404, "wrong, kept": 422, "wrong, unknown": 422}
PAIRS = (("purged", "unknown"), ("wrong, kept", "wrong, unknown"))
Ask = Callable[[str], int]


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

    def status(code: str) -> int:
        body = json.dumps({"receipt": code})
        return web.post("/api/v1/tips/status", body, "application/json").status_code

    def messages(code: str) -> int:
        body = json.dumps({"receipt": code, "text": "The van came again on Friday."})
        return web.post("/api/v1/tips/messages", body, "application/json").status_code

    def back(code: str) -> int:
        return web.post("/back/", {"code": code}).status_code

    unknown = [receipts.new() for _ in range(PURGED)]
    codes = {
        "purged": [one.pretty for one in purged],
        "unknown": [one.pretty for one in unknown],
        "wrong, kept": [_mistyped(one.pretty) for one in kept],
        "wrong, unknown": [_mistyped(one.pretty) for one in unknown],
    }
    for name, ask, count in (
        ("API status", status, guesses),
        ("API messages", messages, guesses // 5),
        ("page /back/", back, guesses // 5),
    ):
        _compare(name, ask, codes, count)
    answers = {status(one.pretty) for one in kept[:20]}
    asked = 2 * (guesses + 2 * (guesses // 5))
    print(f"after {asked} guesses a true receipt is answered {answers}")
    assert answers == {200}


def _purge(codes: Iterable[ReceiptCode]) -> None:
    pepper = keys.pepper(settings.KEYS_DIR)
    marks = [receipts.fingerprint(one, pepper) for one in codes]
    assert purge_test(
        Tip.objects.filter(receipt_hmac__in=marks), actor="bench", now=timezone.now()
    ) == len(marks)
    checkpoint()


def _mistyped(code: str) -> str:
    return ("1" if code[0] == "0" else "0") + code[1:]


def _compare(name: str, ask: Ask, codes: dict[str, list[str]], count: int) -> None:
    order = [kind for pair in PAIRS for kind in pair] * (count // 2)
    random.shuffle(order)
    took: dict[str, list[float]] = {kind: [] for kind in codes}
    for number, kind in enumerate(order):
        code = codes[kind][number % len(codes[kind])]
        begun = time.perf_counter()
        status = ask(code)
        took[kind].append((time.perf_counter() - begun) * 1000)
        assert status == ANSWERS[kind], (kind, status)
    for kind, times in took.items():
        cut = quantiles(times, n=100)
        print(
            f"{name:<13} {kind:<14} {len(times):>6}  median {median(times):6.3f} ms"
            f"  p95 {cut[94]:6.3f} ms",
            flush=True,
        )
    for one, other in PAIRS:
        noise = 1.96 * ((1 / len(took[one]) + 1 / len(took[other])) / 12) ** 0.5
        found = auc(took[one], took[other])
        print(
            f"{name:<13} {one} against {other}: AUC {found:.3f},"
            f" of nothing but chance 0.500 ± {noise:.3f}",
            flush=True,
        )


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
