"""What somebody who came back types: an answer, vehicles, places. Kept only in the page."""

from collections.abc import Iterator
from dataclasses import replace

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from tipintake.pipeline.follow_up import More
from tipintake.tips import models as tips
from tipintake.tips.draft import LocationDraft, TipDraft, VehicleDraft
from tipintake.web.report import typed
from tipintake.web.report.fields import WordsField
from tipintake.web.report.forms import PICTURES_FOLLOW, Section
from tipintake.web.report.summary import Part, rows_of
from tipintake.web.report.typed import Answers, Kind

_OPENED_BY = {"vehicles": _("Add a vehicle"), "locations": _("Add a place")}
_KNOWN = {kind.name: kind for kind in typed.KINDS}
KINDS: tuple[Kind, ...] = tuple(
    replace(_KNOWN[name], open=words) for name, words in _OPENED_BY.items()
)


class WordsForm(Section):
    """The answer in one's own words."""

    narrative = WordsField(
        label=_("What do you want to add?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "data-limit": tips.NARRATIVE_LIMIT}),
        help_text=_(
            "Please leave out your own name, phone, address, job and car. What we recognize as "
            "yours is taken out before anything is kept."
        ),
    )
    pictures_follow = forms.BooleanField(label=PICTURES_FOLLOW, required=False)
    asked_first = ("narrative",)

    class Meta:
        model = tips.Tip
        fields: list[str] = []


class Telling(Answers):
    """The form of the come-back page as it was typed."""

    whole = "more"

    def __init__(self, data: QueryDict | None = None, *, quiet: bool = False) -> None:
        words = WordsForm(data, quiet=quiet, empty_permitted=True)
        super().__init__(data, words, KINDS, quiet=quiet)

    @property
    def words(self) -> Section:
        return self.main

    def more(self, *, language: str) -> More:
        vehicles, places = (self.groups[kind.name].filled() for kind in KINDS)
        return More(
            text=self.words.values().get("narrative", ""),
            vehicles=tuple(VehicleDraft.from_mapping(one.values()) for one in vehicles),
            locations=tuple(LocationDraft.from_mapping(one.values()) for one in places),
            language=language,
        )

    def parts(self, seen: TipDraft) -> Iterator[Part]:
        """The vehicles and places as an agency would see them."""
        for kind in KINDS:
            yield from rows_of(self, kind, seen)
