"""How a tip enters a line's queue: one way, whoever puts it there."""

from datetime import datetime
from typing import Any, Required, TypedDict, Unpack
from uuid import UUID

from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line


class Given(TypedDict, total=False):
    """`low_trust` is the tip's, which never changes."""

    low_trust: Required[bool]
    priority: Required[str]
    rule: Required[str]
    because: Required[str]
    is_primary: bool
    shown_to_writer: bool


def hand_over(tip_id: UUID, line: Line, *, now: datetime, **given: Unpack[Given]) -> HandOff:
    """A hand-off as the line's queue receives it at `now`: the clock starts, a notice is due.

    Not yet saved. Save it in the transaction of the act that hands over, and ring after it.
    """
    return HandOff(line=line, **_handed_over(tip_id, now=now, **given))


def handed_over(
    tip_id: UUID, line: Line, *, now: datetime, **given: Unpack[Given]
) -> dict[str, Any]:
    """The same by the names of its columns, for `rows.Batch.add_named`."""
    return {"line_id": line.pk, **_handed_over(tip_id, now=now, **given)}


def _handed_over(tip_id: UUID, *, now: datetime, **given: Unpack[Given]) -> dict[str, Any]:
    return {
        "tip_id": tip_id,
        "queued_at": now,
        "due_at": acknowledge_by(given["priority"], now),
        "notify_at": now,
        **given,
    }
