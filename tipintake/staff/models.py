"""Who works here, for which lines, and what they did."""

from collections.abc import Mapping
from datetime import UTC
from typing import Any, NoReturn, Self

from django.contrib.auth.models import AbstractUser
from django.db import models


class User(AbstractUser):
    """A staff account. Residents have none."""

    keys_on = models.BooleanField(default=True, help_text="Whether single keys act on the desk.")

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


class FailedLogOn(models.Model):
    """One bad password. Five within fifteen minutes lock the account (staff/lockout.py)."""

    account = models.BinaryField(
        max_length=32, help_text="HMAC of the name: people type passwords into the wrong field."
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name = "failed log-on"
        indexes = [models.Index(fields=["account", "at"], name="failed_log_on_recent")]


class PartnerToken(models.Model):
    """What a system of an agency shows to ask for its own hand-offs (staff/tokens.py)."""

    public = models.SlugField(max_length=12, unique=True, help_text="Names it; not a secret.")
    name = models.CharField(max_length=60, help_text="Whose system shows it.")
    digest = models.BinaryField(max_length=32, help_text="HMAC of the token.")
    lines = models.ManyToManyField("tipintake.Line", related_name="+")
    scopes = models.JSONField(default=list)
    made_by = models.CharField(max_length=150)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)
    follows = models.ForeignKey(
        "self", null=True, on_delete=models.SET_NULL, related_name="renewals"
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at")), name="token_expires"
            )
        ]

    @property
    def actor(self) -> str:
        """As the audit names what is done with it."""
        return f"{self.name} (token {self.public})"


class AuditIsAppendOnly(Exception):
    """Something tried to change or remove what has been recorded."""

    def __init__(self) -> None:
        super().__init__("The audit is only ever added to. Record another entry instead.")


class AuditEntries(models.QuerySet["AuditEntry"]):
    """Reads and appends; refuses every other way to write."""

    def update(self, **_kwargs: object) -> NoReturn:
        raise AuditIsAppendOnly

    def delete(self) -> NoReturn:
        raise AuditIsAppendOnly

    def bulk_update(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AuditIsAppendOnly

    def update_or_create(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AuditIsAppendOnly

    def forget(self, subject: str) -> int:
        """Take a purged tip's number out of every entry about it; the chain binds its mark."""
        entries = self.filter(subject=subject).exclude(subject="")
        return super(AuditEntries, entries).update(subject="", subject_salt=b"")

    def unchained(self) -> Self:
        return self.filter(chained__isnull=True).order_by("pk")

    def in_chain(self) -> Self:
        return self.filter(chained__isnull=False).order_by("chained")

    def seal(self, *, pk: int, number: int, digest: bytes) -> None:
        """Give one unsealed entry its place in the chain, once."""
        entry = self.filter(pk=pk, chained__isnull=True)
        if super(AuditEntries, entry).update(chained=number, chain_hash=digest) != 1:
            raise AuditIsAppendOnly


class AuditEntry(models.Model):
    """One act by one person or process. Append-only; facts are codes and references.

    The chain binds a salted mark of the subject instead of the subject, so that a purge can take
    a tip's number out of the audit and leave everything else as it was recorded.
    """

    at = models.DateTimeField()
    actor = models.CharField(max_length=150)
    act = models.CharField(max_length=60)
    subject = models.CharField(
        max_length=80, blank=True, help_text="Emptied when the tip it names is purged."
    )
    subject_salt = models.BinaryField(max_length=16)
    subject_mark = models.BinaryField(max_length=32)
    facts = models.JSONField(default=dict)
    chained = models.PositiveBigIntegerField(null=True, unique=True)
    chain_hash = models.BinaryField(max_length=32, null=True)

    objects = AuditEntries.as_manager()

    class Meta:
        verbose_name_plural = "audit entries"
        indexes = [
            models.Index(fields=["subject"], name="audit_subject"),
            models.Index(fields=["act", "at"], name="audit_act"),
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding or self.chained is not None:
            raise AuditIsAppendOnly
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise AuditIsAppendOnly

    def content(self) -> Mapping[str, object]:
        """What the chain binds: everything that was recorded."""
        return {
            "id": self.pk,
            "at": self.at.astimezone(UTC).isoformat(timespec="microseconds"),
            "actor": self.actor,
            "act": self.act,
            "subject": bytes(self.subject_mark).hex(),
            "facts": self.facts,
        }
