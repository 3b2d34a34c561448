"""Send made-up tips through the front door, and let the days pass.

Everything goes the way of a real tip: the scrubber, the seal, the rules, the queues. Routing,
comparing and notices run here, in this process, at the moment that each step would have had.
"""

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from django.db import transaction

from tipintake.demo.later import QUESTIONS, Due, Kept, ask, days_after
from tipintake.demo.pictures import attachment
from tipintake.demo.plan import Plan
from tipintake.demo.scenes import MadeTip
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.notify import notify_due
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.submit import Refused, submit_tip
from tipintake.staff.models import User
from tipintake.tips.draft import TipDraft
from tipintake.tips.models import Message
from tipintake.tips.vocabulary import CameBy, Status

PLACED_AFTER = timedelta(seconds=20)
NOTICES_AT_ONCE = 500


@dataclass(slots=True)
class Sent:
    """What came of a plan. `references` by the number of the made tip."""

    references: dict[int, str] = field(default_factory=dict)
    refused: int = 0
    waiting: Kept | None = None  # one whose writer will find a question


def send(plan: Plan, *, by: User, seed: int, end: datetime, each: Callable[[], None]) -> Sent:
    """Send every tip at its time, and between them do what is due. `each` is called per tip."""
    rng = random.Random(seed + 1)  # noqa: S311 made-up people, not secrets
    calendar: list[tuple[datetime, int, Due]] = []
    order = itertools.count()
    sent = Sent()
    asked: list[Kept] = []
    for made in plan.tips:
        for due in _due(calendar, until=made.at):
            _do(due)
        kept = _kept(made, rng)
        each()
        if kept is None:
            sent.refused += 1
            continue
        sent.references[made.number] = kept.reference
        asked.append(kept)
        for due in days_after(kept, by=by, rng=rng, end=end):
            if due.at < end:
                heapq.heappush(calendar, (due.at, next(order), due))
    for due in _due(calendar, until=end):
        _do(due)
    notify_due(now=end, limit=NOTICES_AT_ONCE)
    sent.waiting = _with_a_question(asked) or _asked_at_the_end(asked, by=by, end=end)
    return sent


def _due(calendar: list[tuple[datetime, int, Due]], *, until: datetime) -> Iterator[Due]:
    while calendar and calendar[0][0] <= until:
        yield heapq.heappop(calendar)[2]


def _do(due: Due) -> None:
    with transaction.atomic():
        due.act(due.at)


def _kept(made: MadeTip, rng: random.Random) -> Kept | None:
    draft = TipDraft.from_mapping(made.values)
    if made.picture and draft.takes_pictures:
        draft = replace(draft, attachments=(attachment(rng),))
    came_by = rng.choices((CameBy.WEB, CameBy.API, CameBy.STAFF), (88, 4, 8))[0]
    try:
        receipt = submit_tip(draft, came_by=came_by, low_trust=False, now=made.at)
    except Refused:
        return None
    placed = made.at + PLACED_AFTER
    route_waiting(now=placed)
    corroborate_due(now=placed)
    notify_due(now=placed)
    return Kept(made, receipt.reference, receipt.code)


def _with_a_question(asked: list[Kept]) -> Kept | None:
    """The newest tip whose question nobody has answered."""
    open_questions = Message.objects.filter(
        direction=Message.Direction.QUESTION, read_at__isnull=True
    )
    waiting = set(open_questions.values_list("tip__reference", flat=True))
    return next((one for one in reversed(asked) if one.reference in waiting), None)


def _asked_at_the_end(kept: list[Kept], *, by: User, end: datetime) -> Kept | None:
    """A small demo may have no question that waits: then the newest tip in hand gets one."""
    in_hand = (one for one in reversed(kept) if not one.made.waits)
    newest = next((one for one in in_hand if one.tip().status != Status.CLOSED), None)
    if newest is not None:
        ask(newest, QUESTIONS[0], by=by, now=end)
    return newest
