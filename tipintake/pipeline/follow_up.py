"""What the holder of a receipt adds later: an answer, more vehicles, places and pictures.

It is cleaned as a tip is, becomes evidence of the tip, and changes nothing about where the tip
stands. The lines that have it are told that there is more, and nothing of what it says.
"""

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tipintake.delivery.models import OPEN_STATES, HandOff, Notice
from tipintake.delivery.notices import keep, notice
from tipintake.directory.models import Contact
from tipintake.pipeline import bell
from tipintake.pipeline.lost_commit import asked_anew
from tipintake.pipeline.submit import Refused
from tipintake.privacy import coarsen
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import Verdict
from tipintake.staff import audit
from tipintake.tips import messages
from tipintake.tips.by_receipt import tip_under
from tipintake.tips.cleaning import Cleaned, clean, evidence_of_tip
from tipintake.tips.draft import (
    AttachmentDraft,
    LocationDraft,
    Problem,
    TipDraft,
    VehicleDraft,
    words_left,
)
from tipintake.tips.models import DataKey, Message, Tip
from tipintake.tips.said import NO_DECISIONS
from tipintake.tips.store import add

MOST_ANSWERS = 100  # of one tip: more is a script, and fills the desk
MOST_PARTS = 50  # vehicles or places of one tip
MOST_FILES = 25  # of one tip, each perhaps of many pages
SAYS_NOTHING, NOTHING_LEFT = "says_nothing", "nothing_left"
IN_HAND = (*OPEN_STATES, HandOff.State.ACKNOWLEDGED)


class UnknownReceipt(Exception):
    """Nothing is kept under this receipt; a purged tip raises the same."""


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class More:
    """What one person typed on coming back."""

    text: str = ""
    vehicles: tuple[VehicleDraft, ...] = ()
    locations: tuple[LocationDraft, ...] = ()
    attachments: tuple[AttachmentDraft, ...] = ()
    language: str = "en"

    def __repr__(self) -> str:
        return "<More>"


@dataclass(frozen=True, slots=True)
class Preview:
    """What an agency would see of it. Nothing is kept."""

    draft: TipDraft  # as typed
    cleaned: Cleaned
    problems: list[Problem]


def draft_of(code: ReceiptCode, more: More, *, files: int) -> TipDraft:
    """The tip with what is new, to be asked before any file is opened which ones it takes.

    Raises `UnknownReceipt`, or `Refused` when it has no room for them.
    """
    tip = tip_under(code).first()
    if tip is None:
        raise UnknownReceipt
    draft = _draft(tip, more)
    if problems := _too_much(tip, draft, files=files):
        raise Refused(problems)
    return draft


def preview_more(
    code: ReceiptCode,
    more: More,
    *,
    now: datetime,
    decisions: Mapping[str, Verdict] = NO_DECISIONS,
) -> Preview:
    tip = tip_under(code).first()
    if tip is None:
        raise UnknownReceipt
    return _preview(tip, more, decisions, now)


def send_more(
    code: ReceiptCode,
    more: More,
    *,
    now: datetime,
    decisions: Mapping[str, Verdict] = NO_DECISIONS,
    also: Callable[[], None] | None = None,
) -> None:
    """Keep what was added, scrubbed and sealed, and tell the lines that there is more.

    `also` writes what must stand or fall with it. Raises `UnknownReceipt`, `Refused` or
    `PerhapsKept`.
    """
    tip = tip_under(code).first()
    if tip is None:
        raise UnknownReceipt
    seen = _preview(tip, more, decisions, now)
    if seen.problems:
        raise Refused(seen.problems)
    hour = coarsen.hour(now)
    key = uuid.uuid4()
    kept = tip.messages.filter(pk=key)
    is_kept = asked_anew(kept.exists, ring=lambda: bell.ring_notify())  # noqa: PLW0108
    with is_kept as written, transaction.atomic():
        # A purge may have come between, and two answers must not take the same place. A worker
        # that has the tip in hand is waited for: to pass over it would say "unknown receipt".
        if tip_under(code).select_for_update(of=("self",), no_key=True).first() is None:
            raise UnknownReceipt
        text = seen.cleaned.draft.narrative
        messages.keep(messages.answer(tip, text, key=key, now=now))
        add(
            seen.cleaned,
            tip,
            mailbox=messages.mailbox_of(tip),
            words_are=f"/messages/{key.hex}",
            now=now,
        )
        # One that came while they wrote is answered by nothing yet.
        tip.messages.filter(
            direction=Message.Direction.QUESTION, shown=True, read_at=None, withdrawn_at=None
        ).update(read_at=hour)
        audit.record(
            "message.answered",
            actor="door",
            now=hour,
            subject=tip.reference,
            vehicles=len(seen.cleaned.draft.vehicles),
            places=len(seen.cleaned.draft.locations),
            files=len(seen.cleaned.draft.attachments),
        )
        _tell_lines(tip, now=hour)
        if also is not None:
            also()
        written()


