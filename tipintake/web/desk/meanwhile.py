"""What somebody else did while one was looking at a tip, and what one had wanted to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.delivery.acts import Reason
from tipintake.directory.models import Line
from tipintake.pipeline.reroute import Why
from tipintake.staff.models import AuditEntry, User
from tipintake.tips import labels
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, LegalHold, Status
from tipintake.triage.models import Call, Grade
from tipintake.web.desk.forms import HoldForm
from tipintake.web.desk.history import READS, Past, in_words
from tipintake.web.desk.page import Desk

MOST = 8
MOST_READS = 50
NEWEST = ("-at", "-pk")
LABELS: Mapping[str, str] = {
    "reason": gettext_noop("Reason"),
    "to": gettext_noop("To"),
    "disposition": gettext_noop("What came of it"),
    "status": gettext_noop("Status"),
    "outcome": gettext_noop("The call"),
    "spoke_with": gettext_noop("Spoke with"),
    "their_reference": gettext_noop("Their number"),
    "tag": gettext_noop("Tag"),
    "of": gettext_noop("Duplicate of"),
    "source": gettext_noop("Source"),
    "content": gettext_noop("Content"),
    "category": gettext_noop("What it is"),
    "immediacy": gettext_noop("When it happens"),
    "minor_present": gettext_noop("Anyone under 18"),
    "why": gettext_noop("Why"),
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "reason": dict(
        [*Reason.choices, *LegalHold.choices, (HoldForm.LIFT, gettext_noop("Lift the hold"))]
    ),
    "disposition": dict(Disposition.choices),
    "status": dict(Status.choices),
    "category": labels.CATEGORIES,
    "immediacy": labels.IMMEDIACY,
    "minor_present": labels.MINORS,
    "why": {value: str(label) for value, label in [*Grade.Why.choices, *Why.choices]},
    "outcome": {value: str(label) for value, label in Call.Outcome.choices},
}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    changes: list[Past]
    now: list[tuple[str, str, str]]  # label, before, now
    wanted: list[tuple[str, str]]
    by_oneself: bool  # and by nobody else


def meanwhile(request: HttpRequest, desk: Desk, shown: Tip, *, version: int) -> Meanwhile:
    """`shown` is the tip as it was read for this request; what it is now is read anew. The page
    was of this `version`."""
    now = Tip.objects.select_related("assigned_to").get(pk=shown.pk)
    lines = dict(Line.objects.values_list("code", "name"))
    acts = AuditEntry.objects.filter(subject=now.reference).exclude(act__in=READS)
    since = _since(acts, desk, now, version)
    before = _status_before(since.order_by(*NEWEST)[:MOST])
    standing = [(_("Status"), before, _(Status(now.status).label))]
    if desk.is_own_staff:
        assigned = now.assigned_to.username if now.assigned_to else _("nobody")
        standing.append((_("Assigned to"), "", assigned))
        latest = list(acts.order_by(*NEWEST)[:MOST])  # one's own in another window too
    else:
        latest = _of_own_lines(acts, desk)
    return Meanwhile(
        changes=in_words(latest, lines, desk.now),
        now=standing,
        wanted=_wanted(request, lines),
        by_oneself=_is_by_oneself(since, desk),
    )


def acted_oneself(desk: Desk, tip: Tip, *, version: int) -> bool:
    """Whether this person alone has acted on the tip since they read that version of it."""
    acts = AuditEntry.objects.filter(subject=tip.reference).exclude(act__in=READS)
    return _is_by_oneself(_since(acts, desk, tip, version), desk)


def _is_by_oneself(since: QuerySet[AuditEntry], desk: Desk) -> bool:
    """Of what processes did meanwhile nobody is told that it was a person."""
    people = User.objects.filter(username__in=since.values("actor"))
    return set(people.values_list("username", flat=True)) == {desk.user.username}


def _since(acts: QuerySet[AuditEntry], desk: Desk, now: Tip, version: int) -> QuerySet[AuditEntry]:
    """What was done after this person had read that version; nothing when they never did, as from
    a list."""
    own_reads = AuditEntry.objects.filter(
        subject=now.reference, act="tip.read", actor=desk.user.username
    )
    for read in own_reads.order_by(*NEWEST)[:MOST_READS]:
        if read.facts.get("of_version") == version:
            return acts.filter(at__gte=read.at)
    return acts.none()


def _of_own_lines(acts: QuerySet[AuditEntry], desk: Desk) -> list[AuditEntry]:
    """An agency is told of its own hand-offs, and of no service that a person turned to."""
    own = set(Line.objects.filter(desk.lines).values_list("code", flat=True))
    services = set(Line.objects.filter(kind=Line.Kind.SERVICE).values_list("code", flat=True))
    on_hand_offs = acts.filter(Q(act__gte="hand_off.", act__lt="hand_off/"))
    found = [
        one
        for one in on_hand_offs.order_by(*NEWEST)[:MOST_READS]
        if one.facts.get("line") in own and one.facts.get("to") not in services - own
    ]
    return found[:MOST]


def _status_before(since: Iterable[AuditEntry]) -> str:
    """What it was when the page was loaded: before the first change since."""
    changed = [one for one in since if one.act == "tip.status_changed" and one.facts.get("before")]
    return _(Status(changed[-1].facts["before"]).label).lower() if changed else ""


def _wanted(request: HttpRequest, lines: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for name, label in LABELS.items():
        value = request.POST.get(name, "").strip()
        if value:
            said = _(CHOICES[name].get(value, value)) if name in CHOICES else value
            found.append((_(label), lines.get(value, value) if name == "to" else said))
    return found
