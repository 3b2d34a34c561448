"""Which counts of a table stay hidden, so that none of fewer than ten can be worked out.

Pure. A table has counts by row and column with totals of both, as two public sums of the same
cells. A count under ten is never shown, nothing and totals included. Others are hidden with it
until no sum of what is shown narrows a small count down further than "nine or fewer", not even
for somebody who knows one whole row, as an agency knows its own county.

The rule itself is public. Whoever reads the tables is therefore taken to know of each hidden count
whether it is small, nothing to nine, or hidden beside a small one, ten or more: three hidden
counts that add up to 27 would else be three nines.

How: a table with its totals is a circulation. Each cell is an edge from its row to its column,
totals run back, and at every node as much comes in as goes out. What is shown is fixed; the rest
may flow in any way that keeps the balance and those bounds. The least and the most that a hidden
cell may be are then two questions for a maximum flow, exact in whole numbers (Gusfield 1988).
"""

from collections import deque
from collections.abc import Collection, Iterator, Mapping, Sequence

LEAST = 10  # a count below it is hidden
WIDE = LEAST - 1  # how much may never be told apart of a hidden count

Cell = tuple[str, str]  # row and column; either may be TOTAL
TOTAL = ""
Counts = Mapping[Cell, int]
Node = tuple[str, str]

_ENDLESS = 10**12


def with_totals(counts: Mapping[Cell, int]) -> dict[Cell, int]:
    """The table with the sums of its rows and columns, and of all."""
    table = dict(counts)
    for (row, column), count in counts.items():
        for total in ((row, TOTAL), (TOTAL, column), (TOTAL, TOTAL)):
            table[total] = table.get(total, 0) + count
    return table


def chosen(table: Counts, shown: Collection[Cell], asked: Sequence[Cell]) -> frozenset[Cell]:
    """Which of the cells that are asked for may be shown beside what is shown already.

    `asked` names first what is to be hidden first. The choice looks at no count that is not
    small: a cell would else tell of itself by being chosen.
    """
    given = frozenset(shown)
    fresh = [cell for cell in asked if table[cell] >= LEAST]
    while weak := next(_weak(table, given | set(fresh)), None):
        if not fresh:
            break
        for one in _to_hide(table, given, fresh, *weak):
            fresh.remove(one)
    return frozenset(fresh)


def is_safe(table: Counts, shown: Collection[Cell]) -> bool:
    return next(_weak(table, frozenset(shown)), None) is None


def _weak(table: Counts, shown: Collection[Cell]) -> Iterator[tuple[Cell, str]]:
    """Hidden cells that can be worked out too closely, and the row that their reader knows."""
    rows = sorted({row for row, _column in table if row != TOTAL})
    for reader in (TOTAL, *rows):
        hidden = _unknown(table, shown, reader)
        for cell in sorted(hidden):
            if _told(hidden, cell):
                yield cell, reader


def _unknown(table: Counts, shown: Collection[Cell], reader: str) -> dict[Cell, int]:
    """What a reader does not see who knows this row; TOTAL stands for nobody in particular. Of a
    hidden sum of a column she knows her own part: what she may not learn is the rest of it."""
    return {
        (row, column): count - (table[reader, column] if row == TOTAL != reader else 0)
        for (row, column), count in table.items()
        if (row, column) not in shown and (reader == TOTAL or row != reader)
    }


def _told(hidden: Counts, cell: Cell) -> int:
    """How much is told of what must stay open; 0 when nothing is. A small count may be anything
    from nothing to nine, and of a larger one ten values are left."""
    count = hidden[cell]
    less, more = _room(hidden, cell, WIDE)
    if count >= LEAST:
        return max(0, WIDE - less - more)
    return (count - less) + (WIDE - count - more)


def _to_hide(
    table: Counts, given: frozenset[Cell], fresh: Sequence[Cell], cell: Cell, reader: str
) -> list[Cell]:
    """What of the fresh cells to hide next for the sake of a cell that is too plain."""
    row, column = cell
    useful = [one for one in fresh if reader == TOTAL or one[0] != reader] or list(fresh)
    beside = [one for one in useful if one[1] == column]
    along = [one for one in useful if one[0] == row and one not in beside]
    shown = given | set(fresh)
    before = _told(_unknown(table, shown, reader), cell)
    for one in (*beside, *along):
        if _told(_unknown(table, shown - {one}, reader), cell) < before:
            return [one]
    # One alone does not help where both sums bind it.
    return [group[0] for group in (beside, along) if group] or useful[:1]


# --- How far a cell may move --------------------------------------------------------------------


def _room(hidden: Counts, cell: Cell, most: int) -> tuple[int, int]:
    """By how much a hidden cell may be less, and by how much more, looking no further than
    `most`."""
    start, end = _edge(cell)
    ways: dict[Node, dict[Node, int]] = {}
    for other, count in hidden.items():
        if other != cell:
            here, there = _edge(other)
            less, more = _bounds(count)
            ways.setdefault(here, {})[there] = more
            ways.setdefault(there, {})[here] = less
    less, more = _bounds(hidden[cell])
    return _flow(ways, start, end, min(most, less)), _flow(ways, end, start, min(most, more))


def _bounds(count: int) -> tuple[int, int]:
    """By how much less and more a hidden count may be for whoever knows the rule alone."""
    return (count, WIDE - count) if count < LEAST else (count - LEAST, _ENDLESS)


def _edge(cell: Cell) -> tuple[Node, Node]:
    """A cell as an edge; the cells of the totals close the circle."""
    row, column = cell
    ends = ("row", row), ("column", column)
    return ends if (row == TOTAL) == (column == TOTAL) else ends[::-1]


def _flow(ways: Mapping[Node, Mapping[Node, int]], start: Node, end: Node, most: int) -> int:
    """The largest flow, by shortest ways first (Edmonds and Karp); not more than `most`."""
    left = {node: dict(to) for node, to in ways.items()}
    flow = 0
    while flow < most and (path := _path(left, start, end)):
        step = min(most - flow, *(left[here][there] for here, there in path))
        for here, there in path:
            left[here][there] -= step
            back = left.setdefault(there, {})
            back[here] = back.get(here, 0) + step
        flow += step
    return flow


def _path(
    left: Mapping[Node, Mapping[Node, int]], start: Node, end: Node
) -> list[tuple[Node, Node]]:
    came: dict[Node, Node] = {}
    waiting = deque([start])
    while waiting and end not in came:
        here = waiting.popleft()
        for there, room in left.get(here, {}).items():
            if room > 0 and there not in came and there != start:
                came[there] = here
                waiting.append(there)
    if end not in came:
        return []
    path = []
    while end != start:
        path.append((came[end], end))
        end = came[end]
    return path
