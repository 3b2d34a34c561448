"""Pictures at the door: made anew before anything is kept, one sender at a time.

Both doors call `cleaned`; what it returns goes into the draft. The file as it came is let go.
"""

import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tipintake.door.bodies import MEGABYTE, PICTURES_IN_ALL, THREADS_FOR_PICTURES
from tipintake.privacy.attachments import LARGEST_FILE, SECONDS, Unusable, sanitize
from tipintake.tips.draft import AttachmentDraft, Problem, TipDraft

_threads = threading.BoundedSemaphore(THREADS_FOR_PICTURES)
_one_at_a_time = threading.Lock()
PATIENCE = 5.0

INSTEAD = _("Please send a screenshot of it instead, as a PNG or JPEG picture.")
REFUSALS: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "too_large": _("This file is larger than {most} MB."),
        "too_slow": _("This file takes too long to open."),
        "unopenable": _("This file could not be opened."),
        "unknown_kind": _("This is not a picture or PDF that can be taken."),
        "too_many_points": _(
            "This picture has {width} × {height} points; at most {most} megapixels are taken."
        ),
        "closed_pdf": _("This PDF is damaged or locked with a password."),
        "too_many_pages": _("This PDF has {pages} pages; at most {most} are taken."),
    }
)
TOO_LARGE = _(
    "This file is larger than {most} MB, or all together are larger than {all} MB. Send a smaller "
    "one, or a screenshot of it."
)
BUSY = _("Too many pictures came at this moment. Wait a minute and send it again.")
# What `Sanitized.removed` names, as residents read it.
REMOVED: Final[Mapping[str, str | Promise]] = MappingProxyType(
    {
        "EXIF": _("camera data (EXIF)"),
        "GPS position": _("GPS position"),
        "IPTC": _("press data (IPTC)"),
        "XMP": _("editing data (XMP)"),
        "attached files": _("attached files"),
        "author": _("author"),
        "colour profile": _("color profile"),
        "content credentials": _("content credentials"),
        "data after the picture": _("data after the picture"),
        "document properties": _("document properties"),
        "earlier versions": _("earlier versions"),
        "form fields": _("form fields"),
        "further frames": _("further frames"),
        "maker note": _("phone or camera maker’s note"),
        "scripts": _("scripts"),
        "text": _("hidden text"),
        "thumbnail": _("small preview"),
    }
)


class PicturesRefused(Exception):
    """At least one file cannot be taken. The words of the tip can."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(f"{len(problems)} files")
        self.problems = tuple(problems)


@dataclass(frozen=True, slots=True, repr=False)
class Upload:
    """A file as it came. `data` is None when it was too large to be held."""

    data: bytes | None
    keep_claims: bool

    def __repr__(self) -> str:
        return "<Upload>"


def cleaned(draft: TipDraft, uploads: Sequence[Upload]) -> tuple[AttachmentDraft, ...]:
    """Every file made anew. Raises PicturesRefused; none is opened where none may be sent."""
    problems = draft.picture_problems(len(uploads))
    if problems:
        raise PicturesRefused(problems)
    if not uploads:
        return ()
    with _a_turn():
        made = list(_made(uploads))
    problems = [one for one in made if isinstance(one, Problem)]
    if problems:
        raise PicturesRefused(problems)
    return tuple(one for one in made if isinstance(one, AttachmentDraft))


@contextmanager
def _a_turn() -> Iterator[None]:
    busy = PicturesRefused([Problem("/attachments", "busy", str(BUSY))])
    if not _threads.acquire(blocking=False):
        raise busy
    try:
        if not _one_at_a_time.acquire(timeout=PATIENCE):
            raise busy
        try:
            yield
        finally:
            _one_at_a_time.release()
    finally:
        _threads.release()


def _made(uploads: Iterable[Upload]) -> Iterator[AttachmentDraft | Problem]:
    until = time.monotonic() + SECONDS
    for at, upload in enumerate(uploads):
        pointer = f"/attachments/{at}/content"
        if upload.data is None:
            yield Problem(pointer, "too_large", _too_large())
            continue
        try:
            # All files of one tip share the time that one may take.
            clean = sanitize(upload.data, seconds=max(0.1, until - time.monotonic()))
        except Unusable as refusal:
            yield Problem(pointer, refusal.code, sentence(refusal))
        else:
            yield AttachmentDraft.of(clean, keep_claims=upload.keep_claims)


def sentence(refusal: Unusable) -> str:
    if refusal.code == "too_large":
        return _too_large()
    return f"{str(REFUSALS[refusal.code]).format(**refusal.facts)} {INSTEAD}"


def _too_large() -> str:
    return str(TOO_LARGE).format(most=LARGEST_FILE // MEGABYTE, all=PICTURES_IN_ALL // MEGABYTE)


def what_was_removed(attachment: AttachmentDraft) -> list[str]:
    """In the reader's language."""
    return [str(REMOVED.get(word, word)) for word in attachment.removed]


def what_was_kept(attachment: AttachmentDraft) -> list[str]:
    """Which of the file's own claims stay beside it, because its sender said so."""
    claims = (
        (gettext("its date"), attachment.taken_at is not None),
        (gettext("its place"), attachment.taken_lat is not None),
    )
    return [words for words, kept in claims if kept]
