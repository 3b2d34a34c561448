"""The sections of the form. Field facts come from the models; here stands how they are asked."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import models
from django.forms.boundfield import BoundField
from django.forms.models import fields_for_model
from django.forms.utils import ErrorDict
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tipintake.tips import models as tips
from tipintake.tips.vocabulary import PinSource, PlaceType, Platform
from tipintake.web.report import exits
from tipintake.web.report.fields import (
    ClockField,
    DayField,
    FractionInput,
    HeightField,
    WordsField,
    moment,
)
from tipintake.web.report.signs import LABELS

NO_ANSWER = _("No answer")
PICTURES_FOLLOW = _("I want to add pictures")
PICK_ONE = _("Choose one answer.")
PICK_KNOWN = _("Choose one of the answers shown.")
ONLY_A_NUMBER = _(
    "Write only a number, like 25. If you are not sure, leave this empty and say it in your own "
    "words."
)
RETYPE = _("There is a character here that cannot be read. Please type this once more.")

PIN_DECIMALS = 4  # of a degree: about ten meters
PIN_METERS = 25  # a finger on a map is no nearer

_PLAIN = forms.TextInput
_DIGITS = {"inputmode": "numeric"}
_CODE = {"autocapitalize": "characters"}
_LOWER = {"autocapitalize": "none"}


def label_of(model: type[models.Model], field: str) -> Any:
    return fields_for_model(model, fields=[field])[field].label


@dataclass(frozen=True, slots=True)
class Fold:
    """More about a thing, under a line that opens it. Without a title the kind's own is used."""

    title: str | Promise
    hint: str | Promise
    fields: list[BoundField]
    is_open: bool
    is_spot: bool = False


class Section(forms.ModelForm):  # type: ignore[type-arg]  # generic in the stubs only
    """One part of the form. A quiet one shows what was typed and finds no fault yet."""

    use_required_attribute = False
    asked_first: ClassVar[tuple[str, ...]] = ()
    asked_more: ClassVar[tuple[str, ...]] = ()
    stands_for: ClassVar[dict[str, str]] = {}  # the draft's field -> the field that asks for it

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        prefix: str | None = None,
        quiet: bool = False,
        empty_permitted: bool = False,
    ) -> None:
        super().__init__(data, prefix=prefix, empty_permitted=empty_permitted, label_suffix="")
        self.quiet = quiet
        for field in self.fields.values():
            _say_it_kindly(field)

    def full_clean(self) -> None:
        if self.quiet:
            self._errors = ErrorDict()
            self.cleaned_data: dict[str, Any] = {}
        else:
            super().full_clean()

    def _post_clean(self) -> None:
        """Nothing: `TipDraft.check()` holds the models' facts and the rules across fields.

        Django would build a row here and hand what was typed to the database, to try its
        constraints on it.
        """

    def first(self) -> Iterator[BoundField]:
        return (self[name] for name in self.asked_first)

    def folds(self) -> Iterator[Fold]:
        """What is asked beyond the first fields."""
        yield self._fold("", "", self.asked_more)

    def _fold(
        self,
        title: str | Promise,
        hint: str | Promise,
        names: tuple[str, ...],
        *,
        is_spot: bool = False,
    ) -> Fold:
        fields = [self[name] for name in names]
        is_open = any(field.errors or _is_answered(field) for field in fields)
        return Fold(title, hint, fields, is_open, is_spot)

    def has_changed(self) -> bool:
        return any(_is_answered(self[name]) for name in self.fields)

    def blame(self, field: str, message: str) -> None:
        """Put a fault of the draft beside the field that asks for it; one fault is enough."""
        name = self.stands_for.get(field, field)
        if name not in self.errors:
            self.add_error(name if name in self.fields else None, message)

    def values(self) -> dict[str, Any]:
        return dict(self.cleaned_data)


def _is_answered(field: BoundField) -> bool:
    return bool(field.data) and field.field.has_changed(field.initial, field.data)


def _say_it_kindly(field: forms.Field) -> None:
    field.widget.attrs.pop("maxlength", None)  # browsers cut what is pasted, and say nothing
    field.required = field.required and field.initial is None
    field.error_messages["required"] = PICK_ONE
    field.error_messages["invalid_choice"] = PICK_KNOWN
    # The draft counts characters, for both doors and in the same words.
    field.validators = [v for v in field.validators if not isinstance(v, MaxLengthValidator)]
    for check in field.validators:
        if isinstance(check, ProhibitNullCharactersValidator):
            check.message = RETYPE
    if isinstance(field, forms.IntegerField):  # and its kinds with a fraction
        field.error_messages["invalid"] = ONLY_A_NUMBER
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.MultipleChoiceField):
        real = [(value, label) for value, label in field.widget.choices if value]
        asked_at_once = isinstance(field.widget, forms.RadioSelect)
        blank = [] if field.required or asked_at_once else [("", NO_ANSWER)]
        field.choices = blank + real


