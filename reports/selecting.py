"""Which tips: a filter of closed codes, or chosen tips. Always within what the account sees."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from reports import correcting
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
    """When a tip came: to the line that is asked for, for it may come there later than it was
    first routed; else when it was routed. One filter, so that all is said of one hand-off.

    With a line that the account does not see nothing is found: which tips are with a service
    would tell who wrote them.
    """
    line = selection.get("line")
    when = "hand_offs__queued_at" if line else "routed_at"
    asked = Q()
    if line:
        seen = Q() if user is None else lines_visible_to(user)
        asked &= Q(hand_offs__line__in=Line.objects.filter(seen, code=line))
    for name, how in (("routed_since", "gte"), ("routed_before", "lt")):
        if selection.get(name):
            asked &= Q((f"{when}__{how}", datetime.fromisoformat(selection[name])))
    return asked


def usable(user: User | None) -> QuerySet[Tip]:
    """What the account sees, without tips of which staff said that they must not be used."""
    return visible(user).exclude(correcting.withdrawn())


def in_words(selection: Mapping[str, str]) -> str:
    """It stands in the package too. Not how many were chosen: beside the number of those that went
    in, it would tell that somebody does not allow police."""
    if "chosen" in selection:
        return _("chosen by number")
    said = [f"{_(SAID[name])} {selection[name]}" for name in SAID if selection.get(name)]
    return ", ".join(said) or _("all tips")


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time.min, tzinfo=ZoneInfo(settings.TIME_ZONE))
