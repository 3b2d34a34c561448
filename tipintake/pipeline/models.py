"""What the house notes about itself, so that a standstill is seen by whoever still runs."""

from django.db import models
from django.db.models import Q


class Heartbeat(models.Model):
    """When something was last seen to work, or was told outside (watch.py).

    No tip's own time: a minute's round.
    """

    name = models.CharField(max_length=12, primary_key=True)
    at = models.DateTimeField()
    about = models.CharField(
        max_length=32, blank=True, help_text="The tip that waits, or the alert that was told."
    )


class OperatorAlert(models.Model):
    """Something that stood still, from when to when."""

    code = models.CharField(max_length=12)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["code"], condition=Q(closed_at__isnull=True), name="one_open_alert"
            )
        ]
