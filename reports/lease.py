"""Who makes an export, and that they still live. A lease that nobody renews is anybody's.

The maker says every few seconds that it lives, from a thread of its own, so that a long step
inside a format does not look like a death. Each thing it writes names its lease: what another
has taken over meanwhile, it can no longer finish.
"""

import logging
import threading
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import DatabaseError, connections, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from reports.models import Export

log = logging.getLogger(__name__)

LASTS = timedelta(seconds=30)
BEAT_SECONDS = 7.0
MOST_ATTEMPTS = 3

Clock = Callable[[], datetime]


class Stopped(Exception):
    """Cancelled, or another maker has taken it over: leave everything as it is."""


@dataclass(frozen=True, slots=True)
class Lease:
    """One maker's hold on one export."""

    export: uuid.UUID
    token: uuid.UUID

    def row(self) -> QuerySet[Export]:
        return Export.objects.filter(pk=self.export, state=Export.State.MAKING, lease=self.token)

    def renew(self, now: datetime) -> bool:
        return bool(self.row().update(leased_until=now + LASTS))

    def note(self, now: datetime, *, done: int) -> None:
        """How far it is. Raises Stopped when it is not to go on."""
        if not self.row().filter(cancel_asked=False).update(done=done, leased_until=now + LASTS):
            raise Stopped

    def check(self) -> None:
        if not self.row().filter(cancel_asked=False).exists():
            raise Stopped


Heart = Callable[[Lease], AbstractContextManager[None]]


def still(_lease: Lease) -> AbstractContextManager[None]:
    """No heartbeat: for a maker that renews as it goes."""
    return nullcontext()


@contextmanager
def beating(lease: Lease) -> Iterator[None]:
    """Renew the lease every few seconds until the block ends."""
    over = threading.Event()
    thread = threading.Thread(target=_beat, args=(lease, over), name="export lease", daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(BEAT_SECONDS)


def _beat(lease: Lease, over: threading.Event) -> None:
    try:
        while not over.wait(BEAT_SECONDS):
            try:
                if not lease.renew(timezone.now()):
                    return
            except DatabaseError:
                log.warning("export.beat_missed the next one may come through")
    finally:
        connections.close_all()


def due(now: datetime) -> QuerySet[Export]:
    """Waiting, or begun by a maker that no longer says that it lives."""
    waiting = Q(state=Export.State.WAITING)
    orphaned = Q(state=Export.State.MAKING, leased_until__lt=now)
    return Export.objects.filter(waiting | orphaned)


def claim(*, now: datetime) -> Lease | None:
    """Take the one that waits longest, by one UPDATE."""
    with transaction.atomic():
        first = due(now).order_by("asked_at").values_list("pk", flat=True).first()
        if first is None:
            return None
        lease = Lease(first, uuid.uuid4())
        taken = due(now).filter(pk=first)
        if not taken.update(
            state=Export.State.MAKING,
            lease=lease.token,
            leased_until=now + LASTS,
            attempts=F("attempts") + 1,
            done=0,
        ):
            return None
    return lease
