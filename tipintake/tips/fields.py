"""Facts about single fields, read from the models, where they stand once."""

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.utils.translation import ngettext


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `pointer` is a JSON pointer ("/vehicles/0/year_to"; "" = whole tip)."""

    pointer: str
    code: str
    message: str  # translated; says what to do


def field_problems(part: Any, model: type[models.Model], pointer: str) -> Iterator[Problem]:
    """What the model's fields refuse in the values of a draft: length, choice, range."""
    for fact in fields(part):
        value = getattr(part, fact.name)
        field = _field(model, fact.name)
        if field is None or value is None or value == "":
            continue
        try:
            field.clean(value, None)
        except ValidationError as error:
            code = getattr(error.error_list[0], "code", None) or "invalid"
            words = " ".join(error.messages)
            if code == "max_length" and isinstance(value, str):
                words = too_many_characters(len(value), field.max_length or 0)
            yield Problem(f"{pointer}/{fact.name}", code, words)


def too_many_characters(have: int, most: int) -> str:
    """Said by both doors alike, wherever the count is first taken."""
    return ngettext(
        "This has %(show_value)d characters. At most %(limit_value)d fit: please shorten it. "
        "Nothing was cut.",
        "This has %(show_value)d characters. At most %(limit_value)d fit: please shorten it. "
        "Nothing was cut.",
        most,
    ) % {"show_value": have, "limit_value": most}


def longest(model: type[models.Model], name: str) -> int | None:
    """How many characters the column of this field takes; None when it is not limited."""
    field = _field(model, name)
    return field.max_length if field else None


def _field(model: type[models.Model], name: str) -> "models.Field[Any, Any] | None":
    try:
        field = model._meta.get_field(name)  # noqa: SLF001  Django documents it
    except FieldDoesNotExist:
        return None
    if not isinstance(field, models.Field) or isinstance(field, models.JSONField):
        return None
    return None if field.is_relation else field
