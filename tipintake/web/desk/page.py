"""What every page of the desk shares: who may see it, and the P1 banner."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import lru_cache, wraps
from itertools import islice
from typing import Any, Concatenate, NamedTuple, ParamSpec
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.models import Group
from django.db.models import Prefetch, Q, QuerySet, Subquery, Value, prefetch_related_objects
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render as render_template
from django.urls import reverse
from django.utils import timezone, translation

from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.pipeline import watch
from tipintake.pipeline.models import OperatorAlert
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.preferences import language_of, preferences_of
from tipintake.staff.roles import May, acts_of
from tipintake.staff.visible import lines_for, lines_visible_to
from tipintake.web.desk import logon, presence
from tipintake.web.desk.clocks import Clock, clock_of
from tipintake.web.desk.joined import Joined, apart
from tipintake.web.desk.queue.undo import offered
from tipintake.web.desk.statements import ME, Statement
from tipintake.web.desk.strain import pause_is_due

MOST_IN_BANNER = 4
READ_FOR_BANNER = 60
UNANSWERED_P1 = (10, 11)  # ranks of hand-offs (delivery/models.py)

P = ParamSpec("P")


@dataclass(frozen=True, slots=True)
class Desk:
    """Who asks, what they may do, and when."""

    user: User
    acts: frozenset[May]
    now: datetime
    lines: Q = field(compare=False)

    def may(self, act: May) -> bool:
        return act in self.acts

    @property
    def is_own_staff(self) -> bool:
        """Trusted with what the person said about themselves, as against staff of an agency."""
        return self.may(May.SEE_REPORTER_ANSWERS)

    def hand_offs(self) -> Any:
        """Hand-offs in the queues of visible lines."""
        return HandOff.objects.filter(line__in=Line.objects.filter(self.lines))


View = Callable[Concatenate[HttpRequest, Desk, P], HttpResponse]


def staff_only(*needed: May) -> Callable[[View[P]], Callable[..., HttpResponse]]:
    """A page for accounts that may do all of `needed`; everybody else is sent to log on."""

    def guard(view: View[P]) -> Callable[..., HttpResponse]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            now = timezone.now()
            user = request.user
            if not isinstance(user, User) or not user.is_active:
                if (answer := logon.typed_too_late(request, now)) is not None:
                    return answer
                had_session = settings.SESSION_COOKIE_NAME in request.COOKIES
                return to_log_on(request, why="locked" if had_session else "")
            # Asked for several times on a page; what stands still rides along.
            prefetch_related_objects([user], Prefetch("groups", _groups()))
            acts = acts_of(user)
            desk = Desk(user, acts, now, lines_visible_to(user, acts))
            with translation.override(language_of(user)):
                if not acts.issuperset(needed):
                    return refusal(request, desk)
                return view(request, desk, *args, **kwargs)

        return guarded

    return guard


def proved_lately(view: View[P]) -> View[P]:
    """Only for somebody who has shown a second factor within minutes; stands under staff_only.

    What was typed waits until they have.
    """

    @wraps(view)
    def guarded(
        request: HttpRequest, desk: Desk, /, *args: P.args, **kwargs: P.kwargs
    ) -> HttpResponse:
        if presence.proved_lately(request, desk.now):
            return view(request, desk, *args, **kwargs)
        return presence.to_again(request, desk.user)

    return guarded


def to_log_on(request: HttpRequest, why: str = "") -> HttpResponseRedirect:
    """To the log-on page, and back to where one wanted to go."""
    wanted = request.get_full_path() if request.method == "GET" else ""
    query = {key: value for key, value in (("next", wanted), ("why", why)) if value}
    if wanted == "/":
        query.pop("next")
    address = reverse("desk:login")
    return HttpResponseRedirect(f"{address}?{urlencode(query)}" if query else address)


def render(
    request: HttpRequest,
    desk: Desk,
    template: str,
    context: Mapping[str, object],
    *,
    status: int = 200,
) -> HttpResponse:
    """A page with its frame: the banner, what this account may open, what was just done."""
    frame = {
        "desk": desk,
        "banner": banner_of(desk),
        "may_read_tips": desk.may(May.READ_TIPS),
        "may_search": desk.may(May.SEARCH),
        "may_read_intelligence": desk.may(May.READ_INTELLIGENCE),
        "may_call": desk.may(May.HAND_OVER_BY_TELEPHONE),
        "may_take_tips": desk.may(May.TAKE_TIPS),
        "may_see_directory": desk.may(May.SEE_DIRECTORY),
        "may_reroute": desk.may(May.REROUTE),
        "may_read_audit": desk.may(May.READ_AUDIT),
        "may_supervise": desk.may(May.SUPERVISE),
        "preferences": preferences_of(desk.user),
        "pause_due": pause_is_due(request, desk.user, desk.now),
        "may_read_policies": desk.may(May.READ_POLICIES),
        "may_open_held": desk.may(May.OPEN_HELD),
        "may_open_vault": desk.may(May.OPEN_VAULT),
        "may_see_delivery": desk.may(May.SEE_UNDELIVERED),
        "may_manage_tokens": desk.may(May.MANAGE_ACCOUNTS),
        "may_manage_accounts": desk.may(May.MANAGE_ACCOUNTS),
        "idle_minutes": settings.DESK_IDLE_MINUTES,
        "may_approve_places": desk.may(May.APPROVE_PLACES),
        "may_see_operation": desk.may(May.SEE_OPERATION),
        "stalled": stalled(desk),
        "may_keep_tags": desk.may(May.KEEP_TAGS),
        "undo": offered(request, desk.now),
        "may_export": desk.may(May.EXPORT),
        "may_read_figures": desk.may(May.READ_FIGURES),
        "may_publish_numbers": desk.may(May.PUBLISH_NUMBERS),
        "may_read_dissemination": desk.may(May.READ_DISSEMINATION),
        # Read where it is said: a part that loads itself takes nothing from the next page.
        "done": messages.get_messages(request),
    }
    return render_template(request, template, {**frame, **context}, status=status)


def _groups() -> QuerySet[Group]:
    """Groups with the alerts that are open now, which are the same for each."""
    alerts = OperatorAlert.objects.filter(closed_at=None).values(all=Value(1))
    return Group.objects.annotate(
        alerts=Subquery(alerts.annotate(codes=Joined("code")).values("codes"))
    )


def stalled(desk: Desk) -> list[str]:
    """What stands still, for those who can do something about it."""
    if not desk.may(May.SEE_OPERATION):
        return []
    joined = {getattr(group, "alerts", None) for group in desk.user.groups.all()}
    codes = {code for one in joined for code in apart(one)}
    return [
        translation.gettext(watch.SAYS.get(code, code)) for code in sorted(codes, key=_as_watched)
    ]


def _as_watched(code: str) -> tuple[int, str]:
    known = list(watch.SAYS)
    return (known.index(code) if code in known else len(known), code)


def refusal(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Not among what this account may do. Says so: that a page exists is no secret here."""
    page, asked = _asked_for(request)
    by, now = desk.user.username, desk.now
    audit.record("page.refused", actor=by, now=now, page=page, asked=asked)
    return render(request, desk, "desk/not_yours.html", {}, status=403)


