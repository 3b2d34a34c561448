"""The law of a tip's status, as tables. The moves of a hand-off are in `delivery/acts.py`."""

from collections.abc import Mapping

from tipintake.tips.vocabulary import Status

MOVES: Mapping[Status, tuple[Status, ...]] = {
    Status.NEW: (Status.SCREENED, Status.ASSIGNED, Status.CLOSED),
    Status.SCREENED: (Status.ASSIGNED, Status.WORKING, Status.CLOSED),
    Status.ASSIGNED: (Status.WORKING, Status.SCREENED, Status.CLOSED),
    Status.WORKING: (Status.ASSIGNED, Status.CLOSED),
    Status.CLOSED: (Status.WORKING,),
}

# What the first acknowledgement makes of a tip: read by own staff, or taken by an agency.
AFTER_OWN_STAFF = Status.SCREENED
AFTER_AN_AGENCY = Status.ASSIGNED

_ORDER = tuple(Status)


def allowed(start: str, end: str) -> bool:
    return Status(end) in MOVES[Status(start)]


def is_further(end: Status, start: str) -> bool:
    """Whether `end` lies ahead of `start`: an acknowledgement never takes a tip back."""
    return _ORDER.index(end) > _ORDER.index(Status(start))
