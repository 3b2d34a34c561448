"""A mark of what was taken out is no part of a plate, a room or a user name."""

import pytest

from tipintake.tips import one_form


@pytest.mark.parametrize(
    ("kept", "plate"),
    [
        ("[held]", ""),
        ("[removed]", ""),
        ("[-]", ""),
        ("[?]", ""),
        ("ab1c [held]", "AB1C*"),
        ("ab1 c2d", "AB1C2D"),
    ],
)
def test_a_plate(kept: str, plate: str) -> None:
    assert one_form.plate(kept) == plate


def test_a_room_and_a_user_name() -> None:
    assert one_form.room("[held]") == one_form.handle("[removed]") == ""
    assert one_form.room("Room 12 [held]") == "12"
    assert one_form.handle("@Bella [held]") == ""
    assert one_form.handle("@Bella") == "bella"
