"""The figures that the model card prints, at the least."""

import pytest

from bench._outcomes import Tally, narratives_of
from bench.authors import tallied

# Authors on whom nothing was trained: masked and kept at the least, lost at the most.
GOALS = {
    "dev": (0.96, 0.93, 0.015),
    "later_t": (0.92, 0.90, 0.02),
    "later_u": (0.94, 0.89, 0.02),
    "later_v": (0.96, 0.94, 0.02),
    "later_w": (0.87, 0.91, 0.02),
    "later_dd": (0.87, 0.91, 0.02),
    "later_hh": (0.92, 0.92, 0.02),
    "later_ii": (0.92, 0.93, 0.02),
    "later_ll": (0.94, 0.89, 0.03),
    "later_mm": (0.92, 0.88, 0.03),
    "later_nn": (0.90, 0.93, 0.02),
}


@pytest.fixture(scope="module", params=GOALS)
def author(request: pytest.FixtureRequest) -> tuple[str, Tally]:
    return request.param, tallied(narratives_of(request.param))["all"]


def test_what_tells_who_wrote_is_masked_evidence_kept_and_nothing_said_twice(
    author: tuple[str, Tally],
) -> None:
    name, found = author
    masked, kept, lost = GOALS[name]
    assert found.must_go >= 200
    assert found.evidence > 400
    assert found.masked >= masked
    assert found.kept >= kept
    assert found.lost <= lost
    assert found.survives == 0
