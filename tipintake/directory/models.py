"""The directory: lines and their contacts, jurisdictions, and what is known of places.

Every entry carries its source, a verified state and a date. Loaded from a region pack by
`manage.py region load`; verified by the administrator of the installation.
"""

from django.db import models


class VerifiedState(models.TextChoices):
    CONFIRMED = "confirmed", "Confirmed by this installation"
    CORROBORATED = "corroborated", "Corroborated by another public source"
    CORROBORATED_DATED = "corroborated_dated", "Corroborated by a dated source"
    UNVERIFIED = "unverified", "Unverified"
    INTERNAL = "internal", "Internal"


SHOWABLE = (
    VerifiedState.CONFIRMED,
    VerifiedState.CORROBORATED,
    VerifiedState.CORROBORATED_DATED,
)


class Sourced(models.Model):
    source = models.CharField(max_length=300)
    verified_state = models.CharField(
        max_length=20, choices=VerifiedState, default=VerifiedState.UNVERIFIED
    )
    verified_by = models.CharField(max_length=150, blank=True)
    verified_on = models.DateField(null=True, blank=True)
    expires_on = models.DateField(
        null=True, blank=True, help_text="The last day on which it holds without a new check."
    )

    class Meta:
        abstract = True


class RegionRelease(models.Model):
    """Which version of which pack the directory holds. The newest row is the one in force."""

    region = models.CharField(max_length=40)
    digest = models.CharField(max_length=64)
    loaded_at = models.DateTimeField()
    written = models.JSONField(
        default=dict,
        help_text="What the load wrote, so that the next one sees what staff changed since.",
    )


class Line(Sourced):
    """Where a tip can go: a police line, task force, hand-off list, service or own desk."""

    class Kind(models.TextChoices):
        POLICE = "police", "City or county police"
        POLICE_NEIGHBOUR = "police-neighbour", "Police of a neighbouring county"
        POLICE_STATE = "police-state", "State police"
        TASK_FORCE = "task-force", "Task force"
        CHILD = "child", "Child protection"
        NATIONAL = "national", "National hotline, hand-off"
        ALTERNATIVE = "alternative", "Alternative for the resident, hand-off"
        SERVICE = "service", "Service"
        INTERNAL = "internal", "Own staff"

    code = models.SlugField(max_length=40, unique=True)
    agency = models.CharField(max_length=120)
    name = models.CharField(max_length=120)
    resident_name = models.CharField(max_length=120, help_text="As the receipt page says it.")
    resident_name_es = models.CharField(max_length=120)
    kind = models.CharField(max_length=20, choices=Kind)
    number = models.CharField(max_length=80, blank=True)
    number_year = models.PositiveSmallIntegerField(null=True, blank=True)
    number_note = models.CharField(
        max_length=300, blank=True, help_text="Other numbers on record."
    )
    county = models.CharField(max_length=60, blank=True, help_text="Jurisdiction code it serves.")
    call_script = models.TextField(blank=True, help_text="What to say on the telephone.")
    active = models.BooleanField(default=True)

    def __str__(self) -> str:
        return self.name

    @property
    def shown_number(self) -> str:
        """The number as residents may see it: never an unverified one."""
        return self.number if self.verified_state in SHOWABLE else ""

    @property
    def shown_year(self) -> int | None:
        """The year to print beside a number that only a dated source supports."""
        dated = self.verified_state == VerifiedState.CORROBORATED_DATED
        return self.number_year if dated and self.number else None


class Contact(Sourced):
    """Somebody or something that answers for a line."""

    class Role(models.TextChoices):
        QUEUE = "QUEUE", "Told when a tip arrives"
        SUPERVISOR = "SUPERVISOR", "Told when nobody acknowledged"
        COORDINATOR = "COORDINATOR", "Told at the second missed deadline"

    class Channel(models.TextChoices):
        EMAIL = "email", "E-mail"
        WEBHOOK = "webhook", "Signed webhook"
        CALL_SHEET = "call_sheet", "Call sheet on the desk"
        CONSOLE = "console", "Console of this installation"

    line = models.ForeignKey(Line, on_delete=models.CASCADE, related_name="contacts")
    role = models.CharField(max_length=12, choices=Role, default=Role.QUEUE)
    name = models.CharField(max_length=120, blank=True)
    channel = models.CharField(max_length=12, choices=Channel)
    address = models.CharField(
        max_length=300, blank=True, help_text="E-mail address or https URL."
    )
    secret_sealed = models.BinaryField(
        blank=True, default=bytes, help_text="Webhook secret, boxed under the installation's key."
    )
    secret_before_sealed = models.BinaryField(
        blank=True, default=bytes, help_text="The secret before it, while both sign."
    )
    secret_before_until = models.DateTimeField(null=True, help_text="Until when both sign.")
    active = models.BooleanField(default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["line", "role", "channel", "address"], name="one_contact_per_endpoint"
            )
        ]


