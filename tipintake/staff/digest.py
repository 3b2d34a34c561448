"""What a week was like, for the auditor: counts by act, what deserves a look, whether it holds.

It leaves the machine, so it carries names of accounts and counts, never a tip's number; and it
carries the chain's signed head, which makes each mailed digest a copy that nobody here can change.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Count, Q
from django.utils import timezone

from tipintake.letters import require_a_mail_server
from tipintake.staff import audit, heads, verifying
from tipintake.staff.models import AuditEntry

log = logging.getLogger(__name__)

EVERY = timedelta(days=7)
AGAIN_AFTER = timedelta(hours=6)
ACTOR = "audit"
MADE, NOT_SENT = "audit.digest_made", "audit.digest_not_sent"

# What an auditor looks at first: (what it says, which acts).
LOOK_AT: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("Failed and refused log-ons", ("log_on.failed", "log_on.refused_locked")),
    ("Accounts locked", ("account.locked",)),
    (
        "Accounts made, changed or ended",
        (
            "account.created",
            "account.enabled",
            "account.disabled",
            "account.password_set",
            "account.roles_changed",
            "account.lines_changed",
        ),
    ),
    ("Tips asked for by somebody who may not see them", ("tip.read_refused",)),
    (
        "Held words opened, released, destroyed or locked away",
        (
            "held_span.opened",
            "held_span.released",
            "held_span.destroyed",
            "held_span.locked_away",
        ),
    ),
    ("Names in the vault opened", ("vault.opened",)),
    ("Pictures opened", ("picture.opened",)),
    ("Policies put in force", ("policy.activated",)),
    ("Legal holds placed or lifted", ("tip.hold_placed", "tip.hold_lifted")),
    ("Tips destroyed when their time was over", ("tip.purged",)),
    (
        "The audit read, taken out, or begun anew",
        ("audit.read", "audit.exported", "audit.head_renewed", "audit.guarded"),
    ),
)


@dataclass(frozen=True, slots=True)
class Look:
    says: str
    count: int
    by: tuple[tuple[str, int], ...]  # accounts, in order of their names


@dataclass(frozen=True, slots=True)
class Digest:
    since: datetime
    until: datetime
    entries: int
    acts: tuple[tuple[str, int], ...]
    looks: tuple[Look, ...]
    problems: tuple[str, ...] | None  # None: the chain was not walked for this one
    head: str


def digest_of(
    since: datetime, until: datetime, *, problems: Sequence[str] | None = None
) -> Digest:
    """The audit of this span in counts; `problems` is what `verify` said, if it was asked."""
    span = Q(at__gte=since, at__lt=until)
    counted = AuditEntry.objects.filter(span).values("act").annotate(n=Count("pk"))
    acts = tuple(sorted((row["act"], row["n"]) for row in counted))
    looked = sorted({act for _says, names in LOOK_AT for act in names})
    by = AuditEntry.objects.filter(span, act__in=looked).values("act", "actor")
    rows = [(row["act"], row["actor"], row["n"]) for row in by.annotate(n=Count("pk"))]
    return Digest(
        since=since,
        until=until,
        entries=sum(count for _act, count in acts),
        acts=acts,
        looks=tuple(_look(says, names, rows) for says, names in LOOK_AT),
        problems=None if problems is None else tuple(problems),
        head=_head_line(until),
    )


def as_text(digest: Digest) -> str:
    since, until = (timezone.localtime(one) for one in (digest.since, digest.until))
    lines = [f"Audit of the tip desk, {since:%Y-%m-%d %H:%M} to {until:%Y-%m-%d %H:%M}", ""]
    if digest.problems:
        lines += [f"THE AUDIT DOES NOT HOLD: {len(digest.problems)} problems.", *digest.problems]
    elif digest.problems is not None:
        lines.append("The audit holds: nothing was changed, removed, moved or put in.")
    lines += ["", f"{digest.entries} entries.", "", "To look at"]
    lines += [f"  {one.says}: {one.count}{_by(one)}" for one in digest.looks]
    lines += ["", "All acts", *(f"  {act}: {count}" for act, count in digest.acts)]
    lines += ["", "Head of the chain. Keep this line: `manage.py audit verify --known` takes it."]
    return "\n".join([*lines, digest.head, ""])


def send(digest: Digest, *, actor: str, now: datetime) -> int:
    """Mail it to everybody of AUDIT_DIGEST_TO, and record that it was made. To how many."""
    to = list(settings.AUDIT_DIGEST_TO)
    if digest.problems:
        log.error("audit.does_not_hold run `manage.py audit verify`")
    if to:
        require_a_mail_server()
        subject = "Audit of the tip desk: does not hold" if digest.problems else "Audit digest"
        # Each alone: no address learns of another.
        for one in to:
            EmailMessage(subject, as_text(digest), to=[one]).send()
    problems = len(digest.problems or ())
    audit.record(MADE, actor=actor, now=now, told=len(to), problems=problems)
    return len(to)


def send_due(*, now: datetime) -> bool:
    """Verify the chain and send the week's digest, if a week has passed since the last. It begins
    where that ended: else what was done while mail did not go out stood in none.

    A mail server that refuses is asked again after some hours. One that went to nobody keeps none
    back from an address that was named since.
    """
    earlier = AuditEntry.objects.filter(act=MADE, at__lte=now)
    if settings.AUDIT_DIGEST_TO:
        earlier = earlier.filter(facts__told__gt=0)
    tried = AuditEntry.objects.filter(act=NOT_SENT, at__gt=now - AGAIN_AFTER, at__lte=now)
    if earlier.filter(at__gt=now - EVERY).exists() or tried.exists():
        return False
    if not AuditEntry.objects.in_chain().exists():
        return False
    # One that an operator asked for may be of a day alone.
    last = earlier.filter(actor=ACTOR).order_by("at", "pk").last()
    since = now - EVERY if last is None else last.at
    made = digest_of(since, now, problems=verifying.verify())
    try:
        send(made, actor=ACTOR, now=now)
    except OSError:
        log.exception("audit.digest_not_sent it is tried again in some hours")
        audit.record(NOT_SENT, actor=ACTOR, now=now)
        return False
    return True


def _look(says: str, names: Sequence[str], rows: Sequence[tuple[str, str, int]]) -> Look:
    by: dict[str, int] = {}
    for act, actor, count in rows:
        if act in names:
            by[actor] = by.get(actor, 0) + count
    return Look(says, sum(by.values()), tuple(sorted(by.items())))


def _by(look: Look) -> str:
    said = ", ".join(f"{actor} {count}" for actor, count in look.by)
    return f" ({said})" if said else ""


def _head_line(now: datetime) -> str:
    reached = audit.head()
    try:
        return heads.signed(reached, now=now)
    except heads.KeyLost:
        return f"{reached} (not signed: the key is missing)"
