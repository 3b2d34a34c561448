"""Tip numbers as people type them."""

import pytest

from tipintake.tips.references import reference_of


@pytest.mark.parametrize(
    "typed", ["T-7Q2M-4KX9", "t-7q2m-4kx9", "7Q2M4KX9", " t 7q2m 4kx9 ", "T7Q2M4KX9"]
)
def test_a_number_is_understood_in_any_spelling(typed: str) -> None:
    assert reference_of(typed) == "T-7Q2M-4KX9"


def test_a_number_may_begin_with_a_t_of_its_own() -> None:
    assert reference_of("tvnqemy6") == reference_of("T-TVNQ-EMY6") == "T-TVNQ-EMY6"


@pytest.mark.parametrize(
    "typed", ["", "T", "7Q2M", "X-7Q2M-4KX9", "T-7Q2M-4KX", "T-7Q2M-4KX99", "７Q2M4KX9"]
)
def test_anything_else_is_no_number(typed: str) -> None:
    assert reference_of(typed) == ""
