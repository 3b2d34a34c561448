"""The same request twice: its Idempotency-Key, and the answer that was given before."""

import json
from datetime import datetime
from typing import Any

from django.conf import settings
from django.http import HttpResponse
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from tipintake.api.problems import ApiProblem
from tipintake.door import idempotency, problem
from tipintake.door.idempotency import AlreadyAnswered, Claim, KeyReused, KeyUnusable
from tipintake.privacy import keys

KEY_HEADER = "HTTP_IDEMPOTENCY_KEY"
REPLAYED = "Idempotency-Replayed"

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    {"type": "string", "pattern": idempotency.PATTERN},
    OpenApiParameter.HEADER,
    description=(
        "At least 128 random bits, such as a UUID. The same key with the same body within a day "
        "is answered with the first answer and adds nothing twice."
    ),
)


def claim_of(request: Request, body: Any) -> Claim | None:
    """None without a key. Raises ApiProblem for one that is too short, too long or too plain."""
    header = request.META.get(KEY_HEADER)
    if header is None:
        return None
    canonical = json.dumps(body, sort_keys=True, default=str).encode()
    try:
        return idempotency.claim_of(header, canonical, pepper=keys.pepper(settings.KEYS_DIR))
    except KeyUnusable as error:
        raise ApiProblem(problem.KEY_UNUSABLE, error.sentence) from None


def answered(claim: Claim | None, *, now: datetime) -> bytes | None:
    """The first answer to this very request, if it was answered before. Raises ApiProblem where
    the key came with another body."""
    if claim is None:
        return None
    try:
        return idempotency.answer_to(claim, now=now)
    except KeyReused as error:
        raise ApiProblem(problem.KEY_REUSED, error.sentence) from None


def replay(claim: Claim | None, *, now: datetime) -> HttpResponse:
    """What another request with this key, which was faster, was told."""
    kept = answered(claim, now=now)
    if kept is None:
        raise AlreadyAnswered
    return created(kept, replayed=True)


def created(answer: bytes, *, replayed: bool) -> HttpResponse:
    response = HttpResponse(answer, status=201, content_type="application/json")
    if replayed:
        response[REPLAYED] = "true"
    return response
