"""What a search may ask for, as staff fill it in."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import fields
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tipintake.directory.models import Line
from tipintake.staff.roles import May
from tipintake.tips import ncic
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.vocabulary import Disposition, PlaceType, Priority, Status
from tipintake.triage.search import Asked
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import FIRST_DAY, LAST_DAY
from tipintake.web.desk.page import Desk

Choice = tuple[str, str]
ANY: Choice = ("", _("Any"))
NOT_A_DAY = _("Write the day as 2026-11-30.")
WRONG_ORDER = _("The last day lies before the first.")
GROUPS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (_("Vehicle"), ("plate", "plate_state", "make", "colour", "style")),
    (_("Place"), ("place", "room", "city", "zip", "exit", "venue")),
    (_("Online and telephone"), ("phone", "handle", "url", "email", "payment")),
    (_("Days"), ("seen_from", "seen_to", "came_from", "came_to")),
    (_("Handling"), ("category", "priority", "status", "disposition", "line")),
    (_("People"), ("name", "race")),
)


def _words(label: str, help_text: str = "", *, most: int = 80) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})
    return forms.CharField(
        label=label, help_text=help_text, max_length=most, required=False, widget=widget
    )


def _day(label: str) -> forms.DateField:
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(
        label=label,
        required=False,
        widget=widget,
        input_formats=["%Y-%m-%d"],
        error_messages={"invalid": NOT_A_DAY},
        validators=[
            MinValueValidator(FIRST_DAY, NOT_A_DAY),
            MaxValueValidator(LAST_DAY, NOT_A_DAY),
        ],
    )


def _one_of(label: str, choices: Callable[[], Iterable[Choice]]) -> forms.ChoiceField:
    return forms.ChoiceField(
        label=label, choices=lambda: [(ANY[0], gettext(ANY[1])), *choices()], required=False
    )


def _said(choices: Iterable[tuple[str, object]]) -> list[Choice]:
    return [(value, gettext(str(label))) for value, label in choices]


class SearchForm(forms.Form):
    """Everything may stay empty; what is given must all hold."""

    plate = _words(_("Plate"), _("? for one unseen character, * for several"), most=30)
    plate_state = _one_of(
        _("Plate state"), lambda: [(one.code, one.label) for one in ncic.codes("states")]
    )
    make = _words(_("Make"), most=40)
    colour = _words(_("Color"), most=30)
    style = _words(_("Body style"), most=40)
    place = _words(_("Name or street"), _("Whole words, such as sunset inn"), most=120)
    room = _words(_("Room or unit"), most=20)
    city = _words(_("City"))
    zip = _words(_("ZIP"), most=10)
    exit = _words(_("Exit"), _("Such as I-70 212"), most=20)
    venue = _one_of(_("Kind of place"), lambda: _said(PlaceType.choices))
    phone = _words(_("Phone in an ad"), _("With its area code"), most=60)
    handle = _words(_("User name"), most=60)
    url = _words(_("Web address"), _("Or the name of a site"), most=500)
    email = _words(_("E-mail"), most=120)
    payment = _words(_("Payment tag"), most=60)
    sign = forms.MultipleChoiceField(
        label=_("Signs"),
        required=False,
        choices=[(code, one.label) for code, one in INDICATORS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
    seen_from = _day(_("Seen from"))
    seen_to = _day(_("Seen until"))
    came_from = _day(_("Came from"))
    came_to = _day(_("Came until"))
    category = _one_of(_("Category"), lambda: list(wording.CATEGORIES.items()))
    priority = _one_of(_("Priority"), lambda: [(one.value, one.value) for one in Priority])
    status = _one_of(_("Status"), lambda: _said(Status.choices))
    disposition = _one_of(_("What came of it"), lambda: _said(Disposition.choices))
    line = forms.ChoiceField(label=_("Line"), required=False)
    race = _words(
        _("Race as described"), _("Only beside two other things that were seen"), most=40
    )
    name = _words(_("Name in a record"), _("Of intelligence records in force"), most=80)

    def __init__(self, *args: Any, desk: Desk, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        lines = Line.objects.filter(desk.lines).order_by("name").values_list("code", "name")
        line = self.fields["line"]
        if isinstance(line, forms.ChoiceField):
            line.choices = [*_said([ANY]), *lines]
        if not desk.may(May.READ_INTELLIGENCE):
            del self.fields["name"]
        if not desk.is_own_staff:
            del self.fields["disposition"]  # of the whole tip; an agency knows its own part

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for first, last in (("seen_from", "seen_to"), ("came_from", "came_to")):
            begin, end = cleaned.get(first), cleaned.get(last)
            if isinstance(begin, date) and isinstance(end, date) and end < begin:
                self.add_error(last, WRONG_ORDER)
        return cleaned

    def asked(self) -> Asked:
        given = {one.name: self.cleaned_data.get(one.name) for one in fields(Asked)}
        given["sign"] = tuple(given["sign"] or ())
        return Asked(**{name: value for name, value in given.items() if value})

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        for title, names in GROUPS:
            yield title, [self[name] for name in names if name in self.fields]
