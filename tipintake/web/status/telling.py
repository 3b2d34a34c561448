"""What somebody who came back types: an answer, one vehicle, one place. Kept only in the page."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tipintake.pipeline.follow_up import More
from tipintake.privacy.scrub import Verdict
from tipintake.tips import models as tips
from tipintake.tips.draft import LocationDraft, Problem, TipDraft, VehicleDraft
from tipintake.web.report.check import DECIDES, Mark, Stretch, marks, stretches
from tipintake.web.report.fields import WordsField
from tipintake.web.report.forms import PlaceForm, Section, VehicleForm
from tipintake.web.report.summary import Told
from tipintake.web.report.typed import Fault, anchor_of

YOUR_WORDS: str | Promise = _("Your words")


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
    asked_first = ("narrative",)

    class Meta:
        model = tips.Tip
        fields: list[str] = []


@dataclass(frozen=True, slots=True)
class Group:
    """One thing that may be added, folded away until somebody opens it."""

    title: str | Promise
    more: str | Promise
    form: Section

    @property
    def is_open(self) -> bool:
        return bool(self.form.has_changed() or self.form.errors)


class Telling:
    """The form of the come-back page as it was typed."""

    def __init__(self, data: QueryDict | None = None, *, quiet: bool = False) -> None:
        self.data = data
        self.words = WordsForm(data, quiet=quiet, empty_permitted=True)
        self.vehicle = VehicleForm(data, prefix="vehicles-0", quiet=quiet, empty_permitted=True)
        self.place = PlaceForm(data, prefix="locations-0", quiet=quiet, empty_permitted=True)
        self._whole: list[Fault] = []

    @property
    def groups(self) -> tuple[Group, ...]:
        return (
            Group(_("Add a vehicle"), _("More about this vehicle"), self.vehicle),
            Group(_("Add a place"), _("On a highway, or more about this place"), self.place),
        )

    def sections(self) -> tuple[Section, ...]:
        return (self.words, self.vehicle, self.place)

    def is_valid(self) -> bool:
        return all([section.is_valid() for section in self.sections()])  # noqa: C419 each says its own

    def more(self, *, language: str) -> More:
        vehicles = [self.vehicle] if self.vehicle.has_changed() else []
        places = [self.place] if self.place.has_changed() else []
        return More(
            text=self.words.values().get("narrative", ""),
            vehicles=tuple(VehicleDraft.from_mapping(one.values()) for one in vehicles),
            locations=tuple(LocationDraft.from_mapping(one.values()) for one in places),
            language=language,
        )

    def blame(self, problems: Iterable[Problem]) -> None:
        for problem in problems:
            section, name = self._find(problem.pointer)
            if section is None:
                self._whole.append(Fault("more", "", problem.message))
            else:
                section.blame(name, problem.message)

    def _find(self, pointer: str) -> tuple[Section | None, str]:
        head, *rest = pointer.strip("/").split("/")
        section = {
            "narrative": self.words,
            "vehicles": self.vehicle,
            "locations": self.place,
        }.get(head)
        return section, rest[-1] if rest else head

    def faults(self) -> list[Fault]:
        found = list(self._whole)
        for section in self.sections():
            for name in section.fields:
                field = section[name]
                found += [
                    Fault(anchor_of(field), str(field.label), str(one)) for one in field.errors
                ]
            found += [Fault("more", "", str(one)) for one in section.non_field_errors()]
        return found

    def carried(self) -> list[tuple[str, str]]:
        """All that was typed, as the hidden fields of the next page."""
        if self.data is None:
            return []
        known = {
            section.add_prefix(name) for section in self.sections() for name in section.fields
        }
        return [
            (key, value)
            for key in self.data
            if key in known
            for value in self.data.getlist(key)
            if value
        ]

    def field(self, pointer: str) -> BoundField | None:
        section, name = self._find(pointer)
        return section[name] if section is not None and name in section.fields else None

    def marks(
        self, draft: TipDraft, findings: Mapping[str, Any], decisions: Mapping[str, Verdict]
    ) -> list[Mark]:
        return marks(draft, findings, decisions, {key: self._label(key) for key in findings})

    def _label(self, pointer: str) -> str | Promise:
        field = self.field(pointer)
        return YOUR_WORDS if pointer == "/narrative" or field is None else field.label

    def parts(self, seen: TipDraft) -> Iterator[tuple[str | Promise, list[Told]]]:
        """The vehicle and the place as an agency would see them."""
        for title, form, found in (
            (_("Vehicle"), self.vehicle, seen.vehicles),
            (_("Place"), self.place, seen.locations),
        ):
            for part in found:
                yield title, list(_told(form, part))


def words_of(
    draft: TipDraft, seen: TipDraft, findings: Mapping[str, Any], found: list[Mark]
) -> list[Stretch]:
    """The words with their marks in place, but only if that is truly what an agency sees."""
    own = [mark for mark in found if mark.name.startswith(f"{DECIDES}/narrative:")]
    in_order = sorted(findings.get("/narrative", ()), key=lambda one: one.start)
    pieces = stretches(draft.narrative, zip(in_order, own, strict=True))
    if "".join(piece.words for piece in pieces) == seen.narrative:
        return pieces
    return [Stretch(seen.narrative)] if seen.narrative else []


def _told(form: Section, part: Any) -> Iterator[Told]:
    for name in (*form.asked_first, *form.asked_more):
        value = getattr(part, name, None)
        if value not in (None, "", False, form.fields[name].initial):
            yield Told(form[name].label, _shown(form.fields[name], value))


def _shown(field: forms.Field, value: Any) -> str:
    if value is True:
        return str(_("Yes"))
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.widget.choices).get(value, value))
    return str(value)
