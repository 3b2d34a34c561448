"""Place waiting tips in the queues of their lines. `Tip.routed_at IS NULL` is the queue itself.

A batch is read and decided, then claimed and written in one short transaction. When a batch
fails, each of its tips is tried alone; one that cannot be decided or written goes to regional
triage with that reason. No tip goes round and round, and none is routed twice.
"""

import logging
from collections import defaultdict
from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from django.db import OperationalError, transaction
from django.db.models import QuerySet

from tipintake.delivery.hand_over import handed_over
from tipintake.delivery.models import HandOff
from tipintake.pipeline import bell
from tipintake.pipeline.locking import several_writers, unlocked
from tipintake.pipeline.placing import BY_HAND, NO_RULE, TRIAGE, Ground, Placed, ground
from tipintake.routing.decide import Decided
from tipintake.routing.models import Decision
from tipintake.routing.reading import COLUMNS, Parts, Values, facts_of, parts_of
from tipintake.rows import Batch
from tipintake.staff import audit
from tipintake.tips import floods, terms
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Immediacy, MinorPresent

log = logging.getLogger(__name__)

ACTOR = "route"
AT_ONCE = 500
FULL = AT_ONCE // 2  # some of a full batch may be stuck
URGENT_CODES = ("IMM_", "MIN_")


class _Waiting(NamedTuple):
    """What is read of a waiting tip for itself; its facts follow."""

    pk: UUID
    reference: str
    low_trust: bool
    immediacy: str
    minor_present: str
    reporter_is_victim: bool
    indicators: list[str]


OWN = _Waiting._fields


@dataclass(frozen=True, slots=True)
class _Outcome:
    tip: _Waiting
    decided: Decided | None  # None: a person at regional triage reads it first

    @property
    def priority(self) -> str:
        return self.decided.priority if self.decided else _urgency(self.tip)

    @property
    def rule(self) -> str:
        return self.decided.rule if self.decided else NO_RULE


