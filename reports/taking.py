"""Take a finished package. Each time is an entry in the dissemination log and in the audit."""

from collections.abc import Iterator
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from reports import correcting, selecting, store
from reports.models import Dissemination, Export
from reports.scope import Level, OutOfScope, scope_for
from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff import audit
from tipintake.staff.models import User
from tipintake.staff.roles import May, acts_of


class NotReady(Exception):
    """There is nothing to take; the sentence says why."""


def visible_exports(user: User) -> QuerySet[Export]:
    """One's own; the administrator sees all."""
    acts = acts_of(user)
    if May.EXPORT not in acts:
        return Export.objects.none()
    if May.SEE_ALL_LINES in acts:
        return Export.objects.all()
    return Export.objects.filter(asked_by=user)


def take(export: Export, *, user: User, now: datetime) -> Iterator[bytes]:
    """The package, block by block. That it was taken is recorded first.

    Raises NotReady, OutOfScope when the account may no longer give it, or KeyMissing.
    """
    if export.state != Export.State.READY or export.expires_at is None or export.expires_at <= now:
        raise NotReady(
            _("This export is no longer here. Ask for it again; the tips are the same.")
        )
    level = Level(export.level)
    if export.asked_by_id != user.pk and export.with_vault:
        raise OutOfScope(_("Names of victims and minors go only to who asked for them."))
    scope_for(acts_of(user), export.recipient.kind, level, with_vault=export.with_vault, now=now)
    seen = selecting.visible(user).filter(pk=OuterRef("tip"))
    if export.tips.exclude(tip_hash="").filter(~Exists(seen), tip__isnull=False).exists():
        raise OutOfScope(_("You do not see every tip in this export any more. Ask for a new one."))
    return hand_over(export, by=user.username, now=now)


def not_to_be_used(export: Export) -> str:
    """Why nobody may have this package any more, though it lies here until the next round; empty
    where it may be had."""
    gone = correcting.gone().filter(export=export)
    if gone.filter(tip__isnull=True).exists():
        return _("A tip in this export was destroyed since: its time was over. Ask for a new one.")
    if gone.exists():
        return _("A tip in this export must not be used any more. Ask for a new one.")
    if correcting.said_wrong().filter(export=export).exists():
        return _(
            "Something in a tip of this export is wrong, as was said since. Ask for a new one."
        )
    if correcting.shows_too_much().filter(export=export).exists():
        return _(
            "A picture in this export was blacked out since, and shows more than it may. Ask "
            "for a new one."
        )
    return ""


def hand_over(export: Export, *, by: str, now: datetime) -> Iterator[bytes]:
    """Note in the log and in the audit that it went out, then open it block by block."""
    private = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    if why := not_to_be_used(export):
        raise NotReady(why)
    if export.lease is None or not store.package(export.pk, export.lease).exists():
        raise NotReady(_("The package is not on this machine. Is the folder of exports shared?"))
    try:
        content = store.content(export, private)
    except CannotOpen:
        # What nobody can open is not noted as given: a digest would leave its tips out for ever.
        raise NotReady(
            _("The desk's key was changed since this was made. Ask for it again.")
        ) from None
    with transaction.atomic():
        Dissemination.objects.create(
            export=export,
            at=now,
            by=by,
            recipient=export.recipient.name,
            purpose=export.purpose,
            authority=export.authority,
            level=export.level,
            tlp=export.tlp,
            tips=export.done,
            formats=export.formats,
        )
        audit.record(
            "export.downloaded",
            actor=by,
            now=now,
            subject=export.reference,
            recipient=export.recipient.code,
            tips=export.done,
        )
    return content
