"""The API's doors. Each reads the request, makes one call and shapes the answer."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as say
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tipintake.api import answers, examples
from tipintake.api.problems import ApiProblem, from_problems, refused
from tipintake.api.schema import schema_json, schema_yaml
from tipintake.api.serializers import (
    MessageSerializer,
    ReceiptSerializer,
    TipSerializer,
    message_values,
    receipt_values,
    tip_values,
)
from tipintake.api.vocabulary import vocabulary
from tipintake.door import idempotency, pictures, problem, trust, work
from tipintake.door.idempotency import AlreadyAnswered, Claim, KeyReused, KeyUnusable
from tipintake.door.pictures import PicturesRefused, Upload
from tipintake.door.problem import FieldError
from tipintake.door.status import status_of
from tipintake.door.work import WorkRefused
from tipintake.pipeline.follow_up import More, UnknownReceipt, draft_of, preview_more, send_more
from tipintake.pipeline.follow_up import Preview as MorePreview
from tipintake.pipeline.submit import Receipt, Refused, preview, submit_tip
from tipintake.privacy import keys, receipts
from tipintake.privacy.receipts import ReceiptTypo
from tipintake.privacy.scrub import Verdict
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import AttachmentDraft, LocationDraft, TipDraft, VehicleDraft
from tipintake.tips.said import keys_in
from tipintake.tips.vocabulary import CameBy

KEY_HEADER = "HTTP_IDEMPOTENCY_KEY"
REPLAYED = "Idempotency-Replayed"

Responses = dict[tuple[int, str], OpenApiResponse]


def _problem(status: int, description: str, *shown: OpenApiExample) -> Responses:
    return {
        (status, problem.CONTENT_TYPE): OpenApiResponse(
            answers.ProblemSerializer, description, examples=list(shown)
        )
    }


FAILED = _problem(500, "Something broke on our side; nothing was kept.")
REFUSALS: Responses = {
    key: response
    for status, description in {
        400: "The body is not well-formed JSON.",
        413: "The body is too large.",
        415: "The body is not sent as application/json.",
        503: (
            "Tips cannot be kept safely at the moment; nothing was kept, unless the detail says "
            "that it cannot be said."
        ),
    }.items()
    for key, response in _problem(status, description).items()
} | FAILED
NOT_AS_IT_IS = _problem(
    422,
    "Something is to be mended; each error names its field by a JSON pointer.",
    OpenApiExample("An unknown field", examples.REFUSED),
)
TIP_EXAMPLES = [
    OpenApiExample("A full tip", examples.TIP, request_only=True),
    OpenApiExample("The least", examples.SHORT_TIP, request_only=True),
]


IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description=(
        "At least 128 random bits, such as a UUID. The same key with the same body within a day "
        "is answered with the first answer and adds nothing twice."
    ),
)


class Endpoint(APIView):
    """One address of the API. What is not listed here is answered 405."""

    http_method_names = ["post"]
    language = "en"

    @contextmanager
    def speaking_as(self, body: Any) -> Iterator[None]:
        """Answer in the language that the body names, refusals included."""
        self.language = language_of(body)
        self.headers["Content-Language"] = self.language
        with translation.override(self.language):
            yield

    def handle_exception(self, exc: Exception) -> Response:
        with translation.override(self.language):
            return super().handle_exception(exc)


class Tips(Endpoint):
    @extend_schema(
        operation_id="send_tip",
        summary="Send a tip",
        request=TipSerializer,
        parameters=[
            OpenApiParameter(
                "Idempotency-Key",
                {"type": "string", "pattern": idempotency.PATTERN},
                OpenApiParameter.HEADER,
                description=(
                    "At least 128 random bits, such as a UUID. The same key with the same body "
                    "within a day is answered with the first answer and makes no second tip."
                ),
                examples=[OpenApiExample("A UUID", "5e0a7f6c-9f6e-4c3b-8d0a-2f1b7c9e4d35")],
            ),
            OpenApiParameter(
                REPLAYED,
                {"type": "string", "const": "true"},
                OpenApiParameter.HEADER,
                description="There when this is the answer that was given before.",
                response=[201],
            ),
        ],
        responses={
            201: OpenApiResponse(
                answers.ReceiptAnswerSerializer,
                "Kept. The receipt is in this answer and nowhere else.",
                examples=[OpenApiExample("Kept", examples.RECEIPT_ANSWER)],
            ),
            **NOT_AS_IT_IS,
            **REFUSALS,
        },
        examples=[
            *TIP_EXAMPLES,
            OpenApiExample(
                "With decisions from a preview", examples.TIP_WITH_DECISIONS, request_only=True
            ),
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Keep a tip, scrubbed and sealed, and place it with the right lines.

        Nobody is asked who they are, and no field for it exists.
        """
        now = timezone.now()
        body = request.data
        with self.speaking_as(body):
            claim = _claim(request, body)
            kept = _answered(claim, now=now)
            if kept is not None:
                return _created(kept, replayed=True)
            values = tip_values(body)
            draft = TipDraft.from_mapping(values)
            decisions = _decisions(draft, values)
            draft = _with_pictures(draft, values)
            return _submitted(
                draft,
                decisions=decisions,
                claim=claim,
                shown=_work(values, now=now),
                busy=_how_busy(request),
                now=now,
            )