def route_waiting(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Route up to `limit` of the tips that have waited longest. How many it routed."""
    on = ground()
    if TRIAGE not in on.lines:
        log.error("route.no_region tips wait: run `manage.py region load`")
        return 0
    try:
        return _route(Tip.objects.waiting()[:limit], on, now=now)
    except OperationalError:
        raise  # the database itself: nothing is wrong with any tip
    except Exception:
        log.exception("route.batch_failed each of its tips is tried alone")
    return sum(_route_alone(pk, on, now=now) for pk in _waiting_keys(limit))


def _waiting_keys(limit: int) -> list[UUID]:
    return list(Tip.objects.waiting().values_list("pk", flat=True)[:limit])


def _route(tips: QuerySet[Tip], on: Ground, *, now: datetime) -> int:
    """Where several may write, rows are locked while they are decided, so that workers share the
    work. Where one writes at a time, deciding must not keep the others from writing.
    """
    with transaction.atomic() if several_writers() else nullcontext():
        read = list(unlocked(tips).values_list(*OWN, *COLUMNS))
        parts = parts_of([row[0] for row in read])
        outcomes = [
            _decide(_Waiting._make(row[: len(OWN)]), row[len(OWN) :], parts, on) for row in read
        ]
        return _write(outcomes, on, now=now)


def _decide(tip: _Waiting, values: Values, parts: Parts, on: Ground) -> _Outcome:
    return _Outcome(tip, on.decided(lambda: facts_of(tip.pk, values, parts)))


def _route_alone(pk: UUID, on: Ground, *, now: datetime) -> int:
    try:
        return _route(Tip.objects.waiting().filter(pk=pk), on, now=now)
    except OperationalError:
        raise
    except Exception:
        log.exception("route.tip_failed regional triage reads it")
    try:
        # Read nothing of it that may be what fails.
        own = Tip.objects.waiting().filter(pk=pk).values_list(*OWN)
        return _write([_Outcome(_Waiting._make(row), None) for row in own], on, now=now)
    except OperationalError:
        raise
    except Exception:
        log.exception("route.tip_stuck it goes on waiting; see tips without routed_at")
        return 0


def _write(outcomes: Sequence[_Outcome], on: Ground, *, now: datetime) -> int:
    """Claim, decide, hand over: all of it or none."""
    try:
        return _written(outcomes, on, now=now)
    except _TakenMeanwhile:
        return _write(_still_waiting(outcomes), on, now=now)


def _written(ours: Sequence[_Outcome], on: Ground, *, now: datetime) -> int:
    with transaction.atomic():
        _claim(ours, now=now)
        placed = {
            outcome.tip.pk: on.placed(outcome.decided, victim=outcome.tip.reporter_is_victim)
            for outcome in ours
        }
        batch = Batch()
        decisions = [_decision(outcome, placed[outcome.tip.pk], on, now=now) for outcome in ours]
        batch.add_named(Decision, decisions)
        terms.add_areas(batch, ((one["tip_id"], one["jurisdiction"]) for one in decisions))
        batch.add_named(
            HandOff,
            (
                handed_over(
                    outcome.tip.pk,
                    place.line,
                    low_trust=outcome.tip.low_trust,
                    priority=outcome.priority,
                    rule=place.rule,
                    because=place.because,
                    is_primary=place.is_primary,
                    now=now,
                )
                for outcome in ours
                for place in placed[outcome.tip.pk]
            ),
        )
        audit.record_each(
            "tip.routed",
            [(outcome.tip.reference, _facts(outcome, placed[outcome.tip.pk])) for outcome in ours],
            actor=ACTOR,
            now=now,
            batch=batch,
        )
        batch.write()
        if ours:
            bell.ring_notify_after_commit()
            claimed = [outcome.tip.pk for outcome in ours]
            transaction.on_commit(lambda: _group_alike(claimed, now=now), robust=True)
    return len(ours)


def _group_alike(claimed: Sequence[UUID], *, now: datetime) -> None:
    """After routing, which it must neither delay nor undo. The next one alike mends a miss."""
    try:
        floods.group(claimed, now=now)
    except Exception:
        log.exception("route.not_grouped these tips stand alone in their queues")


class _TakenMeanwhile(Exception):
    """Another process routed one of these tips first. Nothing was written."""


def _claim(outcomes: Sequence[_Outcome], *, now: datetime) -> None:
    """Make all of them ours, with their priorities; or raise, and none is."""
    by_priority: dict[str, list[UUID]] = defaultdict(list)
    for outcome in outcomes:
        by_priority[outcome.priority].append(outcome.tip.pk)
    taken = sum(
        Tip.objects.filter(pk__in=keys, routed_at=None).update(routed_at=now, priority=priority)
        for priority, keys in by_priority.items()
    )
    if taken != len(outcomes):
        raise _TakenMeanwhile


def _still_waiting(outcomes: Sequence[_Outcome]) -> list[_Outcome]:
    keys = [outcome.tip.pk for outcome in outcomes]
    free = set(Tip.objects.filter(pk__in=keys, routed_at=None).values_list("pk", flat=True))
    return [outcome for outcome in outcomes if outcome.tip.pk in free]


def _facts(outcome: _Outcome, placed: Sequence[Placed]) -> Mapping[str, audit.Fact]:
    return {
        "rule": outcome.rule,
        "priority": outcome.priority,
        "lines": [place.line.code for place in placed],
    }


def _decision(
    outcome: _Outcome, placed: Sequence[Placed], on: Ground, *, now: datetime
) -> dict[str, Any]:
    decided = outcome.decided
    primary, *others = [place.line.code for place in placed]
    return {
        "tip_id": outcome.tip.pk,
        "decided_at": now,
        "policy_version": on.policy_version,
        "region_version": on.gazetteer.version,
        "boundaries_version": on.boundaries_version,
        "rule": outcome.rule,
        "rules": list(decided.rules) if decided else [NO_RULE],
        "primary": primary,
        "also": sorted(others),
        "priority": outcome.priority,
        "banner_911": decided.banner_911 if decided else False,
        "because": decided.because if decided else BY_HAND,
        "place_outcome": decided.place.outcome if decided else "unknown",
        "jurisdiction": (decided.place.jurisdiction or "") if decided else "",
        "place": decided.place.as_json() if decided else {"outcome": "unknown"},
    }


def _urgency(tip: _Waiting) -> str:
    """For a tip that could not be decided: soon, and at once when it may be danger or a child, or
    when the person in the situation asks.
    """
    at_once = (
        tip.immediacy == Immediacy.NOW
        or tip.minor_present in {MinorPresent.YES, MinorPresent.POSSIBLY}
        or tip.reporter_is_victim
        or any(str(code).startswith(URGENT_CODES) for code in tip.indicators)
    )
    return "P1" if at_once else "P2"
