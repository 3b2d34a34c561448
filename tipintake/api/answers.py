"""What the API answers: how each answer is made, and its shape for the schema."""

from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as say
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from tipintake.api.serializers import VERDICTS
from tipintake.door import pictures
from tipintake.door.status import StatusPage, because_to
from tipintake.door.work import ACCEPTED, EXPIRED, LIFE, SPENT, WRONG, Challenge
from tipintake.pipeline.follow_up import Preview as MorePreview
from tipintake.pipeline.submit import Placement, Preview, Receipt
from tipintake.tips.cleaning import Cleaned
from tipintake.tips.draft import AttachmentDraft, Problem, TipDraft
from tipintake.tips.said import key_of, text_at

STATUS_PATH = "/api/v1/tips/status"


# --- Making them -----------------------------------------------------------------------------


def receipt_answer(receipt: Receipt, draft: TipDraft, *, work: str) -> dict[str, Any]:
    """The one answer that holds the receipt. `work` says what came of a proof that was sent, if
    one was."""
    answer = {
        "receipt": receipt.code.pretty,
        "reference": receipt.reference,
        "placed_with": placed_with(receipt.placed, draft),
        "banner_911": receipt.banner_911,
        "attachments": [attachment_answer(one) for one in draft.attachments],
        "next": next_steps(receipt),
    }
    return {**answer, "work": work} if work else answer


def challenge_answer(challenge: Challenge) -> dict[str, Any]:
    return {
        "challenge": challenge.text,
        "hash": "sha256",
        "bits": challenge.bits,
        "needed": challenge.needed,
        "seconds": int(LIFE.total_seconds()),
        "how": say(
            "Find a nonce such that the SHA-256 of the challenge, a point and the nonce begins "
            "with {bits} zero bits. Send both with the tip, as work."
        ).format(bits=challenge.bits),
    }


def attachment_answer(one: AttachmentDraft) -> dict[str, Any]:
    """What becomes of a file: what was taken out of it, and which claims of its own it made."""
    return {
        "pages": len(one.pages),
        "removed": pictures.what_was_removed(one),
        "offers_date": one.offers_date,
        "offers_place": one.offers_place,
        "kept": pictures.what_was_kept(one),
    }


def next_steps(receipt: Receipt) -> list[str]:
    steps = [
        say("Save the receipt now: it is shown only this once, and nobody can look it up."),
        say("To see how the tip stands, send the receipt to {path}.").format(path=STATUS_PATH),
        say("Nobody watches this service live. If someone is in danger now, call 911."),
    ]
    return [steps[-1], *steps[:-1]] if receipt.banner_911 else steps


def placed_with(placed: Iterable[Placement], draft: TipDraft) -> list[dict[str, Any]]:
    """Lines as residents may see them. A number that nobody has checked is not there at all."""
    is_victim = draft.reporter_is_victim
    return [
        _numbered(
            {
                "line": one.line_code,
                "name": one.resident_name,
                "because": because_to(one.line_code, one.because, is_victim=is_victim),
            },
            one.shown_number,
            one.number_year,
        )
        for one in placed
    ]


def preview_answer(draft: TipDraft, seen: Preview) -> dict[str, Any]:
    """What an agency would see of this draft and what was found in it; nothing is kept."""
    return {
        "ready": not seen.problems,
        "problems": [_problem(one) for one in seen.problems],
        "agency_sees": _filled(seen.cleaned.draft),
        "texts": [
            {
                "pointer": pointer,
                "as_sent": text_at(draft, pointer),
                "as_seen": text_at(seen.cleaned.draft, pointer),
            }
            for pointer in seen.cleaned.findings
        ],
        "findings": _findings(draft, seen.cleaned),
        "attachments": [attachment_answer(one) for one in draft.attachments],
        "placed_with": placed_with(seen.placed, draft),
        "banner_911": seen.decided is not None and seen.decided.banner_911,
    }


def message_preview_answer(seen: MorePreview) -> dict[str, Any]:
    """What an agency would see of a message; its text is called by its own name."""
    cleaned = seen.cleaned
    return {
        **message_answer(seen.draft.attachments, kept=False),
        "ready": not seen.problems,
        "problems": [_problem(own(one)) for one in seen.problems],
        "agency_sees": {
            "text": cleaned.draft.narrative,
            "vehicles": _filled(cleaned.draft.vehicles),
            "locations": _filled(cleaned.draft.locations),
        },
        "findings": [
            {**one, "id": own_pointer(one["id"]), "pointer": own_pointer(one["pointer"])}
            for one in _findings(seen.draft, cleaned)
        ],
    }


