"""The doors for systems of partner agencies, on the desk host. A token, no cookie, no person.

A token lists the hand-offs of its own lines and answers for them. What was seen is not here: that
is read on the desk by somebody who has logged on, and each reading is recorded.
"""

import logging
from collections.abc import Callable
from typing import Any

from django.db import Error as DatabaseFault
from django.db import transaction
from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import parse_etags
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions
from rest_framework.request import Request
from rest_framework.response import Response

from tipintake.api.answers import ProblemSerializer
from tipintake.api.endpoint import Endpoint
from tipintake.api.partner import answers, pages
from tipintake.api.partner.answers import DeclineSerializer
from tipintake.api.problems import ApiProblem, field_errors
from tipintake.api.schema import partner_schema_json, partner_schema_yaml
from tipintake.delivery.acts import Act, NotPossible, Reason
from tipintake.delivery.models import HandOff
from tipintake.directory.models import Line
from tipintake.door import problem
from tipintake.door.away import passes
from tipintake.door.failures import type_and_place
from tipintake.door.problem import FieldError
from tipintake.pipeline import answering, bell
from tipintake.pipeline.lost_commit import PerhapsKept, asked_anew
from tipintake.staff import audit, tokens
from tipintake.staff.tokens import Bearer, Scope, TokenRefused
from tipintake.triage import actions
from tipintake.triage.actions import ChangedMeanwhile

log = logging.getLogger(__name__)

CHALLENGE = 'Bearer realm="tipintake partner"'
SHOW_ONE = "Show a token that is good: Authorization: Bearer tipa_…"
READ_AGAIN = "Read it again, and answer what it is now."
AUTH: Any = [{"partnerToken": []}]


def _refusal(status: int, says: str) -> dict[tuple[int, str], OpenApiResponse]:
    return {(status, problem.CONTENT_TYPE): OpenApiResponse(ProblemSerializer, says)}


REFUSALS = {
    **_refusal(401, "No token, or one that is unknown, revoked or over."),
    **_refusal(403, "The token's scopes do not include this."),
    **_refusal(500, "Something broke on our side; nothing was changed."),
    **_refusal(
        503,
        "The database is away for the moment; nothing was changed, unless the detail says that "
        "it cannot be said.",
    ),
}
BAD_QUERY = _refusal(400, "The address holds something that is not understood.")
UNKNOWN = _refusal(404, "No such hand-off in the queues of the token's lines.")
ANSWERS = {
    **UNKNOWN,
    **_refusal(409, "The hand-off is in a state that does not allow it."),
    **_refusal(412, "The hand-off has changed since it was read."),
    **_refusal(428, "If-Match is missing."),
}
TAG = OpenApiParameter(
    "ETag",
    str,
    OpenApiParameter.HEADER,
    description="The state of what is answered; for If-Match and If-None-Match.",
    response=[200],
)
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match",
    str,
    OpenApiParameter.HEADER,
    description="The ETag that you have: 304 without a body when nothing has changed.",
)
IF_MATCH = OpenApiParameter(
    "If-Match",
    str,
    OpenApiParameter.HEADER,
    required=True,
    description="The ETag of the hand-off that you answer.",
)
NOT_MODIFIED = {304: OpenApiResponse(description="Nothing has changed.")}
WHICH = [
    OpenApiParameter("line", str, OpenApiParameter.PATH, description="The line's code."),
    OpenApiParameter("reference", str, OpenApiParameter.PATH, description="The tip's number."),
]


class PartnerEndpoint(Endpoint):
    """Lets in who shows a token, before anything else is looked at."""

    bearer: Bearer
    scope = Scope.READ

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.bearer = _bearer(request)
        if not self.bearer.may(self.scope):
            raise ApiProblem(
                problem.TOKEN_TOO_NARROW, f"This needs a token with the scope {self.scope}."
            )

    def handle_exception(self, exc: Exception) -> Response:
        response = super().handle_exception(_in_own_words(exc))
        if response.status_code == problem.TOKEN_REFUSED.status:
            response.headers["WWW-Authenticate"] = CHALLENGE
        return response


class HandOffs(PartnerEndpoint):
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="list_hand_offs",
        summary="The hand-offs of your lines, page by page",
        auth=AUTH,
        parameters=[
            OpenApiParameter("state", str, enum=[*pages.STATES], description="All when left out."),
            OpenApiParameter("line", str, description="One of the token's lines; all by default."),
            OpenApiParameter(
                "limit",
                {"type": "integer", "minimum": 1, "maximum": pages.MOST, "default": pages.USUAL},
            ),
            OpenApiParameter("cursor", str, description="`next` of the page before."),
            IF_NONE_MATCH,
            TAG,
            OpenApiParameter(
                "Link",
                str,
                OpenApiParameter.HEADER,
                description='The address of the next page, rel="next".',
                response=[200],
            ),
        ],
        responses={
            200: OpenApiResponse(answers.HandOffPageSerializer, "Oldest first."),
            **NOT_MODIFIED,
            **BAD_QUERY,
            **REFUSALS,
        },
    )
    def get(self, request: Request) -> HttpResponse:
        """The hand-offs in the queues of the token's lines, the one that came first at the top."""
        wanted = pages.asked(_once(request), self.bearer)
        found = pages.page(self.bearer, wanted)
        content = {
            "hand_offs": answers.hand_offs(found.rows),
            "next": found.next or None,
        }
        response = _unless_known(request, answers.tag(content), content)
        if response.status_code == 200:
            if found.rows:
                self._record_reading(len(found.rows))
            if found.next:
                response.headers["Link"] = f'<{_address(request, found.next)}>; rel="next"'
        return response

    def _record_reading(self, rows: int) -> None:
        audit.record("hand_offs.listed", actor=self.bearer.actor, now=timezone.now(), rows=rows)


