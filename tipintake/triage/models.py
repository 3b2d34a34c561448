"""What staff add to a tip, and how each of them works the queue."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _

from tipintake.staff.models import User
from tipintake.tips.models import Tip


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
    """How things stood before an act, for the few seconds in which it may be taken back."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="+")
    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="+")
    together = models.UUIDField(db_index=True, help_text="Acts on many tips are undone as one.")
    act = models.CharField(max_length=30)
    version = models.PositiveIntegerField(help_text="The tip's, after the act.")
    before = models.JSONField(help_text="States, times and codes; no word of the tip.")
    until = models.DateTimeField(db_index=True)
