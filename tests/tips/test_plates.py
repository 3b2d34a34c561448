"""Two spellings of one plate meet; a part of a plate is kept as a part."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.tips import plates

ANY = st.text(max_size=40)


@pytest.mark.parametrize(
    ("typed", "canonical"),
    [
        ("ab1 c2d", "AB1C2D"),
        ("AB1-C2D", "AB1C2D"),
        ("AB1•C2D", "AB1C2D"),
        ("ab1-?2d", "AB1?2D"),
        ("¿B1_2D", "?B1?2D"),
        ("AB1…", "AB1*"),
        ("AB1...", "AB1*"),
        ("*7Q", "*7Q"),
        ("A?*?9", "A*9"),
        ("ＡＢ１", "AB1"),
        ("ñ1é", "N1E"),
        ("???", ""),
        ("***", ""),
        ("", ""),
        ("- -", ""),
    ],
)
def test_a_plate_has_one_form(typed: str, canonical: str) -> None:
    assert plates.canonical(typed) == canonical


@given(ANY)
def test_the_form_of_a_form_is_itself(typed: str) -> None:
    once = plates.canonical(typed)
    assert plates.canonical(once) == once
    assert len(once) <= 20
    assert all(c.isascii() and (c.isalnum() or c in "?*") for c in once)
    assert once.upper() == once


@given(ANY)
def test_case_and_spacing_do_not_matter(typed: str) -> None:
    spaced = " ".join(plates.canonical(typed))
    assert plates.canonical(spaced.lower()) == plates.canonical(typed)


@given(ANY, st.data())
def test_lookalikes_share_a_skeleton(typed: str, data: st.DataObject) -> None:
    plate = plates.canonical(typed)
    alike = {"0": "0OQD", "1": "1I", "5": "5S", "2": "2Z", "8": "8B", "6": "6G"}
    families = {char: family for family in alike.values() for char in family}
    misread = "".join(data.draw(st.sampled_from(families.get(c, c))) for c in plate)
    assert plates.skeleton(misread) == plates.skeleton(plate)


def test_a_skeleton_keeps_what_is_not_mistaken() -> None:
    assert plates.skeleton("ACH7?*") == "ACH7?*"
    assert plates.skeleton("OQDISZBG") == "00015286"


@pytest.mark.parametrize(("plate", "partial"), [("AB1", False), ("AB?", True), ("AB*", True)])
def test_an_incomplete_plate_says_so(plate: str, partial: bool) -> None:
    assert plates.is_partial(plate) is partial
