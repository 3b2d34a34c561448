"""Exports, which tips went out in them, who received them, and what past recipients must hear.

Nothing here says what a tip holds. A purge empties `ExportedTip.tip`: the hash stays, by which a
recipient finds the tip in a package, and nobody without that package finds anything.
"""

import uuid
from typing import Any, NoReturn

from django.conf import settings
from django.db import models

from tipintake.directory.models import Line
from tipintake.tips.models import Tip

GOES_ON = ("WAITING", "MAKING")


class Purpose(models.TextChoices):
    """Why somebody needs tips. A closed list: the audit repeats it."""

    INVESTIGATION = "INVESTIGATION", "Investigation"
    PROSECUTION = "PROSECUTION", "Prosecution"
    PROTECTION = "PROTECTION", "Protection of a person in danger"
    SERVICES = "SERVICES", "Services for people in the situation"
    DECONFLICTION = "DECONFLICTION", "Deconfliction between agencies"
    COURT_ORDER = "COURT_ORDER", "Court order or subpoena"
    ANALYSIS = "ANALYSIS", "Analysis without persons"


class Asked(models.Model):
    """What is asked for, by whom, for whom and why: the same for one export and a digest."""

    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    requester = models.CharField(max_length=150, help_text="The account, or the command.")
    recipient = models.ForeignKey(Line, on_delete=models.PROTECT, related_name="+")
    purpose = models.CharField(max_length=14, choices=Purpose)
    authority = models.CharField(
        max_length=160, help_text="On what ground: case number, order, agreement."
    )
    level = models.CharField(max_length=8)
    formats = models.JSONField(default=list)
    selection = models.JSONField(default=dict, help_text="The filter; never tip numbers.")
    with_pictures = models.BooleanField(default=False)
    age_recipients = models.JSONField(default=list, help_text="Public age keys.")

    class Meta:
        abstract = True


class Export(Asked):
    """One package, from asking to its end. The row is the job."""

    class State(models.TextChoices):
        WAITING = "WAITING", "Waiting"
        MAKING = "MAKING", "Being made"
        READY = "READY", "Ready"
        CANCELLED = "CANCELLED", "Cancelled"
        FAILED = "FAILED", "Failed"
        EXPIRED = "EXPIRED", "Expired"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(max_length=12, unique=True, help_text="E-XXXX-XXXX.")
    state = models.CharField(max_length=9, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField()
    with_vault = models.BooleanField(default=False)
    vault_reason = models.CharField(max_length=8, blank=True)
    tlp = models.CharField(max_length=16)
    destroy_by = models.DateField()
    digest = models.ForeignKey(
        "Digest", null=True, on_delete=models.SET_NULL, related_name="exports"
    )

    total = models.PositiveIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    left_out = models.PositiveIntegerField(
        default=0, help_text="Tips of people in the situation who do not allow police."
    )
    attempts = models.PositiveSmallIntegerField(default=0)
    lease = models.UUIDField(null=True, help_text="Of the exporter that makes it.")
    leased_until = models.DateTimeField(null=True)
    cancel_asked = models.BooleanField(default=False)
    problem = models.CharField(max_length=200, blank=True, help_text="Ours, never of a tip.")

    key_sealed = models.BinaryField(default=bytes, help_text="Destroying it shreds the package.")
    size = models.PositiveBigIntegerField(default=0)
    sha256 = models.CharField(max_length=64, blank=True)
    signing_key = models.CharField(max_length=16, blank=True)
    policy_versions = models.JSONField(default=list)
    made_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [
            models.Index(fields=["state", "leased_until"], name="export_due"),
            models.Index(fields=["asked_at"], name="export_newest"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(with_vault=False) | ~models.Q(vault_reason=""),
                name="names_leave_for_a_reason",
            ),
            models.CheckConstraint(
                condition=~models.Q(state="READY") | models.Q(expires_at__isnull=False),
                name="a_ready_export_expires",
            ),
        ]

    @property
    def file_name(self) -> str:
        return f"{self.reference}.zip.age" if self.age_recipients else f"{self.reference}.zip"


class ExportedTip(models.Model):
    """A tip's place in an export. `tip` is empty once it was purged; its hash stays."""

    # Found by the index of its position.
    export = models.ForeignKey(
        Export, on_delete=models.CASCADE, related_name="tips", db_index=False
    )
    position = models.PositiveIntegerField()
    tip = models.ForeignKey(Tip, null=True, on_delete=models.SET_NULL, related_name="exports")
    tip_hash = models.CharField(max_length=64, blank=True)
    said_unfounded = models.BooleanField(
        default=False, help_text="The package itself says that it was closed as unfounded."
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["export", "position"], name="one_tip_per_position")
        ]


