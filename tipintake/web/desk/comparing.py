"""Two tips side by side, row by row, with what is the same and what differs."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from django.core.exceptions import ObjectDoesNotExist
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import Tip
from tipintake.web.desk import wording
from tipintake.web.desk.wording import Card

SAME, DIFFERS, ONE_ONLY = noop("same"), noop("differs"), noop("one only")


@dataclass(frozen=True, slots=True)
class Row:
    label: str
    mine: str | SafeString
    theirs: str | SafeString

    @property
    def verdict(self) -> str:
        if not self.mine or not self.theirs:
            return ONE_ONLY
        return SAME if str(self.mine).casefold() == str(self.theirs).casefold() else DIFFERS


@dataclass(frozen=True, slots=True)
class Part:
    title: str
    rows: tuple[Row, ...]


def comparison(one: Tip, other: Tip) -> list[Part]:
    """Every part that at least one of the two has. The words stay closed."""
    parts = [
        Part(_("The tip"), tuple(_facts(one, other))),
        *_cards(_("Vehicle"), *(_vehicles(tip) for tip in (one, other))),
        *_cards(
            _("Place"),
            *([wording.place_card(row) for row in tip.locations.all()] for tip in (one, other)),
        ),
        *_cards(
            _("Online"),
            *([wording.lead_card(row) for row in tip.online.all()] for tip in (one, other)),
        ),
        *_cards(
            _("Person"),
            *([wording.person_card(row) for row in tip.persons.all()] for tip in (one, other)),
        ),
    ]
    return [part for part in parts if part.rows]


def _facts(one: Tip, other: Tip) -> Iterator[Row]:
    pairs = (
        (_("Category"), wording.category),
        (_("When"), lambda tip: wording.IMMEDIACY.get(tip.immediacy, "")),
        (_("Anyone under 18"), lambda tip: wording.MINORS.get(tip.minor_present, "")),
        (_("Seen"), _when),
        (_("Signs"), _signs),
        (_("In the words"), _in_words),
    )
    for label, read in pairs:
        mine, theirs = read(one), read(other)
        if mine or theirs:
            yield Row(label, mine, theirs)


def _when(tip: Tip) -> str:
    try:
        return " ".join(wording.sighting_words(tip.sighting))
    except ObjectDoesNotExist:
        return ""


def _signs(tip: Tip) -> str:
    return ", ".join(
        sorted(label for _code, label, _sev in wording.signs(tip.indicators, INDICATORS))
    )


def _in_words(tip: Tip) -> str:
    return ", ".join(sorted({one.canonical for one in tip.evidence_in_words.all()}))


def _vehicles(tip: Tip) -> list[Card]:
    return [wording.vehicle_card(row) for row in tip.vehicles.all()]


def _cards(title: str, mine: Sequence[Card], theirs: Sequence[Card]) -> Iterator[Part]:
    """The two cards that have most in common beside each other."""
    left = list(theirs)
    paired: list[tuple[Card | None, Card | None]] = []
    for card in mine:
        best = _most_alike(card, left)
        if best is not None:
            left.remove(best)
        paired.append((card, best))
    paired += [(None, card) for card in left]
    for number, both in enumerate(paired, start=1):
        name = f"{title} {number}" if len(paired) > 1 else title
        yield Part(name, tuple(_rows(*both)))


def _most_alike(card: Card, others: Sequence[Card]) -> Card | None:
    return max(others, key=lambda one: _alike(card, one), default=None)


def _alike(one: Card, other: Card) -> tuple[int, int]:
    same_characters = sum(a == b for a, b in zip(one.plate, other.plate, strict=False))
    return same_characters, len(set(one.rows) & set(other.rows))


def _rows(one: Card | None, other: Card | None) -> Iterator[Row]:
    plates = (one.plate if one else "", other.plate if other else "")
    if any(plates):
        yield Row(_("Plate"), *marked(*plates))
    yield Row(_("Named"), one.title if one else "", other.title if other else "")
    mine = dict(one.rows) if one else {}
    theirs = dict(other.rows) if other else {}
    for label in dict.fromkeys([*mine, *theirs]):
        yield Row(label, mine.get(label, ""), theirs.get(label, ""))


def marked(one: str, other: str) -> tuple[SafeString | str, SafeString | str]:
    """Two plates in which the characters that differ stand out, when they are equally long."""
    if one == other or not one or not other or len(one) != len(other):
        return one, other
    return _marked(one, other), _marked(other, one)


def _marked(text: str, other: str) -> SafeString:
    return format_html_join(
        "",
        "{}",
        (
            (char if char == there else format_html("<mark>{}</mark>", char),)
            for char, there in zip_longest(text, other)
        ),
    )
