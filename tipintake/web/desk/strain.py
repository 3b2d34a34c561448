"""Noticing a run of hard material. The count lives in the session of this log-on, nowhere else.

It is for the person alone: no figure, no entry of the audit, no supervisor's page is made of it.
"""

from datetime import datetime

from django.http import HttpRequest

from tipintake.staff.models import User
from tipintake.staff.preferences import preferences_of
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Category, MinorPresent

RUN = 8  # pieces of hard material without a pause
PAUSE_SECONDS = 10 * 60  # so long without any is a pause
QUIET_SECONDS = 45 * 60  # after somebody said "later"

_SEEN, _QUIET = "hard", "hard-quiet-until"
HARD_CATEGORIES = frozenset(
    {Category.MINOR_EXPLOITATION.value, Category.ONLINE_CHILD_EXPLOITATION.value}
)


def is_hard(tip: Tip) -> bool:
    """Tips about children weigh most; so do pictures, which are counted as they are opened."""
    return tip.category in HARD_CATEGORIES or tip.minor_present == MinorPresent.YES


def opened(request: HttpRequest, now: datetime) -> None:
    """One more piece of hard material was opened."""
    count, last = _run(request)
    moment = int(now.timestamp())
    request.session[_SEEN] = [1 if moment - last >= PAUSE_SECONDS else count + 1, moment]


def pause_is_due(request: HttpRequest, user: User, now: datetime) -> bool:
    """Whether to suggest a pause on this page."""
    count, last = _run(request)
    moment = now.timestamp()
    if count < RUN or moment - last >= PAUSE_SECONDS or moment < _quiet_until(request):
        return False
    return preferences_of(user)["breaks"]


def later(request: HttpRequest, now: datetime) -> None:
    """Somebody has read the suggestion: it is not made again for a while."""
    request.session[_QUIET] = int(now.timestamp()) + QUIET_SECONDS
    request.session[_SEEN] = [0, 0]


def _run(request: HttpRequest) -> tuple[int, int]:
    match request.session.get(_SEEN):
        case [int(count), int(last)]:
            return count, last
    return 0, 0


def _quiet_until(request: HttpRequest) -> int:
    until = request.session.get(_QUIET, 0)
    return until if isinstance(until, int) else 0
