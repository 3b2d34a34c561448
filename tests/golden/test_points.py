"""The golden points with real boundaries, where an operator's files are at hand.

REFERENCE_GEO names a folder with tl_2019_29_place.zip and a GeoJSON of the region's counties. They
are no part of this repository; without them the same points are tried against noted boundaries.
"""

import json
import os
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from tests.golden.test_golden import CASES
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.boundaries import current_boundaries
from tipintake.routing.golden import judge
from tipintake.routing.places.areas import AreaIndex

GEO = Path(os.environ.get("REFERENCE_GEO", "/nowhere"))
FILES = (GEO / "tl_2019_29_place.zip", GEO / "stl_region_counties_from_zcta.geojson")

pytestmark = pytest.mark.skipif(
    not all(file.is_file() for file in FILES), reason="REFERENCE_GEO names no boundary files"
)


@pytest.fixture
def boundaries(region: Gazetteer) -> AreaIndex:
    said = StringIO()
    call_command("load_boundaries", *map(str, FILES), stdout=said)
    assert "939 municipalities, 7 counties; 946 added" in said.getvalue()
    found = current_boundaries(region)
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("file", "count"),
    [(Path(__file__).with_name("points.jsonl"), 60), (CASES / "dev.jsonl", 90)],
    ids=["points", "dev"],
)
def test_every_case_is_decided_as_the_policy_says(
    file: Path, count: int, boundaries: AreaIndex, region: Gazetteer
) -> None:
    lines = file.read_text(encoding="utf-8").splitlines()
    judged = [judge(json.loads(line), region, boundaries=boundaries) for line in lines]
    assert [one for one in judged if one.differences] == []
    assert len(judged) == count
