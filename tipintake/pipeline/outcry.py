"""That no row can be kept is heard all the same: there is no place for an alert then.

Each process that looks says it from memory: in its log, and to ALERT_WEBHOOK once, until that
takes it. When rows are kept again, it takes back what it said.
"""

import logging
import threading
from time import monotonic

from django.conf import settings
from django.db import Error
from urllib3 import PoolManager, Timeout
from urllib3.exceptions import HTTPError

log = logging.getLogger(__name__)

OPENED, CLOSED = "opened", "closed"
ROWS = "rows"
SAYS = (
    "No tip can be kept: the database is away, full or read-only. "
    "See /readyz of the public host and the logs."
)
WEBHOOK_PATIENCE = 3.0
RESTS = 45.0  # seconds after what was not heard


def heard(code: str, state: str, says: str) -> bool:
    """Send a message without content to whoever watches from outside; whether it was taken."""
    patience = Timeout(total=WEBHOOK_PATIENCE)
    said = {"alert": code, "state": state, "says": says}
    try:
        with PoolManager(timeout=patience, retries=False) as pool:
            answer = pool.request("POST", settings.ALERT_WEBHOOK, json=said, redirect=False)
    except HTTPError:
        return False
    return 200 <= answer.status < 300


class Outcry:
    """What one process has said of it."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._heard = CLOSED
        self._rests_until = 0.0

    def no_row(self, fault: Error) -> None:
        log.error("watch.no_row %s", type(fault).__qualname__)
        self._say(OPENED)

    def rows_again(self) -> None:
        self._say(CLOSED)

    def _say(self, state: str) -> None:
        if not settings.ALERT_WEBHOOK or self._heard == state:
            return
        if not self._lock.acquire(blocking=False):
            return  # another thread is about it
        try:
            if self._heard == state or monotonic() < self._rests_until:
                return
            if heard(ROWS, state, SAYS):
                self._heard = state
            else:
                log.warning("watch.not_told %s", ROWS)
                self._rests_until = monotonic() + RESTS
        finally:
            self._lock.release()


outcry = Outcry()
