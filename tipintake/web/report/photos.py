"""Pictures on the check page: chosen last, sent with the words, kept nowhere in between."""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.http import HttpRequest, QueryDict
from django.utils.translation import gettext_lazy as _

from tipintake.door import pictures
from tipintake.door.bodies import PICTURES_IN_ALL
from tipintake.door.pictures import Upload
from tipintake.door.uploads import FIELD, Picked
from tipintake.tips.draft import MOST, AttachmentDraft, Problem, TipDraft

KEEP_CLAIMS = "keep_claims"
CHOOSE_AGAIN = _("Your pictures are not on this page any more. Choose them again.")
PICTURE = _("Picture %(number)d: %(sentence)s")


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one picture."""

    number: int
    removed: list[str]
    kept: list[str]
    pages: int


def with_pictures(draft: TipDraft, request: HttpRequest) -> TipDraft:
    """The draft with the pictures that were chosen. Raises `pictures.PicturesRefused`."""
    return replace(draft, attachments=pictures.cleaned(draft, chosen(request)))


def chosen(request: HttpRequest) -> list[Upload]:
    """The files as they came; they are read once."""
    keeps = bool(request.POST.get(KEEP_CLAIMS))
    return [Upload(_read(one), keeps) for one in request.FILES.getlist(FIELD)]


def digests(request: HttpRequest) -> list[bytes]:
    """What tells the files that were chosen from others; they can be read again."""
    found = []
    for one in request.FILES.getlist(FIELD):
        found.append(hashlib.sha256(one.read()).digest())
        one.seek(0)
    return found


def takes_pictures(answers: QueryDict) -> bool:
    """As far as the answers that were given so far say."""
    return so_far(answers).takes_pictures


def so_far(answers: QueryDict) -> TipDraft:
    """With what decides whether pictures are taken, and no more."""
    return TipDraft(
        category=answers.get("category", ""),
        immediacy="",
        minor_present="",
        indicators=tuple(answers.getlist("indicators")),
    )


def of_the_page(
    request: HttpRequest, draft: TipDraft, faults: Sequence[str], *, announced: bool
) -> dict[str, Any]:
    """What the section for pictures needs on a check page."""
    return {
        "opens_pictures": announced or bool(faults) or bool(forgotten(request)),
        "takes_pictures": draft.takes_pictures,
        "most_pictures": MOST["attachments"],
        "most_bytes": PICTURES_IN_ALL,
        "keeps_claims": bool(request.POST.get(KEEP_CLAIMS)),
        "picture_faults": faults or forgotten(request),
    }


def forgotten(request: HttpRequest) -> list[str]:
    """What to say when the page is shown again after files were sent to it."""
    return [str(CHOOSE_AGAIN)] if request.FILES.getlist(FIELD) else []


def _read(picked: object) -> bytes | None:
    if not isinstance(picked, Picked) or picked.is_too_large:
        return None
    data: bytes = picked.read()
    picked.close()
    return data


def sentences(problems: Sequence[Problem]) -> Iterator[str]:
    """Each problem in words; the file by its number, since no name is read."""
    for problem in problems:
        at = problem.pointer.removeprefix("/attachments").strip("/").partition("/")[0]
        if at.isdigit():
            yield str(PICTURE) % {"number": int(at) + 1, "sentence": problem.message}
        else:
            yield problem.message


def told(attachments: Sequence[AttachmentDraft]) -> list[Told]:
    return [
        Told(
            number=number,
            removed=pictures.what_was_removed(one),
            kept=pictures.what_was_kept(one),
            pages=len(one.pages),
        )
        for number, one in enumerate(attachments, start=1)
    ]
