"""The audit, for those whose task it is to read it."""

import csv
import io
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta
from typing import Self
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Q, QuerySet, TextField
from django.db.models.functions import Cast
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.staff import audit, digest, heads, verifying
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import May
from tipintake.triage.search import marks_to_look_for
from tipintake.web.desk.clocks import FIRST_DAY, LAST_DAY, moment
from tipintake.web.desk.page import Desk, proved_lately, render, staff_only

PAGE = 100
MOST_TAKEN_OUT = 20_000
WALKED_AT_ONCE = 50_000  # on the page; the command and the weekly digest walk all of it
SEARCHES, PAST_SEARCHES = "search.", "search/"
ASKED = "queue.asked"
FORMULA = ("=", "+", "-", "@", "\t", "\r")
COLUMNS = ("number", "at", "actor", "act", "subject", "facts", "hash")
TOO_MANY = gettext_noop(
    "More than {most} entries: choose a shorter period, or one account or act, and take them out "
    "in parts."
)


@dataclass(frozen=True, slots=True)
class Filters:
    """What stands in the address. Nothing of it is recorded but that it was there."""

    who: str = ""
    act: str = ""
    subject: str = ""
    searched: str = ""
    since: str = ""
    until: str = ""

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        return cls(**{name: _typed(request, name) for name in cls.__slots__})

    def given(self) -> list[str]:
        return [name for name, value in asdict(self).items() if value]

    def query(self, **more: str) -> str:
        return urlencode({k: v for k, v in {**asdict(self), **more}.items() if v})

    def entries(self) -> QuerySet[AuditEntry]:
        found = AuditEntry.objects.order_by("-at", "-pk").filter(self._act(), self._span())
        if self.who:
            found = found.filter(actor=self.who)
        if self.subject:
            found = found.filter(subject=self.subject)
        if self.searched:
            words = Cast("facts", TextField())
            # Only these acts hold marks; to read all others for one would take minutes.
            of_searches = Q(act__gte=SEARCHES, act__lt=PAST_SEARCHES) | Q(act=ASKED)
            found = found.filter(of_searches).annotate(words=words).filter(self._marked())
        return found

    def _marked(self) -> Q:
        any_of = Q()
        for mark in sorted(marks_to_look_for(self.searched)):
            any_of |= Q(words__contains=f':{mark}"')
        return any_of

    def _act(self) -> Q:
        if not self.act.endswith("*"):
            return Q(act=self.act) if self.act else Q()
        first = self.act.rstrip("*")
        return Q(act__gte=first, act__lt=f"{first}\U0010ffff")

    def _span(self) -> Q:
        since, until = _day(self.since), _day(self.until)
        span = Q(at__gte=_midnight(since)) if since else Q()
        return span & Q(at__lt=_midnight(until + timedelta(days=1))) if until else span


@dataclass(frozen=True, slots=True)
class Position:
    """Where a page ends."""

    at: datetime
    key: int

    def __str__(self) -> str:
        return f"{self.at.isoformat()}~{self.key}"

    @classmethod
    def parse(cls, text: str) -> Self | None:
        """None for anything else: then the newest entries are shown."""
        at, _, key = text.partition("~")
        try:
            found = cls(datetime.fromisoformat(at), int(key))
        except ValueError:
            return None
        return found if found.at.tzinfo and 0 <= found.key < 2**63 else None

    def older(self) -> Q:
        return Q(at__lte=self.at) & (Q(at__lt=self.at) | Q(pk__lt=self.key))


@dataclass(frozen=True, slots=True)
class Entry:
    number: int | None
    when: str
    exactly: str
    actor: str
    act: str
    subject: str
    facts: str


