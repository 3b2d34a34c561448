"""What each account did, and what it opened and left."""

from dataclasses import dataclass
from datetime import timedelta

from django.db.models import (
    Count,
    DateTimeField,
    DurationField,
    Exists,
    ExpressionWrapper,
    OuterRef,
    Q,
    Value,
)

from tipintake.staff.models import AuditEntry, User
from tipintake.web.desk.oversight.counting import on_visible
from tipintake.web.desk.page import Desk

LOOK_BACK = timedelta(days=7)
ACTED_WITHIN = timedelta(days=1)

ACTS = (
    *("picture.blacked_out", "picture.confirmed"),
    *("tip.taken", "tip.graded", "tip.assigned", "tip.tagged", "tip.merged", "tip.unmerged"),
    *("held_span.released", "held_span.destroyed", "held_span.locked_away"),
    *("intelligence.proposed", "intelligence.approved", "intelligence.refused"),
    *("intelligence.reviewed", "intelligence.ended"),
    *("burst.released", "burst.set_aside"),
    *("notice.tried_again", "notice.sent_elsewhere"),
)
HARD = ("picture.opened", "vault.opened", "held_span.opened")


@dataclass(frozen=True, slots=True)
class Person:
    name: str
    opened: int
    acts: int
    calls: int
    hard: int


def people(desk: Desk) -> list[Person]:
    """What each account did with tips of visible lines in seven days, in the order of names."""
    accounts = User.objects.filter(is_active=True).values("username")
    rows = (
        AuditEntry.objects.filter(
            on_visible(desk), at__gte=desk.now - LOOK_BACK, actor__in=accounts
        )
        .values("actor")
        .annotate(
            opened=Count("subject", filter=Q(act="tip.read"), distinct=True),
            acts=Count("pk", filter=_is_an_act()),
            calls=Count("pk", filter=Q(act="call.logged")),
            hard=Count("pk", filter=Q(act__in=HARD)),
        )
        .order_by("actor")
    )
    made = (
        Person(row["actor"], row["opened"], row["acts"], row["calls"], row["hard"]) for row in rows
    )
    return [one for one in made if one.opened or one.acts or one.calls or one.hard]


def _is_an_act() -> Q:
    """Something done with a tip, as against looking at it."""
    kinds = (
        "hand_off.",
        "tip.status",
        "tip.rerouted",
        "tip.hold",
        "note.",
        "message.",
        "call.log",
        "link.",
    )
    found = Q(act__in=ACTS)
    for kind in kinds:
        found |= Q(act__startswith=kind)
    return found


@dataclass(frozen=True, slots=True)
class Idle:
    name: str
    tips: int
    of: int


def reads_without_an_act(desk: Desk) -> list[Idle]:
    """Tips that somebody opened and did nothing with within a day, and nobody took over from."""
    begun, ended = desk.now - LOOK_BACK - ACTED_WITHIN, desk.now - ACTED_WITHIN
    accounts = User.objects.filter(is_active=True).values("username")
    reads = AuditEntry.objects.filter(
        on_visible(desk), act="tip.read", at__gte=begun, at__lt=ended, actor__in=accounts
    ).exclude(subject="")
    day = ExpressionWrapper(
        OuterRef("at") + Value(ACTED_WITHIN, output_field=DurationField()),
        output_field=DateTimeField(),
    )
    followed = AuditEntry.objects.filter(
        _is_an_act(),
        subject=OuterRef("subject"),
        actor=OuterRef("actor"),
        at__gte=OuterRef("at") - Value(ACTED_WITHIN, output_field=DurationField()),
        at__lte=day,
    )
    rows = (
        reads.annotate(followed=Exists(followed))
        .values("actor")
        .annotate(
            tips=Count("subject", filter=Q(followed=False), distinct=True),
            of=Count("subject", distinct=True),
        )
        .order_by("actor")
    )
    return [Idle(row["actor"], row["tips"], row["of"]) for row in rows if row["tips"]]
