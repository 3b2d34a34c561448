"""The learned sequence labeller: what each token is, as probabilities.

The only module that touches python-crfsuite, which has no type stubs.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pycrfsuite

MODELS = Path(__file__).parent / "model"
FIELD = MODELS / "field.crfsuite"
Matrix = npt.NDArray[np.float64]


class Labeller:
    """A conditional random field over the features of the tokens."""

    def __init__(self, path: Path) -> None:
        self.tagging = threading.Lock()
        self.tagger: Any = pycrfsuite.Tagger()
        self.tagger.open(str(path))

    def probabilities(self, rows: list[list[str]], labels: Sequence[str]) -> Matrix:
        """Tokens x labels; a label that the field never met has none."""
        if not rows:
            return np.zeros((0, len(labels)))
        sequence = pycrfsuite.ItemSequence(rows)
        # A tagger holds one sequence: two threads would read the probabilities of each other's.
        with self.tagging:
            self.tagger.set(sequence)
            marginal, met = self.tagger.marginal, frozenset(self.tagger.labels())
            columns = [
                [marginal(label, at) for at in range(len(rows))] if label in met else None
                for label in labels
            ]
        nothing = [0.0] * len(rows)
        return np.array([column or nothing for column in columns]).T


@functools.cache
def shipped_labeller() -> Labeller:
    """The labeller that comes with the package, read once a process."""
    return Labeller(FIELD)
