"""Two tips bear each other out: the task force of the place gets both (ROUTING policy 1, R4).

`Tip.to_compare > 0` is the queue. A tip is compared after it has been routed, and again when
evidence comes to it. Whichever of two tips is compared last sees the other one routed, and acts
for both, so that no order of arrival and no worker that is killed loses the older one. Each tip
is marked once (`Tip.shares_evidence`), with its hand-off in the same transaction.

The person who wrote is never told: whoever sends the plate of their own car would learn that
somebody else has seen it (docs/adr/0009-nobody-learns-of-another-tip.md).
"""

import logging
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, OperationalError, transaction

from tipintake.delivery.hand_over import hand_over
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line, Referral
from tipintake.pipeline import bell
from tipintake.pipeline.placing import TRIAGE, Ground, ground
from tipintake.routing.corrections import facts_as_read, latest
from tipintake.routing.models import Decision
from tipintake.routing.rules import CATCH_ALL, SHARED_EVIDENCE
from tipintake.staff import audit
from tipintake.tips import online, shared
from tipintake.tips.models import Tip
from tipintake.triage import actions, links

log = logging.getLogger(__name__)

ACTOR = "compare"
_Added = tuple[Line, str, str]  # with the rule that asks for it, and why
_Choose = Callable[[Tip, Decision | None, Ground], list[_Added]]
AT_ONCE = 50
TRIES = 3
READ_WITH = ("vehicles", "locations", "online", "mentions")


def corroborate_due(*, now: datetime, limit: int = AT_ONCE) -> int:
    """Compare up to `limit` tips with those of 90 days around them. How many it compared."""
    queue = dict(shared.to_compare().values_list("pk", "to_compare")[:limit])
    if not queue:
        return 0
    try:
        _compare(list(queue), now=now)
    except OperationalError:
        raise  # the database itself: nothing is wrong with any tip
    except Exception:
        log.exception("corroborate.batch_failed each of its tips is compared alone")
        for pk in queue:
            _compare_alone(pk, now=now)
    # Evidence that came meanwhile raised the number: such a tip stays in the queue.
    for seen in set(queue.values()):
        compared = [pk for pk, number in queue.items() if number == seen]
        Tip.objects.filter(pk__in=compared, to_compare=seen).update(to_compare=0)
    return len(queue)


def _compare_alone(pk: UUID, *, now: datetime) -> None:
    try:
        _compare([pk], now=now)
    except OperationalError:
        raise
    except Exception:
        log.exception("corroborate.failed one tip stands without what it shares with others")


def _compare(keys: Collection[UUID], *, now: datetime) -> None:
    numbers = numbers_of_lines()
    _suggest(keys, numbers)
    tips = Tip.objects.filter(pk__in=keys).exclude(disposition__in=shared.BEARS_NOTHING_OUT)
    matches = shared.matches(
        list(tips.only("pk", "submitted_hour")), leaving_out=numbers, unmarked_only=True
    )
    kinds: dict[UUID, set[str]] = defaultdict(set)
    for one in matches:
        kinds[one.tip].add(one.kind)
        kinds[one.other].add(one.kind)
    _mark_all(kinds, now=now)


def _suggest(keys: Collection[UUID], numbers: Collection[str]) -> None:
    """Keep what belongs to these tips for the desk. A failure of it must not keep the task force
    from a tip, nor a tip in the queue."""
    for tries_left in reversed(range(TRIES)):
        try:
            links.suggest_for(keys, leaving_out=numbers)
        except OperationalError:
            raise
        except Exception as error:
            if isinstance(error, IntegrityError) and tries_left:
                continue  # a tip that one of them leads to was purged after it was found
            log.exception("corroborate.not_linked the desk shows these tips without suggestions")
        return


def _mark_all(kinds: Mapping[UUID, set[str]], *, now: datetime) -> None:
    if not kinds:
        return
    on = ground()
    for pk, shares in kinds.items():
        try:
            _mark(pk, sorted(shares), on, _lines_to_add, now=now)
        except OperationalError:
            raise  # the database itself: the batch is tried again
        except Exception:
            log.exception("corroborate.by_hand regional triage reads that tip")
            _mark(pk, sorted(shares), on, _triage, now=now)


