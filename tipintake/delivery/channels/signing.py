"""Standard Webhooks signatures (https://www.standardwebhooks.com), and the secrets that make them.

A secret is 32 random bytes, written `whsec_` and base64. At rest it is sealed under a key that is
derived from the installation's web secret, which is a file outside the database.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Iterable

from django.conf import settings
from nacl.exceptions import CryptoError
from nacl.secret import Aead
from nacl.utils import random

PREFIX = "whsec_"
PURPOSE = b"webhook secrets"


class SecretUnreadable(Exception):
    """A sealed secret cannot be opened with this installation's key. Register it anew."""


def new_secret() -> str:
    """A secret to hand to the agency, once."""
    return PREFIX + base64.b64encode(random(32)).decode()


def signature(secret: str, *, message_id: str, timestamp: int, body: bytes) -> str:
    """The value of `webhook-signature`. Raises ValueError for what is not a secret."""
    if not secret.startswith(PREFIX):
        raise ValueError("a webhook secret begins with whsec_")
    try:
        key = base64.b64decode(secret.removeprefix(PREFIX), validate=True)
    except binascii.Error:
        raise ValueError("a webhook secret is whsec_ and base64") from None
    signed = f"{message_id}.{timestamp}.".encode() + body
    digest = hmac.digest(key, signed, "sha256")
    return "v1," + base64.b64encode(digest).decode()


def signatures(secrets: Iterable[str], *, message_id: str, timestamp: int, body: bytes) -> str:
    """One signature for each secret, as the standard joins them: any one of them is enough."""
    return " ".join(
        signature(one, message_id=message_id, timestamp=timestamp, body=body) for one in secrets
    )


def sealed(secret: str) -> bytes:
    """A secret as the database keeps it."""
    return bytes(_box().encrypt(secret.encode(), PURPOSE))


def opened(sealed_secret: bytes) -> str:
    """A secret as the signature needs it; empty when there is none."""
    if not sealed_secret:
        return ""
    try:
        return _box().decrypt(bytes(sealed_secret), PURPOSE).decode()
    except CryptoError:
        raise SecretUnreadable(
            "A webhook secret was sealed under another web.secret. Register the webhook anew."
        ) from None


def _box() -> Aead:
    web_secret = hashlib.blake2b(settings.SECRET_KEY.encode(), digest_size=32).digest()
    return Aead(hashlib.blake2b(key=web_secret, person=PURPOSE, digest_size=32).digest())
