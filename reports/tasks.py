"""What the exporter may be told, by explicit names. A message holds nothing: rows are the jobs.

Acknowledged early: a long export would otherwise be handed out again while it runs. What is lost
with a killed exporter is only the bell; the lease runs out and the next sweep takes the row up.
"""

from celery import shared_task
from django.utils import timezone

from reports.making import make_due
from reports.sweeping import sweep as sweep_once


@shared_task(name="reports.make", acks_late=False, ignore_result=True)
def make() -> None:
    """Make what waits."""
    make_due()


@shared_task(name="reports.sweep", acks_late=False, ignore_result=True)
def sweep() -> None:
    """Do what the bells missed, then make what waits."""
    sweep_once(now=timezone.now())
    make_due()
