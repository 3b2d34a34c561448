"""Need to know: which tips an account sees."""

from django.db.models import Exists, OuterRef, QuerySet

from tipintake.directory.models import Line
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.staff.visible import lines_visible_to
from tipintake.tips.models import HeldSpan, Tip


def tips_visible_to(user: User) -> QuerySet[Tip]:
    """Tips that stand, or stood, in the queue of a visible line; the administrator sees all."""
    if May.SEE_ALL_LINES in acts_of(user):
        return Tip.objects.all()
    lines = Line.objects.filter(lines_visible_to(user))
    its = Tip.objects.filter(pk=OuterRef("pk"), hand_offs__line__in=lines)
    return Tip.objects.filter(Exists(its))


def held_visible_to(user: User) -> QuerySet[HeldSpan]:
    """Held-back words, of every line: the privacy officer judges for the whole installation.

    What nobody judged is destroyed, and nobody else may look.
    """
    if May.OPEN_HELD in acts_of(user):
        return HeldSpan.objects.all()
    return HeldSpan.objects.none()
