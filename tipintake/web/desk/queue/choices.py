"""What the bars of deeds offer, beside the list and on a tip's own page."""

from collections.abc import Sequence
from typing import Any

from tipintake.pipeline.reroute import Why
from tipintake.staff.roles import May
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.web.desk import wording
from tipintake.web.desk.page import Desk
from tipintake.web.desk.queue import deeds


def choices_of(
    desk: Desk, people: Sequence[str], tags: Sequence[tuple[str, str]]
) -> dict[str, Any]:
    """What the bar of deeds offers to this account."""
    return {
        "any": any(deeds.allowed(desk, name) for name in deeds.DEEDS) or desk.may(May.EXPORT),
        "export": desk.may(May.EXPORT),
        "assign": deeds.allowed(desk, "assign"),
        "people": people,
        "statuses": [
            (one.value, one.label) for one in Status if one not in {Status.NEW, Status.CLOSED}
        ]
        if deeds.allowed(desk, "status")
        else [],
        "tags": tags if deeds.allowed(desk, "tag") else [],
        "close": deeds.allowed(desk, "close"),
        "dispositions": [one for one in Disposition.choices if one[0] != Disposition.DUPLICATE],
        "reroute": deeds.allowed(desk, "reroute"),
        "reasons": Why.choices,
        "categories": list(wording.CATEGORIES.items()),
    }
