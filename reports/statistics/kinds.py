"""Which figures the house keeps of a month, in which order, and in which words. A table.

People come first: those who were located and those who were helped. Nothing here counts the
arrest of a person who was sold as a success.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from tipintake.tips.vocabulary import Disposition


class Unit(enum.StrEnum):
    """How a figure is said."""

    COUNT = "count"
    PART = "part"  # of a whole, which stands beside it
    MINUTES = "minutes"
    DAYS = "days"
    EACH = "each"  # so many for each of the things beside it


@dataclass(frozen=True, slots=True)
class Kind:
    code: str
    section: str
    title: str
    unit: Unit


_D = Disposition
# What came of tips, in the order in which it is told.
OUTCOMES: Mapping[Disposition, str] = {
    _D.VICTIM_LOCATED: "A person in the situation was located",
    _D.REFERRED_SERVICES: "A person was referred to services",
    _D.REFERRED_AGENCY: "Referred to another agency",
    _D.CASE_OPENED: "A case was opened",
    _D.CHARGED: "Somebody was charged with exploiting others",
    _D.ARREST: "Somebody was arrested for exploiting others",
    _D.INFORMATION_ONLY: "Kept for information",
    _D.NO_ACTION: "No action",
    _D.INSUFFICIENT: "Too little to act on",
    _D.DUPLICATE: "Duplicate of another tip",
    _D.UNFOUNDED: "Unfounded",
    _D.PRANK: "Prank",
    _D.SPAM: "Spam",
}
ACTIONABLE = (
    _D.VICTIM_LOCATED,
    _D.REFERRED_SERVICES,
    _D.REFERRED_AGENCY,
    _D.CASE_OPENED,
    _D.CHARGED,
    _D.ARREST,
)
_CAME, _OUT, _LOOK, _LINES, _WAY, _MORE, _HOUSE = (
    "What came",
    "What came of them",
    "Until a person looked",
    "Until a line answered",
    "Whether they came to the right line",
    "What they share, and who wrote again",
    "The house in that month",
)
KINDS: tuple[Kind, ...] = (
    Kind("came", _CAME, "Tips", Unit.COUNT),
    *(Kind(f"came_p{n}", _CAME, f"of them P{n}", Unit.COUNT) for n in range(1, 5)),
    Kind("low_trust", _CAME, "Sent when far too many came at once", Unit.PART),
    Kind("purged", _CAME, "Destroyed since, because their time was over", Unit.PART),
    *(Kind(one.value.lower(), _OUT, words, Unit.PART) for one, words in OUTCOMES.items()),
    Kind("actionable", _OUT, "Led to something (the first six together)", Unit.PART),
    Kind("seen_p1", _LOOK, "P1 within 15 minutes", Unit.PART),
    Kind("seen_p2", _LOOK, "P2 within 4 hours", Unit.PART),
    Kind("seen_p3", _LOOK, "P3 by the end of the next business day", Unit.PART),
    Kind("seen_half", _LOOK, "Half were opened within", Unit.MINUTES),
    Kind("seen_most", _LOOK, "95 of 100 were opened within", Unit.MINUTES),
    Kind("unseen", _LOOK, "Never opened", Unit.PART),
    Kind("answered_in_time", _LINES, "Acknowledged by the deadline", Unit.PART),
    Kind("answered_half", _LINES, "Half were acknowledged within", Unit.MINUTES),
    Kind("unanswered", _LINES, "Not acknowledged yet", Unit.PART),
    Kind("unanswered_week", _LINES, "Not acknowledged for over a week", Unit.PART),
    Kind("closed", _LINES, "Closed", Unit.PART),
    Kind("closed_half", _LINES, "Half were closed within", Unit.DAYS),
    Kind("rerouted", _WAY, "Sent another way by staff", Unit.PART),
    Kind("wrong_area", _WAY, "Passed on: outside the line's area", Unit.PART),
    Kind("declined", _WAY, "Declined by a line", Unit.PART),
    Kind("transferred", _WAY, "Transferred by a line", Unit.PART),
    Kind("unverified", _WAY, "With a line whose entry nobody has verified", Unit.PART),
    Kind("graded", _MORE, "Moved from F6, as every tip begins", Unit.PART),
    Kind("linked", _MORE, "In a confirmed link with another tip", Unit.PART),
    Kind("on_vehicles", _MORE, "Tips for each linked vehicle", Unit.EACH),
    Kind("on_phones", _MORE, "Tips for each linked phone", Unit.EACH),
    Kind("on_rooms", _MORE, "Tips for each linked room or address", Unit.EACH),
    Kind("asked", _MORE, "Staff asked the writer something", Unit.PART),
    Kind("came_back", _MORE, "The writer came back with the receipt", Unit.PART),
    Kind("purges", _HOUSE, "Tips destroyed in the month", Unit.COUNT),
    Kind("overdue", _HOUSE, "Tips past their day when this was counted", Unit.COUNT),
    Kind("reads", _HOUSE, "Tips that somebody opened", Unit.COUNT),
    Kind("idle_reads", _HOUSE, "Opened, and nothing done within a day", Unit.PART),
)  # fmt: skip
RULES = "Which rule decided"
