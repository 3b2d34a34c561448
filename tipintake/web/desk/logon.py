"""In and out of the desk: the password, then the second factor; again after a pause."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlencode

from django.conf import settings
from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters, sensitive_variables
from django.views.decorators.http import require_http_methods, require_POST

from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import accounts, audit, factors
from tipintake.staff.accounts import Proof
from tipintake.staff.factors import Factor
from tipintake.staff.models import User
from tipintake.staff.preferences import language_of
from tipintake.web.desk import passkeys, presence

# One sentence for every refusal: it must not tell which names exist or are locked.
REFUSED = gettext_noop(
    "That did not work. Check the name and the password. After five wrong tries an account is "
    "locked for fifteen minutes; an administrator can give it a new password."
)
REFUSED_CODE = gettext_noop(
    "That did not work. Codes change every thirty seconds and are good once: wait for the next "
    "one. After five wrong tries an account is locked for fifteen minutes."
)
REFUSED_AGAIN = gettext_noop(
    "That did not work. After five wrong tries an account is locked for fifteen minutes."
)
WHY = {
    "locked": gettext_noop(
        "You are no longer logged on: the browser was closed, your account was changed, or "
        "half a day has passed. Log on again."
    ),
    "kept": gettext_noop(
        "You are no longer logged on, so what you had typed was not sent. It is kept for an hour: "
        "log on again as the same person, in this browser, and you can send it."
    ),
    "changed": gettext_noop("Your account was changed meanwhile. Log on again."),
    "late": gettext_noop("That took too long. Begin again with name and password."),
}
NOT_SENT = gettext_noop(
    "You are no longer logged on, so what you had typed was not sent, and it is not kept. Copy it "
    "from below before you log on."
)
HALF = "half"  # in the session: who has shown a password and owes a second factor
HALF_LASTS = timedelta(minutes=5)


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
        return _page(request, wanted, name=name, refused=_(REFUSED), status=403)
    if factors.has_one(user):
        return _half_way(request, user, wanted, now)
    return _in(request, user, "", wanted, now)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def second(request: HttpRequest) -> HttpResponse:
    """The second factor, after the password."""
    wanted, now = _wanted(request), timezone.now()
    if request.user.is_authenticated:
        return HttpResponseRedirect(wanted)
    user = _half(request, now)
    if user is None:
        return HttpResponseRedirect(f"{reverse('desk:login')}?why=late")
    with translation.override(language_of(user)):
        return _second(request, user, wanted, now)


def _second(request: HttpRequest, user: User, wanted: str, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return _second_page(request, user, wanted)
    shown, trouble = _proved(request, user, "log_on.good", _factor_in(request, user, now), now)
    if not shown:
        return _second_page(request, user, wanted, refused=trouble or _(REFUSED_CODE), status=403)
    request.session.pop(HALF, None)
    return _in(request, user, shown, wanted, now)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def again(request: HttpRequest) -> HttpResponse:
    """Who is there? A password opens a locked desk; a second factor opens what is kept closer."""
    wanted, now, user = _wanted(request), timezone.now(), request.user
    if not isinstance(user, User) or not user.is_active:
        return HttpResponseRedirect(f"{reverse('desk:login')}?{urlencode({'next': wanted})}")
    with translation.override(language_of(user)):
        return _again(request, user, wanted, now)


def _again(request: HttpRequest, user: User, wanted: str, now: datetime) -> HttpResponse:
    locked = presence.is_locked(request, now)
    if request.method != "POST":
        return _again_page(request, user, wanted, locked=locked)
    by_password = locked and "credential" not in request.POST
    check = (
        accounts.by_password(user, request.POST.get("password", "")[:200])
        if by_password
        else _factor_in(request, user, now)
    )
    act = "log_on.unlocked" if locked else "log_on.confirmed"
    shown, trouble = _proved(request, user, act, check, now)
    if not shown:
        refused = trouble or (_(REFUSED_AGAIN) if by_password else _(REFUSED_CODE))
        return _again_page(request, user, wanted, locked=locked, refused=refused, status=403)
    if locked:
        presence.note_unlocked(request, now)
    if not by_password:
        presence.note_proved(request, now)
    request.session.cycle_key()
    waits = request.session.get(presence.KEPT)
    return HttpResponseRedirect(reverse("desk:kept") if waits else wanted)


@require_POST
def log_off(request: HttpRequest) -> HttpResponse:
    now = timezone.now()
    if isinstance(request.user, User):
        audit.record("log_on.ended", actor=request.user.username, now=now)
    along = presence.taken_along(request, now)
    logout(request)
    request.session.update(along)
    return HttpResponseRedirect(reverse("desk:login"))


def typed_too_late(request: HttpRequest, now: datetime) -> HttpResponse | None:
    """Of a form that comes from a page of an ended session: keep what was typed for whoever
    logged off, or, where nobody knows who that was, show it to whoever sends it. None when
    nothing was typed.
    """
    typed = presence.typed(request)
    if not typed:
        return None
    wanted = presence.back(request)
    if presence.kept_for_who_left(request, now):
        query = urlencode({"next": wanted, "why": "kept"})
        return HttpResponseRedirect(f"{reverse('desk:login')}?{query}")
    return _page(request, wanted, why=NOT_SENT, typed=typed, status=403)


def _in(
    request: HttpRequest, user: User, factor: str, wanted: str, now: datetime
) -> HttpResponseRedirect:
    login(request, user)
    presence.note_logged_on(request, factor, now)
    waits = presence.come_back(request, user, now)
    return HttpResponseRedirect(reverse("desk:kept") if waits else wanted)


def _half_way(
    request: HttpRequest, user: User, wanted: str, now: datetime
) -> HttpResponseRedirect:
    along = presence.taken_along(request, now)
    request.session.flush()
    request.session.update(along)
    request.session[HALF] = {
        "user": user.pk,
        "bound": user.get_session_auth_hash(),
        "at": int(now.timestamp()),
    }
    return HttpResponseRedirect(f"{reverse('desk:second')}?{urlencode({'next': wanted})}")


def _half(request: HttpRequest, now: datetime) -> User | None:
    """Who has shown a password a moment ago, if nothing about the account has changed since."""
    half = request.session.get(HALF)
    if not isinstance(half, dict) or now.timestamp() - half["at"] > HALF_LASTS.total_seconds():
        return None
    user = User.objects.filter(pk=half["user"], is_active=True).first()
    if user is None or not constant_time_compare(half["bound"], user.get_session_auth_hash()):
        return None
    return user


def _factor_in(request: HttpRequest, user: User, now: datetime) -> Callable[[], str]:
    """What checks the code or the passkey that stands in this form."""
    if "credential" in request.POST:
        credential = request.POST["credential"]
        return lambda: Factor.PASSKEY if passkeys.is_shown(request, user, credential, now) else ""
    return accounts.by_code(user, request.POST.get("code", "")[:40], now=now)


def _proved(
    request: HttpRequest, user: User, act: str, check: Callable[[], str], now: datetime
) -> tuple[str, str]:
    """By what they proved who they are, or what stands in the way of looking."""
    try:
        return accounts.prove(request, user, Proof(act, check), now=now), ""
    except (KeyMissing, CannotOpen):
        return "", _("Second factors cannot be read on this machine. Tell an administrator.")


def _wanted(request: HttpRequest) -> str:
    """Where to go after log-on: a path of this host and nothing else."""
    given = request.POST.get("next") or request.GET.get("next") or ""
    return presence.own_path(given, reverse("desk:queues"))


def _page(
    request: HttpRequest,
    wanted: str,
    *,
    name: str = "",
    refused: str = "",
    why: str = "",
    typed: Sequence[tuple[str, str]] = (),
    status: int = 200,
) -> HttpResponse:
    context = {
        "next": wanted,
        "typed": typed,
        "name": name,
        "refused": refused,
        "why": _(why) if why else "",
        "idle_minutes": settings.DESK_IDLE_MINUTES,
    }
    return render(request, "desk/log_on.html", context, status=status)


def _second_page(
    request: HttpRequest, user: User, wanted: str, *, refused: str = "", status: int = 200
) -> HttpResponse:
    context = {"next": wanted, "refused": refused, **_ways(request, user)}
    return render(request, "desk/second.html", context, status=status)


def _again_page(
    request: HttpRequest,
    user: User,
    wanted: str,
    *,
    locked: bool,
    refused: str = "",
    status: int = 200,
) -> HttpResponse:
    context = {
        "next": wanted,
        "refused": refused,
        "locked": locked,
        "user_name": user.username,
        "waits": bool(request.session.get(presence.KEPT)),
        "idle_minutes": settings.DESK_IDLE_MINUTES,
        **_ways(request, user),
    }
    return render(request, "desk/again.html", context, status=status)


def _ways(request: HttpRequest, user: User) -> dict[str, object]:
    """By what this person can show who they are."""
    kinds = factors.kinds_of(user)
    has_passkey = Factor.PASSKEY in kinds
    return {
        "has_codes": bool(kinds & {Factor.APP, Factor.RECOVERY}),
        "passkey": passkeys.question(request, user) if has_passkey else None,
    }
