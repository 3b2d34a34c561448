"""What staff add to a tip: notes for colleagues and the calls by which they handed it over."""

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
