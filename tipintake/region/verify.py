"""What this installation itself found out about an entry: confirmed by a call, or doubted.

An entry confirmed here is the installation's own: no later load overwrites it.
"""

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from tipintake.directory.lookup import line as line_of
from tipintake.directory.lookup import renew
from tipintake.directory.models import Alias, Line, VerifiedState
from tipintake.region import care
from tipintake.staff.audit import record


class CannotConfirm(care.NotKept):
    """Something is missing before an entry can be confirmed. Says what."""


def confirm_line(code: str, *, number: str | None, source: str, by: str, now: datetime) -> Line:
    """Somebody called the line. `number` is what residents may see; None leaves it as it is."""
    _needs(source, by)
    line = line_of(code)
    changes = {} if number is None else {"number": number}
    care.verify(
        care.LINES,
        line,
        changes,
        source=source,
        by=by,
        now=now,
        today=timezone.localdate(now),
    )
    return line


def doubt_line(code: str, *, source: str, by: str, now: datetime) -> Line:
    """A call failed, or somebody said that it changed: residents no longer see the number."""
    _needs(source, by)
    line = line_of(code)
    care.doubt(care.LINES, line, source=source, by=by, now=now, today=timezone.localdate(now))
    return line


def approve_alias(text: str, *, source: str, by: str, now: datetime) -> Alias:
    """From now on this name or landmark is evidence of a place, in every running process."""
    _needs(source, by)
    with transaction.atomic():
        alias = Alias.objects.filter(text__iexact=text.strip()).first()
        if alias is None:
            raise CannotConfirm(f"No alias reads {text!r}. Add it to aliases.csv and load.")
        if alias.proposed_by and alias.proposed_by == by:
            raise CannotConfirm("Whoever proposed a name does not approve it: ask somebody else.")
        _mark(alias, source=source, by=by, now=now)
        alias.approved = True
        alias.save()
        renew(now=now)
        record("alias.approved", actor=by, now=now, subject=alias.text[:80])
    return alias


def _mark(entry: Alias, *, source: str, by: str, now: datetime) -> None:
    entry.source = source.strip()
    entry.verified_state = VerifiedState.CONFIRMED
    entry.verified_by = by
    entry.verified_on = timezone.localdate(now)


def _needs(source: str, by: str) -> None:
    if not source.strip():
        raise CannotConfirm("Say where this was found: whom you called, on which day.")
    if not by.strip():
        raise CannotConfirm("Say who found it out.")
