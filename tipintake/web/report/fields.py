"""Fields that take what people really type: line ends, feet and inches, a day without a time."""

import re
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

CHICAGO = ZoneInfo("America/Chicago")
DAY_FORMATS = ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y")
TIME_FORMATS = ("%H:%M", "%H:%M:%S", "%I:%M %p", "%I %p", "%I:%M%p", "%I%p")

FIRST_YEAR, LAST_YEAR = 1950, 2100
CHECK_YEAR = _("Check the year. For long ago, say it in your own words.")

_FEET = re.compile(
    r"\s*(?P<feet>[3-8])\s*(?:'|’|′|ft\.?|feet|foot|pies|pie)\s*(?:(?:y|and)\s+)?"
    r"(?:(?P<inches>\d{1,2})\s*(?:\"|”|″|''|in\.?|inches|pulgadas)?)?\s*",
    re.IGNORECASE,
)
_METRIC = re.compile(r"\s*(?P<cm>\d{2,3})\s*(?:cm)?\s*", re.IGNORECASE)
_METERS = re.compile(
    r"\s*(?P<m>[012])\s*(?:[.,]|m|metros?)\s*(?P<cm>\d{2})\s*(?:m|mts?\.?|metros?|meters?)?\s*",
    re.IGNORECASE,
)
_COMMA = re.compile(r"\s*-?\d{1,3},\d{1,12}\s*", re.ASCII)
_CM_PER_INCH = 2.54
_CM_PER_METER = 100
_HALF_OF_A_DAY = re.compile(r"\b([ap])\.?\s?m\b\.?", re.IGNORECASE)


class FractionInput(forms.TextInput):
    """ "38,81" is a number too: many who read Spanish write it so."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> Any:
        typed = super().value_from_datadict(data, files, name)
        has_comma = isinstance(typed, str) and _COMMA.fullmatch(typed)
        return typed.replace(",", ".") if has_comma else typed


class WordsField(forms.CharField):
    """Free text. Line ends are made one character, so that counts and findings hold still."""

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        return str(text).replace("\r\n", "\n").replace("\r", "\n")


class HeightField(forms.CharField):
    """Centimeters, from feet and inches or centimeters."""

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if found := _FEET.fullmatch(text):
            inches = int(found["feet"]) * 12 + int(found["inches"] or 0)
            return round(inches * _CM_PER_INCH)
        if found := _METRIC.fullmatch(text):
            return int(found["cm"])
        if found := _METERS.fullmatch(text):
            return int(found["m"]) * _CM_PER_METER + int(found["cm"])
        raise ValidationError(
            _("Write the height like 5 ft 6 in, or in centimeters like 168 cm."), code="invalid"
        )

    def has_changed(self, initial: Any, data: Any) -> bool:  # noqa: ARG002
        return bool(data and str(data).strip())


class DayField(forms.DateField):
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    default_error_messages = {
        "invalid": _("Write the day like 11/27/2026: month, day, year."),
    }

    def __init__(self, **kwargs: Any) -> None:
        years = [
            MinValueValidator(date(FIRST_YEAR, 1, 1), CHECK_YEAR),
            MaxValueValidator(date(LAST_YEAR, 12, 31), CHECK_YEAR),
        ]
        super().__init__(input_formats=DAY_FORMATS, required=False, validators=years, **kwargs)


class ClockField(forms.TimeField):
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    default_error_messages = {
        "invalid": _("Write the time like 10:30 PM or 22:30."),
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=TIME_FORMATS, required=False, **kwargs)

    def to_python(self, value: Any) -> time | None:
        """ "10:30 p. m." is how a time is written in Spanish."""
        told = _HALF_OF_A_DAY.sub(r"\1m", value) if isinstance(value, str) else value
        return super().to_python(told)


def moment(day: date, clock: time) -> datetime:
    """That day and time in St. Louis; a time that the clock change skips moves on by the hour."""
    local = datetime.combine(day, clock, tzinfo=CHICAGO)
    return local.astimezone(UTC).astimezone(CHICAGO)
