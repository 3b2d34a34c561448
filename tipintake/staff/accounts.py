"""Accounts of staff: made with a random password that is shown once, disabled, never deleted.

The password must be changed at the first log-on, where a second factor is set up too. Whoever has
one shows it at every log-on. A bad code counts like a bad password (staff/lockout.py).
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.contrib.auth import SESSION_KEY, authenticate
from django.contrib.auth.password_validation import validate_password
from django.contrib.sessions.models import Session
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import F
from django.http import HttpRequest
from django.utils.translation import gettext as _

from tipintake.staff import audit, factors, lockout
from tipintake.staff.models import LineMembership, User
from tipintake.staff.roles import Role, give, roles_of

PASSWORD_ALPHABET = "abcdefghjkmnpqrstvwxyz0123456789"  # noqa: S105  Crockford: no i, l, o, u
PASSWORD_GROUPS, GROUP_LENGTH = 5, 4

TRIAGE = "regional-triage"
# Who works here on the first day: (account, line it is for, roles).
FIRST_ACCOUNTS: tuple[tuple[str, str, tuple[Role, ...]], ...] = (
    ("advocate", "victim-advocate", (Role.PARTNER, Role.CHILD_VICTIM)),
    ("triage", TRIAGE, (Role.ANALYST, Role.SUPERVISOR)),
    ("out-of-area", "out-of-area", (Role.ANALYST,)),
    ("admin", "", (Role.ADMIN,)),
)
# Lines without a queue user of their own: triage hands their tips over by telephone.
HANDED_OVER_BY_TRIAGE = (
    "police",
    "police-neighbour",
    "police-state",
    "task-force",
    "child",
    "national",
    "alternative",
)


class AccountProblem(Exception):
    """The account cannot be made or changed as asked; the sentence says why."""


class FirstAccount(NamedTuple):
    username: str
    password: str
    line: str


def create(
    username: str,
    *,
    roles: Sequence[Role],
    lines: Sequence[str] = (),
    actor: str,
    now: datetime,
) -> str:
    """Make an account and return its password, which is kept nowhere else."""
    user = User(username=canonical(username))
    try:
        user.full_clean(exclude=["password"])
    except ValidationError as problem:
        raise AccountProblem(f"{username}: {' '.join(problem.messages)}") from None
    if not roles:
        raise AccountProblem(
            _("{username}: give at least one role: {value}.").format(
                username=username, value=", ".join(Role)
            )
        )
    password = new_password()
    with transaction.atomic():
        user.set_password(password)
        user.save()
        give(user, *roles)
        _assign(user, lines)
        audit.record(
            "account.created",
            actor=actor,
            now=now,
            subject=user.username,
            roles=[role.value for role in roles],
            lines=sorted(lines),
        )
    return password


def set_password(username: str, *, actor: str, now: datetime) -> str:
    """Give an account a new random password: ends its sessions and its lock."""
    user = named(username)
    password = new_password()
    with transaction.atomic():
        user.set_password(password)
        user.must_change_password = True
        user.save(update_fields=["password", "must_change_password"])
        lockout.unlock(user.username)
        _end_sessions(user)
        audit.record("account.password_set", actor=actor, now=now, subject=user.username)
    return password


def choose_password(user: User, chosen: str, *, now: datetime) -> None:
    """A password of one's own. Ends all sessions. Raises AccountProblem with what is wrong."""
    try:
        validate_password(chosen, user)
    except ValidationError as problem:
        raise AccountProblem(" ".join(problem.messages)) from None
    if user.check_password(chosen):
        raise AccountProblem(_("This is the password that you have. Choose another one."))
    if user.username in chosen.lower():
        raise AccountProblem(_("Leave the name of the account out of the password."))
    with transaction.atomic():
        user.set_password(chosen)
        user.must_change_password = False
        user.save(update_fields=["password", "must_change_password"])
        _end_sessions(user)
        audit.record(
            "account.password_chosen", actor=user.username, now=now, subject=user.username
        )


