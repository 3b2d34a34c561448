"""What a line does with a tip in its queue: acknowledge, decline, transfer, close, reopen.

The allowed moves are the table MOVES; which line may never follow another is the table BARRED
(ROUTING policy 1, sections 5 and 7). Call each act in the transaction of everything that belongs
to it, and ring `pipeline.bell.ring_notify` after the commit when it passed the tip on.
"""

import enum
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.hand_over import hand_over
from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import Line
from tipintake.staff import audit
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, MinorPresent

State = HandOff.State
Kind = Line.Kind


class Act(enum.StrEnum):
    ACKNOWLEDGE = "acknowledge"
    DECLINE = "decline"
    TRANSFER = "transfer"
    CLOSE = "close"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class Move:
    """From these states to that one; the audit calls it so."""

    start: tuple[HandOff.State, ...]
    end: HandOff.State
    recorded_as: str


MOVES: Mapping[Act, Move] = {
    Act.ACKNOWLEDGE: Move(
        (State.QUEUED, State.NOTIFIED), State.ACKNOWLEDGED, "hand_off.acknowledged"
    ),
    Act.DECLINE: Move((State.QUEUED, State.NOTIFIED), State.DECLINED, "hand_off.declined"),
    Act.TRANSFER: Move(
        (State.QUEUED, State.NOTIFIED, State.ACKNOWLEDGED),
        State.TRANSFERRED,
        "hand_off.transferred",
    ),
    Act.CLOSE: Move((State.ACKNOWLEDGED,), State.CLOSED, "hand_off.closed"),
    Act.REOPEN: Move((State.CLOSED,), State.ACKNOWLEDGED, "hand_off.reopened"),
}


class Reason(models.TextChoices):
    """Why a line passes a tip on."""

    OTHER_AREA = "OTHER_AREA", "Outside our area"
    OTHER_DUTY = "OTHER_DUTY", "Another kind of agency should have it"
    NO_CAPACITY = "NO_CAPACITY", "We cannot take it in time"
    ALREADY_OURS = "ALREADY_OURS", "We work on this under another tip"
    CONFLICT = "CONFLICT", "Somebody here may be involved"
    OTHER = "OTHER", "Another reason (say which)"


# What the next line, and the person with the receipt, read as the reason.
PASSED_ON: Mapping[Reason, str] = {
    Reason.OTHER_AREA: gettext_noop("Passed on by another line: the place is outside its area."),
    Reason.OTHER_DUTY: gettext_noop("Passed on by another line: this line should have it."),
    Reason.NO_CAPACITY: gettext_noop(
        "Passed on by another line: it could not take the tip in time."
    ),
}
PASSED_ON_PLAINLY = gettext_noop("Passed on by another line.")


# --- Which line may never follow -----------------------------------------------------------------

CITY_AND_COUNTY_POLICE = frozenset({Kind.POLICE, Kind.POLICE_NEIGHBOUR})
ANY_POLICE = CITY_AND_COUNTY_POLICE | {Kind.POLICE_STATE}
EVERY_KIND = frozenset(Kind)
CALLS_POLICE = frozenset({"R0", "R1"})  # whatever the person answered about police
CHILD = frozenset({"R1", "R2"})

Rules = Collection[str]


def _no_consent(tip: Tip) -> bool:
    return tip.reporter_is_victim and not tip.police_consent


def _child(tip: Tip, rules: Rules) -> bool:
    return bool(CHILD.intersection(rules)) or tip.minor_present in {
        MinorPresent.YES,
        MinorPresent.POSSIBLY,
    }


# (when, the kinds of line that may then not follow)
BARRED: tuple[tuple[Callable[[Tip, Rules], bool], frozenset[Line.Kind]], ...] = (
    # A victim who did not agree: services and own staff; the police of the place only for danger
    # or a child in person, child protection and ICAC only for a child.
    (
        lambda tip, _rules: _no_consent(tip),
        frozenset({Kind.TASK_FORCE, Kind.POLICE_STATE, Kind.NATIONAL, Kind.ALTERNATIVE}),
    ),
    (
        lambda tip, rules: _no_consent(tip) and not CALLS_POLICE.intersection(rules),
        CITY_AND_COUNTY_POLICE,
    ),
    (
        lambda tip, rules: _no_consent(tip) and not CHILD.intersection(rules),
        frozenset({Kind.CHILD}),
    ),
    (lambda tip, _rules: tip.reporter_is_victim, frozenset({Kind.ALTERNATIVE})),
    (lambda _tip, rules: set(rules) == {"R7"}, frozenset({Kind.NATIONAL})),
    (_child, frozenset({Kind.ALTERNATIVE})),
    # An adult advertisement without a sign of control is link analysis, never a patrol.
    (
        lambda _tip, rules: "R6" in rules,
        ANY_POLICE | {Kind.NATIONAL, Kind.ALTERNATIVE},
    ),
)

# What an agency may choose follows from what it is and from the scene alone: a shorter list for
# some tips would tell it what the person answered about themselves. Those that may hold the tip of
# a person who did not agree to police have, for every tip, no more than such a tip allows.
OWN_STAFF = frozenset({Kind.INTERNAL})
BY_AGENCY: Mapping[str, frozenset[Line.Kind]] = {
    Kind.POLICE: CITY_AND_COUNTY_POLICE | OWN_STAFF,
    Kind.POLICE_NEIGHBOUR: CITY_AND_COUNTY_POLICE | OWN_STAFF,
    Kind.POLICE_STATE: CITY_AND_COUNTY_POLICE | OWN_STAFF,
    Kind.TASK_FORCE: CITY_AND_COUNTY_POLICE | OWN_STAFF,
}  # every other kind: own staff


