"""What the doors remembered for a day is deleted."""

from datetime import datetime

from tipintake.door.models import IdempotentAnswer, SpentToken


def forget_expired(now: datetime) -> int:
    """Delete spent tokens and idempotent answers that have expired; says how many."""
    tokens, _ = SpentToken.objects.filter(expires_at__lte=now).delete()
    answers, _ = IdempotentAnswer.objects.filter(expires_at__lte=now).delete()
    return tokens + answers