class Dissemination(models.Model):
    """The log of 28 CFR 23.20: who received what, why and when. Each download is an entry."""

    export = models.ForeignKey(Export, on_delete=models.PROTECT, related_name="disseminations")
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    recipient = models.CharField(max_length=120)
    purpose = models.CharField(max_length=14, choices=Purpose)
    authority = models.CharField(max_length=160)
    level = models.CharField(max_length=8)
    tlp = models.CharField(max_length=16)
    tips = models.PositiveIntegerField()
    formats = models.JSONField(default=list)

    class Meta:
        indexes = [models.Index(fields=["at"], name="dissemination_newest")]


class Correction(models.Model):
    """Something that a past recipient must be told about a tip they hold."""

    class What(models.TextChoices):
        PURGED = "PURGED", "The tip's time is over: destroy what you hold of it"
        UNFOUNDED = "UNFOUNDED", "The tip was closed as unfounded"
        WITHDRAWN = "WITHDRAWN", "The tip must not be used"
        WRONG = "WRONG", "Something in the tip is wrong: ask for a new export"

    export = models.ForeignKey(Export, on_delete=models.CASCADE, related_name="corrections")
    tip_hash = models.CharField(max_length=64)
    what = models.CharField(max_length=9, choices=What)
    found_at = models.DateTimeField()
    found_by = models.CharField(max_length=150)
    told_at = models.DateTimeField(null=True)
    told_by = models.CharField(max_length=150, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["export", "tip_hash", "what"], name="one_correction_of_a_kind"
            )
        ]
        indexes = [
            models.Index(
                fields=["found_at"],
                condition=models.Q(told_at__isnull=True),
                name="correction_to_tell",
            )
        ]


class Digest(Asked):
    """An export that is asked for anew each day or week, for the tips since the last that was
    taken."""

    class Every(models.TextChoices):
        DAY = "DAY", "Every day"
        WEEK = "WEEK", "Every week"

    name = models.CharField(max_length=60)
    every = models.CharField(max_length=4, choices=Every)
    since = models.DateTimeField(help_text="Tips that came from then on come first.")
    next_at = models.DateTimeField()
    active = models.BooleanField(default=True)

    class Meta:
        indexes = [
            models.Index(fields=["next_at"], condition=models.Q(active=True), name="digest_due")
        ]


class IsPublished(Exception):
    """Public numbers never change: two versions of a table would tell what lies between them."""

    def __init__(self) -> None:
        super().__init__("What was published stays as it is. Publish the next quarter instead.")


class PublishedQuarter(models.Model):
    """What everybody may know of one quarter. The public site reads this and nothing else.

    `figures` and `year_figures` hold rows of code, name and count, None where it is hidden, and
    the total. `year_figures` stand in the quarter that completes a year.
    """

    quarter = models.CharField(max_length=7, unique=True, help_text="As 2026-Q2.")
    published_on = models.DateField()
    figures = models.JSONField()
    year_figures = models.JSONField(null=True)

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise IsPublished
        super().save(*args, **kwargs)

    def delete(self, *_args: object, **_kwargs: object) -> NoReturn:
        raise IsPublished


class CountedQuarter(models.Model):
    """The counts behind a published quarter, hidden ones too, until its year is published: its
    sums must be those of the quarters as they were counted then. Never read by the public site."""

    quarter = models.CharField(max_length=7, unique=True)
    counts = models.JSONField()


class MonthFigures(models.Model):
    """How the work of one month went: of the tips that came in it, counts and times alone."""

    month = models.DateField(unique=True, help_text="Its first day.")
    counted_at = models.DateTimeField()
    closed = models.BooleanField(
        default=False, help_text="Not counted again: too much of it is purged by now."
    )
    figures = models.JSONField()