CHALLENGES: dict[Any, OpenApiResponse] = {
    200: OpenApiResponse(
        answers.ChallengeSerializer,
        "A challenge, good for ten minutes and one tip.",
        examples=[OpenApiExample("Wanted", examples.CHALLENGE)],
    ),
    **FAILED,
}


class Challenge(Endpoint):
    http_method_names = ["get", "head", "post"]

    @extend_schema(
        operation_id="work_challenge", summary="Ask for a proof of work", responses=CHALLENGES
    )
    def get(self, request: Request) -> Response:
        """What a program solves so that its tip is not sorted behind the rest.

        Never needed for a tip to be kept and placed. `needed` says whether it would change
        anything now.
        """
        asked = work.ask(timezone.now(), busy=_how_busy(request))
        return Response(answers.challenge_answer(asked))

    @extend_schema(
        operation_id="work_challenge_by_post",
        summary="Ask for a proof of work, by a program that only posts",
        request=None,
        responses=CHALLENGES,
    )
    def post(self, request: Request) -> Response:
        """The same as by GET. A body is not read."""
        return self.get(request)


class Preview(Endpoint):
    @extend_schema(
        operation_id="preview_tip",
        summary="See what an agency would see",
        request=TipSerializer,
        responses={
            200: OpenApiResponse(answers.PreviewAnswerSerializer, "Shown, and not kept."),
            **NOT_AS_IT_IS,
            **REFUSALS,
        },
        examples=TIP_EXAMPLES,
    )
    def post(self, request: Request) -> Response:
        """Show what would be removed, held and kept, and where the tip would go.

        Nothing is kept. Answer the findings in `decisions` when the tip is sent.
        """
        with self.speaking_as(request.data):
            values = tip_values(request.data)
            draft = TipDraft.from_mapping(values)
            decisions = _decisions(draft, values)
            draft = _with_pictures(draft, values)
            seen = preview(draft, now=timezone.now(), decisions=decisions)
            return Response(answers.preview_answer(draft, seen))


class Status(Endpoint):
    @extend_schema(
        operation_id="tip_status",
        summary="Come back with a receipt",
        request=ReceiptSerializer,
        responses={
            200: OpenApiResponse(
                answers.StatusAnswerSerializer,
                "How the tip stands.",
                examples=[OpenApiExample("Waiting", examples.STATUS_ANSWER)],
            ),
            **_problem(
                404,
                "No tip is known under this receipt; a purged one answers the same.",
                OpenApiExample("Unknown", examples.UNKNOWN_RECEIPT),
            ),
            **_problem(422, "The receipt has a typing error."),
            **REFUSALS,
        },
        examples=[OpenApiExample("A receipt", examples.STATUS_QUESTION, request_only=True)],
    )
    def post(self, request: Request) -> Response:
        """How a tip stands, in plain words. The receipt travels in the body, never in a URL."""
        with self.speaking_as(request.data):
            page = status_of(_receipt(receipt_values(request.data)["receipt"]))
            if page is None:
                raise _unknown()
            return Response(answers.status_answer(page))


