"""All tips of one demo, decided before any is sent: the same seed gives the same people."""

import itertools
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipintake.demo.morning import let_go_on, of_this_morning
from tipintake.demo.rings import DECOYS, RINGS, WITHIN_A_RING, Decoy, Ring, When, burst
from tipintake.demo.scenery import Scenery
from tipintake.demo.scenes import MadeTip, Maker, arrival

LEAST, MOST = 20, 5000
SHARE_IN_RINGS = 0.2
SHARE_OF_DECOYS = 0.08


@dataclass(frozen=True, slots=True)
class Plan:
    """Tips in the order in which they come."""

    tips: tuple[MadeTip, ...]
    rings: tuple[Ring, ...]
    decoys: tuple[Decoy, ...]


def plan(scenery: Scenery, *, tips: int, days: int, seed: int, end: datetime) -> Plan:
    """`tips` tips of the last `days` before `end`, a fifth of them in rings."""
    rng = random.Random(seed)  # noqa: S311 made-up people, not secrets
    maker = Maker(scenery, rng)
    earliest = end - timedelta(days=days)
    spread = min(WITHIN_A_RING, timedelta(days=days)) + timedelta(hours=1)

    def start() -> datetime:
        """So early that the whole ring comes before the end."""
        at = arrival(end, days, rng)
        return max(min(at, end - spread), earliest - WITHIN_A_RING)

    rings = tuple(_rings(maker, start, int(tips * SHARE_IN_RINGS)))
    decoys = tuple(_decoys(maker, start, int(tips * SHARE_OF_DECOYS)))
    made = [one for ring in rings for one in ring.members]
    made += [one for decoy in decoys for one in decoy.members]
    morning = of_this_morning(maker, tips=tips, end=end)
    let_go_on(rings, end=end)
    rest = [maker.tip(arrival(end, days, rng)) for _ in range(tips - len(made) - len(morning))]
    rest += morning
    made = sorted([*made, *rest], key=lambda one: (one.at, one.number))
    return Plan(tuple(made), rings, decoys)


def _rings(maker: Maker, start: When, most: int) -> Iterator[Ring]:
    used = 0
    for turn, (by, make) in enumerate(itertools.cycle(RINGS.items())):
        members, links = make(maker, start)
        used += len(members)
        if used > most:
            return
        name = f"{by}-{turn // len(RINGS) + 1}"
        yield _noted(Ring(name, by, tuple(members), links))
        if turn == len(RINGS) - 1 and used + 6 <= most:
            crowd = tuple(burst(maker, start))
            used += len(crowd)
            pairs = tuple((a, b, "plate") for a, b in itertools.combinations(crowd, 2))
            yield _noted(Ring("burst-1", "burst", crowd, pairs, counted=False))


def _decoys(maker: Maker, start: When, most: int) -> Iterator[Decoy]:
    used = 0
    for turn, (kind, (make, why)) in enumerate(itertools.cycle(DECOYS.items())):
        members = tuple(make(maker, start))
        used += len(members)
        if used > most:
            return
        decoy = Decoy(f"{kind}-{turn // len(DECOYS) + 1}", why, members)
        for one in members:
            one.groups.append(decoy.name)
        yield decoy


def _noted(ring: Ring) -> Ring:
    for one in ring.members:
        one.groups.append(ring.name)
    return ring
