"""Tags: a closed vocabulary of this installation. No free text, so none about a person."""

import re
from collections.abc import Iterable
from datetime import datetime

from django.utils.translation import gettext as _

from tipintake.staff import audit
from tipintake.tips.models import Tip
from tipintake.triage.actions import NotAllowed
from tipintake.triage.models import Tag, TipTag

MOST = 60
LONGEST = 40
# Offered to an installation that has none yet.
SUGGESTED: tuple[tuple[str, str], ...] = (
    ("call-back", "Call the line back"),
    ("compare", "Compare with others"),
    ("hotel", "Hotel or motel"),
    ("needs-interpreter", "Needs an interpreter"),
    ("online-ad", "Online advertisement"),
    ("second-look", "Second look wanted"),
    ("transport", "Transport on the highway"),
    ("waiting-for-answer", "Waiting for an answer"),
)


class TagProblem(Exception):
    """The vocabulary was not changed; the sentence says why."""


def add_word(code: str, label: str, *, by: str, now: datetime) -> Tag:
    """A new word of the vocabulary, or a retired one again."""
    code, label = code.strip().lower(), " ".join(label.split())
    if not re.fullmatch(r"[a-z][a-z0-9-]{1,29}", code):
        raise TagProblem(_("A tag is 2 to 30 small letters, digits and hyphens, a letter first."))
    if not 2 <= len(label) <= LONGEST:
        raise TagProblem(
            _("Say in 2 to {longest} letters what the tag means.").format(longest=LONGEST)
        )
    if Tag.objects.filter(active=True).exclude(code=code).count() >= MOST:
        raise TagProblem(
            _("There are {most} tags. Retire one first: nobody remembers more.").format(most=MOST)
        )
    tag, _created = Tag.objects.update_or_create(
        code=code, defaults={"label": label, "active": True}
    )
    audit.record("tag.added", actor=by, now=now, subject=code)
    return tag


def retire_word(code: str, *, by: str, now: datetime) -> None:
    """It is not given any more; tips that have it keep it."""
    if Tag.objects.filter(code=code, active=True).update(active=False):
        audit.record("tag.retired", actor=by, now=now, subject=code)


def change(
    tip: Tip, *, add: Iterable[str] = (), remove: Iterable[str] = (), by: str, now: datetime
) -> None:
    """Give a tip tags of the vocabulary and take others away."""
    there = set(codes_of(tip))
    wanted, unwanted = set(add) - there, set(remove) & there
    words = {tag.code: tag for tag in Tag.objects.filter(code__in=wanted, active=True)}
    if len(words) < len(wanted):
        raise NotAllowed(_("That tag is not in the vocabulary any more. Load the page again."))
    if not words and not unwanted:
        raise NotAllowed(_("Nothing to change: its tags are so already."))
    TipTag.objects.bulk_create([TipTag(tip=tip, tag=words[code]) for code in sorted(words)])
    TipTag.objects.filter(tip=tip, tag__code__in=unwanted).delete()
    audit.record(
        "tip.tagged",
        actor=by,
        now=now,
        subject=tip.reference,
        added=sorted(words),
        removed=sorted(unwanted),
    )


def codes_of(tip: Tip) -> list[str]:
    rows = TipTag.objects.filter(tip=tip).order_by("tag__code")
    return list(rows.values_list("tag__code", flat=True))