class NotPossible(Exception):
    """The hand-off cannot be moved so; the sentence says why and what to do."""


def lines_that_may_follow(
    hand_off: HandOff, *, rules: Rules, county: str, by_agency: bool = False
) -> list[Line]:
    """Where this hand-off may be passed on, own staff first.

    `rules` are the tip's acting rules, `county` the code of the county that holds the scene, empty
    when it is not known. A line outside the house that declined the tip is not asked again.
    """
    declined = HandOff.objects.filter(tip=hand_off.tip_id, state=State.DECLINED)
    asked = declined.exclude(line__kind=Kind.INTERNAL).values_list("line_id", flat=True)
    barred = _barred(hand_off.tip, rules)
    lines = Line.objects.filter(active=True).exclude(pk=hand_off.line_id).exclude(pk__in=asked)
    open_to = BY_AGENCY.get(hand_off.line.kind, OWN_STAFF) if by_agency else EVERY_KIND
    allowed = [line for line in lines if line.kind in open_to - barred]
    if by_agency or (_no_consent(hand_off.tip) and county):
        allowed = [line for line in allowed if _is_none_or_police_of(county, line)]
    return sorted(allowed, key=lambda line: (line.kind != Kind.INTERNAL, line.name))


def acknowledge(hand_off: HandOff, *, by: str, now: datetime) -> None:
    """The line has the tip. For a line without a queue user: staff handed it over."""
    late = now > hand_off.due_at
    _move(hand_off, Act.ACKNOWLEDGE, acknowledged_at=now)
    _record(hand_off, Act.ACKNOWLEDGE, by=by, now=now, late=late)


def pass_on(
    hand_off: HandOff,
    act: Act,
    *,
    to: Line,
    reason: Reason,
    rules: Rules,
    county: str,
    by: str,
    now: datetime,
    by_agency: bool = False,
) -> HandOff:
    """Decline or transfer: this line is done with the tip, the next one's clock starts now."""
    if to not in lines_that_may_follow(hand_off, rules=rules, county=county, by_agency=by_agency):
        raise NotPossible(
            _("{name} may not receive this tip. Choose a line from the list.").format(name=to.name)
        )
    was_primary = hand_off.is_primary
    _move(hand_off, act, is_primary=False)
    following = _queued_with(to, hand_off, reason, is_primary=was_primary, now=now)
    _record(hand_off, act, by=by, now=now, to=to.code, reason=reason.value)
    return following


def close(hand_off: HandOff, *, disposition: Disposition, by: str, now: datetime) -> None:
    _move(hand_off, Act.CLOSE, disposition=disposition)
    _record(hand_off, Act.CLOSE, by=by, now=now, disposition=disposition.value)


def reopen(hand_off: HandOff, *, by: str, now: datetime) -> None:
    """The line takes it up again, as it had it before it closed it."""
    _move(hand_off, Act.REOPEN, disposition="")
    _record(hand_off, Act.REOPEN, by=by, now=now)


def possible(hand_off: HandOff) -> list[Act]:
    """What may be done with it as it stands."""
    return [act for act, move in MOVES.items() if hand_off.state in move.start]


def _is_none_or_police_of(county: str, line: Line) -> bool:
    """Own staff who know better than the decision first find the place; agencies ask them."""
    return line.kind not in CITY_AND_COUNTY_POLICE or (county != "" and line.county == county)


def _barred(tip: Tip, rules: Rules) -> frozenset[Line.Kind]:
    return frozenset[Line.Kind]().union(*(kinds for when, kinds in BARRED if when(tip, rules)))


def _move(hand_off: HandOff, act: Act, **values: object) -> None:
    """Claim the move: of two at the same moment one succeeds. No reminder is due after it."""
    move = MOVES[act]
    values = {"state": move.end, "notify_at": None, "escalate_again_at": None} | values
    claimed = HandOff.objects.filter(pk=hand_off.pk, state__in=move.start).update(**values)
    hand_off.refresh_from_db()
    if not claimed:
        raise NotPossible(
            _("{name} cannot {act} this tip: it is {state} now. Load the page again.").format(
                name=hand_off.line.name,
                act=_(act.value),
                state=_(State(hand_off.state).label).lower(),
            )
        )


def _queued_with(
    line: Line, before: HandOff, reason: Reason, *, is_primary: bool, now: datetime
) -> HandOff:
    """The tip in the queue of `line`: as it stands there, again, or for the first time.

    Its writer goes on seeing a line that they saw, and learns of the next one by what they saw; of
    one that came to it by another tip, they learn this alone.
    """
    there = HandOff.objects.filter(tip=before.tip_id, line=line).first()
    because = PASSED_ON.get(reason, PASSED_ON_PLAINLY)
    if there is not None and there.state in {*OPEN_STATES, State.ACKNOWLEDGED}:
        values: dict[str, object] = {"is_primary": there.is_primary or is_primary}
        if before.shown_to_writer and not there.shown_to_writer:
            values |= {"shown_to_writer": True, "because": because}
        HandOff.objects.filter(pk=there.pk).update(**values)
        return there
    fresh = hand_over(
        before.tip_id,
        line,
        low_trust=before.low_trust,
        priority=before.priority,
        rule=before.rule,
        because=because,
        is_primary=is_primary,
        shown_to_writer=before.shown_to_writer or (there is not None and there.shown_to_writer),
        now=now,
    )
    fresh.pk = there.pk if there is not None else None
    fresh.save()
    return fresh


def _record(hand_off: HandOff, act: Act, *, by: str, now: datetime, **facts: audit.Fact) -> None:
    audit.record(
        MOVES[act].recorded_as,
        actor=by,
        now=now,
        subject=hand_off.tip.reference,
        line=hand_off.line.code,
        **facts,
    )
