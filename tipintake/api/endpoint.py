"""One address of the API: in which language it answers, and what it may refuse."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.utils import translation
from drf_spectacular.utils import OpenApiExample, OpenApiResponse
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from tipintake.api import answers, examples
from tipintake.api.parsers import read
from tipintake.door import problem
from tipintake.tips import languages
from tipintake.tips.cleaning import reading_once

Responses = dict[tuple[int, str], OpenApiResponse]


def problem_answer(status: int, description: str, *shown: OpenApiExample) -> Responses:
    """For the schema: an answer of this status is a problem, and what it means."""
    return {
        (status, problem.CONTENT_TYPE): OpenApiResponse(
            answers.ProblemSerializer, description, examples=list(shown)
        )
    }


FAILED = problem_answer(500, "Something broke on our side; nothing was kept.")
REFUSALS: Responses = {
    **problem_answer(400, "The body is not well-formed JSON."),
    **problem_answer(413, "The body is too large."),
    **problem_answer(415, "The body is not sent as application/json."),
    **problem_answer(
        503,
        "Tips cannot be kept safely at the moment; nothing was kept, unless the detail says that "
        "it cannot be said.",
    ),
    **FAILED,
}
NOT_AS_IT_IS = problem_answer(
    422,
    "Something is to be mended; each error names its field by a JSON pointer.",
    OpenApiExample("An unknown field", examples.REFUSED),
)


class Endpoint(APIView):
    """One address of the API. What is not listed here is answered 405."""

    http_method_names = ["post"]
    language = "en"
    needs_a_body = False

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        if self.needs_a_body and request.method == "POST" and request.stream is None:
            read(b"")  # of an empty body DRF makes an object without fields

    @contextmanager
    def speaking_as(self, body: Any) -> Iterator[None]:
        """Answer in the language that the body names, refusals included."""
        self.language = language_of(body)
        self.headers["Content-Language"] = self.language
        with translation.override(self.language), reading_once():
            yield

    def handle_exception(self, exc: Exception) -> Response:
        with translation.override(self.language):
            return super().handle_exception(exc)


def language_of(body: Any) -> str:
    """The language in which to answer: as the body says. No header is read for it."""
    said = body.get("language") if isinstance(body, Mapping) else None
    wanted = languages.base(said) if isinstance(said, str) else ""
    return wanted if wanted in dict(settings.LANGUAGES) else "en"
