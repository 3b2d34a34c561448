"""Form tokens: signed, used once, and not before a person could have filled in the form.

    token = issue(now)                          into a hidden field
    age = spend(token, now=now)                 in the transaction that keeps the tip

Nothing is stored when a token is issued. When it is spent, an HMAC of it is kept until it would
have expired anyway, rounded up to the hour, so that the row does not date the act.
"""

import base64
import hashlib
import hmac
import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.door.models import SpentToken

MINIMUM_AGE = timedelta(seconds=2)
LIFE = timedelta(hours=24)
RANDOM_BYTES = 16
ISSUED_BYTES = 5
MAC_BYTES = 16
TOKEN_BYTES = ISSUED_BYTES + RANDOM_BYTES + MAC_BYTES

BROKEN = _(
    "The page's own mark is missing or damaged. Your words are still here: "
    "please press Send again."
)
TOO_OLD = _(
    "This page has been open for more than a day. Your words are still here: "
    "please press Send again."
)
TOO_FAST = _("That was very fast. Your words are still here: please wait a moment and press Send.")
SPENT = _(
    "This page was already sent once. If you saw a receipt, your tip is safe and there is nothing "
    "to do. If not, your words are still here: please press Send again."
)


class TokenRefused(Exception):
    """The form is shown again with what was typed, this sentence and a new token."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__("the form token is refused")
        self.sentence = sentence


def issue(now: datetime) -> str:
    """A token for one form, good from two seconds to a day from now."""
    issued = int(now.timestamp()).to_bytes(ISSUED_BYTES, "big")
    claim = issued + secrets.token_bytes(RANDOM_BYTES)
    return base64.urlsafe_b64encode(claim + _mac("signed", claim)).decode().rstrip("=")


def check(token: str, *, now: datetime, minimum_age: timedelta = MINIMUM_AGE) -> timedelta:
    """How long the form was open. Raises TokenRefused; spends nothing."""
    claim = _claim(token)
    issued = datetime.fromtimestamp(int.from_bytes(claim[:ISSUED_BYTES], "big"), tz=UTC)
    age = now - issued
    if age > LIFE or age < timedelta(seconds=-1):
        raise TokenRefused(TOO_OLD)
    if age < minimum_age:
        raise TokenRefused(TOO_FAST)
    return age


def spend(token: str, *, now: datetime, minimum_age: timedelta = MINIMUM_AGE) -> timedelta:
    """Use the token up, in the caller's transaction. Returns how long the form was open."""
    age = check(token, now=now, minimum_age=minimum_age)
    try:
        with transaction.atomic():
            SpentToken.objects.create(
                token_hmac=_mac("spent", _claim(token), size=32), expires_at=end_of_life(now)
            )
    except IntegrityError:
        raise TokenRefused(SPENT) from None
    return age


def end_of_life(now: datetime) -> datetime:
    """A day from now, rounded up to the hour."""
    end = now + LIFE
    whole = end.replace(minute=0, second=0, microsecond=0)
    return whole if whole == end else whole + timedelta(hours=1)


def _claim(token: str) -> bytes:
    try:
        raw = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except ValueError:
        raise TokenRefused(BROKEN) from None
    claim, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    if len(raw) != TOKEN_BYTES or not hmac.compare_digest(mac, _mac("signed", claim)):
        raise TokenRefused(BROKEN)
    return claim


def _mac(purpose: str, claim: bytes, *, size: int = MAC_BYTES) -> bytes:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"tipintake form").digest()
    return hmac.digest(key, purpose.encode() + b"\x00" + claim, hashlib.sha256)[:size]
