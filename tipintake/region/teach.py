"""Names of places that staff teach: one person proposes, a second one approves.

An approved name is evidence of a place for the next tip, in every running process; `region diff`
shows it with the row that the pack would need.
"""

import re
import unicodedata
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import current_gazetteer
from tipintake.directory.models import Alias, VerifiedState
from tipintake.region.verify import CannotConfirm, approve_alias
from tipintake.routing.places.atlas import Atlas, atlas_of, street_words
from tipintake.routing.places.phrases import ARTICLES, BUSINESSES, LOCATORS, PART_OF, STREET_TYPES
from tipintake.routing.places.results import Outcome
from tipintake.routing.places.tokens import tokens_of
from tipintake.staff.audit import record

LONGEST = 120
SHORTEST = 3
_SHARED_BY_MANY = ARTICLES | BUSINESSES | LOCATORS | PART_OF | STREET_TYPES
_PERSONAL = re.compile(r"@|\d(?:\D{0,2}\d){6}")  # an e-mail address, a telephone number


class CannotTeach(Exception):
    """This name would mislead, or says nothing new. Says why."""


def propose(
    text: str,
    *,
    kind: Alias.Kind,
    outcome: Outcome,
    jurisdiction: str,
    source: str,
    by: str,
    now: datetime,
) -> Alias:
    """Write the name down. It decides nothing until somebody else approves it."""
    text = " ".join(unicodedata.normalize("NFC", text).split())
    gazetteer = current_gazetteer()
    _check_where(outcome, jurisdiction, gazetteer)
    _check_text(text, atlas_of(gazetteer))
    if not source.strip():
        raise CannotTeach("Say how you know: a map, a call, a visit.")
    with transaction.atomic():
        _check_new(text)
        alias = Alias.objects.create(
            text=text,
            kind=kind,
            outcome=outcome,
            jurisdiction=jurisdiction,
            approved=False,
            source=source.strip(),
            verified_state=VerifiedState.UNVERIFIED,
            proposed_by=by,
            proposed_on=timezone.localdate(now),
        )
        record("alias.proposed", actor=by, now=now, subject=f"alias {alias.pk}", kind=str(kind))
    return alias


def approve(pk: int, *, source: str, by: str, now: datetime) -> Alias:
    """The second person's word. Raises CannotTeach for the first person's own."""
    alias = _waiting(pk)
    try:
        return approve_alias(alias.text, source=source, by=by, now=now)
    except CannotConfirm as problem:
        raise CannotTeach(str(problem)) from None


def refuse(pk: int, *, by: str, now: datetime) -> None:
    """Take away what somebody proposed at the desk."""
    alias = _waiting(pk)
    if not alias.proposed_by:
        raise CannotTeach("This row is the pack's: take it out of aliases.csv and load.")
    with transaction.atomic():
        alias.delete()
        record("alias.refused", actor=by, now=now, subject=f"alias {pk}", kind=alias.kind)


def waiting() -> Iterable[Alias]:
    """Names that decide nothing yet, those of the desk first."""
    return Alias.objects.filter(approved=False).order_by("proposed_on", "text")


def _waiting(pk: int) -> Alias:
    alias = Alias.objects.filter(pk=pk, approved=False).first()
    if alias is None:
        raise CannotTeach("Somebody else judged this name meanwhile.")
    return alias


def _check_where(outcome: Outcome, jurisdiction: str, gazetteer: Gazetteer) -> None:
    kinds = {one.code: one.kind for one in gazetteer.jurisdictions}
    if outcome is Outcome.OUT_OF_AREA and not jurisdiction:
        return
    if outcome is Outcome.RESOLVED and jurisdiction in kinds:
        return
    if outcome is Outcome.AMBIGUOUS and kinds.get(jurisdiction) == "county":
        return
    raise CannotTeach("Choose where it is from the list.")


def _check_text(text: str, atlas: Atlas) -> None:
    if not SHORTEST <= len(text) <= LONGEST or not text.isprintable():
        raise CannotTeach(f"A name has {SHORTEST} to {LONGEST} characters.")
    if _PERSONAL.search(text):
        raise CannotTeach("That looks like somebody's number or address, not a place's name.")
    tokens = tokens_of(text)
    names = [one for one in tokens if any(char.isalpha() for char in one.text)]
    if not any(one.text not in _SHARED_BY_MANY for one in names):
        raise CannotTeach("Many places are called so; write the name that only this one has.")
    known = atlas.exact("".join(one.text for one in tokens))
    if known is not None:
        raise CannotTeach(
            "That is the name of a place already; what it means is mended in the pack, with "
            "region check and load."
        )


def _check_new(text: str) -> None:
    """Spellings that are compared as one are one."""
    wanted = _compared(text)
    for alias in Alias.objects.only("text", "approved"):
        if _compared(alias.text) == wanted:
            state = "is known already" if alias.approved else "waits for approval already"
            raise CannotTeach(f"{alias.text} {state}.")


def _compared(text: str) -> tuple[str, ...]:
    return tuple(street_words(tokens_of(text)))
