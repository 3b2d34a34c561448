"""Who works here, for which lines, and what they did."""

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A staff account. Residents have none."""

    class Meta:
        verbose_name = "staff account"


class LineMembership(models.Model):
    """A staff account sees the queue of this line."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    line = models.ForeignKey(
        "tipintake.Line", on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "line"], name="one_membership_per_line")
        ]


class AuditEntry(models.Model):
    """One act by one person or process. Append-only; facts are codes and references."""

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    act = models.CharField(max_length=60)
    subject = models.CharField(max_length=80, blank=True)
    facts = models.JSONField(default=dict)
    chained = models.PositiveBigIntegerField(null=True, unique=True)
    chain_hash = models.BinaryField(max_length=32, null=True)

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject"], name="audit_subject"),
            models.Index(fields=["act", "at"], name="audit_act"),
        ]
