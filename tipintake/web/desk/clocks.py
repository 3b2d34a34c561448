"""Time as the desk says it: how long is left, how long ago, in whole steps."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.formats import date_format
from django.utils.translation import gettext

from tipintake.delivery.models import OPEN_STATES, HandOff

SOON_MINUTES = 10
SOON_SHARE = 0.25
NOTHING = timedelta(0)


@dataclass(frozen=True, slots=True)
class Clock:
    """One hand-off against its deadline. `tone`: over, soon, calm or done."""

    words: str
    tone: str
    due: datetime


def clock_of(hand_off: HandOff, now: datetime) -> Clock:
    if hand_off.state not in OPEN_STATES:
        words = gettext(HandOff.State(hand_off.state).label)
        if hand_off.state == HandOff.State.ACKNOWLEDGED and hand_off.acknowledged_at:
            since = ago(hand_off.acknowledged_at, now)
            words = gettext("acknowledged {since}").format(since=since)
        return Clock(words, "done", hand_off.due_at)
    left = hand_off.due_at - now
    if left < NOTHING:
        return Clock(
            gettext("overdue {span}").format(span=lasting(-left)), "over", hand_off.due_at
        )
    given = hand_off.due_at - hand_off.queued_at
    soon = left <= max(timedelta(minutes=SOON_MINUTES), given * SOON_SHARE)
    words = gettext("{span} left").format(span=lasting(left))
    return Clock(words, "soon" if soon else "calm", hand_off.due_at)


def lasting(span: timedelta) -> str:
    """A stretch of time: its two largest units, or one when the other says little."""
    minutes = int(span.total_seconds() // 60)
    if minutes < 1:
        return gettext("under a minute")
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return f"{days} d {hours} h" if hours and days < 10 else f"{days} d"
    if hours:
        return f"{hours} h {minutes} min" if minutes and hours < 10 else f"{hours} h"
    return f"{minutes} min"


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
    return f"{date_format(local, 'D j M')}{year}, {hour}"
