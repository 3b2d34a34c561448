"""Handing over by telephone: what came of each call."""

from datetime import datetime

from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.triage.models import Call


class CallProblem(Exception):
    """The call cannot be logged so; the sentence says what is missing."""


def log_call(
    hand_off_id: int,
    *,
    reference: str,
    line: str,
    number_is_verified: bool,
    outcome: Call.Outcome,
    contact_confirmed: bool = False,
    spoke_with: str = "",
    their_reference: str = "",
    by: User,
    now: datetime,
) -> Call:
    """Write down one call. Nobody is handed a tip over a number that nobody has confirmed."""
    handed_over = outcome == Call.Outcome.HANDED_OVER
    if handed_over and not number_is_verified and not contact_confirmed:
        raise CallProblem(
            _(
                "This line's number is unverified. Confirm the contact first, then tick that you "
                "did."
            )
        )
    if handed_over and not spoke_with.strip():
        raise CallProblem(_("Write down who took the tip: a name or a badge number."))
    call = Call.objects.create(
        hand_off_id=hand_off_id,
        made_by=by,
        made_at=now,
        outcome=outcome,
        contact_confirmed=contact_confirmed,
        spoke_with=spoke_with.strip(),
        their_reference=their_reference.strip(),
    )
    audit.record(
        "call.logged",
        actor=by.username,
        now=now,
        subject=reference,
        line=line,
        outcome=outcome.value,
        contact_confirmed=contact_confirmed,
    )
    return call
