"""The learned sequence labeller: what each token is, as probabilities.

A linear-chain conditional random field, trained by python-crfsuite and read here from tables.
"""

from __future__ import annotations

import functools
from collections.abc import Mapping, Sequence
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
LEAST = -300.0
AT_ONCE = 512  # tokens whose weights are in memory together


@dataclass(frozen=True, slots=True)
class Trained:
    """What training found: for each feature its weight for each label, and for each step
    from label to label.
    """

    labels: list[str]
    features: list[str]
    weights: Floats
    steps: Matrix

    def write(self, path: Path) -> None:
        np.savez_compressed(
            path,
            labels=np.array(self.labels),
            features=np.frombuffer("\0".join(self.features).encode(), dtype=np.uint8),
            weights=self.weights,
            steps=self.steps,
        )

    @classmethod
    def read(cls, path: Path) -> Trained:
        with np.load(path, allow_pickle=False) as stored:
            return cls(
                labels=[str(label) for label in stored["labels"]],
                features=stored["features"].tobytes().decode().split("\0"),
                weights=stored["weights"],
                steps=stored["steps"],
            )


class Tables:
    """In which row the weights of a feature stand, found by the numbers of its values.

    The values of a column are numbered from 1; 0 is any value that no feature has, and row 0
    has no weights. A feature of one column is found by its number, one of several by their
    numbers packed into one.
    """

    def __init__(self, rows: Mapping[str, Mapping[str, int]]) -> None:
        self.numbers: dict[str, dict[str, int]] = {
            column: {} for one in TEMPLATES for column, _ in one.parts
        }
        for one in TEMPLATES:
            for value in rows.get(one.name, ()):
                self.learn(one, value.split(PART))
        self.unit = 1 + max(len(numbers) for numbers in self.numbers.values())
        single = [one for one in TEMPLATES if len(one.parts) == 1]
        joined = [one for one in TEMPLATES if len(one.parts) > 1]
        self.single = np.zeros((len(single), self.unit), dtype=np.int64)
        for kind, one in enumerate(single):
            for value, row in rows.get(one.name, {}).items():
                self.single[kind, self.numbers[one.parts[0][0]][value]] = row
        self.kinds = np.arange(len(joined))[:, None]
        found = sorted(
            (self.packed(kind, one, value.split(PART)), row)
            for kind, one in enumerate(joined)
            for value, row in rows.get(one.name, {}).items()
        ) or [(-1, 0)]
        self.joined = np.array([key for key, _ in found], dtype=np.int64)
        self.rows_of_joined = np.array([row for _, row in found], dtype=np.int64)
        self.places_of_single = self.places(single, 0)
        self.places_of_joined = [self.places(joined, nth) for nth in range(MOST_PARTS)]

    def learn(self, template: Template, values: Sequence[str]) -> None:
        for (column, _), value in zip(template.parts, values, strict=True):
            numbers = self.numbers[column]
            numbers.setdefault(value, len(numbers) + 1)

    def packed(self, kind: int, template: Template, values: Sequence[str]) -> int:
        key, unit = kind, len(self.kinds)
        for (column, _), value in zip(template.parts, values, strict=True):
            key += unit * self.numbers[column][value]
            unit *= self.unit
        return key

    def places(self, templates: Sequence[Template], nth: int) -> tuple[Numbers, Numbers]:
        """For each template the line and the offset of its nth part; line 0 where it has none."""
        lines = {column: line for line, column in enumerate(self.numbers, 1)}
        parts = [one.parts[nth] if nth < len(one.parts) else ("", 0) for one in templates]
        return (
            np.array([[lines.get(column, 0)] for column, _ in parts]),
            np.array([[REACH + offset] for _, offset in parts]),
        )

    def numbered(self, columns: Columns, length: int) -> Numbers:
        """The values as numbers, a line a column, with a margin for what is outside the text."""
        lines = np.zeros((1 + len(self.numbers), REACH + length + REACH), dtype=np.int64)
        for line, (column, numbers) in enumerate(self.numbers.items(), 1):
            number = numbers.get
            lines[line, REACH : REACH + length] = [number(one, 0) for one in columns[column]]
            if column in BORDERED:
                lines[line, :REACH] = number(START, 0)
                lines[line, REACH + length :] = number(END, 0)
        return lines

    def rows(self, columns: Columns, length: int) -> Numbers:
        """Templates x tokens: the row of each feature, 0 where none was learned."""
        lines, at = self.numbered(columns, length), np.arange(length)
        line, offset = self.places_of_single
        single = np.take_along_axis(self.single, lines[line, offset + at], axis=1)
        keys, unit = self.kinds, len(self.kinds)
        for line, offset in self.places_of_joined:
            keys = keys + unit * lines[line, offset + at]
            unit *= self.unit
        at_key = np.searchsorted(self.joined[:-1], keys)
        joined = np.where(self.joined[at_key] == keys, self.rows_of_joined[at_key], 0)
        return np.vstack([single, joined])


