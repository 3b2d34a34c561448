"""`python -m bench.fuzz [MINUTES] [TARGET…]`: feed parsers and pages with made-up input.

Each target gets its turn of some seconds with new examples, again and again until the time is
over. What breaks is shown in its smallest form and that target rests; the end says how many values
each took and how many broke. `--seed N` begins where an earlier run began. With `--guided TARGET`
and atheris installed (it is in no requirements: a build of its own is fine) one target is led by
what its values reach in the code.

Not among the benchmarks of `make bench`: it gives no figure of speed. The suite tries the same
targets with few examples (tests/fuzz/test_slice.py).
"""

import argparse
import importlib
import random
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from typing import Any

import django.db
from django.conf import settings
from django.core.management import call_command
from hypothesis import HealthCheck, Phase, given, seed
from hypothesis import settings as how

from tests.fuzz.everything import TARGETS  # before Django: it names a home of its own
from tests.fuzz.target import Target
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack

TURN_SECONDS = 20
LONGEST_TOLD = 8000
EVERYTHING = list(HealthCheck)


def house() -> None:
    """A database, keys and the region, in the throw-away home."""
    call_command("migrate", verbosity=0, interactive=False)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    load(read_pack(settings.REGIONS_DIR / settings.REGION), now=datetime.now(UTC), actor="fuzz")


def turn(target: Target, start: int, seconds: float) -> tuple[int, str]:
    """How many values were tried, and what broke in its smallest form."""
    until = time.monotonic() + seconds
    tried = 0

    def one(value: Any) -> None:
        nonlocal tried
        if time.monotonic() > until:
            return  # the rest of the round is over at once
        tried += 1
        target.tried(value)

    def alone(value: Any) -> None:
        one(value)

    test = how(
        max_examples=max(10, target.examples * 20),
        deadline=None,
        database=None,
        print_blob=False,
        suppress_health_check=EVERYTHING,
        phases=(Phase.generate, Phase.target, Phase.shrink),
    )(seed(start)(given(target.values)(alone)))
    try:
        test()
    except Exception as fault:  # noqa: BLE001  whatever it is, it is shown
        told = "".join(traceback.format_exception(fault))
        return tried, told if len(told) < LONGEST_TOLD else f"…{told[-LONGEST_TOLD:]}"
    return tried, ""


def rounds(names: list[str], minutes: float, start: int) -> int:
    until = time.monotonic() + minutes * 60
    tried = dict.fromkeys(names, 0)
    broken: dict[str, str] = {}
    number = 0
    while time.monotonic() < until and len(broken) < len(names):
        number += 1
        for name in names:
            if name in broken or time.monotonic() > until:
                continue
            count, fault = turn(TARGETS[name], start + number, TURN_SECONDS)
            tried[name] += count
            if fault:
                broken[name] = fault
                print(f"BROKEN {name}, seed {start + number}\n{fault}", flush=True)
        total = sum(tried.values())
        print(f"round {number}: {total} values, {len(broken)} targets broken", flush=True)
    for name in names:
        print(f"{tried[name]:9} {name}{'  BROKEN' if name in broken else ''}")
    return len(broken)


def guided(target: Target, minutes: float) -> None:
    atheris = importlib.import_module("atheris")
    test: Any = how(deadline=None, database=None, suppress_health_check=EVERYTHING)(
        given(target.values)(partial(target.tried))
    )
    feed: Callable[[bytes], object] = test.hypothesis.fuzz_one_input
    atheris.instrument_all()
    atheris.Setup([sys.argv[0], f"-max_total_time={int(minutes * 60)}"], feed)
    atheris.Fuzz()


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m bench.fuzz", description=__doc__)
    asked.add_argument("minutes", type=float, nargs="?", default=10)
    asked.add_argument("targets", nargs="*", choices=[[], *TARGETS])
    asked.add_argument("--seed", type=int, default=random.randrange(1 << 30))
    asked.add_argument("--guided", choices=[*TARGETS])
    told = asked.parse_args()
    house()
    if told.guided:
        guided(TARGETS[told.guided], told.minutes)
        return
    print(f"seed {told.seed}", flush=True)
    broken = rounds(told.targets or [*TARGETS], told.minutes, told.seed)
    django.db.connection.close()
    sys.exit(f"{broken} targets broke." if broken else 0)


if __name__ == "__main__":
    main()
