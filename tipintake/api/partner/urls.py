"""What systems of partner agencies may ask, under /api/v1/partner/ on the desk host."""

from django.urls import path

from tipintake.api.partner.views import (
    Acknowledge,
    Decline,
    HandOffs,
    NextLines,
    OneHandOff,
    SchemaJSON,
    SchemaYAML,
)

app_name = "partner"
_ONE = "hand-offs/<slug:line>/<slug:reference>"

urlpatterns = [
    path("hand-offs", HandOffs.as_view(), name="hand-offs"),
    path(_ONE, OneHandOff.as_view(), name="hand-off"),
    path(f"{_ONE}/next-lines", NextLines.as_view(), name="next-lines"),
    path(f"{_ONE}/acknowledge", Acknowledge.as_view(), name="acknowledge"),
    path(f"{_ONE}/decline", Decline.as_view(), name="decline"),
    path("schema.yaml", SchemaYAML.as_view(), name="schema-yaml"),
    path("schema.json", SchemaJSON.as_view(), name="schema-json"),
]
