"""Where a tip was placed, without what that tells of the person who wrote.

Of a person in the situation the rule, the advocate among the lines and the first half of the
reason would say that it was they who wrote, and whether they allow police.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from tipintake.routing.places.results import Outcome

WRITER = "reporter_is_victim"
_TELLS = frozenset({"primary_line", "also_lines", "rule"})
_WHERE: Mapping[str, str] = {
    Outcome.RESOLVED: "The place is {name}.",
    Outcome.AMBIGUOUS: "The place is in {name}; which police serve it is not known.",
}
_OUTSIDE = "The place lies outside the served counties."
_UNKNOWN = "No place is known."


def place_alone(
    names: Sequence[str], values: Sequence[Any], *, outcome: str, jurisdiction: str
) -> tuple[Any, ...]:
    """The values of these fields of a decision, as far as they speak of the place alone."""
    where = _where(outcome, jurisdiction)
    return tuple(
        None if name in _TELLS else where if name == "because" else value
        for name, value in zip(names, values, strict=True)
    )


def _where(outcome: str, jurisdiction: str) -> str:
    if outcome == Outcome.OUT_OF_AREA:
        return _OUTSIDE
    return _WHERE.get(outcome, _UNKNOWN).format(name=jurisdiction) if jurisdiction else _UNKNOWN