class TipForm(Section):
    """What was seen, and who the writer is to it."""

    indicators = forms.MultipleChoiceField(
        choices=[(code, label) for code, label in LABELS.items()],
        widget=forms.CheckboxSelectMultiple,
        required=False,
        label=_("Signs you saw"),
    )
    narrative = WordsField(
        label=_("Tell it in your own words"),
        required=False,
        max_length=tips.NARRATIVE_LIMIT,
        widget=forms.Textarea(attrs={"rows": 8, "data-limit": tips.NARRATIVE_LIMIT}),
        help_text=_(
            "What did they do? Please leave out your own name, phone, address, job and car. What "
            "we recognize as yours is taken out."
        ),
    )
    pictures_follow = forms.BooleanField(label=PICTURES_FOLLOW, required=False)
    police_consent = forms.TypedChoiceField(
        label=_("May the police be told?"),
        choices=[
            ("yes", _("Yes, the police and the trafficking task force may be told")),
            ("no", _("No, or not now")),
        ],
        coerce=lambda answer: answer == "yes",
        empty_value=None,
        widget=forms.RadioSelect,
        required=False,
    )

    class Meta:
        model = tips.Tip
        fields = [
            "category",
            "immediacy",
            "minor_present",
            "basis",
            "reporter_is_victim",
            "wants_reward",
            "distrusts_police",
        ]
        widgets = {
            "category": forms.RadioSelect,
            "immediacy": forms.RadioSelect,
            "minor_present": forms.RadioSelect,
            "basis": forms.RadioSelect,
        }

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        if not values.get("reporter_is_victim"):
            values["police_consent"] = None  # asked only of the person in the situation
        return values


class PlaceForm(Section):
    """A place. Its exit may be chosen from a list, its spot marked on a map."""

    listed_exit = forms.CharField(
        label=_("Choose the exit"),
        required=False,
        widget=exits.ListOfExits,
        help_text=_("If it is not on the list, type it below."),
    )
    second_road = forms.CharField(label=_("The other road, if there are two"), required=False)
    pinned = forms.CharField(required=False, widget=forms.HiddenInput)

    asked_first = ("place_type", "name", "unit", "street", "city", "state", "zip")
    asked_on_highway = ("listed_exit", "highway", "exit", "mile_marker", "direction")
    asked_of_roads = ("cross_street", "second_road")
    asked_of_spot = ("lat", "lon", "accuracy_m", "pinned")
    asked_more = (*asked_of_roads, *asked_on_highway, *asked_of_spot)

    class Meta:
        model = tips.Place
        fields = [
            "place_type",
            "name",
            "unit",
            "street",
            "city",
            "zip",
            "highway",
            "direction",
            "exit",
            "mile_marker",
            "cross_street",
            "state",
            "lat",
            "lon",
            "accuracy_m",
        ]
        widgets = {
            "zip": _PLAIN(attrs=_DIGITS),
            "mile_marker": FractionInput(attrs={"inputmode": "decimal"}),
            "lat": FractionInput,
            "lon": FractionInput,
            "accuracy_m": _PLAIN(attrs=_DIGITS),
        }
        help_texts = {
            "highway": _("Like I-70 or Highway K"),
            "direction": _("Like westbound"),
        }

    def folds(self) -> Iterator[Fold]:
        yield self._fold(
            _("Between which two roads?"),
            "",
            self.asked_of_roads,
        )
        yield self._fold(
            _("On a highway or at an exit"),
            "",
            self.asked_on_highway,
        )
        yield self._fold(
            _("The spot on a map"),
            _(
                "Where it happened, never where you are. We never ask your phone where you are. "
                "No map at hand? Say in your own words what is next to it, across from it or "
                "behind it."
            ),
            self.asked_of_spot,
            is_spot=True,
        )

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        values["place_type"] = values.get("place_type") or PlaceType.UNKNOWN.value
        roads = (values.get("cross_street"), values.pop("second_road", ""))
        values["cross_street"] = " & ".join(road for road in roads if road)
        chosen = exits.read(values.pop("listed_exit", ""))
        values["exit"] = exits.bare(values.get("exit") or "")
        if chosen is not None and not values["exit"]:
            values["highway"], values["exit"] = chosen
        is_pin = bool(values.pop("pinned", ""))
        if values.get("lat") is not None:
            values["source"] = (PinSource.PIN if is_pin else PinSource.TYPED).value
            if is_pin:
                values |= _coarse(values)
        return values


