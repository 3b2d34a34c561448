"""Accounts of staff: made with a random password that is shown once, disabled, never deleted."""

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from django.apps import apps
from django.contrib.auth import authenticate
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.http import HttpRequest

from tipintake.staff import audit, lockout
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
        raise AccountProblem(f"{username}: give at least one role: {', '.join(Role)}.")
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
        user.save(update_fields=["password"])
        lockout.unlock(user.username)
        audit.record("account.password_set", actor=actor, now=now, subject=user.username)
    return password


def set_active(username: str, *, active: bool, actor: str, now: datetime) -> None:
    """Disable or enable an account. Its open sessions end with its next click."""
    user = named(username)
    with transaction.atomic():
        user.is_active = active
        user.save(update_fields=["is_active"])
        audit.record(
            "account.enabled" if active else "account.disabled",
            actor=actor,
            now=now,
            subject=user.username,
        )


def set_roles(username: str, roles: Sequence[Role], *, actor: str, now: datetime) -> None:
    user = named(username)
    with transaction.atomic():
        before = sorted(roles_of(user))
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

    Every outcome is recorded, and every refusal looks and takes the same. Call it outside any
    transaction.
    """
    username = canonical(username)
    known = User.objects.filter(username=username).exists()
    subject = username if known else ""
    origin = {"subject": subject, "address": str(request.META.get("REMOTE_ADDR", ""))}
    attempt = lockout.begin(username, now=now)
    # The password is checked even when locked: a refusal must not be quicker for it.
    user = authenticate(request, username=username, password=password)
    if attempt is None:
        audit.record("log_on.refused_locked", actor="desk", now=now, **origin)
        return None
    if not isinstance(user, User):
        with transaction.atomic():
            audit.record("log_on.failed", actor="desk", now=now, **origin)
            if lockout.is_locked(username, now=now):
                audit.record("account.locked", actor="desk", now=now, **origin)
        return None
    with transaction.atomic():
        lockout.succeeded(attempt)
        audit.record("log_on.good", actor=username, now=now, **origin)
    return user


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
            f"There is no line {', '.join(unknown)}. The lines are: "
            f"{', '.join(_lines().order_by('code').values_list('code', flat=True)) or 'none yet'}."
        )
    LineMembership.objects.bulk_create(
        LineMembership(user=user, line_id=pk) for pk in found.values()
    )
