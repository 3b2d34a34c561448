"""A tip as a person says it on the telephone: in a minute, the most useful first.

What does not fit is named, so that the caller knows there is more. Nothing is said about the
person who wrote, and no name that was heard.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.core.exceptions import ObjectDoesNotExist

from tipintake.delivery.models import HandOff
from tipintake.tips import vocabulary as words
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.models import OnlineLead, PersonDescribed, Tip, Vehicle
from tipintake.web.desk import wording

WORDS_A_MINUTE = 150
MOST_WORDS = 150
MOST_SIGNS = 4
MOST_VEHICLES = 2
MOST_PEOPLE = 2
KEPT_FOR_THE_QUOTE = 35  # descriptions of people and links must leave so much room
SHORTEST_QUOTE = 8  # words of the narrative that are worth beginning

# As police here spell on the radio (APCO).
LETTERS = dict(
    zip(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "Adam Boy Charles David Edward Frank George Henry Ida John King Lincoln Mary Nora Ocean "
        "Paul Queen Robert Sam Tom Union Victor William X-ray Young Zebra".split(),
        strict=True,
    )
)
YIELD = {"a person", "the advertisement"}
UNSEEN = {"?": "one not seen", "*": "the rest not seen"}
URGENCY = {
    "P1": "It is priority one: please answer for it within 15 minutes.",
    "P2": "It is priority two: please answer for it within 4 hours.",
    "P3": "It is priority three: please answer for it by the end of the next business day.",
    "P4": "It is priority four: please answer for it within five days.",
}
NOW = "It is happening now, or was a moment ago when this was written."
CHILD = {
    words.MinorPresent.YES: "Somebody there is under 18.",
    words.MinorPresent.POSSIBLY: "Somebody there may be under 18.",
}
LAST = "It is unverified and a lead only. Nobody knows who sent it. Who takes it, please?"
_MARKS = re.compile(r"\[(?:removed|held)\]")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Sentences to read out, in this order, and what is on the page but not among them."""

    sentences: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def words(self) -> int:
        return sum(map(_count, self.sentences))

    @property
    def seconds(self) -> int:
        return round(self.words * 60 / WORDS_A_MINUTE)


def spoken(tip: Tip, hand_off: HandOff, narrative: str) -> Spoken:
    """The call sheet of one line. `narrative` is the text that agencies may read."""
    first = [
        f"This is the regional tip desk with an anonymous tip. Its number is {number(tip)}.",
        URGENCY.get(hand_off.priority, ""),
        NOW if tip.immediacy == words.Immediacy.NOW else "",
        CHILD.get(words.MinorPresent(tip.minor_present), ""),
    ]
    said = [one for one in first if one]
    left = MOST_WORDS - _count(LAST) - sum(map(_count, said))
    left_out: list[str] = []
    for name, sentence in _body(tip):
        room = left - KEPT_FOR_THE_QUOTE if narrative and name in YIELD else left
        if sentence and _count(sentence) <= room:
            said.append(sentence)
            left -= _count(sentence)
        elif sentence:
            left_out.append(name)
    quote = _quote(narrative, left)
    said += [quote] if quote else []
    if narrative.strip() and not quote.endswith("”"):
        left_out.append("the rest of the words" if quote else "the words")
    return Spoken((*said, LAST), (*left_out, *_more(tip)))


def number(tip: Tip) -> str:
    """ "T, 7 Queen 2 Mary, 4 King X-ray 9" """
    return ", ".join(
        " ".join(LETTERS.get(char, char) for char in part) if at else part
        for at, part in enumerate(tip.reference.split("-"))
    )


def plate(vehicle: Vehicle) -> str:
    characters = vehicle.plate_canonical or ""
    said = " ".join(LETTERS.get(char, UNSEEN.get(char, char)) for char in characters)
    return f"{vehicle.plate_state} plate {said}".strip() if said else ""


