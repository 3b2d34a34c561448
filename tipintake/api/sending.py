"""A tip is sent, or shown first: each reads the request, makes one call and shapes the answer."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from tipintake.api import answers, examples
from tipintake.api.endpoint import FAILED, NOT_AS_IT_IS, REFUSALS, Endpoint
from tipintake.api.given import cleaned_pictures, refuse_strangers, uploads
from tipintake.api.keyed import REPLAYED, answered, claim_of, created, replay
from tipintake.api.problems import from_problems
from tipintake.api.serializers import TipSerializer, tip_values
from tipintake.door import idempotency, trust, work
from tipintake.door.idempotency import AlreadyAnswered, Claim
from tipintake.door.work import WorkRefused
from tipintake.pipeline.submit import Receipt, Refused, preview, submit_tip
from tipintake.privacy.scrub import Verdict
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import TipDraft
from tipintake.tips.said import keys_in
from tipintake.tips.vocabulary import CameBy

TIP_EXAMPLES = [
    OpenApiExample("A full tip", examples.TIP, request_only=True),
    OpenApiExample("The least", examples.SHORT_TIP, request_only=True),
]


class Tips(Endpoint):
    needs_a_body = True

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
            claim = claim_of(request, body)
            kept = answered(claim, now=now)
            if kept is not None:
                return created(kept, replayed=True)
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
    needs_a_body = True

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
        answer = answers.receipt_answer(receipt, draft, work=shown.says)
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
        return replay(claim, now=now)
    return created(made[0], replayed=False)


def _with_pictures(draft: TipDraft, values: Mapping[str, Any]) -> TipDraft:
    """The draft with the pictures as they may be kept; the bytes that came are let go."""
    return replace(draft, attachments=cleaned_pictures(draft, uploads(values)))


def _decisions(draft: TipDraft, values: Mapping[str, Any]) -> Mapping[str, Verdict]:
    """The decisions, if each speaks of something that is in this very text.

    A decision that no longer fits must not be dropped in silence: "remove" would be ignored.
    """
    decisions: Mapping[str, Verdict] = values.get("decisions") or {}
    if not decisions:
        return {}
    refuse_strangers(
        decisions,
        (
            *keys_in(draft, clean(draft).findings),
            *keys_in(draft, clean(draft, decisions=decisions).findings),
        ),
    )
    return decisions
