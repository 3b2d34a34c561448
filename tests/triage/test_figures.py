"""Figures of when and where: what they count and say, and that their tables say the same."""

from datetime import UTC, date, datetime, time
from xml.etree.ElementTree import fromstring
from zoneinfo import ZoneInfo

import pytest

from tipintake.directory.drawing import Outline
from tipintake.triage.figures import days, places, week
from tipintake.triage.figures.places import Point
from tipintake.triage.figures.seen import Seen, days_between, hours_of_week
from tipintake.triage.figures.week import Week

SVG = "{http://www.w3.org/2000/svg}"
CHICAGO = ZoneInfo("America/Chicago")


def every(weekdays: str, clock: str, minutes: int, **more: object) -> Seen:
    return Seen(
        "RECURRING",
        rrule=f"FREQ=WEEKLY;BYDAY={weekdays}",
        local_start=time.fromisoformat(clock),
        duration_minutes=minutes,
        **more,  # type: ignore[arg-type]
    )


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=CHICAGO)


def hours(seen: Seen) -> list[str]:
    return [f"{week.WEEKDAYS[n // 24][:2]}{n % 24}" for n in sorted(hours_of_week(seen))]


# --- Hours of the week ---------------------------------------------------------------------------


def test_a_pattern_counts_on_each_of_its_days() -> None:
    assert hours(every("FR,SA", "20:00", 120)) == ["Fr20", "Fr21", "Sa20", "Sa21"]


def test_a_block_over_midnight_goes_on_into_the_next_day() -> None:
    assert hours(every("FR", "22:00", 240)) == ["Fr22", "Fr23", "Sa0", "Sa1"]


def test_a_block_over_the_end_of_sunday_goes_on_into_monday() -> None:
    assert hours(every("SU", "23:30", 60)) == ["Mo0", "Su23"]


def test_a_daily_pattern_touches_its_hours_seven_times() -> None:
    seen = Seen("RECURRING", rrule="FREQ=DAILY", local_start=time(5), duration_minutes=60)
    assert hours(seen) == ["Mo5", "Tu5", "We5", "Th5", "Fr5", "Sa5", "Su5"]


def test_a_pattern_told_in_another_time_zone_is_counted_by_the_clock_here() -> None:
    assert hours(every("FR", "22:30", 60, tz="America/New_York")) == ["Fr21", "Fr22"]
    assert hours(every("MO", "00:30", 60, tz="America/New_York")) == ["Mo0", "Su23"]


def test_a_single_sighting_counts_where_the_clock_here_stood() -> None:
    # A Friday evening here is a Saturday by universal time.
    seen = Seen("INSTANT", datetime(2026, 11, 14, 3, 40, tzinfo=UTC))
    assert hours(seen) == ["Fr21"]


def test_give_or_take_widens_and_a_range_ends_before_its_last_moment() -> None:
    about = Seen("APPROX", at("2026-11-13T21:50"), approx_minutes=30)
    assert hours(about) == ["Fr21", "Fr22"]
    span = Seen("RANGE", at("2026-11-13T20:00"), at("2026-11-13T22:00"))
    assert hours(span) == ["Fr20", "Fr21"]


def test_the_night_of_the_changed_clock_is_counted_by_the_clock() -> None:
    # 1:30 came twice on November 1, 2026; two o'clock never came on March 8.
    autumn = Seen("RANGE", at("2026-11-01T00:30"), at("2026-11-01T03:00"))
    assert hours(autumn) == ["Su0", "Su1", "Su2"]
    spring = Seen("RANGE", at("2026-03-08T01:30"), at("2026-03-08T04:00"))
    assert hours(spring) == ["Su1", "Su3"]


@pytest.mark.parametrize(
    "seen",
    [
        Seen("UNKNOWN"),
        Seen("INSTANT"),
        Seen("RECURRING", rrule="FREQ=WEEKLY;BYDAY=FR"),
        Seen("RECURRING", rrule="nonsense", local_start=time(5), duration_minutes=60),
    ],
)
def test_a_sighting_without_a_time_is_told_apart_from_none(seen: Seen) -> None:
    found = Week.of([seen, every("MO", "08:00", 60)], without_time=3)
    assert (found.tips, found.untimed, found.most) == (5, 4, 1)
    assert "Without a time: 4." in found.says()


def test_each_tip_counts_once_in_an_hour_and_the_busiest_are_said() -> None:
    found = Week.of(
        [every("FR", "22:00", 240), every("FR", "23:00", 120), every("TU", "09:00", 60)]
    )
    assert found.at(4, 23) == 2
    assert found.at(5, 0) == 2
    assert found.at(5, 1) == 1
    assert found.says() == ("Tips with a time: 3. Most in one hour: 2, Friday 23:00 to 01:00.")


def test_a_run_over_the_end_of_the_week_is_one() -> None:
    assert Week.of([every("SU", "22:00", 240)]).busiest() == ["Sunday 22:00 to 02:00"]
    assert Week.of([every("SU", "22:00", 120)]).busiest() == ["Sunday 22:00 to 24:00"]


def test_the_strip_shows_what_its_table_says() -> None:
    found = Week.of([every("FR", "22:00", 240), every("SA", "22:00", 60)])
    drawing = fromstring(week.strip(found, "w"))
    cells = drawing.findall(f"{SVG}rect")
    assert len(cells) == 168
    told = [count for _name, counts in found.rows() for count in counts]
    drawn = [0 if "s0" in str(cell.get("class")) else 1 for cell in cells]
    assert drawn == told
    assert drawing.get("role") == "img"
    assert str(drawing.get("aria-labelledby")).split() == ["w-title", "w-says"]
    assert drawing.findtext(f"{SVG}desc") == found.says()


