"""What staff add to a tip: notes, calls, grades, and the records for which it was promoted."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Content, Source


class Note(models.Model):
    """What an analyst wrote for colleagues, sealed under the tip's data key."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sealed = models.BinaryField()

    class Meta:
        indexes = [models.Index(fields=["tip", "written_at"], name="note_of_tip")]


class Call(models.Model):
    """One telephone call to a line about one hand-off."""

    class Outcome(models.TextChoices):
        HANDED_OVER = "HANDED_OVER", _("They took the tip")
        CALL_BACK = "CALL_BACK", _("They will call back")
        NO_ANSWER = "NO_ANSWER", _("Nobody answered")
        WRONG_NUMBER = "WRONG_NUMBER", _("Wrong number")
        REFUSED = "REFUSED", _("They did not take it")

    hand_off = models.ForeignKey(
        "tipintake.HandOff", on_delete=models.CASCADE, related_name="calls"
    )
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    outcome = models.CharField(max_length=12, choices=Outcome)
    contact_confirmed = models.BooleanField(
        default=False, help_text="The caller confirmed an unverified number before using it."
    )
    spoke_with = models.CharField(
        max_length=60, blank=True, help_text="Name or badge of the person at the line."
    )
    their_reference = models.CharField(
        max_length=30, blank=True, help_text="Incident or log number that the line gave."
    )

    class Meta:
        indexes = [models.Index(fields=["hand_off", "made_at"], name="call_of_hand_off")]


class Grade(models.Model):
    """One change of a tip's grade, and why. The tip itself carries the newest."""

    class Why(models.TextChoices):
        BORNE_OUT = "BORNE_OUT", _("Another source bears it out")
        CHECKED = "CHECKED", _("Checked against a record or on the spot")
        CONTRADICTED = "CONTRADICTED", _("Something contradicts it")
        PROVED_RIGHT = "PROVED_RIGHT", _("What this source told earlier proved right")
        PROVED_WRONG = "PROVED_WRONG", _("What this source told earlier proved wrong")
        HEARSAY = "HEARSAY", _("The source did not see it")
        CORRECTION = "CORRECTION", _("The earlier grade was a mistake")
        OTHER = "OTHER", _("Another reason, in words")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="grades")
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    source = models.CharField(max_length=1, choices=Source)
    content = models.CharField(max_length=1, choices=Content)
    before = models.CharField(max_length=2, help_text="Source and content as they stood.")
    why = models.CharField(max_length=12, choices=Why)
    sealed = models.BinaryField(default=bytes, help_text="More in words; may be empty.")

    class Meta:
        indexes = [models.Index(fields=["tip", "at"], name="grade_of_tip")]


class IntelligenceRecord(models.Model):
    """A tip, or a person in it, taken over as criminal intelligence by two people."""

    class State(models.TextChoices):
        PROPOSED = "PROPOSED", _("Proposed")
        IN_FORCE = "IN_FORCE", _("In force")
        REFUSED = "REFUSED", _("Refused")

    class Offence(models.TextChoices):
        SEX_TRAFFICKING = "SEX_TRAFFICKING", _("Sex trafficking")
        CHILD_TRAFFICKING = "CHILD_TRAFFICKING", _("Trafficking of a child")
        LABOR_TRAFFICKING = "LABOR_TRAFFICKING", _("Labor trafficking")
        CHILD_ONLINE = "CHILD_ONLINE", _("Sexual exploitation of a child online")
        HOLDING = "HOLDING", _("Holding somebody by force, threat or debt")
        RECRUITING = "RECRUITING", _("Recruiting or transporting for exploitation")
        MONEY = "MONEY", _("Handling the money of exploitation")

    number = models.CharField(max_length=12, unique=True, help_text="I-XXXX-XXXX.")
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="records")
    state = models.CharField(max_length=8, choices=State, default=State.PROPOSED)
    offence = models.CharField(max_length=20, choices=Offence)
    facts = models.BinaryField(help_text="What gives reasonable suspicion; sealed with the tip.")
    subject = models.BinaryField(default=bytes, help_text="The suspect's name, sealed; or empty.")
    subject_mark = models.BinaryField(
        max_length=32, default=bytes, help_text="HMAC by which the name is found while in force."
    )
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    supervisor = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    why_refused = models.BinaryField(default=bytes, help_text="Sealed with the tip.")
    review_by = models.DateField(help_text="It ends on this day unless it is reviewed before.")
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state="PROPOSED", supervisor__isnull=True)
                | models.Q(supervisor__isnull=False, decided_at__isnull=False)
                & ~models.Q(state="PROPOSED"),
                name="record_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=models.Q(supervisor__isnull=True)
                | ~models.Q(supervisor=models.F("author")),
                name="record_is_decided_by_another",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "review_by"], name="record_review"),
            models.Index(fields=["subject_mark"], name="record_subject"),
        ]
