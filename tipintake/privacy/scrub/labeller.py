"""The learned sequence labeller: what each token is, as probabilities.

The only module that touches python-crfsuite, which has no type stubs.
"""

from __future__ import annotations

import functools
import threading
from pathlib import Path
from typing import Any

import pycrfsuite

MODELS = Path(__file__).parent / "model"
FIELD = MODELS / "field.crfsuite"
Marginals = list[dict[str, float]]


class Labeller:
    """A conditional random field over the features of the tokens."""

    def __init__(self, path: Path) -> None:
        self.tagging = threading.Lock()
        self.tagger: Any = pycrfsuite.Tagger()
        self.tagger.open(str(path))

    def marginals(self, rows: list[list[str]]) -> Marginals:
        """For each token the probability of every label."""
        if not rows:
            return []
        sequence = pycrfsuite.ItemSequence(rows)
        # A tagger holds one sequence: two threads would read the probabilities of each other's.
        with self.tagging:
            self.tagger.set(sequence)
            marginal, labels = self.tagger.marginal, self.tagger.labels()
            return [{label: marginal(label, at) for label in labels} for at in range(len(rows))]


@functools.cache
def shipped_labeller() -> Labeller:
    """The labeller that comes with the package, read once a process."""
    return Labeller(FIELD)
