import unicodedata
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.delivery.models import HandOff
from tipintake.tips.models import Place, Sighting, Vehicle
from tipintake.tips.vocabulary import Category, Immediacy, MinorPresent, RoleInScene
from tipintake.web.desk import wording
from tipintake.web.desk.clocks import clock_of, lasting, moment
from tipintake.web.desk.wording import marked, place_words, plate, sighting_words

TURNS = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
START = datetime(2026, 11, 14, 4, 15, tzinfo=UTC)  # 22:15 on the 13th in St. Louis


@pytest.mark.parametrize(
    ("sighting", "said"),
    [
        (Sighting(kind="UNKNOWN"), "The time is not known."),
        (Sighting(kind="INSTANT", start=START), "Fri 13 Nov 2026, 22:15."),
        (
            Sighting(kind="APPROX", start=START, approx_minutes=90),
            "About Fri 13 Nov 2026, 22:15, give or take 1 h 30 min.",
        ),
        (
            Sighting(kind="RANGE", start=START, end=START + timedelta(hours=3)),
            "From Fri 13 Nov 2026, 22:15 to Sat 14 Nov 2026, 01:15.",
        ),
        (
            Sighting(
                kind="RECURRING",
                rrule="FREQ=WEEKLY;BYDAY=FR",
                local_start=time(22),
                duration_minutes=90,
            ),
            "Every Friday, from about 22:00, until about 23:30.",
        ),
        (
            Sighting(
                kind="RECURRING",
                rrule="FREQ=WEEKLY;INTERVAL=2;BYDAY=MO,WE,TH",
                local_start=time(22),
                duration_minutes=240,
            ),
            "Every 2 weeks on Monday, Wednesday and Thursday, from about 22:00, until ",
        ),
        (
            Sighting(kind="RECURRING", rrule="FREQ=MONTHLY;BYDAY=1FR,-1SU"),
            "Every month on the first Friday and the last Sunday.",
        ),
        (
            Sighting(kind="RECURRING", rrule="FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR"),
            "Every weekday.",
        ),
        (Sighting(kind="RECURRING", rrule="FREQ=DAILY", start=START), "Every day, first seen "),
        *(
            (Sighting(kind="RECURRING", **given), "Every Friday, last seen Fri 13 Nov 2026.")
            for given in (
                {"rrule": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261113"},
                {"rrule": "FREQ=WEEKLY;BYDAY=FR;UNTIL=20261114T040000Z"},
                {"rrule": "FREQ=WEEKLY;BYDAY=FR", "end": START},
            )
        ),
        (Sighting(kind="RECURRING", rrule="FREQ=HOURLY"), "Again and again (FREQ=HOURLY)."),
    ],
)
def test_times_are_said_in_words(sighting: Sighting, said: str) -> None:
    assert sighting_words(sighting)[0].startswith(said)


def test_another_time_zone_is_said() -> None:
    said = sighting_words(Sighting(kind="INSTANT", start=START, tz="America/Denver"))
    assert said == ["Fri 13 Nov 2026, 21:15.", "Times are in America/Denver."]
    assert sighting_words(Sighting(kind="INSTANT", start=START, tz="Nowhere/At-all"))


@pytest.mark.parametrize(
    ("place", "said"),
    [
        (Place(place_type="HOTEL_MOTEL", city="O'Fallon"), "Hotel or motel · O'Fallon"),
        (
            Place(place_type="HOTEL_MOTEL", name="Sunset Inn", unit="12", zip="63385"),
            "Sunset Inn, room 12 · 63385",
        ),
        (
            Place(place_type="STREET", street="Example Rd", cross_street="Sample Ave"),
            "Example Rd at Sample Ave",
        ),
        (
            Place(
                place_type="TRUCK_STOP",
                highway="I-70",
                direction="east",
                mile_marker=Decimal("210.0"),
            ),
            "Truck stop · I-70 east mile 210",
        ),
        (Place(place_type="UNKNOWN"), ""),
    ],
)
def test_a_place_is_said_in_one_line(place: Place, said: str) -> None:
    assert place_words(place) == said


def test_a_plate_is_shown_as_it_was_seen() -> None:
    assert plate(Vehicle(plate_canonical="AB1?2D", plate_state="MO")) == "MO AB1?2D"
    assert plate(Vehicle(plate_raw="?", plate_canonical="")) == "?"
    assert plate(Vehicle(plate_state="IL")) == ""


@given(st.text())
def test_whatever_a_tip_says_is_never_markup(text: str) -> None:
    shown: str = marked(text)
    for mark in ("removed", "held"):
        shown = shown.replace(wording._mark(mark), "")
    for turn in TURNS:
        shown = shown.replace(wording._turn(turn), "")
    assert "<" not in shown
    assert '"' not in shown


@pytest.mark.parametrize("turn", TURNS)
def test_what_would_turn_the_text_is_shown_and_never_obeyed(turn: str) -> None:
    shown = marked(f"van {turn}[removed] <b>")
    assert turn not in shown
    assert f"[{unicodedata.name(turn).lower()}]</mark>" in shown
    assert shown.startswith("van <mark title=")
    assert shown.endswith(" &lt;b&gt;")
    assert marked("عربية then LTR\u200e") == "عربية then LTR\u200e"


@pytest.mark.parametrize("turn", TURNS)
def test_a_place_in_one_line_turns_nothing_either(turn: str) -> None:
    said = place_words(Place(name=f"Inn {turn}live", city="Wentzville"))
    assert said == f"Inn [{unicodedata.name(turn).lower()}]live · Wentzville"
    assert turn not in plate(Vehicle(plate_raw=f"{turn}?"))


def test_every_code_has_a_word() -> None:
    assert set(wording.CATEGORIES) == set(Category)
    assert set(wording.IMMEDIACY) == set(Immediacy)
    assert set(wording.MINORS) == set(MinorPresent)
    assert set(wording.IN_SCENE) == set(RoleInScene)


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "under a minute"),
        (59, "59 min"),
        (60, "1 h"),
        (185, "3 h 5 min"),
        (60 * 17 + 39, "17 h"),
        (60 * 24 * 2 + 60 * 6, "2 d 6 h"),
        (60 * 24 * 30 + 60, "30 d"),
    ],
)
def test_stretches_of_time_are_short(minutes: int, said: str) -> None:
    assert lasting(timedelta(minutes=minutes)) == said


def test_a_clock_turns_with_its_deadline(now: datetime) -> None:
    def at(minutes: int, state: str = "QUEUED") -> tuple[str, str]:
        row = HandOff(
            state=state, queued_at=now, due_at=now + timedelta(hours=4), acknowledged_at=now
        )
        clock = clock_of(row, now + timedelta(minutes=minutes))
        return clock.words, clock.tone

    assert at(0) == ("4 h left", "calm")
    assert at(190) == ("50 min left", "soon")
    assert at(241) == ("overdue 1 min", "over")
    assert at(300, "ACKNOWLEDGED") == ("acknowledged 5 h ago", "done")
    assert at(300, "DECLINED") == ("Declined", "done")


def test_moments_name_the_day_only_when_it_is_another(now: datetime) -> None:
    assert moment(now, now) == "today 09:30"
    assert moment(now - timedelta(days=1), now) == "Fri 13 Nov, 09:30"
    assert moment(now - timedelta(days=400), now) == "Fri 10 Oct 2025, 10:30"