class OneHandOff(PartnerEndpoint):
    http_method_names = ["get", "head"]

    @extend_schema(
        operation_id="get_hand_off",
        summary="One hand-off",
        auth=AUTH,
        parameters=[*WHICH, IF_NONE_MATCH, TAG],
        responses={
            200: answers.HandOffSerializer,
            **NOT_MODIFIED,
            **UNKNOWN,
            **REFUSALS,
        },
    )
    def get(self, request: Request, line: str, reference: str) -> HttpResponse:
        """A hand-off as it stands, with the ETag that an answer names."""
        row = _own(self.bearer, line, reference)
        response = _unless_known(request, answers.tag_of(row), answers.hand_off(row))
        if response.status_code == 200:
            audit.record(
                "hand_off.read",
                actor=self.bearer.actor,
                now=timezone.now(),
                subject=row.tip.reference,
                line=row.line.code,
            )
        return response


class NextLines(PartnerEndpoint):
    http_method_names = ["get", "head"]
    scope = Scope.DECLINE

    @extend_schema(
        operation_id="next_lines",
        summary="To whom you may pass it on",
        auth=AUTH,
        parameters=WHICH,
        responses={200: answers.NextLinesSerializer, **UNKNOWN, **REFUSALS},
    )
    def get(self, request: Request, line: str, reference: str) -> Response:  # noqa: ARG002
        """The lines that may have the tip when this one declines it."""
        row = _own(self.bearer, line, reference)
        following = answering.lines_that_may_follow(row, by_agency=True)
        return Response({"next_lines": [answers.line(one) for one in following]})


class Acknowledge(PartnerEndpoint):
    http_method_names = ["post"]
    scope = Scope.ACKNOWLEDGE

    @extend_schema(
        operation_id="acknowledge_hand_off",
        summary="Acknowledge: your line has the tip",
        auth=AUTH,
        request=None,
        parameters=[*WHICH, IF_MATCH, TAG],
        responses={200: answers.HandOffSerializer, **ANSWERS, **REFUSALS},
    )
    def post(self, request: Request, line: str, reference: str) -> HttpResponse:
        """Say that somebody at the line has the tip now. A body is not read."""
        return _answered(
            request,
            self.bearer,
            line,
            reference,
            lambda row: answering.take(row, by=self.bearer.actor, now=timezone.now()),
        )


class Decline(PartnerEndpoint):
    http_method_names = ["post"]
    scope = Scope.DECLINE

    @extend_schema(
        operation_id="decline_hand_off",
        summary="Decline, and say who has it next",
        auth=AUTH,
        request=DeclineSerializer,
        parameters=[*WHICH, IF_MATCH, TAG],
        responses={
            200: answers.HandOffSerializer,
            **_refusal(400, "The body is not well-formed JSON."),
            **_refusal(413, "The body is too large."),
            **_refusal(415, "The body is not sent as application/json."),
            **_refusal(422, "The reason or the next line is to be mended."),
            **ANSWERS,
            **REFUSALS,
        },
        examples=[
            OpenApiExample(
                "Outside the area",
                {"reason": "OTHER_AREA", "to": "regional-triage"},
                request_only=True,
            )
        ],
    )
    def post(self, request: Request, line: str, reference: str) -> HttpResponse:
        """Say why the line does not take the tip, and which line has it next."""
        values = DeclineSerializer().run_validation(request.data)

        def decline(row: HandOff) -> None:
            answering.pass_on(
                row,
                Act.DECLINE,
                to=_next_line(row, values["to"]),
                reason=Reason(values["reason"]),
                by=self.bearer.actor,
                now=timezone.now(),
                by_agency=True,
            )

        return _answered(request, self.bearer, line, reference, decline, ring=bell.ring_notify)


class SchemaYAML(Endpoint):
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        kind = "application/vnd.oai.openapi; charset=utf-8"
        return HttpResponse(partner_schema_yaml(), content_type=kind)


class SchemaJSON(Endpoint):
    http_method_names = ["get", "head"]

    @extend_schema(exclude=True)
    def get(self, request: Request) -> HttpResponse:  # noqa: ARG002
        kind = "application/vnd.oai.openapi+json"
        return HttpResponse(partner_schema_json(), content_type=kind)


