"""Form tokens: signed, used once, and not before a person could have filled in the form.

    token = issue(now)                          into a hidden field
    age = spend(token, now=now)                 in the transaction that keeps the tip
    receipt_of(token, form)                     the code of the tip that it is spent for

Nothing is stored when a token is issued. When it is spent, an HMAC of it is kept until it would
have expired anyway, rounded up to the hour, so that the row does not date the act.
"""

import hashlib
import json
import secrets
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.door import signed
from tipintake.privacy.receipts import ReceiptCode

MINIMUM_AGE = timedelta(seconds=2)
LIFE = timedelta(hours=24)
RANDOM_BYTES = 16
ISSUED_BYTES = 5
PURPOSE = "form"
NO_ANSWERS = frozenset({"token", "do", "csrfmiddlewaretoken", "perhaps"})

BROKEN = _(
    "The page's own mark is missing or damaged. Your words are still here: "
    "please press Send again."
)
TOO_OLD = _(
    "This page has been open for more than a day. Your words are still here: "
    "please press Send again."
)
TOO_FAST = _("That was very fast. Your words are still here: please wait a moment and press Send.")
SPENT = _(
    "This page was already sent once. If you saw a receipt, your tip is safe and there is nothing "
    "to do. If not, your words are still here: please press Send again."
)


class TokenRefused(Exception):
    """The form is shown again with what was typed, this sentence and a new token."""

    def __init__(self, sentence: str | Promise) -> None:
        super().__init__("the form token is refused")
        self.sentence = sentence


def issue(now: datetime) -> str:
    """A token for one form, good from two seconds to a day from now."""
    issued = int(now.timestamp()).to_bytes(ISSUED_BYTES, "big")
    claim = issued + secrets.token_bytes(RANDOM_BYTES)
    return signed.sign(PURPOSE, claim)


def check(token: str, *, now: datetime, minimum_age: timedelta = MINIMUM_AGE) -> timedelta:
    """How long the form was open. Raises TokenRefused; spends nothing."""
    claim = _claim(token)
    issued = datetime.fromtimestamp(int.from_bytes(claim[:ISSUED_BYTES], "big"), tz=UTC)
    age = now - issued
    if age > LIFE or age < timedelta(seconds=-1):
        raise TokenRefused(TOO_OLD)
    if age < minimum_age:
        raise TokenRefused(TOO_FAST)
    return age


def spend(token: str, *, now: datetime, minimum_age: timedelta = MINIMUM_AGE) -> timedelta:
    """Use the token up, in the caller's transaction. Returns how long the form was open."""
    age = check(token, now=now, minimum_age=minimum_age)
    try:
        signed.burn(PURPOSE, _claim(token), until=now + LIFE)
    except signed.Used:
        raise TokenRefused(SPENT) from None
    return age


def is_spent(token: str) -> bool:
    """Whether a tip was kept with this one. False for anything that is not ours."""
    claim = signed.read(PURPOSE, token, ISSUED_BYTES + RANDOM_BYTES)
    return claim is not None and signed.is_burnt(PURPOSE, claim)


def spend_with(token: str, files: Iterable[bytes], *, now: datetime) -> None:
    """Of each file that is kept with it, by its digest: the same one is known where the page is
    sent again. Raises TokenRefused where one was kept before."""
    claim = _claim(token)
    for digest in set(files):
        try:
            signed.burn(PURPOSE, claim + digest, until=now + LIFE)
        except signed.Used:
            raise TokenRefused(SPENT) from None


def was_kept_with(token: str, digest: bytes) -> bool:
    return signed.is_burnt(PURPOSE, _claim(token) + digest)


def receipt_of(token: str, form: QueryDict, files: Sequence[bytes] = ()) -> ReceiptCode:
    """The code of the tip that this page with these answers is sent as; `files` are digests of
    what was chosen, in its order. An answer that was left empty is none.

    As random as the token's 128 bits, and found again by no one who has not the token, every
    answer and our key: so an answer that was lost on its way can be given once more, and nothing
    was kept for that. A token alone, which another may have chosen, gives no code. Raises
    TokenRefused for a token that is not ours.
    """
    given = ((name, [one for one in said if one]) for name, said in form.lists())
    answers = sorted((name, said) for name, said in given if said and name not in NO_ANSWERS)
    chosen = [one.hex() for one in files]
    said = hashlib.sha256(json.dumps([answers, chosen]).encode()).digest()
    return ReceiptCode(signed.secret(PURPOSE, _claim(token) + said))


def end_of_life(now: datetime) -> datetime:
    """A day from now, rounded up to the hour."""
    return signed.next_full_hour(now + LIFE)


def _claim(token: str) -> bytes:
    claim = signed.read(PURPOSE, token, ISSUED_BYTES + RANDOM_BYTES)
    if claim is None:
        raise TokenRefused(BROKEN)
    return claim
