"""Send a tip another way because staff read it otherwise: decided anew, with the reason.

What was answered stays as it was; the decision says which answers staff read otherwise. Every law
about consent and children holds, because the same rules decide. A line that has acknowledged
keeps the tip; one that has not, and that the rules no longer ask for, is let go.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import models
from django.utils.translation import gettext as _

from tipintake.delivery.deadlines import acknowledge_by
from tipintake.delivery.hand_over import hand_over
from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import bell
from tipintake.pipeline.placing import STAND_IN, TRIAGE, Ground, Placed, ground
from tipintake.routing.corrections import CORRECTABLE, PLACE, corrected, latest
from tipintake.routing.decide import Decided
from tipintake.routing.facts import facts_of_tip
from tipintake.routing.models import Decision
from tipintake.staff import audit
from tipintake.tips import terms
from tipintake.tips.models import Tip
from tipintake.triage import actions

State = HandOff.State
READ_WITH = ("vehicles", "locations", "online", "mentions")
HAS_IT = (*OPEN_STATES, State.ACKNOWLEDGED)


class Why(models.TextChoices):
    """Why staff send a tip another way."""

    KIND = "KIND", "It is another kind of situation"
    URGENCY = "URGENCY", "It is more, or less, urgent"
    MINOR = "MINOR", "Somebody there is, or is not, under 18"
    PLACE = "PLACE", "It is somewhere else"
    MORE_KNOWN = "MORE_KNOWN", "The person who wrote added something"
    RULES = "RULES", "The directory or the policy has changed"


class CannotReroute(Exception):
    """Nothing was changed; the sentence says why."""


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a re-route would do. Nothing is written yet."""

    decided: Decided
    placed: tuple[Placed, ...]
    hidden: frozenset[str]  # lines that the person who wrote must not learn of
    corrections: Mapping[str, str]
    before: Decision | None
    new: tuple[Line, ...]
    let_go: tuple[HandOff, ...]

    @property
    def changes_nothing(self) -> bool:
        same_rules = self.before is not None and (
            (self.before.rule, self.before.priority) == (self.decided.rule, self.decided.priority)
        )
        return same_rules and not self.new and not self.let_go


def foresee(tip: Tip, corrections: Mapping[str, str]) -> Foreseen:
    """Decide anew with these answers instead. An answer as it was given corrects nothing.

    A tip that still waits to be routed is left to it: a line receives a tip by routing once, and
    one that had it before would keep it from ever being routed.
    """
    on = ground()
    whole = Tip.objects.prefetch_related(*READ_WITH).get(pk=tip.pk)
    if whole.routed_at is None:
        raise CannotReroute(_("It is being placed; load it again in a minute."))
    differs = {
        name: value
        for name, value in corrections.items()
        if value and (name == PLACE or (name in CORRECTABLE and value != getattr(whole, name)))
    }
    alone = on.decided(lambda: corrected(facts_of_tip(whole), differs))
    decided = on.decided(
        lambda: corrected(facts_of_tip(whole), differs), shares_evidence=tip.shares_evidence
    )
    if decided is None or alone is None or TRIAGE not in on.lines:
        raise CannotReroute(
            _("This tip cannot be decided by the rules. Transfer it by hand in its queue.")
        )
    rows = {row.line_id: row for row in _rows(tip)}
    victim = tip.reporter_is_victim
    by_itself = {
        one.line.code: one for one in _not_asked_again(on, on.placed(alone, victim=victim), rows)
    }
    # A line that the tip would have by itself has it for the reason that it has by itself.
    placed = tuple(
        replace(one, because=by_itself[code].because, rule=by_itself[code].rule)
        if (code := one.line.code) in by_itself
        else one
        for one in _not_asked_again(on, on.placed(decided, victim=victim), rows)
    )
    before = latest(tip)
    asked = {one.line.code for one in placed}
    earlier = {before.primary, *before.also} if before is not None else set()
    return Foreseen(
        decided=decided,
        placed=placed,
        hidden=frozenset(asked - by_itself.keys()),
        corrections=differs,
        before=before,
        new=tuple(
            one.line
            for one in placed
            if one.line.pk not in rows or rows[one.line.pk].state not in HAS_IT
        ),
        let_go=tuple(
            row
            for row in rows.values()
            if row.state in OPEN_STATES and row.line.code in earlier - asked
        ),
    )


