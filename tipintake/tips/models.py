"""A tip as it is kept: evidence in clear, words sealed, nothing of who sent it.

Field facts (length, choices, help) stand here once; both doors derive their fields from them.
"""

import uuid
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Upper
from django.utils.translation import gettext_lazy as _

from tipintake.tips import vocabulary as words

NARRATIVE_LIMIT = 4000


class TipQuerySet(models.QuerySet["Tip"]):
    """Questions about tips: `Tip.objects.waiting()`, `Tip.objects.open()`."""

    def waiting(self) -> Self:
        """Not routed yet, the oldest hour first."""
        return self.filter(routed_at__isnull=True).order_by("submitted_hour", "pk")

    def open(self) -> Self:
        return self.exclude(status=words.Status.CLOSED)

    def with_all_parts(self) -> Self:
        """Every part in as few queries as there are tables, for one who reads whole tips."""
        return self.select_related("sighting").prefetch_related(
            "vehicles", "locations", "persons", "online", "mentions", "evidence_in_words"
        )


class Tip(models.Model):
    """One submission. `routed_at IS NULL` is the routing queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    reference = models.CharField(
        max_length=12, unique=True, help_text="The tip number that staff see: T-XXXX-XXXX."
    )
    receipt_hmac = models.BinaryField(max_length=32, unique=True)
    receipt_public_key = models.BinaryField(max_length=32)
    submitted_hour = models.DateTimeField(help_text="Never finer than the hour.")
    routed_at = models.DateTimeField(null=True)
    came_by = models.CharField(max_length=5, choices=words.CameBy)
    low_trust = models.BooleanField(default=False, help_text="Sorts and groups; never delays.")
    flood = models.UUIDField(
        null=True, help_text="Shared by many tips alike within a day (tips/floods.py)."
    )
    stands_alone = models.BooleanField(
        default=False, help_text="Staff said that it is a report of its own: never grouped again."
    )

    category = models.CharField(_("What did you see?"), max_length=30, choices=words.Category)
    immediacy = models.CharField(
        _("When is it happening?"), max_length=10, choices=words.Immediacy
    )
    minor_present = models.CharField(
        _("Could anyone there be under 18?"), max_length=10, choices=words.MinorPresent
    )
    basis = models.CharField(_("How do you know?"), max_length=15, choices=words.Basis, blank=True)
    indicators = models.JSONField(default=list, blank=True)
    narrative_sealed = models.BinaryField()
    narrative_length = models.PositiveSmallIntegerField(
        default=0, help_text="A length class (privacy/coarsen.py), never the length."
    )
    reporter_is_victim = models.BooleanField(_("I am the one in this situation"), default=False)
    police_consent = models.BooleanField(_("Police may be told"), null=True, blank=True)
    wants_reward = models.BooleanField(_("I would like to know about rewards"), default=False)
    distrusts_police = models.BooleanField(
        _("I would rather not deal with the police"), default=False
    )
    language = models.CharField(max_length=5, default="en")

    status = models.CharField(max_length=10, choices=words.Status, default=words.Status.NEW)
    disposition = models.CharField(
        max_length=20, choices=words.Disposition, blank=True, help_text="When closed."
    )
    closed_on = models.DateField(null=True)
    legal_hold = models.CharField(
        max_length=20,
        choices=words.LegalHold,
        blank=True,
        help_text="Why it may not be purged; empty when it may.",
    )
    priority = models.CharField(max_length=2, choices=words.Priority, blank=True)
    to_compare = models.PositiveSmallIntegerField(
        default=1,
        help_text="How often evidence came since it was compared with other tips (shared.py).",
    )
    shares_evidence = models.BooleanField(
        default=False, help_text="Another tip within 90 days names its plate, phone or room."
    )
    source_grade = models.CharField(max_length=1, default=words.Source.F, choices=words.Source)
    content_grade = models.CharField(
        max_length=1, default=words.Content.SIX, choices=words.Content
    )
    promoted_until = models.DateField(
        null=True, help_text="While an intelligence record rests on it (triage/intelligence.py)."
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="assigned_tips",
        db_index=False,
    )
    assigned_at = models.DateTimeField(null=True)
    version = models.PositiveIntegerField(default=0)

    objects = TipQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(category__in=words.Category.values), name="tip_category_known"
            ),
            models.CheckConstraint(
                condition=models.Q(immediacy__in=words.Immediacy.values),
                name="tip_immediacy_known",
            ),
            models.CheckConstraint(
                condition=models.Q(minor_present__in=words.MinorPresent.values),
                name="tip_minor_present_known",
            ),
            models.CheckConstraint(
                condition=models.Q(basis__in=["", *words.Basis.values]), name="tip_basis_known"
            ),
            models.CheckConstraint(
                condition=models.Q(priority__in=["", *words.Priority.values]),
                name="tip_priority_known",
            ),
            models.CheckConstraint(
                condition=models.Q(police_consent__isnull=True)
                | models.Q(reporter_is_victim=True),
                name="consent_is_asked_of_victims_only",
            ),
            models.CheckConstraint(
                condition=models.Q(disposition="", closed_on__isnull=True)
                | models.Q(closed_on__isnull=False, status=words.Status.CLOSED),
                name="only_a_closed_tip_came_to_something",
            ),
            models.CheckConstraint(
                condition=models.Q(source_grade__in=words.Source.values)
                & models.Q(content_grade__in=words.Content.values),
                name="tip_grade_known",
            ),
        ]
        indexes = [
            models.Index(
                fields=["submitted_hour", "id"],
                condition=models.Q(routed_at__isnull=True),
                name="tip_waiting",
            ),
            models.Index(
                fields=["routed_at", "id"],
                condition=models.Q(to_compare__gt=0),
                name="tip_to_compare",
            ),
            models.Index(fields=["status", "priority", "submitted_hour"], name="tip_queue"),
            models.Index(fields=["submitted_hour", "id"], name="tip_age"),
            models.Index(
                fields=["closed_on", "id"],
                condition=models.Q(closed_on__isnull=False),
                name="tip_closed_on",
            ),
            models.Index(
                fields=["disposition", "closed_on"],
                condition=models.Q(closed_on__isnull=False),
                name="tip_kept_until",
            ),
            models.Index(
                fields=["assigned_to"],
                condition=models.Q(assigned_to__isnull=False),
                name="tip_assigned",
            ),
            models.Index(
                fields=["flood"], condition=models.Q(flood__isnull=False), name="tip_flood"
            ),
        ]

    def __str__(self) -> str:
        return self.reference


class DataKey(models.Model):
    """The tip's own key, sealed to the desk. Destroying this row shreds every word of the tip."""

    tip = models.OneToOneField(
        Tip, primary_key=True, on_delete=models.CASCADE, related_name="data_key"
    )
    sealed = models.BinaryField()
    desk_key_id = models.CharField(max_length=16, db_index=True)
    mailbox = models.BinaryField(
        max_length=32,
        help_text="The public half of a pair made from the key: what comes later is sealed to it.",
    )


