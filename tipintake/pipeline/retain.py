"""Destroy what has been kept for its time. Small batches; the law stands in tips/retention.py.

A purge takes the tip's own key first, then every row of it, and its number out of the audit. What
stays is one more in a count by month and disposition, and a mark by which a restored backup can
be told to leave it out. A receipt of it is unknown from then on.
"""

import logging
from collections.abc import Container, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F, QuerySet

from tipintake.pipeline import jumps
from tipintake.pipeline.locking import unlocked
from tipintake.routing.policy import simulations
from tipintake.staff import audit
from tipintake.tips import purged, retention
from tipintake.tips.models import DataKey, Tip, Tombstone

log = logging.getLogger(__name__)

ACTOR = "retain"
TEST = "TEST"
AGAIN = "AGAIN"
BATCH = 20


@dataclass(frozen=True, slots=True)
class Due:
    """Tips whose time is over by one rule of the table."""

    rule: str
    days: int
    tips: QuerySet[Tip]
    buried_as: str = ""  # counted apart under this; "" counts by what came of each
    whatever_holds: bool = False

    def free(self) -> QuerySet[Tip]:
        """Those that no legal hold keeps."""
        return self.tips if self.whatever_holds else self.tips.filter(legal_hold="")

    def held(self) -> QuerySet[Tip]:
        return self.tips.exclude(legal_hold="")


def due(*, now: datetime) -> Iterator[Due]:
    """Every rule with the tips that it says are over."""
    for disposition, days in retention.DAYS_AFTER_CLOSING.items():
        yield Due(disposition.value, days, retention.short_kept(disposition, now=now))
    yield Due(
        "LONGEST",
        retention.LONGEST.days,
        retention.too_old(now=now, time_jumped=jumps.lately(now=now)),
    )


def purge_due(*, now: datetime, limit: int) -> int:
    """Purge up to `limit` tips whose time is over. How many it was.

    In no order, so that those which cannot be purged keep none of the others back.
    """
    done = 0
    for rule in due(now=now):
        free = rule.free().order_by("?").values_list("pk", flat=True)
        for key in list(free[: limit - done]):
            try:
                done += _purge(rule, key, now=now)
            except Exception:
                log.exception("retain.failed the next sweep tries again")
    return done


def purge_test(tips: QuerySet[Tip], *, actor: str, now: datetime) -> int:
    """Purge tips that somebody made up to try the house, whatever their time. How many it was.

    They are counted apart, so that no figure takes them for residents'. A legal hold keeps even
    these, and a row that another worker holds is left for the next call.
    """
    rule = Due(TEST, 0, tips, buried_as=TEST)
    keys = list(rule.free().values_list("pk", flat=True))
    return sum(_purge(rule, key, now=now, actor=actor) for key in keys)


def purge_again(marks: Container[str], *, actor: str, now: datetime) -> int:
    """Purge tips that came back with a backup and were purged before. How many it was.

    A legal hold keeps none of them: it is as old as the backup, and was lifted since.
    """
    back = Due(AGAIN, 0, Tip.objects.all(), whatever_holds=True)
    mark_of = purged.marker()
    keys = Tip.objects.values_list("pk", flat=True)
    gone = [key for key in keys.iterator(chunk_size=2000) if mark_of(key) in marks]
    return sum(_purge(back, key, now=now, actor=actor) for key in gone)


def _purge(rule: Due, key: UUID, *, now: datetime, actor: str = ACTOR) -> int:
    with transaction.atomic():
        # Asked once more under a lock: a hold or an answer may have come meanwhile.
        tip = unlocked(rule.free().filter(pk=key), to_delete=True).first()
        if tip is None:
            return 0
        DataKey.objects.filter(tip=tip).delete()
        purged.remember(tip.pk)
        _bury(tip.submitted_hour.date().replace(day=1), rule.buried_as or tip.disposition)
        entries = audit.forget(tip.reference)
        simulations.forget(tip.reference)
        tip.delete()
        audit.record(audit.PURGED, actor=actor, now=now, rule=rule.rule, entries=entries)
    return 1


def _bury(month: date, disposition: str) -> None:
    stone, _new = Tombstone.objects.get_or_create(month=month, disposition=disposition)
    Tombstone.objects.filter(pk=stone.pk).update(tips=F("tips") + 1)
