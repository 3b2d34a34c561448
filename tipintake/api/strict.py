"""Fields that take a JSON value of their own kind and no other, and say what they take.

DRF turns numbers into strings, strings into numbers and "yes" into true without a word. A client
that sends the wrong kind has a mistake that somebody should hear of.
"""

import base64
import difflib
import math
import re
from collections.abc import Mapping, Sequence
from datetime import datetime, time, tzinfo
from decimal import Decimal
from typing import Any, NoReturn

from django.core.validators import RegexValidator
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.fields import empty

from tipintake.api.parsers import quoted
from tipintake.tips import languages
from tipintake.tips.fields import too_many_characters

# Wide: what is too long ago or yet to come, the draft says itself. The schema shows these.
DAY = r"(19|20|21)[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
CLOCK = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9](\.[0-9]{1,6})?)?"
OFFSET = r"(Z|[+-](0[0-9]|1[0-4]):[0-5][0-9])?"
STAMP = f"{DAY}T{CLOCK}{OFFSET}"
SMALL, LARGE = 32_767, 2_147_483_647  # what the columns hold on every database
NEEDED = _("This is needed.")
EMPTY = _("This is empty. Fill it in, or leave it out.")
MOST_GUESSES = 20  # at what was meant; a body of junk has thousands of names
ASKS_WHO = frozenset(
    {
        "address",
        "contact",
        "e_mail",
        "email",
        "first_name",
        "full_name",
        "ip",
        "ip_address",
        "last_name",
        "my_name",
        "name",
        "phone",
        "reporter",
        "reporter_email",
        "reporter_name",
        "reporter_phone",
        "telephone",
        "username",
    }
)
NOBODY_ASKS = _(
    'There is no field "{name}": nobody is asked who they are. Leave it out, '
    "and keep it out of the other fields too."
)
NO_FIELD = _('There is no field "{name}" here. Leave it out.')
MEANT = _('There is no field "{name}" here. Did you mean "{near}"?')