class KeyMark(models.Model):
    """Tells the keys of these tips from others. It opens nothing."""

    kind = models.CharField(max_length=6, help_text="desk, vault or pepper.")
    mark = models.CharField(max_length=32, help_text="A public key's id, or a fingerprint.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "mark"], name="one_mark_per_key")]


class Sighting(models.Model):
    """When it was seen. A recurring block belongs to the day on which it starts."""

    tip = models.OneToOneField(
        Tip, primary_key=True, on_delete=models.CASCADE, related_name="sighting"
    )
    kind = models.CharField(
        _("When did you see it?"),
        max_length=10,
        choices=words.SightingKind,
        default=words.SightingKind.UNKNOWN,
    )
    start = models.DateTimeField(_("Date and time"), null=True, blank=True)
    end = models.DateTimeField(_("Until"), null=True, blank=True)
    tz = models.CharField(max_length=40, default="America/Chicago")
    approx_minutes = models.PositiveSmallIntegerField(
        _("Give or take (minutes)"), null=True, blank=True
    )
    rrule = models.CharField(max_length=200, blank=True, help_text=_("RFC 5545 recurrence rule"))
    local_start = models.TimeField(_("From about"), null=True, blank=True)
    duration_minutes = models.PositiveSmallIntegerField(
        _("For how long (minutes)"), null=True, blank=True
    )
    times_seen = models.CharField(
        _("How often have you seen it?"), max_length=3, choices=words.TimesSeen, blank=True
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(end__isnull=True) | models.Q(end__gte=models.F("start")),
                name="sighting_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=models.Q(duration_minutes__isnull=True)
                | models.Q(duration_minutes__gte=1, duration_minutes__lte=1440),
                name="sighting_duration_within_a_day",
            ),
        ]
        indexes = [models.Index(fields=["start"], name="sighting_start")]


