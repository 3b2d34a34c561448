"""What staff fill in on a tip's page."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from tipintake.delivery.acts import Reason
from tipintake.directory.models import Alias, Line
from tipintake.region import teach
from tipintake.tips.vocabulary import Content, Disposition, LegalHold, Source, Status
from tipintake.triage import dialog, grading, notes
from tipintake.triage.models import Call, Grade

WHICH = _("Choose one.")


def _words(*, required: bool = False) -> forms.CharField:
    return forms.CharField(
        required=required,
        max_length=notes.LIMIT,
        error_messages={
            "required": _("Write a sentence."),
            "max_length": format_lazy(_("Write at most {limit} characters."), limit=notes.LIMIT),
        },
    )


class PassOnForm(forms.Form):
    """Decline or transfer: why, and who has it next."""

    reason = forms.ChoiceField(choices=Reason.choices, error_messages={"required": _("Say why.")})
    to = forms.ModelChoiceField(
        Line.objects.filter(active=True),
        to_field_name="code",
        error_messages={"required": _("Choose the next line: a tip is never left without one.")},
    )
    words = _words()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("reason") == Reason.OTHER and not cleaned.get("words"):
            self.add_error("words", _("Say which other reason."))
        return cleaned


class CloseForm(forms.Form):
    disposition = forms.ChoiceField(
        choices=Disposition.choices, error_messages={"required": _("Say what came of it.")}
    )
    words = _words()
    farewell = forms.BooleanField(required=False)


class CallForm(forms.Form):
    outcome = forms.ChoiceField(
        choices=Call.Outcome.choices, error_messages={"required": _("Say what came of the call.")}
    )
    contact_confirmed = forms.BooleanField(required=False)
    spoke_with = forms.CharField(required=False, max_length=60)
    their_reference = forms.CharField(required=False, max_length=30)


class NoteForm(forms.Form):
    words = _words(required=True)


class StatusForm(forms.Form):
    status = forms.ChoiceField(choices=Status.choices, error_messages={"required": WHICH})


class HoldForm(forms.Form):
    """A reason places a legal hold; "lift" lifts it."""

    LIFT = "LIFT"
    reason = forms.ChoiceField(
        choices=[*LegalHold.choices, (LIFT, _("Lift the hold"))],
        error_messages={"required": _("Say why it must be kept.")},
    )
    sure = forms.BooleanField(required=False)


class GradeForm(forms.Form):
    """Source and content, each by itself, and why they move."""

    source = forms.ChoiceField(choices=Source.choices, error_messages={"required": WHICH})
    content = forms.ChoiceField(choices=Content.choices, error_messages={"required": WHICH})
    why = forms.ChoiceField(choices=Grade.Why.choices, error_messages={"required": _("Say why.")})
    grade_words = forms.CharField(
        required=False,
        max_length=grading.LIMIT,
        error_messages={
            "max_length": format_lazy(_("Write at most {limit} characters."), limit=grading.LIMIT)
        },
    )


class AskForm(forms.Form):
    """One of the questions that stand ready, or one's own words."""

    language = forms.ChoiceField(choices=settings.LANGUAGES, required=False)

    template = forms.ChoiceField(
        choices=[(one.code, one.en) for one in dialog.TEMPLATES.values()], required=False
    )
    words = forms.CharField(
        required=False,
        max_length=dialog.LIMIT,
        error_messages={
            "max_length": format_lazy(_("Write at most {limit} characters."), limit=dialog.LIMIT)
        },
    )
    as_shown = forms.BooleanField(required=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if bool(cleaned.get("template")) == bool(cleaned.get("words")) and not self.errors:
            self.add_error("words", _("Choose a question or write your own, one of the two."))
        return cleaned


class TeachForm(forms.Form):
    """Another name of a place, or a landmark, and where it is."""

    text = forms.CharField(
        max_length=teach.LONGEST,
        error_messages={
            "required": _("Write the name as people write it."),
            "max_length": format_lazy(_("Write at most {limit} characters."), limit=teach.LONGEST),
        },
    )
    kind = forms.ChoiceField(
        choices=Alias.Kind.choices, error_messages={"required": _("Say what kind of name it is.")}
    )
    where = forms.CharField(max_length=80, error_messages={"required": _("Say where it is.")})
    source = forms.CharField(
        max_length=300, error_messages={"required": _("Say how you know: a map, a call, a visit.")}
    )


class JudgeForm(forms.Form):
    source = forms.CharField(
        max_length=300, error_messages={"required": _("Say how you checked it.")}
    )