class Jurisdiction(models.Model):
    """An area that somebody polices."""

    class Kind(models.TextChoices):
        CITY = "city", "Municipality"
        COUNTY = "county", "County"
        COUNTY_EQUIVALENT = "city-county", "City that is its own county"

    code = models.SlugField(max_length=60, unique=True)
    name = models.CharField(max_length=80)
    kind = models.CharField(max_length=12, choices=Kind)
    geoid = models.CharField(max_length=7, unique=True)
    county = models.CharField(
        max_length=60, blank=True, help_text="Empty for one over two counties."
    )
    police_line = models.CharField(max_length=40, blank=True)
    task_force = models.CharField(max_length=40, blank=True)
    is_home = models.BooleanField(default=False, help_text="Part of the served home counties.")


class KnownPlace(models.Model):
    """A name on the Census list of places: city, CDP, inactive or other."""

    name = models.CharField(max_length=80)
    state = models.CharField(max_length=2, default="MO")
    kind = models.CharField(max_length=10)
    geoid = models.CharField(max_length=7, unique=True)
    region_counties = models.JSONField(default=list, help_text="Empty: outside the region.")


class BoundaryDataset(models.Model):
    """One version of where municipalities and counties lie. Never changed once written."""

    version = models.CharField(max_length=64, unique=True, help_text="Digest of its areas.")
    loaded_at = models.DateTimeField()
    loaded_by = models.CharField(max_length=150)
    files = models.JSONField(default=list, help_text="Name and SHA-256 of each file read.")


class Boundary(models.Model):
    """The land of one active municipality or one county."""

    class Kind(models.TextChoices):
        CITY = "city", "Active municipality"
        COUNTY = "county", "County"

    dataset = models.ForeignKey(BoundaryDataset, on_delete=models.CASCADE, related_name="areas")
    kind = models.CharField(max_length=6, choices=Kind)
    geoid = models.CharField(max_length=7)
    name = models.CharField(max_length=100)
    wkb = models.BinaryField(help_text="Well-known binary, degrees, longitude first.")

    class Meta:
        verbose_name_plural = "boundaries"
        constraints = [
            models.UniqueConstraint(fields=["dataset", "geoid"], name="one_boundary_per_geoid")
        ]


class BoundaryRelease(models.Model):
    """Which dataset is in force: the one that the newest row names. A rollback is another row."""

    dataset = models.ForeignKey(BoundaryDataset, on_delete=models.PROTECT, related_name="releases")
    released_at = models.DateTimeField()
    released_by = models.CharField(max_length=150)


class Alias(Sourced):
    """Another way to name a place: a nickname, landmark, crossing or plaza."""

    class Kind(models.TextChoices):
        NAME = "name", "Another name of a jurisdiction"
        LANDMARK = "landmark", "A landmark or crossing"

    kind = models.CharField(max_length=8, choices=Kind)
    text = models.CharField(max_length=120, unique=True)
    outcome = models.CharField(max_length=12, default="resolved")
    jurisdiction = models.CharField(max_length=60, blank=True)
    approved = models.BooleanField(
        default=False, help_text="Only approved ones count as evidence of a place."
    )
    proposed_by = models.CharField(
        max_length=150, blank=True, help_text="Who taught it at the desk; empty for the pack's."
    )
    proposed_on = models.DateField(null=True)


class HighwayExit(models.Model):
    highway = models.CharField(max_length=10)
    exit = models.CharField(max_length=6)
    outcome = models.CharField(max_length=12)
    jurisdiction = models.CharField(max_length=60, blank=True)
    sides = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["highway", "exit"], name="one_row_per_exit")
        ]


class ZipArea(models.Model):
    zip = models.CharField(max_length=5, unique=True)
    counties = models.JSONField(
        help_text='Jurisdiction codes holding 1 % or more of it; "outside" for the rest.'
    )


class Referral(Sourced):
    """A service for people in the situation."""

    code = models.SlugField(max_length=40, unique=True)
    name = models.CharField(max_length=120)
    name_es = models.CharField(max_length=120)
    what = models.CharField(max_length=200)
    what_es = models.CharField(max_length=200)
    kind = models.CharField(max_length=30)
    contact = models.CharField(max_length=120, blank=True)
    url = models.CharField(max_length=200, blank=True)
    city = models.CharField(max_length=60, blank=True)
    position = models.PositiveSmallIntegerField(default=100)


class DirectoryChange(models.Model):
    """What happened to an entry: who changed what, when, and where they had it from."""

    class Act(models.TextChoices):
        VERIFIED = "VERIFIED", "Verified"
        DOUBTED = "DOUBTED", "No longer certain"
        EXPIRED = "EXPIRED", "Expired"
        CORRECTED = "CORRECTED", "Corrected"
        IMPORTED = "IMPORTED", "Imported"
        LOADED = "LOADED", "Loaded from the region pack"

    table = models.CharField(max_length=10, help_text="line, contact or referral.")
    entry = models.CharField(max_length=60, help_text="Its code, or its number.")
    act = models.CharField(max_length=10, choices=Act)
    at = models.DateTimeField()
    by = models.CharField(max_length=150)
    source = models.CharField(max_length=300, blank=True)
    fields = models.JSONField(default=dict, help_text="Field: [before, after].")

    class Meta:
        indexes = [models.Index(fields=["table", "entry", "at"], name="directory_history")]