class Vehicle(models.Model):
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="vehicles")
    position = models.PositiveSmallIntegerField()
    plate_raw = models.CharField(
        _("License plate"),
        max_length=20,
        blank=True,
        help_text=_("As much as you saw. Use ? for a character you are not sure of."),
    )
    plate_canonical = models.CharField(max_length=20, blank=True)
    plate_skeleton = models.CharField(max_length=20, blank=True)
    plate_state = models.CharField(
        _("Plate state"),
        max_length=40,
        blank=True,
        help_text=_("Its name or its two letters"),
    )
    plate_type = models.CharField(
        _("Plate type"),
        max_length=40,
        blank=True,
        help_text=_("Such as passenger car, truck, dealer or temporary"),
    )
    plate_partial = models.BooleanField(_("Only part of the plate"), default=False)
    year_from = models.PositiveSmallIntegerField(_("Year, from"), null=True, blank=True)
    year_to = models.PositiveSmallIntegerField(_("Year, to"), null=True, blank=True)
    make = models.CharField(_("Make"), max_length=40, blank=True)
    make_code = models.CharField(max_length=4, blank=True)
    model = models.CharField(_("Model"), max_length=40, blank=True)
    model_code = models.CharField(max_length=3, blank=True)
    style = models.CharField(_("Body style"), max_length=40, blank=True)
    style_code = models.CharField(max_length=2, blank=True)
    colour1 = models.CharField(_("Color"), max_length=30, blank=True)
    colour1_code = models.CharField(max_length=3, blank=True)
    colour2 = models.CharField(_("Second color"), max_length=30, blank=True)
    colour2_code = models.CharField(max_length=3, blank=True)
    features = models.CharField(
        _("Anything special about it"),
        max_length=200,
        blank=True,
        help_text=_("A dent, a sticker, a roof rack"),
    )
    role_in_scene = models.CharField(
        _("What was it doing?"), max_length=20, choices=words.RoleInScene, blank=True
    )

    class Meta:
        ordering = ["position"]
        indexes = [
            models.Index(fields=["plate_skeleton"], name="vehicle_skeleton"),
            models.Index(fields=["plate_canonical"], name="vehicle_plate"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["tip", "position"], name="one_vehicle_per_position"),
            models.CheckConstraint(
                condition=models.Q(year_to__isnull=True)
                | models.Q(year_from__isnull=True)
                | models.Q(year_to__gte=models.F("year_from")),
                name="vehicle_years_in_order",
            ),
        ]