class Messages(Endpoint):
    @extend_schema(
        operation_id="add_to_tip",
        summary="Answer a question, or add what is known by now",
        request=MessageSerializer,
        parameters=[IDEMPOTENCY_KEY],
        responses={
            201: OpenApiResponse(
                answers.MessageKeptSerializer,
                "Kept, scrubbed and sealed. The lines are told that there is more.",
                examples=[OpenApiExample("Kept", examples.MESSAGE_KEPT)],
            ),
            200: OpenApiResponse(
                answers.MessagePreviewSerializer, "A preview: shown, and not kept."
            ),
            **_problem(
                404,
                "No tip is known under this receipt; a purged one answers the same.",
                OpenApiExample("Unknown", examples.UNKNOWN_RECEIPT),
            ),
            **NOT_AS_IT_IS,
            **REFUSALS,
        },
        examples=[
            OpenApiExample("An answer", examples.MESSAGE, request_only=True),
            OpenApiExample("A preview", examples.MESSAGE_PREVIEW, request_only=True),
        ],
    )
    def post(self, request: Request) -> HttpResponse:
        """Add an answer, vehicles, places or pictures to a tip. They are cleaned as a tip is.

        Where the tip stands does not change; the lines that have it learn that there is more.
        """
        now = timezone.now()
        body = request.data
        with self.speaking_as(body):
            claim = _claim(request, body)
            kept = _answered(claim, now=now)
            if kept is not None:
                return _created(kept, replayed=True)
            values = message_values(body)
            code = _receipt(values["receipt"])
            try:
                more = _more(code, values)
                if values.get("preview"):
                    seen = _seen_more(code, more, values, now=now)
                    return Response(answers.message_preview_answer(seen))
                if values.get("decisions"):
                    _seen_more(code, more, values, now=now)
                return _added(code, more, values, claim=claim, now=now)
            except UnknownReceipt:
                raise _unknown() from None
            except Refused as error:
                raise from_problems([answers.own(one) for one in error.problems]) from None


class Vocabulary(Endpoint):
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="vocabulary",
        summary="Choices and signs",
        responses={
            200: OpenApiResponse(answers.VocabularySerializer, "Every code and its words."),
            **FAILED,
        },
    )
    def get(self, request: Request) -> Response:  # noqa: ARG002
        """Every code that a tip may use, with its words in English and Spanish."""
        return Response(vocabulary())


class SchemaJSON(Endpoint):
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(schema_json(), content_type="application/vnd.oai.openapi+json")


class SchemaYAML(Endpoint):
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        return HttpResponse(
            schema_yaml(), content_type="application/vnd.oai.openapi; charset=utf-8"
        )


def language_of(body: Any) -> str:
    """The language in which to answer: as the body says. No header is read for it."""
    said = body.get("language") if isinstance(body, Mapping) else None
    wanted = said[:2].lower() if isinstance(said, str) else ""
    return wanted if wanted in dict(settings.LANGUAGES) else "en"


def _claim(request: Request, body: Any) -> Claim | None:
    header = request.META.get(KEY_HEADER)
    if header is None:
        return None
    canonical = json.dumps(body, sort_keys=True, default=str).encode()
    try:
        return idempotency.claim_of(header, canonical, pepper=keys.pepper(settings.KEYS_DIR))
    except KeyUnusable as error:
        raise ApiProblem(problem.KEY_UNUSABLE, error.sentence) from None


def _answered(claim: Claim | None, *, now: datetime) -> bytes | None:
    if claim is None:
        return None
    try:
        return idempotency.answer_to(claim, now=now)
    except KeyReused as error:
        raise ApiProblem(problem.KEY_REUSED, error.sentence) from None


@dataclass(frozen=True, slots=True)
class _Shown:
    """The work that came with a tip: what is to be burnt, and what is said of it."""

    claim: bytes | None = None
    says: str = ""


def _work(values: Mapping[str, Any], *, now: datetime) -> _Shown:
    given = values.get("work")
    if not given:
        return _Shown()
    try:
        claim = work.check(given["challenge"], given["nonce"], now=now)
    except WorkRefused as refusal:
        return _Shown(says=refusal.why)
    return _Shown(claim, work.ACCEPTED)


def _how_busy(request: Request) -> int:
    return trust.how_busy(request._request)  # noqa: SLF001 DRF wraps Django's request


def _submitted(
    draft: TipDraft,
    *,
    decisions: Mapping[str, Verdict],
    claim: Claim | None,
    shown: _Shown,
    busy: int,
    now: datetime,
) -> HttpResponse:
    made: list[bytes] = []

    def keep_answer(receipt: Receipt) -> None:
        if shown.claim is not None:
            work.burn(shown.claim)
        answer = answers.receipt_answer(receipt, draft.attachments, work=shown.says)
        made.append(JSONRenderer().render(answer))
        if claim is not None:
            idempotency.keep(claim, made[0], now=now)

    try:
        submit_tip(
            draft,
            came_by=CameBy.API,
            now=now,
            decisions=decisions,
            low_trust=bool(trust.reasons(busy=busy, has_worked=shown.claim is not None)),
            also=keep_answer,
        )
    except WorkRefused as refusal:
        # Another request burnt it first. The tip is kept all the same.
        late = _Shown(says=refusal.why)
        return _submitted(draft, decisions=decisions, claim=claim, shown=late, busy=busy, now=now)
    except Refused as error:
        raise from_problems(error.problems) from None
    except AlreadyAnswered:
        return _replayed(claim, now=now)
    return _created(made[0], replayed=False)


