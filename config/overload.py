"""What the web server does when more comes than it can answer: who waits, and who is asked to
come again. docs/adr/0028-turns-by-origin-when-more-comes-than-can-be-answered.md

Addresses are read here before anything forgets them, as the door reads them for the crowd
(tipintake/door/crowd.py): in memory, while a request waits, and nowhere else.
"""

import time
from collections import Counter
from collections.abc import Iterable
from typing import Any, Protocol

from waitress.task import ThreadedTaskDispatcher
from waitress.utilities import Error

from config.turns import Turns
from tipintake.door.crowd import WRITES, crowd, network, told_address

MOST_WAITING = 200  # requests of one process: some seconds of work
MOST_WAITING_BYTES = 128 * 1024 * 1024


class Overloaded(Error):
    code = 503
    reason = "Service Unavailable"


class Asked(Protocol):
    """A whole request as waitress has parsed it."""

    command: str
    headers: dict[str, str]
    error: Error | None
    body_bytes_received: int


class Link(Protocol):
    """A connection with requests that wait to be answered."""

    addr: Any
    requests: list[Any]
    creation_time: float
    will_close: bool

    def service(self) -> None: ...
    def handle_close(self) -> None: ...


class Waiting(Turns[Link]):
    """Under the names by which waitress's threads ask a deque."""

    popleft = Turns.take


class Dispatcher(ThreadedTaskDispatcher):
    """Answers in turns, by origin. Refusals have a thread of their own: they are quick, and must
    neither wait behind tips nor keep a tip from being answered.
    """

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.queue = Waiting(most=MOST_WAITING, most_bytes=MOST_WAITING_BYTES)
        self._refusing = ThreadedTaskDispatcher()
        self._refusing.set_thread_count(1)
        self.set_thread_count(threads)

    def add_task(self, link: Link) -> None:
        asked: Asked = link.requests[0]
        if asked.error is not None:
            self._refusing.add_task(link)
            return
        address, now = address_of(asked, link), time.monotonic()
        with self.lock:
            refused = self.queue.put(
                link,
                origin=network(address) or address,
                sent=crowd.sent(address, now=now),
                size=asked.body_bytes_received,
            )
            self.queue_cv.notify()
        for one in refused:
            if one.requests[0].command in WRITES:
                crowd.count(address_of(one.requests[0], one), now=now)
            one.requests[0].error = Overloaded("")
            self._refusing.add_task(one)

    def shutdown(self, cancel_pending: bool = True, timeout: float = 5) -> bool:
        self._refusing.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


def address_of(asked: Asked, link: Link) -> str:
    """Whose turns these are. Everybody behind the onion service shares them."""
    return told_address(
        host=asked.headers.get("HOST", ""),
        forwarded=asked.headers.get("X_FORWARDED_FOR", ""),
        peer=str(link.addr[0]),
    )


def to_make_room(links: Iterable[Link]) -> Link | None:
    """Of connections that only take up room the oldest of the address that has most of them."""
    idle = [one for one in links if not one.requests and not one.will_close]
    if not idle:
        return None
    counts = Counter(one.addr[0] for one in idle)
    return max(idle, key=lambda one: (counts[one.addr[0]], -one.creation_time))
