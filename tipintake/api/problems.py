"""Whatever goes wrong in the API is answered as RFC 9457 problem details."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db import Error as DatabaseFault
from django.http import Http404
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.response import Response
from rest_framework.settings import api_settings

from tipintake.door import problem
from tipintake.door.away import passes
from tipintake.door.failures import type_and_place
from tipintake.door.problem import FieldError, Kind
from tipintake.door.tally import tally
from tipintake.pipeline.lost_commit import PerhapsKept
from tipintake.tips.draft import Problem

log = logging.getLogger(__name__)

RETRY_SECONDS = "60"


class ApiProblem(exceptions.APIException):
    """A refusal that already knows its kind and its words."""

    def __init__(
        self, kind: Kind, detail: str | Promise, errors: Sequence[FieldError] = ()
    ) -> None:
        super().__init__(str(detail))
        self.kind = kind
        self.status_code = kind.status
        self.sentence = str(detail)
        self.errors = errors


def problem_response(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """DRF's exception handler. None: not foreseen, so a 500 without content follows."""
    found = _foreseen(exc, context)
    if found is None:
        return None
    response = Response(
        problem.document(found.kind, found.sentence, found.errors),
        status=found.kind.status,
        content_type=problem.CONTENT_TYPE,
    )
    if found.kind is problem.NOT_READY:
        response["Retry-After"] = RETRY_SECONDS
    return response


def from_problems(problems: Sequence[Problem]) -> ApiProblem:
    """A tip's own problems, as `TipDraft.check()` and the pipeline name them."""
    return refused([FieldError(one.pointer, one.code, str(one.message)) for one in problems])


def refused(errors: Sequence[FieldError]) -> ApiProblem:
    return ApiProblem(
        problem.TIP_REFUSED,
        _("Nothing was kept. Mend what is listed and send it again."),
        errors,
    )


def field_errors(detail: Any, pointer: str = "") -> Iterator[FieldError]:
    """DRF's nested error detail as a flat list with JSON pointers."""
    if isinstance(detail, Mapping):
        for key, inner in detail.items():
            own = key == api_settings.NON_FIELD_ERRORS_KEY
            yield from field_errors(inner, pointer if own else problem.child(pointer, key))
    elif isinstance(detail, list):
        for inner in detail:
            yield from field_errors(inner, pointer)
    else:
        yield FieldError(pointer, str(getattr(detail, "code", "invalid")), str(detail))


def _foreseen(exc: Exception, context: Mapping[str, Any]) -> ApiProblem | None:
    match exc:
        case ApiProblem():
            return exc
        case exceptions.ValidationError():
            return refused(list(field_errors(exc.detail)))
        case exceptions.UnsupportedMediaType():
            return ApiProblem(
                problem.NOT_JSON, _("Send JSON, with the header Content-Type: application/json.")
            )
        case exceptions.MethodNotAllowed():
            return ApiProblem(problem.METHOD_NOT_ALLOWED, _use(context))
        case exceptions.NotFound() | Http404():
            return ApiProblem(problem.NOT_FOUND, _("Check the spelling of the address."))
        case exceptions.PermissionDenied() | PermissionDenied():
            return ApiProblem(problem.FORBIDDEN, _("This is not open to you."))
        case exceptions.ParseError():
            return ApiProblem(problem.BAD_REQUEST, _("The request could not be read."))
        case PerhapsKept():
            tally.count("not_ready")
            log.error("api.perhaps_kept")
            return ApiProblem(
                problem.NOT_READY,
                _(
                    "Whether it was kept cannot be said. Send the same again in a minute: with "
                    "the same Idempotency-Key it is not kept twice. "
                    "If someone is in danger now, call 911."
                ),
            )
        case _ if passes(exc):
            tally.count("not_ready")
            log.error("api.not_ready %s", type_and_place(exc))
            return ApiProblem(
                problem.NOT_READY,
                _(
                    "Nothing was kept. Send the tip again in a minute. "
                    "If someone is in danger now, call 911."
                ),
            )
        case DatabaseFault():
            tally.count("failed")
            log.error("api.failed %s", type_and_place(exc))
            return ApiProblem(
                problem.FAILED,
                _(
                    "Something broke on our side and nothing was kept. Somebody must mend it: "
                    "keep the tip and send it again later, with the same Idempotency-Key. "
                    "If someone is in danger now, call 911."
                ),
            )
    return None


def _use(context: Mapping[str, Any]) -> str:
    methods = ", ".join(context["view"].allowed_methods)
    return _("Use {methods} here.").format(methods=methods)
