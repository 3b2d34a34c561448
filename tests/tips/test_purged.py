"""The marks of purged tips outlive the loss of the database, and of the file."""

import logging
import uuid
from pathlib import Path

import pytest
from pytest_django import Settings

from tipintake.tips import purged
from tipintake.tips.models import PurgedMark

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def home(tmp_path: Path, settings: Settings) -> Path:
    settings.HOME = tmp_path
    return tmp_path


def made(count: int) -> set[str]:
    """Purge so many. Their marks."""
    mark_of = purged.marker()
    keys = [uuid.uuid4() for _ in range(count)]
    for key in keys:
        purged.remember(key)
    return {mark_of(key) for key in keys}


def in_table() -> set[str]:
    return set(PurgedMark.objects.values_list("mark", flat=True))


@pytest.mark.parametrize("since", [0, 1, 4, 9])
def test_a_database_that_was_lost_takes_no_mark_with_it(since: int) -> None:
    before = made(4)
    assert purged.write_out() == 4
    PurgedMark.objects.all().delete()
    purged.write_out()
    after = made(since)
    purged.write_out()
    assert purged.read(purged.marks_file()) == in_table() == before | after
    assert purged.write_out() == 0


def test_marks_that_came_before_the_first_round_are_joined_with_those_of_the_file() -> None:
    before = made(4)
    purged.write_out()
    PurgedMark.objects.all().delete()
    after = made(2)
    assert purged.write_out() == 6
    assert purged.read(purged.marks_file()) == in_table() == before | after
    lines = purged.marks_file().read_text().splitlines()
    assert lines == sorted(lines), "it tells no order"


def test_as_many_other_marks_are_joined_too() -> None:
    before = made(3)
    purged.write_out()
    PurgedMark.objects.all().delete()
    after = made(3)
    assert purged.write_out() == 6
    assert purged.read(purged.marks_file()) == in_table() == before | after


def test_a_file_that_another_took_the_place_of_is_seen_after_both_agreed(tmp_path: Path) -> None:
    ours = made(2)
    purged.write_out()
    assert purged.write_out() == 0
    copy = tmp_path / "copy"
    copy.write_text(f"{'0' * 32}\n{'f' * 32}\n")
    copy.replace(purged.marks_file())
    assert purged.write_out() == 4
    assert purged.read(purged.marks_file()) == in_table() == {"0" * 32, "f" * 32, *ours}


def test_a_file_that_is_not_sorted_loses_none_either() -> None:
    before = made(9)
    purged.write_out()
    lines = purged.marks_file().read_text().splitlines(keepends=True)
    purged.marks_file().write_text("".join(reversed(lines)))
    PurgedMark.objects.filter(mark__in=sorted(before)[::2]).delete()
    purged.write_out()
    assert purged.read(purged.marks_file()) == in_table() == before


def test_damage_that_left_the_size_is_said(caplog: pytest.LogCaptureFixture) -> None:
    made(3)
    purged.write_out()
    damaged = purged.marks_file().read_bytes().replace(b"\n", b" ", 1)
    purged.marks_file().write_bytes(damaged)
    with caplog.at_level(logging.ERROR, logger="tipintake"):
        assert purged.write_out() == 0
    assert purged.marks_file().read_bytes() == damaged
    assert caplog.messages[0].startswith("purged_marks.unreadable ")


@pytest.mark.parametrize("damage", [b"cut off", b"\xff\n", b"0123456789abcdef\n"])
def test_a_file_that_cannot_be_read_is_left_as_it_is_and_said(
    damage: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    made(3)
    purged.write_out()
    damaged = purged.marks_file().read_bytes() + damage
    purged.marks_file().write_bytes(damaged)
    ours = in_table()
    with caplog.at_level(logging.ERROR, logger="tipintake"):
        assert purged.write_out() == 0
    assert purged.marks_file().read_bytes() == damaged
    assert in_table() == ours
    (said,) = caplog.messages
    assert said.startswith("purged_marks.unreadable ")


def test_a_file_that_was_lost_is_written_anew() -> None:
    ours = made(3)
    purged.write_out()
    purged.marks_file().unlink()
    assert purged.write_out() == 3
    assert purged.read(purged.marks_file()) == ours
