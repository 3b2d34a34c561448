"""What Celery may start, by explicit names. A message holds no argument: the rows are the jobs."""

from celery import shared_task
from django.utils import timezone

from tipintake.door.forgetting import forget_expired
from tipintake.pipeline import bell, corroborate
from tipintake.pipeline import notify as notifying
from tipintake.pipeline import route as routing
from tipintake.pipeline import watch as watching
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.draining import Drain, drained
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.sweep import sweep as sweep_once
from tipintake.region.care import expire_due
from tipintake.staff import digest

# Well under the visibility timeout, after which the broker would hand the message out again.
SECONDS = 20.0


def _more(step: Drain, *, full: int) -> bool:
    return drained(step, full=full, now=timezone.now(), seconds=SECONDS)[1]


@shared_task(name="tipintake.route", acks_late=True, ignore_result=True)
def route() -> None:
    """Route what waits, then compare what was routed with other tips."""
    more = _more(route_waiting, full=routing.FULL)
    more |= _more(corroborate_due, full=corroborate.AT_ONCE)
    if more:
        bell.ring_route()


@shared_task(name="tipintake.notify", acks_late=True, ignore_result=True)
def notify() -> None:
    """Notify what is due."""
    if _more(notify_due, full=notifying.AT_ONCE):
        bell.ring_notify()


@shared_task(name="tipintake.sweep", acks_late=True, ignore_result=True)
def sweep() -> None:
    """Do what the bells missed, once."""
    sweep_once(now=timezone.now(), also=[("forget", forget_expired), ("directory", expire_due)])


@shared_task(name="tipintake.watch", acks_late=False, ignore_result=True)
def watch() -> None:
    """The exporter says that it runs, and looks whether the worker does."""
    watching.exporter_round(now=timezone.now())


# Rung often; whether a week has passed is asked of the audit. To walk a long chain may take
# longer than the broker waits, so a lost ring is left to the next instead.
@shared_task(name="tipintake.audit_digest", acks_late=False, ignore_result=True)
def audit_digest() -> None:
    """Verify the audit and send the week's digest, if it is due."""
    digest.send_due(now=timezone.now())
