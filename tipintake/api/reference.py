"""What the API says of itself: its vocabulary and its schema."""

from django.http import HttpResponse
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from tipintake.api import answers
from tipintake.api.endpoint import FAILED, Endpoint
from tipintake.api.schema import schema_json, schema_yaml
from tipintake.api.vocabulary import vocabulary


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
