"""A resident's unfinished report: only their browser holds what opens it.

    secret = new_secret()                  into a cookie that dies with the browser window
    keep(secret, "everything typed", …)    ciphertext, under a hash of the secret, 30 minutes
    read(secret)                           the words, or None when they are gone
    finish(secret, page)                   on sending: only the receipt's page stays, 5 minutes
    answer(secret)                         that page, for a browser that it did not reach
    forget(secret)                         on leaving
    copy(secret, words, …)                 for the last page: should the broker lose what it has
    of_copy(secret, text, …)               the words of that page, for the same 30 minutes

The broker's memory holds no more than ciphertext whose key nobody else has: neither its name nor
its key leads from one to the other. Whatever stands there is forgotten after 30 minutes of rest.
"""

import base64
import functools
import re
import secrets
import zlib
from datetime import datetime, timedelta
from hashlib import blake2b
from http.cookies import Morsel

from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from redis import Redis
from redis.exceptions import RedisError

from tipintake.door import signed
from tipintake.pipeline.broker import client_address
from tipintake.privacy.seal import CannotOpen, DataKey, Sealed

LIFE = timedelta(minutes=30)
LIFE_OF_AN_ANSWER = timedelta(minutes=5)
LONGEST = 96 * 1024  # bytes; all fields together, filled to their limits, are less
LONGEST_COPY = 16 * 1024  # bytes: it travels twice, and most reports are a tenth of it
STAMP_BYTES = 5
SECRET_BYTES = 32
WAIT = 2.0  # seconds for the broker: a person waits
# How full the broker's memory may be when a report is kept: what comes from a crowd is refused
# first, then what is new, and a flood pushes out none that was begun. The rest is for bells.
FROM_A_CROWD, NEW, BEGUN = 1 / 4, 1 / 2, 3 / 4
MEMORY = 256 * 1024 * 1024  # bytes, of a broker that has no limit of its own
_SECRET = re.compile(r"[A-Za-z0-9_-]{43}")


class Unavailable(Exception):
    """The broker does not answer, or has no room. Nothing was kept or lost: say what to do."""

    sentence = _(
        "We cannot keep your steps just now. What you typed on this page is still here. "
        "Wait a minute and press Continue again, or use the form on one page."
    )


class TooLong(Exception):
    """More than all fields can hold."""


