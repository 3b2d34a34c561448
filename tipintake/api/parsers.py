"""JSON as the standard has it, and nothing that only looks like it.

What Python's reader lets pass is refused with a sentence: the same key twice, NaN and Infinity,
numbers of hundreds of digits, nesting without end, text that is not UTF-8.
"""

import json
import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import IO, Any, NoReturn

from django.conf import settings
from django.utils.translation import gettext as _
from rest_framework.negotiation import DefaultContentNegotiation
from rest_framework.parsers import BaseParser
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from tipintake.api.problems import ApiProblem
from tipintake.door import problem
from tipintake.door.bodies import limits_of

DEEPEST = 20
LONGEST_NUMBER = 30
LONGEST_QUOTE = 40
LONGEST_TEXT = 64 * 1024  # a longer string is a picture, or is refused by its own field
MEDIA_TYPE = "application/json"
UTF8_NAMES = frozenset({"", "utf-8", "utf8"})

# Strings first, so that brackets within them do not count. Linear, and possessive: a picture is
# a string of megabytes, and remembering each of its characters would take gigabytes.
_TOKENS = re.compile(r'"(?>[^"\\]+|\\.)*+"?|[\[{]|[\]}]', re.DOTALL)


GZIP = b"\x1f\x8b"  # no JSON begins so; what the header said of it did not come this far


class StrictJSONParser(BaseParser):
    """Named in settings as the only parser."""

    media_type = MEDIA_TYPE

    def parse(
        self,
        stream: IO[bytes],
        media_type: str | None = None,
        parser_context: Mapping[str, Any] | None = None,
    ) -> Any:
        if charset_of(media_type or "") not in UTF8_NAMES:
            raise ApiProblem(problem.NOT_JSON, _("Send the JSON as UTF-8."))
        limit = _limit(parser_context or {})
        body = stream.read(limit + 1)
        if len(body) > limit:
            raise _too_much()
        return read(body)


def _limit(context: Mapping[str, Any]) -> int:
    request = context.get("request")
    if request is None:
        return int(settings.DATA_UPLOAD_MAX_MEMORY_SIZE)
    return limits_of(request._request)[1]  # noqa: SLF001 DRF hides the request that has the path


class JSONAlways(DefaultContentNegotiation):
    """Whatever a client says it accepts, it gets JSON: an answer is worth more than a 406."""

    def select_renderer(
        self,
        request: Request,  # noqa: ARG002
        renderers: Any,
        format_suffix: str | None = None,  # noqa: ARG002
    ) -> tuple[BaseRenderer, str]:
        first: BaseRenderer = renderers[0]
        return first, first.media_type or MEDIA_TYPE


def read(body: bytes) -> Any:
    """The value that a body holds. Raises ApiProblem with a sentence that says what to mend."""
    if body.startswith(GZIP):
        raise ApiProblem(problem.NOT_JSON, _("Send the JSON as it is, not packed with gzip."))
    try:
        text = body.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        _refuse(_("Byte {place} is not UTF-8. Send the JSON as UTF-8.").format(place=error.start))
    if not text.strip():
        _refuse(_("The body is empty. Send a JSON object."))
    _check_shape(text)
    try:
        return json.loads(
            text,
            object_pairs_hook=_object,
            parse_int=_whole,
            parse_float=_fraction,
            parse_constant=_constant,
        )
    except json.JSONDecodeError as error:
        _refuse(
            _("The JSON breaks off or goes wrong at line {line}, column {column}.").format(
                line=error.lineno, column=error.colno
            )
        )


def quoted(text: str) -> str:
    """A stretch of what was sent, safe to send back."""
    cut = text if len(text) <= LONGEST_QUOTE else text[:LONGEST_QUOTE] + "…"
    return cut.encode("utf-8", "backslashreplace").decode()


def charset_of(media_type: str) -> str:
    for part in media_type.split(";")[1:]:
        name, _equals, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip('"').lower()
    return ""


def _check_shape(text: str) -> None:
    """Depth and size, before anything is made of it: a body of brackets makes much of little."""
    depth, besides = 0, len(text)
    for token in _TOKENS.finditer(text):
        first = token[0][0]
        if first == '"':
            besides -= len(token[0]) if len(token[0]) > LONGEST_TEXT else 0
        elif first in "[{":
            depth += 1
            if depth > DEEPEST:
                _refuse(
                    _("The JSON is nested more than {most} levels deep. A tip needs four.").format(
                        most=DEEPEST
                    )
                )
        else:
            depth -= 1
    if besides > settings.DATA_UPLOAD_MAX_MEMORY_SIZE:
        raise _too_much()


def _too_much() -> ApiProblem:
    return ApiProblem(
        problem.TOO_LARGE, _("Send it in smaller parts, as several tips if need be.")
    )


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            _refuse(
                _('The key "{key}" stands twice in one object. Send it once.').format(
                    key=quoted(key)
                )
            )
        found[key] = value
    return found


def _whole(digits: str) -> int:
    if len(digits) > LONGEST_NUMBER:
        _refuse(_too_long())
    return int(digits)


def _fraction(digits: str) -> Decimal:
    if len(digits) > LONGEST_NUMBER:
        _refuse(_too_long())
    try:
        return Decimal(digits)
    except InvalidOperation:
        _refuse(_too_long())


def _too_long() -> str:
    return _("A number is longer than {most} characters. Send fewer digits.").format(
        most=LONGEST_NUMBER
    )


def _constant(name: str) -> NoReturn:
    _refuse(_("{name} is not a JSON value. Leave the field out instead.").format(name=name))


def _refuse(sentence: str) -> NoReturn:
    raise ApiProblem(problem.MALFORMED, sentence)
