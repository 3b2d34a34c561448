"""In and out of the desk."""

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from tipintake.staff import accounts, audit
from tipintake.staff.models import User
from tipintake.web.desk.page import note_presence

# One sentence for every refusal: it must not tell which names exist or are locked.
REFUSED = (
    "That did not work. Check the name and the password. After five wrong tries an account is "
    "locked for fifteen minutes; an administrator can give it a new password."
)
WHY = {
    "locked": "The desk was locked: you were away for fifteen minutes, or your account was "
    "changed. Log on again."
}


@sensitive_variables("password")
@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def log_on(request: HttpRequest) -> HttpResponse:
    wanted = _wanted(request)
    if request.method != "POST":
        if request.user.is_authenticated:
            return HttpResponseRedirect(wanted)
        return _page(request, wanted, why=WHY.get(request.GET.get("why", ""), ""))
    now = timezone.now()
    name = request.POST.get("name", "")[:150]
    password = request.POST.get("password", "")[:200]
    user = accounts.log_on(request, name, password, now=now)
    if user is None:
        return _page(request, wanted, name=name, refused=REFUSED, status=403)
    login(request, user)
    note_presence(request, now)
    return HttpResponseRedirect(wanted)


@require_POST
def log_off(request: HttpRequest) -> HttpResponse:
    if isinstance(request.user, User):
        audit.record("log_on.ended", actor=request.user.username, now=timezone.now())
    logout(request)
    return HttpResponseRedirect(reverse("desk:login"))


def _wanted(request: HttpRequest) -> str:
    """Where to go after log-on: a path of this host and nothing else."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    own = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/")
    return given if own else reverse("desk:queues")


def _page(
    request: HttpRequest,
    wanted: str,
    *,
    name: str = "",
    refused: str = "",
    why: str = "",
    status: int = 200,
) -> HttpResponse:
    with translation.override("en"):
        return render(
            request,
            "desk/log_on.html",
            {"next": wanted, "name": name, "refused": refused, "why": why},
            status=status,
        )
