"""Tokens of partner agencies: made, renewed and revoked. The text of one is shown once."""

from collections.abc import Callable
from dataclasses import dataclass

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, gettext_noop
from django.views.decorators.http import require_POST, require_safe

from tipintake.directory.models import Line
from tipintake.staff import tokens as law
from tipintake.staff.models import PartnerToken
from tipintake.staff.roles import May
from tipintake.staff.tokens import Made, Scope, TokenProblem
from tipintake.web.desk import once
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

MOST = 100
MADE_ALREADY = gettext_noop(
    "This token was made already, and its text was shown then. If nobody has it, revoke it and "
    "make another."
)
SCOPES = (
    (Scope.READ, gettext_lazy("see its hand-offs")),
    (Scope.ACKNOWLEDGE, gettext_lazy("acknowledge them")),
    (Scope.DECLINE, gettext_lazy("decline them")),
)


class TokenForm(forms.Form):
    """Whose it is, for which lines, for what and how long."""

    name = forms.CharField(
        max_length=60, error_messages={"required": gettext_lazy("Name the system.")}
    )
    lines = forms.ModelMultipleChoiceField(
        Line.objects.filter(active=True).exclude(kind=Line.Kind.INTERNAL),
        to_field_name="code",
        error_messages={"required": gettext_lazy("Choose at least one line.")},
    )
    scopes = forms.MultipleChoiceField(
        choices=SCOPES, error_messages={"required": gettext_lazy("Say what it is for.")}
    )
    days = forms.IntegerField(
        min_value=1,
        max_value=law.MOST_DAYS,
        error_messages={"required": gettext_lazy("Say for how many days.")},
    )


@dataclass(frozen=True, slots=True)
class Shown:
    public: str
    name: str
    lines: str
    scopes: str
    until: str
    used: str
    is_over: bool
    ends_soon: bool
    state: str


@require_safe
@staff_only(May.MANAGE_ACCOUNTS)
def tokens(request: HttpRequest, desk: Desk) -> HttpResponse:
    return _page(request, desk)


@require_POST
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def make(request: HttpRequest, desk: Desk) -> HttpResponse:
    form = TokenForm(request.POST)
    if not form.is_valid():
        said = [str(error) for errors in form.errors.values() for error in errors]
        return _page(request, desk, problems=said, status=422)
    given = form.cleaned_data
    return _shown(
        request,
        desk,
        lambda drawn: law.make(
            given["name"],
            lines=[line.code for line in given["lines"]],
            scopes=[Scope(one) for one in given["scopes"]],
            days=given["days"],
            actor=desk.user.username,
            now=desk.now,
            drawn=drawn,
        ),
    )


@require_POST
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def renew(request: HttpRequest, desk: Desk, public: str) -> HttpResponse:
    """A new one for the same lines; the old one is good for a day beside it."""
    found = PartnerToken.objects.filter(public=public).first()
    if found is None:
        return not_here(request, desk)
    return _shown(
        request,
        desk,
        lambda drawn: law.renew(found, actor=desk.user.username, now=desk.now, drawn=drawn),
    )


@require_POST
@staff_only(May.MANAGE_ACCOUNTS)
@proved_lately
def revoke(request: HttpRequest, desk: Desk, public: str) -> HttpResponse:
    found = PartnerToken.objects.filter(public=public).first()
    if found is None:
        return not_here(request, desk)
    try:
        law.revoke(found, actor=desk.user.username, now=desk.now)
    except TokenProblem as problem:
        return _page(request, desk, problems=[str(problem)], status=422)
    messages.success(
        request,
        _("{name}: token {public} lets nobody in any more.").format(
            name=found.name, public=found.public
        ),
    )
    return HttpResponseRedirect(reverse("desk:tokens"))


def _shown(request: HttpRequest, desk: Desk, do: Callable[[bytes], Made]) -> HttpResponse:
    """The page with the new token on it. Of a button that is pressed twice the second answer
    alone is seen, so the same token stands on it; later it is not shown again."""
    try:
        with transaction.atomic():
            made = do(once.spend(request, desk))
    except once.DoneBefore as before:
        found = law.made_with(before.said)
        if found is None:
            return _page(request, desk, problems=[_(MADE_ALREADY)], status=422)
        is_late = found.token.made_at < desk.now - law.SHOWN_FOR
        if is_late or law.is_over(found.token, now=desk.now):
            return _page(request, desk, problems=[_(MADE_ALREADY)], status=422)
        made = found
    except TokenProblem as problem:
        return _page(request, desk, problems=[str(problem)], status=422)
    return _page(request, desk, made=made)


def _page(
    request: HttpRequest,
    desk: Desk,
    *,
    made: Made | None = None,
    problems: list[str] | None = None,
    status: int = 200,
) -> HttpResponse:
    rows = PartnerToken.objects.prefetch_related("lines").order_by("-made_at", "-pk")[:MOST]
    context = {
        "tokens": [_one(row, desk) for row in rows],
        "made": made,
        "problems": problems or [],
        "lines": Line.objects.filter(active=True)
        .exclude(kind=Line.Kind.INTERNAL)
        .order_by("name"),
        "scopes": SCOPES,
        "days": law.DAYS,
        "most_days": law.MOST_DAYS,
        "typed": request.POST if problems else {},
        "once": once.mark(),
    }
    return render(request, desk, "desk/tokens.html", context, status=status)


def _one(row: PartnerToken, desk: Desk) -> Shown:
    over = law.is_over(row, now=desk.now)
    return Shown(
        public=row.public,
        name=row.name,
        lines=", ".join(sorted(line.name for line in row.lines.all())),
        scopes=", ".join(str(words) for scope, words in SCOPES if scope in row.scopes),
        until=moment(row.expires_at, desk.now),
        used=moment(row.last_used_at, desk.now) if row.last_used_at else "",
        is_over=over,
        ends_soon=law.ends_soon(row, now=desk.now),
        state="revoked" if row.revoked_at else "expired" if over else "good",
    )