class Place(models.Model):
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="locations")
    position = models.PositiveSmallIntegerField()
    place_type = models.CharField(
        _("Kind of place"), max_length=20, choices=words.PlaceType, default=words.PlaceType.UNKNOWN
    )
    name = models.CharField(_("Name of the place"), max_length=120, blank=True)
    street = models.CharField(_("Street and number"), max_length=160, blank=True)
    unit = models.CharField(_("Room or unit"), max_length=20, blank=True)
    unit_canonical = models.CharField(max_length=20, blank=True)
    cross_street = models.CharField(_("Nearest cross street"), max_length=120, blank=True)
    city = models.CharField(_("City or town"), max_length=80, blank=True)
    state = models.CharField(_("State"), max_length=20, blank=True)
    zip = models.CharField(_("ZIP code"), max_length=10, blank=True)
    highway = models.CharField(_("Highway"), max_length=20, blank=True)
    direction = models.CharField(_("Direction"), max_length=20, blank=True)
    exit = models.CharField(_("Exit number"), max_length=8, blank=True)
    mile_marker = models.DecimalField(
        _("Mile marker"), max_digits=5, decimal_places=1, null=True, blank=True
    )
    lat = models.FloatField(_("Latitude"), null=True, blank=True)
    lon = models.FloatField(_("Longitude"), null=True, blank=True)
    accuracy_m = models.PositiveIntegerField(_("Accuracy in meters"), null=True, blank=True)
    precision = models.CharField(max_length=20, blank=True)
    source = models.CharField(max_length=5, choices=words.PinSource, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tip", "position"], name="one_place_per_position"),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True) | models.Q(lat__gte=-90, lat__lte=90),
                name="latitude_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(lon__isnull=True) | models.Q(lon__gte=-180, lon__lte=180),
                name="longitude_on_earth",
            ),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True)
                | models.Q(lat__isnull=False, lon__isnull=False),
                name="latitude_and_longitude_together",
            ),
        ]
        indexes = [
            models.Index(
                fields=["unit_canonical"],
                condition=~models.Q(unit_canonical=""),
                name="place_room",
            ),
            # Asked for in any case.
            models.Index(Upper("city"), name="place_city"),
            models.Index(Upper("name"), name="place_name"),
            models.Index(Upper("street"), name="place_street"),
        ]


class PersonDescribed(models.Model):
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="persons")
    position = models.PositiveSmallIntegerField()
    role = models.CharField(
        _("Who are they in this?"), max_length=22, choices=words.PersonRole, blank=True
    )
    age_from = models.PositiveSmallIntegerField(_("Age, from about"), null=True, blank=True)
    age_to = models.PositiveSmallIntegerField(_("Age, to about"), null=True, blank=True)
    looks_under_18 = models.CharField(
        _("Could they be under 18?"), max_length=10, choices=words.MinorPresent, blank=True
    )
    sex = models.CharField(_("Woman or man"), max_length=8, choices=words.Sex, blank=True)
    height_cm = models.PositiveSmallIntegerField(_("Height (cm)"), null=True, blank=True)
    build = models.CharField(_("Build"), max_length=10, choices=words.Build, blank=True)
    hair = models.CharField(_("Hair"), max_length=60, blank=True)
    hair_code = models.CharField(max_length=3, blank=True)
    eyes = models.CharField(_("Eyes"), max_length=40, blank=True)
    eyes_code = models.CharField(max_length=3, blank=True)
    marks = models.CharField(_("Tattoos, scars, marks"), max_length=200, blank=True)
    clothing = models.CharField(_("Clothing"), max_length=200, blank=True)
    name_or_alias = models.CharField(
        _("Name or nickname you heard"),
        max_length=80,
        blank=True,
        help_text=_("Never your own name."),
    )
    race = models.CharField(
        _("Race or skin tone, if you must"),
        max_length=40,
        blank=True,
        help_text=_("Only together with what the person did and two other descriptions."),
    )

    class Meta:
        ordering = ["position"]
        verbose_name_plural = "persons described"
        constraints = [
            models.UniqueConstraint(fields=["tip", "position"], name="one_person_per_position"),
            models.CheckConstraint(
                condition=models.Q(age_to__isnull=True)
                | models.Q(age_from__isnull=True)
                | models.Q(age_to__gte=models.F("age_from")),
                name="person_ages_in_order",
            ),
        ]


