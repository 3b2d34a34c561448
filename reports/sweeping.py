"""What the bells missed, and what is over: each minute, by the exporter. Every step alone."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime

from django.db import transaction

from reports import correcting, digesting, store
from reports.models import GOES_ON, Export
from reports.statistics import months
from tipintake.staff import audit

log = logging.getLogger(__name__)

ACTOR = "exporter"


def sweep(*, now: datetime) -> Mapping[str, int | None]:
    """Do once what is due; how much each step did, None where it failed."""
    steps: Mapping[str, Callable[[datetime], int]] = {
        "digests": lambda moment: digesting.ask_due(now=moment),
        "expired": lambda moment: expire(now=moment),
        "corrections": lambda moment: correcting.find(now=moment),
        "leftovers": lambda _moment: clear_leftovers(),
        "figures": lambda moment: months.count_due(now=moment),
    }
    return {name: _alone(name, step, now) for name, step in steps.items()}


def expire(*, now: datetime) -> int:
    """Destroy packages whose day is over, and those with a tip that was purged or withdrawn
    meanwhile."""
    over = Export.objects.filter(state=Export.State.READY, expires_at__lte=now)
    return sum(_expire(one, now) for one in [*over, *correcting.exports_to_destroy()])


def clear_leftovers() -> int:
    """Files of exports that are neither ready nor being made."""
    kept = set(
        Export.objects.filter(state__in=(*GOES_ON, Export.State.READY)).values_list(
            "pk", flat=True
        )
    )
    lost = set(store.leftovers()) - kept
    for export in lost:
        store.destroy(export)
    return len(lost)


def _expire(export: Export, now: datetime) -> int:
    with transaction.atomic():
        ready = Export.objects.filter(pk=export.pk, state=Export.State.READY)
        if not ready.update(state=Export.State.EXPIRED, key_sealed=b""):
            return 0
        audit.record("export.expired", actor=ACTOR, now=now, subject=export.reference)
    store.destroy(export.pk)
    return 1


def _alone(name: str, step: Callable[[datetime], int], now: datetime) -> int | None:
    try:
        return step(now)
    except Exception:
        log.exception("export.sweep_failed %s; the others go on", name)
        return None
