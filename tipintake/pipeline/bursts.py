"""Tips alike within a day, judged as a whole: many reports after all, or one to be set aside.

A flood (tips/floods.py) holds tips back from counting as reports of their own. Nobody but a person
can say whether many people saw the same or one hand wrote it all; they say it once for all of
them, with a reason. Nothing is hidden or refused by it, and what is P1 stays P1.
"""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import models
from django.db.models import QuerySet

from tipintake.delivery.models import HandOff
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.triage import actions
from tipintake.triage.visible import tips_visible_to

MOST = 500  # at once, in one transaction


class Release(models.TextChoices):
    """Why tips alike are reports of their own."""

    PEOPLE = "PEOPLE", "Different people saw the same"
    EVENTS = "EVENTS", "They speak of different times or places"
    ASKED = "ASKED", "We asked: they do not know of each other"


class SetAside(models.TextChoices):
    """Why tips alike stand behind the others of their priority."""

    ONE_HAND = "ONE_HAND", "One hand wrote them"
    COPIED = "COPIED", "One text goes round and is sent on"
    NOTHING = "NOTHING", "Nothing in them can be worked on"


def members(user: User, flood: UUID) -> QuerySet[Tip]:
    """Tips of this burst that the account sees, in the order in which they came."""
    return tips_visible_to(user).filter(flood=flood).order_by("submitted_hour", "pk")


def stamp(tips: Sequence[Tip]) -> str:
    """What a page showed of a burst: it differs once a tip came or somebody acted on one."""
    shown = "\n".join(sorted(f"{tip.pk}:{tip.version}" for tip in tips))
    return hashlib.sha256(shown.encode()).hexdigest()[:32]


def claim(tips: Sequence[Tip]) -> None:
    """First in the transaction that judges them; in one order for everybody, so that two who
    judge at once do not wait for ever."""
    for tip in sorted(tips, key=lambda tip: tip.pk):
        actions.claim(tip, version=tip.version)


def release(tips: Sequence[Tip], why: Release, *, by: User, now: datetime) -> None:
    """Each is a report of its own, and is never grouped again. Of tips that were claimed."""
    keys = [tip.pk for tip in tips]
    Tip.objects.filter(pk__in=keys).update(flood=None, stands_alone=True)
    _record("burst.released", tips, why, by=by, now=now)


def set_aside(tips: Sequence[Tip], why: SetAside, *, by: User, now: datetime) -> None:
    """They stay one report, and stand behind the others of their priority. Of claimed tips."""
    keys = [tip.pk for tip in tips]
    Tip.objects.filter(pk__in=keys).update(low_trust=True)
    HandOff.objects.filter(tip__in=keys).update(low_trust=True)
    _record("burst.set_aside", tips, why, by=by, now=now)


def _record(
    act: str, tips: Sequence[Tip], why: models.TextChoices, *, by: User, now: datetime
) -> None:
    facts: dict[str, audit.Fact] = {"why": str(why.value), "tips": len(tips)}
    about = [(tip.reference, facts) for tip in tips]
    audit.record_each(act, about, actor=by.username, now=now)
