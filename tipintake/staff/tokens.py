"""Tokens of partner agencies: what a system of theirs shows to see and answer its own hand-offs.

A token cannot be guessed (128 bits at the least), is shown once and kept only as an HMAC. It is
for named lines and named scopes, ends by itself, and never may do more than the role of an agency
partner may.
"""

import base64
import enum
import hashlib
import hmac
import secrets
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.staff.models import PartnerToken
from tipintake.staff.roles import MAY, May, Role

PREFIX = "tipa"
ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"  # Crockford: no i, l, o, u
PUBLIC_LENGTH = 10
SECRET_BYTES = 32
LONGEST, LONGEST_NAME = 100, 60
DAYS, MOST_DAYS = 90, 365
BOTH_GOOD_FOR = timedelta(days=1)
ENDS_SOON = timedelta(days=14)
SHOWN_FOR = timedelta(minutes=2)  # to whoever presses twice
USED_AGAIN_AFTER = timedelta(minutes=1)


class Scope(enum.StrEnum):
    READ = "hand_offs:read"
    ACKNOWLEDGE = "hand_offs:acknowledge"
    DECLINE = "hand_offs:decline"


# What an account must be able to do for the same; a token never can do more than a partner.
NEEDS: Mapping[Scope, frozenset[May]] = {
    Scope.READ: frozenset({May.READ_TIPS}),
    Scope.ACKNOWLEDGE: frozenset({May.READ_TIPS, May.ACT_ON_HAND_OFFS}),
    Scope.DECLINE: frozenset({May.READ_TIPS, May.ACT_ON_HAND_OFFS}),
}


class TokenProblem(Exception):
    """The token cannot be made or changed as asked; the sentence says why."""


class TokenRefused(Exception):
    """Nobody is let in by this. `why` is for the log; whoever showed it learns nothing."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Made(NamedTuple):
    token: PartnerToken
    text: str  # shown once


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who asks, what they may do, and for which lines."""

    token: PartnerToken
    scopes: frozenset[Scope]
    lines: frozenset[int]

    @property
    def actor(self) -> str:
        return self.token.actor

    def may(self, scope: Scope) -> bool:
        return scope in self.scopes


def make(
    name: str,
    *,
    lines: Sequence[str],
    scopes: Iterable[Scope] = tuple(Scope),
    days: int = DAYS,
    actor: str,
    now: datetime,
    drawn: bytes = b"",
) -> Made:
    """A token for these lines. Its text is in the answer and nowhere else: `drawn` are bytes that
    nobody else has, of which the text is made, or none to have them drawn here."""
    name = " ".join(name.split())
    wanted = [scope for scope in Scope if scope in set(scopes)]
    if not name or len(name) > LONGEST_NAME:
        raise TokenProblem(
            _("Name the system that will show this token, in at most 60 characters.")
        )
    if not wanted:
        raise TokenProblem(_("Give at least one scope: {value}.").format(value=", ".join(Scope)))
    found = _outside(lines)
    with transaction.atomic():
        made = _new(name, wanted, _end(days, now), actor=actor, now=now, drawn=drawn)
        made.token.lines.set([line.pk for line in found])
        _record("token.made", made.token, actor=actor, now=now, lines=sorted(set(lines)))
    return made


def renew(
    token: PartnerToken,
    *,
    days: int = DAYS,
    both_good_for: timedelta = BOTH_GOOD_FOR,
    actor: str,
    now: datetime,
    drawn: bytes = b"",
) -> Made:
    """A new token for the same lines and scopes. The old one ends after `both_good_for`."""
    if not timedelta() <= both_good_for <= ENDS_SOON:
        raise TokenProblem(
            _("Both may be good for up to {days} days, not longer.").format(days=ENDS_SOON.days)
        )
    with transaction.atomic():
        old = _living(now).filter(pk=token.pk)
        ends = {"expires_at": min(token.expires_at, now + both_good_for)}
        if not old.update(**ends if both_good_for else {"revoked_at": now}):
            raise TokenProblem(_("This token is over. Make a new one."))
        made = _new(
            token.name,
            [Scope(one) for one in token.scopes if one in set(Scope)],
            _end(days, now),
            actor=actor,
            now=now,
            drawn=drawn,
            follows=token,
        )
        made.token.lines.set(token.lines.all())
        _record(
            "token.renewed",
            made.token,
            actor=actor,
            now=now,
            follows=token.public,
            both_good_for_hours=round(both_good_for / timedelta(hours=1)),
        )
    return made


def made_with(drawn: bytes) -> Made | None:
    """The token of these bytes, for whoever sends the same form twice."""
    public, text = _texts(drawn)
    token = PartnerToken.objects.filter(public=public).first()
    return None if token is None else Made(token, text)


def revoke(token: PartnerToken, *, actor: str, now: datetime) -> None:
    """It lets nobody in from this moment on."""
    with transaction.atomic():
        if not _living(now).filter(pk=token.pk).update(revoked_at=now):
            raise TokenProblem(_("This token is over already."))
        _record("token.revoked", token, actor=actor, now=now)


