"""Time as the desk says it: how long is left, how long ago, in whole steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from tipintake.delivery.models import OPEN_STATES, HandOff
from tipintake.tips import when

FIRST_DAY, LAST_DAY = when.FIRST_DAY, when.LAST_DAY
SOON_MINUTES = 10
SOON_SHARE = 0.25
NOTHING = timedelta(0)
lasting = when.lasting


@dataclass(frozen=True, slots=True)
class Clock:
    """One hand-off against its deadline. `tone`: over, soon, calm or done."""

    words: str
    tone: str
    due: datetime


class Due(Protocol):
    """What a clock reads of a hand-off, or of a row that shows one."""

    @property
    def state(self) -> str: ...
    @property
    def queued_at(self) -> datetime: ...
    @property
    def due_at(self) -> datetime: ...
    @property
    def acknowledged_at(self) -> datetime | None: ...


def clock_of(hand_off: Due, now: datetime) -> Clock:
    due_at = hand_off.due_at
    if hand_off.state not in OPEN_STATES:
        words = gettext(HandOff.State(hand_off.state).label)
        if hand_off.state == HandOff.State.ACKNOWLEDGED and hand_off.acknowledged_at:
            since = ago(hand_off.acknowledged_at, now)
            words = gettext("acknowledged {since}").format(since=since)
        return Clock(words, "done", due_at)
    left = due_at - now
    if left < NOTHING:
        return Clock(gettext("overdue {span}").format(span=lasting(-left)), "over", due_at)
    given = due_at - hand_off.queued_at
    soon = left <= max(timedelta(minutes=SOON_MINUTES), given * SOON_SHARE)
    words = gettext("{span} left").format(span=lasting(left))
    return Clock(words, "soon" if soon else "calm", due_at)


def ago(then: datetime, now: datetime) -> str:
    span = now - then
    if span < timedelta(minutes=1):
        return gettext("just now")
    return gettext("{span} ago").format(span=lasting(span))


def moment(at: datetime, now: datetime) -> str:
    """A moment on the wall clock of the region: the day only when it is another."""
    here = ZoneInfo(settings.TIME_ZONE)
    local, today = at.astimezone(here), now.astimezone(here)
    hour = f"{local:%H:%M}"
    if local.date() == today.date():
        return gettext("today {hour}").format(hour=hour)
    year = "" if local.year == today.year else f" {local.year}"
    day = date_format(local, gettext("D j M"))
    return f"{day}{year}, {hour}"
