"""What a tip is found by: everything that stands in it in clear, in one form, in one table.

Names of people are not among it: until two people have promoted a tip to an intelligence record, a
name is an allegation that no search follows from tip to tip (triage/intelligence.py). Neither is
anything that the person who wrote answered about themselves.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.db.models import Q

from tipintake.directory.lookup import name_of_area
from tipintake.privacy.scrub import EvidenceKind
from tipintake.rows import STAYS, Batch
from tipintake.tips import ncic, online
from tipintake.tips.mentions import MentionKind
from tipintake.tips.models import (
    EvidenceInWords,
    OnlineLead,
    PersonDescribed,
    Place,
    PlaceMention,
    SearchTerm,
    Tip,
    Vehicle,
)
from tipintake.tips.vocabulary import PlaceType, Term

LONGEST = 120
SHORTEST_WORD = 2
_MARKS = re.compile(r"\[(removed|held|\?)\]")
_NAMES_A_CITY = {MentionKind.CITY, MentionKind.LANDMARK}
Pair = tuple[Term, str]
_COLUMNS = ("tip_id", "kind", "term")


def add(batch: Batch, tip: Tip, parts: Iterable[object]) -> None:
    """What these parts of the tip are found by. Call it where they are written."""
    pairs = {pair for part in parts for pair in of_row(part)}
    found = ((tip.pk, kind.value, term) for kind, term in sorted(pairs))
    batch.add_values(SearchTerm, _COLUMNS, found, ends=STAYS)


def keep(tip: Tip, parts: Iterable[object]) -> None:
    """The same by itself, for parts that are written already."""
    batch = Batch()
    add(batch, tip, parts)
    batch.write()


def add_areas(batch: Batch, decided: Iterable[tuple[UUID, str]]) -> None:
    """Where tips were placed: the code of a jurisdiction for each, empty when none was found.

    Call it where decisions are written, in their transaction.
    """
    found = ((tip, Term.CITY.value, city_of(name_of_area(code))) for tip, code in decided if code)
    batch.add_values(SearchTerm, _COLUMNS, found, ends=STAYS)


def place(decided: Iterable[tuple[UUID, str]]) -> None:
    """The same by itself."""
    batch = Batch()
    add_areas(batch, decided)
    batch.write()


def index_anew(tips: Iterable[Tip]) -> None:
    """Write the terms of tips anew; each with all its parts (`TipQuerySet.with_all_parts`).

    Where they were placed stands in their decisions and not in their parts: call `place` next.
    """
    some = list(tips)
    SearchTerm.objects.filter(tip__in=[tip.pk for tip in some]).delete()
    SearchTerm.objects.bulk_create(
        [
            SearchTerm(tip=tip, kind=kind, term=term)
            for tip in some
            for kind, term in sorted({pair for row in _rows_of(tip) for pair in of_row(row)})
        ],
        batch_size=2000,
        ignore_conflicts=True,
    )


def in_city(typed: str) -> Q:
    """Rows of `SearchTerm`: as somebody typed or named the city, or where the tip was placed."""
    return Q(kind=Term.CITY, term=city_of(typed))


def of_row(row: object) -> Iterator[Pair]:
    """Kind and term of everything in clear in one row of a tip."""
    for kind, term in _READ[type(row)](row):
        if term:
            yield kind, term[:LONGEST]


def words_of(text: str) -> list[str]:
    """The words of a name or street: no case, accents or marks of the scrubber."""
    plain = unicodedata.normalize("NFKD", _MARKS.sub(" ", text)).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    found = re.findall(r"[^\W_]+", re.sub(r"['’]", "", plain))
    return [one for one in found if len(one) >= SHORTEST_WORD or one.isdigit()]


def city_of(text: str) -> str:
    """A city's name in one form: "St. Louis" and "saint louis" alike."""
    return " ".join("saint" if one == "st" else one for one in words_of(text))


def exit_of(highway: str, number: str) -> str:
    """ "I-70" and "212" as "70:212"; without the road ":212"."""
    road = "".join(char for char in highway if char.isdigit())
    bare = "".join(char for char in number.upper() if char.isalnum())
    return f"{road}:{bare}" if bare else ""


def make_of(text: str) -> str:
    return _coded(ncic.lookup_make(text))


