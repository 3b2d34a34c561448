"""What staff do with a tip's pictures: black out what shows the sender, then confirm.

No picture leaves the house before it is confirmed. Blacking out writes the pixels anew over the
earlier ones and takes a confirmation back: what is confirmed is what was seen.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from tipintake.privacy import attachments
from tipintake.privacy.attachments import Rectangle, Unusable
from tipintake.privacy.seal import PrivateKey
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry, User
from tipintake.tips import pictures
from tipintake.tips.messages import mailbox_of
from tipintake.tips.models import Attachment

OPENED = "picture.opened"
BLACKED_OUT = "picture.blacked_out"
MOST_AT_ONCE = 8
PERCENT = re.compile(r"\d{1,3}(?:[.,]\d{1,2})?", re.ASCII)


class PictureProblem(Exception):
    """The picture stays as it is; the sentence says what is to mend."""


@dataclass(frozen=True, slots=True, repr=False)
class Covered:
    """A picture with parts blacked out, sealed, and not written yet."""

    sealed: pictures.SealedPicture
    parts: int


def rectangles_in(typed: Iterable[Sequence[str]]) -> list[Rectangle]:
    """Rows of left, top, width and height in percent, as typed; empty rows are passed over."""
    found = []
    for number, row in enumerate(typed, start=1):
        values = [value.strip().rstrip("%").strip() for value in row]
        if not any(values):
            continue
        if not all(PERCENT.fullmatch(value) for value in values):
            raise PictureProblem(
                _("Part {number}: write four numbers from 0 to 100, such as 12 or 12.5.").format(
                    number=number
                )
            )
        x, y, width, height = (float(value.replace(",", ".")) for value in values)
        if not (x < 100 and y < 100 and 0 < width <= 100 and 0 < height <= 100):
            raise PictureProblem(
                _("Part {number}: left and top lie below 100, width and height above 0.").format(
                    number=number
                )
            )
        found.append(Rectangle(x, y, min(width, 100 - x), min(height, 100 - y)))
    if not found:
        raise PictureProblem(_("Say which part to black out: left, top, width and height."))
    return found[:MOST_AT_ONCE]


def covered(row: Attachment, parts: Sequence[Rectangle], private: PrivateKey) -> Covered:
    """The slow half, before the transaction: the parts burnt into the pixels."""
    mailbox = mailbox_of(row.tip)
    try:
        made = attachments.blacked_out(pictures.jpeg_of(row, private), parts)
    except Unusable:
        raise PictureProblem(
            _("The picture could not be changed, so nothing was written. Try again in a minute.")
        ) from None
    sealed = pictures.sealed(
        made.pages[0], made.previews[0], tip_id=row.tip_id, row_id=row.pk, mailbox=mailbox
    )
    return Covered(sealed, len(parts))


def black_out(row: Attachment, made: Covered, *, by: str, now: datetime) -> None:
    """Write the changed picture over the earlier one."""
    was_confirmed = row.confirmed_at is not None
    row.sealed, row.preview_sealed = made.sealed.picture, made.sealed.preview
    row.sha256_sealed = made.sealed.sha256
    row.blacked_out += made.parts
    row.confirmed_at = row.confirmed_by = None
    row.save()
    audit.record(
        BLACKED_OUT,
        actor=by,
        now=now,
        subject=row.tip.reference,
        picture=name(row),
        parts=made.parts,
        was_confirmed=was_confirmed,  # it may have left the house (reports/correcting.py)
    )


def opened_before(row: Attachment) -> dict[str, datetime]:
    """Who opened the picture before it was last blacked out, and when last, the newest first.

    Not whoever blacked it out: they know.
    """
    entries = AuditEntry.objects.filter(subject=row.tip.reference, facts__picture=name(row))
    last = entries.filter(act=BLACKED_OUT).order_by("at", "pk").last()
    if last is None:
        return {}
    seen = entries.filter(act=OPENED, at__lt=last.at).exclude(actor=last.actor)
    newest_last = {one.actor: one.at for one in seen.order_by("at", "pk")}
    return dict(sorted(newest_last.items(), key=lambda one: one[1], reverse=True))


def confirm(row: Attachment, *, by: User, now: datetime) -> None:
    """It shows nothing of who sent it: agencies may see it, and it may be exported."""
    if row.confirmed_at is not None:
        return
    Attachment.objects.filter(pk=row.pk).update(confirmed_at=now, confirmed_by=by)
    audit.record(
        "picture.confirmed",
        actor=by.username,
        now=now,
        subject=row.tip.reference,
        picture=name(row),
    )


def name(row: Attachment) -> str:
    """ "2" or, for a page of a PDF, "2.3"."""
    return f"{row.position + 1}.{row.page}" if row.kind == "pdf" else f"{row.position + 1}"
