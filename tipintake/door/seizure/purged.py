"""After the trial its tips are purged as tips are, and it is seen that the purge was one."""

import time
from collections.abc import Iterator
from dataclasses import dataclass

from django.db import connection
from django.db.models import QuerySet, Sum
from django.utils import timezone

from tipintake.door.seizure.search import Leak
from tipintake.pipeline.checkpoint import checkpoint
from tipintake.pipeline.retain import TEST, purge_test
from tipintake.staff.audit import PURGED
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import DataKey, Tip, Tombstone

ACTOR = "seizure_test"
WAIT = 0.2
THE_PURGE = "the purge"


@dataclass(frozen=True, slots=True)
class Purge:
    """What was there to purge, and what the house had counted before."""

    numbers: tuple[str, ...]
    stones: int
    records: int

    @classmethod
    def of(cls, tips: QuerySet[Tip]) -> "Purge":
        return cls(tuple(tips.values_list("reference", flat=True)), _stones(), _records())

    def done(self, tips: QuerySet[Tip], *, patience: float) -> None:
        """Purge them; wait for those that a worker holds, and for SQLite's log to be cut off."""
        until = time.monotonic() + patience
        while purge_test(tips, actor=ACTOR, now=timezone.now()) or tips.exists():
            if time.monotonic() > until:
                return
            if tips.exists():
                time.sleep(WAIT)
        while connection.vendor == "sqlite" and not checkpoint() and time.monotonic() < until:
            time.sleep(WAIT)

    def shortcomings(self) -> Iterator[Leak]:
        """What a purge must do and this one did not."""
        count = len(self.numbers)
        if left := Tip.objects.filter(reference__in=self.numbers).count():
            yield Leak(THE_PURGE, f"{left} tips are still there")
        if DataKey.objects.filter(tip__reference__in=self.numbers).exists():
            yield Leak(THE_PURGE, "a key is still there")
        if _stones() != self.stones + count:
            yield Leak(THE_PURGE, f"{_stones() - self.stones} tombstones for {count} tips")
        if _records() != self.records + count:
            yield Leak(THE_PURGE, f"{_records() - self.records} audit entries for {count} tips")


def _stones() -> int:
    return Tombstone.objects.filter(disposition=TEST).aggregate(all=Sum("tips"))["all"] or 0


def _records() -> int:
    return AuditEntry.objects.filter(act=PURGED, actor=ACTOR).count()