@require_safe
@staff_only(May.READ_AUDIT)
def trail(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The newest entries first; the filters are in the address."""
    filters = Filters.of(request)
    after = Position.parse(request.GET.get("before", ""))
    found = filters.entries()
    if after is not None:
        found = found.filter(after.older())
    page = list(found[: PAGE + 1])
    shown = page[:PAGE]
    audit.record(
        "audit.read",
        actor=desk.user.username,
        now=desk.now,
        rows=len(shown),
        filters=filters.given(),
    )
    more = str(Position(shown[-1].at, shown[-1].pk)) if len(page) > PAGE else ""
    context = {
        "entries": [_entry(one, desk) for one in shown],
        "filters": filters,
        "filtered": bool(filters.given()),
        "older": filters.query(before=more) if more else "",
        "take_out": filters.query(),
    }
    return render(request, desk, "desk/audit.html", context)


@require_POST
@staff_only(May.READ_AUDIT)
def verify(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Walk the newest part of the chain, behind a noted head, and say what does not hold."""
    since = verifying.recent(WALKED_AT_ONCE)
    problems = verifying.verify(since=since)
    audit.record("audit.verified", actor=desk.user.username, now=desk.now, problems=len(problems))
    context = {
        "problems": problems,
        "since": since.number,
        "head": _head_line(desk.now),
        "back": reverse("desk:audit"),
    }
    return render(request, desk, "desk/audit_verified.html", context)


@require_POST
@staff_only(May.READ_AUDIT)
@proved_lately
def take_out(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The filtered entries as CSV, the oldest first."""
    filters = Filters.of(request)
    rows = list(filters.entries()[: MOST_TAKEN_OUT + 1])
    if len(rows) > MOST_TAKEN_OUT:
        context = {
            "entries": [],
            "filters": filters,
            "filtered": True,
            "problem": gettext(TOO_MANY).format(most=f"{MOST_TAKEN_OUT:,}"),
        }
        return render(request, desk, "desk/audit.html", context, status=422)
    audit.record(
        "audit.exported",
        actor=desk.user.username,
        now=desk.now,
        rows=len(rows),
        filters=filters.given(),
    )
    response = HttpResponse(_csv(reversed(rows)), content_type="text/csv; charset=utf-8")
    name = f"audit-{desk.now:%Y%m%dT%H%M%SZ}.csv"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


@require_safe
@staff_only(May.READ_AUDIT)
def week(request: HttpRequest, desk: Desk) -> HttpResponse:
    """The last seven days as the mailed digest counts them, and when one was made."""
    made = digest.digest_of(desk.now - digest.EVERY, desk.now)
    audit.record("audit.read", actor=desk.user.username, now=desk.now, rows=0, filters=["digest"])
    last = AuditEntry.objects.filter(act=digest.MADE).order_by("-at").first()
    context = {
        "digest": made,
        "last": last,
        "last_when": moment(last.at, desk.now) if last else "",
        "mailed_to": len(settings.AUDIT_DIGEST_TO),
    }
    return render(request, desk, "desk/audit_week.html", context)


def _head_line(now: datetime) -> str:
    try:
        return heads.signed(audit.head(), now=now)
    except heads.KeyLost as lost:
        return f"{audit.head()}. {lost}"


def _csv(rows: Iterable[AuditEntry]) -> str:
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in rows:
        facts = json.dumps(one.facts, ensure_ascii=False, sort_keys=True)
        writer.writerow(
            [
                one.chained or "",
                one.at.isoformat(),
                _plain(one.actor),
                one.act,
                _plain(one.subject),
                facts,
                bytes(one.chain_hash or b"").hex(),
            ]
        )
    return out.getvalue()


def _plain(value: str) -> str:
    """A spreadsheet must not take an account's name for a formula."""
    return f"'{value}" if value.startswith(FORMULA) else value


def _typed(request: HttpRequest, name: str) -> str:
    given = request.POST if request.method == "POST" else request.GET
    return given.get(name, "").replace("\x00", "").strip()[:150]


def _day(text: str) -> date | None:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if FIRST_DAY <= day <= LAST_DAY else None


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE))


def _entry(one: AuditEntry, desk: Desk) -> Entry:
    return Entry(
        number=one.chained,
        when=moment(one.at, desk.now),
        exactly=one.at.isoformat(),
        actor=one.actor,
        act=one.act,
        subject=one.subject,
        facts=_facts(one.facts),
    )


def _facts(facts: Mapping[str, object]) -> str:
    return " · ".join(
        f"{key.replace('_', ' ')}: {', '.join(value) if isinstance(value, list) else value}"
        for key, value in facts.items()
        if value is not False and value not in ("", None, [])
    )
