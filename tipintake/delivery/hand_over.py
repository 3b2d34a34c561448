"""How a tip enters a line's queue: one way, whoever puts it there."""

from datetime import datetime
from uuid import UUID

from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line


def hand_over(
    tip_id: UUID,
    line: Line,
    *,
    low_trust: bool,
    priority: str,
    rule: str,
    because: str,
    now: datetime,
    is_primary: bool = False,
    shown_to_writer: bool = True,
) -> HandOff:
    """A hand-off as the line's queue receives it at `now`: the clock starts, a notice is due.

    `low_trust` is the tip's, which never changes.

    Not yet saved. Save it in the transaction of the act that hands over, and ring after it.
    """
    return HandOff(
        tip_id=tip_id,
        line=line,
        is_primary=is_primary,
        priority=priority,
        rule=rule,
        because=because,
        queued_at=now,
        due_at=acknowledge_by(priority, now),
        notify_at=now,
        shown_to_writer=shown_to_writer,
        low_trust=low_trust,
    )
