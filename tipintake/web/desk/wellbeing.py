"""What people set for themselves, and what is there for them when the work weighs."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tipintake.staff.preferences import (
    LANGUAGE,
    LANGUAGES,
    PREFERENCES,
    language_of,
    prefer,
    preferences_of,
    speak,
)
from tipintake.web.desk import strain
from tipintake.web.desk.page import Desk, render, staff_only


@require_http_methods(["GET", "HEAD", "POST"])
@staff_only()
def preferences(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Each account's own; not in the audit: how somebody bears the work is nobody's record."""
    if request.method == "POST":
        prefer(desk.user, {one.key: one.key in request.POST for one in PREFERENCES})
        speak(desk.user, request.POST.get(LANGUAGE, ""))
        with translation.override(language_of(desk.user)):
            messages.success(request, gettext("Kept. It holds from the next page on."))
        return HttpResponseRedirect(reverse("desk:preferences"))
    chosen = preferences_of(desk.user)
    rows = [(one, chosen[one.key]) for one in PREFERENCES]
    context = {"rows": rows, "languages": LANGUAGES, "language": language_of(desk.user)}
    return render(request, desk, "desk/preferences.html", context)


@require_POST
@staff_only()
def pause(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Put the suggestion away for a while, and go on where one was."""
    strain.later(request, desk.now)
    back = request.POST.get("back", "")
    own = back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None)
    return HttpResponseRedirect(back if own else reverse("desk:queues"))


@require_safe
@staff_only()
def support(request: HttpRequest, desk: Desk) -> HttpResponse:
    own = [line.strip() for line in settings.STAFF_SUPPORT.split("|") if line.strip()]
    return render(request, desk, "desk/support.html", {"own": own})
