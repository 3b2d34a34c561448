"""The words that residents pick and the signs, in every language: no client needs a copy."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import Promise
from rest_framework import serializers

from tipintake.api.serializers import TipSerializer
from tipintake.api.strict import StrictList
from tipintake.tips.draft import MOST
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import NARRATIVE_LIMIT
from tipintake.tips.vocabulary import Platform

# Fields of text that take these codes, and other words too.
WITH_OTHER_WORDS = {"online/platform": dict(Platform.choices)}


@cache
def vocabulary() -> Mapping[str, Any]:
    """Choices by field, signs, and how many of each part a tip may have."""
    return {
        "choices": {
            name: [{"code": code, "label": _labels(label)} for code, label in choices.items()]
            for name, choices in (_choices("", TipSerializer()) | WITH_OTHER_WORDS).items()
        },
        "indicators": [
            {
                "code": one.code,
                "label": _labels(one.label),
                "scope": one.scope,
                "severity": one.severity,
            }
            for one in INDICATORS.values()
        ],
        "limits": {"narrative": NARRATIVE_LIMIT, **MOST},
    }


def _choices(prefix: str, shape: Any) -> dict[str, dict[str, str | Promise]]:
    found: dict[str, dict[str, str | Promise]] = {}
    for name, field in shape.fields.items():
        inner = field.child if isinstance(field, StrictList) else field
        if isinstance(inner, serializers.Serializer):
            found |= _choices(f"{prefix}{name}/", inner)
        elif isinstance(field, serializers.ChoiceField):
            found[prefix + name] = {code: label for code, label in field.choices.items() if code}
    return found


def _labels(label: str | Promise) -> dict[str, str]:
    labels = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            labels[code] = str(label)
    return labels
