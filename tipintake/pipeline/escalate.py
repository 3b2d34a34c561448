"""Nobody acknowledged in time: who is told, and whose queue receives the tip too.

ROUTING policy 1, section 6. Nothing is taken from the line that did not answer.
"""

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max, Q, QuerySet
from django.utils.translation import gettext_noop as _

from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.hand_over import hand_over
from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.delivery.notices import keep, notice
from tipintake.directory.models import Contact, Jurisdiction, Line
from tipintake.pipeline import bell
from tipintake.pipeline.placing import ADVOCATE, TRIAGE
from tipintake.routing.models import Decision
from tipintake.routing.scene import county_of
from tipintake.staff import audit
from tipintake.tips.shared import BEARS_NOTHING_OUT

log = logging.getLogger(__name__)

ACTOR = "sweep"
AT_ONCE = 200
FIRST, SECOND, AGAIN = 1, 2, 3
# Own staff left it to the other line; who found nothing in it does not look again.
LEFT_TO_ANOTHER = Q(state__in=(HandOff.State.DECLINED, HandOff.State.TRANSFERRED)) | Q(
    ~Q(disposition__in=BEARS_NOTHING_OUT), state=HandOff.State.CLOSED
)
# Nobody has answered for it after both alarms: the second is given again, this often, for ever.
REPEATED: Mapping[str, timedelta] = {"P1": timedelta(hours=1)}
BECAUSE: Mapping[int, str] = {
    FIRST: _("A line did not answer for this tip in time: regional triage reads it too."),
    SECOND: _("A line did not answer for this tip in twice the time: more people receive it."),
}


@dataclass(frozen=True, slots=True)
class Step:
    """What one missed deadline sets going."""

    tell_own: tuple[str, ...] = ()  # roles at the line that did not answer
    tell_triage: tuple[str, ...] = ()  # roles at regional triage
    add_triage: bool = False
    add_county: bool = False


@dataclass(frozen=True, slots=True)
class Ladder:
    first: Step = field(default_factory=Step)
    second: Step = field(default_factory=Step)


SUPERVISOR, COORDINATOR = Contact.Role.SUPERVISOR.value, Contact.Role.COORDINATOR.value

# Each hand-off climbs one of these.
ORDINARY = Ladder(
    Step(tell_own=(SUPERVISOR,), tell_triage=(SUPERVISOR,), add_triage=True),
    Step(
        tell_own=(SUPERVISOR, COORDINATOR),
        tell_triage=(SUPERVISOR, COORDINATOR),
        add_triage=True,
        add_county=True,
    ),
)
# The person asked that nobody but an advocate be told.
ADVOCATE_ONLY = Ladder(
    Step(tell_own=(SUPERVISOR,)),
    Step(tell_own=(SUPERVISOR, COORDINATOR)),
)
# A victim who did not consent, in danger: the police line was told for the danger alone.
NO_OTHER_POLICE = Ladder(
    Step(tell_own=(SUPERVISOR,), tell_triage=(SUPERVISOR,), add_triage=True),
    Step(
        tell_own=(SUPERVISOR, COORDINATOR),
        tell_triage=(SUPERVISOR, COORDINATOR),
        add_triage=True,
    ),
)
# Link analysis never becomes a patrol's work by waiting.
TRIAGE_ONLY = Ladder(
    Step(tell_triage=(SUPERVISOR,), add_triage=True),
    Step(tell_triage=(SUPERVISOR, COORDINATOR), add_triage=True),
)


def ladder_of(hand_off: HandOff) -> Ladder:
    """Which ladder a hand-off climbs."""
    no_consent = hand_off.tip.reporter_is_victim and not hand_off.tip.police_consent
    if no_consent:
        return ADVOCATE_ONLY if hand_off.line.code == ADVOCATE else NO_OTHER_POLICE
    if hand_off.rule == "R6" or hand_off.priority == "P4":
        return TRIAGE_ONLY
    return ORDINARY


def escalate_overdue(*, now: datetime) -> int:
    """Escalate up to AT_ONCE hand-offs whose deadline passed unacknowledged. How many it did."""
    done = 0
    steps = (
        (AGAIN, _still_overdue(now)),
        (SECOND, _overdue_again(now)),
        (FIRST, _overdue(now)),
    )
    for number, keys in steps:
        for pk in keys.values_list("pk", flat=True)[: AT_ONCE - done]:
            try:
                done += _escalate(pk, number, now=now)
            except Exception:
                log.exception("escalate.failed the next sweep tries again")
    return done


def _overdue(now: datetime) -> QuerySet[HandOff]:
    return HandOff.objects.filter(state__in=OPEN_STATES, escalations=0, due_at__lte=now).order_by(
        "due_at"
    )


