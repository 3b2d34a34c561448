"""A few examples of each target, the same in every run; `python -m bench.fuzz` looks for more."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.fuzz.doors import DOORS
from tests.fuzz.everything import TARGETS
from tests.fuzz.target import Target
from tipintake.directory.gazetteer import Gazetteer

WITH_ROWS = [one.name for one in DOORS]
QUICK = [name for name, one in TARGETS.items() if not one.slow and name not in WITH_ROWS]


def try_some(target: Target) -> None:
    how = settings(
        max_examples=max(1, target.examples // 2), suppress_health_check=list(HealthCheck)
    )
    how(given(target.values)(lambda value: target.tried(value)))()


@pytest.mark.parametrize("name", QUICK)
def test_nothing_that_is_read_breaks_its_reader(name: str) -> None:
    try_some(TARGETS[name])


@pytest.mark.parametrize("name", WITH_ROWS)
def test_nothing_that_is_sent_breaks_a_page(name: str, region: Gazetteer) -> None:
    try_some(TARGETS[name])
