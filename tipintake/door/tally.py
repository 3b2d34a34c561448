"""Counts of what happened at this door since the process began. In memory, without content."""

import threading
from collections import Counter


class Tally:
    """Event names and how often each occurred."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()

    def count(self, event: str) -> None:
        with self._lock:
            self._counts[event] += 1

    def counts(self) -> dict[str, int]:
        with self._lock:
            return dict(sorted(self._counts.items()))


tally = Tally()
