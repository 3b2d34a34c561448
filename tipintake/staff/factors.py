"""Second factors of staff accounts: an app's codes, passkeys, recovery codes.

The rows and the arithmetic are django-allauth's; the secrets in them are sealed by its adapter
(settings: MFA_ADAPTER). A code of an app is good once, whichever process is asked.
"""

import enum
import hmac
import math
from datetime import datetime
from typing import Any, NamedTuple

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
)
from django.db import models, transaction

from tipintake.staff import audit
from tipintake.staff.models import User

APP_DIGITS, RECOVERY_DIGITS = 6, 10
STEP_SECONDS = 30
CLOCKS_DIFFER = (0, -1, 1)  # steps: a telephone's clock may be half a minute off
MOST_PASSKEYS = 10
FROM_ACCOUNT = "authenticator_set"  # how allauth's rows are reached, and read for many at once


class Factor(enum.StrEnum):
    APP = "app"
    PASSKEY = "passkey"
    RECOVERY = "recovery code"


KINDS: dict[str, Factor] = {
    Authenticator.Type.TOTP: Factor.APP,
    Authenticator.Type.WEBAUTHN: Factor.PASSKEY,
    Authenticator.Type.RECOVERY_CODES: Factor.RECOVERY,
}
SEALED = (Authenticator.Type.TOTP, Authenticator.Type.RECOVERY_CODES)
# Recovery codes stand in for a lost one of these; alone they are none.
LASTING = (Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN)


class Passkey(NamedTuple):
    pk: int
    name: str
    made_at: datetime
    used_at: datetime | None


def any_is_sealed() -> bool:
    return bool(Authenticator.objects.filter(type__in=SEALED).exists())


def rows_of(user: User) -> "models.QuerySet[Any]":
    rows: models.QuerySet[Any] = Authenticator.objects.filter(user=user)
    return rows


def has_one(user: User) -> bool:
    """Whether this account can show anything besides its password."""
    return rows_of(user).filter(type__in=LASTING).exists()


def kinds_of(user: User) -> frozenset[Factor]:
    return frozenset(KINDS[row.type] for row in getattr(user, FROM_ACCOUNT).all())


def passkeys_of(user: User) -> list[Passkey]:
    rows = rows_of(user).filter(type=Authenticator.Type.WEBAUTHN).order_by("pk")
    return [Passkey(r.pk, str(r.data["name"]), r.created_at, r.last_used_at) for r in rows]


def new_secret() -> str:
    return str(generate_totp_secret())


def address_of(user: User, secret: str) -> str:
    """The `otpauth:` address that an app reads from the picture."""
    return str(get_adapter().build_totp_url(user, secret))


def code_at(secret: str, moment: datetime) -> str:
    """What an app with this secret shows at this moment."""
    return _code(secret, _step(moment))


def set_up_app(user: User, secret: str, code: str, *, now: datetime) -> bool:
    """Take this app, in place of an earlier one, if it shows the right code."""
    step = _matching(secret, digits(code), now)
    if step is None:
        return False
    with transaction.atomic():
        rows_of(user).filter(type=Authenticator.Type.TOTP).delete()
        TOTP.activate(user, secret)
        User.objects.filter(pk=user.pk).update(last_code_step=step)
        note_added(user, Factor.APP, now=now)
    return True


def spend(user: User, typed: str, *, now: datetime) -> Factor | None:
    """Which factor this code proves, if any. Good once. Count the attempt before (lockout)."""
    code = digits(typed)
    if not code.isascii() or not code.isdigit():
        return None
    if len(code) == APP_DIGITS and _spend_app(user, code, now):
        return Factor.APP
    if len(code) == RECOVERY_DIGITS and _spend_recovery(user, code, now):
        return Factor.RECOVERY
    return None


def new_recovery_codes(user: User, *, now: datetime) -> list[str]:
    """Ten new ones in place of the earlier. They are shown once."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        rows_of(user).filter(type=Authenticator.Type.RECOVERY_CODES).delete()
        made = RecoveryCodes.activate(user)
        audit.record("factor.codes_made", actor=user.username, now=now, subject=user.username)
    return [f"{code[:5]}-{code[5:]}" for code in made.get_unused_codes()]


def recovery_codes_left(user: User) -> int:
    row = rows_of(user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
    return 0 if row is None else len(row.wrap().get_unused_codes())


def remove_passkey(user: User, pk: int, *, now: datetime) -> bool:
    """Not the last factor: an account is never without one again."""
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)
        row = rows_of(user).filter(type=Authenticator.Type.WEBAUTHN, pk=pk)
        others = rows_of(user).filter(type__in=LASTING).exclude(pk=pk)
        if not others.exists() or not row.delete()[0]:
            return False
        who = user.username
        audit.record(
            "factor.removed", actor=who, now=now, subject=who, factor=Factor.PASSKEY.value
        )
    return True


def note_added(user: User, factor: Factor, *, now: datetime) -> None:
    who = user.username
    audit.record("factor.added", actor=who, now=now, subject=who, factor=factor.value)


def remove_all(user: User) -> int:
    """Every factor of an account. How many there were; whoever calls records it."""
    count: int = rows_of(user).delete()[0]
    return count


def digits(typed: str) -> str:
    """A code without the spaces and hyphens that people type into it."""
    return "".join(typed.split()).replace("-", "")


def _spend_app(user: User, code: str, now: datetime) -> bool:
    row = rows_of(user).filter(type=Authenticator.Type.TOTP).first()
    if row is None:
        return False
    step = _matching(get_adapter().decrypt(row.data["secret"]), code, now)
    unused = User.objects.filter(pk=user.pk, last_code_step__lt=step or 0)
    if step is None or not unused.update(last_code_step=step):
        return False
    rows_of(user).filter(pk=row.pk).update(last_used_at=now)
    return True


def _spend_recovery(user: User, code: str, now: datetime) -> bool:
    """The used ones stand in one row, read and written anew: of two at once each would leave out
    what the other used, and the same code would be good twice."""
    with transaction.atomic():
        User.objects.select_for_update(no_key=True).get(pk=user.pk)
        row = rows_of(user).filter(type=Authenticator.Type.RECOVERY_CODES).first()
        if row is None or not row.wrap().validate_code(code):
            return False
        rows_of(user).filter(pk=row.pk).update(last_used_at=now)
    return True


def _matching(secret: str, code: str, now: datetime) -> int | None:
    """The step whose code this is; every candidate is compared, however early one fits."""
    steps = [_step(now) + away for away in CLOCKS_DIFFER]
    typed = code.encode("utf-8", "surrogatepass")
    fits = [s for s in steps if hmac.compare_digest(_code(secret, s).encode(), typed)]
    return max(fits, default=None)


def _code(secret: str, step: int) -> str:
    return str(format_hotp_value(hotp_value(secret, step)))


def _step(moment: datetime) -> int:
    return math.floor(moment.timestamp() / STEP_SECONDS)
