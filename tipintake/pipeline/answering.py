"""A line answers for a tip: the same acts whether a person presses a button or a system asks.

Call each in the transaction of everything that belongs to it, and ring `bell.ring_notify` after
the commit of one that passed the tip on.
"""

from datetime import datetime

from tipintake.delivery import acts
from tipintake.delivery.acts import Act, Reason
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.routing.models import Decision
from tipintake.routing.scene import county_of
from tipintake.tips.models import Tip
from tipintake.triage import actions


def take(hand_off: HandOff, *, by: str, now: datetime) -> None:
    """The line acknowledges the tip, and the tip's status moves on."""
    acts.acknowledge(hand_off, by=by, now=now)
    actions.acknowledged(
        hand_off.tip, by_own_staff=hand_off.line.kind == Line.Kind.INTERNAL, by=by, now=now
    )


def pass_on(
    hand_off: HandOff,
    act: Act,
    *,
    to: Line,
    reason: Reason,
    by: str,
    now: datetime,
    by_agency: bool,
) -> HandOff:
    """The line declines or transfers the tip; the next line's hand-off."""
    decision = _decision(hand_off.tip)
    return acts.pass_on(
        hand_off,
        act,
        to=to,
        reason=reason,
        rules=rules_of(hand_off.tip, decision),
        county=county_of(decision),
        by=by,
        now=now,
        by_agency=by_agency,
    )


def lines_that_may_follow(hand_off: HandOff, *, by_agency: bool) -> list[Line]:
    """To whom the line may pass the tip on."""
    decision = _decision(hand_off.tip)
    return acts.lines_that_may_follow(
        hand_off,
        rules=rules_of(hand_off.tip, decision),
        county=county_of(decision),
        by_agency=by_agency,
    )


def rules_of(tip: Tip, decision: Decision | None) -> tuple[str, ...]:
    """The rules that decided this tip; of a tip routed by hand, those of its hand-offs."""
    if decision is not None:
        return tuple(decision.rules)
    return tuple(sorted(set(HandOff.objects.filter(tip=tip).values_list("rule", flat=True))))


def _decision(tip: Tip) -> Decision | None:
    found: Decision | None = tip.decisions.order_by("-decided_at", "-pk").first()
    return found
