"""The learned sequence labeller: what each token is, as probabilities.

The only module that touches python-crfsuite, which has no type stubs.
"""

from __future__ import annotations

import functools
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pycrfsuite

MODELS = Path(__file__).parent / "model"
Marginals = list[dict[str, float]]


class Labeller:
    """A few conditional random fields whose probabilities are averaged."""

    def __init__(self, paths: Sequence[Path]) -> None:
        self.tagging = threading.Lock()
        self.taggers: list[Any] = []
        for path in paths:
            tagger = pycrfsuite.Tagger()
            tagger.open(str(path))
            self.taggers.append(tagger)

    def marginals(self, rows: list[list[str]]) -> Marginals:
        """For each token the probability of every label."""
        if not rows:
            return []
        sequence = pycrfsuite.ItemSequence(rows)
        share = 1 / len(self.taggers)
        averaged: Marginals = [{} for _ in rows]
        # A tagger holds one sequence: two threads would read the probabilities of each other's.
        with self.tagging:
            for tagger in self.taggers:
                tagger.set(sequence)
                marginal = tagger.marginal
                for label in tagger.labels():
                    for at, token in enumerate(averaged):
                        token[label] = token.get(label, 0.0) + share * marginal(label, at)
        return averaged


@functools.cache
def shipped_labeller() -> Labeller:
    """The labeller that comes with the package, read once a process."""
    return Labeller(sorted(MODELS.glob("*.crfsuite")))