def colour_of(text: str) -> str:
    return _coded(ncic.lookup("colour1", text))


def style_of(text: str) -> str:
    return _coded(ncic.lookup("style", text))


def state_of(text: str) -> str:
    return _coded(ncic.lookup("plate_state", text))


def host_of(url: str) -> str:
    """The host of an address; none of what only looks like one."""
    try:
        return urlsplit(url).netloc if "//" in url else ""
    except ValueError:
        return ""


def _coded(found: ncic.Coded) -> str:
    return found.code or " ".join(words_of(found.label))


def _rows_of(tip: Tip) -> Iterator[object]:
    yield tip
    for rows in (tip.vehicles, tip.locations, tip.persons, tip.online):
        yield from rows.all()
    yield from tip.evidence_in_words.all()
    yield from tip.mentions.all()


def _of_tip(tip: Tip) -> Iterator[Pair]:
    for code in tip.indicators:
        yield Term.SIGN, code


def _plate(skeleton: str) -> Iterator[Pair]:
    yield Term.PLATE, skeleton
    yield Term.PLATE_BACK, skeleton[::-1]


def _of_vehicle(row: Vehicle) -> Iterator[Pair]:
    yield from _plate(row.plate_skeleton)
    yield Term.PLATE_STATE, state_of(row.plate_state)
    yield Term.MAKE, row.make_code or make_of(row.make)
    yield Term.STYLE, row.style_code or style_of(row.style)
    yield Term.COLOUR, row.colour1_code or colour_of(row.colour1)
    yield Term.COLOUR, row.colour2_code or colour_of(row.colour2)


def _of_place(row: Place) -> Iterator[Pair]:
    if row.place_type != PlaceType.UNKNOWN:
        yield Term.VENUE, row.place_type
    for text in (row.name, row.street, row.cross_street):
        for word in words_of(text):
            yield Term.WORD, word
    yield Term.ROOM, row.unit_canonical
    yield Term.CITY, city_of(row.city)
    yield Term.ZIP, row.zip.strip()[:5]
    yield Term.EXIT, exit_of(row.highway, row.exit)


def _of_person(row: PersonDescribed) -> Iterator[Pair]:
    for word in words_of(row.race):
        yield Term.RACE, word


def _of_lead(row: OnlineLead) -> Iterator[Pair]:
    yield Term.URL, row.url_canonical
    yield Term.HOST, host_of(row.url_canonical)
    yield Term.HANDLE, row.handle_canonical
    yield Term.PHONE, row.ad_phone_e164
    yield Term.EMAIL, row.ad_email.strip().casefold()
    yield Term.PAYMENT, online.canonical_payment_tag(row.payment_tag)


def _of_words(row: EvidenceInWords) -> Iterator[Pair]:
    if row.kind == EvidenceKind.PLATE:
        yield from _plate(row.skeleton)
    elif row.kind == EvidenceKind.URL:
        yield Term.URL, row.canonical
        yield Term.HOST, host_of(row.canonical)
    elif row.kind in _IN_WORDS:
        yield _IN_WORDS[EvidenceKind(row.kind)], row.canonical.casefold()
    elif row.kind == EvidenceKind.ROOM:
        yield Term.ROOM, row.canonical


def _of_mention(row: PlaceMention) -> Iterator[Pair]:
    if row.kind in _NAMES_A_CITY:
        yield Term.CITY, city_of(name_of_area(row.code))
    elif row.kind == MentionKind.EXIT:
        highway, _colon, number = row.code.partition(":")
        if not number.startswith("mm"):
            yield Term.EXIT, exit_of(highway, number)


_IN_WORDS: Mapping[EvidenceKind, Term] = {
    EvidenceKind.PHONE: Term.PHONE,
    EvidenceKind.HANDLE: Term.HANDLE,
    EvidenceKind.EMAIL: Term.EMAIL,
}
_READ: Mapping[type, Callable[[Any], Iterator[Pair]]] = {
    Tip: _of_tip,
    Vehicle: _of_vehicle,
    Place: _of_place,
    PersonDescribed: _of_person,
    OnlineLead: _of_lead,
    EvidenceInWords: _of_words,
    PlaceMention: _of_mention,
}
