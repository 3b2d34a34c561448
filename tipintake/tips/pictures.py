"""Pictures of a tip, sealed under its own key: each row one JPEG, its preview and its digest.

At most 5 files, each at most 20 MB as it comes and 10 MB as it is kept, a page at most 3 MB
(`privacy/attachments`): a row holds about 3 MB and a tip never more than 50.
"""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from uuid import UUID

from tipintake.privacy.seal import DataKey, PrivateKey, Sealed
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
    jpeg: bytes, preview: bytes, *, tip_id: UUID, row_id: UUID, key: DataKey
) -> SealedPicture:
    return SealedPicture(
        picture=key.seal(jpeg, context=_context(tip_id, row_id, "picture")),
        preview=key.seal(preview, context=_context(tip_id, row_id, "preview")),
        sha256=key.seal(hashlib.sha256(jpeg).digest(), context=_context(tip_id, row_id, "sha256")),
    )


def rows(tip: Tip, drafts: Iterable[AttachmentDraft], key: DataKey) -> Iterator[Attachment]:
    """A row for each page. Needs no private key."""
    for position, draft in enumerate(drafts):
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
            made = sealed(jpeg, preview, tip_id=tip.pk, row_id=row.pk, key=key)
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
    return key.open(Sealed(column), context=_context(row.tip_id, row.pk, what))


def _context(tip_id: UUID, row_id: UUID, what: str) -> str:
    return context(tip_id, f"{what}:{row_id}")
