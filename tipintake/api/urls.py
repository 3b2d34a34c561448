from django.urls import path

from tipintake.api.reference import SchemaJSON, SchemaYAML, Vocabulary
from tipintake.api.returning import Messages, Status
from tipintake.api.sending import Challenge, Preview, Tips

app_name = "api"

urlpatterns = [
    path("tips", Tips.as_view(), name="tips"),
    path("tips/challenge", Challenge.as_view(), name="challenge"),
    path("tips/preview", Preview.as_view(), name="preview"),
    path("tips/status", Status.as_view(), name="status"),
    path("tips/messages", Messages.as_view(), name="messages"),
    path("vocabulary", Vocabulary.as_view(), name="vocabulary"),
    path("schema", SchemaYAML.as_view(), name="schema"),
    path("schema.yaml", SchemaYAML.as_view(), name="schema-yaml"),
    path("schema.json", SchemaJSON.as_view(), name="schema-json"),
]
