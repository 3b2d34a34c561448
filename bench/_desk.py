"""An analyst at the desk of a running installation, who reads queues and tips."""

import http.client
import itertools
import random
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from tests.installation import Installation

PAGES = ("/", "/lines/wentzville-pd/", "/lines/regional-triage/", "/search/", "/?q=is:urgent")
PATIENCE = 30.0

# Logged on as the pages leave it, both factors shown; the second is not what is measured.
LOG_ON = """
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore
from django.utils import timezone
from tipintake.models import Line
from tipintake.staff import accounts, factors
from tipintake.staff.models import User
from tipintake.staff.roles import Role
from tipintake.web.desk import presence
now = timezone.now()
lines = tuple(Line.objects.values_list("code", flat=True))
accounts.create("reader", roles=(Role.ANALYST, Role.SUPERVISOR), lines=lines, actor="bench",
                now=now)
user = accounts.named("reader")
key = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
assert factors.set_up_app(user, key, factors.code_at(key, now), now=now)
User.objects.filter(pk=user.pk).update(must_change_password=False)
user.refresh_from_db()
session = SessionStore()
session[SESSION_KEY] = str(user.pk)
session[BACKEND_SESSION_KEY] = "django.contrib.auth.backends.ModelBackend"
session[HASH_SESSION_KEY] = user.get_session_auth_hash()
for mark in (presence.SEEN, presence.BEGAN, presence.PROVED):
    session[mark] = int(now.timestamp())
session[presence.FACTOR] = "app"
session.create()
print("SESSION", session.session_key)
"""


@dataclass(slots=True)
class Reader:
    answers: Counter[int] = field(default_factory=Counter)
    took: list[float] = field(default_factory=list)

    def read(self, one: Installation, cookie: str, path: str) -> None:
        where = urlsplit(one.desk)
        link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=PATIENCE)
        begun = time.monotonic()
        try:
            link.request("GET", path, headers={"Cookie": cookie})
            answer = link.getresponse()
            answer.read()
            status = answer.status
        except (OSError, http.client.HTTPException):
            status = 0
        finally:
            link.close()
        self.answers[status] += 1
        self.took.append((time.monotonic() - begun) * 1000)


@contextmanager
def reading(
    one: Installation, *, every: float, references: Callable[[], Sequence[str]]
) -> Iterator[Reader]:
    """A page each `every` seconds until the block ends, each second one that of a tip."""
    cookie = f"desk={one.command('shell', '-c', LOG_ON).split('SESSION ')[1].split()[0]}"
    reader, done, chance = Reader(), threading.Event(), random.Random(5)

    def go() -> None:
        for page in itertools.cycle(PAGES):
            known = references()
            also = [f"/tips/{chance.choice(known)}/"] if known else []
            for path in (page, *also):
                if done.wait(every):
                    return
                reader.read(one, cookie, path)

    thread = threading.Thread(target=go, daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        done.set()
        thread.join()
