"""Where a tip was placed, without what that tells of the person who wrote.

Of a person in the situation the rule, the advocate among the lines and the first half of the
reason would say that it was they who wrote, and whether they allow police. To leave that out of
their tips alone would say it as plainly: whoever may not know reads of every tip the place alone.
"""

from collections.abc import Mapping

from tipintake.routing.places.results import Outcome

WRITER = "reporter_is_victim"
_WHERE: Mapping[str, str] = {
    Outcome.RESOLVED: "The place is {name}.",
    Outcome.AMBIGUOUS: "The place is in {name}; which police serve it is not known.",
}
_OUTSIDE = "The place lies outside the served counties."
_UNKNOWN = "No place is known."


def place_alone(outcome: str, jurisdiction: str) -> str:
    """The reason of a decision, as far as it speaks of the place; `jurisdiction` is its name."""
    if outcome == Outcome.OUT_OF_AREA:
        return _OUTSIDE
    return _WHERE.get(outcome, _UNKNOWN).format(name=jurisdiction) if jurisdiction else _UNKNOWN
