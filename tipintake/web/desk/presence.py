"""Whether the person at a desk is still there, and what waits while they are not.

The marks stand in the session. What was typed and came too late is sealed there, and given back
when the person has shown again who they are; files are not kept. After a log-off it waits the
same way, for an hour, for whoever logged off.
"""

import base64
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from tipintake.privacy import keys
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.seal import CannotOpen, Sealed
from tipintake.staff.models import User
from tipintake.tips import accounts_key

SEEN = "seen"  # when its user last asked for a page
FACTOR = "factor"  # by what second factor they came in; without it only enrolment is open
PROVED = "proved"  # when they last showed a second factor
BEGAN = "began"  # when they last logged on or unlocked
LOCKED = "locked"
KEPT = "kept"
LEFT = "left"  # after a log-off: who it was that left, and when
WATCH = "watch"  # a page that asks for itself again; it does not count as the user's presence
SENT_AGAIN = "kept-again"  # in a form: this text had waited

LATELY = timedelta(minutes=10)
RENEWED_AFTER = timedelta(seconds=30)
LONGEST = timedelta(hours=12)
LEFT_LASTS = timedelta(hours=1)
MOST_KEPT = 8
# What is typed alone: a form's own mark is made anew.
NOT_KEPT = {"csrfmiddlewaretoken", "token", SENT_AGAIN}
NOT_TYPED = NOT_KEPT | {"version", "once"}
# Their forms hold passwords, codes and keys: to be typed again rather than kept.
SECRET_FORMS = {
    *("desk:my-password", "desk:my-app", "desk:my-passkey"),
    *("desk:login", "desk:second", "desk:again"),
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One form that came too late."""

    id: str
    path: str
    fields: Mapping[str, list[str]]
    files: bool


def note_seen(request: HttpRequest, now: datetime) -> None:
    """Not at every page: a write for each would cost more than the page."""
    last, at = request.session.get(SEEN), _seconds(now)
    if not isinstance(last, int) or at - last >= RENEWED_AFTER.total_seconds() or at < last:
        request.session[SEEN] = at


def note_logged_on(request: HttpRequest, factor: str, now: datetime) -> None:
    """With a factor: the desk is open to them. Without: only the way to set one up."""
    note_seen(request, now)
    request.session[BEGAN] = _seconds(now)
    if factor:
        request.session[FACTOR] = factor
        request.session[PROVED] = _seconds(now)


def note_proved(request: HttpRequest, now: datetime) -> None:
    note_seen(request, now)
    request.session[PROVED] = _seconds(now)


def note_unlocked(request: HttpRequest, now: datetime) -> None:
    note_seen(request, now)
    request.session.pop(LOCKED, None)
    request.session[BEGAN] = _seconds(now)


def is_locked(request: HttpRequest, now: datetime) -> bool:
    """Nobody has used this session for too long, or for a whole day of work."""
    idle = timedelta(minutes=settings.DESK_IDLE_MINUTES)
    return (
        bool(request.session.get(LOCKED))
        or _over(request, SEEN, idle, now)
        or _over(request, BEGAN, LONGEST, now)
    )


def proved_lately(request: HttpRequest, now: datetime) -> bool:
    return not _over(request, PROVED, LATELY, now)


def to_again(request: HttpRequest, user: User) -> HttpResponseRedirect:
    """To the page that asks who is there, and back to where they were."""
    if request.method == "POST":
        keep(request, user)
    return HttpResponseRedirect(f"{reverse('desk:again')}?{urlencode({'next': back(request)})}")


def keep(request: HttpRequest, user: User) -> None:
    """Seal what was typed into the session, whole; the oldest gives way to a ninth."""
    if _is_secret(request):
        return
    fields = {name: request.POST.getlist(name) for name in request.POST if name not in NOT_KEPT}
    said = {"path": request.get_full_path(), "fields": fields, "files": _had_files(request)}
    try:
        key = accounts_key.key_to_seal(settings.PRIVATE_KEYS_DIR)
    except KeyMissing:
        return  # clear text is kept nowhere
    sealed = key.seal(json.dumps(said).encode(), context=_place(user))
    one = (secrets.token_hex(8), base64.b64encode(sealed).decode())
    request.session[KEPT] = [*_waiting(request), one][-MOST_KEPT:]


def typed(request: HttpRequest) -> list[tuple[str, str]]:
    """What stands in this form, by field, to be shown to whoever has just sent it."""
    if request.method != "POST" or _is_secret(request):
        return []
    names = [name for name in request.POST if name not in NOT_TYPED]
    given = [(name, value) for name in names for value in request.POST.getlist(name)]
    return [(name, value) for name, value in given if value.strip()]


def taken_along(request: HttpRequest, now: datetime) -> dict[str, Any]:
    """What stays of a session that ends in this browser: what waits, and for whom."""
    found = {name: request.session[name] for name in (LEFT, KEPT) if name in request.session}
    if isinstance(request.user, User):
        found[LEFT] = _left(request.user, now)
    return found


def kept_for_who_left(request: HttpRequest, now: datetime) -> bool:
    """Seal what comes from a page of somebody who has logged off since. False where nobody knows
    whose page it is.

    Each log-on makes a new form token, and the token has been checked: the page was made for
    whoever logged on last in this browser, and that is who logged off.
    """
    left = _who_left(request, now)
    user = User.objects.filter(pk=left, is_active=True).first() if left else None
    if user is None or _is_secret(request):
        return False
    keep(request, user)
    request.session[LEFT] = _left(user, now)
    return True


def come_back(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether something waits for this person, who has just logged on. What waits for another,
    or has waited for too long, is forgotten."""
    if _who_left(request, now) != user.pk:
        request.session.pop(KEPT, None)
    request.session.pop(LEFT, None)
    return bool(request.session.get(KEPT))


def kept(request: HttpRequest, user: User) -> list[Kept]:
    """What waits for this person, in the order in which it came."""
    found = (_opened(name, text, user) for name, text in _waiting(request))
    return [one for one in found if one is not None]


def drop(request: HttpRequest, name: str) -> None:
    request.session[KEPT] = [one for one in _waiting(request) if one[0] != name]


def _waiting(request: HttpRequest) -> list[tuple[str, str]]:
    return [(name, text) for name, text in request.session.get(KEPT, [])]


def own_path(given: str, otherwise: str) -> str:
    """A path of this host and nothing else."""
    own = url_has_allowed_host_and_scheme(given, allowed_hosts=None) and given.startswith("/")
    return given if own else otherwise


def _opened(name: str, text: str, user: User) -> Kept | None:
    try:
        key = keys.accounts_key(settings.PRIVATE_KEYS_DIR)
        said = json.loads(key.open(Sealed(base64.b64decode(text)), context=_place(user)))
    except (CannotOpen, KeyMissing):
        return None
    return Kept(name, said["path"], said["fields"], said["files"])


def _place(user: User) -> str:
    return f"kept:{user.pk}"


def _left(user: User, now: datetime) -> dict[str, int]:
    return {"user": user.pk, "at": _seconds(now)}


def _who_left(request: HttpRequest, now: datetime) -> int | None:
    """The key of the account that logged off in this browser within the hour."""
    left = request.session.get(LEFT)
    if not isinstance(left, dict) or now.timestamp() - left["at"] > LEFT_LASTS.total_seconds():
        return None
    return int(left["user"])


def _is_secret(request: HttpRequest) -> bool:
    match = request.resolver_match
    return match is not None and match.view_name in SECRET_FORMS


def _had_files(request: HttpRequest) -> bool:
    return bool(request.FILES) or request.content_type == "multipart/form-data"


def back(request: HttpRequest) -> str:
    """The page they were on: a form's own address often has no page."""
    if request.method in {"GET", "HEAD"}:
        return request.get_full_path()
    came_from = urlsplit(request.headers.get("Referer", ""))
    same = came_from.netloc == request.get_host()
    there = f"{came_from.path}?{came_from.query}" if came_from.query else came_from.path
    return own_path(there, "/") if same else "/"


def _over(request: HttpRequest, mark: str, limit: timedelta, now: datetime) -> bool:
    at = request.session.get(mark)
    return not isinstance(at, int) or now.timestamp() - at > limit.total_seconds()


def _seconds(now: datetime) -> int:
    return int(now.timestamp())
