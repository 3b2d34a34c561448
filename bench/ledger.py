"""Hold a ledger of accepted tips against the database: `python -m bench.ledger FILE`.

FILE has one line for each tip that was answered with 201: its number and its reference. Tips of
a run carry their number as a plate, so that a tip kept twice shows even where only one of the two
was answered.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

PLATE = "L{:06}"

ASK = """
import json
from django.db.models import Count
from tipintake.models import Decision, HandOff, Tip, Vehicle
plates = Vehicle.objects.filter(plate_canonical__regex="^L[0-9]{6}$")
again = HandOff.objects.values("tip", "line").annotate(n=Count("pk")).filter(n__gt=1)
print("LEDGER " + json.dumps({
    "tips": list(plates.values_list("plate_canonical", "tip__reference")),
    "waiting": Tip.objects.filter(routed_at=None).count(),
    "undecided": Tip.objects.annotate(n=Count("decisions")).filter(n=0).count(),
    "decided_twice": Tip.objects.annotate(n=Count("decisions")).filter(n__gt=1).count(),
    "nowhere": Tip.objects.filter(hand_offs=None).count(),
    "handed_twice": again.count(),
}))
"""


@dataclass(frozen=True, slots=True)
class Found:
    accepted: int
    lost: int
    kept_twice: int
    waiting: int
    undecided: int
    decided_twice: int
    nowhere: int
    handed_twice: int

    @property
    def holds(self) -> bool:
        wrong = (self.lost, self.kept_twice, self.waiting, self.undecided)
        return not any((*wrong, self.decided_twice, self.nowhere, self.handed_twice))

    def sentences(self) -> list[str]:
        return [
            f"{self.accepted} tips were accepted: {self.lost} lost, {self.kept_twice} kept twice",
            f"{self.waiting} wait, {self.undecided} undecided, {self.nowhere} with no line",
            f"{self.decided_twice} routed twice, {self.handed_twice} twice in one queue",
        ]


def said_of(ledger: Path, command: Callable[..., str]) -> Found:
    """`command` runs a management command of the installation and returns what it printed."""
    accepted = dict(line.split() for line in ledger.read_text().splitlines())
    printed = command("shell", "-c", ASK)
    (line,) = [one for one in printed.splitlines() if one.startswith("LEDGER ")]
    state = json.loads(line.removeprefix("LEDGER "))
    kept = {(int(plate[1:]), reference) for plate, reference in state.pop("tips")}
    promised = {(int(number), reference) for number, reference in accepted.items()}
    numbers = [number for number, _reference in kept]
    return Found(
        accepted=len(promised),
        lost=len(promised - kept),
        kept_twice=len(numbers) - len(set(numbers)),
        **state,
    )


def manage(*arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "manage.py", *arguments], capture_output=True, text=True, check=True
    )
    return done.stdout


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("Name the ledger: python -m bench.ledger FILE")
    result = said_of(Path(sys.argv[1]), manage)
    print("\n".join(result.sentences()))
    sys.exit(0 if result.holds else 1)
