"""What somebody else did while one was looking at a tip, and what one had wanted to do."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.http import HttpRequest

from tipintake.delivery.acts import Reason
from tipintake.directory.models import Line
from tipintake.staff.models import AuditEntry
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage.models import Call
from tipintake.web.desk.history import READS, Past, in_words
from tipintake.web.desk.page import Desk

MOST = 8
LABELS: Mapping[str, str] = {
    "reason": "Reason",
    "to": "To",
    "disposition": "What came of it",
    "status": "Status",
    "outcome": "The call",
    "spoke_with": "Spoke with",
    "their_reference": "Their number",
    "tag": "Tag",
    "of": "Duplicate of",
}
CHOICES: Mapping[str, Mapping[str, str]] = {
    "reason": dict(Reason.choices),
    "disposition": dict(Disposition.choices),
    "status": dict(Status.choices),
    "outcome": {value: str(label) for value, label in Call.Outcome.choices},
}


@dataclass(frozen=True, slots=True)
class Meanwhile:
    changes: list[Past]
    now: list[tuple[str, str, str]]  # label, before, now
    wanted: list[tuple[str, str]]


def meanwhile(request: HttpRequest, desk: Desk, shown: Tip) -> Meanwhile:
    """`shown` is the tip as it was read for this request; what it is now is read anew."""
    now = Tip.objects.select_related("assigned_to").get(pk=shown.pk)
    entries = AuditEntry.objects.filter(subject=now.reference).exclude(act__in=READS)
    latest = list(entries.order_by("-pk")[:MOST])  # one's own in another window too
    lines = dict(Line.objects.values_list("code", "name"))
    standing = [("Status", _status_before(latest), Status(now.status).label)]
    if desk.is_own_staff:
        assigned = now.assigned_to.username if now.assigned_to else "nobody"
        standing.append(("Assigned to", "", assigned))
    return Meanwhile(
        changes=in_words(latest, lines, desk.now) if desk.is_own_staff else [],
        now=standing,
        wanted=_wanted(request, lines),
    )


def _status_before(entries: Iterable[AuditEntry]) -> str:
    for one in entries:
        if one.act == "tip.status_changed" and one.facts.get("before"):
            return str(one.facts["before"]).lower()
    return ""


def _wanted(request: HttpRequest, lines: Mapping[str, str]) -> list[tuple[str, str]]:
    found = []
    for name, label in LABELS.items():
        value = request.POST.get(name, "").strip()
        if value:
            said = CHOICES.get(name, lines if name == "to" else {}).get(value, value)
            found.append((label, said))
    return found