def _mark(pk: UUID, kinds: list[str], on: Ground, choose: _Choose, *, now: datetime) -> None:
    """Mark one tip, once, and put it where R4 says that two agreeing tips belong. One that was
    closed as nothing since it was compared stays closed; another that was closed is opened again.
    """
    with transaction.atomic():
        unmarked = Tip.objects.filter(pk=pk, shares_evidence=False)
        worth_it = unmarked.exclude(disposition__in=shared.BEARS_NOTHING_OUT)
        if not worth_it.update(shares_evidence=True):
            return
        tip = Tip.objects.prefetch_related(*READ_WITH).get(pk=pk)
        before = latest(tip)
        lines = choose(tip, before, on)
        HandOff.objects.bulk_create(
            [
                hand_over(
                    pk,
                    line,
                    low_trust=tip.low_trust,
                    priority=tip.priority,
                    rule=rule,
                    because=because,
                    shown_to_writer=False,
                    now=now,
                )
                for line, rule, because in lines
            ]
        )
        if lines and before is not None:
            _decide_again(before, lines, now=now)
        if lines:
            actions.reopened(tip, by=ACTOR, now=now)
        audit.record(
            "tip.corroborated",
            actor=ACTOR,
            now=now,
            subject=tip.reference,
            shares=kinds,
            lines_added=[line.code for line, _rule, _because in lines],
        )
        if lines:
            bell.ring_notify_after_commit()


def _lines_to_add(tip: Tip, before: Decision | None, on: Ground) -> list[_Added]:
    """What the decision asks for because evidence is shared, and nothing else: the directory may
    have changed since, and past routes do not change with it."""
    alone = on.decided(lambda: facts_as_read(tip, before))
    borne_out = on.decided(lambda: facts_as_read(tip, before), shares_evidence=True)
    if alone is None or borne_out is None:
        return []
    there = set(tip.hand_offs.values_list("line__code", flat=True))
    found: dict[str, _Added] = {}
    for code, because in borne_out.reasons_by_line.items():
        if code in alone.reasons_by_line:
            continue
        line = on.lines.get(code) or on.lines[TRIAGE]
        if line.code not in there:
            found[line.code] = (line, borne_out.rules_by_line[code], because)
    return list(found.values())


def _triage(tip: Tip, _before: Decision | None, on: Ground) -> list[_Added]:
    """A person sees to a tip for which this could not be arranged."""
    is_there = tip.hand_offs.filter(line__code=TRIAGE).exists()
    return [] if is_there else [(on.lines[TRIAGE], CATCH_ALL, SHARED_EVIDENCE)]


def _decide_again(before: Decision, added: Sequence[_Added], *, now: datetime) -> None:
    """Decisions are never changed: the one that adds the lines stands beside the earlier one."""
    lines = {line.code for line, _rule, _because in added}
    rules = [rule for _line, rule, _because in added]
    Decision.objects.create(
        tip_id=before.tip_id,
        decided_at=now,
        policy_version=before.policy_version,
        region_version=before.region_version,
        boundaries_version=before.boundaries_version,
        rule=before.rule,
        rules=list(dict.fromkeys([*before.rules, *rules])),
        primary=before.primary,
        also=sorted({*before.also, *lines} - {before.primary}),
        priority=before.priority,
        banner_911=before.banner_911,
        because=f"{before.because} {SHARED_EVIDENCE}",
        made_by=ACTOR,
        corrected=before.corrected,
        place_outcome=before.place_outcome,
        jurisdiction=before.jurisdiction,
        place=before.place,
    )


def numbers_of_lines() -> frozenset[str]:
    """Numbers that anybody may name: those of agencies and services."""
    listed = [
        *Line.objects.exclude(number="").values_list("number", flat=True),
        *Referral.objects.exclude(contact="").values_list("contact", flat=True),
    ]
    return frozenset(filter(None, (online.e164(one) for one in listed)))
