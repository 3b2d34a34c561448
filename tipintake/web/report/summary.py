"""What the check page and the receipt say: the answers as an agency sees them, and the lines."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import forms
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tipintake.door.status import because_to
from tipintake.pipeline.submit import Placement, Preview
from tipintake.privacy.scrub import Verdict
from tipintake.tips.cleaning import Cleaned
from tipintake.tips.draft import TipDraft
from tipintake.web.report import sighting
from tipintake.web.report.check import DECIDES, Mark, Stretch, marks, stretches
from tipintake.web.report.forms import Section
from tipintake.web.report.signs import LABELS
from tipintake.web.report.typed import KINDS, Answers, Kind, Typed
from tipintake.web.site.numbers import Way, ways

DANGER: dict[str, str | Promise] = {
    "R1": _("Is a child in danger now?"),
    "R7": _("Are you in danger now?"),
}
_MAY_BE_ADDED: tuple[tuple[str, str | Promise], ...] = (
    ("locations", _("Add a place")),
    ("sighting", _("Add a day or time")),
    ("vehicles", _("Add a vehicle")),
    ("persons", _("Add a person")),
    ("online", _("Add a link or ad")),
    ("who", _("Last choices")),
)
_KIND = ("category", "immediacy", "minor_present")
_YES_NO = ("reporter_is_victim", "wants_reward", "distrusts_police")


@dataclass(frozen=True, slots=True)
class Told:
    """One answer as it would be seen."""

    label: str | Promise
    value: str


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the check page and the place in the form where it can be changed."""

    title: str
    anchor: str
    told: list[Told]


@dataclass(frozen=True, slots=True)
class PlacedLine:
    """A line that the tip is placed with, and how a resident can reach it."""

    name: str
    because: str
    ways: list[Way]
    year: int | None


def of(
    typed: Typed, draft: TipDraft, shown: Preview, decisions: Mapping[str, Verdict]
) -> dict[str, Any]:
    """Everything the check page shows of the report."""
    return {
        **findings(typed, draft, shown.cleaned, decisions),
        "parts": (told := list(parts(typed, shown.cleaned.draft))),
        "untold": list(_untold(told)),
        "placed": placed(shown.placed, is_victim=draft.reporter_is_victim),
        "banner_911": shown.decided is not None and shown.decided.banner_911,
        "danger": DANGER.get(shown.decided.rule, "") if shown.decided else "",
    }


def findings(
    answers: Answers, draft: TipDraft, cleaned: Cleaned, decisions: Mapping[str, Verdict]
) -> dict[str, Any]:
    """What was found in a text, marked and listed."""
    labels = {pointer: _label(answers, pointer) for pointer in cleaned.findings}
    found = marks(draft, cleaned.findings, decisions, labels)
    return {
        "words": _words(draft, cleaned, found),
        "marks": found,
        "is_masked": any(mark.verdict is not Verdict.KEEP for mark in found),
    }


def _label(answers: Answers, pointer: str) -> str | Promise:
    if pointer == "/narrative":
        return _("Your words")
    field = answers.field(pointer)
    return field.label if field is not None else ""


def _words(draft: TipDraft, cleaned: Cleaned, found: list[Mark]) -> list[Stretch]:
    """The narrative with its marks in place, but only if that is truly what an agency sees."""
    in_order = sorted(cleaned.findings.get("/narrative", ()), key=lambda finding: finding.start)
    own = [mark for mark in found if mark.name.startswith(f"{DECIDES}/narrative:")]
    pieces = stretches(draft.narrative, zip(in_order, own, strict=True))
    seen = cleaned.draft.narrative
    if "".join(piece.words for piece in pieces) == seen:
        return pieces
    return [Stretch(seen)] if seen else []


def placed(lines: Iterable[Placement], *, is_victim: bool = False) -> list[PlacedLine]:
    """The lines and why."""
    return [
        PlacedLine(
            name=line.resident_name,
            because=because_to(line.line_code, line.because, is_victim=is_victim),
            ways=ways(line.shown_number),
            year=line.number_year,
        )
        for line in lines
    ]


def parts(typed: Typed, seen: TipDraft) -> Iterator[Part]:
    yield Part(gettext("What kind"), "what", list(_answers(typed, seen, _KIND)))
    yield Part(gettext("What you saw"), "told", list(_told(typed, seen)))
    yield Part(gettext("Last choices"), "who", list(_who(typed, seen)))
    for kind in KINDS:
        yield from rows_of(typed, kind, seen)
        if kind.name == "locations":
            yield Part(gettext("When"), "sighting", list(_when(typed, seen)))


def _untold(told: Iterable[Part]) -> Iterator[Part]:
    """What nothing was said of yet, and where it can be: the short way passes it by."""
    heads = {part.anchor.partition("-")[0] for part in told if part.told}
    for anchor, title in _MAY_BE_ADDED:
        if anchor not in heads:
            yield Part(str(title), anchor, [])


def _answers(typed: Typed, seen: TipDraft, names: Iterable[str]) -> Iterator[Told]:
    for name in names:
        if code := getattr(seen, name):
            yield Told(typed.tip[name].label, _choice(typed.tip, name, code))


def _told(typed: Typed, seen: TipDraft) -> Iterator[Told]:
    if seen.indicators:
        signs = "\n".join(str(LABELS[code]) for code in seen.indicators)
        yield Told(typed.tip["indicators"].label, signs)
    yield from _answers(typed, seen, ("basis",))
    if seen.narrative:
        yield Told(_("Your words"), gettext("See above."))


def _who(typed: Typed, seen: TipDraft) -> Iterator[Told]:
    for name in _YES_NO:
        if getattr(seen, name):
            yield Told(typed.tip[name].label, gettext("Yes"))
    if seen.reporter_is_victim:
        answer = "yes" if seen.police_consent else "no"
        yield Told(typed.tip["police_consent"].label, _choice(typed.tip, "police_consent", answer))


def _when(typed: Typed, seen: TipDraft) -> Iterator[Told]:
    if seen.sighting is None:
        return
    if words := sighting.in_words(seen.sighting):
        yield Told(_("Seen"), words)
    if code := seen.sighting.times_seen:
        yield Told(typed.sighting["times_seen"].label, _choice(typed.sighting, "times_seen", code))


def rows_of(answers: Answers, kind: Kind, seen: TipDraft) -> Iterator[Part]:
    """Each thing of this kind. A row may say nothing in the end, and then it is not among them."""
    pairs = zip(answers.groups[kind.name].filled(), getattr(seen, kind.name), strict=False)
    for at, (form, part) in enumerate(pairs, start=1):
        title = gettext("%(thing)s %(number)d") % {"thing": kind.one, "number": at}
        yield Part(title, form.prefix or kind.name, list(_row(form, part)))


def _row(form: Section, part: Any) -> Iterator[Told]:
    asked = {field: name for name, field in form.stands_for.items()}
    for name in (*form.asked_first, *form.asked_more):
        value = getattr(part, asked.get(name, name), None)
        # A baby's age is 0, which equals False.
        if value is not False and value not in (None, "", form.fields[name].initial):
            yield Told(form[name].label, _shown(form, name, value))


def _shown(form: Section, name: str, value: Any) -> str:
    if value is True:
        return gettext("Yes")
    if isinstance(value, datetime):
        return sighting.in_words_of(value)
    if name == "height_cm":
        return gettext("%(cm)s cm") % {"cm": value}
    return _choice(form, name, value)


def _choice(form: Section, name: str, code: Any) -> str:
    field = form.fields[name]
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.widget.choices).get(code, code))
    return str(code)