def message_answer(attachments: Sequence[AttachmentDraft], *, kept: bool) -> dict[str, Any]:
    return {"kept": kept, "attachments": [attachment_answer(one) for one in attachments]}


def own(one: Problem) -> Problem:
    return replace(one, pointer=own_pointer(one.pointer))


def own_pointer(pointer: str) -> str:
    """A message's text is cleaned as the narrative of a tip is."""
    return pointer.replace("/narrative", "/text", 1)


def status_answer(page: StatusPage) -> dict[str, Any]:
    return {
        "reference": page.reference,
        "status": page.status,
        "says": page.says,
        "received_hour": timezone.localtime(page.received_hour).isoformat(),
        "lines": [
            _numbered(
                {
                    "line": line.code,
                    "name": line.name,
                    "because": line.because,
                    "state": line.state,
                    "says": line.says,
                },
                line.number,
                line.number_year,
            )
            for line in page.lines
        ],
        "questions": [
            {
                "asked_at": timezone.localtime(one.at)
                .replace(second=0, microsecond=0)
                .isoformat(),
                "text": one.text,
            }
            for one in page.questions
        ],
        "answers": [{"sent_hour": timezone.localtime(one.at).isoformat()} for one in page.answers],
    }


def _numbered(answer: dict[str, Any], number: str, year: int | None) -> dict[str, Any]:
    if number:
        answer["number"] = number
    if number and year:
        answer["number_year"] = year
    return answer


def _problem(one: Problem) -> dict[str, str]:
    return {"pointer": one.pointer, "code": one.code, "detail": str(one.message)}


def _findings(draft: TipDraft, cleaned: Cleaned) -> list[dict[str, Any]]:
    found = []
    for pointer, findings in cleaned.findings.items():
        text = text_at(draft, pointer)
        found += [
            {
                "id": key_of(pointer, text, one),
                "pointer": pointer,
                "start": one.start,
                "end": one.end,
                "words": text[one.start : one.end],
                "verdict": one.verdict.value,
                "kind": one.kind,
            }
            for one in findings
        ]
    return found


def _filled(value: Any) -> Any:
    """A draft as the API takes it, without what was left empty."""
    if is_dataclass(value) and not isinstance(value, type):
        own = [fact for fact in fields(value) if fact.name != "attachments"]
        pairs = ((fact.name, _filled(getattr(value, fact.name))) for fact in own)
        return {name: one for name, one in pairs if not _is_empty(one)}
    if isinstance(value, tuple):
        return [_filled(one) for one in value]
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    return value


def _is_empty(value: Any) -> bool:
    """Left empty, or not ticked; the age of a baby is 0, and that is said."""
    return value is False or value in (None, "", [], {})


# --- Their shape -----------------------------------------------------------------------------


class ProblemErrorSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField(
        allow_blank=True, help_text=_("JSON pointer into the body; empty means the whole tip.")
    )
    code = serializers.CharField()
    detail = serializers.CharField(help_text=_("What to do about it."))


class ProblemSerializer(serializers.Serializer[Any]):
    """RFC 9457 problem details."""

    type = serializers.CharField()
    title = serializers.CharField()
    status = serializers.IntegerField()
    detail = serializers.CharField()
    errors = ProblemErrorSerializer(many=True)  # type: ignore[assignment]  # a field, not DRF's property


class PlacedWithSerializer(serializers.Serializer[Any]):
    line = serializers.CharField()
    name = serializers.CharField()
    because = serializers.CharField(allow_blank=True)
    number = serializers.CharField(
        required=False, help_text=_("Absent when nobody has checked it.")
    )
    number_year = serializers.IntegerField(
        required=False, help_text=_("Given when only a source of that year supports the number.")
    )


class AttachmentAnswerSerializer(serializers.Serializer[Any]):
    pages = serializers.IntegerField()
    removed = serializers.ListField(
        child=serializers.CharField(), help_text=_("What the file held besides, in words.")
    )
    offers_date = serializers.BooleanField(help_text=_("The file names its own date."))
    offers_place = serializers.BooleanField(help_text=_("The file names its own place."))
    kept = serializers.ListField(
        child=serializers.CharField(), help_text=_("Which of the two stay, by keep_claims.")
    )