def _preview(tip: Tip, more: More, decisions: Mapping[str, Verdict], now: datetime) -> Preview:
    draft = _draft(tip, more)
    cleaned = clean(draft, decisions=decisions, also_known=evidence_of_tip(tip))
    return Preview(draft, cleaned, _problems(tip, draft, cleaned, now))


def _draft(tip: Tip, more: More) -> TipDraft:
    """The tip as it stands, with only what is new in it."""
    draft = TipDraft(
        category=tip.category,
        immediacy=tip.immediacy,
        minor_present=tip.minor_present,
        indicators=tuple(tip.indicators),
        reporter_is_victim=tip.reporter_is_victim,
        language=more.language,
    )
    return replace(
        draft,
        narrative=more.text.strip(),
        vehicles=tuple(one for one in more.vehicles if not one.is_empty),
        locations=tuple(one for one in more.locations if not one.is_empty),
        attachments=more.attachments,
    )


def _problems(tip: Tip, draft: TipDraft, cleaned: Cleaned, now: datetime) -> list[Problem]:
    # What the tip itself needs was asked when it came.
    found = [one for one in draft.check(now=now) if one.code != "needs_a_what"]
    if not (draft.narrative or _shows_something(draft)):
        found.append(
            Problem(
                "/narrative",
                SAYS_NOTHING,
                _("Write something, describe a vehicle or a place, or add a picture."),
            )
        )
    elif not _says_something(cleaned):
        found.append(
            Problem(
                "/narrative",
                NOTHING_LEFT,
                _(
                    "All of this was taken for yours and would be taken out. Write what you saw, "
                    "or say of each part whose it is."
                ),
            )
        )
    return found or _too_much(tip, draft, files=len(draft.attachments))


def _shows_something(draft: TipDraft) -> bool:
    return bool(draft.vehicles or draft.locations or draft.attachments)


def _says_something(cleaned: Cleaned) -> bool:
    """What is held or locked away is kept as well: somebody reads it. A full stop that is left of
    what was taken out says nothing."""
    left = words_left(cleaned.draft.narrative)
    speaks = any(map(str.isalnum, left)) if cleaned.findings else left
    return _shows_something(cleaned.draft) or bool(speaks or cleaned.held or cleaned.vault)


def _too_much(tip: Tip, draft: TipDraft, *, files: int) -> list[Problem]:
    """Nobody is silenced by this: a new tip is always taken."""
    answers = tip.messages.filter(direction=Message.Direction.ANSWER).count()
    vehicles = tip.vehicles.count() + len(draft.vehicles)
    places = tip.locations.count() + len(draft.locations)
    files += tip.attachments.filter(page=1).count()
    closed = not DataKey.objects.filter(tip=tip).exists()
    is_within = max(vehicles, places) <= MOST_PARTS and files <= MOST_FILES
    if not closed and answers < MOST_ANSWERS and is_within:
        return []
    return [
        Problem(
            "",
            "full",
            _("No more can be added to this tip. Please send the rest as a new tip."),
        )
    ]


def _tell_lines(tip: Tip, *, now: datetime) -> None:
    """A notice without content to every line that has the tip; an unsent one is enough."""
    rows = list(HandOff.objects.filter(tip=tip).select_related("line"))
    having = [row for row in rows if row.state in IN_HAND]
    having = having or [row for row in rows if row.state == HandOff.State.CLOSED]
    contacts = Contact.objects.only("line_id")  # the public host may not read all of one
    told = contacts.filter(
        line__in=[row.line_id for row in having], role=Contact.Role.QUEUE, active=True
    )
    earlier = Notice.objects.filter(hand_off__in=having, purpose=Notice.Purpose.MORE)
    waiting = set(earlier.filter(state=Notice.State.WAITING).values_list("hand_off", "contact"))
    highest = dict(earlier.values_list("hand_off").annotate(highest=Max("round")))
    keep(
        [
            notice(
                row,
                contact,
                purpose=Notice.Purpose.MORE,
                number=highest.get(row.pk, -1) + 1,
                now=now,
            )
            for row in having
            for contact in told
            if contact.line_id == row.line_id and (row.pk, contact.pk) not in waiting
        ]
    )
