"""What the doors remember for a day at most."""

from django.db import models


class IdempotentAnswer(models.Model):
    """The answer to one Idempotency-Key: only the key's holder can open it."""

    key_hmac = models.BinaryField(max_length=32, unique=True)
    body_hmac = models.BinaryField(max_length=32)
    answer_sealed = models.BinaryField()
    expires_at = models.DateTimeField(db_index=True)


class SpentToken(models.Model):
    """A form token or a proof of work that has been used once."""

    token_hmac = models.BinaryField(max_length=32, unique=True)
    expires_at = models.DateTimeField(db_index=True)
