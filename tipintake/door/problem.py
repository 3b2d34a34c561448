"""Refusals that a program can read: RFC 9457 problem details, each with a way out."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from django.http import HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:problem-type:tipintake:"
MOST_ERRORS = 100
LONGEST_KEY = 200


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: its status and the title that never changes."""

    name: str
    status: int
    title: str | Promise

    @property
    def uri(self) -> str:
        return TYPE_PREFIX + self.name


MALFORMED = Kind("malformed-json", 400, _("The body is not well-formed JSON"))
BAD_REQUEST = Kind("bad-request", 400, _("The request cannot be read"))
FORBIDDEN = Kind("forbidden", 403, _("This is not open to you"))
NOT_FOUND = Kind("not-found", 404, _("There is nothing at this address"))
RECEIPT_UNKNOWN = Kind("receipt-unknown", 404, _("No tip is known under this receipt"))
METHOD_NOT_ALLOWED = Kind("method-not-allowed", 405, _("This address does not take this method"))
TOO_LARGE = Kind("too-large", 413, _("The request is too large"))
NOT_JSON = Kind("not-json", 415, _("The body is not sent as JSON"))
TIP_REFUSED = Kind("tip-refused", 422, _("The tip cannot be sent as it is"))
RECEIPT_TYPO = Kind("receipt-typo", 422, _("The receipt has a typing error"))
KEY_UNUSABLE = Kind("idempotency-key-unusable", 422, _("The Idempotency-Key cannot be used"))
KEY_REUSED = Kind(
    "idempotency-key-reused", 422, _("The Idempotency-Key was used with another body")
)
HEADERS_TOO_LARGE = Kind("headers-too-large", 431, _("The headers of the request are too large"))
FAILED = Kind("failed", 500, _("Something broke on our side"))
NOT_READY = Kind("not-ready", 503, _("Tips cannot be kept safely at the moment"))
BUSY = Kind("busy", 503, _("More is being sent than can be answered"))

KINDS: tuple[Kind, ...] = (
    MALFORMED,
    BAD_REQUEST,
    FORBIDDEN,
    NOT_FOUND,
    RECEIPT_UNKNOWN,
    METHOD_NOT_ALLOWED,
    TOO_LARGE,
    NOT_JSON,
    TIP_REFUSED,
    RECEIPT_TYPO,
    KEY_UNUSABLE,
    KEY_REUSED,
    HEADERS_TOO_LARGE,
    FAILED,
    NOT_READY,
    BUSY,
)


# What only systems of partner agencies meet, on the desk host.
TOKEN_REFUSED = Kind("token-refused", 401, "This token lets nobody in")
TOKEN_TOO_NARROW = Kind("token-too-narrow", 403, "This token is not for that")
NOT_POSSIBLE = Kind("not-possible", 409, "The hand-off cannot be moved so")
CHANGED = Kind("changed-meanwhile", 412, "The hand-off has changed since you read it")
ANSWER_REFUSED = Kind("answer-refused", 422, "The answer cannot be taken as it is")
IF_MATCH_MISSING = Kind("if-match-missing", 428, "Say which state of the hand-off you answer")

PARTNER_KINDS: tuple[Kind, ...] = (
    TOKEN_REFUSED,
    TOKEN_TOO_NARROW,
    NOT_POSSIBLE,
    CHANGED,
    ANSWER_REFUSED,
    IF_MATCH_MISSING,
)


@dataclass(frozen=True, slots=True)
class FieldError:
    """What is wrong with one field. `pointer` is a JSON pointer into the body as sent."""

    pointer: str
    code: str
    detail: str


def document(
    kind: Kind, detail: str | Promise, errors: Sequence[FieldError] = ()
) -> dict[str, Any]:
    """The problem as RFC 9457 has it."""
    shown = [asdict(error) for error in errors[:MOST_ERRORS]]
    return {
        "type": kind.uri,
        "title": str(kind.title),
        "status": kind.status,
        "detail": str(detail),
        "errors": shown,
    }


def response(kind: Kind, detail: str | Promise, errors: Sequence[FieldError] = ()) -> HttpResponse:
    """The problem as a plain Django response."""
    return HttpResponse(
        json.dumps(document(kind, detail, errors)), status=kind.status, content_type=CONTENT_TYPE
    )


def child(pointer: str, key: str | int) -> str:
    """The pointer of a member: RFC 6901 escapes ~ and /. Half a surrogate pair cannot be sent."""
    name = str(key)[:LONGEST_KEY].encode("utf-8", "backslashreplace").decode()
    return f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
