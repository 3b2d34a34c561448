from datetime import UTC, date, datetime, time

import pytest
from django.core.exceptions import ValidationError

from tipintake.web.report.fields import ClockField, DayField, HeightField, WordsField, moment
from tipintake.web.report.sighting import minutes_between


@pytest.mark.parametrize(
    ("typed", "cm"),
    [
        ("5'6", 168),
        ("5 ft 6 in", 168),
        ("5’6”", 168),
        ("5 pies 6 pulgadas", 168),
        ("5 pies y 6 pulgadas", 168),
        ("1.68", 168),
        ("1,68 m", 168),
        ("1.68 mts", 168),
        ("1m68", 168),
        ("1 metro 68", 168),
        ("6 feet", 183),
        ("168 cm", 168),
        ("168", 168),
        ("", None),
    ],
)
def test_a_height_is_taken_as_people_say_it(typed: str, cm: int | None) -> None:
    assert HeightField(required=False).clean(typed) == cm


@pytest.mark.parametrize("typed", ["tall", "5'66'6", "5 ft six", "1 mile", "5.6", "7.10"])
def test_a_height_that_cannot_be_read_says_how_to_write_one(typed: str) -> None:
    with pytest.raises(ValidationError, match="5 ft 6 in"):
        HeightField(required=False).clean(typed)


@pytest.mark.parametrize("typed", ["2026-11-27", "11/27/2026", "11/27/26"])
def test_a_day_is_month_first_in_every_language(typed: str) -> None:
    assert DayField().clean(typed) == date(2026, 11, 27)


@pytest.mark.parametrize("typed", ["22:30", "10:30 PM", "10:30pm", "10:30 p.m.", "10:30 p. m."])
def test_a_time_is_taken_with_twelve_or_twenty_four_hours(typed: str) -> None:
    assert ClockField().clean(typed) == time(22, 30)


def test_line_ends_count_as_one_character() -> None:
    assert WordsField(max_length=5).clean("ab\r\ncd") == "ab\ncd"


def test_words_that_are_too_long_are_counted_and_not_cut() -> None:
    with pytest.raises(ValidationError, match="at most 5"):
        WordsField(max_length=5).clean("abcdef")


def test_a_time_that_the_clock_change_skips_moves_on_by_the_hour() -> None:
    assert moment(date(2026, 3, 8), time(2, 30)).astimezone(UTC) == datetime(
        2026, 3, 8, 8, 30, tzinfo=UTC
    )


def test_a_time_that_comes_twice_is_the_first_one() -> None:
    assert moment(date(2026, 11, 1), time(1, 30)).astimezone(UTC) == datetime(
        2026, 11, 1, 6, 30, tzinfo=UTC
    )


@pytest.mark.parametrize(
    ("start", "end", "minutes"),
    [
        (time(22), time(2), 240),
        (time(9), time(9, 15), 15),
        (time(8), time(8), 1440),
    ],
)
def test_the_end_may_lie_past_midnight(start: time, end: time, minutes: int) -> None:
    assert minutes_between(start, end) == minutes
