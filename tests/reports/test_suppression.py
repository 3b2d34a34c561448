"""Whoever has all public tables, and knows one county besides, works out no small count."""

import itertools
from collections.abc import Mapping
from fractions import Fraction
from functools import cache
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reports.statistics.publishing import decide
from reports.statistics.quarters import Quarter
from reports.statistics.suppression import (
    LEAST,
    TOTAL,
    Cell,
    _room,
    chosen,
    is_safe,
    with_totals,
)

QUARTERS = Quarter(2026, 1).of_the_year()
ROWS = tuple("abcdef")
# Counts as they are: mostly few, nothing among them, and here and there very many.
COUNT = st.one_of(
    st.integers(0, 12), st.integers(0, 12), st.sampled_from([0, 9, 10]), st.integers(0, 400)
)
Table = Mapping[Cell, int]


def published(
    counts: Mapping[str, Mapping[str, int]], order: Any, rows: tuple[str, ...] = ROWS
) -> tuple[Table, set[Cell]]:
    """A whole year, quarter by quarter: what was counted, and every cell that became public."""
    public: set[Cell] = set()
    known: dict[str, Mapping[str, int]] = {}
    table: Table = {}
    for quarter in order:
        known[quarter.code] = counts[quarter.code]
        made = decide(quarter, known, public, rows)
        public |= made.shown
        table = made.table
    return table, public


YEARS = st.fixed_dictionaries(
    {one.code: st.fixed_dictionaries(dict.fromkeys(ROWS, COUNT)) for one in QUARTERS}
)


# --- The attack: all sums at once --------------------------------------------------------------


def equations(table: Table) -> list[list[tuple[Cell, int]]]:
    """Every public sum: rows over the quarters, quarters over the rows, and of the totals."""
    rows = sorted({row for row, _ in table})
    columns = sorted({column for _, column in table})
    along = [[((row, c), -1 if c == TOTAL else 1) for c in columns] for row in rows]
    return along + [[((r, column), -1 if r == TOTAL else 1) for r in rows] for column in columns]


def attacked(table: Table, known: set[Cell]) -> dict[Cell, tuple[Fraction, Fraction | None]]:
    """How closely each hidden cell is told: the system is solved, then bounds are drawn closer
    by every equation and every sum of two until nothing moves. The rule is public: what is hidden
    is nothing to nine, or, where it went with a small one, ten or more."""
    hidden = sorted(cell for cell in table if cell not in known)
    at = {cell: place for place, cell in enumerate(hidden)}
    system = []
    for equation in equations(table):
        line = [Fraction(0)] * (len(hidden) + 1)
        for cell, sign in equation:
            if cell in at:
                line[at[cell]] += sign
            else:
                line[-1] -= sign * table[cell]
        system.append(line)
    reduced = solved(system, len(hidden))
    joined = [
        [x + sign * y for x, y in zip(one, other, strict=True)]
        for one, other in itertools.combinations(system + reduced, 2)
        for sign in (1, -1)
    ]
    bounds: list[list[Fraction | None]] = [
        [Fraction(0), Fraction(LEAST - 1)] if table[cell] < LEAST else [Fraction(LEAST), None]
        for cell in hidden
    ]
    lines = [line for line in system + reduced + joined if any(line[:-1])]
    for _round in range(12):
        moved = sum(drawn_closer(line, bounds) for line in lines)
        if not moved:
            break
    return {cell: (bounds[at[cell]][0] or Fraction(0), bounds[at[cell]][1]) for cell in hidden}


