"""The law of a tip's status, as tables. The moves of a hand-off are in `delivery/acts.py`."""

from collections.abc import Mapping
from dataclasses import dataclass

from tipintake.tips.vocabulary import Status

MEANS: Mapping[Status, str] = {
    Status.NEW: "Nobody has screened or acknowledged it yet; somebody may have opened it.",
    Status.SCREENED: "Our own staff have read it and judged how urgent it is.",
    Status.ASSIGNED: "An agency has taken it, or somebody here has been asked to follow it up.",
    Status.WORKING: "Somebody is working on it.",
    Status.CLOSED: "No line has it in work any more; what came of it says how long it is kept.",
}


@dataclass(frozen=True, slots=True)
class Move:
    """One way on. `by_hand`: a button of the tip's page; else it follows from its hand-offs."""

    start: Status
    end: Status
    says: str
    by_hand: bool = True


# In the order in which they are offered. A tip closes when the last line that has it closes its
# part, with a disposition, and reopens when a line takes its part up again.
LAW: tuple[Move, ...] = (
    Move(Status.NEW, Status.SCREENED, "Mark as screened"),
    Move(Status.NEW, Status.ASSIGNED, "Mark as assigned"),
    Move(Status.NEW, Status.CLOSED, "Close in every line", by_hand=False),
    Move(Status.SCREENED, Status.ASSIGNED, "Mark as assigned"),
    Move(Status.SCREENED, Status.WORKING, "Begin work"),
    Move(Status.SCREENED, Status.CLOSED, "Close in every line", by_hand=False),
    Move(Status.ASSIGNED, Status.WORKING, "Begin work"),
    Move(Status.ASSIGNED, Status.SCREENED, "Back to screened"),
    Move(Status.ASSIGNED, Status.CLOSED, "Close in every line", by_hand=False),
    Move(Status.WORKING, Status.ASSIGNED, "Back to assigned"),
    Move(Status.WORKING, Status.CLOSED, "Close in every line", by_hand=False),
    Move(Status.CLOSED, Status.WORKING, "Reopen in a line", by_hand=False),
)
MOVES: Mapping[Status, tuple[Status, ...]] = {
    start: tuple(move.end for move in LAW if move.start == start) for start in Status
}

# What the first acknowledgement makes of a tip: read by own staff, or taken by an agency.
AFTER_OWN_STAFF = Status.SCREENED
AFTER_AN_AGENCY = Status.ASSIGNED

_ORDER = tuple(Status)


def allowed(start: str, end: str) -> bool:
    return Status(end) in MOVES[Status(start)]


def by_hand(start: str) -> tuple[Move, ...]:
    """The moves that staff make on the tip's page."""
    return tuple(move for move in LAW if move.start == start and move.by_hand)


def is_further(end: Status, start: str) -> bool:
    """Whether `end` lies ahead of `start`: an acknowledgement never takes a tip back."""
    return _ORDER.index(end) > _ORDER.index(Status(start))