def _overdue_again(now: datetime) -> QuerySet[HandOff]:
    return HandOff.objects.filter(
        state__in=OPEN_STATES, escalations=FIRST, escalate_again_at__lte=now
    ).order_by("escalate_again_at")


def _still_overdue(now: datetime) -> QuerySet[HandOff]:
    return HandOff.objects.filter(
        state__in=OPEN_STATES, escalations=SECOND, escalate_again_at__lte=now
    ).order_by("escalate_again_at")


_DUE = {FIRST: _overdue, SECOND: _overdue_again, AGAIN: _still_overdue}


def next_alarm(priority: str, number: int, now: datetime) -> datetime | None:
    """When the alarm after this one is due; None: there is none."""
    if number == FIRST:
        # The second period is as long as the first, and begins when the first alarm is given.
        return acknowledge_by(priority, now)
    every = REPEATED.get(priority)
    return now + every if every is not None else None


def _escalate(pk: int, number: int, *, now: datetime) -> int:
    with transaction.atomic():
        due = _DUE[number](now).filter(pk=pk).order_by()
        if not due.update(escalations=min(number, SECOND), escalate_again_at=None):
            return 0
        hand_off = HandOff.objects.select_related("tip", "line").get(pk=pk)
        hand_off.escalate_again_at = next_alarm(hand_off.priority, number, now)
        hand_off.save(update_fields=["escalate_again_at"])
        ladder = ladder_of(hand_off)
        step = ladder.first if number == FIRST else ladder.second
        told = _tell(hand_off, step, now=now)
        added = [] if number == AGAIN else _add_lines(hand_off, step, number, now=now)
        audit.record(
            "hand_off.escalated",
            actor=ACTOR,
            now=now,
            subject=hand_off.tip.reference,
            line=hand_off.line.code,
            step=number,
            told=told,
            lines_added=added,
        )
        bell.ring_notify_after_commit()
    return 1


def _tell(hand_off: HandOff, step: Step, *, now: datetime) -> int:
    # A hand-off that came back to a line has had alarms before: these are new ones.
    alarms = hand_off.notices.filter(purpose=Notice.Purpose.OVERDUE)
    number = (alarms.aggregate(highest=Max("round"))["highest"] or 0) + 1
    roles = {TRIAGE: set(step.tell_triage)}
    roles[hand_off.line.code] = roles.get(hand_off.line.code, set()) | set(step.tell_own)
    contacts = [
        contact
        for contact in Contact.objects.filter(line__code__in=roles, active=True).select_related(
            "line"
        )
        if contact.role in roles[contact.line.code]
    ]
    keep(
        [
            notice(hand_off, contact, purpose=Notice.Purpose.OVERDUE, number=number, now=now)
            for contact in contacts
        ]
    )
    if not contacts:
        log.error("escalate.nobody_told %s missed a deadline", hand_off.line.code)
    return len(contacts)


def _add_lines(hand_off: HandOff, step: Step, number: int, *, now: datetime) -> list[str]:
    """Put the tip into further queues, where it is not yet. Their codes.

    Own staff who had passed it on, or closed their part, have it again: the line that they left
    it to sleeps, and it would wait where nobody here looks.
    """
    wanted = [TRIAGE] if step.add_triage else []
    if step.add_county:
        wanted.append(_county_line(hand_off))
    there = {row.line_id: row for row in HandOff.objects.filter(tip=hand_off.tip_id)}
    left = HandOff.objects.filter(LEFT_TO_ANOTHER, tip=hand_off.tip_id)
    again = left.filter(line__kind=Line.Kind.INTERNAL).values_list("line", flat=True)
    lines = Line.objects.filter(code__in=wanted, active=True)
    added = [line for line in lines if line.pk not in there or line.pk in again]
    for line in added:
        # What its writer saw they go on seeing, and why they saw it.
        before = there.get(line.pk)
        known = before is not None and before.shown_to_writer
        fresh = hand_over(
            hand_off.tip_id,
            line,
            low_trust=hand_off.low_trust,
            priority=hand_off.priority,
            rule=hand_off.rule,
            because=before.because
            if before is not None and known and not hand_off.shown_to_writer
            else BECAUSE[number],
            shown_to_writer=hand_off.shown_to_writer or known,
            now=now,
        )
        fresh.pk = before.pk if before is not None else None
        fresh.save()
    return sorted(line.code for line in added)


def _county_line(hand_off: HandOff) -> str:
    """The police line of the county that holds the scene; empty when the county is not known."""
    decision = Decision.objects.filter(tip=hand_off.tip_id).order_by("-pk").first()
    county = Jurisdiction.objects.filter(code=county_of(decision)).first()
    return county.police_line if county is not None else ""