class OnlineLead(models.Model):
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="online")
    position = models.PositiveSmallIntegerField()
    url = models.CharField(_("Web address"), max_length=500, blank=True)
    url_canonical = models.CharField(max_length=500, blank=True)
    platform = models.CharField(
        _("Kind of site"),
        max_length=40,
        blank=True,
        help_text="A code of vocabulary.Platform, or the words as they were given.",
    )
    handle = models.CharField(_("User name"), max_length=60, blank=True)
    handle_canonical = models.CharField(max_length=60, blank=True)
    ad_phone = models.CharField(_("Phone number in the ad"), max_length=60, blank=True)
    ad_phone_e164 = models.CharField(max_length=16, blank=True)
    ad_email = models.CharField(_("E-mail in the ad"), max_length=120, blank=True)
    ad_alias = models.CharField(_("Name in the ad"), max_length=80, blank=True)
    payment_tag = models.CharField(_("Payment name or tag"), max_length=60, blank=True)
    seen_at = models.DateTimeField(_("Seen on"), null=True, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["tip", "position"], name="one_lead_per_position")
        ]
        indexes = [
            models.Index(fields=["ad_phone_e164"], name="lead_phone"),
            models.Index(fields=["handle_canonical"], name="lead_handle"),
            models.Index(fields=["url_canonical"], name="lead_url"),
        ]


class AttachmentQuerySet(models.QuerySet["Attachment"]):
    def confirmed(self) -> Self:
        """An analyst has looked at it: only such a picture may leave the house."""
        return self.filter(confirmed_at__isnull=False)

    def unconfirmed(self) -> Self:
        """Nobody has looked at it yet."""
        return self.filter(confirmed_at__isnull=True)

    def unread(self) -> Self:
        """Without the pixels, which may be megabytes."""
        return self.defer("sealed")


class Attachment(models.Model):
    """One cleaned picture, or one page of a PDF, sealed under the tip's data key.

    `position` counts the files as they were sent, `page` the pages of one file. No name of a file
    is kept. The digest is sealed as well: in clear it would tell whoever holds the original file
    that it was sent here.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField()
    page = models.PositiveSmallIntegerField(default=1)
    kind = models.CharField(max_length=8, help_text="What the file was: jpeg, png, heif, pdf, …")
    width = models.PositiveIntegerField()
    height = models.PositiveIntegerField()
    removed = models.JSONField(default=list, help_text="What the file held besides, in words.")
    taken_at = models.DateTimeField(
        null=True, help_text="As the file itself said; kept only if its sender ticked it."
    )
    taken_lat = models.FloatField(null=True)
    taken_lon = models.FloatField(null=True)
    sealed = models.BinaryField(help_text="A JPEG.")
    preview_sealed = models.BinaryField(help_text="A JPEG of a few pixels.")
    sha256_sealed = models.BinaryField(help_text="SHA-256 of the JPEG.")
    blacked_out = models.PositiveSmallIntegerField(
        default=0, help_text="How many parts were painted black in the pixels."
    )
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["position", "page"]
        constraints = [
            models.UniqueConstraint(
                fields=["tip", "position", "page"], name="one_picture_per_position"
            ),
            models.CheckConstraint(
                condition=models.Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | models.Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="picture_is_confirmed_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(taken_lat__isnull=True, taken_lon__isnull=True)
                | models.Q(
                    taken_lat__gte=-90, taken_lat__lte=90, taken_lon__gte=-180, taken_lon__lte=180
                ),
                name="picture_taken_on_earth",
            ),
        ]


class PlaceMention(models.Model):
    """A place that the scrubbed words name: a closed kind and code, never words or offsets."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="mentions")
    kind = models.CharField(max_length=16)
    code = models.CharField(max_length=60, blank=True)
    strength = models.CharField(max_length=16)


class EvidenceInWords(models.Model):
    """Evidence that the scrubber kept in the words: plate, phone, handle, URL, e-mail, room."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="evidence_in_words")
    kind = models.CharField(max_length=8)
    value = models.CharField(max_length=500)
    canonical = models.CharField(max_length=500)
    skeleton = models.CharField(max_length=20, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["kind", "canonical"], name="words_canonical"),
            models.Index(fields=["skeleton"], name="words_skeleton"),
        ]


class LinkKey(models.Model):
    """Under what a tip is found by others that name the same, or something near (clues.py)."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="link_keys")
    kind = models.CharField(max_length=8, help_text="Of a clue; or near: a further key of one.")
    key = models.BigIntegerField()
    value = models.CharField(max_length=120, help_text="What was named, as staff read it.")
    within = models.CharField(max_length=2, blank=True, help_text="A plate's state.")
    about = models.CharField(max_length=10, blank=True, help_text="Make and colour, NCIC codes.")

    class Meta:
        # With its own number, so that of many the newest are found without reading the others.
        indexes = [models.Index(fields=["key", "id"], name="link_key")]


