"""Accounts of staff, for administrators. Nobody changes their own here."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.contrib import messages
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tipintake.directory.models import Line
from tipintake.pipeline import leaving, unseen
from tipintake.staff import accounts, factors, lockout
from tipintake.staff.accounts import AccountProblem
from tipintake.staff.models import User
from tipintake.staff.roles import IN_WORDS, May, Role, acts_of
from tipintake.web.desk import once
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

NOT_YOURSELF = gettext_noop(
    "Somebody else changes your account. For your own password see Your account."
)
MADE_ALREADY = gettext_noop(
    "This account was made already, and its password was shown then. If nobody has it, give it "
    "another below."
)
ROLES_MEANWHILE = gettext_noop(
    "Somebody changed the roles or lines of {username} after you had loaded the page, so nothing "
    "was written. They stand here as they are now."
)
UNSEEN = gettext_noop(
    "Nobody but administrators sees the tips of {lines} now. Assign somebody else there."
)


@dataclass(frozen=True, slots=True)
class Person:
    pk: int
    name: str
    roles: str
    lines: str
    factors: str
    last_seen: str
    state: str
    active: bool


@require_safe
@staff_only(May.MANAGE_ACCOUNTS)
def people(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _people(request, desk)


@require_POST
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def add(request: HttpRequest, desk: Desk) -> HttpResponse:
    name = request.POST.get("name", "")[:150]
    try:
        with transaction.atomic():
            once.spend(request, desk)
            password = accounts.create(
                name,
                roles=_roles_in(request),
                lines=request.POST.getlist("lines"),
                actor=desk.user.username,
                now=desk.now,
            )
    except once.DoneBefore:
        return _person(request, desk, accounts.named(name), problem=_(MADE_ALREADY))
    except AccountProblem as problem:
        return _people(request, desk, problem=str(problem))
    return _person(request, desk, accounts.named(name), password=password)


@require_safe
@staff_only(May.MANAGE_ACCOUNTS)
def person(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    user = User.objects.filter(pk=pk).first()
    return not_here(request, desk) if user is None else _person(request, desk, user)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def leave(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    """What somebody holds who leaves; then it is handed over and the account closed."""
    user = User.objects.filter(pk=pk).first()
    if user is not None and not user.is_active and request.method == "POST":  # pressed twice
        return HttpResponseRedirect(reverse("desk:person", args=[user.pk]))
    if user is None or not user.is_active:
        return not_here(request, desk)
    if user.pk == desk.user.pk:
        return _person(request, desk, user, problem=_(NOT_YOURSELF))
    if request.method != "POST":
        return _leave(request, desk, user)
    before = unseen.unseen_lines()
    try:
        left = leaving.leave(
            user.username,
            to=request.POST.get("to", "")[:150],
            keep_tokens="keep_tokens" in request.POST,
            actor=desk.user.username,
            now=desk.now,
        )
    except AccountProblem as problem:
        return _leave(request, desk, user, problem=str(problem))
    went = [f"{_(kind)} ({count})" for kind, count in left.handed_over]
    went += (
        [
            ngettext(
                "{tokens_ended} agency token ended",
                "{tokens_ended} agency tokens ended",
                left.tokens_ended,
            ).format(tokens_ended=left.tokens_ended)
        ]
        if left.tokens_ended
        else []
    )
    said = _("{username} is out, and every session has ended.").format(username=user.username)
    if went:
        said += " " + _("Handed over or ended: {things}.").format(things=", ".join(went))
    messages.success(request, said)
    _warn_of_unseen_lines(request, before)
    return HttpResponseRedirect(reverse("desk:person", args=[user.pk]))


@require_POST
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def act(request: HttpRequest, desk: Desk, pk: int, what: str) -> HttpResponse:
    user = User.objects.filter(pk=pk).first()
    if user is None or what not in ACTS:
        return not_here(request, desk)
    if user.pk == desk.user.pk:
        return _person(request, desk, user, problem=_(NOT_YOURSELF))
    before = unseen.unseen_lines()
    try:
        said = ACTS[what](request, desk, user)
    except AccountProblem as problem:
        return _person(request, desk, user, problem=str(problem))
    if what == "password":
        user.refresh_from_db()
        return _person(request, desk, user, password=said)
    messages.success(request, said)
    _warn_of_unseen_lines(request, before)
    return HttpResponseRedirect(reverse("desk:person", args=[user.pk]))


def _warn_of_unseen_lines(request: HttpRequest, before: Collection[Line]) -> None:
    """Say which lines the act took from the last account that works on their tips. Where they are
    the only ones, the page that follows says it."""
    names = [_named(line) for line in unseen.unseen_lines() if line not in before]
    if names and before:
        messages.warning(request, _(UNSEEN).format(lines=", ".join(names)))


def _set_roles(request: HttpRequest, desk: Desk, user: User) -> str:
    by, now = desk.user.username, desk.now
    roles, lines = _roles_in(request), request.POST.getlist("lines")
    with transaction.atomic():
        # Locked: of two who save at one moment the second reads what the first has written.
        locked = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        stands = _as_it_stands(_given(locked), accounts.lines_of(locked))
        if stands not in {request.POST.get("shown", ""), _as_it_stands(roles, lines)}:
            raise AccountProblem(_(ROLES_MEANWHILE).format(username=user.username))
        accounts.set_roles(user.username, roles, actor=by, now=now)
        accounts.set_lines(user.username, lines, actor=by, now=now)
    return _("{username} has these roles and lines now.").format(username=user.username)


def _reset_factors(_request: HttpRequest, desk: Desk, user: User) -> str:
    accounts.reset_factors(user.username, actor=desk.user.username, now=desk.now)
    return _("{username} sets up a new second factor at the next log-on.").format(
        username=user.username
    )


def _set_password(_request: HttpRequest, desk: Desk, user: User) -> str:
    return accounts.set_password(user.username, actor=desk.user.username, now=desk.now)


def _end_sessions(_request: HttpRequest, desk: Desk, user: User) -> str:
    accounts.end_sessions(user.username, actor=desk.user.username, now=desk.now)
    return _("{username} is logged off everywhere.").format(username=user.username)


def _enable(_request: HttpRequest, desk: Desk, user: User) -> str:
    accounts.set_active(user.username, active=True, actor=desk.user.username, now=desk.now)
    return _("{username} may log on again.").format(username=user.username)


ACTS: dict[str, Callable[[HttpRequest, Desk, User], str]] = {
    "roles": _set_roles,
    "reset-mfa": _reset_factors,
    "password": _set_password,
    "end-sessions": _end_sessions,
    "enable": _enable,
}


def _roles_in(request: HttpRequest) -> list[Role]:
    return [role for role in Role if role.value in request.POST.getlist("roles")]


def _people(request: HttpRequest, desk: Desk, *, problem: str = "") -> HttpResponse:
    rows = accounts.listed().order_by("-is_active", "username")
    context = {
        "people": [_one(row, desk) for row in rows],
        "problem": problem,
        "typed": request.POST if problem else {},
        "once": once.mark(),
        **_choices(frozenset(_roles_in(request)), request.POST.getlist("lines")),
    }
    return render(request, desk, "desk/people.html", context, status=422 if problem else 200)


def _person(
    request: HttpRequest, desk: Desk, user: User, *, password: str = "", problem: str = ""
) -> HttpResponse:
    context = {
        "person": _one(user, desk),
        "is_me": user.pk == desk.user.pk,
        "password": password,
        "problem": problem,
        "locked": lockout.is_locked(user.username, now=desk.now),
        "shown": _as_it_stands(_given(user), accounts.lines_of(user)),
        **_choices(_given(user), accounts.lines_of(user)),
    }
    return render(request, desk, "desk/person.html", context, status=422 if problem else 200)


def _leave(request: HttpRequest, desk: Desk, user: User, *, problem: str = "") -> HttpResponse:
    context = {
        "person": _one(user, desk),
        "held": leaving.held_by(user),
        "tokens": leaving.tokens_made_by(user, now=desk.now),
        "successors": leaving.successors_of(user),
        "typed": request.POST.get("to", ""),
        "problem": problem,
    }
    return render(request, desk, "desk/person_leave.html", context, status=422 if problem else 200)


def _choices(roles: frozenset[Role], lines: list[str]) -> dict[str, object]:
    # A retired line may still hold tips: without its tick a save would take it away.
    offered = Line.objects.filter(Q(active=True) | Q(code__in=lines)).order_by("name")
    return {
        "roles": [(r.value, r in roles, IN_WORDS[r]) for r in Role],
        "lines": [(one.code, _named(one), one.code in lines) for one in offered],
        "unseen": ", ".join(map(_named, unseen.unseen_lines())),
    }


def _named(line: Line) -> str:
    return line.name if line.active else f"{line.name} ({_('retired')})"


def _as_it_stands(roles: Collection[Role], lines: Collection[str]) -> str:
    return " ".join([*sorted(role.name for role in roles), "|", *sorted(set(lines))])


def _given(user: User) -> frozenset[Role]:
    """The roles of an account, also of one that is closed."""
    known = set(Role)
    return frozenset(Role(one.name) for one in user.groups.all() if one.name in known)


def _one(user: User, desk: Desk) -> Person:
    roles = _given(user)
    lines = sorted(one.line.name for one in user.memberships.all())
    return Person(
        pk=user.pk,
        name=user.username,
        roles=", ".join(_(role.value) for role in Role if role in roles),
        lines=_("every line") if May.SEE_ALL_LINES in acts_of(user) else ", ".join(lines),
        factors=", ".join(sorted(factors.kinds_of(user))),
        last_seen=moment(user.last_login, desk.now) if user.last_login else "",
        state=_state(user),
        active=user.is_active,
    )


def _state(user: User) -> str:
    if not user.is_active:
        return _("closed")
    return _("first log-on to come") if user.must_change_password else _("active")
