"""Whoever sent a tip comes back with its receipt, to ask how it stands and to add to it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as say
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tipintake.api import answers, examples
from tipintake.api.endpoint import NOT_AS_IT_IS, REFUSALS, Endpoint, language_of, problem_answer
from tipintake.api.given import cleaned_pictures, refuse_strangers, uploads
from tipintake.api.keyed import IDEMPOTENCY_KEY, answered, claim_of, created, replay
from tipintake.api.problems import ApiProblem, from_problems
from tipintake.api.serializers import (
    MessageSerializer,
    ReceiptSerializer,
    message_values,
    receipt_values,
)
from tipintake.door import idempotency, problem
from tipintake.door.idempotency import AlreadyAnswered, Claim
from tipintake.door.problem import FieldError
from tipintake.door.status import status_of
from tipintake.pipeline.follow_up import (
    More,
    Preview,
    UnknownReceipt,
    draft_of,
    preview_more,
    send_more,
)
from tipintake.pipeline.submit import Refused
from tipintake.privacy import receipts
from tipintake.privacy.receipts import ReceiptTypo
from tipintake.privacy.scrub import Verdict
from tipintake.tips.draft import LocationDraft, VehicleDraft
from tipintake.tips.said import keys_in


class Status(Endpoint):
    needs_a_body = True

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
            **problem_answer(
                404,
                "No tip is known under this receipt; a purged one answers the same.",
                OpenApiExample("Unknown", examples.UNKNOWN_RECEIPT),
            ),
            **problem_answer(422, "The receipt has a typing error."),
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
    needs_a_body = True

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
            **problem_answer(
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
            claim = claim_of(request, body)
            kept = answered(claim, now=now)
            if kept is not None:
                return created(kept, replayed=True)
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


def _more(code: receipts.ReceiptCode, values: Mapping[str, Any]) -> More:
    more = More(
        text=values.get("text") or "",
        vehicles=tuple(map(VehicleDraft.from_mapping, values.get("vehicles") or ())),
        locations=tuple(map(LocationDraft.from_mapping, values.get("locations") or ())),
        language=language_of(values),
    )
    sent = uploads(values)
    if not sent:
        return more
    draft = draft_of(code, more, files=len(sent))
    return replace(more, attachments=cleaned_pictures(draft, sent))


def _more_decisions(values: Mapping[str, Any]) -> dict[str, Verdict]:
    given: Mapping[str, Verdict] = values.get("decisions") or {}
    return {name.replace("/text", "/narrative", 1): said for name, said in given.items()}


def _seen_more(
    code: receipts.ReceiptCode, more: More, values: Mapping[str, Any], *, now: datetime
) -> Preview:
    """A preview with the decisions applied, once each of them speaks of something in the text."""
    decisions = _more_decisions(values)
    plain = preview_more(code, more, now=now)
    seen = preview_more(code, more, now=now, decisions=decisions) if decisions else plain
    keys = (
        *keys_in(plain.draft, plain.cleaned.findings),
        *keys_in(seen.draft, seen.cleaned.findings),
    )
    refuse_strangers(values.get("decisions") or {}, keys, own=answers.own_pointer)
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
        return replay(claim, now=now)
    return created(answer, replayed=False)


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
