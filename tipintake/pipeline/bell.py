"""Say by task name that rows are waiting. The row is the job: a lost bell costs a minute, no tip.

Publishing happens on a thread of its own, so that no page ever waits for a broker, whether dead
or hanging. Rings that come while one is on its way share the next. A failed one is tried again
after a pause.
"""

import atexit
import logging
import os
import threading
import time
from collections.abc import Callable

from celery import current_app
from django.db import transaction

log = logging.getLogger(__name__)

GAP_SECONDS = 1.0  # a worker takes what came meanwhile at once: under load a fraction of the work
PAUSE_SECONDS = 5.0
LAST_WORDS_SECONDS = 0.5


class Bell:
    """One task's bell in this process."""

    def __init__(
        self,
        task: str,
        send: Callable[[str], None],
        *,
        gap: float = GAP_SECONDS,
        pause: float = PAUSE_SECONDS,
    ) -> None:
        self.task = task
        self._send = send
        self._gap = gap
        self._pause = pause
        self._rung = threading.Event()
        self._heard = threading.Event()
        self._failing = threading.Event()
        self._ending = threading.Event()
        self._starting = threading.Lock()
        self._ringer: threading.Thread | None = None

    def ring(self) -> None:
        """Returns at once and never raises."""
        self._heard.clear()
        self._rung.set()
        with self._starting:
            if self._ringer is None or not self._ringer.is_alive():
                self._ringer = threading.Thread(
                    target=self._keep_ringing, name=f"bell {self.task}", daemon=True
                )
                self._ringer.start()

    def heard(self, *, within: float) -> bool:
        """Whether the broker took the last ring within so many seconds."""
        return self._ringer is None or self._heard.wait(within)

    def last_words(self) -> None:
        """Give a short-lived process the time to ring before it ends."""
        self._ending.set()
        if not self._failing.is_set():
            self.heard(within=LAST_WORDS_SECONDS)

    def _keep_ringing(self) -> None:
        while True:
            self._rung.wait()
            self._rung.clear()
            if self._try_once():
                if not self._rung.is_set():
                    self._heard.set()
                self._ending.wait(self._gap)
            else:
                self._rung.set()
                time.sleep(self._pause)

    def _try_once(self) -> bool:
        try:
            self._send(self.task)
        except Exception as error:  # noqa: BLE001 whatever the broker does, the rows are kept
            if not self._failing.is_set():
                log.warning("bell.not_taken %s (%s)", self.task, type(error).__name__)
            self._failing.set()
            return False
        if self._failing.is_set():
            log.warning("bell.taken_again %s", self.task)
            self._failing.clear()
        return True


def _send(task: str) -> None:
    current_app.send_task(task, ignore_result=True, retry=False)


def _fresh() -> None:
    global _route, _notify
    _route = Bell("tipintake.route", _send)
    _notify = Bell("tipintake.notify", _send)


_route = Bell("tipintake.route", _send)
_notify = Bell("tipintake.notify", _send)
# A lock that another thread held at the fork would stay locked in the child for ever.
os.register_at_fork(after_in_child=_fresh)


def ring_route() -> None:
    """Tips are waiting to be routed."""
    _route.ring()


def ring_notify() -> None:
    """Notices are due."""
    _notify.ring()


def ring_notify_after_commit() -> None:
    """Notices are due once this transaction is committed. What breaks then breaks nothing else."""
    # A partial or a bound name would crash a robust callback on Django 5.2 (ticket 36487).
    transaction.on_commit(lambda: ring_notify(), robust=True)  # noqa: PLW0108


@atexit.register
def _last_words() -> None:
    _route.last_words()
    _notify.last_words()
