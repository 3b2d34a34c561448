"""Points of real tips, in this process and in a worker that was running all the while."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.installation import installation
from tests.pipeline.conftest import HOTEL_PATTERN, MakeTip
from tests.region.land import Drawn, box, census_files, geojson, region_map
from tests.waiting import eventually
from tipintake.directory.boundaries import version_in_force
from tipintake.directory.gazetteer import Gazetteer
from tipintake.pipeline.corroborate import corroborate_due
from tipintake.pipeline.reroute import Why, reroute
from tipintake.pipeline.route import route_waiting
from tipintake.region.pack import Pack
from tipintake.routing.models import Decision
from tipintake.tips.models import Tip

Map = dict[str, Drawn]


@pytest.fixture
def drawn(region: Gazetteer, tmp_path: Path) -> Map:
    drawn = region_map(region)
    call_command("load_boundaries", *map(str, census_files(tmp_path, drawn)), verbosity=0)
    return drawn


def at(one: Drawn, across: float = 0.2, up: float = 0.2) -> dict[str, Any]:
    lat, lon = one.at(across, up)
    return {"place_type": "HOTEL_MOTEL", "lat": lat, "lon": lon, "source": "PIN"}


def test_a_pin_takes_a_tip_to_the_police_of_its_land(
    drawn: Map, kept: MakeTip, now: datetime
) -> None:
    tip = kept(locations=[at(drawn["ofallon-mo"])])
    route_waiting(now=now)
    decision = Decision.objects.get(tip=tip)
    assert (decision.primary, decision.jurisdiction) == ("ofallon-pd", "ofallon-mo")
    assert decision.boundaries_version == version_in_force()
    assert "by the point on the map" in decision.because


def test_without_boundaries_a_pin_is_kept_and_decides_nothing(
    region: Gazetteer, kept: MakeTip, now: datetime
) -> None:
    tip = kept(locations=[at(region_map(region)["ofallon-mo"])])
    route_waiting(now=now)
    decision = Decision.objects.get(tip=tip)
    assert (decision.primary, decision.boundaries_version) == ("regional-triage", "")
    assert [one["kind"] for one in decision.place["evidence"]] == ["point"]


def test_an_old_decision_keeps_the_version_it_stood_on(
    drawn: Map, kept: MakeTip, now: datetime, tmp_path: Path
) -> None:
    first = version_in_force()
    before = kept(locations=[at(drawn["ofallon-mo"])])
    route_waiting(now=now)
    moved = replace(drawn["ofallon-mo"], land=drawn["ofallon-mo"].land.buffer(-0.001))
    call_command("load_boundaries", str(geojson(tmp_path / "one.geojson", [moved])), verbosity=0)
    after = kept(locations=[at(drawn["ofallon-mo"])])
    route_waiting(now=now + timedelta(minutes=1))
    versions = [Decision.objects.get(tip=tip).boundaries_version for tip in (before, after)]
    assert versions == [first, version_in_force()]
    assert len(set(versions)) == 2


def test_decisions_made_after_the_first_say_which_boundaries_they_stood_on(
    drawn: Map, kept: MakeTip, now: datetime
) -> None:
    shared: dict[str, Any] = {
        "locations": [at(drawn["ofallon-mo"])],
        "vehicles": [{"plate_raw": "AB1 C2D", "plate_state": "MO"}],
    }
    tip = kept(**shared)
    kept(narrative="Two men collect money from a side door every weekend.", **shared)
    route_waiting(now=now)
    corroborate_due(now=now)
    reroute(tip, {"minor_present": "YES"}, why=Why.MINOR, by="sam", now=now)
    made = list(Decision.objects.filter(tip=tip).order_by("pk"))
    assert [one.made_by for one in made][1:] == ["compare", "sam"]
    assert {one.boundaries_version for one in made} == {version_in_force()}
    assert {one.jurisdiction for one in made} == {"ofallon-mo"}


PLACED = """
import json
from tipintake.models import Decision
print("SAID " + json.dumps({d.tip.reference: [d.primary, d.boundaries_version] for d in
    Decision.objects.select_related("tip")}))
"""


@pytest.mark.processes
@pytest.mark.enable_socket
def test_a_running_worker_sees_new_boundaries_within_seconds(pack: Pack, tmp_path: Path) -> None:
    drawn = region_map(pack.gazetteer())
    newly = replace(drawn["ofallon-mo"], land=box(-90.45, 38.9, 0.05, 0.05))
    tip = {**HOTEL_PATTERN, "locations": [at(newly, 0.5, 0.5)]}

    with installation() as one, one.watching(PLACED) as decided:

        def placed() -> list[str]:
            status, answer = one.post("/api/v1/tips", tip)
            assert status == 201, answer
            reference = answer["reference"]
            eventually(lambda: reference in decided(), seconds=30)
            return list(decided()[reference])

        workers = {process.pid for process in one.parts("celery", "worker")}
        assert workers
        assert placed() == ["regional-triage", ""]
        one.command("load_boundaries", *map(str, census_files(tmp_path, drawn)))
        primary, first = placed()
        assert (primary, len(first)) == ("st-charles-county-pd", 64)
        one.command("load_boundaries", str(geojson(tmp_path / "one.geojson", [newly])))
        primary, second = placed()
        assert primary == "ofallon-pd"
        (tmp_path / "broken.geojson").write_text('{"type": "FeatureCollection", "features": [')
        status, said = one.attempt("load_boundaries", str(tmp_path / "broken.geojson"))
        assert status == 1
        assert "broken.geojson: is neither a zip nor JSON" in said
        assert placed() == ["ofallon-pd", second]
        one.command("load_boundaries", "--rollback")
        assert placed() == ["st-charles-county-pd", first]
        assert {process.pid for process in one.parts("celery", "worker")} == workers


BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")  # of a transaction: they ask for nothing


def test_a_tip_alone_takes_nine_queries_and_a_batch_hardly_more(
    drawn: Map, kept: MakeTip, now: datetime
) -> None:
    def queries(tips: int) -> list[str]:
        for number in range(tips):
            kept(locations=[at(drawn["ofallon-mo"])], vehicles=[{"plate_raw": f"K{number:04}"}])
        with CaptureQueriesContext(connection) as seen:
            assert route_waiting(now=now) == tips
        assert not Tip.objects.filter(routed_at=None).exists()
        asked = [str(one["sql"]) for one in seen.captured_queries]
        return [one for one in asked if not one.startswith(BRACKETS)]

    queries(1)  # boundaries and gazetteer are read once for each process
    assert len(queries(1)) <= 9
    assert len(queries(20)) <= 9
