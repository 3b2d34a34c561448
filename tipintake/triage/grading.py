"""Grading a tip: how reliable its source is, and how far what it says holds, each by itself.

An anonymous tip starts as F6: neither can be judged. Whoever moves it says why; every move stays.
"""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy.seal import CannotOpen, PrivateKey, Sealed
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.tips.secrets import context, data_key
from tipintake.tips.vocabulary import Content, Source
from tipintake.triage.models import Grade

LIMIT = 500
UNREADABLE = gettext_noop("These words do not open: their key or the row was changed.")

# What each step means, for whoever grades.
SOURCE_MEANS: Mapping[Source, str] = MappingProxyType(
    {
        Source.A: "No doubt about the source; everything it told before was right.",
        Source.B: "Small doubts; most of what it told before was right.",
        Source.C: "Some doubts; it told right before, and wrong.",
        Source.D: "Strong doubts; seldom right before.",
        Source.E: "Shown to be wrong or to mislead.",
        Source.F: "Nothing is known of the source. Every anonymous tip starts here.",
    }
)
CONTENT_MEANS: Mapping[Content, str] = MappingProxyType(
    {
        Content.ONE: "Others who do not know of each other say the same.",
        Content.TWO: "It fits what else is known; nobody else has said it.",
        Content.THREE: "It could be; little else is known.",
        Content.FOUR: "It could be, but does not fit well.",
        Content.FIVE: "What is known speaks against it.",
        Content.SIX: "Nothing to compare it with. Every tip starts here.",
    }
)


class GradeProblem(Exception):
    """The grade stays as it is; the sentence says what is to mend."""


@dataclass(frozen=True, slots=True, repr=False)
class Past:
    """One move of the grade as the desk reads it."""

    at: datetime
    by: str
    before: str
    now: str
    why: str
    words: str


def grade(
    tip: Tip,
    *,
    source: Source,
    content: Content,
    why: Grade.Why,
    words: str = "",
    by: User,
    private: PrivateKey,
    now: datetime,
) -> Grade:
    """Move the tip's grade. The row that comes back says what it was before."""
    before = f"{tip.source_grade}{tip.content_grade}"
    if before == f"{source.value}{content.value}":
        raise GradeProblem(
            _("The tip is graded {before} already. Choose what has changed.").format(before=before)
        )
    if why == Grade.Why.OTHER and not words.strip():
        raise GradeProblem(_("Say in a sentence which other reason."))
    row = Grade(
        tip=tip,
        by=by,
        at=now,
        source=source,
        content=content,
        before=before,
        why=why,
    )
    if words.strip():
        row.sealed = data_key(tip, private).seal(
            words.strip().encode(), context=_context(tip, row.pk)
        )
    row.save(force_insert=True)
    Tip.objects.filter(pk=tip.pk).update(source_grade=source, content_grade=content)
    tip.source_grade, tip.content_grade = source, content
    audit.record(
        "tip.graded",
        actor=by.username,
        now=now,
        subject=tip.reference,
        before=before,
        grade=f"{source.value}{content.value}",
        why=why.value,
    )
    return row


def past_of(tip: Tip, private: PrivateKey | None) -> list[Past]:
    """Every move of the grade, the newest first."""
    rows = tip.grades.select_related("by").order_by("-at", "pk")
    return [
        Past(
            at=row.at,
            by=row.by.username,
            before=row.before,
            now=f"{row.source}{row.content}",
            why=str(Grade.Why(row.why).label),
            words=_words(tip, row, private),
        )
        for row in rows
    ]


def _words(tip: Tip, row: Grade, private: PrivateKey | None) -> str:
    if not row.sealed:
        return ""
    if private is None:
        return _(UNREADABLE)
    try:
        key = data_key(tip, private)
        return key.open(Sealed(row.sealed), context=_context(tip, row.pk)).decode()
    except (CannotOpen, ObjectDoesNotExist):
        return _(UNREADABLE)


def _context(tip: Tip, key: uuid.UUID) -> str:
    return context(tip.pk, f"grade:{key}")
