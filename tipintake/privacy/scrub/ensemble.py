"""Two labellers that read differently, and one opinion made of both.

The random field knows lists of names, roles and cues; the encoder knows what sentences mean.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass

from tipintake.privacy.scrub.decoding import Weights, shipped_weights
from tipintake.privacy.scrub.encoder import Encoder, blended, shipped_encoder
from tipintake.privacy.scrub.features import Analysis, features_of
from tipintake.privacy.scrub.labeller import Labeller, Marginals, shipped_labeller


@dataclass(frozen=True, slots=True)
class Ensemble:
    """`weights` say how much the encoder counts, and how much each label does."""

    field: Labeller
    encoder: Encoder
    weights: Weights

    def marginals(self, an: Analysis, known: frozenset[int]) -> Marginals:
        """For each token the probability of every label; `known` tokens stand in fields."""
        read = self.encoder.probabilities(an.text, an.tokens)
        first = self.field.marginals(features_of(an, known))
        return blended(first, self.encoder.labels, read, self.weights.encoder)


@functools.cache
def shipped_ensemble() -> Ensemble:
    return Ensemble(shipped_labeller(), shipped_encoder(), shipped_weights())
