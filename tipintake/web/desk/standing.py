"""What every request of somebody who is logged on passes first, whatever page it is for.

The desk locks when nobody is there. A password that somebody else made must be changed, and a
second factor set up, before anything else opens. What no database keeps is answered here too.
Nothing of this is left to a view.
"""

from collections.abc import Callable
from typing import Any

from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tipintake.staff import audit, factors
from tipintake.staff.models import User
from tipintake.web.desk import errors, presence
from tipintake.web.desk.page import to_log_on

# Open to whoever has a session, locked or not.
ALWAYS = frozenset({"desk:login", "desk:second", "desk:again", "desk:logout"})
# What a first log-on may reach, in the order of its steps.
PASSWORD = "desk:my-password"  # noqa: S105 the name of a page
ENROLMENT = frozenset({"desk:my-factors", "desk:my-app", "desk:my-passkey"})
ALARM = "desk:alarm"
LOCKED = 423
NUL = "\x00"


class StandingMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, _view: Callable[..., Any], _args: Any, _kwargs: Any
    ) -> HttpResponse | None:
        if _holds_nul(request):
            return errors.not_text(request)
        match, user = request.resolver_match, request.user
        name = match.view_name if match else ""
        if not isinstance(user, User) or not user.is_active or name in ALWAYS:
            return None
        return _locked(request, user, name) or _first_steps(request, user, name)


def _holds_nul(request: HttpRequest) -> bool:
    """PostgreSQL refuses the NUL character in any text. Bodies that are no form are not read."""
    if NUL in request.path:
        return True
    program = request.path_info.startswith(errors.API)
    given = [request.GET] if program else [request.GET, request.POST]
    return any(NUL in text for one in given for name in one for text in (name, *one.getlist(name)))


def _locked(request: HttpRequest, user: User, name: str) -> HttpResponse | None:
    now = timezone.now()
    if presence.is_locked(request, now):
        if not request.session.get(presence.LOCKED):
            request.session[presence.LOCKED] = True
            audit.record("log_on.idle_locked", actor=user.username, now=now)
        if name == ALARM:
            return HttpResponse(_("The desk is locked."), status=LOCKED, content_type="text/plain")
        return presence.to_again(request, user)
    if request.GET.get(presence.WATCH) != "again":
        presence.note_seen(request, now)
    if name != "desk:kept" and presence.SENT_AGAIN in request.POST:
        presence.drop(request, request.POST[presence.SENT_AGAIN])
    return None


def _first_steps(request: HttpRequest, user: User, name: str) -> HttpResponse | None:
    if user.must_change_password:
        return None if name == PASSWORD else HttpResponseRedirect(reverse(PASSWORD))
    if request.session.get(presence.FACTOR):
        return None
    if factors.has_one(user):
        # Set up from elsewhere since: this session has never shown it.
        logout(request)
        return to_log_on(request, why="changed")
    return None if name in ENROLMENT else HttpResponseRedirect(reverse("desk:my-factors"))
