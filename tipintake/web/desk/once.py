"""What a page's form adds is added once: without scripts a button that is pressed twice sends
its form twice.

    "once": once.mark()                          into a hidden field of the form
    said = once.spend(request, desk)             in the transaction that adds it

Only the same answers of the same page are the same deed: whoever goes back and writes something
else in it has said something else. A form without a mark is one each time.
"""

import hashlib
import json
import secrets
from datetime import timedelta

from django.http import HttpRequest

from tipintake.door import signed
from tipintake.web.desk.page import Desk
from tipintake.web.desk.presence import NOT_TYPED

FIELD = "once"
PURPOSE = "once"
LIFE = timedelta(hours=24)


class DoneBefore(Exception):
    """These answers of this page were taken already; `said` is what `spend` gave then."""

    def __init__(self, said: bytes) -> None:
        super().__init__("this form was sent before")
        self.said = said


def mark() -> str:
    return secrets.token_urlsafe(16)


def spend(request: HttpRequest, desk: Desk) -> bytes:
    """16 bytes, the same for the same press and nobody else's. Raises DoneBefore."""
    given = request.POST.get(FIELD, "")
    answers = sorted(item for item in request.POST.lists() if item[0] not in NOT_TYPED)
    page = [desk.user.pk, request.path, given or mark(), answers]
    claim = hashlib.sha256(json.dumps(page).encode()).digest()
    said = signed.secret(PURPOSE, claim)
    if given:
        try:
            signed.burn(PURPOSE, claim, until=desk.now + LIFE)
        except signed.Used:
            raise DoneBefore(said) from None
    return said
