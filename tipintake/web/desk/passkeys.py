"""Passkeys: what the browser is asked, and whether its answer is right.

allauth keeps the question in the session and reads it from a request of its own, which is lent to
it here. The script that puts the question to the browser is static/desk-passkey.js.
"""

import json
from datetime import datetime
from typing import Any

from allauth.core import context
from allauth.mfa.webauthn.internal import auth
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from tipintake.staff import factors
from tipintake.staff.factors import Factor
from tipintake.staff.models import User

LONGEST_ANSWER = 20_000
LONGEST_NAME = 40
# What fido2 and allauth raise on answers that are none; any of them is a refusal.
BROKEN = (ValidationError, ValueError, TypeError, KeyError, AttributeError, IndexError)


def question(request: HttpRequest, user: User) -> dict[str, Any]:
    """For somebody who has one."""
    with context.request_context(request):
        return dict(auth.begin_authentication(user))


def is_shown(request: HttpRequest, user: User, answer: str, now: datetime) -> bool:
    said = _read(answer)
    if said is None:
        return False
    try:
        with context.request_context(request):
            row = auth.complete_authentication(user, said)
    except BROKEN:
        return False
    factors.rows_of(user).filter(pk=row.pk).update(last_used_at=now)
    return True


def offer(request: HttpRequest, user: User) -> dict[str, Any]:
    """For somebody who adds one."""
    with context.request_context(request):
        return dict(auth.begin_registration(user, passwordless=False))


def add(request: HttpRequest, user: User, name: str, answer: str, *, now: datetime) -> bool:
    said = _read(answer)
    if said is None or len(factors.passkeys_of(user)) >= factors.MOST_PASSKEYS:
        return False
    try:
        with context.request_context(request):
            auth.parse_registration_response(said)
            auth.complete_registration(said)
            auth.WebAuthn.add(user, name[:LONGEST_NAME] or "Passkey", said)
    except BROKEN:
        return False
    factors.note_added(user, Factor.PASSKEY, now=now)
    return True


def _read(answer: str) -> dict[str, Any] | None:
    if len(answer) > LONGEST_ANSWER:
        return None
    try:
        said = json.loads(answer)
    except ValueError:
        return None
    return said if isinstance(said, dict) else None
