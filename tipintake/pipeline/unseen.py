"""Lines whose tips only administrators see: nobody who works on tips has them."""

from django.db.models import Q

from tipintake.delivery.models import IN_HAND, HandOff
from tipintake.directory.models import Line
from tipintake.staff import accounts
from tipintake.staff.models import LineMembership
from tipintake.staff.roles import May, acts_of


def unseen_lines() -> list[Line]:
    """Those that get tips, and retired ones that still hold some; none before any account."""
    mays = [(user.pk, acts_of(user)) for user in accounts.listed().filter(is_active=True)]
    if not mays:
        return []
    workers = [
        (key, acts)
        for key, acts in mays
        if May.ACT_ON_HAND_OFFS in acts and May.SEE_ALL_LINES not in acts
    ]
    in_hand = HandOff.objects.filter(state__in=IN_HAND)
    lines = Line.objects.filter(Q(active=True) | Q(pk__in=in_hand.values("line")))
    if any(May.SEE_INTERNAL_LINES in acts for _key, acts in workers):
        lines = lines.exclude(kind="internal")
    seen = LineMembership.objects.filter(user__in=[key for key, _acts in workers])
    return list(lines.exclude(pk__in=seen.values("line")).order_by("code"))


def in_words() -> list[str]:
    """The sentence of a command about them, if there are any."""
    codes = ", ".join(line.code for line in unseen_lines())
    if not codes:
        return []
    advice = "`manage.py staff lines NAME CODE --also` lets somebody see them."
    return [f"Nobody but administrators sees the tips of: {codes}. {advice}"]