class Labeller:
    """A conditional random field over what is to be seen of the tokens."""

    def __init__(self, path: Path) -> None:
        trained = Trained.read(path)
        self.labels = trained.labels
        self.steps = np.exp(trained.steps)
        nothing = np.zeros((1, len(self.labels)), dtype=np.float32)
        self.weights = np.vstack([nothing, trained.weights])
        rows: dict[str, dict[str, int]] = {}
        for row, feature in enumerate(trained.features, 1):
            name, _, value = feature.partition("=")
            rows.setdefault(name, {})[value] = row
        self.tables = Tables(rows)
        self.of_sets = {name: rows.get(name, {}) for name, _, _ in SETS}
        self.of_special = rows.get(SPECIAL, {})

    def scores(self, view: View) -> Matrix:
        """Tokens x labels: the weights of all features of each token added up."""
        length = view.length
        rows = self.tables.rows(view.columns, length)
        scores: Floats = np.empty((length, len(self.labels)), dtype=np.float32)
        for start in range(0, length, AT_ONCE):
            block = rows[:, start : start + AT_ONCE]
            weights = self.weights.take(block.ravel(), axis=0).reshape(*block.shape, -1)
            weights.sum(axis=0, out=scores[start : start + AT_ONCE])
        for name, column, offset in SETS:
            self.add_set(scores, view.sets[column], self.of_sets[name], offset)
        row = self.of_special.get
        for at, features in view.special.items():
            scores[at] += self.weights[[row(one, 0) for one in features]].sum(axis=0)
        return scores.astype(np.float64)

    def add_set(
        self, scores: Floats, given: Presence, rows: Mapping[str, int], offset: int
    ) -> None:
        """What the names of a token, or of one `offset` tokens away, add to its scores."""
        added = given.has @ self.weights[[rows.get(name, 0) for name in given.names]]
        if offset < 0:
            scores[-offset:] += added[:offset]
        elif offset > 0:
            scores[:-offset] += added[offset:]
        else:
            scores += added

    def probabilities(self, view: View, labels: Sequence[str]) -> Matrix:
        """Tokens x labels; a label that the field never met has none."""
        found = np.zeros((view.length, len(labels)))
        met = [at for at, label in enumerate(labels) if label in self.labels]
        if view.length:
            own = [self.labels.index(labels[at]) for at in met]
            found[:, met] = marginals(self.scores(view), self.steps)[:, own]
        return found


def marginals(scores: Matrix, steps: Matrix) -> Matrix:
    """The probability of each label at each token: forwards, backwards, and both together.

    `steps` holds, as a factor, what it weighs to go from one label to another.
    """
    factors = np.exp(np.maximum(scores - scores.max(axis=1, keepdims=True), LEAST))
    forth = swept(factors, steps)
    back = swept(factors[::-1], steps.T)[::-1]
    both = forth * back / factors
    return np.asarray(both / both.sum(axis=1, keepdims=True))


def swept(factors: Matrix, steps: Matrix) -> Matrix:
    """For each token the weight of all ways that lead from the first token to each label."""
    sums = np.empty_like(factors)
    before = sums[0] = factors[0]
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
