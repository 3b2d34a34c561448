"""Which figures the house keeps of a month, in which order, and in which words. A table.

People come first: those who were located and those who were helped. Nothing here counts the
arrest of a person who was sold as a success.
"""

import enum
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as noop

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
    _D.VICTIM_LOCATED: noop("A person in the situation was located"),
    _D.REFERRED_SERVICES: noop("A person was referred to services"),
    _D.REFERRED_AGENCY: noop("Referred to another agency"),
    _D.CASE_OPENED: noop("A case was opened"),
    _D.CHARGED: noop("Somebody was charged with exploiting others"),
    _D.ARREST: noop("Somebody was arrested for exploiting others"),
    _D.INFORMATION_ONLY: noop("Kept for information"),
    _D.NO_ACTION: noop("No action"),
    _D.INSUFFICIENT: noop("Too little to act on"),
    _D.DUPLICATE: noop("Duplicate of another tip"),
    _D.UNFOUNDED: noop("Unfounded"),
    _D.PRANK: noop("Prank"),
    _D.SPAM: noop("Spam"),
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
    noop("What came"),
    noop("What came of them"),
    noop("Until a person looked"),
    noop("Until a line answered"),
    noop("Whether they came to the right line"),
    noop("What they share, and who wrote again"),
    noop("The house in that month"),
)
KINDS: tuple[Kind, ...] = (
    Kind("came", _CAME, noop("Tips"), Unit.COUNT),
    Kind("came_p1", _CAME, noop("of them P1"), Unit.COUNT),
    Kind("came_p2", _CAME, noop("of them P2"), Unit.COUNT),
    Kind("came_p3", _CAME, noop("of them P3"), Unit.COUNT),
    Kind("came_p4", _CAME, noop("of them P4"), Unit.COUNT),
    Kind("low_trust", _CAME, noop("Sent when far too many came at once"), Unit.PART),
    Kind("purged", _CAME, noop("Destroyed since, because their time was over"), Unit.PART),
    *(Kind(one.value.lower(), _OUT, words, Unit.PART) for one, words in OUTCOMES.items()),
    Kind("actionable", _OUT, noop("Led to something (the first six together)"), Unit.PART),
    Kind("seen_p1", _LOOK, noop("P1 within 15 minutes"), Unit.PART),
    Kind("seen_p2", _LOOK, noop("P2 within 4 hours"), Unit.PART),
    Kind("seen_p3", _LOOK, noop("P3 by the end of the next business day"), Unit.PART),
    Kind("seen_half", _LOOK, noop("Half were opened within"), Unit.MINUTES),
    Kind("seen_most", _LOOK, noop("95 of 100 were opened within"), Unit.MINUTES),
    Kind("unseen", _LOOK, noop("Never opened"), Unit.PART),
    Kind("answered_in_time", _LINES, noop("Acknowledged by the deadline"), Unit.PART),
    Kind("answered_half", _LINES, noop("Half were acknowledged within"), Unit.MINUTES),
    Kind("unanswered", _LINES, noop("Not acknowledged yet"), Unit.PART),
    Kind("unanswered_week", _LINES, noop("Not acknowledged for over a week"), Unit.PART),
    Kind("closed", _LINES, noop("Closed"), Unit.PART),
    Kind("closed_half", _LINES, noop("Half were closed within"), Unit.DAYS),
    Kind("rerouted", _WAY, noop("Sent another way by staff"), Unit.PART),
    Kind("wrong_area", _WAY, noop("Passed on: outside the line's area"), Unit.PART),
    Kind("declined", _WAY, noop("Declined by a line"), Unit.PART),
    Kind("transferred", _WAY, noop("Transferred by a line"), Unit.PART),
    Kind("unverified", _WAY, noop("With a line whose entry nobody has verified"), Unit.PART),
    Kind("graded", _MORE, noop("Moved from F6, as every tip begins"), Unit.PART),
    Kind("linked", _MORE, noop("In a confirmed link with another tip"), Unit.PART),
    Kind("on_vehicles", _MORE, noop("Tips for each linked vehicle"), Unit.EACH),
    Kind("on_phones", _MORE, noop("Tips for each linked phone"), Unit.EACH),
    Kind("on_rooms", _MORE, noop("Tips for each linked room or address"), Unit.EACH),
    Kind("asked", _MORE, noop("Staff asked the writer something"), Unit.PART),
    Kind("came_back", _MORE, noop("The writer came back with the receipt"), Unit.PART),
    Kind("purges", _HOUSE, noop("Tips destroyed in the month"), Unit.COUNT),
    Kind("overdue", _HOUSE, noop("Tips past their day when this was counted"), Unit.COUNT),
    Kind("reads", _HOUSE, noop("Tips that somebody opened"), Unit.COUNT),
    Kind("idle_reads", _HOUSE, noop("Opened, and nothing done within a day"), Unit.PART),
)  # fmt: skip
RULES = noop("Which rule decided")