def _replayed(claim: Claim | None, *, now: datetime) -> HttpResponse:
    """What another request with this key, which was faster, was told."""
    kept = _answered(claim, now=now)
    if kept is None:
        raise AlreadyAnswered
    return _created(kept, replayed=True)


def _created(answer: bytes, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(answer, status=201, content_type="application/json")
    if replayed:
        response[REPLAYED] = "true"
    return response


def _with_pictures(draft: TipDraft, values: Mapping[str, Any]) -> TipDraft:
    """The draft with the pictures as they may be kept; the bytes that came are let go."""
    return replace(draft, attachments=_cleaned(draft, _uploads(values)))


def _uploads(values: Mapping[str, Any]) -> list[Upload]:
    return [
        Upload(one["content"], bool(one.get("keep_claims")))
        for one in values.get("attachments") or ()
    ]


def _cleaned(draft: TipDraft, uploads: list[Upload]) -> tuple[AttachmentDraft, ...]:
    try:
        return pictures.cleaned(draft, uploads)
    except PicturesRefused as error:
        raise from_problems(error.problems) from None


def _decisions(draft: TipDraft, values: Mapping[str, Any]) -> Mapping[str, Verdict]:
    """The decisions, if each speaks of something that is in this very text.

    A decision that no longer fits must not be dropped in silence: "remove" would be ignored.
    """
    decisions: Mapping[str, Verdict] = values.get("decisions") or {}
    if not decisions:
        return {}
    _refuse_strangers(
        decisions,
        (
            *keys_in(draft, clean(draft).findings),
            *keys_in(draft, clean(draft, decisions=decisions).findings),
        ),
    )
    return decisions


def _refuse_strangers(
    decisions: Mapping[str, Verdict],
    keys: Iterable[str],
    *,
    own: Callable[[str], str] = lambda pointer: pointer,
) -> None:
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


def _more(code: receipts.ReceiptCode, values: Mapping[str, Any]) -> More:
    more = More(
        text=values.get("text") or "",
        vehicles=tuple(map(VehicleDraft.from_mapping, values.get("vehicles") or ())),
        locations=tuple(map(LocationDraft.from_mapping, values.get("locations") or ())),
        language=language_of(values),
    )
    uploads = _uploads(values)
    if not uploads:
        return more
    draft = draft_of(code, more, files=len(uploads))
    return replace(more, attachments=_cleaned(draft, uploads))


def _more_decisions(values: Mapping[str, Any]) -> dict[str, Verdict]:
    given: Mapping[str, Verdict] = values.get("decisions") or {}
    return {name.replace("/text", "/narrative", 1): said for name, said in given.items()}


def _seen_more(
    code: receipts.ReceiptCode, more: More, values: Mapping[str, Any], *, now: datetime
) -> MorePreview:
    """A preview with the decisions applied, once each of them speaks of something in the text."""
    decisions = _more_decisions(values)
    plain = preview_more(code, more, now=now)
    seen = preview_more(code, more, now=now, decisions=decisions) if decisions else plain
    keys = (
        *keys_in(plain.draft, plain.cleaned.findings),
        *keys_in(seen.draft, seen.cleaned.findings),
    )
    _refuse_strangers(values.get("decisions") or {}, keys, own=answers.own_pointer)
    return seen


def _added(
    code: receipts.ReceiptCode,
    more: More,
    values: Mapping[str, Any],
    *,
    claim: Claim | None,
    now: datetime,
) -> HttpResponse:
    answer = JSONRenderer().render(answers.message_answer(more.attachments, kept=True))

    def keep_answer() -> None:
        if claim is not None:
            idempotency.keep(claim, answer, now=now)

    try:
        send_more(
            code,
            more,
            now=now,
            decisions=_more_decisions(values),
            also=keep_answer,
        )
    except AlreadyAnswered:
        return _replayed(claim, now=now)
    return _created(answer, replayed=False)


def _unknown() -> ApiProblem:
    return ApiProblem(
        problem.RECEIPT_UNKNOWN,
        say("It may never have been one of ours, or its time is over and everything is gone."),
    )


def _receipt(text: str) -> receipts.ReceiptCode:
    try:
        return receipts.parse(text)
    except ReceiptTypo:
        sentence = say(
            "This receipt has a typing error. Compare each character with what you saved."
        )
        raise ApiProblem(
            problem.RECEIPT_TYPO, sentence, [FieldError("/receipt", "typing_error", sentence)]
        ) from None
