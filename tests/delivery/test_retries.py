from datetime import timedelta

import pytest

from tipintake.delivery.retries import MOST_ATTEMPTS, WAITS, wait_after


@pytest.mark.parametrize(
    ("attempts", "wait"),
    [
        (1, timedelta(seconds=30)),
        (2, timedelta(minutes=2)),
        (3, timedelta(minutes=8)),
        (4, timedelta(minutes=30)),
        (5, timedelta(hours=2)),
        (6, timedelta(hours=4)),
        (7, timedelta(hours=4)),
        (8, None),
        (9, None),
    ],
)
def test_waits_grow_and_end(attempts: int, wait: timedelta | None) -> None:
    assert wait_after(attempts, jitter=0.5) == wait


def test_jitter_spreads_a_wait_by_a_quarter_either_way() -> None:
    assert wait_after(1, jitter=0) == timedelta(seconds=22.5)
    assert wait_after(1, jitter=1) == timedelta(seconds=37.5)


def test_an_endpoint_may_ask_for_longer_but_neither_shorter_nor_for_ever() -> None:
    assert wait_after(1, jitter=0.5, asked_for=timedelta(minutes=5)) == timedelta(minutes=5)
    assert wait_after(1, jitter=0.5, asked_for=timedelta(seconds=1)) == timedelta(seconds=30)
    assert wait_after(1, jitter=0.5, asked_for=timedelta(days=9)) == timedelta(hours=4)


def test_all_attempts_fit_into_half_a_day() -> None:
    assert len(WAITS) == MOST_ATTEMPTS - 1
    assert timedelta(hours=10) < sum(WAITS, timedelta()) < timedelta(hours=12)
