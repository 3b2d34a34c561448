"""How a test logs on: a password, an app that is set up already, and its code of the moment."""

from datetime import datetime
from typing import Any

from django.test import Client
from django.utils import timezone

from tipintake.staff import accounts, factors
from tipintake.staff.models import User

KEY = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


def with_app(name: str) -> User:
    """The account has chosen its password and set up an app; its next code is unused."""
    user = accounts.named(name)
    if not factors.has_one(user):
        now = timezone.now()
        assert factors.set_up_app(user, KEY, factors.code_at(KEY, now), now=now)
    User.objects.filter(pk=user.pk).update(must_change_password=False, last_code_step=0)
    user.refresh_from_db()
    return user


def code(name: str, now: datetime | None = None) -> str:
    """What the app of this account shows now, as if none had been used yet."""
    User.objects.filter(username=accounts.canonical(name)).update(last_code_step=0)
    return factors.code_at(KEY, now or timezone.now())


def enter(client: Client, name: str, password: str, **more: str) -> Any:
    """Both steps of a log-on through the door; the answer to the second."""
    with_app(name)
    first = client.post("/log-on/", {"name": name, "password": password, **more})
    assert first.status_code == 302, first.content
    answer = client.post(first.headers["Location"], {"code": code(name), **more})
    assert answer.status_code == 302, answer.content
    return answer
