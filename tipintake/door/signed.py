"""What we hand out and recognise again without storing it; and what has been used once.

    text = sign("form", claim)           base64 without padding
    claim = read("form", text, size)     None for anything that is not ours
    burn("form", claim, until=moment)    Used when it was burnt before
    secret("form", claim)                16 bytes that only we and who holds the text can ask for

A burnt claim is kept as an HMAC, with an hour at which it is forgotten: never with the moment at
which it was used.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction

from tipintake.door.models import SpentToken

MAC_BYTES = 16


class Used(Exception):
    """This was used before."""


def sign(purpose: str, claim: bytes) -> str:
    signed = claim + _mac(purpose, claim)
    return base64.urlsafe_b64encode(signed).decode().rstrip("=")


def read(purpose: str, text: str, size: int) -> bytes | None:
    """The claim of `size` bytes that we signed for this purpose."""
    try:
        raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except ValueError:
        return None
    claim, mac = raw[:-MAC_BYTES], raw[-MAC_BYTES:]
    ours = len(claim) == size and hmac.compare_digest(mac, _mac(purpose, claim))
    return claim if ours else None


def burn(purpose: str, claim: bytes, *, until: datetime) -> None:
    """Use it up, in the caller's transaction. `until` is rounded up to the hour."""
    try:
        with transaction.atomic():
            SpentToken.objects.create(
                token_hmac=_name(purpose, claim), expires_at=next_full_hour(until)
            )
    except IntegrityError:
        raise Used from None


def is_burnt(purpose: str, claim: bytes) -> bool:
    return SpentToken.objects.filter(token_hmac=_name(purpose, claim)).exists()


def secret(purpose: str, claim: bytes) -> bytes:
    """The same 16 bytes each time, and nobody's without our key."""
    return _mac("secret " + purpose, claim)


def next_full_hour(moment: datetime) -> datetime:
    """Rounded up to the hour, so that a row does not date the act."""
    whole = moment.replace(minute=0, second=0, microsecond=0)
    return whole if whole == moment else whole + timedelta(hours=1)


def _name(purpose: str, claim: bytes) -> bytes:
    return _mac("spent " + purpose, claim, size=32)


def _mac(purpose: str, claim: bytes, *, size: int = MAC_BYTES) -> bytes:
    key = hashlib.blake2b(settings.SECRET_KEY.encode(), person=b"tipintake door").digest()
    return hmac.digest(key, purpose.encode() + b"\x00" + claim, hashlib.sha256)[:size]
