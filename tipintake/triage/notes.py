"""Notes for colleagues: words about a tip, so they are sealed under the tip's own key."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy.seal import CannotOpen, PrivateKey, Sealed
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.tips.models import Tip
from tipintake.tips.secrets import context, data_key
from tipintake.triage.models import Note

LIMIT = 2000
UNREADABLE = gettext_noop("This note does not open: its key or the note was changed.")


@dataclass(frozen=True, slots=True)
class OpenNote:
    author: str
    written_at: datetime
    text: str


def write(tip: Tip, text: str, *, author: User, private: PrivateKey, now: datetime) -> Note:
    """Keep a note. The audit learns that it was written, not what it says."""
    key = uuid.uuid4()
    note = Note.objects.create(
        id=key,
        tip=tip,
        author=author,
        written_at=now,
        sealed=data_key(tip, private).seal(text.encode(), context=_context(tip, key)),
    )
    audit.record("note.written", actor=author.username, now=now, subject=tip.reference)
    return note


def notes_of(tip: Tip, private: PrivateKey, *, only_by: User | None) -> Iterator[OpenNote]:
    """The notes of a tip, newest first; of one author where only theirs may be read."""
    rows = Note.objects.filter(tip=tip).select_related("author").order_by("-written_at", "pk")
    rows = rows.filter(author=only_by) if only_by is not None else rows
    if not rows:
        return
    key = data_key(tip, private)
    for row in rows:
        try:
            text = key.open(Sealed(row.sealed), context=_context(tip, row.pk)).decode()
        except CannotOpen:
            text = _(UNREADABLE)
        yield OpenNote(row.author.username, row.written_at, text)


def _context(tip: Tip, key: uuid.UUID) -> str:
    return context(tip.pk, f"note:{key}")
