"""What is filled in to ask for an export or a digest."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from reports.asking import MOST_CHOSEN, Wish
from reports.formats import formats
from reports.models import Digest, Purpose
from reports.scope import BY_RECIPIENT, LEVEL_WORDS
from tipintake.directory.models import Line
from tipintake.tips.references import reference_of
from tipintake.tips.vocabulary import Category, Priority, Status
from tipintake.triage.vault import Reason

_BETWEEN = re.compile(r"[\s,;]+")
MOST_NAMED = 5


def numbers_in(typed: str) -> list[str]:
    """The tip numbers that stand in what was typed, without what is none."""
    found = map(reference_of, _BETWEEN.split(typed))
    return list(dict.fromkeys(filter(None, found)))[:MOST_CHOSEN]


class AskForm(forms.Form):
    """For whom, why, how much, which tips, in which form."""

    recipient = forms.ModelChoiceField(
        Line.objects.filter(active=True, kind__in=list(BY_RECIPIENT)).order_by("name"),
        to_field_name="code",
        error_messages={
            "required": _("Choose the agency that will receive it."),
            "invalid_choice": _("That agency is not in use any more: choose another."),
        },
    )
    purpose = forms.ChoiceField(
        choices=Purpose, error_messages={"required": _("Choose a purpose.")}
    )
    authority = forms.CharField(
        max_length=160,
        error_messages={
            "required": _("Say on what authority: a case number, an order or an agreement.")
        },
    )
    level = forms.ChoiceField(
        choices=[(one.value, words) for one, words in LEVEL_WORDS.items()],
        error_messages={"required": _("Choose how much the recipient needs to know.")},
    )
    formats = forms.MultipleChoiceField(
        choices=lambda: [(name, one.title) for name, one in formats().items()],
        error_messages={"required": _("Choose at least one format.")},
    )
    tips = forms.CharField(required=False, max_length=10_000)
    line = forms.CharField(required=False, max_length=40)
    priority = forms.ChoiceField(required=False, choices=[("", ""), *Priority.choices])
    status = forms.ChoiceField(required=False, choices=[("", ""), *Status.choices])
    category = forms.ChoiceField(required=False, choices=[("", ""), *Category.choices])
    city = forms.CharField(required=False, max_length=80)
    received_from = forms.DateField(
        required=False,
        error_messages={"invalid": _("Received from: write the day as in 2026-11-28.")},
    )
    received_to = forms.DateField(
        required=False,
        error_messages={"invalid": _("Received until: write the day as in 2026-11-28.")},
    )
    everything = forms.BooleanField(required=False)
    with_pictures = forms.BooleanField(required=False)
    with_vault = forms.BooleanField(required=False)
    vault_reason = forms.ChoiceField(required=False, choices=[("", ""), *Reason.choices])
    age_recipients = forms.CharField(required=False, max_length=4000)
    every = forms.ChoiceField(required=False, choices=[("", ""), *Digest.Every.choices])
    name = forms.CharField(required=False, max_length=60)

    def clean_tips(self) -> tuple[str, ...]:
        """What is no tip number is refused: without any number the filter would choose, and an
        agency would get what nobody meant.
        """
        typed = [one for one in _BETWEEN.split(self.cleaned_data["tips"]) if one]
        odd = [one.upper()[:20] for one in typed if not reference_of(one)]
        if odd:
            raise forms.ValidationError(
                _(
                    "No tip number: {odd}. Write each as in T-7Q2M-4KX9, a blank between them."
                ).format(odd=", ".join(odd[:MOST_NAMED]))
            )
        return tuple(dict.fromkeys(map(reference_of, typed)))

    def problems(self) -> list[tuple[str, str]]:
        """Each with the field in which it is mended; none where it is no single one."""
        fields = ((name if name in self.fields else "", name) for name in self.errors)
        return [(field, str(one)) for field, name in fields for one in self.errors[name]]

    def asks_for_everything_unsaid(self) -> bool:
        """Neither tips, nor a filter, nor the word that it is meant. A digest is of what comes."""
        wish = self.wish()
        meant = self.cleaned_data["everything"] or self.cleaned_data["every"]
        return not (wish.references or wish.selection or meant)

    def wish(self) -> Wish:
        given = self.cleaned_data
        dates = {"from": given["received_from"], "to": given["received_to"]}
        facets = ("line", "priority", "status", "category", "city")
        return Wish(
            recipient=given["recipient"],
            purpose=given["purpose"],
            authority=given["authority"],
            level=given["level"],
            formats=given["formats"],
            selection={
                **{name: given[name] for name in facets if given[name]},
                **{name: day.isoformat() for name, day in dates.items() if day},
            },
            references=given["tips"],
            with_pictures=given["with_pictures"],
            with_vault=given["with_vault"],
            vault_reason=given["vault_reason"],
            age_recipients=tuple(given["age_recipients"].split()),
        )
