"""The OpenAPI 3.1 description, made from the code once per process and committed to the docs."""

import json
from functools import cache
from typing import Any

from django.urls import include, path
from django.utils import translation
from drf_spectacular.extensions import OpenApiSerializerExtension, OpenApiSerializerFieldExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.renderers import OpenApiYamlRenderer
from drf_spectacular.settings import patched_settings
from drf_spectacular.utils import Direction

from tipintake.api.strict import CLOCK, STAMP


class NoOtherKeys(OpenApiSerializerExtension):
    """What is not listed is refused, and the schema says so."""

    target_class = "tipintake.api.strict.StrictObject"
    match_subclasses = True

    def map_serializer(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        schema: dict[str, Any] = auto_schema._map_serializer(  # noqa: SLF001 the way extensions are written
            self.target, direction, bypass_extensions=True
        )
        schema["additionalProperties"] = False
        return schema


class ExactNumber(OpenApiSerializerFieldExtension):
    """A JSON number with a fixed number of decimal places, not a string."""

    target_class = "tipintake.api.strict.StrictDecimal"

    def map_serializer_field(
        self,
        auto_schema: AutoSchema,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
    ) -> dict[str, Any]:
        field = self.target
        return {
            "type": "number",
            "minimum": float(field.min_value),
            "maximum": float(field.max_value),
            "multipleOf": float(10**-field.decimal_places),
        }


class Moment(OpenApiSerializerFieldExtension):
    """A date and time; its offset may be left out."""

    target_class = "tipintake.api.strict.StrictDateTime"

    def map_serializer_field(
        self,
        auto_schema: AutoSchema,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^{STAMP}$",
            "description": "ISO 8601. Without an offset it is read in the sighting's time zone.",
            "example": "2026-11-14T21:30",
        }


class FileContent(OpenApiSerializerFieldExtension):
    """Bytes in a string."""

    target_class = "tipintake.api.strict.StrictBase64"

    def map_serializer_field(
        self,
        auto_schema: AutoSchema,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "contentEncoding": "base64",
            "pattern": "^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$",
            "minLength": 4,
        }


class TimeOfDay(OpenApiSerializerFieldExtension):
    target_class = "tipintake.api.strict.StrictTime"

    def map_serializer_field(
        self,
        auto_schema: AutoSchema,  # noqa: ARG002
        direction: Direction,  # noqa: ARG002
    ) -> dict[str, Any]:
        return {
            "type": "string",
            "pattern": f"^{CLOCK}$",
            "example": "22:30",
        }


@cache
def schema() -> dict[str, Any]:
    with translation.override("en"):
        generator = SchemaGenerator(urlconf="config.urls_public")
        made: dict[str, Any] = generator.get_schema(request=None, public=True)
        return made


@cache
def schema_yaml() -> bytes:
    rendered: bytes = OpenApiYamlRenderer().render(schema(), renderer_context={})
    return rendered


@cache
def schema_json() -> bytes:
    return json.dumps(schema(), ensure_ascii=False, default=str).encode()


# --- The same for systems of partner agencies, on the desk host ------------------------------

PARTNER: dict[str, Any] = {
    "TITLE": "Hand-offs of partner agencies",
    "DESCRIPTION": (
        "List the hand-offs of your own lines and answer for them. What was seen is read on the "
        "desk. In an emergency call 911."
    ),
    "APPEND_COMPONENTS": {
        "securitySchemes": {
            "partnerToken": {
                "type": "http",
                "scheme": "bearer",
                "description": "Made on the desk or by `manage.py token make`.",
            }
        }
    },
}


@cache
def partner_schema() -> dict[str, Any]:
    patterns = [path("api/v1/partner/", include("tipintake.api.partner.urls"))]
    with translation.override("en"), patched_settings(PARTNER):
        generator = SchemaGenerator(patterns=patterns)
        made: dict[str, Any] = generator.get_schema(request=None, public=True)
        return made


@cache
def partner_schema_yaml() -> bytes:
    rendered: bytes = OpenApiYamlRenderer().render(partner_schema(), renderer_context={})
    return rendered


@cache
def partner_schema_json() -> bytes:
    return json.dumps(partner_schema(), ensure_ascii=False, default=str).encode()
