"""Keep a tip, scrubbed and sealed, and set it on its way. Both doors call this, nothing else."""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline import bell
from tipintake.pipeline.lost_commit import asked_anew
from tipintake.pipeline.placing import Ground, ground
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import Verdict
from tipintake.routing.decide import Decided
from tipintake.routing.facts import facts_of_draft
from tipintake.routing.places.words import mentions_in
from tipintake.staff import audit
from tipintake.tips import languages
from tipintake.tips.by_receipt import tip_under
from tipintake.tips.cleaning import Cleaned, clean
from tipintake.tips.draft import Problem, TipDraft
from tipintake.tips.mentions import Mention
from tipintake.tips.said import NO_DECISIONS
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy

log = logging.getLogger(__name__)


class Refused(Exception):
    """The tip cannot be sent as it is; `problems` say what to mend."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(f"{len(problems)} to mend")
        self.problems = problems


@dataclass(frozen=True, slots=True)
class Placement:
    """One line that the tip will be placed with, as its writer may see it."""

    line_code: str
    resident_name: str
    shown_number: str  # empty when the number is unverified
    because: str
    number_year: int | None = None  # given when the number is vouched for by a dated source only


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person takes away. Shown once."""

    code: ReceiptCode
    reference: str
    placed: tuple[Placement, ...]
    banner_911: bool


@dataclass(frozen=True, slots=True)
class Preview:
    """What an agency would see, before anything is kept."""

    cleaned: Cleaned
    problems: list[Problem]
    decided: Decided | None  # None: a person at regional triage reads it first
    placed: tuple[Placement, ...] = ()


class KeptBefore(Exception):
    """A tip stands under this code: the page that it was worked out from was sent before."""


def submit_tip(
    draft: TipDraft,
    *,
    came_by: CameBy,
    now: datetime,
    decisions: Mapping[str, Verdict] = NO_DECISIONS,
    low_trust: bool = False,
    first: Callable[[], None] | None = None,
    code: ReceiptCode | None = None,
    also: Callable[[Receipt], None] | None = None,
) -> Receipt:
    """Keep a tip, scrubbed and sealed, and set it on its way.

    `first` and `also` write what must stand or fall with the tip, before it and behind it in the
    same transaction. `code` is the receipt, if not a new one; raises KeptBefore where a tip has
    it, and PerhapsKept. Scrubbing comes before that transaction, so call this outside any other.
    """
    cleaned = clean(draft, decisions=decisions)
    problems = _problems(draft, cleaned, now=now)
    if problems:
        raise Refused(problems)
    on = ground()
    mentions = _mentions(cleaned, on.gazetteer)
    decided = _decided(cleaned, mentions, on, now=now)
    is_given = code is not None
    code = code or receipts.new()
    # Partials as callbacks would crash a robust one on Django 5.2 (ticket 36487).
    is_kept = asked_anew(lambda: tip_under(code).exists(), ring=lambda: bell.ring_route())  # noqa: PLW0108
    with is_kept as written, transaction.atomic():
        if first is not None:
            first()
        if is_given and tip_under(code).exists():
            raise KeptBefore
        tip = store(
            cleaned,
            mentions=mentions,
            came_by=came_by,
            low_trust=low_trust,
            receipt=code,
            now=now,
        )
        # A resident's own act is never dated more finely than the hour.
        audit.record(
            "tip.submitted",
            actor="door",
            now=tip.submitted_hour,
            subject=tip.reference,
            came_by=came_by,
        )
        receipt = Receipt(
            code=code,
            reference=tip.reference,
            placed=_placements(decided, on, draft),
            banner_911=decided is not None and decided.banner_911,
        )
        if also is not None:
            also(receipt)
        written()
    return receipt


def preview(
    draft: TipDraft, *, now: datetime, decisions: Mapping[str, Verdict] = NO_DECISIONS
) -> Preview:
    """What would be kept and where it would go. Stores nothing."""
    cleaned = clean(draft, decisions=decisions)
    on = ground()
    decided = _decided(cleaned, _mentions(cleaned, on.gazetteer), on, now=now)
    return Preview(
        cleaned=cleaned,
        problems=_problems(draft, cleaned, now=now),
        decided=decided,
        placed=_placements(decided, on, draft),
    )


def _problems(draft: TipDraft, cleaned: Cleaned, *, now: datetime) -> list[Problem]:
    return draft.check(now=now) or cleaned.problems()


def _mentions(cleaned: Cleaned, gazetteer: Gazetteer) -> tuple[Mention, ...]:
    """Places that the scrubbed words name. A tip whose words cannot be read is kept without."""
    try:
        return mentions_in(cleaned.draft.narrative, gazetteer)
    except Exception:
        log.exception("submit.words_unread")
        return ()


def _decided(
    cleaned: Cleaned, mentions: tuple[Mention, ...], on: Ground, *, now: datetime
) -> Decided | None:
    return on.decided(lambda: facts_of_draft(cleaned.draft, mentions, at=now))


def _placements(decided: Decided | None, on: Ground, draft: TipDraft) -> tuple[Placement, ...]:
    is_spanish = languages.base(draft.language) == "es"
    return tuple(
        Placement(
            line_code=placed.line.code,
            resident_name=placed.line.resident_name_es
            if is_spanish
            else placed.line.resident_name,
            shown_number=placed.line.shown_number,
            because=placed.because,
            number_year=placed.line.shown_year,
        )
        for placed in on.placed(decided, victim=draft.reporter_is_victim)
    )
