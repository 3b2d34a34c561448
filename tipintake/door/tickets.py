"""What a page carries instead of the receipt: good for two hours, and worth nothing elsewhere.

The code itself is asked for once and then stands on no page. The ticket is sealed with a key of
this installation; it is sent back in the body of a form, never in an address or a cookie.
"""

import base64
import hashlib
from datetime import UTC, datetime, timedelta

from django.conf import settings

from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.seal import CannotOpen, DataKey, Sealed

LIFE = timedelta(hours=2)
CONTEXT = "door:come-back ticket"
CODE_BYTES = 16
LONGEST = 400


class TicketRefused(Exception):
    """Too old, or none of ours: ask for the code again, and keep what was typed."""


def issue(code: ReceiptCode, *, now: datetime) -> str:
    content = code.to_bytes() + int(now.timestamp()).to_bytes(5, "big")
    return base64.urlsafe_b64encode(_key().seal(content, context=CONTEXT)).decode().rstrip("=")


def read(ticket: str, *, now: datetime) -> ReceiptCode:
    """The receipt that it stands for. Raises `TicketRefused`."""
    try:
        raw = base64.b64decode(
            ticket[:LONGEST] + "=" * (-len(ticket) % 4), altchars=b"-_", validate=True
        )
        content = _key().open(Sealed(raw), context=CONTEXT)
    except (ValueError, CannotOpen):
        raise TicketRefused from None
    issued = datetime.fromtimestamp(int.from_bytes(content[CODE_BYTES:], "big"), tz=UTC)
    if not timedelta(seconds=-1) <= now - issued <= LIFE:
        raise TicketRefused
    return ReceiptCode(content[:CODE_BYTES])


def _key() -> DataKey:
    secret = settings.SECRET_KEY.encode()
    return DataKey(hashlib.blake2b(secret, digest_size=32, person=b"tipintake back").digest())
