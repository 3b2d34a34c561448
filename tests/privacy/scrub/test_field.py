"""The random field: what the tables give is what the training's features weigh."""

import itertools
import threading
from pathlib import Path

import numpy as np
import pytest

from tipintake.privacy.scrub.features import View, analyse, features_of, look_at
from tipintake.privacy.scrub.labeller import Labeller, Matrix, Trained, marginals, shipped_labeller
from tipintake.privacy.scrub.tokens import tokenize

TIP = (
    "My neighbor Ana Ruiz told me | that a man called Rico keeps two girls in room 214 of the "
    'motel on Route 94.\nThe ad says "call me at 314-555-0163". Yo limpio cuartos ahí los martes, '
    "mi teléfono es 314-555-0142, plate AB1 C2D."
)
OTHER = "Ana saw the van again, I work nights; Rico's number is 314-555-0163."


def view_of(text: str, known: frozenset[int] = frozenset()) -> View:
    return look_at(analyse(text, tokenize(text)), known)


@pytest.fixture
def field(tmp_path: Path) -> tuple[Labeller, Trained]:
    """A field with a weight of chance for every feature of a text."""
    chance = np.random.default_rng(5)
    features = sorted({one for row in features_of(view_of(TIP, frozenset((3,)))) for one in row})
    trained = Trained(
        labels=["O", "R.NAME", "K.NAME"],
        features=features,
        weights=chance.normal(size=(len(features), 3)).astype(np.float32),
        steps=chance.normal(size=(3, 3)),
    )
    path = tmp_path / "field.npz"
    trained.write(path)
    return Labeller(path), trained


@pytest.mark.parametrize("text", [TIP, OTHER, "Ana", "nothing known here at all"])
def test_each_token_scores_what_its_features_weigh(
    field: tuple[Labeller, Trained], text: str
) -> None:
    labeller, trained = field
    weights = dict(zip(trained.features, trained.weights, strict=True))
    view = view_of(text, frozenset((3,)))
    added = [sum(weights.get(one, np.zeros(3)) for one in row) for row in features_of(view)]
    assert np.allclose(labeller.scores(view), added, atol=1e-3)


def by_every_way(scores: Matrix, steps: Matrix) -> Matrix:
    length, labels = scores.shape
    found = np.zeros_like(scores)
    for way in itertools.product(range(labels), repeat=length):
        weight = sum(scores[at, label] for at, label in enumerate(way))
        weight += sum(np.log(steps[pair]) for pair in itertools.pairwise(way))
        for at, label in enumerate(way):
            found[at, label] += np.exp(weight)
    return np.asarray(found / found.sum(axis=1, keepdims=True))


@pytest.mark.parametrize("length", [1, 2, 6])
def test_the_probabilities_are_those_of_all_ways_through_the_text(length: int) -> None:
    chance = np.random.default_rng(length)
    scores, steps = chance.normal(size=(length, 3)), np.exp(chance.normal(size=(3, 3)))
    assert np.allclose(marginals(scores, steps), by_every_way(scores, steps))


def test_a_long_text_and_huge_scores_stay_numbers() -> None:
    chance = np.random.default_rng(1)
    scores = chance.normal(scale=400, size=(5000, 24))
    found = marginals(scores, np.exp(chance.normal(scale=4, size=(24, 24))))
    assert np.allclose(found.sum(axis=1), 1)


def test_a_label_that_the_field_never_met_has_no_probability() -> None:
    labeller = shipped_labeller()
    found = labeller.probabilities(view_of(TIP), ["R.NAME", "NEVER", *labeller.labels])
    assert not found[:, 1].any()
    assert np.allclose(found[:, 2:].sum(axis=1), 1)


def test_nothing_to_read_gives_no_rows() -> None:
    assert shipped_labeller().probabilities(view_of(""), ["O"]).shape == (0, 1)


def test_threads_that_read_at_once_do_not_disturb_each_other() -> None:
    labeller = shipped_labeller()
    views = [view_of(TIP), view_of(OTHER)]
    alone = [labeller.probabilities(view, labeller.labels) for view in views]
    wrong: list[int] = []

    def read(which: int) -> None:
        for _ in range(30):
            found = labeller.probabilities(views[which], labeller.labels)
            if not np.array_equal(found, alone[which]):
                wrong.append(which)

    threads = [threading.Thread(target=read, args=(which,)) for which in (0, 1, 0, 1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
