"""What comes with the words of a tip or of an answer: pictures, and what was said of findings."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.utils.translation import gettext as say

from tipintake.api.problems import from_problems, refused
from tipintake.door import pictures, problem
from tipintake.door.pictures import PicturesRefused, Upload
from tipintake.door.problem import FieldError
from tipintake.privacy.scrub import Verdict
from tipintake.tips.draft import AttachmentDraft, TipDraft


def uploads(values: Mapping[str, Any]) -> list[Upload]:
    return [
        Upload(one["content"], bool(one.get("keep_claims")))
        for one in values.get("attachments") or ()
    ]


def cleaned_pictures(draft: TipDraft, uploads: list[Upload]) -> tuple[AttachmentDraft, ...]:
    """The pictures as they may be kept. Raises ApiProblem with a pointer for each other one."""
    try:
        return pictures.cleaned(draft, uploads)
    except PicturesRefused as error:
        raise from_problems(error.problems) from None


def refuse_strangers(
    decisions: Mapping[str, Verdict],
    keys: Iterable[str],
    *,
    own: Callable[[str], str] = lambda pointer: pointer,
) -> None:
    """Raise ApiProblem for decisions on what is not among the keys of findings.

    `own` turns a key into the id by which the sender knows it.
    """
    known = {own(key) for key in keys}
    strangers = [
        FieldError(
            problem.child("/decisions", name),
            "unknown_finding",
            say("Nothing in this tip has this id. Ask for a preview of this very text again."),
        )
        for name in decisions
        if name not in known
    ]
    if strangers:
        raise refused(strangers)