class SearchTerm(models.Model):
    """One thing that stands in clear in a tip, in the form in which it is looked up (terms.py)."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="terms")
    kind = models.CharField(max_length=8, choices=words.Term)
    term = models.CharField(max_length=120)

    class Meta:
        constraints = [
            # The pattern classes let PostgreSQL look up a beginning; elsewhere they say nothing.
            models.UniqueConstraint(
                fields=["kind", "term", "tip"],
                opclasses=["varchar_pattern_ops", "varchar_pattern_ops", "uuid_ops"],
                name="one_row_per_term",
            )
        ]


class Message(models.Model):
    """One word in the dialog with the holder of the receipt, sealed to each who may read it."""

    class Direction(models.TextChoices):
        QUESTION = "QUESTION", "From the desk"
        ANSWER = "ANSWER", "From the person who wrote"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="messages")
    number = models.PositiveSmallIntegerField(help_text="Its place in the dialog, from 1.")
    direction = models.CharField(max_length=8, choices=Direction)
    at = models.DateTimeField(help_text="An answer: never finer than the hour.")
    author = models.CharField(max_length=150, blank=True, help_text="Of a question: the account.")
    template = models.CharField(max_length=20, blank=True)
    for_desk = models.BinaryField(help_text="Sealed to the tip's mailbox.")
    for_resident = models.BinaryField(
        default=bytes,
        help_text="A question, sealed to the receipt; answers are never shown again.",
    )
    read_at = models.DateTimeField(
        null=True,
        help_text="When the desk read an answer; when a question was answered: the hour.",
    )
    shown = models.BooleanField(
        default=False, help_text="Of a question: its page was shown to the holder; never when."
    )
    withdrawn_at = models.DateTimeField(
        null=True, help_text="Of a question that the desk took back before it was shown."
    )

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["tip", "number"], name="one_message_per_number")
        ]
        indexes = [
            models.Index(
                fields=["direction", "tip"],
                condition=models.Q(read_at__isnull=True),
                name="message_unread",
            )
        ]


class Tombstone(models.Model):
    """How many tips of a month are gone, by what came of them. Nothing leads back to one."""

    month = models.DateField(help_text="The first day of the month in which they came.")
    disposition = models.CharField(max_length=20, blank=True)
    tips = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["month", "disposition"], name="one_tombstone_a_month")
        ]


class PurgedMark(models.Model):
    """A keyed mark of a purged tip's random key, so that no backup brings it back (purged.py)."""

    mark = models.CharField(max_length=32, primary_key=True)


class SameWords(models.Model):
    """A keyed mark of a tip's words, by which equal texts are seen for a day. Opens nothing."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="same_words")
    mark = models.BinaryField(max_length=16, db_index=True)
    expires_at = models.DateTimeField(db_index=True, help_text="Never finer than the hour.")


class HeldSpan(models.Model):
    """What the rules could not attribute: masked for all, sealed to the privacy officer."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="held_spans")
    field = models.CharField(max_length=60)
    mark = models.PositiveSmallIntegerField(
        default=0, help_text="Which [held] of that text stands for it, from 0."
    )
    kind = models.CharField(max_length=24)
    rule = models.CharField(max_length=40)
    sealed = models.BinaryField()
    destroy_after = models.DateField()


class VaultEntry(models.Model):
    """The name of a victim or minor, sealed to the vault key."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="vault")
    field = models.CharField(max_length=60)
    kind = models.CharField(max_length=24)
    sealed = models.BinaryField()
    vault_key_id = models.CharField(max_length=16, db_index=True)
