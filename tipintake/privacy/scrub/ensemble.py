"""Two labellers that read differently, and one opinion made of both.

The random field knows lists of names, roles and cues; the encoder knows what sentences mean.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from tipintake.privacy.scrub.decoding import Opinion, Weights, shipped_weights
from tipintake.privacy.scrub.encoder import Encoder, mixture, shipped_encoder
from tipintake.privacy.scrub.features import Analysis, look_at
from tipintake.privacy.scrub.labeller import Labeller, shipped_labeller


@dataclass(frozen=True, slots=True)
class Ensemble:
    """`weights` say how much the encoder counts, and how much each label does."""

    field: Labeller
    encoder: Encoder
    weights: Weights

    def opinion(self, an: Analysis, known: frozenset[int]) -> Opinion:
        """What each token is; `known` tokens stand in fields."""
        labels = self.encoder.labels
        first = self.field.probabilities(look_at(an, known), labels)
        second = self.encoder.probabilities(an.text, an.tokens)
        return Opinion(labels, mixture(first, second, self.weights.encoder))


@functools.cache
def shipped_ensemble() -> Ensemble:
    return Ensemble(shipped_labeller(), shipped_encoder(), shipped_weights())
