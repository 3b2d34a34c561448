"""Who has read which version of a tip, and who is looking at it now.

Rows, not broker keys: a broker that is away takes nothing from the page, and no tip's number
leaves the database.
"""

from datetime import datetime, timedelta

from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.triage.models import Seen

LOOKING = timedelta(seconds=90)  # an open page says so again every thirty


def note(user: User, tip: Tip, *, now: datetime) -> None:
    """This person reads the tip as it is now."""
    row = Seen(user=user, tip=tip, version=tip.version, looking_until=now + LOOKING)
    Seen.objects.bulk_create(
        [row],
        update_conflicts=True,
        unique_fields=["user", "tip"],
        update_fields=["version", "looking_until"],
    )


def still_looking(user: User, tip: Tip, *, now: datetime) -> None:
    """The page is still open. It says nothing about what was read."""
    Seen.objects.filter(user=user, tip=tip).update(looking_until=now + LOOKING)


def acted(user: User, tip: Tip) -> None:
    """What one did oneself is no news, when one had read what was there before."""
    Seen.objects.filter(user=user, tip=tip, version=tip.version - 1).update(version=tip.version)


def others_looking(user: User, tip: Tip, *, now: datetime) -> list[str]:
    rows = Seen.objects.filter(tip=tip, looking_until__gt=now).exclude(user=user)
    return list(rows.order_by("user__username").values_list("user__username", flat=True))