class StrictText(serializers.CharField):
    """Text from a JSON string; never from a number."""

    default_error_messages = {
        "invalid": _("Send this as text: a JSON string."),
        "required": NEEDED,
        "null": NEEDED,
        "blank": NEEDED,
        "null_character": _("Take out the zero character (\\u0000)."),
        "surrogate": _("Take out the broken character: half of a surrogate pair."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        if not self.required:
            self.error_messages["blank"] = EMPTY

    def run_validation(self, data: Any = empty) -> Any:
        is_absent, value = self.validate_empty_values(data)
        if is_absent:
            return value
        if not isinstance(data, str):
            self.fail("invalid")
        return super().run_validation(data)

    def to_internal_value(self, data: Any) -> str:
        text = str(data).replace("\r\n", "\n").replace("\r", "\n").strip()
        if "\x00" in text:
            self.fail("null_character")
        if any("\ud800" <= char <= "\udfff" for char in text):
            self.fail("surrogate")
        return text

    def run_validators(self, value: Any) -> None:
        if self.max_length is not None and len(value) > self.max_length:
            raise ValidationError(too_many_characters(len(value), self.max_length), "max_length")
        super().run_validators(value)


class StrictLanguage(StrictText):
    """The tag of a language, with or without script and region."""

    def __init__(self, **kwargs: Any) -> None:
        is_tag = RegexValidator(rf"^{languages.SHAPE}\Z", languages.NO_TAG, "unknown_language")
        super().__init__(**{"max_length": languages.LONGEST, "validators": [is_tag], **kwargs})


class StrictBase64(serializers.Field):  # type: ignore[type-arg]
    """The bytes of a file, as standard base64 in one string."""

    default_error_messages = {
        "invalid": _("Send the file's bytes as base64 in one JSON string."),
        "required": NEEDED,
        "null": NEEDED,
        "blank": NEEDED,
        "base64": _(
            "This is not standard base64 (RFC 4648, section 4): no line breaks, no data: in front."
        ),
    }

    def to_internal_value(self, data: Any) -> bytes:
        if not isinstance(data, str):
            self.fail("invalid")
        if not data:
            self.fail("blank")
        try:
            return base64.b64decode(data, validate=True)
        except ValueError:
            self.fail("base64")


class StrictChoice(serializers.ChoiceField):
    """One of the listed words, as a JSON string."""

    default_error_messages = {
        "invalid_choice": _("Use one of: {choices}."),
        "invalid": _("Send this as text: one of {choices}."),
        "required": _("This is needed. Use one of: {choices}."),
        "null": _("This is needed. Use one of: {choices}."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, str):
            self.fail("invalid")
        if data == "" and self.allow_blank:
            return ""
        if data not in self.choices:
            self.fail("invalid_choice")
        return data

    def fail(self, key: str, **kwargs: Any) -> NoReturn:
        listed = ", ".join(str(choice) for choice in self.choices if choice != "")
        super().fail(key, **kwargs, choices=listed)


class StrictBoolean(serializers.BooleanField):
    """true or false; never "true", 1 or "on"."""

    default_error_messages = {"invalid": _("Send true or false, without quotation marks.")}

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid")
        return data


class _StrictNumber(serializers.Field):  # type: ignore[type-arg]
    default_error_messages = {
        "invalid": _("Send a number, without quotation marks."),
        "whole": _("Send a whole number, without quotation marks."),
        "range": _("Use a number from {least} to {most}."),
        "places": _("Use at most {places} digits after the point."),
    }

    def __init__(self, *, min_value: Any = None, max_value: Any = None, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        # After DRF's own, which would judge a second time, in words of its own.
        self.min_value = min_value
        self.max_value = max_value

    def within(self, value: Any) -> Any:
        low = self.min_value is not None and value < self.min_value
        high = self.max_value is not None and value > self.max_value
        if low or high:
            self.fail("range", least=self.min_value, most=self.max_value)
        return value

    def to_representation(self, value: Any) -> Any:
        return value


class StrictInteger(_StrictNumber, serializers.IntegerField):
    """A whole number from a JSON number: 5 and 5.0, never "5" or 5.5."""

    def to_internal_value(self, data: Any) -> int:
        value = number(data)
        if value is None:
            self.fail("whole")
        self.within(value)
        if value != int(value):
            self.fail("whole")
        return int(value)


class StrictFloat(_StrictNumber, serializers.FloatField):
    """A number from a JSON number."""

    def to_internal_value(self, data: Any) -> float:
        value = number(data)
        if value is None or not math.isfinite(float(value)):
            self.fail("invalid")
        return float(self.within(value))


class StrictDecimal(_StrictNumber, serializers.DecimalField):
    """An exact number from a JSON number, with a fixed number of decimal places."""

    def __init__(self, *, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        super().__init__(
            max_digits=max_digits,
            decimal_places=decimal_places,
            min_value=Decimal(0),
            max_value=Decimal(10) ** (max_digits - decimal_places) - 1,
            **kwargs,
        )

    def validate_empty_values(self, data: Any) -> tuple[bool, Any]:
        # DRF's own takes a blank string for null.
        return serializers.Field.validate_empty_values(self, data)

    def to_internal_value(self, data: Any) -> Decimal:
        value = number(data)
        if value is None:
            self.fail("invalid")
        self.within(value)
        places = Decimal(1).scaleb(-(self.decimal_places or 0))
        if value != value.quantize(places):
            self.fail("places", places=self.decimal_places)
        return value.quantize(places)


class StrictDateTime(serializers.DateTimeField):
    """A moment, as ISO 8601. One without an offset is handed on naive: its zone is elsewhere."""

    default_error_messages = {
        "invalid": _("Send a date and time as text, like 2026-11-14T21:30 or 2026-11-14T21:30Z."),
        "calendar": _("There is no such day. Check the date."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str) or not re.fullmatch(STAMP, value):
            self.fail("invalid")
        try:
            return datetime.fromisoformat(value)
        except ValueError:
            self.fail("calendar")


class StrictTime(serializers.TimeField):
    """A time of day, as text."""

    default_error_messages = {"invalid": _("Send a time of day as text, like 22:30.")}

    def to_internal_value(self, value: Any) -> time:
        if not isinstance(value, str) or not re.fullmatch(CLOCK, value):
            self.fail("invalid")
        return time.fromisoformat(value)


class StrictList(serializers.ListField):
    """A JSON array with a known most."""

    default_error_messages = {"not_a_list": _("Send a list: a JSON array.")}

    def to_internal_value(self, data: Any) -> list[Any]:
        if not isinstance(data, list):
            self.fail("not_a_list")
        if self.max_length is not None and len(data) > self.max_length:
            raise ValidationError(too_many_entries(len(data), self.max_length), "max_length")
        found: list[Any] = self.run_child_validation(data)
        return found


class StrictObject(serializers.Serializer):  # type: ignore[type-arg]
    """Refuses by name what it does not know, beside everything else that is to mend."""

    default_error_messages = {
        "invalid": _("Send an object: JSON in curly braces."),
        "null": _("Send an object here, or leave it out."),
    }

    def to_internal_value(self, data: Any) -> Any:
        if not isinstance(data, Mapping):
            self.fail("invalid")
        known = tuple(self.fields)
        unknown = {
            name: [
                ErrorDetail(
                    unknown_field(name, known if at < MOST_GUESSES else ()), "unknown_field"
                )
            ]
            for at, name in enumerate(name for name in data if name not in self.fields)
        }
        try:
            values = super().to_internal_value(data)
        except ValidationError as error:
            if not isinstance(error.detail, dict):
                raise
            raise ValidationError({**error.detail, **unknown}) from None
        if unknown:
            raise ValidationError(unknown)
        return values


class StrictSerializer(StrictObject):
    """An object that no model stands behind."""


class StrictModelSerializer(StrictObject, serializers.ModelSerializer):  # type: ignore[type-arg]
    """An object whose fields are derived from a model, each taking its own kind only."""

    serializer_field_mapping = {
        models.CharField: StrictText,
        models.TextField: StrictText,
        models.BooleanField: StrictBoolean,
        models.PositiveSmallIntegerField: StrictInteger,
        models.PositiveIntegerField: StrictInteger,
        models.FloatField: StrictFloat,
        models.DecimalField: StrictDecimal,
        models.DateTimeField: StrictDateTime,
        models.TimeField: StrictTime,
    }
    serializer_choice_field = StrictChoice

    def build_standard_field(
        self, field_name: str, model_field: Any
    ) -> tuple[type[Any], dict[str, Any]]:
        """Null equals absent wherever absent is allowed."""
        kind, kwargs = super().build_standard_field(field_name, model_field)
        if not kwargs.get("required", True):
            kwargs["allow_null"] = True
        if issubclass(kind, StrictInteger):
            # Django reads its own bounds off the database in use; ours are the same everywhere.
            kwargs.pop("validators", None)
            small = isinstance(model_field, models.PositiveSmallIntegerField)
            kwargs |= {"min_value": 0, "max_value": SMALL if small else LARGE}
        return kind, kwargs


def number(data: Any) -> Decimal | None:
    """A JSON number, exactly; None for anything else, true and NaN included."""
    if isinstance(data, bool) or not isinstance(data, int | float | Decimal):
        return None
    value = Decimal(str(data)) if isinstance(data, float) else Decimal(data)
    return value if value.is_finite() else None


def unknown_field(name: str, known: Sequence[str]) -> str:
    """Say which name is not known, and what to do about it."""
    shown = quoted(name)
    if name.lower() in ASKS_WHO:
        return str(NOBODY_ASKS).format(name=shown)
    near = difflib.get_close_matches(name[:60], known, n=1, cutoff=0.7)
    if near:
        return str(MEANT).format(name=shown, near=near[0])
    return str(NO_FIELD).format(name=shown)


def too_many_entries(have: int, most: int) -> str:
    return ngettext(
        "This list has {have} entries and may have {most}. Take out {over}, "
        "or send it as another tip.",
        "This list has {have} entries and may have {most}. Take out {over}, "
        "or send them as another tip.",
        have - most,
    ).format(have=have, most=most, over=have - most)


def in_zone(moment: datetime | None, zone: tzinfo) -> datetime | None:
    """A naive moment is read in `zone`."""
    return moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment
