"""What the desk finds when somebody opens it first: tips that came just now and wait for them.

Without them every clock of a demo has stopped: what is days old has been answered long ago.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tipintake.demo.rings import Ring
from tipintake.demo.scenes import MadeTip, Maker

SHARE = 0.04
RINGS_THAT_GO_ON = 3


@dataclass(frozen=True, slots=True)
class Waiting:
    """How long before the end it came, and what it tells."""

    minutes: float
    kind: str
    immediacy: str = "RECENT"


# The most telling first: a small demo has a few of them only.
MORNING = (
    Waiting(2, "hotel", "NOW"),
    Waiting(7, "minor"),
    Waiting(50, "spa"),
    Waiting(26, "house", "NOW"),
    Waiting(130, "labor", "ONGOING"),
    Waiting(95, "truck stop"),
    Waiting(215, "hotel", "ONGOING"),
    Waiting(40, "ad", "ONGOING"),
    Waiting(4, "game"),
    Waiting(75, "vague"),
    Waiting(180, "lure"),
    Waiting(300, "spa", "ONGOING"),
)


def of_this_morning(maker: Maker, *, tips: int, end: datetime) -> list[MadeTip]:
    """Nobody has answered these yet: some have time left, some have none."""
    return [_made(maker, one, end) for one in MORNING[: int(tips * SHARE)]]


def _made(maker: Maker, one: Waiting, end: datetime) -> MadeTip:
    made = maker.tip(end - timedelta(minutes=one.minutes), one.kind)
    made.values["immediacy"] = one.immediacy
    made.waits = True
    return made


def let_go_on(rings: Sequence[Ring], *, end: datetime) -> None:
    """Of the rings heard of last, the newest tip came this morning: a link to judge at once."""
    counted = [ring for ring in rings if ring.counted]
    latest = sorted(counted, key=lambda ring: ring.members[-1].at, reverse=True)
    for at, ring in enumerate(latest[:RINGS_THAT_GO_ON]):
        newest = max(ring.members, key=lambda one: one.at)
        newest.at = end - timedelta(minutes=20 + 55 * at)
        newest.waits = True
