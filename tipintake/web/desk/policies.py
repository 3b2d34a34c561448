"""Routing policies: read, drafted, simulated, and put in force by a second person."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.lookup import current_gazetteer
from tipintake.routing.boundaries import current_boundaries
from tipintake.routing.models import Policy
from tipintake.routing.policy import cases, lifecycle
from tipintake.routing.policy.compare import Difference, differences, parts
from tipintake.routing.policy.current import UnknownPolicy, policy_in_force, policy_of
from tipintake.routing.policy.lifecycle import SHIPPED, Checked, PolicyProblem
from tipintake.routing.policy.rulebook import LONGEST_TEXT, BadPolicy, Rulebook
from tipintake.staff import audit
from tipintake.staff.roles import May
from tipintake.web.desk import once
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, render, staff_only

SHOWN = 20
OUTDATED = gettext_noop(
    "Somebody changed this draft while you had it open, so yours was not kept. It stands below: "
    "compare it with theirs, and save again."
)


@dataclass(frozen=True, slots=True)
class Listed:
    version: int
    title: str
    state: str
    state_code: str
    authors: str
    activated: str


@dataclass(frozen=True, slots=True)
class RuleView:
    code: str
    title: str
    about: str
    says: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Typed:
    """What somebody wrote and could not save."""

    text: str
    cases: str

    def is_that_of(self, row: Policy) -> bool:
        lines = self.text.splitlines(), self.cases.splitlines()
        return lines == (row.text.splitlines(), row.cases.splitlines())


@require_safe
@staff_only(May.READ_POLICIES)
def policies(request: HttpRequest, desk: Desk) -> HttpResponse:
    lifecycle.keep_first(now=desk.now)
    rows = [
        Listed(
            version=row.version,
            title=row.title,
            state=row.get_state_display(),
            state_code=row.state.lower(),
            authors=", ".join(row.authors),
            activated=_activated(row, desk),
        )
        for row in Policy.objects.order_by("-version")
    ]
    context = {
        "rows": rows,
        "may_write": desk.may(May.WRITE_POLICIES),
        "once": once.mark(),
    }
    return render(request, desk, "desk/policies.html", context)


@require_safe
@staff_only(May.READ_POLICIES)
def policy(request: HttpRequest, desk: Desk, version: int) -> HttpResponse:
    row = _row(version)
    if row is None:
        return not_here(request, desk)
    audit.record(
        "policy.read", actor=desk.user.username, now=desk.now, subject=f"policy {version}"
    )
    return _page(request, desk, row)


@require_POST
@staff_only(May.WRITE_POLICIES)
def draft(request: HttpRequest, desk: Desk) -> HttpResponse:
    by = desk.user.username
    try:
        with transaction.atomic():
            once.spend(request, desk)
            return _to(lifecycle.draft(by=by, now=desk.now).version)
    except once.DoneBefore:
        return _to_newest(by)


def _to_newest(by: str) -> HttpResponseRedirect:
    """To the draft that this person works on, where the button was pressed twice."""
    drafts = Policy.objects.filter(state=Policy.State.DRAFT).order_by("-version")
    mine = next((one.version for one in drafts if by in one.authors), None)
    return _to(mine) if mine else HttpResponseRedirect(reverse("desk:policies"))


@require_POST
@staff_only(May.WRITE_POLICIES)
def save(request: HttpRequest, desk: Desk, version: int) -> HttpResponse:
    row = _row(version)
    if row is None:
        return not_here(request, desk)
    typed = Typed(_typed(request, "text", LONGEST_TEXT), _typed(request, "cases", cases.LONGEST))
    if request.POST.get("digest") != row.digest:
        if typed.is_that_of(row):  # pressed twice
            messages.success(request, _("The draft is kept."))
            return _to(version)
        return _page(request, desk, row, problems=(_(OUTDATED),), typed=typed, status=409)
    try:
        lifecycle.revise(
            version,
            text=typed.text,
            example_cases=typed.cases,
            by=desk.user.username,
            now=desk.now,
        )
    except PolicyProblem as wrong:
        return _page(request, desk, row, problems=wrong.problems, typed=typed, status=422)
    messages.success(request, _("The draft is kept."))
    return _to(version)


@require_POST
@staff_only(May.WRITE_POLICIES)
def simulate(request: HttpRequest, desk: Desk, version: int) -> HttpResponse:
    row = _row(version)
    if row is None:
        return not_here(request, desk)
    try:
        gazetteer = current_gazetteer()
        report = lifecycle.simulate_draft(
            row,
            gazetteer,
            by=desk.user.username,
            now=desk.now,
            newest=lifecycle.ENOUGH,
            boundaries=current_boundaries(gazetteer),
        )
    except PolicyProblem as wrong:
        return _page(request, desk, row, problems=wrong.problems, status=422)
    said = ngettext(
        "Simulated over the newest tip.", "Simulated over the newest {tips} tips.", report.tips
    )
    messages.success(request, said.format(tips=report.tips))
    return _to(version)


@require_POST
@staff_only(May.ACTIVATE_POLICIES)
def activate(request: HttpRequest, desk: Desk, version: int) -> HttpResponse:
    row = _row(version)
    if row is None:
        return not_here(request, desk)
    try:
        lifecycle.activate(version, current_gazetteer(), by=desk.user.username, now=desk.now)
    except PolicyProblem as wrong:
        return _page(request, desk, row, problems=wrong.problems, status=422)
    messages.success(
        request, _("Version {version} decides from the next tip on.").format(version=version)
    )
    return _to(version)


# --- The page --------------------------------------------------------------------------------


def _page(
    request: HttpRequest,
    desk: Desk,
    row: Policy,
    *,
    problems: tuple[str, ...] = (),
    typed: Typed | None = None,
    status: int = 200,
) -> HttpResponse:
    is_draft = row.state == Policy.State.DRAFT
    gazetteer = current_gazetteer()
    checked = lifecycle.check(row, gazetteer)
    who = desk.user.username
    may_activate = is_draft and desk.may(May.ACTIVATE_POLICIES)
    in_the_way = list(lifecycle.obstacles(row, gazetteer, by=who)) if may_activate else []
    context: dict[str, Any] = {
        "row": row,
        "state": row.get_state_display(),
        "state_code": row.state.lower(),
        "authors": ", ".join(row.authors),
        "activated": _activated(row, desk),
        "problems": problems,
        "checked": checked,
        "rules": _rules(checked.rulebook),
        "beside": row.based_on if not is_draft else policy_in_force().version,
        "differences": _differences(row, checked, is_draft=is_draft),
        "report": _report(row, desk),
        "shown": SHOWN,
        "at_once": lifecycle.ENOUGH,
        "may_write": is_draft and desk.may(May.WRITE_POLICIES),
        "may_activate": may_activate,
        "blocked": bool(in_the_way),
        "obstacles": [one for one in in_the_way if one not in checked.problems],
        "text": typed.text if typed else row.text,
        "cases": typed.cases if typed else row.cases,
        "is_draft": is_draft,
    }
    return render(request, desk, "desk/policy.html", context, status=status)


def _rules(rulebook: Rulebook | None) -> list[RuleView]:
    return [
        RuleView(rule.code, rule.title, rule.about, parts(rule))
        for rule in (rulebook.rules if rulebook else ())
    ]


def _differences(row: Policy, checked: Checked, *, is_draft: bool) -> list[Difference]:
    """A draft beside what is in force; a later version beside what it began as."""
    if checked.rulebook is None or (row.based_on is None and not is_draft):
        return []
    try:
        before = policy_in_force() if is_draft else policy_of(row.based_on or 1)
    except (UnknownPolicy, BadPolicy):
        return []
    return differences(before, checked.rulebook)


def _report(row: Policy, desk: Desk) -> dict[str, Any] | None:
    kept = row.simulation
    if not kept:
        return None
    at = type(desk.now).fromisoformat(kept["at"])
    return {**kept, "when": moment(at, desk.now), "changes": kept["changes"][:SHOWN]}


def _activated(row: Policy, desk: Desk) -> str:
    if row.activated_at is None:
        return ""
    at = moment(row.activated_at, desk.now)
    if row.activated_by == SHIPPED:
        return _("{moment}, shipped with the service").format(moment=at)
    return _("{moment} by {activated_by}").format(moment=at, activated_by=row.activated_by)


def _row(version: int) -> Policy | None:
    # No database holds such a number.
    return Policy.objects.filter(version=version).first() if version < 10**9 else None


def _typed(request: HttpRequest, name: str, most: int) -> str:
    return request.POST.get(name, "").replace("\x00", "")[: most + 1]


def _to(version: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk:policy", args=[version]))
