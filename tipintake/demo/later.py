"""What becomes of a made-up tip at the desk: taken, passed on, asked about, answered, closed.

The same acts as the buttons of the desk, by the same functions and with their audit entries.
"""

import random
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from tipintake.delivery import acts
from tipintake.delivery.acts import Act, NotPossible, Reason
from tipintake.delivery.models import HandOff
from tipintake.demo import speech
from tipintake.demo.scenes import MadeTip
from tipintake.pipeline import answering
from tipintake.pipeline.follow_up import More, send_more
from tipintake.privacy import keys
from tipintake.privacy.receipts import ReceiptCode
from tipintake.staff.models import User
from tipintake.tips.draft import VehicleDraft
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Disposition, Status
from tipintake.triage import actions, assignment, dialog, notes, pictures, workflow
from tipintake.triage.actions import NotAllowed

IN_HAND = acts.MOVES[Act.TRANSFER].start
# How long until a line has taken a tip: (from, to) in minutes, by priority.
TAKEN_AFTER = {"P1": (2, 14), "P2": (15, 300), "P3": (60, 2400), "P4": (300, 7500)}
STILL_WAITING = timedelta(days=4)
QUESTIONS = ("WHERE", "WHEN", "VEHICLE", "PEOPLE", "STILL")
ENDINGS = (
    (Disposition.INFORMATION_ONLY, 26), (Disposition.INSUFFICIENT, 18),
    (Disposition.REFERRED_AGENCY, 14), (Disposition.NO_ACTION, 12),
    (Disposition.CASE_OPENED, 9), (Disposition.REFERRED_SERVICES, 8),
    (Disposition.UNFOUNDED, 7), (Disposition.VICTIM_LOCATED, 3), (Disposition.DUPLICATE, 2),
    (Disposition.PRANK, 1),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """A made-up tip after it was sent."""

    made: MadeTip
    reference: str
    code: ReceiptCode

    def tip(self) -> Tip:
        return Tip.objects.get(reference=self.reference)


@dataclass(frozen=True, slots=True)
class Due:
    """Something that happens later."""

    at: datetime
    act: Callable[[datetime], None]


def days_after(kept: Kept, *, by: User, rng: random.Random, end: datetime) -> Iterator[Due]:
    """What the desk and the person who wrote do with this tip, in the order of time."""
    tip = kept.tip()
    if kept.made.waits:
        return
    # A few of the last days wait still, none of the most urgent.
    waits = tip.priority != "P1" and rng.random() < 0.15
    if waits and end - kept.made.at < STILL_WAITING:
        return
    first, last = TAKEN_AFTER.get(tip.priority, TAKEN_AFTER["P3"])
    at = kept.made.at + timedelta(minutes=rng.uniform(first, last))
    passed_on = tip.priority != "P1" and rng.random() < 0.05
    yield Due(at, lambda now: _take_all(kept, by=by, passing_on=passed_on, now=now))
    if rng.random() < 0.3:
        yield Due(at, lambda now: _assign(kept, by, now=now))
    at += timedelta(minutes=rng.uniform(5, 300))
    if rng.random() < 0.15:
        template = rng.choice(QUESTIONS)
        yield Due(at, lambda now: ask(kept, template, by=by, now=now))
        if rng.random() < 0.6:
            more = _answer(kept, rng)
            back = at + timedelta(hours=rng.uniform(5, 90))
            yield Due(back, lambda now: _come_back(kept, more, now=now))
            at = max(at, back) + timedelta(hours=rng.uniform(1, 20))
    if rng.random() < 0.12:
        words = rng.choice(speech.NOTES)
        yield Due(at, lambda now: _note(kept, words, by=by, now=now))
    at += timedelta(hours=rng.uniform(1, 30))
    if rng.random() < 0.4:
        yield Due(at, lambda now: _work_on(kept, by=by, now=now))
    if rng.random() < 0.85:
        at += timedelta(hours=rng.expovariate(1 / 110))
        ending = rng.choices([one for one, _ in ENDINGS], [share for _, share in ENDINGS])[0]
        yield Due(at, lambda now: _close_all(kept, ending, by=by, now=now))


def _take_all(kept: Kept, *, by: User, passing_on: bool, now: datetime) -> None:
    tip = _claimed(kept)
    for row in _in_hand(tip):
        if passing_on and row.is_primary:
            row = _passed_on(row, by=by, now=now)
        if row.state in acts.MOVES[Act.ACKNOWLEDGE].start:
            answering.take(row, by=by.username, now=now)
    for picture in tip.attachments.all():
        pictures.confirm(picture, by=by, now=now)


def _assign(kept: Kept, to: User, *, now: datetime) -> None:
    with suppress(NotAllowed):  # it may be in no line of theirs
        assignment.assign(_claimed(kept), to, by=to.username, now=now)


def _passed_on(row: HandOff, *, by: User, now: datetime) -> HandOff:
    lines = answering.lines_that_may_follow(row, by_agency=False)
    if not lines:
        return row
    try:
        following = answering.pass_on(
            row,
            Act.DECLINE,
            to=lines[0],
            reason=Reason.OTHER_AREA,
            by=by.username,
            now=now,
            by_agency=False,
        )
    except NotPossible:
        return row
    following.tip = row.tip
    return following


def ask(kept: Kept, template: str, *, by: User, now: datetime) -> None:
    dialog.ask(kept.tip(), template=template, by=by.username, now=now)


def _answer(kept: Kept, rng: random.Random) -> More:
    more = More(text=rng.choice(speech.ANSWERS[kept.made.language]), language=kept.made.language)
    if rng.random() < 0.2:
        return replace(
            more, vehicles=(VehicleDraft(make="Ford", colour1=rng.choice(("white", "gray"))),)
        )
    return more


def _come_back(kept: Kept, more: More, *, now: datetime) -> None:
    send_more(kept.code, more, now=now)


def _note(kept: Kept, words: str, *, by: User, now: datetime) -> None:
    with transaction.atomic():
        private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
        notes.write(kept.tip(), words, author=by, private=private, now=now)


def _work_on(kept: Kept, *, by: User, now: datetime) -> None:
    tip = kept.tip()
    if workflow.allowed(tip.status, Status.WORKING) and tip.status != Status.CLOSED:
        actions.claim(tip, version=tip.version)
        actions.change_status(tip, Status.WORKING, by=by.username, now=now)


def _close_all(kept: Kept, ending: Disposition, *, by: User, now: datetime) -> None:
    """Each line that has it closes it; read answers are read before."""
    tip = _claimed(kept)
    dialog.unread_answers().filter(tip=tip).update(read_at=now)
    rows = [row for row in _in_hand(tip) if row.state == HandOff.State.ACKNOWLEDGED]
    for row in rows:
        acts.close(row, disposition=ending, by=by.username, now=now)
    if rows and not _in_hand(tip):
        closed = HandOff.objects.filter(tip=tip, state=HandOff.State.CLOSED)
        said = closed.values_list("disposition", flat=True)
        actions.ended(tip, dispositions=said, by=by.username, now=now)


def _claimed(kept: Kept) -> Tip:
    tip = kept.tip()
    actions.claim(tip, version=tip.version)
    return tip


def _in_hand(tip: Tip) -> list[HandOff]:
    rows = list(HandOff.objects.filter(tip=tip, state__in=IN_HAND).select_related("line"))
    for row in rows:
        row.tip = tip
    return rows
