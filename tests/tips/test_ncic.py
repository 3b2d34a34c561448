"""Plain words of two languages find their codes; a word that means several things finds none."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.tips import ncic
from tipintake.tips.ncic import Coded
from tipintake.tips.vocabulary import PlaceType

FOLDER = Path(ncic.__file__).parent


@pytest.mark.parametrize(
    ("field", "typed", "code"),
    [
        ("colour1", "grey", "GRY"),
        ("colour1", "Gray", "GRY"),
        ("colour1", "gris", "GRY"),
        ("colour1", "GRY", "GRY"),
        ("colour2", "azul oscuro", "DBL"),
        ("style", "van", "VN"),
        ("style", "furgoneta", "VN"),
        ("style", "troca", "PK"),
        ("style", "SUV", "LL"),
        ("style", "18-wheeler", "DS"),
        ("make", "Dodge", "DODG"),
        ("make", "chevy", "CHEV"),
        ("make", "VW", "VOLK"),
        ("plate_state", "NE", "NB"),
        ("plate_state", "Nebraska", "NB"),
        ("plate_state", "NB", "NB"),
        ("plate_state", "Misuri", "MO"),
        ("plate_state", "Nuevo León", "NL"),
        ("plate_type", "temp tag", "TM"),
        ("plate_type", "placa temporal", "TM"),
        ("hair", "blonde", "BLN"),
        ("hair", "canosa", "GRY"),
        ("eyes", "ojos cafés", "BRO"),
    ],
)
def test_a_plain_word_has_its_code(field: str, typed: str, code: str) -> None:
    assert ncic.lookup(field, typed).code == code


@pytest.mark.parametrize(
    ("field", "typed"), [("style", "camioneta"), ("style", "truck"), ("make", "Scion")]
)
def test_a_word_that_several_codes_could_mean_is_known_without_a_code(
    field: str, typed: str
) -> None:
    assert ncic.lookup(field, typed) == Coded(typed, "")
    assert ncic.knows(field, typed)


def test_an_unknown_word_stays_as_it_was_described() -> None:
    assert ncic.lookup("colour1", "primer with rust") == Coded("primer with rust", "")
    assert not ncic.knows("colour1", "primer with rust")
    assert not ncic.knows("features", "gray")


def test_a_code_is_shown_as_a_word() -> None:
    assert ncic.lookup("colour1", "GRY").label == "Gray"
    assert ncic.lookup_make("chevy") == Coded("Chevrolet", "CHEV")


def test_a_model_belongs_to_its_make() -> None:
    assert ncic.lookup_model("CHEV", "tahoe") == Coded("Tahoe", "TAH")
    assert ncic.lookup_model("FORD", "tahoe") == Coded("tahoe", "")
    assert ncic.lookup_model("HOND", "Odyssey").code == "ODY", "the letter O, not a zero"
    assert ncic.knows("model", "Grand Cherokee")


@pytest.mark.parametrize("place_type", PlaceType.values)
def test_every_kind_of_place_has_a_venue(place_type: str) -> None:
    assert ncic.venue(place_type)


@given(st.sampled_from(sorted(ncic.TABLES)), st.text(max_size=100))
def test_no_word_breaks_a_lookup(field: str, typed: str) -> None:
    found = ncic.lookup(field, typed)
    assert found.label == typed or found.code


@pytest.mark.parametrize("path", sorted(FOLDER.glob("*.csv")), ids=lambda path: path.stem)
def test_a_word_stands_once_in_its_table(path: Path) -> None:
    with path.open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    words = [
        (row.get("make", ""), word)
        for row in rows
        for word in row.get("words", "").split("|")
        if word
    ]
    assert len(words) == len(set(words))
    assert not {row["code"] for row in rows if "code" in row} & {"0DY", "S0N", "F0C"}


@pytest.mark.parametrize(
    ("table", "most"),
    [("makes", 4), ("styles", 2), ("colours", 3), ("hair", 3), ("eyes", 3), ("states", 2)],
)
def test_codes_fit_their_columns(table: str, most: int) -> None:
    assert all(1 <= len(one.code) <= most for one in ncic.codes(table))
