"""The learned sequence labeller: what each token is, as probabilities.

A linear-chain conditional random field, trained by python-crfsuite and read here from tables.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from tipintake.privacy.scrub.features import (
    BORDERED,
    END,
    PART,
    SETS,
    SPECIAL,
    START,
    TEMPLATES,
    Columns,
    Presence,
    Template,
    View,
)

MODELS = Path(__file__).parent / "model"
FIELD = MODELS / "field.npz"
Matrix = npt.NDArray[np.float64]
Floats = npt.NDArray[np.float32]
Numbers = npt.NDArray[np.int64]
REACH = 4
MOST_PARTS = 3
STEPS_BETWEEN_SCALINGS = 8


@dataclass(frozen=True, slots=True)
class Trained:
    """What the training found: the weight of each feature for each label, and of each step."""

    labels: list[str]
    features: list[str]
    weights: Floats
    steps: Matrix

    def write(self, path: Path) -> None:
        names = np.frombuffer("\0".join(self.features).encode(), dtype=np.uint8)
        np.savez_compressed(
            path,
            labels=np.array(" ".join(self.labels)),
            features=names,
            weights=self.weights,
            steps=self.steps,
        )

    @classmethod
    def read(cls, path: Path) -> Trained:
        with np.load(path) as stored:
            return cls(
                labels=str(stored["labels"]).split(),
                features=stored["features"].tobytes().decode().split("\0"),
                weights=stored["weights"],
                steps=stored["steps"],
            )


class Tables:
    """The rows of weights of the templates of one number of columns.

    The values of a column are numbered from 1; 0 is a value that no feature has. One column
    alone leads to its row by its number, several by their numbers packed into one.
    """

    def __init__(self, templates: Sequence[Template], parts: int, order: Mapping[str, int]) -> None:
        self.templates = [one for one in templates if len(one.parts) == parts]


class Labeller:
    """A conditional random field over what is to be seen of the tokens."""

    def __init__(self, path: Path) -> None:
        trained = Trained.read(path)
        self.labels = trained.labels
        self.steps = np.exp(trained.steps)
        self.weights = np.vstack([np.zeros((1, len(self.labels)), np.float32), trained.weights])
        rows: dict[str, dict[str, int]] = {}
        for row, feature in enumerate(trained.features, 1):
            name, _, value = feature.partition("=")
            rows.setdefault(name, {})[value] = row
        self.of_sets = {name: rows.get(name, {}) for name in (*(s[0] for s in SETS), SPECIAL)}
        self.codes: dict[str, dict[str, int]] = {
            column: {} for column in sorted({c for one in TEMPLATES for c, _ in one.parts})
        }
        self.singles = [one for one in TEMPLATES if len(one.parts) == 1]
        self.joined = [one for one in TEMPLATES if len(one.parts) > 1]
        for one in TEMPLATES:
            for value in rows.get(one.name, ()):
                for (column, _), part in zip(one.parts, value.split(PART), strict=True):
                    codes = self.codes[column]
                    codes.setdefault(part, len(codes) + 1)
        self.most = 1 + max(len(codes) for codes in self.codes.values())
        self.of_singles = np.zeros((len(self.singles), self.most), dtype=np.int64)
        for at, one in enumerate(self.singles):
            codes = self.codes[one.parts[0][0]]
            for value, row in rows.get(one.name, {}).items():
                self.of_singles[at, codes[value]] = row
        self.of_joined = {
            self.packed(at, [self.codes[c][v] for (c, _), v in zip(one.parts, value.split(PART), strict=True)]): row
            for at, one in enumerate(self.joined)
            for value, row in rows.get(one.name, {}).items()
        }
        self.places_of_singles = self.places(self.singles, 0)
        self.places_of_joined = [self.places(self.joined, nth) for nth in range(MOST_PARTS)]

    def packed(self, template: int, codes: Iterable[int]) -> int:
        key, unit = template, len(self.joined)
        for code in codes:
            key += unit * code
            unit *= self.most
        return key

    def places(self, templates: Sequence[Template], nth: int) -> tuple[Numbers, Numbers]:
        """Line and offset of the nth part; a line of noughts where there is no nth part."""
        lines = {column: line for line, column in enumerate(self.codes, 1)}
        found = [one.parts[nth] if nth < len(one.parts) else ("", 0) for one in templates]
        return (
            np.array([[lines.get(column, 0)] for column, _ in found]),
            np.array([[REACH + offset] for _, offset in found]),
        )

    def coded(self, columns: Columns, length: int) -> Numbers:
        """The numbers of the values, a line a column, with a margin for those outside the text."""
        lines = np.zeros((1 + len(self.codes), length + 2 * REACH), dtype=np.int64)
        for line, (column, codes) in enumerate(self.codes.items(), 1):
            find = codes.get
            lines[line, REACH : REACH + length] = [find(value, 0) for value in columns[column]]
            if column in BORDERED:
                lines[line, :REACH] = find(START, 0)
                lines[line, REACH + length :] = find(END, 0)
        return lines

    def scores(self, view: View) -> Matrix:
        """Tokens x labels: the weights of all features of each token added up."""
        length = len(view.columns["one"])
        lines, at = self.coded(view.columns, length), np.arange(length)
        line, offset = self.places_of_singles
        singles = np.take_along_axis(self.of_singles, lines[line, offset + at], axis=1)
        keys: Numbers = np.arange(len(self.joined))[:, None]
        unit = len(self.joined)
        for line, offset in self.places_of_joined:
            keys = keys + unit * lines[line, offset + at]
            unit *= self.most
        find = self.of_joined.get
        joined = np.array([find(key, 0) for key in keys.ravel().tolist()], dtype=np.int64)
        rows = np.concatenate([singles.ravel(), joined])
        scores = self.weights[rows].reshape(-1, length, len(self.labels)).sum(axis=0)
        for name, column, shift in SETS:
            self.add_set(scores, view.sets[column], self.of_sets[name], shift)
        find_special = self.of_sets[SPECIAL].get
        for token, features in view.special.items():
            found = [find_special(feature, 0) for feature in features]
            scores[token] += self.weights[found].sum(axis=0)
        return scores.astype(np.float64)

    def add_set(self, scores: Floats, given: Presence, rows: Mapping[str, int], shift: int) -> None:
        added = given.has @ self.weights[[rows.get(name, 0) for name in given.names]]
        if shift < 0:
            scores[-shift:] += added[:shift]
        elif shift > 0:
            scores[:-shift] += added[shift:]
        else:
            scores += added

    def probabilities(self, view: View, labels: Sequence[str]) -> Matrix:
        """Tokens x labels; a label that the field never met has none."""
        own = marginals(self.scores(view), self.steps)
        order = [self.labels.index(label) if label in self.labels else -1 for label in labels]
        return np.hstack([own, np.zeros((len(own), 1))])[:, order]


def marginals(scores: Matrix, steps: Matrix) -> Matrix:
    """The probability of each label at each token: forwards, backwards, and both together.

    `steps` holds what each pair of neighbouring labels weighs, as a factor.
    """
    if not len(scores):
        return scores
    factors = np.exp(scores - scores.max(axis=1, keepdims=True))
    forth = swept(factors, steps)
    back = swept(factors[::-1], steps.T)[::-1]
    both = forth * back / factors
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def swept(factors: Matrix, steps: Matrix) -> Matrix:
    """The weight of all ways from the first token to each label of each token."""
    sums = np.empty_like(factors)
    before = factors[0]
    sums[0] = before
    for at in range(1, len(factors)):
        here = sums[at]
        np.dot(before, steps, out=here)
        here *= factors[at]
        if at % STEPS_BETWEEN_SCALINGS == 0:
            here /= here.sum()
        before = here
    return sums


@functools.cache
def shipped_labeller() -> Labeller:
    """The labeller that comes with the package, read once a process."""
    return Labeller(FIELD)
