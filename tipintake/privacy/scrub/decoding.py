"""From label probabilities to a choice, token by token: masked or left to stand.

Two states with a price for changing between them, so that a clause is masked as a whole.
"""

from __future__ import annotations

import functools
import json
import math
from dataclasses import dataclass, field
from pathlib import Path

WEIGHTS = Path(__file__).parent / "model" / "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each label counts, tuned on narratives whose author was left out of training."""

    label: dict[str, float] = field(default_factory=dict)
    bias: float = 1.0
    switch: float = 1.5
    floor: float = 0.015
    sure: float = 0.6
    plain: float = 0.06
    encoder: float = 0.5

    def odds(self, token: dict[str, float]) -> float:
        """Log odds that the token must go."""
        masked = kept = self.floor
        for label, probability in token.items():
            if label[0] == "R":
                masked += probability * self.label.get(label, 1.0)
            elif label[0] == "K":
                kept += probability * self.label.get(label, 1.0)
            else:
                kept += probability * self.plain
        return math.log(masked / kept) + self.bias


@functools.cache
def shipped_weights() -> Weights:
    return Weights(**json.loads(WEIGHTS.read_text(encoding="utf-8")))


def best_mask(odds: list[float], switch: float) -> list[bool]:
    """The mask of highest total odds less `switch` for each change (Viterbi over two states)."""
    if not odds:
        return []
    masked = standing = 0.0
    from_masked: list[tuple[bool, bool]] = []
    for value in odds:
        stay_masked = masked >= standing - switch
        leave = masked - switch > standing
        from_masked.append((stay_masked, leave))
        masked, standing = (
            (masked if stay_masked else standing - switch) + value,
            masked - switch if leave else standing,
        )
    state = masked > standing
    mask: list[bool] = []
    for stay_masked, leave in reversed(from_masked):
        mask.append(state)
        state = stay_masked if state else leave
    return mask[::-1]


def probability_masked(token: dict[str, float]) -> float:
    return sum(p for label, p in token.items() if label[0] == "R")


def likeliest(token: dict[str, float], initial: str) -> str:
    """The likeliest label among those that begin with `initial`."""
    return max((label for label in token if label[0] == initial), key=token.__getitem__)
