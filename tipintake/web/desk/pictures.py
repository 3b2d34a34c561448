"""A tip's pictures as its page shows them: blurred, with what became of each.

Agencies see only what the house has confirmed: a screenshot may show who took it.
"""

import base64
from collections.abc import Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tipintake.privacy import keys
from tipintake.privacy.seal import CannotOpen
from tipintake.staff.roles import May
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.pictures import preview_of
from tipintake.tips.secrets import data_key
from tipintake.triage import pictures as acts
from tipintake.web.desk.clocks import moment
from tipintake.web.desk.page import Desk

DESTROYED = gettext_noop("The pictures of this tip were destroyed together with its key.")
CLOSED = (keys.KeyMissing, CannotOpen, ObjectDoesNotExist)


@dataclass(frozen=True, slots=True)
class PictureView:
    """One picture as the tip's page shows it. `blur` is a data: address of a few pixels."""

    pk: UUID
    name: str
    facts: str
    state: str
    confirmed: bool
    blur: str


@dataclass(frozen=True, slots=True)
class Pictures:
    shown: list[PictureView] = field(default_factory=list)
    waiting: int = 0  # not confirmed yet, and therefore not shown to this account
    problem: str = ""


def pictures_of(desk: Desk, found: Tip) -> Pictures:
    rows = list(visible(desk, found))
    waiting = found.attachments.count() - len(rows)
    if not rows:
        return Pictures(waiting=waiting)
    try:
        key = data_key(found, keys.desk_private(settings.PRIVATE_KEYS_DIR))
        views = [_view(desk, row, preview_of(row, key)) for row in rows]
    except CLOSED as problem:
        return Pictures(waiting=waiting, problem=why(problem))
    return Pictures(views, waiting)


def _view(desk: Desk, row: Attachment, preview: bytes) -> PictureView:
    return PictureView(
        pk=row.pk,
        name=acts.name(row),
        facts=f"{row.kind.upper()}, {row.width} × {row.height}",
        state=state(desk, row),
        confirmed=row.confirmed_at is not None,
        blur="data:image/jpeg;base64," + base64.b64encode(preview).decode(),
    )


def visible(desk: Desk, found: Tip) -> "Sequence[Attachment]":
    """Everything for those who black out and confirm; the rest wait for that."""
    rows = found.attachments.unread().select_related("confirmed_by")
    return list(rows if desk.may(May.CLEAR_PICTURES) else rows.confirmed())


def state(desk: Desk, row: Attachment) -> str:
    if row.confirmed_at is None or row.confirmed_by is None:
        return _("Not confirmed yet")
    return _("Confirmed by {username}, {moment}").format(
        username=row.confirmed_by.username, moment=moment(row.confirmed_at, desk.now)
    )


def why(problem: Exception) -> str:
    return _(DESTROYED) if isinstance(problem, ObjectDoesNotExist) else str(problem)
