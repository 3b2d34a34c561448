"""The audit, for those whose task it is to read it."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from tipintake.staff import audit
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import May
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, render, staff_only

PAGE = 100


@dataclass(frozen=True, slots=True)
class Entry:
    number: int | None
    when: str
    actor: str
    act: str
    subject: str
    facts: str


@require_safe
@staff_only(May.READ_AUDIT)
def trail(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest entries first; filters by account and by tip are in the address."""
    who, subject = _typed(request, "who"), _typed(request, "subject")
    before = request.GET.get("before", "")
    entries = AuditEntry.objects.order_by("-pk")
    if who:
        entries = entries.filter(actor=who[:150])
    if subject:
        entries = entries.filter(subject=subject[:80])
    if before.isascii() and before.isdigit() and len(before) < 19:
        entries = entries.filter(pk__lt=int(before))
    page = list(entries[: PAGE + 1])
    _record_reading(desk, len(page[:PAGE]), who=who, subject=subject)
    context = {
        "entries": [_entry(one, desk) for one in page[:PAGE]],
        "who": who,
        "subject": subject,
        "before": page[PAGE - 1].pk if len(page) > PAGE else None,
    }
    return render(request, desk, "desk/audit.html", context)


@require_POST
@staff_only(May.READ_AUDIT)
def verify(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Walk the whole chain and say what does not hold."""
    problems = audit.verify()
    audit.record("audit.verified", actor=desk.user.username, now=desk.now, problems=len(problems))
    context = {"problems": problems, "head": audit.head(), "back": reverse("desk:audit")}
    return render(request, desk, "desk/audit_verified.html", context)


def _typed(request: HttpRequest, name: str) -> str:
    return request.GET.get(name, "").replace("\x00", "").strip()


def _record_reading(desk: Desk, rows: int, **filters: str) -> None:
    # What was typed into a filter may be anything: that there was one is enough.
    audit.record(
        "audit.read",
        actor=desk.user.username,
        now=desk.now,
        rows=rows,
        filters=[name for name, value in filters.items() if value],
    )


def _entry(one: AuditEntry, desk: Desk) -> Entry:
    return Entry(
        number=one.chained,
        when=moment(one.at, desk.now),
        actor=one.actor,
        act=one.act,
        subject=one.subject,
        facts=_facts(one.facts),
    )


def _facts(facts: Mapping[str, object]) -> str:
    return " · ".join(
        f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
        for key, value in facts.items()
        if value not in ("", None, [], False)
    )
