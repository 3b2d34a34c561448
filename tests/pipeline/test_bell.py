import threading
import time
from collections.abc import Callable

import pytest

from tests.waiting import eventually
from tipintake.pipeline.bell import Bell


class Broker:
    """Takes names, fails, or hangs until told to go on."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.tries = 0
        self.down = False
        self.free = threading.Event()
        self.free.set()

    def __call__(self, name: str) -> None:
        self.tries += 1
        self.free.wait(10)
        if self.down:
            raise ConnectionRefusedError
        self.taken.append(name)


@pytest.fixture
def broker() -> Broker:
    return Broker()


def milliseconds(act: Callable[[], None]) -> float:
    begun = time.perf_counter()
    act()
    return (time.perf_counter() - begun) * 1000


def test_a_ring_arrives_by_name(broker: Broker) -> None:
    bell = Bell("tipintake.route", broker, gap=0)
    bell.ring()
    assert bell.heard(within=5)
    assert broker.taken == ["tipintake.route"]


def test_a_hanging_broker_holds_nobody_who_rings(broker: Broker) -> None:
    broker.free.clear()
    bell = Bell("tipintake.route", broker, gap=0)
    assert max(milliseconds(bell.ring) for _ in range(50)) < 100
    assert broker.tries <= 1
    broker.free.set()
    assert bell.heard(within=5)


def test_a_dead_broker_holds_nobody_and_raises_nothing(broker: Broker) -> None:
    broker.down = True
    bell = Bell("tipintake.route", broker, gap=0, pause=60)
    assert max(milliseconds(bell.ring) for _ in range(50)) < 100
    eventually(lambda: broker.tries == 1, seconds=5)
    assert broker.taken == []


def test_the_bell_is_heard_again_when_the_broker_is_back_without_a_new_ring(
    broker: Broker,
) -> None:
    broker.down = True
    bell = Bell("tipintake.route", broker, gap=0, pause=0.01)
    bell.ring()
    eventually(lambda: broker.tries > 1, seconds=5)
    broker.down = False
    assert bell.heard(within=5)
    assert broker.taken == ["tipintake.route"]


def test_many_rings_are_few_messages_and_the_last_one_is_not_lost(broker: Broker) -> None:
    broker.free.clear()
    bell = Bell("tipintake.route", broker, gap=0)
    bell.ring()
    eventually(lambda: broker.tries == 1, seconds=5)
    for _ in range(1000):
        bell.ring()
    broker.free.set()
    assert bell.heard(within=5)
    # One that was on its way, and one for all that came after it had left.
    assert len(broker.taken) == 2


def test_a_process_that_ends_gives_its_last_ring_a_moment(broker: Broker) -> None:
    bell = Bell("tipintake.route", broker, gap=0)
    bell.ring()
    bell.last_words()
    assert broker.taken == ["tipintake.route"]


def test_a_process_that_ends_does_not_wait_for_a_broker_that_is_down(broker: Broker) -> None:
    broker.down = True
    bell = Bell("tipintake.route", broker, gap=0, pause=60)
    bell.ring()
    eventually(lambda: broker.tries == 1 and bell._failing.is_set(), seconds=5)
    assert milliseconds(bell.last_words) < 100


def test_the_last_ring_of_a_process_that_ends_does_not_wait_for_the_next_second(
    broker: Broker,
) -> None:
    bell = Bell("tipintake.route", broker, gap=60)
    bell.ring()
    assert bell.heard(within=5)
    bell.ring()
    bell.last_words()
    assert bell.heard(within=5)
    assert broker.taken == ["tipintake.route"] * 2
