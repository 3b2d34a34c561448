"""Whether intelligence records rest on a tip, as its page says it."""

from collections.abc import Sequence
from dataclasses import dataclass

from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.retention import today
from tipintake.triage.models import IntelligenceRecord
from tipintake.web.desk.page import Desk


@dataclass(frozen=True, slots=True)
class Promotion:
    """What stands on the tip's page about the wall between tips and intelligence."""

    is_promoted: bool
    records: Sequence[IntelligenceRecord]
    may_propose: bool


def promotion_of(desk: Desk, found: Tip) -> Promotion:
    may_read = desk.may(May.READ_INTELLIGENCE)
    told = may_read or desk.is_own_staff  # to an agency it would name the house's own work
    until = found.promoted_until
    records = found.records.order_by("-proposed_at") if may_read else []
    return Promotion(
        is_promoted=told and until is not None and until >= today(desk.now),
        records=list(records),
        may_propose=desk.may(May.PROPOSE_INTELLIGENCE),
    )