def _coarse(values: dict[str, Any]) -> dict[str, Any]:
    """A pin means a doorway, not a hand's breadth."""
    lat, lon = (values.get(name) for name in ("lat", "lon"))
    return {
        "lat": None if lat is None else round(lat, PIN_DECIMALS),
        "lon": None if lon is None else round(lon, PIN_DECIMALS),
        "accuracy_m": max(values.get("accuracy_m") or 0, PIN_METERS),
    }


class VehicleForm(Section):
    asked_first = ("plate_raw", "plate_state", "colour1", "make", "model", "role_in_scene")
    asked_more = (
        "plate_partial",
        "plate_type",
        "style",
        "year_from",
        "year_to",
        "colour2",
        "features",
    )

    class Meta:
        model = tips.Vehicle
        fields = [
            "plate_raw",
            "plate_state",
            "colour1",
            "make",
            "model",
            "role_in_scene",
            "plate_partial",
            "plate_type",
            "style",
            "year_from",
            "year_to",
            "colour2",
            "features",
        ]
        widgets = {
            "plate_raw": _PLAIN(attrs=_CODE),
            "year_from": _PLAIN(attrs=_DIGITS),
            "year_to": _PLAIN(attrs=_DIGITS),
        }


class PersonForm(Section):
    height_cm = HeightField(
        label=_("Height"),
        required=False,
        help_text=_("Like 5 ft 6 in, or 168 cm"),
    )
    asked_first = ("role", "looks_under_18", "sex", "age_from", "age_to", "clothing")
    asked_more = (
        "name_or_alias",
        "marks",
        "hair",
        "eyes",
        "build",
        "height_cm",
        "race",
    )

    class Meta:
        model = tips.PersonDescribed
        fields = [
            "role",
            "looks_under_18",
            "sex",
            "age_from",
            "age_to",
            "clothing",
            "name_or_alias",
            "marks",
            "hair",
            "eyes",
            "build",
            "height_cm",
            "race",
        ]
        widgets = {
            "age_from": _PLAIN(attrs=_DIGITS),
            "age_to": _PLAIN(attrs=_DIGITS),
        }


class LeadForm(Section):
    """An online lead. A day without a time stands as the start of that day; a time without a day
    would be lost."""

    platform = forms.ChoiceField(
        label=label_of(tips.OnlineLead, "platform"), choices=Platform.choices, required=False
    )
    seen_on = DayField(label=label_of(tips.OnlineLead, "seen_at"))
    seen_time = ClockField(label=_("Time"))
    asked_first = ("url", "platform", "handle", "ad_phone")
    asked_more = ("ad_alias", "ad_email", "payment_tag", "seen_on", "seen_time")
    stands_for = {"seen_at": "seen_on"}

    class Meta:
        model = tips.OnlineLead
        fields = [
            "url",
            "platform",
            "handle",
            "ad_phone",
            "ad_alias",
            "ad_email",
            "payment_tag",
        ]
        widgets = {
            "url": _PLAIN(attrs={**_LOWER, "inputmode": "url"}),
            "handle": _PLAIN(attrs=_LOWER),
            "ad_phone": _PLAIN(attrs={"inputmode": "tel"}),
            "ad_email": _PLAIN(attrs={**_LOWER, "inputmode": "email"}),
            "payment_tag": _PLAIN(attrs=_LOWER),
        }

    def clean(self) -> dict[str, Any]:
        given = super().clean() or self.cleaned_data
        if given.get("seen_time") and not given.get("seen_on") and "seen_on" not in self.errors:
            self.add_error(
                "seen_on",
                gettext(
                    "On which day? A guess helps. If you do not know it, empty the time and say "
                    "it in your own words."
                ),
            )
        return given

    def values(self) -> dict[str, Any]:
        values = dict(self.cleaned_data)
        day, clock = values.pop("seen_on", None), values.pop("seen_time", None)
        if day is not None:
            values["seen_at"] = moment(day, clock or time.min)
        return values
