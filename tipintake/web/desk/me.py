"""One's own account: password, second factors, and what waited behind the lock."""

import base64
from typing import Any

from allauth.mfa.adapter import get_adapter
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.staff import accounts, factors
from tipintake.staff.accounts import AccountProblem
from tipintake.staff.factors import Factor
from tipintake.tips import accounts_key
from tipintake.web.desk import passkeys, presence
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk, not_here, proved_lately, render, staff_only

SECRET = "secret"  # noqa: S105 in the session, sealed: of an app that is being set up
NOT_THE_SAME = gettext_noop("The two are not the same. Type the new password twice.")
WRONG_CODE = gettext_noop(
    "This is not the code that the app shows now. Check that the telephone's clock is right, "
    "wait for the next code, and type that."
)
NO_PASSKEY = gettext_noop(
    "The passkey was not taken. Try again, or use an app instead: its codes work everywhere."
)


@require_safe
@staff_only()
def factors_page(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What this account has, and what it should have."""
    return _factors(request, desk)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def password(request: HttpRequest, desk: Desk) -> HttpResponse:
    user = desk.user
    if not user.must_change_password and not presence.proved_lately(request, desk.now):
        return presence.to_again(request, user)
    if request.method != "POST":
        return _password(request, desk)
    chosen = request.POST.get("chosen", "")[:200]
    if chosen != request.POST.get("again", "")[:200]:
        return _password(request, desk, problem=_(NOT_THE_SAME))
    try:
        accounts.choose_password(user, chosen, now=desk.now)
    except AccountProblem as problem:
        return _password(request, desk, problem=str(problem))
    # All sessions have ended with the old password: this one goes on under the new.
    marks = dict(request.session.items())
    request.session.create()
    request.session.update(marks)
    update_session_auth_hash(request, user)
    messages.success(request, _("Your new password is in force. Other sessions have ended."))
    return HttpResponseRedirect(reverse("desk:my-factors"))


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def app(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Set up an app that shows codes: a picture to scan, and the first code to type."""
    if (stop := _first_show_who_you_are(request, desk)) is not None:
        return stop
    secret = _secret_in(request, desk)
    if request.method != "POST":
        return _app(request, desk, secret)
    if not factors.set_up_app(desk.user, secret, request.POST.get("code", "")[:40], now=desk.now):
        return _app(request, desk, secret, problem=_(WRONG_CODE))
    request.session.pop(SECRET, None)
    return _enrolled(request, desk, Factor.APP)


@require_POST
@staff_only()
@proved_lately
def codes(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Ten new recovery codes in place of the earlier ones."""
    return _factors(request, desk, made=factors.new_recovery_codes(desk.user, now=desk.now))


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def passkey(request: HttpRequest, desk: Desk) -> HttpResponse:
    if (stop := _first_show_who_you_are(request, desk)) is not None:
        return stop
    if request.method != "POST":
        return _passkey(request, desk)
    name = " ".join(request.POST.get("name", "").split())
    answer = request.POST.get("credential", "")
    if not passkeys.add(request, desk.user, name, answer, now=desk.now):
        return _passkey(request, desk, problem=_(NO_PASSKEY))
    return _enrolled(request, desk, Factor.PASSKEY)


@require_POST
@staff_only()
@proved_lately
def remove_passkey(request: HttpRequest, desk: Desk, pk: int) -> HttpResponse:
    if pk not in {one.pk for one in factors.passkeys_of(desk.user)}:
        return not_here(request, desk)
    if factors.remove_passkey(desk.user, pk, now=desk.now):
        messages.success(request, _("This passkey opens nothing any more."))
        return HttpResponseRedirect(reverse("desk:my-factors"))
    problem = _("This is your only second factor. Set up an app or another passkey first.")
    return _factors(request, desk, problem=problem)


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def kept(request: HttpRequest, desk: Desk) -> HttpResponse:
    """What was typed and came too late: to be sent now, or dropped."""
    if request.method == "POST":
        presence.drop(request, request.POST.get("drop", ""))
        return HttpResponseRedirect(request.get_full_path())
    waiting = presence.kept(request, desk.user)
    if not waiting:
        return HttpResponseRedirect(reverse("desk:queues"))
    shown = [
        (one, [(n, v) for n, values in one.fields.items() for v in values]) for one in waiting
    ]
    context = {"waiting": shown, "sent_again": presence.SENT_AGAIN}
    return render(request, desk, "desk/kept.html", context)


def _first_show_who_you_are(request: HttpRequest, desk: Desk) -> HttpResponse | None:
    """Another factor for an account that has one is for somebody who has shown it just now."""
    if not factors.has_one(desk.user) or presence.proved_lately(request, desk.now):
        return None
    return presence.to_again(request, desk.user)


def _enrolled(request: HttpRequest, desk: Desk, factor: Factor) -> HttpResponse:
    """The desk is open now; recovery codes stand on this page and never again."""
    request.session.cycle_key()
    presence.note_logged_on(request, factor, desk.now)
    has_codes = Factor.RECOVERY in factors.kinds_of(desk.user)
    made = [] if has_codes else factors.new_recovery_codes(desk.user, now=desk.now)
    return _factors(request, desk, made=made, added=factor)


def _factors(
    request: HttpRequest,
    desk: Desk,
    *,
    made: list[str] | None = None,
    added: str = "",
    problem: str = "",
) -> HttpResponse:
    kinds = factors.kinds_of(desk.user)
    context = {
        "has_one": factors.has_one(desk.user),
        "has_app": Factor.APP in kinds,
        "passkeys": [
            (one, moment(one.used_at, desk.now) if one.used_at else "")
            for one in factors.passkeys_of(desk.user)
        ],
        "codes_left": _codes_left(desk),
        "made": made,
        "added": added,
        "problem": problem,
        "bare": not factors.has_one(desk.user),
    }
    return render(request, desk, "desk/me.html", context, status=422 if problem else 200)


def _codes_left(desk: Desk) -> int | None:
    try:
        return factors.recovery_codes_left(desk.user)
    except (keys.KeyMissing, CannotOpen):
        return None


def _password(request: HttpRequest, desk: Desk, *, problem: str = "") -> HttpResponse:
    context = {"problem": problem, "bare": desk.user.must_change_password}
    return render(request, desk, "desk/me_password.html", context, status=422 if problem else 200)


def _app(request: HttpRequest, desk: Desk, secret: str, *, problem: str = "") -> HttpResponse:
    address = factors.address_of(desk.user, secret)
    context = {
        "picture": get_adapter().build_totp_svg(address),
        "address": address,
        "groups": [secret[at : at + 4] for at in range(0, len(secret), 4)],
        "secret": secret,
        "problem": problem,
        "bare": not factors.has_one(desk.user),
        "on_this_machine": request.get_host().partition(":")[0] == "localhost",
    }
    return render(request, desk, "desk/me_app.html", context, status=422 if problem else 200)


def _passkey(request: HttpRequest, desk: Desk, *, problem: str = "") -> HttpResponse:
    context: dict[str, Any] = {
        "question": passkeys.offer(request, desk.user),
        "problem": problem,
        "bare": not factors.has_one(desk.user),
    }
    return render(request, desk, "desk/me_passkey.html", context, status=422 if problem else 200)


def _secret_in(request: HttpRequest, desk: Desk) -> str:
    """The secret of the app that is being set up: the same while the page is tried again."""
    place = f"new app:{desk.user.pk}"
    if text := request.session.get(SECRET):
        try:
            sealed = Sealed(base64.b64decode(text))
            key = keys.accounts_key(settings.PRIVATE_KEYS_DIR)
            return key.open(sealed, context=place).decode()
        except (keys.KeyMissing, CannotOpen):
            pass
    secret = factors.new_secret()
    key = accounts_key.key_to_seal(settings.PRIVATE_KEYS_DIR)
    sealed = key.seal(secret.encode(), context=place)
    request.session[SECRET] = base64.b64encode(sealed).decode()
    return secret