def _body(tip: Tip) -> Iterator[tuple[str, str]]:
    """(what it is called when it does not fit, the sentence), the most useful first."""
    for place in [*tip.locations.all()][:1]:
        where = wording.place_words(place).replace(" · ", ", ")
        yield "the place", f"Where: {_clean(where)}." if where else ""
    yield "when", _when(tip)
    for vehicle in [*tip.vehicles.all()][:MOST_VEHICLES]:
        yield "a vehicle", _vehicle(vehicle)
    signs = [label for _, label, _ in wording.signs(tip.indicators, INDICATORS)]
    yield "the signs", f"Seen: {'; '.join(signs[:MOST_SIGNS])}." if signs else ""
    for person in [*tip.persons.all()][:MOST_PEOPLE]:
        yield "a person", _person(person)
    for lead in [*tip.online.all()][:1]:
        yield "the advertisement", _lead(lead)


def _when(tip: Tip) -> str:
    try:
        said = " ".join(wording.sighting_words(tip.sighting))
    except ObjectDoesNotExist:
        said = ""
    if said:
        return f"When: {_clean(said)}"
    return f"When: {wording.IMMEDIACY.get(tip.immediacy, '')}."


def _vehicle(vehicle: Vehicle) -> str:
    years = vehicle.year_from or vehicle.year_to
    parts = (vehicle.colour1, str(years or ""), vehicle.make, vehicle.model, vehicle.style)
    looks = " ".join(dict.fromkeys(filter(None, parts)))
    doing = wording.IN_SCENE.get(vehicle.role_in_scene, "").lower()
    doing = "" if vehicle.role_in_scene == words.RoleInScene.UNKNOWN else doing
    said = ", ".join(filter(None, (looks or "vehicle", plate(vehicle), doing)))
    return f"Vehicle: {_clean(said)}."


def _person(person: PersonDescribed) -> str:
    """Without the name that somebody heard: it is an allegation, and goes in writing only."""
    parts = (
        str(words.PersonRole(person.role).label) if person.role else "",
        str(words.Sex(person.sex).label).lower()
        if person.sex not in {"", words.Sex.UNKNOWN}
        else "",
        _ages(person),
        person.clothing,
        person.marks,
    )
    said = ", ".join(filter(None, parts))
    return f"Person: {_clean(said)}." if said else ""


def _ages(person: PersonDescribed) -> str:
    ages = sorted({age for age in (person.age_from, person.age_to) if age is not None})
    return f"about {' to '.join(map(str, ages))}" if ages else ""


def _lead(lead: OnlineLead) -> str:
    digits = " ".join(lead.ad_phone_e164.removeprefix("+1"))
    number = f"with the number {digits}" if digits else ""
    return f"There is an advertisement {number}".strip() + "."


def _quote(narrative: str, left: int) -> str:
    """As much of the words as there is time for, whole sentences first."""
    text = _clean(" ".join(narrative.split()))
    room = left - 4  # the words around the quotation
    if not text or room < SHORTEST_QUOTE:
        return ""
    if _count(text) <= room:
        return f"In their words: “{text}”"
    kept: list[str] = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        if _count(" ".join([*kept, sentence])) > room:
            break
        kept.append(sentence)
    short = " ".join(kept) or " ".join(text.split()[:room])
    return f"In their words: “{short} …"


def _more(tip: Tip) -> Iterator[str]:
    counts: Iterable[tuple[int, int, str]] = (
        (tip.locations.count(), 1, "more places"),
        (tip.vehicles.count(), MOST_VEHICLES, "more vehicles"),
        (tip.persons.count(), MOST_PEOPLE, "more people"),
        (tip.online.count(), 1, "more links"),
        (tip.attachments.count(), 0, "pictures"),
    )
    for there, said, name in counts:
        if there > said:
            yield name


def _clean(text: str) -> str:
    return " ".join(_MARKS.sub("(left out)", wording.turns_named(text)).split())


def _count(text: str) -> int:
    return len(text.split())