def test_figures_hold_no_style_attribute_and_no_script() -> None:
    found = Week.of([every("FR", "22:00", 240)])
    span = days.Days.of(
        [], [at("2026-11-13T20:00")], first=date(2026, 11, 1), last=date(2026, 11, 14)
    )
    point = Point(38.8, -90.8, 40, "T-AAAA-0001")
    box = places.box_around([point], ())
    area = places.map_figure(places.clustered([point], box), (), box, "m")
    for text in (week.strip(found, "w"), days.timeline(span, "d"), area):
        for element in fromstring(text).iter():
            assert "style" not in element.attrib
            assert not any(name.startswith("on") for name in element.attrib)
            assert not element.tag.endswith("script")


# --- Days ----------------------------------------------------------------------------------------


def test_a_block_over_midnight_belongs_to_the_day_on_which_it_starts() -> None:
    found = days_between(every("FR", "22:00", 240), date(2026, 11, 1), date(2026, 11, 15))
    assert list(found) == [date(2026, 11, 6), date(2026, 11, 13)]


def test_a_pattern_begins_with_the_day_on_which_it_was_first_seen() -> None:
    seen = every("FR", "20:00", 60, start=at("2026-11-13T20:00"))
    assert list(days_between(seen, date(2026, 11, 1), date(2026, 11, 20))) == [
        date(2026, 11, 13),
        date(2026, 11, 20),
    ]


def test_a_timeline_counts_seen_and_received_apart() -> None:
    found = days.Days.of(
        [Seen("INSTANT", at("2026-11-02T23:30")), Seen("INSTANT", at("2026-11-02T08:00"))],
        [at("2026-11-03T01:00")],
        first=date(2026, 11, 1),
        last=date(2026, 11, 7),
    )
    assert found.rows() == [(date(2026, 11, 2), 2, 0), (date(2026, 11, 3), 0, 1)]
    assert found.says() == (
        "Nov 1, 2026 to Nov 7, 2026. Days with something seen: 1. Tips received: 1."
    )
    bars = [
        one
        for one in fromstring(days.timeline(found, "d")).findall(f"{SVG}rect")
        if "bar" in str(one.get("class"))
    ]
    assert len(bars) == 2


def test_a_long_time_is_counted_by_weeks_and_a_tip_once_in_each() -> None:
    found = days.Days.of(
        [every("MO,WE", "20:00", 60)], [], first=date(2026, 1, 5), last=date(2026, 12, 31)
    )
    assert found.step == 7
    assert set(found.seen.values()) == {1}
    assert found.rows()[0] == (date(2026, 1, 5), 1, 0)
    assert found.says().endswith("whether somebody saw it then or not.")


# --- Places --------------------------------------------------------------------------------------

SQUARE = ((-90.9, 38.7), (-90.7, 38.7), (-90.7, 38.9), (-90.9, 38.9), (-90.9, 38.7))
TOWN = Outline("2900001", "city", "Fern <Hollow>", (SQUARE,), (-90.9, 38.7, -90.7, 38.9))


def test_points_of_one_cell_are_one_mark_with_every_tip() -> None:
    points = [
        Point(38.8, -90.8, 20, "T-A"),
        Point(38.8001, -90.8001, 90, "T-B"),
        Point(38.8, -90.8, 20, "T-A"),
        Point(38.6, -90.4, 0, "T-C", "Old Depot"),
    ]
    box = places.box_around(points, ())
    first, second = places.clustered(points, box)
    assert (first.tips, len(first.points), first.accuracy_m) == (("T-A", "T-B"), 3, 90)
    assert (second.tips, second.words) == (("T-C",), "Old Depot")
    assert places.says([first, second], ()) == "Points: 4. Tips: 3."


def test_the_disc_is_as_wide_as_the_place_is_uncertain() -> None:
    point = Point(38.8, -90.8, 1000, "T-A")
    box = places.box_around([point], ())
    drawing = fromstring(places.map_figure(places.clustered([point], box), [TOWN], box, "m"))
    disc, spot = drawing.findall(f"{SVG}circle")
    metres_a_pixel = (box[3] - box[1]) * 111_320 / places.HEIGHT
    assert float(disc.attrib["r"]) == pytest.approx(1000 / metres_a_pixel, rel=0.02)
    assert (disc.get("cx"), disc.get("cy")) == (spot.get("cx"), spot.get("cy"))
    assert float(spot.attrib["cx"]) == pytest.approx(places.WIDTH / 2, abs=0.5)


def test_without_a_point_the_area_is_shown_and_said() -> None:
    box = places.box_around([], [TOWN], TOWN.geoid)
    text = places.map_figure([], [TOWN], box, "m", within=TOWN.geoid)
    assert "Fern &lt;Hollow&gt;" in text
    drawing = fromstring(text)
    assert drawing.findtext(f"{SVG}desc") == (
        "No point is known. The place was taken to lie in Fern <Hollow>."
    )
    assert [one.get("class") for one in drawing.findall(f"{SVG}path")] == ["area within"]


def test_areas_outside_the_map_are_not_drawn() -> None:
    point = Point(37.0, -94.0, 0, "T-A")
    box = places.box_around([point], [TOWN])
    assert "path" not in places.map_figure(places.clustered([point], box), [TOWN], box, "m")
