"""The map and the patterns, as pages say them; who sees which; what is sent again."""

import json
import re
from datetime import time, timedelta
from typing import Any

import pytest
import shapely
from django.test import Client
from django.utils import timezone

from tests.web.desk.conftest import Lines, LogOn, MakeTip, See, said_by, text
from tipintake.directory.models import (
    Boundary,
    BoundaryDataset,
    BoundaryRelease,
    Jurisdiction,
)
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Place, Sighting, Tip

PIN = {"lat": 38.8123, "lon": -90.8534, "accuracy_m": 60}


@pytest.fixture
def land(lines: Lines) -> BoundaryDataset:
    """One municipality and one county, in force."""
    Jurisdiction.objects.create(
        code="wentzville-mo", name="Wentzville", kind="city", geoid="2978442"
    )
    Jurisdiction.objects.create(
        code="st-charles-county", name="St. Charles County", kind="county", geoid="29183"
    )
    dataset = BoundaryDataset.objects.create(
        version="first-version", loaded_at=timezone.now(), loaded_by="test"
    )
    Boundary.objects.bulk_create(
        Boundary(dataset=dataset, kind=kind, geoid=geoid, name=name, wkb=shapely.to_wkb(area))
        for geoid, kind, name, area in TWO_AND_ONE_FAR_AWAY
    )
    release(dataset)
    return dataset


TWO_AND_ONE_FAR_AWAY = (
    ("2978442", "city", "Wentzville", shapely.box(-90.9, 38.78, -90.8, 38.85)),
    ("29183", "county", "St. Charles County", shapely.box(-91.0, 38.6, -90.1, 39.0)),
    ("2999999", "city", "Far Away", shapely.box(-94.0, 37.0, -93.9, 37.1)),
)


def release(dataset: BoundaryDataset) -> None:
    BoundaryRelease.objects.create(dataset=dataset, released_at=timezone.now(), released_by="test")


def pin(tip: Tip, **more: Any) -> Place:
    return Place.objects.create(tip=tip, position=tip.locations.count(), **{**PIN, **more})


def fridays(tip: Tip) -> None:
    Sighting.objects.create(
        tip=tip,
        kind="RECURRING",
        rrule="FREQ=WEEKLY;BYDAY=FR",
        local_start=time(22),
        duration_minutes=240,
    )


def test_a_tip_shows_where_it_was_and_how_exactly(
    triage: Client, make_tip: MakeTip, land: BoundaryDataset
) -> None:
    tip = make_tip("wentzville-pd")
    pin(tip, name="Fernleaf Court Motel")
    page = triage.get(f"/tips/{tip.reference}/").content.decode()
    said = said_by(page)
    assert "Points: 1. Tips: 1. The place was taken to lie in Wentzville." in said
    assert "38.8123, -90.8534 within 60 m Fernleaf Court Motel" in said
    assert 'class="area within"' in page
    assert "Far Away" not in page
    marks = json.loads(re.findall(r'id="tip-map-marks"[^>]*>(.*?)</script>', page)[0])
    assert marks == [
        {"lat": 38.8123, "lon": -90.8534, "accuracy": 60, "count": 1,
         "tips": [tip.reference], "more": 0}
    ]  # fmt: skip


def test_a_tip_without_a_point_shows_its_area_alone(
    triage: Client, make_tip: MakeTip, land: BoundaryDataset
) -> None:
    tip = make_tip("wentzville-pd")
    said = text(triage, f"/tips/{tip.reference}/")
    assert "No point is known. The place was taken to lie in Wentzville." in said


def test_a_tip_without_place_or_time_has_no_figures(triage: Client, make_tip: MakeTip) -> None:
    said = text(triage, f"/tips/{make_tip('wentzville-pd').reference}/")
    assert "On the map" not in said
    assert "Hours of the week" not in said


def test_a_tip_shows_its_hours_and_its_days(triage: Client, make_tip: MakeTip, see: See) -> None:
    tip = make_tip("wentzville-pd")
    see(tip)  # Fridays and Saturdays, 22:00 for four hours
    said = text(triage, f"/tips/{tip.reference}/")
    assert "Most in one hour: 1, Friday 22:00 to 02:00, Saturday 22:00 to 02:00." in said
    assert "Saturday 1 1 · ·" in said
    assert "Tips received: 1." in said