def reroute(
    tip: Tip, corrections: Mapping[str, str], *, why: Why, by: str, now: datetime
) -> Foreseen:
    """Do it. Call it inside the transaction that claimed the tip's version."""
    seen = foresee(tip, corrections)
    if seen.changes_nothing:
        raise CannotReroute(
            _(
                "With these answers the tip stays where it is. Transfer it if another line should "
                "have it all the same."
            )
        )
    rows = {row.line_id: row for row in _rows(tip)}
    HandOff.objects.filter(tip=tip).update(is_primary=False)
    for row in seen.let_go:
        _let_go(row, tip, by=by, now=now)
    for place in seen.placed:
        _place(tip, place, rows.get(place.line.pk), seen, now=now)
    _decide(tip, seen, why, by=by, now=now)
    Tip.objects.filter(pk=tip.pk).update(priority=seen.decided.priority)
    tip.priority = seen.decided.priority
    actions.reopened(tip, by=by, now=now)
    audit.record(
        "tip.rerouted",
        actor=by,
        now=now,
        subject=tip.reference,
        reason=why.value,
        corrected=sorted(seen.corrections),
        rule=seen.decided.rule,
        priority=seen.decided.priority,
        lines_added=[line.code for line in seen.new],
        lines_let_go=[row.line.code for row in seen.let_go],
    )
    bell.ring_notify_after_commit()
    return seen


def _rows(tip: Tip) -> list[HandOff]:
    return list(HandOff.objects.filter(tip=tip).select_related("line"))


def _not_asked_again(
    on: Ground, placed: tuple[Placed, ...], rows: Mapping[int, HandOff]
) -> tuple[Placed, ...]:
    """An agency that declined the tip is not asked again: regional triage stands in for it."""
    found: dict[int, Placed] = {}
    for one in placed:
        row = rows.get(one.line.pk)
        declined = row is not None and row.state == State.DECLINED
        line, because = one.line, one.because
        if declined and line.kind != Line.Kind.INTERNAL:
            line, because = on.lines[TRIAGE], STAND_IN
        found.setdefault(
            line.pk, Placed(line, is_primary=not found, because=because, rule=one.rule)
        )
    return tuple(found.values())


def _let_go(row: HandOff, tip: Tip, *, by: str, now: datetime) -> None:
    """The rules no longer ask this line, and nobody there has taken the tip."""
    claimed = HandOff.objects.filter(pk=row.pk, state__in=OPEN_STATES).update(
        state=State.TRANSFERRED, notify_at=None, escalate_again_at=None
    )
    if claimed:
        audit.record(
            "hand_off.let_go", actor=by, now=now, subject=tip.reference, line=row.line.code
        )


def _place(
    tip: Tip, place: Placed, there: HandOff | None, seen: Foreseen, *, now: datetime
) -> None:
    shown = place.line.code not in seen.hidden
    if there is None or there.state not in HAS_IT:
        # What its writer saw they go on seeing, and why they saw it.
        known = there is not None and there.shown_to_writer
        fresh = hand_over(
            tip.pk,
            place.line,
            low_trust=tip.low_trust,
            priority=seen.decided.priority,
            rule=place.rule,
            because=there.because if there is not None and known and not shown else place.because,
            is_primary=place.is_primary,
            shown_to_writer=shown or known,
            now=now,
        )
        fresh.pk = there.pk if there is not None else None
        fresh.save()
        return
    values: dict[str, object] = {
        "is_primary": place.is_primary,
        "rule": place.rule,
        "because": place.because,
        "shown_to_writer": there.shown_to_writer or shown,
    }
    if seen.decided.priority < there.priority:  # it only ever becomes more urgent
        values |= {"priority": seen.decided.priority, "escalations": 0, "escalate_again_at": None}
        values |= {"due_at": acknowledge_by(seen.decided.priority, now), "queued_at": now}
        values |= {"notify_at": now} if there.state in OPEN_STATES else {}
    HandOff.objects.filter(pk=there.pk).update(**values)


def _decide(tip: Tip, seen: Foreseen, why: Why, *, by: str, now: datetime) -> None:
    on, decided = ground(), seen.decided
    primary, *others = [place.line.code for place in seen.placed]
    Decision.objects.create(
        tip=tip,
        decided_at=now,
        policy_version=on.policy_version,
        region_version=on.gazetteer.version,
        boundaries_version=on.boundaries_version,
        rule=decided.rule,
        rules=list(decided.rules),
        primary=primary,
        also=sorted(others),
        priority=decided.priority,
        banner_911=decided.banner_911,
        because=decided.because,
        made_by=by,
        why=why.value,
        corrected=dict(seen.corrections),
        place_outcome=decided.place.outcome,
        jurisdiction=decided.place.jurisdiction or "",
        place=decided.place.as_json(),
    )
    terms.place([(tip.pk, decided.place.jurisdiction or "")])