def set_active(username: str, *, active: bool, actor: str, now: datetime) -> None:
    """Disable or enable an account. Its open sessions end at once.

    Who leaves may hold something: pipeline/leaving.py hands it over and then calls this.
    """
    user = named(username)
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        if not active:
            _end_sessions(user)
        audit.record(
            "account.enabled" if active else "account.disabled",
            actor=actor,
            now=now,
            subject=user.username,
        )


def reset_factors(username: str, *, actor: str, now: datetime) -> int:
    """Forget an account's second factors: the next log-on sets up others. Ends its sessions."""
    user = named(username)
    with transaction.atomic():
        count = factors.remove_all(user)
        lockout.unlock(user.username)
        _end_sessions(user)
        audit.record(
            "account.factors_reset", actor=actor, now=now, subject=user.username, factors=count
        )
    return count


def end_sessions(username: str, *, actor: str, now: datetime) -> None:
    """Log an account off wherever it is logged on."""
    user = named(username)
    with transaction.atomic():
        _end_sessions(user)
        audit.record("account.sessions_ended", actor=actor, now=now, subject=user.username)


def set_roles(username: str, roles: Sequence[Role], *, actor: str, now: datetime) -> None:
    user = named(username)
    if not roles:
        raise AccountProblem(
            _("{username}: give at least one role: {value}.").format(
                username=user.username, value=", ".join(Role)
            )
        )
    with transaction.atomic():
        before = sorted(roles_of(user))
        if Role.ADMIN not in roles:
            keep_an_administrator(user)
        give(user, *roles)
        audit.record(
            "account.roles_changed",
            actor=actor,
            now=now,
            subject=user.username,
            before=[role.value for role in before],
            roles=[role.value for role in sorted(roles)],
        )


def set_lines(username: str, lines: Sequence[str], *, actor: str, now: datetime) -> None:
    """Assign exactly these lines."""
    user = named(username)
    with transaction.atomic():
        before = lines_of(user)
        LineMembership.objects.filter(user=user).delete()
        _assign(user, lines)
        audit.record(
            "account.lines_changed",
            actor=actor,
            now=now,
            subject=user.username,
            before=before,
            lines=sorted(lines),
        )


def listed() -> models.QuerySet[User]:
    """Every account by name; its roles, lines and second factors are read for all at once."""
    read = ("groups", "memberships__line", factors.FROM_ACCOUNT)
    return User.objects.prefetch_related(*read).order_by("username")


def lines_of(user: User) -> list[str]:
    return sorted(user.memberships.values_list("line__code", flat=True))


def named(username: str) -> User:
    user = User.objects.filter(username=canonical(username)).first()
    if user is None:
        raise AccountProblem(
            f"There is no account {username!r}. `manage.py staff list` shows them all."
        )
    return user


def log_on(request: HttpRequest, username: str, password: str, *, now: datetime) -> User | None:
    """The account, if the password is right and the account is neither locked nor disabled.

    Every outcome is recorded, and every refusal looks and takes the same. With a second factor
    this is half the way: `prove` is the other, and only then does the count of bad tries end.
    Call it outside any transaction.
    """
    username = canonical(username)
    known = User.objects.filter(username=username).exists()
    origin = _origin(request, username if known else "")
    attempt = lockout.begin(username, now=now)
    # The password is checked even when locked: a refusal must not be quicker for it.
    user = authenticate(request, username=username, password=password)
    if attempt is None:
        audit.record("log_on.refused_locked", actor="desk", now=now, **origin)
        return None
    if not isinstance(user, User):
        _failed(username, origin, now=now)
        return None
    with transaction.atomic():
        if factors.has_one(user):
            lockout.take_back(attempt)
            audit.record("log_on.password_good", actor=username, now=now, **origin)
        else:
            lockout.succeeded(attempt)
            audit.record("log_on.first", actor=username, now=now, **origin)
    return user


class Proof(NamedTuple):
    """How somebody may show who they are: a check that says by what, and the act it allows."""

    act: str
    check: Callable[[], str]


