"""The form as it speaks to the person in the situation: of what happens to them."""

from collections.abc import Mapping
from dataclasses import replace

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.tips.vocabulary import Category
from tipintake.web.report.typed import Answers, Typed

OWN_TITLES: Mapping[int, str | Promise] = {
    1: _("What is happening to you?"),
    2: _("Tell us more, if you want"),
}
_LABELS = {
    "category": _("What is happening to you?"),
    "minor_present": _("Are you under 18, or is anyone there?"),
    "indicators": _("What fits?"),
}
_WORDS = _(
    "Write only what you want to. Where you are, and what they do, helps most. Your own name and "
    "phone are taken out where we see them."
)
_WHERE = _("Where it happens, or where you are kept. Say it only if you want to.")
_CATEGORIES: Mapping[str, str | Promise] = {
    Category.SEX_TRAFFICKING: _("I am forced or tricked into selling sex"),
    Category.MINOR_EXPLOITATION: _("I am under 18, and someone makes me do sexual things"),
    Category.ONLINE_CHILD_EXPLOITATION: _("I am under 18, and it happens online"),
    Category.LABOR_TRAFFICKING: _("I am forced to work"),
    Category.COERCED_COMMERCIAL_SEX: _(
        "I sell sex, and another person controls it or takes the money"
    ),
    Category.RECRUITMENT_GROOMING: _("Someone draws me in with gifts, promises or a job"),
}


def speak_to_the_person(typed: Typed) -> None:
    """The same questions and codes, in the words of whom it happens to."""
    for name, label in _LABELS.items():
        typed.tip.fields[name].label = label
    typed.sighting.fields["kind"].label = _("When does it happen?")
    typed.sighting.fields["times_seen"].label = _("How often has it happened?")
    kinds = typed.tip.fields["category"]
    assert isinstance(kinds, forms.ChoiceField)  # noqa: S101 for mypy: it is made so in forms.py
    kinds.choices = [(code, _CATEGORIES.get(code, label)) for code, label in kinds.widget.choices]
    ask_where_they_are(typed)


def ask_where_they_are(answers: Answers) -> None:
    """Their own place is what helps: nobody is told to leave it out."""
    answers.main.fields["narrative"].help_text = _WORDS
    places = answers.groups["locations"]
    answers.groups["locations"] = replace(places, kind=replace(places.kind, hint=_WHERE))
