"""What staff do with a tip itself. Each act claims the version that its page showed."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import F
from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.tips import retention
from tipintake.tips.models import HeldSpan, Tip
from tipintake.tips.vocabulary import LegalHold, Status
from tipintake.triage import workflow
from tipintake.triage.models import IntelligenceRecord

ALL, PARTS, NOTHING = "all", "parts", ""


class ChangedMeanwhile(Exception):
    """Somebody else acted on this tip since the page was loaded. Nothing was written."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Somebody else acted on this tip while you were looking at it. "
                "Load it again, see what changed, and repeat what is still needed."
            )
        )


class NotAllowed(Exception):
    """The tip's status may not change so."""


def claim(tip: Tip, *, version: int) -> None:
    """Take the tip's next version, first in the transaction: of two at one moment one succeeds."""
    if not Tip.objects.filter(pk=tip.pk, version=version).update(version=F("version") + 1):
        raise ChangedMeanwhile
    tip.version = version + 1


def change_status(tip: Tip, to: Status, *, by: str, now: datetime) -> Status:
    """Move the tip on. The status that it had comes back, for whoever wants to reverse it."""
    if not workflow.allowed(tip.status, to):
        raise NotAllowed(
            _("A tip that is {status} cannot become {label}. Choose one of: {value}.").format(
                status=_(Status(tip.status).label).lower(),
                label=_(to.label).lower(),
                value=", ".join(
                    _(one.label).lower() for one in workflow.MOVES[Status(tip.status)]
                ),
            )
        )
    before = Status(tip.status)
    Tip.objects.filter(pk=tip.pk).update(status=to)
    tip.status = to
    audit.record(
        "tip.status_changed",
        actor=by,
        now=now,
        subject=tip.reference,
        before=before.value,
        status=to.value,
    )
    return before


def acknowledged(tip: Tip, *, by_own_staff: bool, by: str, now: datetime) -> None:
    """A line has the tip: its status moves on, never back."""
    to = workflow.AFTER_OWN_STAFF if by_own_staff else workflow.AFTER_AN_AGENCY
    if tip.status != Status.CLOSED and workflow.is_further(to, tip.status):
        change_status(tip, to, by=by, now=now)


def ended(tip: Tip, *, dispositions: Iterable[str], by: str, now: datetime) -> None:
    """No line has the tip in its queue or in work any more. What they say came of it decides how
    long it is kept."""
    if tip.status != Status.CLOSED:
        change_status(tip, Status.CLOSED, by=by, now=now)
    tip.disposition = retention.weightiest(dispositions) or ""
    tip.closed_on = retention.today(now)
    tip.save(update_fields=["disposition", "closed_on"])


def reopened(tip: Tip, *, by: str, now: datetime) -> None:
    """A line took up again what was closed."""
    if tip.status == Status.CLOSED:
        tip.disposition, tip.closed_on = "", None
        tip.save(update_fields=["disposition", "closed_on"])
        change_status(tip, Status.WORKING, by=by, now=now)


def hold(tip: Tip, reason: LegalHold, *, by: str, now: datetime) -> None:
    """Stop the clock: nothing purges this tip until somebody lifts the hold."""
    Tip.objects.filter(pk=tip.pk).update(legal_hold=reason)
    tip.legal_hold = reason
    audit.record("tip.hold_placed", actor=by, now=now, subject=tip.reference, reason=reason.value)


def goes_without_hold(tip: Tip, *, now: datetime) -> str:
    """What the next round destroys once the hold is lifted: ALL of the tip, PARTS or NOTHING."""
    if retention.is_over(tip, now=now):
        return ALL
    day = retention.today(now)
    held = HeldSpan.objects.filter(tip=tip, destroy_after__lt=day)
    records = IntelligenceRecord.objects.filter(tip=tip, review_by__lt=day)
    return PARTS if held.exists() or records.exists() else NOTHING


def lift_hold(tip: Tip, *, by: str, now: datetime) -> None:
    """Let the clock run on. A tip whose time is over is purged by the next sweep."""
    before = tip.legal_hold
    Tip.objects.filter(pk=tip.pk).update(legal_hold="")
    tip.legal_hold = ""
    audit.record("tip.hold_lifted", actor=by, now=now, subject=tip.reference, reason=before)
