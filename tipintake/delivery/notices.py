"""Notices as rows: one for each endpoint, with an id that every attempt at sending it shares."""

from datetime import datetime
from uuid import UUID, uuid5

from tipintake.delivery.models import HandOff, Notice
from tipintake.directory.models import Contact

NAMESPACE = UUID("8f3bb1d2-6d0e-5c0a-9e57-6c1d2f0b7a44")


def notice(
    hand_off: HandOff, contact: Contact, *, purpose: Notice.Purpose, number: int, now: datetime
) -> Notice:
    """A notice that is due at once. Not yet saved; saving it twice changes nothing."""
    name = f"{hand_off.pk}/{contact.pk}/{purpose.value}/{number}"
    return Notice(
        id=uuid5(NAMESPACE, name),
        hand_off=hand_off,
        contact=contact,
        purpose=purpose,
        priority=hand_off.priority,
        round=number,
        next_at=now,
    )


def keep(notices: list[Notice]) -> None:
    """Save those that are not there yet."""
    Notice.objects.bulk_create(notices, ignore_conflicts=True)
