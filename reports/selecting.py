"""Which tips: a filter of closed codes, or chosen tips. Always within what the account sees."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from reports import correcting
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.staff.models import User
from tipintake.staff.visible import lines_visible_to
from tipintake.tips import terms
from tipintake.tips.models import SearchTerm, Tip
from tipintake.triage.visible import tips_visible_to

# Name in the filter -> how a tip answers. The line, the city and the times are read apart.
FACETS: Mapping[str, str] = {
    "priority": "priority",
    "status": "status",
    "category": "category",
}
SAID: Mapping[str, str] = {
    "line": noop("line"),
    "priority": noop("priority"),
    "status": noop("status"),
    "category": noop("kind"),
    "city": noop("city"),
    "from": noop("received from"),
    "to": noop("received until"),
    "routed_since": noop("came since"),
    "routed_before": noop("came before"),
}

MOMENTS = ("routed_since", "routed_before")


def chosen(user: User | None, references: Sequence[str]) -> QuerySet[Tip]:
    """These tips, as far as the account sees them and they may be used."""
    return usable(user).filter(reference__in=references)


def selected(user: User | None, selection: Mapping[str, str]) -> QuerySet[Tip]:
    """The tips that a filter finds, the oldest first. Every value of it is a code or a date."""
    tips = usable(user).filter(routed_at__isnull=False).filter(_came(user, selection))
    for name, path in FACETS.items():
        if selection.get(name):
            tips = tips.filter(**{path: selection[name]})
    if selection.get("city"):
        # As on the queue: else a packet would lack tips that the queue shows for the same city.
        here = SearchTerm.objects.filter(terms.in_city(selection["city"]), tip=OuterRef("pk"))
        tips = tips.filter(Exists(here))
    if selection.get("from"):
        tips = tips.filter(submitted_hour__gte=_midnight(selection["from"]))
    if selection.get("to"):
        tips = tips.filter(submitted_hour__lt=_midnight(selection["to"]) + timedelta(days=1))
    return tips.order_by("submitted_hour", "pk").distinct()


def visible(user: User | None) -> QuerySet[Tip]:
    """What the account sees; a command of the operator, which has no account, sees all."""
    return Tip.objects.all() if user is None else tips_visible_to(user)


def _came(user: User | None, selection: Mapping[str, str]) -> Q:
    """Which tips came to the line that is asked for, or to any that the account sees, and when:
    a tip may come there later than it was first routed. What may be used again comes anew.

    With a line that the account does not see nothing is found: which tips are with a service
    would tell who wrote them.
    """
    line = selection.get("line")
    seen = Q() if user is None else lines_visible_to(user)
    lines = Line.objects.filter(seen, **({"code": line} if line else {}))
    came = HandOff.objects.filter(line__in=lines)
    theirs = came.filter(tip=OuterRef("pk"))
    since, before = (_moment(selection.get(name)) for name in MOMENTS)
    if since is None and before is None:
        return Q(Exists(theirs)) if line else Q()
    if before is not None:
        came = came.filter(queued_at__lt=before)
    if since is not None:
        came = came.filter(queued_at__gte=since)
    fresh = Q(pk__in=came.values("tip"))
    if since is not None and not line:
        fresh &= Q(~Exists(theirs.filter(queued_at__lt=since)))
    again = Q(reference__in=correcting.allowed_again(since, before))
    return fresh | (Q(Exists(theirs)) & again)


def _moment(said: str | None) -> datetime | None:
    return datetime.fromisoformat(said) if said else None


def usable(user: User | None) -> QuerySet[Tip]:
    """What the account sees, without tips of which staff said that they must not be used."""
    return visible(user).exclude(correcting.withdrawn())


def in_words(selection: Mapping[str, str]) -> str:
    """It stands in the package too. Not how many were chosen: beside the number of those that went
    in, it would tell that somebody does not allow police."""
    if "chosen" in selection:
        return _("chosen by number")
    said = [
        f"{_(SAID[name])} {_read(name, value)}" for name in SAID if (value := selection.get(name))
    ]
    return ", ".join(said) or _("all tips")


def _read(name: str, value: str) -> str:
    """A moment by the clock here, to the minute."""
    moment = _moment(value) if name in MOMENTS else None
    return value if moment is None else f"{timezone.localtime(moment):%Y-%m-%d %H:%M %Z}"


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