def test_the_map_of_a_queue_gathers_what_is_near(
    triage: Client, make_tip: MakeTip, land: BoundaryDataset
) -> None:
    one, other, far = (make_tip("wentzville-pd") for _ in range(3))
    pin(one)
    pin(other, lat=38.8125)
    pin(far, lat=38.65, lon=-90.3)
    make_tip("wentzville-pd")
    said = text(triage, "/map/?line=wentzville-pd")
    assert "Points: 3. Tips: 3. 1 tip without a point is not on the map." in said
    assert "middle of 2 points" in said
    assert all(tip.reference in said for tip in (one, other, far))


def test_the_patterns_of_a_queue_count_its_tips(triage: Client, make_tip: MakeTip) -> None:
    for _ in range(2):
        fridays(make_tip("wentzville-pd"))
    make_tip("wentzville-pd")
    said = text(triage, "/map/?line=wentzville-pd&state=waiting")
    assert "Tips with a time: 2. Most in one hour: 2, Friday 22:00 to 02:00." in said
    assert "Without a time: 1." in said
    assert "Tips received: 3." in said
    line = text(triage, "/lines/wentzville-pd/")
    assert "Most in one hour: 2, Friday 22:00 to 02:00." in line


def test_nobody_sees_points_of_a_line_that_is_not_theirs(
    log_on: LogOn, make_tip: MakeTip, land: BoundaryDataset
) -> None:
    pin(make_tip("ofallon-pd"))
    own = make_tip("wentzville-pd")
    pin(own)
    partner = log_on(Role.PARTNER, lines=("wentzville-pd",), name="partner")
    assert partner.get("/map/?line=ofallon-pd").status_code == 404
    said = text(partner, "/map/")
    assert "Points: 1. Tips: 1." in said
    assert "O'Fallon Police" not in said


def test_a_look_at_the_map_is_recorded_like_a_list(triage: Client, make_tip: MakeTip) -> None:
    pin(make_tip("wentzville-pd"))
    triage.get("/map/?line=wentzville-pd&state=waiting")
    entry = AuditEntry.objects.get(act="map.listed")
    assert (entry.actor, entry.subject) == ("triage", "wentzville-pd")
    assert entry.facts == {"state": "waiting", "rows": 1, "points": 1}


def test_an_empty_queue_says_so(triage: Client) -> None:
    assert "Nothing here." in text(triage, "/map/?line=wentzville-pd")


def test_boundaries_are_sent_once_for_each_version(triage: Client, land: BoundaryDataset) -> None:
    first = triage.get("/map/boundaries.json")
    assert first.headers["Content-Type"] == "application/geo+json"
    assert first.headers["Cache-Control"] == "private, no-cache"
    names = [one["properties"]["name"] for one in first.json()["features"]]
    assert names == ["St. Charles County", "Wentzville"]
    tag = first.headers["ETag"]
    again = triage.get("/map/boundaries.json", headers={"if-none-match": tag})
    assert (again.status_code, again.content) == (304, b"")
    newer = BoundaryDataset.objects.create(
        version="second-version", loaded_at=timezone.now(), loaded_by="test"
    )
    release(newer)
    changed = triage.get("/map/boundaries.json", headers={"if-none-match": tag})
    assert changed.status_code == 200
    assert changed.json()["features"] == []


def test_boundaries_are_for_staff(client: Client, land: BoundaryDataset) -> None:
    assert client.get("/map/boundaries.json").status_code == 302


def test_only_so_many_tips_are_drawn(
    triage: Client, make_tip: MakeTip, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tipintake.web.desk.mapping.MOST", 2)
    for _ in range(3):
        pin(make_tip("wentzville-pd", due_in=timedelta(hours=1)))
    said = text(triage, "/map/?line=wentzville-pd")
    assert "Points: 2. Tips: 2." in said
    assert "Only 2 tips are drawn: the most urgent." in said


def test_a_map_asks_few_questions(
    triage: Client, make_tip: MakeTip, land: BoundaryDataset, django_assert_max_num_queries: Any
) -> None:
    for _ in range(5):
        tip = make_tip("wentzville-pd")
        pin(tip)
        fridays(tip)
    triage.get("/map/?line=wentzville-pd")
    with django_assert_max_num_queries(25):
        triage.get("/map/?line=wentzville-pd")
