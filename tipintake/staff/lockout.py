"""Five bad log-ons in fifteen minutes lock an account for fifteen minutes. No address is needed.

Passwords, codes and passkeys count alike.

An attempt is counted before its password is checked, in a transaction of its own, so that many
attempts at the same moment get no more tries than one after another. Attempts made while the
account is locked do not count: the lock ends, whoever keeps trying.
"""

import hashlib
import hmac
from datetime import datetime, timedelta

from django.conf import settings

from tipintake.staff.models import FailedLogOn

TRIES = 5
WITHIN = timedelta(minutes=15)
LOCKED_FOR = timedelta(minutes=15)
KEPT_FOR = timedelta(days=1)


def begin(username: str, *, now: datetime) -> FailedLogOn | None:
    """Count one attempt. None: the account is locked and the password must not be checked.

    Call it outside any transaction.
    """
    FailedLogOn.objects.filter(at__lt=now - KEPT_FOR).delete()
    account = _fingerprint(username)
    attempt = FailedLogOn.objects.create(account=account, at=now)
    if _locked(account, now=now, but=attempt.pk):
        attempt.delete()
        return None
    return attempt


def take_back(attempt: FailedLogOn) -> None:
    """The password was right and a code is still to come: what went before goes on counting."""
    attempt.delete()


def succeeded(attempt: FailedLogOn) -> None:
    """Somebody has shown all that they must: the count starts again."""
    FailedLogOn.objects.filter(account=attempt.account).delete()


def is_locked(username: str, *, now: datetime) -> bool:
    return _locked(_fingerprint(username), now=now)


def unlock(username: str) -> None:
    FailedLogOn.objects.filter(account=_fingerprint(username)).delete()


def _locked(account: bytes, *, now: datetime, but: int = 0) -> bool:
    others = FailedLogOn.objects.filter(account=account).exclude(pk=but)
    last = list(others.order_by("-at", "-pk").values_list("at", flat=True)[:TRIES])
    return len(last) == TRIES and last[0] - last[-1] <= WITHIN and now < last[0] + LOCKED_FOR


def _fingerprint(username: str) -> bytes:
    return hmac.new(
        settings.SECRET_KEY.encode(), b"log-on\x00" + username.encode(), hashlib.sha256
    ).digest()
