"""Need to know: which lines an account sees."""

from django.db.models import Q
from django.db.models.expressions import Combinable

from tipintake.staff.models import LineMembership, User
from tipintake.staff.roles import May, acts_of


def lines_visible_to(user: User, acts: frozenset[May] | None = None) -> Q:
    """A condition on lines: `Line.objects.filter(lines_visible_to(user))`.

    Everybody sees the lines they were assigned, the installation's own staff its internal lines
    too, and the administrator all. `acts` are the user's, from one who knows them already.
    """
    return lines_for(user.pk, acts_of(user) if acts is None else acts)


def lines_for(user: int | Combinable, acts: frozenset[May]) -> Q:
    """The same for the key of an account and what it may do."""
    if May.SEE_ALL_LINES in acts:
        return Q()
    if May.READ_TIPS not in acts:
        return Q(pk__in=[])
    assigned = Q(pk__in=LineMembership.objects.filter(user=user).values("line"))
    return assigned | Q(kind="internal") if May.SEE_INTERNAL_LINES in acts else assigned
