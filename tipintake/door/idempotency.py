"""The same request twice makes one tip and gets one answer.

    claim = claim_of(header, body, pepper=pepper)
    kept = answer_to(claim, now=now)                     a replay, or None
    submit_tip(..., also=lambda receipt: keep(claim, answer, now=now))

What is stored opens to nobody: the Idempotency-Key stands only as an HMAC, and the answer, which
holds a receipt, is sealed under a key that is derived from the Idempotency-Key. A day later it is
gone. The unique constraint decides a race; the loser's tip is rolled back with its row.
"""

import hashlib
import hmac
import re
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.door.models import IdempotentAnswer
from tipintake.door.tokens import end_of_life
from tipintake.privacy.seal import DataKey, Sealed
from tipintake.rows import insert_unless

# 22 characters of base64 hold 128 bits; a UUID has 36 characters.
LEAST, MOST = 22, 128
LEAST_DIFFERENT = 8
PATTERN = rf"^[A-Za-z0-9._~:+/=-]{{{LEAST},{MOST}}}$"
CONTEXT = "door:idempotent-answer"

# Asked before every tip: Django would put it together anew each time.
_FIND = (
    f"SELECT body_hmac, answer_sealed FROM {IdempotentAnswer._meta.db_table} "  # noqa: S608, SLF001
    "WHERE key_hmac = %s AND expires_at > %s"
)
_UNTIL = IdempotentAnswer._meta.get_field("expires_at")  # noqa: SLF001

UNUSABLE = _(
    "Send 128 random bits or more, for instance a new UUID or 22 characters of base64, "
    "at most 128 characters in all."
)
REUSED = _(
    "This Idempotency-Key came before with another body. Send a new key with a new tip, "
    "or exactly the same body to hear the first answer again."
)


class KeyUnusable(Exception):
    """The key is too short, too long, too plain, or holds other characters."""

    sentence: str | Promise = UNUSABLE


class KeyReused(Exception):
    """The key was used with another body."""

    sentence: str | Promise = REUSED


class AlreadyAnswered(Exception):
    """Another request with this key was faster: look its answer up."""


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """One key and one body, as they may be stored, and what opens the answer."""

    name: bytes
    body: bytes
    opener: DataKey

    def __repr__(self) -> str:
        return "<Claim>"


def claim_of(header: str, body: bytes, *, pepper: bytes) -> Claim:
    """`header` is the Idempotency-Key as sent, with or without quotation marks."""
    key = header.strip()
    if len(key) > 1 and key[0] == key[-1] == '"':
        key = key[1:-1]
    if not re.fullmatch(PATTERN, key) or len(set(key)) < LEAST_DIFFERENT:
        raise KeyUnusable
    root = hmac.digest(pepper, b"idempotency\x00" + key.encode(), hashlib.sha256)
    return Claim(
        name=hmac.digest(root, b"name", hashlib.sha256),
        body=hmac.digest(root, b"body\x00" + body, hashlib.sha256),
        opener=DataKey(hmac.digest(root, b"answer", hashlib.sha256)),
    )


def answer_to(claim: Claim, *, now: datetime) -> bytes | None:
    """The answer that this claim had before, or None. Raises KeyReused."""
    with connection.cursor() as cursor:
        cursor.execute(_FIND, (claim.name, _UNTIL.get_db_prep_value(now, connection)))
        row = cursor.fetchone()
    if row is None:
        return None
    body, answer = map(bytes, row)
    if not hmac.compare_digest(body, claim.body):
        raise KeyReused
    return claim.opener.open(Sealed(answer), context=CONTEXT)


def keep(claim: Claim, answer: bytes, *, now: datetime) -> None:
    """Keep the answer in the caller's transaction, which AlreadyAnswered must undo."""
    row = IdempotentAnswer(
        key_hmac=claim.name,
        body_hmac=claim.body,
        answer_sealed=claim.opener.seal(answer, context=CONTEXT),
        expires_at=end_of_life(now),
    )
    if insert_unless(row, same="key_hmac"):
        return
    gone, _ = IdempotentAnswer.objects.filter(key_hmac=claim.name, expires_at__lte=now).delete()
    if not gone or not insert_unless(row, same="key_hmac"):
        raise AlreadyAnswered
