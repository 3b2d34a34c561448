"""Whose turn it is when more wait to be answered than can be at once.

Each origin has a line of its own, and the lines take turns: however many requests one origin
sends, another's waits for no more than one of them. Who sent less lately comes first, by powers of
two; each fourth turn is that of whoever sent most, so that nobody waits for ever. When too many
wait, or too many bytes, the newest request of whoever has most waiting is refused and asked to
come again; of several with as much waiting, whoever sent most lately.

An origin is a network, an onion service or whatever cannot be told apart. It is forgotten as soon
as nothing of it waits.
"""

from collections import Counter, OrderedDict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Generic, TypeVar

OUT_OF_TURN = 4  # each such turn is that of whoever sent most

Waiting = TypeVar("Waiting")


@dataclass(slots=True)
class _Line(Generic[Waiting]):
    """What waits of one origin, in the order in which it came."""

    rows: deque[tuple[Waiting, int]]
    held: int = 0  # bytes


_Lines = OrderedDict[str, _Line[Waiting]]  # of origins that sent about as much


class Turns(Generic[Waiting]):
    """Not safe among threads: its owner holds a lock."""

    def __init__(self, *, most: int, most_bytes: int) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._by_sent: dict[int, _Lines[Waiting]] = {}
        self._count = 0
        self._bytes = 0
        self._taken = 0

    def __len__(self) -> int:
        return self._count

    def put(self, one: Waiting, *, origin: str, sent: int = 0, size: int = 0) -> list[Waiting]:
        """Let it wait; `sent` is how many posts its origin sent lately. Returns whatever must be
        refused instead, which may be itself.
        """
        lines = self._by_sent.setdefault(sent.bit_length(), OrderedDict())
        line = lines.setdefault(origin, _Line(deque()))
        line.rows.append((one, size))
        line.held += size
        self._count += 1
        self._bytes += size
        return list(self._beyond())

    def take(self) -> Waiting:
        """The next in turn. Raises LookupError when nobody waits."""
        if not self._by_sent:
            raise LookupError("nobody waits")
        self._taken += 1
        choose = min if self._taken % OUT_OF_TURN else max
        sent = choose(self._by_sent)
        origin, line = next(iter(self._by_sent[sent].items()))
        self._by_sent[sent].move_to_end(origin)
        return self._without(sent, origin, line.rows.popleft())

    def _beyond(self) -> Iterator[Waiting]:
        while self._count > self._most:
            yield self._refused(lambda line: len(line.rows))
        while self._bytes > self._most_bytes:
            yield self._refused(lambda line: line.held)

    def _refused(self, weight: Callable[[_Line[Waiting]], int]) -> Waiting:
        # An origin that sent more meanwhile has more than one line.
        heavy: Counter[str] = Counter()
        for lines in self._by_sent.values():
            for origin, line in lines.items():
                heavy[origin] += weight(line)
        # Of those that sent as much the one whose turn was last, or who came last.
        every = ((sent, one) for sent, lines in self._by_sent.items() for one in reversed(lines))
        sent, origin = max(every, key=lambda one: (heavy[one[1]], one[0]))
        return self._without(sent, origin, self._by_sent[sent][origin].rows.pop())

    def _without(self, sent: int, origin: str, row: tuple[Waiting, int]) -> Waiting:
        one, size = row
        lines = self._by_sent[sent]
        lines[origin].held -= size
        self._count -= 1
        self._bytes -= size
        if not lines[origin].rows:
            del lines[origin]
        if not lines:
            del self._by_sent[sent]
        return one
