"""The directory: who answers, by which number, who checked it and when; what is due."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tipintake.delivery.channels import OUTWARD
from tipintake.directory.models import SHOWABLE, Contact, DirectoryChange, Line
from tipintake.pipeline.placing import TRIAGE
from tipintake.region import agency_csv, care
from tipintake.region.care import TABLES, Entry, Kept, NotKept
from tipintake.staff.roles import May
from tipintake.tips.retention import today
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only

MOST_HISTORY = 50
LONG = {"call_script", "number_note", "what", "what_es"}
MEANWHILE = gettext_noop(
    "{who} changed or checked this entry {when}, after you had loaded it, so nothing was written. "
    "It stands here as it is now."
)
NOBODY_MAILED = gettext_noop(
    "No supervisor of regional triage is told by e-mail or webhook: a P1 that nobody "
    "acknowledges is seen on this desk only. Add one: manage.py contact add regional-triage "
    "--role SUPERVISOR --channel email --address …"
)


class CareForm(forms.Form):
    """Where staff have it from; and for a check, until when it is trusted at the longest."""

    source = forms.CharField(
        max_length=300,
        error_messages={
            "required": gettext_lazy("Say where this was found: whom you called, on which day.")
        },
    )
    expires_on = forms.DateField(required=False)


@dataclass(frozen=True, slots=True)
class Listed:
    table: str
    key: str
    name: str
    state: str
    shown: bool
    number: str
    checked: str
    due: str


@require_safe
@staff_only(May.SEE_DIRECTORY)
def directory(request: HttpRequest, desk: Desk) -> HttpResponse:
    now = today(desk.now)
    due = [_listed(one.table, one.entry, now) for one in care.for_review(today=now)]
    entries = [
        (table.name, [_listed(table, entry, now) for entry in _all(table)])
        for table in (care.LINES, care.REFERRALS)
    ]
    context = {
        "due": due,
        "entries": entries,
        "warnings": [] if _a_supervisor_is_told() else [_(NOBODY_MAILED)],
        "may_keep": desk.may(May.KEEP_DIRECTORY),
    }
    return render(request, desk, "desk/directory.html", context)


@require_safe
@staff_only(May.SEE_DIRECTORY)
def entry(request: HttpRequest, desk: Desk, table: str, key: str) -> HttpResponse:
    kept, found = _found(table, key)
    if kept is None or found is None:
        return not_here(request, desk)
    return _page(request, desk, kept, found)


ACTS = {
    "verify": DirectoryChange.Act.VERIFIED,
    "correct": DirectoryChange.Act.CORRECTED,
    "doubt": DirectoryChange.Act.DOUBTED,
}


@require_POST
@staff_only(May.SEE_DIRECTORY, May.KEEP_DIRECTORY)
def act(request: HttpRequest, desk: Desk, table: str, key: str, what: str) -> HttpResponse:
    """Verify it as it stands after these changes, correct it, or put it in doubt."""
    kept, found = _found(table, key)
    if kept is None or found is None or what not in ACTS:
        return not_here(request, desk)
    form = CareForm(request.POST)
    if not form.is_valid():
        faults = [str(one) for errors in form.errors.values() for one in errors]
        return _page(request, desk, kept, found, problems=faults, typed=request.POST.dict())
    changes = {name: request.POST[name] for name in kept.fields if name in request.POST}
    changes = {name: "\n".join(value.splitlines()) for name, value in changes.items()}
    given = {
        "source": form.cleaned_data["source"],
        "by": desk.user.username,
        "now": desk.now,
        "today": today(desk.now),
    }
    try:
        with transaction.atomic():
            now = care.as_shown(kept, found, request.POST.get("stamp", ""))
            if now is None:
                return _changed_meanwhile(request, desk, kept, found, what, changes)
            said = _done(kept, now, what, changes, form.cleaned_data["expires_on"], given)
    except NotKept as problem:
        return _page(
            request, desk, kept, found, problems=[str(problem)], typed=request.POST.dict()
        )
    messages.success(request, said)
    return HttpResponseRedirect(reverse("desk:entry", args=[table, key]))


def _done(
    kept: Kept,
    found: Entry,
    what: str,
    changes: Mapping[str, str],
    ends: date | None,
    given: Mapping[str, Any],
) -> str:
    if what == "verify":
        care.verify(kept, found, changes, expires_on=ends, **given)
        return _("Verified. Residents see it as it stands here.")
    if what == "correct":
        changed = care.correct(kept, found, changes, **given)
        return _("Corrected.") if changed else _("It read so already: nothing was changed.")
    care.doubt(kept, found, **given)
    return _("Marked as no longer certain. Residents do not see its number.")


def _changed_meanwhile(
    request: HttpRequest,
    desk: Desk,
    kept: Kept,
    found: Entry,
    what: str,
    changes: Mapping[str, str],
) -> HttpResponse:
    """Nothing was written. The entry stands on the page as it is now, and above it what this
    person had written otherwise."""
    found.refresh_from_db()
    other = care.differences(kept, found, changes)
    last = care.history_of(kept, found).first()
    is_same = last is not None and (last.by, last.act) == (desk.user.username, ACTS[what])
    if is_same and not other:  # pressed twice
        return HttpResponseRedirect(
            reverse("desk:entry", args=[kept.name, care.key_of(kept, found)])
        )
    who = last.by if last is not None else _("Somebody")
    when = moment(last.at, desk.now) if last is not None else ""
    problems = [_(MEANWHILE).format(who=who, when=when)]
    problems += [_("What you had written otherwise:")] if other else []
    problems += [f"{_(_label(name))}: {typed}" for name, (_now, typed) in other.items()]
    source = {"source": request.POST.get("source", "")}
    return _page(request, desk, kept, found, problems=problems, typed=source, status=409)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(May.SEE_DIRECTORY, May.KEEP_DIRECTORY)
def listing(request: HttpRequest, desk: Desk) -> HttpResponse:
    """A list that an agency sent: what it would change, then the change."""
    text, source = request.POST.get("list", ""), request.POST.get("source", "")
    context: dict[str, object] = {"list": text, "source": source, "columns": care.LINES.fields}
    if request.method != "POST":
        return render(request, desk, "desk/listing.html", context)
    try:
        planned = agency_csv.plan(agency_csv.decoded(text.encode()))
        context |= {"planned": planned, "sentences": agency_csv.in_words(planned)}
        if request.POST.get("do") != "write":
            return render(request, desk, "desk/listing.html", context)
        _refuse_another(planned, request.POST.get("digest", ""))
        count = agency_csv.apply(
            planned, source=source, by=desk.user.username, now=desk.now, today=today(desk.now)
        )
    except agency_csv.CannotRead as problem:
        context["problems"] = problem.sentences
    except NotKept as problem:
        context["problems"] = [str(problem)]
    else:
        messages.success(
            request,
            ngettext(
                "{count} changed. What is new must be verified to be shown.",
                "{count} changed. What is new must be verified to be shown.",
                count,
            ).format(count=count),
        )
        return HttpResponseRedirect(reverse("desk:directory"))
    return render(request, desk, "desk/listing.html", context, status=422)


def _refuse_another(planned: agency_csv.Plan, shown: str) -> None:
    """What is written is what was shown."""
    if shown != planned.digest:
        raise NotKept(_("The directory or the list changed meanwhile. Look at it once more."))


# --- What they share -------------------------------------------------------------------------


def _found(table: str, key: str) -> tuple[Kept | None, Entry | None]:
    kept = TABLES.get(table)
    return kept, care.find(kept, key) if kept is not None else None


def _all(table: Kept) -> list[Entry]:
    return list(table.all().order_by("name"))


def _listed(table: Kept, entry: Entry, now: date) -> Listed:
    due = care.due_on(entry)
    return Listed(
        table=table.name,
        key=care.key_of(table, entry),
        name=_name(entry),
        state=entry.get_verified_state_display(),
        shown=entry.verified_state in SHOWABLE,
        number=wording.number_words(entry) if isinstance(entry, Line) else "",
        checked=str(entry.verified_on or ""),
        due="" if due is None else "now" if due <= now else str(due),
    )


def _name(entry: Entry) -> str:
    if isinstance(entry, Contact):
        return f"{entry.line.name}: {wording.contact(entry)}, {entry.get_role_display().lower()}"
    return entry.name


def _a_supervisor_is_told() -> bool:
    """Whether anybody hears of an unanswered P1 who does not sit at the desk."""
    told = Contact.objects.filter(
        line__code=TRIAGE, role=Contact.Role.SUPERVISOR, channel__in=OUTWARD, active=True
    )
    return told.exists()


def _page(
    request: HttpRequest,
    desk: Desk,
    table: Kept,
    entry: Entry,
    *,
    problems: list[str] | None = None,
    typed: Mapping[str, str] | None = None,
    status: int = 422,
) -> HttpResponse:
    entry.refresh_from_db()
    typed = typed or {}
    context = {
        "table": table.name,
        "key": care.key_of(table, entry),
        "name": _name(entry),
        "entry": entry,
        "shown": entry.verified_state in SHOWABLE,
        "due": _listed(table, entry, today(desk.now)).due,
        "fields": [
            (
                name,
                _label(name),
                typed.get(name, getattr(entry, name)),
                name in LONG,
            )
            for name in table.fields
        ],
        "source": typed.get("source", ""),
        "stamp": care.stamp(table, entry),
        "problems": problems or [],
        "history": [
            (moment(one.at, desk.now), one.by, one.get_act_display(), one.source, one.fields)
            for one in care.history_of(table, entry)[:MOST_HISTORY]
        ],
        "may_keep": desk.may(May.KEEP_DIRECTORY),
    }
    code = status if problems else 200
    return render(request, desk, "desk/entry.html", context, status=code)


def _label(field: str) -> str:
    return field.replace("_", " ").capitalize()