def _bearer(request: Request) -> Bearer:
    scheme, _, text = str(request.META.get("HTTP_AUTHORIZATION", "")).partition(" ")
    if scheme.lower() != "bearer" or not text:
        raise ApiProblem(problem.TOKEN_REFUSED, SHOW_ONE)
    try:
        return tokens.bearer_of(text.strip(), now=timezone.now())
    except TokenRefused as refused:
        log.warning("partner.token_refused %s", refused.why)
        raise ApiProblem(problem.TOKEN_REFUSED, SHOW_ONE) from None


def _own(bearer: Bearer, line: str, reference: str, *, to_change: bool = False) -> HandOff:
    """A hand-off of the token's lines. Others' are not there, as far as it can tell."""
    rows = pages.own(bearer)
    if to_change:
        rows = rows.select_for_update(of=("self",), no_key=True)
    found = rows.filter(line__code=line, tip__reference=reference.upper()).first()
    if found is None:
        raise ApiProblem(
            problem.NOT_FOUND, "There is no such hand-off in the queues of this token's lines."
        )
    return found


def _answered(
    request: Request,
    bearer: Bearer,
    line: str,
    reference: str,
    act: Callable[[HandOff], None],
    *,
    ring: Callable[[], None] = lambda: None,
) -> HttpResponse:
    """Do it in one transaction, to exactly the state that the partner has read."""
    expected = _if_match(request)
    told: dict[str, Any] = {}

    def stands() -> bool:
        return answers.hand_off(_own(bearer, line, reference)) == told

    try:
        with asked_anew(stands, ring=ring) as written, transaction.atomic():
            # The tip first, as the desk and a resident's answer take it: who began with the
            # hand-off would wait for them and they for it. A page of the desk that was loaded
            # before learns of this by the version.
            tip = _own(bearer, line, reference).tip
            actions.claim(tip, version=tip.version)
            row = _own(bearer, line, reference, to_change=True)
            if expected != ["*"] and f'"{answers.tag_of(row)}"' not in expected:
                raise ApiProblem(problem.CHANGED, READ_AGAIN)
            act(row)
            # Told as it was written: the database may be away once it is.
            told = answers.hand_off(row)
            written()
    except ChangedMeanwhile:
        raise ApiProblem(problem.CHANGED, READ_AGAIN) from None
    except NotPossible as refusal:
        raise ApiProblem(problem.NOT_POSSIBLE, str(refusal)) from None
    response = Response(told)
    response.headers["ETag"] = told["etag"]
    return response


def _next_line(row: HandOff, code: str) -> Line:
    following = answering.lines_that_may_follow(row, by_agency=True)
    for one in following:
        if one.code == code:
            return one
    detail = f"Use one of: {', '.join(one.code for one in following)}."
    raise ApiProblem(
        problem.ANSWER_REFUSED,
        "Nothing was changed. Choose another next line.",
        [FieldError("/to", "not_a_next_line", detail)],
    )


def _if_match(request: Request) -> list[str]:
    header = request.META.get("HTTP_IF_MATCH", "")
    tags: list[str] = parse_etags(header) if header else []
    if not tags:
        raise ApiProblem(
            problem.IF_MATCH_MISSING, "Send the ETag of the hand-off in the header If-Match."
        )
    return tags


def _unless_known(request: Request, tag: str, content: dict[str, Any]) -> HttpResponse:
    """The content, or 304 when the asker has it already."""
    quoted = f'"{tag}"'
    known = {one.removeprefix("W/") for one in parse_etags(_header(request, "IF_NONE_MATCH"))}
    response: HttpResponse = (
        HttpResponse(status=304) if known & {quoted, "*"} else Response(content)
    )
    response.headers["ETag"] = quoted
    return response


def _header(request: Request, name: str) -> str:
    return str(request.META.get(f"HTTP_{name}", ""))


def _once(request: Request) -> dict[str, str]:
    """The query string, each name once."""
    query = request.query_params
    repeated = sorted(name for name in query if len(query.getlist(name)) > 1)
    if repeated:
        raise ApiProblem(problem.BAD_REQUEST, "Give each part of the address once.")
    return {name: str(query[name]) for name in query}


def _address(request: Request, cursor: str) -> str:
    query = request.query_params.copy()
    query["cursor"] = cursor
    return f"{request.path}?{query.urlencode()}"


def _in_own_words(exc: Exception) -> Exception:
    """What the resident's API says of tips is said here of hand-offs."""
    match exc:
        case exceptions.ValidationError():
            return ApiProblem(
                problem.ANSWER_REFUSED,
                "Nothing was changed. Mend what is listed and send it again.",
                list(field_errors(exc.detail)),
            )
        case PerhapsKept():
            log.error("partner.perhaps_kept")
            return ApiProblem(
                problem.NOT_READY,
                "Whether it was done cannot be said. Read the hand-off again in a minute.",
            )
        case DatabaseFault() if passes(exc):
            log.error("partner.not_ready %s", type_and_place(exc))
            return ApiProblem(problem.NOT_READY, "Nothing was changed. Ask again in a minute.")
        case DatabaseFault():
            log.error("partner.failed %s", type_and_place(exc))
            return ApiProblem(problem.FAILED, "Nothing was changed. Somebody must mend it first.")
    return exc
