from django.db import models

from tipintake.staff.models import User
from tipintake.tips.models import Tip


class Note(models.Model):
    """What an analyst wrote for colleagues, sealed under the tip's data key."""

    tip = models.ForeignKey(Tip, on_delete=models.CASCADE, related_name="notes")
    author = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()
    sealed = models.BinaryField()
