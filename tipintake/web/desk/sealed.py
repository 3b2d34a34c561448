"""What a session keeps of tips, sealed: in the session table stands no plate and no number.

A purge does not reach sessions. The key is a file of the desk; each thing opens for the person
whose session it is, and under its own name.
"""

import base64
import binascii
import json
from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.contrib.messages.storage.base import Message
from django.contrib.messages.storage.session import SessionStorage
from django.http import HttpRequest

from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.tips import accounts_key

MESSAGES = "messages"


def put(request: HttpRequest, name: str, value: object) -> None:
    request.session[name] = _sealed(request, name, json.dumps(value))


def get(request: HttpRequest, name: str) -> Any:
    """None when there is nothing, or nothing that opens."""
    text = _opened(request, name, request.session.get(name))
    return None if text is None else json.loads(text)


def pop(request: HttpRequest, name: str) -> Any:
    found = get(request, name)
    request.session.pop(name, None)
    return found


class SealedMessages(SessionStorage):
    """What was just done, until the next page has said it. Named in the settings."""

    def serialize_messages(self, messages: Sequence[Message]) -> Any:
        return _sealed(self.request, MESSAGES, super().serialize_messages(messages))

    def deserialize_messages(self, data: Any) -> Any:
        return super().deserialize_messages(_opened(self.request, MESSAGES, data))


def _sealed(request: HttpRequest, name: str, text: str) -> str:
    """Nothing where the key is missing: what was done is done all the same."""
    try:
        key = accounts_key.key_to_seal(settings.PRIVATE_KEYS_DIR)
    except KeyMissing:
        return ""
    return base64.b64encode(key.seal(text.encode(), context=_place(request, name))).decode()


def _opened(request: HttpRequest, name: str, sealed: object) -> str | None:
    if not isinstance(sealed, str) or not sealed:
        return None
    try:
        key = keys.accounts_key(settings.PRIVATE_KEYS_DIR)
        data = Sealed(base64.b64decode(sealed, validate=True))
        return key.open(data, context=_place(request, name)).decode()
    except (CannotOpen, KeyMissing, binascii.Error):
        return None


def _place(request: HttpRequest, name: str) -> str:
    return f"session:{name}:{request.user.pk}"