def solved(system: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    lines = [line[:] for line in system]
    done = 0
    for column in range(width):
        pivot = next((i for i in range(done, len(lines)) if lines[i][column]), None)
        if pivot is None:
            continue
        lines[done], lines[pivot] = lines[pivot], lines[done]
        lines[done] = [value / lines[done][column] for value in lines[done]]
        for i, line in enumerate(lines):
            if i != done and line[column]:
                factor = line[column]
                lines[i] = [x - factor * y for x, y in zip(line, lines[done], strict=True)]
        done += 1
    return lines[:done]


def drawn_closer(line: list[Fraction], bounds: list[list[Fraction | None]]) -> bool:
    """What each may be at most and at least, once all others are as small or as large as can be.
    Their sums are kept: to add them up anew for each takes most of the attack's time."""
    moved = False
    present = [(place, factor) for place, factor in enumerate(line[:-1]) if factor]
    largest, smallest = Sum(), Sum()
    for place, factor in present:
        largest.put(place, factor, bounds[place][factor > 0])
        smallest.put(place, factor, bounds[place][factor < 0])
    for place, factor in present:
        least, most = largest.left_of(line[-1], place), smallest.left_of(line[-1], place)
        if factor < 0:
            least, most = most, least
        low, high = bounds[place]
        if least is not None and (low is None or least / factor > low):
            bounds[place][0], moved = least / factor, True
        if most is not None and (high is None or most / factor < high):
            bounds[place][1], moved = most / factor, True
        largest.put(place, factor, bounds[place][factor > 0])
        smallest.put(place, factor, bounds[place][factor < 0])
    return moved


class Sum:
    """Of numbers each in its place; one without a bound makes it open."""

    def __init__(self) -> None:
        self._parts: dict[int, Fraction | None] = {}
        self._whole, self._open = Fraction(0), 0

    def put(self, place: int, factor: Fraction, bound: Fraction | None) -> None:
        part = None if bound is None else factor * bound
        before = self._parts.get(place, Fraction(0))
        if part == before and place in self._parts:
            return
        self._parts[place] = part
        self._whole += (part or 0) - (before or 0)
        self._open += (part is None) - (before is None)

    def left_of(self, whole: Fraction, place: int) -> Fraction | None:
        """What the others leave of `whole` to this place."""
        own = self._parts[place]
        if self._open > (own is None):
            return None
        return whole - self._whole + (own or 0)


def of_the_others(table: Table, reader: str | None) -> Table:
    """The table as it is to somebody who knows one row: without it, and with sums of the rest."""
    return {
        (row, column): count - (table[reader, column] if reader and row == TOTAL else 0)
        for (row, column), count in table.items()
        if row != reader
    }


def told_too_much(table: Table, public: set[Cell]) -> list[tuple[str, Cell]]:
    """Small counts of which more is told than "nine or fewer", by which reader."""
    found = []
    for reader in (None, *sorted({row for row, _ in table if row != TOTAL})):
        others = of_the_others(table, reader)
        for cell, (low, high) in attacked(others, public).items():
            wide = high is None or high - low >= LEAST - 1
            small_is_open = low <= 0 and (high is None or high >= LEAST - 1)
            if not (small_is_open if others[cell] < LEAST else wide):
                found.append((str(reader), cell))
    return found


@settings(max_examples=6, deadline=None)
@given(YEARS, st.permutations(QUARTERS))
def test_no_small_count_is_worked_out_from_all_public_tables(counts: Any, order: Any) -> None:
    table, public = published(counts, order)
    assert not [cell for cell in public if table[cell] < LEAST]
    assert told_too_much(table, public) == []
    assert is_safe(table, public)


def test_the_attack_works_where_only_small_counts_are_hidden() -> None:
    """So that the test above would see it if a count were told."""
    table = with_totals({(row, "2026-Q1"): 3 if row == "a" else 40 for row in ROWS})
    public = {cell for cell in table if table[cell] >= LEAST}
    assert ("None", ("a", "2026-Q1")) in told_too_much(table, public)
    public.remove(("b", "2026-Q1"))
    public -= {("b", TOTAL), ("a", TOTAL)}
    assert ("b", ("a", "2026-Q1")) in told_too_much(table, public)


SHAPES: dict[str, dict[str, tuple[int, ...]]] = {
    "three nines under a sum": {"a": (9,) * 4, "b": (9,) * 4, "c": (9,) * 4, "d": (50,) * 4},
    "seven and two nines under a sum": {
        row: (count,) * 4 for row, count in zip("abcde", (7, 9, 9, 30, 40), strict=True)
    },
    "four nines under a year": {
        "a": (9, 9, 9, 9),
        "b": (50, 60, 70, 80),
        "c": (30, 31, 32, 33),
        "d": (20, 21, 22, 23),
    },
    "nothing but few": {"a": (3, 0, 0, 1), "b": (0,) * 4, "c": (0, 2, 0, 0), "d": (9, 9, 9, 9)},
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_sum_does_not_tell_that_all_hidden_below_it_are_nines(shape: str) -> None:
    rows = SHAPES[shape]
    counts = {one.code: {row: rows[row][one.number - 1] for row in rows} for one in QUARTERS}
    table, public = published(counts, QUARTERS, tuple(rows))
    assert told_too_much(table, public) == []
    assert is_safe(table, public)


@pytest.mark.parametrize(
    ("counts", "told"), [((9, 9, 9, 50), (9, 9)), ((7, 9, 9, 30, 40), (7, 9))], ids=["9", "7"]
)
def test_the_attack_knows_the_rule(counts: tuple[int, ...], told: tuple[int, int]) -> None:
    """Where the sum is shown and only small counts are hidden, it reads them."""
    table = with_totals({(row, "x"): count for row, count in zip(ROWS, counts, strict=False)})
    public = {cell for cell in table if table[cell] >= LEAST}
    assert attacked(table, public)["b", "x"] == (Fraction(told[0]), Fraction(told[1]))
    assert not is_safe(table, public)


INNER = list(itertools.product("ab", "xy"))


@cache
def every_table() -> list[Table]:
    tried = itertools.product(range(LEAST), repeat=len(INNER))
    return [with_totals(dict(zip(INNER, counts, strict=True))) for counts in tried]


@settings(max_examples=25, deadline=None)
@given(
    st.lists(st.integers(0, LEAST - 1), min_size=4, max_size=4),
    st.sets(st.sampled_from(list(itertools.product(("a", "b", TOTAL), ("x", "y", TOTAL))))),
)
def test_the_bounds_are_those_of_trying_every_table(counts: list[int], public: set[Cell]) -> None:
    table = with_totals(dict(zip(INNER, counts, strict=True)))
    alike = [
        other
        for other in every_table()
        if all(
            other[cell] == table[cell]
            if cell in public
            else (other[cell] < LEAST) == (table[cell] < LEAST)
            for cell in table
        )
    ]
    hidden = {cell: table[cell] for cell in table.keys() - public}
    for cell, count in hidden.items():
        seen = {other[cell] for other in alike}
        assert _room(hidden, cell, 100) == (count - min(seen), max(seen) - count)


def test_a_count_that_is_not_small_may_be_any_number() -> None:
    table = with_totals({("a", "x"): 3, ("b", "x"): 30})
    assert _room(table, ("b", "x"), 5000) == (30 - LEAST, 5000)


def test_a_year_with_one_large_county_keeps_it_public() -> None:
    counts = {one.code: {row: 900 if row == "a" else 0 for row in ROWS} for one in QUARTERS}
    _table, public = published(counts, QUARTERS)
    assert {("a", one.code) for one in QUARTERS} <= public
    assert (TOTAL, "2026-Q1") not in public


def test_the_choice_looks_at_no_count_that_is_not_small() -> None:
    """A cell would else tell of itself by being the one that was chosen."""
    asked = [(TOTAL, "x"), *((row, "x") for row in ROWS)]
    one = with_totals({(row, "x"): 2 if row in "ab" else 30 for row in ROWS})
    other = with_totals({(row, "x"): 2 if row in "ab" else 50 + ord(row) for row in ROWS})
    assert chosen(one, (), asked) == chosen(other, (), asked)
