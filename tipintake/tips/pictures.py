"""Pictures of a tip, sealed to its mailbox: each row one JPEG, its preview and its digest.

To the mailbox, because one that is added later comes to a process that cannot open the tip's key.
At most 5 files at a time, each at most 20 MB as it comes and 10 MB as it is kept, a page at most
3 MB (`privacy/attachments`): a row holds about 3 MB, and one sending never more than 50.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tipintake.privacy.seal import (
    DataKey,
    PrivateKey,
    PublicKey,
    Sealed,
    open_with,
    seal_to,
)
from tipintake.tips.draft import AttachmentDraft
from tipintake.tips.models import Attachment, Tip
from tipintake.tips.secrets import context, data_key


@dataclass(frozen=True, slots=True)
class SealedPicture:
    """The three sealed columns of a row."""

    picture: Sealed
    preview: Sealed
    sha256: Sealed


def sealed(
    jpeg: bytes, preview: bytes, *, tip_id: UUID, row_id: UUID, mailbox: PublicKey
) -> SealedPicture:
    def put(what: str, content: bytes) -> Sealed:
        return seal_to(mailbox, content, context=_context(tip_id, row_id, what))

    return SealedPicture(
        picture=put("picture", jpeg),
        preview=put("preview", preview),
        sha256=put("sha256", hashlib.sha256(jpeg).digest()),
    )


def rows(
    tip: Tip, drafts: Iterable[AttachmentDraft], mailbox: PublicKey, *, first: int = 0
) -> Iterator[Attachment]:
    """A row for each page, files counted from `first`. Needs no private key."""
    for position, draft in enumerate(drafts, start=first):
        parts = zip(draft.pages, draft.shapes, draft.previews, strict=True)
        for page, (jpeg, (width, height), preview) in enumerate(parts, start=1):
            row = Attachment(
                tip=tip,
                position=position,
                page=page,
                kind=draft.kind[:8],
                width=width,
                height=height,
                removed=list(draft.removed),
                taken_at=draft.taken_at,
                taken_lat=draft.taken_lat,
                taken_lon=draft.taken_lon,
            )
            made = sealed(jpeg, preview, tip_id=tip.pk, row_id=row.pk, mailbox=mailbox)
            row.sealed, row.preview_sealed = made.picture, made.preview
            row.sha256_sealed = made.sha256
            yield row


def jpeg_of(row: Attachment, private: PrivateKey) -> bytes:
    """Raises `seal.CannotOpen`, or `DataKey.DoesNotExist` after a purge."""
    return _opened(row, data_key(row.tip, private), row.sealed, "picture")


def preview_of(row: Attachment, key: DataKey) -> bytes:
    return _opened(row, key, row.preview_sealed, "preview")


def sha256_of(row: Attachment, private: PrivateKey) -> str:
    """The digest of the cleaned file as it is kept, in hexadecimal."""
    return _opened(row, data_key(row.tip, private), row.sha256_sealed, "sha256").hex()


def _opened(row: Attachment, key: DataKey, column: bytes | memoryview, what: str) -> bytes:
    bound = _context(row.tip_id, row.pk, what)
    return open_with(key.mailbox, Sealed(column), context=bound)


def _context(tip_id: UUID, row_id: UUID, what: str) -> str:
    return context(tip_id, f"{what}:{row_id}")
