"""NCIC codes beside plain words: "grey", "gris" and "GRY" are all ("Gray", "GRY").

The tables are the part of the public code lists that people here describe vehicles and persons
with, in our own words, English and Spanish. A row without a code is a word that several codes
could mean ("camioneta", "truck"): known, but for the analyst to settle. A word that no row has is
kept as it was described, with an empty code.
"""

import csv
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from tipintake.tips.vocabulary import PlaceType

_FOLDER = Path(__file__).parent
# Which table answers for which field of a draft.
TABLES: Final[Mapping[str, str]] = {
    "plate_state": "states",
    "state": "states",
    "plate_type": "plate_types",
    "make": "makes",
    "style": "styles",
    "colour1": "colours",
    "colour2": "colours",
    "hair": "hair",
    "eyes": "eyes",
}


@dataclass(frozen=True, slots=True)
class Coded:
    """A word and its NCIC code; the code is empty for a word that has none."""

    label: str
    code: str


def lookup(field: str, text: str) -> Coded:
    """What a field's word means. A code is answered with its label, a word with itself."""
    found = _table(TABLES[field]).get(_key(text))
    if found is None:
        return Coded(text, "")
    return found if text.strip() == found.code else Coded(text, found.code)


def lookup_make(text: str) -> Coded:
    """A make under its usual name: "chevy" is ("Chevrolet", "CHEV")."""
    return _table("makes").get(_key(text), Coded(text, ""))


def lookup_model(make_code: str, text: str) -> Coded:
    """A model of a make whose code is known; three makes share "SPR"."""
    return _models().get((make_code, _key(text)), Coded(text, ""))


def codes(table: str) -> tuple[Coded, ...]:
    """Every coded row, for a list to choose from."""
    return tuple(Coded(row["label"], row["code"]) for row in _rows(table) if row["code"])


def knows(field: str, text: str) -> bool:
    """True for a word of the field's table: a colour or a make names nobody."""
    if field == "model":
        return _key(text) in _model_words()
    return field in TABLES and _key(text) in _table(TABLES[field])


def venue(place_type: str) -> str:
    """The NIEM `hs:TraffickedVenueCode` of a kind of place."""
    return _venues()[PlaceType(place_type)]


def _key(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text[:80]).casefold()
    return "".join(char for char in plain if char.isascii() and char.isalnum())


def _rows(table: str) -> list[dict[str, str]]:
    with (_FOLDER / f"{table}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _words(row: dict[str, str]) -> Iterator[str]:
    yield from (row["label"], *row["words"].split("|"))


@cache
def _table(name: str) -> dict[str, Coded]:
    words: dict[str, Coded] = {}
    rows = _rows(name)
    for row in rows:
        coded = Coded(row["label"], row["code"])
        words |= {_key(word): coded for word in _words(row)}
    # A code wins over a word: NB is Nebraska, "neb" too.
    words |= {_key(row["code"]): Coded(row["label"], row["code"]) for row in rows}
    words.pop("", None)
    return words


@cache
def _models() -> dict[tuple[str, str], Coded]:
    rows = _rows("models")
    known = {
        (row["make"], _key(word)): Coded(row["label"], row["code"])
        for row in rows
        for word in (row["code"], *_words(row))
    }
    return {key: coded for key, coded in known.items() if key[1]}


@cache
def _model_words() -> frozenset[str]:
    return frozenset(word for _make, word in _models())


@cache
def _venues() -> dict[PlaceType, str]:
    return {PlaceType(row["place_type"]): row["venue"] for row in _rows("venues")}
