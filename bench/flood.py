"""Junk at five times what the machine can take, beside tips that people mean: is each of these
kept and routed within a minute?

`python -m bench.flood [SECONDS [TIMES]]` (60 and 5). First it measures in the same run how many
tips a second this machine takes. Then a script sends junk at TIMES that, a hundred posts from each
of its addresses, and does not come back, while people send 5 tips a second (a third of what was
measured where the machine takes less than 15), each from an address of their own. They do as the
API says: who is told that it is busy comes again. Ends with 1 unless every tip of theirs was kept
and routed within a minute of when it was first sent, none of them sorted behind, nothing that was
answered with 201 is lost, and no process ended.
"""

import json
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bench._fleet import Fleet, Row, fleet, percentiles
from bench._sender import Task
from bench._usage import Spent, look, parts
from bench.kills import server, wait_until_settled
from bench.load import warm
from tests.installation import Installation, installation

MEASURED_FOR = 10.0
HONEST, SHARE = 5.0, 1 / 3
WITHIN = 60.0
OF_AN_ADDRESS = 100  # posts in the whole run, as from a rented network
JUNK_PROCESSES, JUNK_THREADS = 2, 240
HONEST_THREADS = 60

STATE = """
import json
from tipintake.models import Tip
rows = Tip.objects.values_list("reference", "routed_at", "low_trust", "flood")
print("STATE " + json.dumps([
    [reference, routed.timestamp() if routed else 0, low, flood is not None]
    for reference, routed, low, flood in rows
]))
"""


@dataclass(frozen=True, slots=True)
class Kept:
    routed: float  # seconds since the epoch
    low_trust: bool
    grouped: bool


def main(seconds: float, times: float) -> None:
    with (
        tempfile.TemporaryDirectory() as name,
        server() as postgres,
        installation(TIPINTAKE_TRUSTED_PROXY="1") as one,
    ):
        folder = Path(name)
        warm(one, folder)
        most = measured(one, folder)
        honest = min(HONEST, most * SHARE)
        print(f"this machine takes {most:.1f} tips/s now; people send {honest:.1f}/s", flush=True)
        people = Task(one.public, "", 7, HONEST_THREADS, seconds, honest)
        script = Task(
            *(one.public, "", 8, JUNK_THREADS, seconds, most * times),
            kind="junk",
            addresses=max(8, int(most * times * seconds / OF_AN_ADDRESS)),
        )
        with (
            fleet(people, 1, folder, "people") as meant,
            fleet(script, JUNK_PROCESSES, folder, "junk") as junk,
        ):
            of = parts(one, postgres, {"senders": [*meant.ids(), *junk.ids()]})
            before = Spent(look(of, memory=False))
            junk.go()
            meant.go()
            time.sleep(seconds)
            spent = before.until(look(of, memory=False), seconds)
            memory = look(parts(one, postgres))
            junk.wait()
            meant.wait()
            tips, rubbish = meant.rows(), junk.rows()
        wait_until_settled(one)
        state = state_of(one)
        ended = one.printed().count("starting it again")
    print(*spent.lines(sum(row.status == 201 for row in [*tips, *rubbish])), sep="\n")
    print("own MB: " + ", ".join(f"{part} {used.own:.0f}" for part, used in memory.items()))
    tell_of_junk(rubbish, state, seconds)
    wrong = [*verdict(tips, state, meant), *lost([*tips, *rubbish], state)]
    if ended:
        wrong.append(f"{ended} processes ended")
    print("FLOOD: " + ("; ".join(wrong) if wrong else "every tip of theirs in time, nothing lost"))
    sys.exit(1 if wrong else 0)


def measured(one: Installation, folder: Path) -> float:
    """Tips a second when as many come as are taken."""
    task = Task(one.public, "", 5, 16, MEASURED_FOR)
    with fleet(task, 2, folder, "measured") as senders:
        senders.go()
        senders.wait()
        rows = senders.rows()
    kept = [row for row in rows if row.status == 201]
    return len(kept) / max(row.due + row.took / 1000 for row in kept)


def state_of(one: Installation) -> dict[str, Kept]:
    printed = one.command("shell", "-c", STATE)
    (line,) = [one for one in printed.splitlines() if one.startswith("STATE ")]
    return {row[0]: Kept(*row[1:]) for row in json.loads(line.removeprefix("STATE "))}


def tell_of_junk(rubbish: Sequence[Row], state: dict[str, Kept], seconds: float) -> None:
    kept = [state[row.reference] for row in rubbish if row.reference in state]
    answers = dict(Counter(row.status for row in rubbish))
    print(
        f"junk: {len(rubbish) / seconds:.0f}/s sent, answers {answers} (0: its sender gave up); "
        f"of {len(kept)} kept {sum(one.low_trust for one in kept)} sort behind, "
        f"{sum(one.grouped for one in kept)} are grouped"
    )


def verdict(tips: Sequence[Row], state: dict[str, Kept], meant: Fleet) -> list[str]:
    kept = [row for row in tips if row.status == 201]
    routed = [
        state[row.reference].routed - meant.went - row.due
        for row in kept
        if row.reference in state
    ]
    again = Counter(row.tries - 1 for row in tips)
    print(
        f"people: {len(tips)} tips, answers {dict(Counter(row.status for row in tips))}, "
        f"answered {percentiles([row.took for row in tips])}; "
        f"sent again (times: tips) {dict(sorted(again.items()))}"
    )
    for why in {row.reference for row in tips if 400 <= row.status < 500}:
        print(f"refused: {why}")
    print(f"routed after {percentiles([1000 * one for one in routed])}")
    behind = sum(state[row.reference].low_trust for row in kept if row.reference in state)
    late = sum(one > WITHIN for one in routed)
    found = {
        f"{len(tips) - len(kept)} of theirs not kept": len(tips) != len(kept),
        f"{late} routed later than {WITHIN:.0f} s": bool(late),
        f"{behind} of theirs sort behind": bool(behind),
    }
    return [sentence for sentence, holds in found.items() if holds]


def lost(rows: Sequence[Row], state: dict[str, Kept]) -> list[str]:
    missing = sum(row.reference not in state for row in rows if row.status == 201)
    return [f"{missing} LOST"] if missing else []


if __name__ == "__main__":
    given = [float(value) for value in sys.argv[1:3]]
    main(*given, *(60.0, 5.0)[len(given) :])
