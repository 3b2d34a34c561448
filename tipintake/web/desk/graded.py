"""The grade of a tip as its page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext

from tipintake.privacy import keys
from tipintake.privacy.seal import PrivateKey
from tipintake.staff.roles import May
from tipintake.tips.models import Tip
from tipintake.tips.vocabulary import Content, Source
from tipintake.triage import grading
from tipintake.triage.models import Grade
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk

Choices = Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, repr=False)
class Move:
    """One move of the grade, in words."""

    when: str
    by: str
    said: str
    why: str
    words: str


@dataclass(frozen=True, slots=True, repr=False)
class Graded:
    """How a tip is graded, how it came to that, and what may be chosen."""

    code: str
    source: str
    content: str
    moves: list[Move]
    sources: Choices
    contents: Choices
    reasons: Sequence[tuple[str, str]]
    may_grade: bool
    limit: int = grading.LIMIT


def grade_of(desk: Desk, found: Tip) -> Graded:
    source, content = Source(found.source_grade), Content(found.content_grade)
    past = grading.past_of(found, _private()) if desk.is_own_staff else []
    return Graded(
        code=f"{source.value}{content.value}",
        source=gettext(str(source.label)).partition(": ")[2],
        content=gettext(str(content.label)).partition(": ")[2],
        moves=[
            Move(
                moment(one.at, desk.now),
                one.by,
                gettext("{before} to {now}").format(before=one.before, now=one.now),
                one.why,
                one.words,
            )
            for one in past
        ],
        sources=[(one.value, str(one.label), grading.SOURCE_MEANS[one]) for one in Source],
        contents=[(one.value, str(one.label), grading.CONTENT_MEANS[one]) for one in Content],
        reasons=[(code, str(label)) for code, label in Grade.Why.choices],
        may_grade=desk.may(May.GRADE),
    )


def _private() -> PrivateKey | None:
    try:
        return keys.desk_private(settings.PRIVATE_KEYS_DIR)
    except (keys.KeyMissing, ObjectDoesNotExist):
        return None
