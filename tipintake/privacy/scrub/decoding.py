"""From label probabilities to a choice, token by token: masked or left to stand.

Two states with a price for changing between them, so that a clause is masked as a whole.
"""

from __future__ import annotations

import functools
import json
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tipintake.privacy.scrub.labeller import Matrix
from tipintake.privacy.scrub.labels import OUTSIDE

SHORT = 80  # tokens: of less the labellers mask too much where nothing tells of a writer
WEIGHTS = Path(__file__).parent / "model" / "weights.json"


@dataclass(frozen=True, slots=True)
class Weights:
    """How much each label counts, tuned on narratives whose author was left out of training."""

    label: dict[str, float] = field(default_factory=dict)
    bias: float = 1.0
    short: float = 0.0  # less bias for a short text
    switch: float = 1.5
    floor: float = 0.015
    sure: float = 0.6
    plain: float = 0.06
    encoder: float = 0.5


@dataclass(frozen=True, slots=True)
class Opinion:
    """The probability of each label for each token: tokens x labels."""

    labels: list[str]
    matrix: Matrix

    def odds(self, weights: Weights) -> list[float]:
        """Log odds, for each token, that it must go."""
        own = [
            weights.plain if one == OUTSIDE else weights.label.get(one, 1.0) for one in self.labels
        ]
        goes = self.going()
        weighed = self.matrix * np.array(own)
        masked = weights.floor + weighed[:, goes].sum(axis=1)
        kept = weights.floor + weighed[:, ~goes].sum(axis=1)
        bias = weights.bias - (weights.short if len(self.matrix) < SHORT else 0.0)
        return [float(one) for one in np.log(masked / kept) + bias]

    def going(self) -> npt.NDArray[np.bool_]:
        return np.array([label[0] == "R" for label in self.labels])

    def masked(self) -> list[float]:
        """The probability, for each token, of any label that must go."""
        return [float(one) for one in self.matrix[:, self.going()].sum(axis=1)]

    def likeliest(self) -> list[str]:
        """The likeliest of the labels that must go, for each token."""
        going = [label for label in self.labels if label[0] == "R"]
        return [going[at] for at in self.matrix[:, self.going()].argmax(axis=1)]

    def of(self, label: str) -> list[float]:
        return [float(one) for one in self.matrix[:, self.labels.index(label)]]


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
