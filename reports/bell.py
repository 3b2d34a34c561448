"""Tell the exporter that rows wait. A lost ring costs a minute: the sweep finds the row.

On a thread of its own and without patience: no page waits for a broker, dead or hanging.
"""

import logging
import threading

from celery import current_app

log = logging.getLogger(__name__)

TASK = "reports.make"


def ring() -> None:
    """Returns at once and never raises."""
    threading.Thread(target=_send, name="bell reports.make", daemon=True).start()


def _send() -> None:
    try:
        current_app.send_task(TASK, ignore_result=True, retry=False)
    except Exception as error:  # noqa: BLE001 whatever the broker does, the row is kept
        log.warning("bell.not_taken %s (%s)", TASK, type(error).__name__)