class ReceiptAnswerSerializer(serializers.Serializer[Any]):
    receipt = serializers.CharField(help_text=_("Secret. Given only in this answer."))
    reference = serializers.CharField()
    placed_with = PlacedWithSerializer(many=True)
    banner_911 = serializers.BooleanField(help_text=_("Show “Call 911” above everything else."))
    attachments = AttachmentAnswerSerializer(many=True)
    next = serializers.ListField(child=serializers.CharField())
    work = serializers.ChoiceField(
        choices=[ACCEPTED, WRONG, EXPIRED, SPENT],
        required=False,
        help_text=_("There when a proof of work was sent: what came of it."),
    )


class ChallengeSerializer(serializers.Serializer[Any]):
    challenge = serializers.CharField()
    hash = serializers.ChoiceField(choices=["sha256"])
    bits = serializers.IntegerField(help_text=_("How many zero bits the hash must begin with."))
    needed = serializers.BooleanField(
        help_text=_("Whether a tip from here would be sorted behind the rest without it.")
    )
    seconds = serializers.IntegerField(help_text=_("For how long it is good."))
    how = serializers.CharField()


class FindingSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(help_text=_("Use it as a key in decisions."))
    pointer = serializers.CharField()
    start = serializers.IntegerField(help_text=_("Index into as_sent, in Unicode characters."))
    end = serializers.IntegerField()
    words = serializers.CharField(trim_whitespace=False)
    verdict = serializers.ChoiceField(choices=VERDICTS)
    kind = serializers.CharField(
        help_text=_(
            "What it was taken for. Of VICTIM_NAME and MINOR_NAME, keep means: the name of "
            "someone who does this, or no name at all; unsure: of someone who may be harmed, or "
            "not sure."
        )
    )


class SeenTextSerializer(serializers.Serializer[Any]):
    pointer = serializers.CharField()
    as_sent = serializers.CharField(help_text=_("As it was read: trimmed, lines ended by \\n."))
    as_seen = serializers.CharField(allow_blank=True)


class PreviewAnswerSerializer(serializers.Serializer[Any]):
    ready = serializers.BooleanField(help_text=_("True when the tip can be sent as it is."))
    problems = ProblemErrorSerializer(many=True)
    agency_sees = serializers.DictField(help_text=_("The tip as an agency would see it."))
    texts = SeenTextSerializer(many=True)
    findings = FindingSerializer(many=True)
    attachments = AttachmentAnswerSerializer(many=True)
    placed_with = PlacedWithSerializer(many=True)
    banner_911 = serializers.BooleanField()


class StatusLineSerializer(PlacedWithSerializer):
    state = serializers.CharField()
    says = serializers.CharField()


class QuestionSerializer(serializers.Serializer[Any]):
    asked_at = serializers.DateTimeField()
    text = serializers.CharField(help_text=_("Answer it with POST /api/v1/tips/messages."))


class OwnAnswerSerializer(serializers.Serializer[Any]):
    sent_hour = serializers.DateTimeField(
        help_text=_("Never finer than the hour. What was sent is not shown again.")
    )


class SeenMessageSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(allow_blank=True)
    vehicles = serializers.ListField(child=serializers.DictField())
    locations = serializers.ListField(child=serializers.DictField())


class MessagePreviewSerializer(serializers.Serializer[Any]):
    kept = serializers.BooleanField()
    ready = serializers.BooleanField(help_text=_("True when it can be sent as it is."))
    problems = ProblemErrorSerializer(many=True)
    agency_sees = SeenMessageSerializer()
    findings = FindingSerializer(many=True)
    attachments = AttachmentAnswerSerializer(many=True)


class MessageKeptSerializer(serializers.Serializer[Any]):
    kept = serializers.BooleanField()
    attachments = AttachmentAnswerSerializer(many=True)


class StatusAnswerSerializer(serializers.Serializer[Any]):
    reference = serializers.CharField()
    status = serializers.CharField()
    says = serializers.CharField()
    received_hour = serializers.DateTimeField(help_text=_("Never finer than the hour."))
    lines = StatusLineSerializer(many=True)
    questions = QuestionSerializer(many=True)
    answers = OwnAnswerSerializer(many=True)


class LabelSerializer(serializers.Serializer[Any]):
    en = serializers.CharField()
    es = serializers.CharField()


class ChoiceSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    label = LabelSerializer()  # type: ignore[assignment]  # a field, not DRF's attribute


class SignSerializer(ChoiceSerializer):
    scope = serializers.CharField()
    severity = serializers.CharField()


class VocabularySerializer(serializers.Serializer[Any]):
    choices = serializers.DictField(
        child=ChoiceSerializer(many=True), help_text=_("By field, such as vehicles/role_in_scene.")
    )
    indicators = SignSerializer(many=True)
    limits = serializers.DictField(child=serializers.IntegerField())
