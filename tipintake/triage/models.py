"""What staff add to a tip: notes, calls, grades, links, records; and how each works the queue."""

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


class Link(models.Model):
    """One thing that two tips share: suggested by the worker, judged by staff.

    A rejection stays for as long as both tips do, so that the same thing is never suggested
    for them again. `one` has the lower key of the two.
    """

    class State(models.TextChoices):
        SUGGESTED = "SUGGESTED", _("Suggested")
        CONFIRMED = "CONFIRMED", _("Confirmed")
        REJECTED = "REJECTED", _("Rejected")

    one = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="links_from")
    other = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="links_to")
    why = models.CharField(max_length=16, help_text="A code of tips/links.py.")
    mark = models.CharField(max_length=60, help_text="Which value of that kind they share.")
    strength = models.PositiveSmallIntegerField(help_text="Of all that the two share: 1 to 3.")
    value_one = models.CharField(max_length=120)
    value_other = models.CharField(max_length=120)
    state = models.CharField(max_length=9, choices=State, default=State.SUGGESTED)
    judged_by = models.ForeignKey(User, null=True, on_delete=models.PROTECT, related_name="+")
    judged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["one", "other", "mark"], name="one_link_per_reason"),
            models.CheckConstraint(
                condition=models.Q(one__lt=models.F("other")), name="link_in_order"
            ),
            models.CheckConstraint(
                condition=models.Q(state="SUGGESTED", judged_by__isnull=True)
                | models.Q(state__in=["CONFIRMED", "REJECTED"], judged_by__isnull=False),
                name="link_judged_by_somebody",
            ),
        ]


class MergedTip(models.Model):
    """A tip that reports what another one reports: the two count as one report."""

    tip = models.OneToOneField(
        Tip, primary_key=True, on_delete=models.CASCADE, related_name="merged"
    )
    into = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="duplicates")
    merged_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    merged_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~models.Q(tip=models.F("into")), name="merged_into_another"
            )
        ]


class Tag(models.Model):
    """One word of this installation's closed vocabulary. Never about a person."""

    code = models.SlugField(max_length=30, unique=True)
    label = models.CharField(max_length=40)
    active = models.BooleanField(default=True)

    class Meta:
        ordering = ["label"]

    def __str__(self) -> str:
        return self.label


class TipTag(models.Model):
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="tip_tags")
    tag = models.ForeignKey(Tag, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tip", "tag"], name="one_tag_once")]


class SavedView(models.Model):
    """A question to the queue that somebody kept, for themselves or for the team."""

    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="saved_views")
    name = models.CharField(max_length=40)
    query = models.CharField(max_length=200)
    shared = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["owner", "name"], name="one_view_of_a_name")
        ]


class Seen(models.Model):
    """Which version of a tip somebody has read, and until when they count as looking at it."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="seen_by")
    version = models.PositiveIntegerField()
    looking_until = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "tip"], name="seen_once")]


class Undoable(models.Model):
    """What an act changed, for the few seconds in which it may be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="+")
    together = models.UUIDField(db_index=True, help_text="Acts on many tips are undone as one.")
    act = models.CharField(max_length=30)
    version = models.PositiveIntegerField(help_text="The tip's, after the act.")
    changed = models.JSONField(
        help_text="Column: [before, after]. States, times and codes; no word of the tip."
    )
    until = models.DateTimeField(db_index=True)


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
            models.CheckConstraint(
                condition=models.Q(reviewed_by__isnull=True)
                | ~models.Q(reviewed_by=models.F("author")),
                name="record_is_reviewed_by_another",
            ),
            models.UniqueConstraint(
                fields=["tip"],
                condition=models.Q(state="PROPOSED"),
                name="one_proposal_at_a_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "review_by"], name="record_review"),
            models.Index(fields=["subject_mark"], name="record_subject"),
        ]