def not_here(request: HttpRequest, desk: Desk) -> HttpResponse:
    """Unknown, or not for this account: both look the same, and both are recorded."""
    page, asked = _asked_for(request)
    by, now = desk.user.username, desk.now
    audit.record("page.not_here", actor=by, now=now, page=page, asked=asked)
    return render(request, desk, "desk/not_here.html", {}, status=404)


# Numbers and codes of things in an address. Never a tip's: a purge could not take it out.
NUMBERS = ("pk", "code", "public", "key")


def _asked_for(request: HttpRequest) -> tuple[str, list[str]]:
    """The page by name, and the number of the thing that was asked for."""
    match = request.resolver_match
    if match is None:
        return "", []
    given = match.kwargs
    return match.view_name, [f"{one} {given[one]}"[:80] for one in NUMBERS if one in given]


class Waiting(NamedTuple):
    """A hand-off of a P1 tip, as the banner reads it."""

    reference: str
    line: str
    state: str
    queued_at: datetime
    due_at: datetime
    acknowledged_at: datetime | None


OF_WAITING = (
    *("tip__reference", "line__name", "state", "queued_at", "due_at", "acknowledged_at"),
)


@dataclass(frozen=True, slots=True)
class Urgent:
    """One P1 tip, and the lines of which none has acknowledged it yet."""

    reference: str
    lines: list[str]
    clock: Clock


@dataclass(frozen=True, slots=True)
class Banner:
    count: int
    first: list[Urgent]
    more: bool = False  # there may be more than were counted


@lru_cache(maxsize=64)
def _unanswered(acts: frozenset[May]) -> Statement:
    lines = Line.objects.filter(lines_for(ME, acts))
    waiting = HandOff.objects.filter(line__in=lines, rank__in=UNANSWERED_P1)
    rows = waiting.order_by("rank", "due_at", "-is_primary", "pk").values_list(*OF_WAITING)
    return Statement.of(rows[:READ_FOR_BANNER])


def banner_of(desk: Desk) -> Banner | None:
    """P1 tips in visible queues that nobody has acknowledged, the longest waiting first."""
    tips: dict[str, list[Waiting]] = {}
    for one in map(Waiting._make, _unanswered(desk.acts).ask(desk)):
        tips.setdefault(one.reference, []).append(one)
    if not tips:
        return None
    first = [
        Urgent(reference, [one.line for one in of_tip], clock_of(of_tip[0], desk.now))
        for reference, of_tip in islice(tips.items(), MOST_IN_BANNER)
    ]
    return Banner(len(tips), first, more=sum(map(len, tips.values())) == READ_FOR_BANNER)
