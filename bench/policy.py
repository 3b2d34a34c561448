"""How long a policy takes: one routing pass at 100 rules, and a simulation over many kept tips.

`python -m bench.policy [TIPS [RULES]]`: a database of its own (DATABASE_URL is respected). The
simulated draft has a seeded dead rule, shadowed rule and catch-all leak; they must be found.
"""

import logging
import statistics
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

from bench.pipeline import NOW, keep
from tests.routing.policies import WITH_FAULTS, grown
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline.placing import ground
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.routing.decide import decide
from tipintake.routing.facts import LocationFacts, TipFacts, facts_of_tip
from tipintake.routing.policy import lifecycle
from tipintake.routing.policy.rulebook import FIRST, Rulebook, read
from tipintake.staff import accounts
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip

PASSES = 3000


class Watch:
    """Times of many passes: by the clock, and of this thread's CPU, which other work on the
    machine does not move."""

    def __init__(self) -> None:
        self.clock: list[float] = []
        self.cpu: list[float] = []

    @contextmanager
    def timed(self) -> Iterator[None]:
        begun, spent = time.perf_counter(), time.thread_time()
        yield
        self.cpu.append(time.thread_time() - spent)
        self.clock.append(time.perf_counter() - begun)

    def show(self, label: str) -> None:
        shown = []
        for name, seconds in (("clock", self.clock), ("CPU", self.cpu)):
            cuts = statistics.quantiles(seconds, n=1000)
            p50, p99, p999 = (1000 * cuts[at - 1] for at in (500, 990, 999))
            shown.append(f"{name} p50 {p50:5.2f} p99 {p99:5.2f} p99.9 {p999:5.2f} ms")
        print(f"{label:<46} {'   '.join(shown)}", flush=True)


def passes(policy: Rulebook, gazetteer: Gazetteer) -> Watch:
    """From facts to decision. Every rule is asked: the tip has a place, signs and a vehicle."""
    watch = Watch()
    for number in range(PASSES):
        tip = TipFacts(
            category="SUSPICIOUS_PLACE_PATTERN",
            immediacy="ONGOING",
            minor_present="NO",
            codes=frozenset({"HTL_CASH"} if number % 2 else {"CTL_ID_HELD", "VEH_RECURRING"}),
            locations=(LocationFacts(place_type="HOTEL_MOTEL", city="Wentzville", zip="63385"),),
            has_vehicle=True,
            received=NOW,
        )
        with watch.timed():
            decide(tip, gazetteer, policy=policy)
    return watch


def whole_passes() -> Watch:
    """The same with its reading: the ground, the tip and its parts, the facts, the decision."""
    watch = Watch()
    for key in Tip.objects.values_list("pk", flat=True)[:PASSES]:
        with watch.timed():
            on = ground()
            parts = ("vehicles", "locations", "online", "mentions")
            tip = Tip.objects.prefetch_related(*parts).get(pk=key)
            assert on.decided(partial(facts_of_tip, tip)) is not None
    return watch


def main(tips: int, rules: int) -> None:
    logging.disable(logging.WARNING)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    call_command("migrate", verbosity=0)
    pack = read_pack(Path(settings.REGIONS_DIR) / settings.REGION)
    load(pack, now=NOW, actor="bench")
    many = read(grown(rules), version=2)
    passes(FIRST, pack.gazetteer()).show(f"decision, {len(FIRST.rules)} rules")
    passes(many, pack.gazetteer()).show(f"decision, {len(many.rules)} rules")

    keep(tips, routed=True)
    accounts.create("kim", roles=[Role.POLICY_OFFICER], actor="bench", now=NOW)
    draft = lifecycle.draft(by="kim", now=NOW, text=WITH_FAULTS)
    print(f"simulating over {tips} tips, {tips * 2} decisions", flush=True)
    begun, spent = time.perf_counter(), time.process_time()
    call_command("policy", "simulate", str(draft.version), "--by", "kim")
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    print(f"{'simulated':<52} {took:6.1f} s  CPU {spent:6.1f} s  {tips / took:6.0f} tips/s")
    draft.refresh_from_db()
    found = draft.simulation
    assert "R20" in found["never_hit"], found["never_hit"]
    assert found["shadowed"].get("R21") == "R4", found["shadowed"]
    assert found["leaks"]["R3"]["count"] > 0, found["leaks"]

    draft.text, draft.digest = many.text, many.digest
    draft.state, draft.version = "ACTIVE", 3
    type(draft).objects.filter(state="ACTIVE").update(state="RETIRED")
    draft.save()
    whole_passes().show(f"routing pass with its reading, {len(many.rules)} rules")


if __name__ == "__main__":
    given = [int(value) for value in sys.argv[1:3]]
    main(*given, *(100_000, 100)[len(given) :])