def bearer_of(text: str, *, now: datetime) -> Bearer:
    """Whose token this is. Raises TokenRefused: unknown, wrong, revoked and expired ones alike."""
    prefix, _, rest = text.partition("_")
    public, _, _secret = rest.partition("_")
    usable = prefix == PREFIX and len(text) <= LONGEST and text.isascii() and "\x00" not in text
    token = PartnerToken.objects.filter(public=public).first() if usable else None
    # The comparison is made in any case: how long it takes does not tell a known name.
    known = bytes(token.digest) if token is not None else bytes(32)
    if not hmac.compare_digest(known, _digest(text)) or token is None:
        raise TokenRefused("unknown")
    if token.revoked_at is not None:
        raise TokenRefused(f"{token.public} is revoked")
    if token.expires_at <= now:
        raise TokenRefused(f"{token.public} has expired")
    _note_use(token, now)
    return Bearer(token, _scopes(token), frozenset(_lines_of(token)))


def named(public: str) -> PartnerToken:
    found = PartnerToken.objects.filter(public=public).first()
    if found is None:
        raise TokenProblem(f"There is no token {public!r}. `manage.py token list` shows all.")
    return found


def is_over(token: PartnerToken, *, now: datetime) -> bool:
    return token.revoked_at is not None or token.expires_at <= now


def ends_soon(token: PartnerToken, *, now: datetime) -> bool:
    return not is_over(token, now=now) and token.expires_at <= now + ENDS_SOON


def _living(now: datetime) -> models.QuerySet[PartnerToken]:
    return PartnerToken.objects.filter(revoked_at=None, expires_at__gt=now)


def _scopes(token: PartnerToken) -> frozenset[Scope]:
    given = set(token.scopes)
    return frozenset(
        scope for scope in Scope if scope in given and NEEDS[scope] <= MAY[Role.PARTNER]
    )


def _lines_of(token: PartnerToken) -> Iterable[int]:
    """Its lines, as far as they still are lines of somebody else."""
    still = token.lines.exclude(kind="internal").filter(active=True)
    return still.values_list("pk", flat=True)


def _outside(codes: Sequence[str]) -> list[Any]:
    if not codes:
        raise TokenProblem(_("Say for which line: a token sees the hand-offs of its lines alone."))
    # By name: staff and directory are neighbours, and neither imports the other.
    found: list[Any] = list(apps.get_model("tipintake", "Line").objects.filter(code__in=codes))
    unknown = sorted(set(codes) - {line.code for line in found})
    if unknown:
        raise TokenProblem(_("There is no line {value}.").format(value=", ".join(unknown)))
    own = sorted(line.code for line in found if line.kind == "internal")
    if own:
        raise TokenProblem(
            _("{value}: own staff log on to the desk instead.").format(value=", ".join(own))
        )
    return found


def _end(days: int, now: datetime) -> datetime:
    if not 1 <= days <= MOST_DAYS:
        raise TokenProblem(
            _("A token is good for 1 to {most_days} days.").format(most_days=MOST_DAYS)
        )
    return now + timedelta(days=days)


def _new(
    name: str,
    scopes: Sequence[Scope],
    expires_at: datetime,
    *,
    actor: str,
    now: datetime,
    drawn: bytes,
    follows: PartnerToken | None = None,
) -> Made:
    public, text = _texts(drawn or secrets.token_bytes(SECRET_BYTES))
    token = PartnerToken.objects.create(
        public=public,
        name=name,
        digest=_digest(text),
        scopes=[scope.value for scope in scopes],
        made_by=actor,
        made_at=now,
        expires_at=expires_at,
        follows=follows,
    )
    return Made(token, text)


def _texts(drawn: bytes) -> tuple[str, str]:
    """Its name and its whole text."""
    key = settings.SECRET_KEY.encode()
    rest, name = int.from_bytes(hmac.digest(key, b"token name\x00" + drawn, hashlib.sha256)), ""
    for _at in range(PUBLIC_LENGTH):
        rest, at = divmod(rest, len(ALPHABET))
        name += ALPHABET[at]
    secret = hmac.digest(key, b"token text\x00" + drawn, hashlib.sha256)
    return name, f"{PREFIX}_{name}_{base64.urlsafe_b64encode(secret).decode().rstrip('=')}"


def _note_use(token: PartnerToken, now: datetime) -> None:
    """To the minute: asking is frequent, and a write each time would be for nothing."""
    long_ago = Q(last_used_at=None) | Q(last_used_at__lte=now - USED_AGAIN_AFTER)
    PartnerToken.objects.filter(long_ago, pk=token.pk).update(last_used_at=now)


def _digest(text: str) -> bytes:
    key = settings.SECRET_KEY.encode()
    said = text.encode("utf-8", "surrogatepass")
    return hmac.digest(key, b"partner token\x00" + said, hashlib.sha256)


def _record(
    act: str, token: PartnerToken, *, actor: str, now: datetime, **facts: audit.Fact
) -> None:
    audit.record(
        act,
        actor=actor,
        now=now,
        subject=token.public,
        name=token.name,
        scopes=[str(one) for one in token.scopes],
        ends_on=token.expires_at.date().isoformat(),
        **facts,
    )
