"""Close a tip from the desk: every visible queue that may be closed, in one act; and the way back
of a tip that was closed as the duplicate of another.

What own staff have not acknowledged is acknowledged by closing it. A line outside the house that
has not answered keeps the tip: nobody closes for it.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from tipintake.delivery import acts
from tipintake.delivery.models import IN_HAND, OPEN_STATES, HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import answering
from tipintake.staff.models import AuditEntry, User
from tipintake.staff.roles import MAY, May
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage import actions, links
from tipintake.triage.actions import NotAllowed


@dataclass(frozen=True, slots=True)
class Closed:
    """The lines that are done with it, and those that still have it."""

    closed: tuple[str, ...]
    left: tuple[str, ...]

    @property
    def said(self) -> str:
        done = _("Closed by {value}.").format(value=", ".join(self.closed))
        return (
            _("{done} Still with {value}.").format(done=done, value=", ".join(self.left))
            if self.left
            else done
        )


@dataclass(frozen=True, slots=True)
class Unmerged:
    """The tip that had been merged into the other one, and the lines that have it again."""

    tip: Tip
    lines: tuple[str, ...]

    @property
    def said(self) -> str:
        """What became of it, besides; empty where it stood in its queues all the time."""
        if self.lines:
            return _("{value} has {reference} in work again.").format(
                value=", ".join(self.lines), reference=self.tip.reference
            )
        if self.tip.status == Status.CLOSED:
            return _("{reference} stays closed: a line that has it reopens it.").format(
                reference=self.tip.reference
            )
        return ""


def close_tip(
    tip: Tip, lines: Iterable[int], *, disposition: Disposition, by: str, now: datetime
) -> Closed:
    """Call it in the transaction that claimed the tip's version. `lines` are the visible ones."""
    visible = set(lines)
    rows = list(HandOff.objects.filter(tip=tip, state__in=IN_HAND).select_related("line"))
    ours = [row for row in rows if row.line_id in visible and _may_close(row)]
    if not ours:
        waits = ", ".join(row.line.name for row in rows if row.state in OPEN_STATES)
        raise NotAllowed(
            _("{waits} has not answered for it yet. Hand it over, or pass it on.").format(
                waits=waits
            )
            if waits
            else _("None of your lines has it in hand.")
        )
    for row in ours:
        row.tip = tip
        if row.state in OPEN_STATES:
            answering.take(row, by=by, now=now)
        acts.close(row, disposition=disposition, by=by, now=now)
    left = [row.line.name for row in rows if row not in ours]
    if not left:
        ended = HandOff.objects.filter(tip=tip, state=HandOff.State.CLOSED)
        actions.ended(
            tip, dispositions=ended.values_list("disposition", flat=True), by=by, now=now
        )
    return Closed(tuple(row.line.name for row in ours), tuple(left))


def close_as_duplicate(
    tip: Tip, of: Tip, lines: Iterable[int], *, by: User, now: datetime
) -> Closed:
    """The same report as another tip: merged into it, and closed. Call it in the transaction that
    claimed both (`links.claim_both`)."""
    try:
        links.count_as_one(tip, of, by=by, now=now)
    except links.NotPossible as fault:
        raise NotAllowed(str(fault)) from None
    return close_tip(tip, lines, disposition=Disposition.DUPLICATE, by=by.username, now=now)


def unmerge(
    tip: Tip, other: Tip, lines: Iterable[int], *, version: int, by: User, now: datetime
) -> Unmerged:
    """Count two merged tips as two reports. `lines` are the visible ones: what own staff had
    closed there as the duplicate is in work again, for nobody else works on what it says now.

    `version` is that of `tip` as it was shown. Raises `links.NotPossible` or ChangedMeanwhile.
    """
    with transaction.atomic():
        links.claim_both(tip, other, version=version)
        apart = links.count_as_two(tip, other, by=by, now=now)
        apart.refresh_from_db(fields=["status", "disposition", "closed_on"])
        closed = HandOff.objects.filter(
            tip=apart,
            line__in=list(lines),
            state=HandOff.State.CLOSED,
            disposition=Disposition.DUPLICATE,
        )
        rows = [row for row in closed.select_related("line") if not _closed_by_agency(row, apart)]
        for row in rows:
            row.tip = apart
            acts.reopen(row, by=by.username, now=now)
            actions.reopened(apart, by=by.username, now=now)
    return Unmerged(apart, tuple(row.line.name for row in rows))


def _closed_by_agency(row: HandOff, tip: Tip) -> bool:
    """Whether whoever closed this part may not merge tips: they closed it for their own reason."""
    closed = AuditEntry.objects.filter(
        act=acts.MOVES[acts.Act.CLOSE].recorded_as,
        subject=tip.reference,
        facts__line=row.line.code,
    ).order_by("at", "pk")
    last = closed.last()
    if last is None:
        return False
    mergers = [role.value for role, may in MAY.items() if May.JUDGE_LINKS in may]
    return not User.objects.filter(username=last.actor, groups__name__in=mergers).exists()


def _may_close(row: HandOff) -> bool:
    return row.state == HandOff.State.ACKNOWLEDGED or row.line.kind == Line.Kind.INTERNAL