def prove(request: HttpRequest, user: User, proof: Proof, *, now: datetime) -> str:
    """By what the person proved who they are; empty: they did not, or the account is locked.

    Passwords, codes and passkeys count alike. Call it outside any transaction.
    """
    origin = _origin(request, user.username)
    attempt = lockout.begin(user.username, now=now)
    if attempt is None:
        audit.record("log_on.refused_locked", actor="desk", now=now, **origin)
        return ""
    shown = proof.check()
    if not shown or not user.is_active:
        _failed(user.username, origin, now=now)
        return ""
    with transaction.atomic():
        lockout.succeeded(attempt)
        audit.record(proof.act, actor=user.username, now=now, factor=shown, **origin)
    return shown


def by_code(user: User, typed: str, *, now: datetime) -> Callable[[], str]:
    return lambda: factors.spend(user, typed, now=now) or ""


def by_password(user: User, typed: str) -> Callable[[], str]:
    return lambda: "password" if user.check_password(typed) else ""


def _origin(request: HttpRequest, subject: str) -> dict[str, str]:
    return {"subject": subject, "address": str(request.META.get("REMOTE_ADDR", ""))}


def _failed(username: str, origin: dict[str, str], *, now: datetime) -> None:
    with transaction.atomic():
        audit.record("log_on.failed", actor="desk", now=now, **origin)
        if lockout.is_locked(username, now=now):
            audit.record("account.locked", actor="desk", now=now, **origin)


def first_accounts(*, now: datetime) -> list[FirstAccount]:
    """One account for each line that staff of the installation answer, and an administrator.

    Only on a desk that has no account yet; empty ever after. Needs the region to be loaded.
    """
    with transaction.atomic():
        if User.objects.exists():
            return []
        handed_over = list(
            _lines().filter(kind__in=HANDED_OVER_BY_TRIAGE).values_list("code", flat=True)
        )
        made = []
        for username, line, roles in FIRST_ACCOUNTS:
            lines = [line] if line else []
            if line == TRIAGE:
                lines += handed_over
            password = create(username, roles=roles, lines=lines, actor="first start", now=now)
            made.append(FirstAccount(username, password, line or "every line"))
        return made


def new_password() -> str:
    """A hundred random bits, in groups that can be read aloud."""
    return "-".join(
        "".join(secrets.choice(PASSWORD_ALPHABET) for _ in range(GROUP_LENGTH))
        for _ in range(PASSWORD_GROUPS)
    )


def canonical(username: str) -> str:
    """Names of accounts are compared without case."""
    return User.normalize_username(username.replace("\x00", "").strip()).lower()


def _lines() -> models.QuerySet[models.Model]:
    # By name: staff and directory are neighbours, and neither imports the other.
    lines: models.QuerySet[models.Model] = apps.get_model("tipintake", "Line").objects.all()
    return lines


def _assign(user: User, codes: Sequence[str]) -> None:
    found = dict(_lines().filter(code__in=codes).values_list("code", "pk"))
    unknown = sorted(set(codes) - set(found))
    if unknown:
        raise AccountProblem(
            _("There is no line {value}. The lines are: {value2}.").format(
                value=", ".join(unknown),
                value2=", ".join(_lines().order_by("code").values_list("code", flat=True))
                or "none yet",
            )
        )
    LineMembership.objects.bulk_create(
        LineMembership(user=user, line_id=pk) for pk in found.values()
    )


def keep_an_administrator(user: User) -> None:
    """Refuse what would leave nobody who can make accounts."""
    admins = User.objects.filter(is_active=True, groups__name=Role.ADMIN.value)
    if admins.filter(pk=user.pk).exists() and not admins.exclude(pk=user.pk).exists():
        raise AccountProblem(
            _("{username} is the only administrator. Make another one first.").format(
                username=user.username
            )
        )


def _end_sessions(user: User) -> None:
    """Every session of the account, at once: none of the old round is good, and no row is left."""
    user.session_round += 1
    User.objects.filter(pk=user.pk).update(session_round=F("session_round") + 1)
    for row in Session.objects.iterator():
        if row.get_decoded().get(SESSION_KEY) == str(user.pk):
            row.delete()