class Secret(str):
    """Opens one person's unfinished report. It prints as nothing."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<Secret>"


def new_secret() -> Secret:
    return Secret(secrets.token_urlsafe(SECRET_BYTES))


def secret_of(request: HttpRequest) -> Secret | None:
    text = request.COOKIES.get(settings.DRAFT_COOKIE_NAME, "")
    return Secret(text) if _SECRET.fullmatch(text) else None


def hand(response: HttpResponseBase, secret: Secret) -> None:
    """Give the browser the secret until it is closed: a closed tab does not end it."""
    _set(response, secret)


def take_back(response: HttpResponseBase) -> None:
    _set(response, "", max_age=0)


def is_harmless(cookie: Morsel[str]) -> bool:
    """What `hand` and `take_back` set and nothing else: it ends with the browser, or at once."""
    handed = _SECRET.fullmatch(cookie.value) and cookie["max-age"] == cookie["expires"] == ""
    taken = cookie.value == "" and cookie["max-age"] == 0
    guarded = cookie["httponly"] and cookie["samesite"] == "Strict" and not cookie["domain"]
    return bool(cookie.key == settings.DRAFT_COOKIE_NAME and (handed or taken) and guarded)


def _set(response: HttpResponseBase, value: str, *, max_age: int | None = None) -> None:
    response.set_cookie(
        settings.DRAFT_COOKIE_NAME,
        value,
        max_age=max_age,
        httponly=True,
        samesite="Strict",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def keep(secret: Secret, words: str, *, up_to: float) -> None:
    """Raises Unavailable, or TooLong. Starts the 30 minutes anew."""
    plain = words.encode("utf-8", "surrogatepass")
    if len(plain) > LONGEST:
        raise TooLong
    sealed = _key(secret).seal(plain, context=_name(secret))
    try:
        if _full() > up_to:
            raise Unavailable
        _broker().set(_name(secret), bytes(sealed), ex=LIFE)
    except RedisError as fault:
        raise Unavailable from fault


def read(secret: Secret) -> str | None:
    """Raises Unavailable."""
    plain = _opened(secret, _name(secret))
    return None if plain is None else plain.decode("utf-8", "surrogatepass")


def _opened(secret: Secret, name: str) -> bytes | None:
    try:
        sealed = _broker().get(name)
    except RedisError as fault:
        raise Unavailable from fault
    if not isinstance(sealed, bytes):
        return None
    try:
        return _key(secret).open(Sealed(sealed), context=name)
    except CannotOpen:
        return None


def finish(secret: Secret, page: bytes) -> None:
    """Keep the page that answers it, if there is room, and forget the report. Raises Unavailable.

    The answer takes the cookie away: whoever still has it never got the answer, because it was
    lost on its way or because Send was pressed twice.
    """
    sealed = _key(secret).seal(page, context=_answer_name(secret))
    try:
        try:
            if _full() <= BEGUN:
                _broker().set(_answer_name(secret), bytes(sealed), ex=LIFE_OF_AN_ANSWER)
        finally:
            _broker().delete(_name(secret))
    except RedisError as fault:
        raise Unavailable from fault


def answer(secret: Secret) -> bytes | None:
    """Raises Unavailable."""
    return _opened(secret, _answer_name(secret))


def forget(secret: Secret) -> None:
    """Raises Unavailable; then it is forgotten after 30 minutes at the latest."""
    try:
        _broker().delete(_name(secret), _answer_name(secret))
    except RedisError as fault:
        raise Unavailable from fault


def copy(secret: Secret, words: str, *, now: datetime) -> str:
    """For a hidden field, opened by nobody without both the browser's secret and our key. Empty
    where it would be long."""
    stamp = int(now.timestamp()).to_bytes(STAMP_BYTES, "big")
    packed = zlib.compress(stamp + words.encode("utf-8", "surrogatepass"), level=9)
    if len(packed) > LONGEST_COPY:
        return ""
    sealed = _copy_key(secret).seal(packed, context="copy of an unfinished report")
    return base64.urlsafe_b64encode(bytes(sealed)).decode()


def of_copy(secret: Secret, text: str, *, now: datetime) -> str | None:
    """None for what is no copy of this browser's, or older than what the broker keeps."""
    try:
        sealed = Sealed(base64.b64decode(text, altchars=b"-_", validate=True))
        packed = _copy_key(secret).open(sealed, context="copy of an unfinished report")
    except (ValueError, CannotOpen):
        return None
    stamped = zlib.decompress(packed)
    age = int(now.timestamp()) - int.from_bytes(stamped[:STAMP_BYTES], "big")
    if not 0 <= age <= LIFE.total_seconds():
        return None
    return stamped[STAMP_BYTES:].decode("utf-8", "surrogatepass")


def _copy_key(secret: Secret) -> DataKey:
    ours = signed.secret("unfinished", secret.encode())
    key = blake2b(secret.encode(), key=ours, digest_size=32, person=b"draft copy")
    return DataKey(key.digest())


def _name(secret: Secret) -> str:
    return (
        "unfinished:" + blake2b(secret.encode(), digest_size=24, person=b"draft name").hexdigest()
    )


def _answer_name(secret: Secret) -> str:
    return (
        "answered:" + blake2b(secret.encode(), digest_size=24, person=b"answer name").hexdigest()
    )


def _key(secret: Secret) -> DataKey:
    return DataKey(blake2b(secret.encode(), digest_size=32, person=b"draft key").digest())


def _full() -> float:
    """How much of the broker's memory is taken, by whatever it is: 0 to 1."""
    memory: dict[str, int] = _broker().info("memory")  # type: ignore[assignment]  # not the asynchronous client
    return memory["used_memory"] / (memory["maxmemory"] or MEMORY)


def _broker() -> Redis:
    return _connected(client_address(settings.REDIS_URL))


@functools.cache
def _connected(url: str) -> Redis:
    return Redis.from_url(url, socket_timeout=WAIT, socket_connect_timeout=WAIT)
