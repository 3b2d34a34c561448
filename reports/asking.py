"""Ask for an export, cancel one. The row is the job; the exporter makes it."""

import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import UUID

import pyrage
from django.db import transaction
from django.utils.translation import gettext as _

from reports import bell, selecting
from reports.formats import formats
from reports.models import GOES_ON, Digest, Export, ExportedTip, Purpose
from reports.scope import Level, OutOfScope, Scope, scope_for
from tipintake.directory.models import Line
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of
from tipintake.tips.when import FIRST_DAY, LAST_DAY
from tipintake.triage import vault

MOST_CHOSEN = 500
MOST_NAMED = 20
_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
OPERATOR = frozenset({May.EXPORT})


class CannotAsk(Exception):
    """The export was not asked for; the sentence says what is to mend."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody fills in."""

    recipient: Line
    purpose: str
    authority: str
    level: str
    formats: Sequence[str]
    selection: Mapping[str, str] = field(default_factory=dict)
    references: Sequence[str] = ()
    with_pictures: bool = False
    with_vault: bool = False
    vault_reason: str = ""
    age_recipients: Sequence[str] = ()


def ask(
    wish: Wish, *, user: User | None, requester: str, now: datetime, reference: str = ""
) -> Export:
    """Keep the wish as a row, and ring. Raises CannotAsk or OutOfScope."""
    scope = checked(wish, acts=acts_for(user), now=now)
    return keep(wish, scope, user=user, requester=requester, now=now, reference=reference)


def acts_for(user: User | None) -> frozenset[May]:
    """What the asker may do; who runs a command on the machine may export evidence, no names."""
    return OPERATOR if user is None else acts_of(user)


def checked(wish: Wish, *, acts: frozenset[May], now: datetime) -> Scope:
    if not wish.authority.strip():
        raise CannotAsk(_("Say on what authority: a case number, an order or an agreement."))
    if wish.purpose not in Purpose.values:
        raise CannotAsk(_("Choose a purpose."))
    if not wish.recipient.active:
        raise CannotAsk(
            _("{name} is retired in the directory: nothing goes out to it.").format(
                name=wish.recipient.name
            )
        )
    unknown = [one for one in wish.formats if one not in formats()]
    if unknown or not wish.formats:
        raise CannotAsk(
            _("Choose at least one format of: {value}.").format(value=", ".join(formats()))
        )
    if len(wish.references) > MOST_CHOSEN:
        raise CannotAsk(
            _("Choose at most {most_chosen} tips, or use the filter.").format(
                most_chosen=MOST_CHOSEN
            )
        )
    if wish.with_vault and wish.vault_reason not in vault.Reason.values:
        raise CannotAsk(_("Say why names of victims and minors are needed."))
    if wish.level not in list(Level):
        raise OutOfScope(_("Choose how much the recipient needs to know."))
    for one in wish.age_recipients:
        age_recipient(one)
    _check_days(wish.selection)
    return scope_for(
        acts,
        wish.recipient.kind,
        Level(wish.level),
        with_vault=wish.with_vault,
        with_pictures=wish.with_pictures,
        now=now,
    )


def _check_days(selection: Mapping[str, str]) -> None:
    first, last = (_day(selection.get(name, "")) for name in ("from", "to"))
    if first and last and first > last:
        raise CannotAsk(_("The first day is after the last, so no tip came between them."))


def _day(given: str) -> date | None:
    """Within bounds that a clock can reckon with. Raises CannotAsk."""
    if not given:
        return None
    with suppress(ValueError):
        day = date.fromisoformat(given)
        if FIRST_DAY <= day <= LAST_DAY:
            return day
    raise CannotAsk(
        _("{day} is no day of this century: write it as in 2026-11-28.").format(day=given[:20])
    )


def keep(
    wish: Wish,
    scope: Scope,
    *,
    user: User | None,
    requester: str,
    now: datetime,
    digest: Digest | None = None,
    reference: str = "",
) -> Export:
    with transaction.atomic():
        keys = _chosen(user, wish.references) if wish.references else []
        export = Export.objects.create(
            reference=reference or reference_of(secrets.token_bytes(16)),
            asked_by=user,
            requester=requester,
            asked_at=now,
            recipient=wish.recipient,
            purpose=wish.purpose,
            authority=wish.authority.strip(),
            level=wish.level,
            formats=list(wish.formats),
            selection={"chosen": str(len(keys))} if keys else dict(wish.selection),
            with_pictures=wish.with_pictures,
            with_vault=wish.with_vault,
            vault_reason=wish.vault_reason if wish.with_vault else "",
            age_recipients=list(wish.age_recipients),
            tlp=scope.caveat.tlp.value,
            destroy_by=scope.caveat.destroy_by,
            total=len(keys),
            digest=digest,
        )
        ExportedTip.objects.bulk_create(
            ExportedTip(export=export, position=at, tip_id=key) for at, key in enumerate(keys)
        )
        audit.record(
            "export.asked",
            actor=requester,
            now=now,
            subject=export.reference,
            recipient=wish.recipient.code,
            purpose=wish.purpose,
            level=wish.level,
            formats=list(wish.formats),
            filters=sorted(export.selection),
            names=wish.with_vault,
            pictures=wish.with_pictures,
        )
        transaction.on_commit(lambda: bell.ring(), robust=True)  # noqa: PLW0108  ticket 36487
    return export


def _chosen(user: User | None, references: Sequence[str]) -> list[UUID]:
    """All of these tips or none: a packet from which one is missing looks like a whole one."""
    tips = selecting.chosen(user, references).order_by("submitted_hour", "pk")
    found = {reference: key for key, reference in tips.values_list("pk", "reference")}
    missing = [one for one in references if one not in found]
    if missing:
        raise CannotAsk(
            _(
                "Not here for you, or withdrawn: {tips}. Check the numbers, or take them out."
            ).format(tips=", ".join(missing[:MOST_NAMED]) + (" …" if missing[MOST_NAMED:] else ""))
        )
    return list(found.values())


def cancel(export: Export, *, by: str, now: datetime) -> bool:
    """Whether there was something to cancel. The exporter stops at its next row."""
    with transaction.atomic():
        waiting = Export.objects.filter(pk=export.pk, state=Export.State.WAITING)
        stopped = waiting.update(state=Export.State.CANCELLED)
        going = Export.objects.filter(pk=export.pk, state__in=GOES_ON, cancel_asked=False)
        if not stopped and not going.update(cancel_asked=True):
            return False
        audit.record("export.cancelled", actor=by, now=now, subject=export.reference)
    return True


def age_recipient(text: str) -> "pyrage.x25519.Recipient":
    """Raises CannotAsk for what is no age public key."""
    try:
        return pyrage.x25519.Recipient.from_str(text)
    except pyrage.RecipientError:
        raise CannotAsk(
            _("A recipient's key begins with age1; ask them for it again (age-keygen prints it).")
        ) from None


def reference_of(drawn: bytes) -> str:
    """The number of an export that was asked for with these 16 random bytes."""
    rest, letters = int.from_bytes(drawn, "big"), ""
    for _at in range(8):
        rest, at = divmod(rest, len(_ALPHABET))
        letters += _ALPHABET[at]
    return f"E-{letters[:4]}-{letters[4:]}"
