"""Points on the map among 1,000 boundaries: lookups a second, and a whole routing pass.

`python -m bench.places [BOUNDARIES]`: a made-up map of the region with limits of 300 corners each,
in a database of its own (DATABASE_URL is respected). BOUNDARIES is a comma-separated list of
files to load instead, such as the Census Bureau's.
"""

import logging
import random
import sys
import tempfile
import time
from collections.abc import Callable
from io import StringIO
from pathlib import Path
from statistics import median, quantiles

import shapely
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from bench.pipeline import NOW, keep
from tests.region.land import (
    COUNTIES,
    IN_A_ROW,
    SOUTH,
    WEST,
    WIDTH,
    Drawn,
    box,
    geojson,
    region_map,
)
from tipintake.directory.boundaries import areas_of
from tipintake.directory.gazetteer import Gazetteer, JurisdictionEntry
from tipintake.directory.lookup import current_gazetteer, renew
from tipintake.directory.models import Jurisdiction
from tipintake.pipeline.route import route_waiting
from tipintake.privacy import keys
from tipintake.region.load import load
from tipintake.region.pack import read_pack
from tipintake.routing.boundaries import current_boundaries
from tipintake.routing.decide import decide
from tipintake.routing.facts import LocationFacts, TipFacts
from tipintake.routing.places.areas import AreaIndex
from tipintake.tips.models import Place, Tip

MANY = 1_000
LOOKUPS = 40_000
PASSES = 4_000
ALONE = 200
BATCH = 100
CORNERS = 300
BRACKETS = ("SAVEPOINT", "RELEASE", "BEGIN", "COMMIT")
FIRST_CODE = 2_990_000  # Census codes of made-up municipalities begin here
ENTRY = ("code", "name", "kind", "county", "police_line", "task_force", "is_home", "geoid")

Point = tuple[float, float]  # latitude, longitude


def crowded(gazetteer: Gazetteer) -> tuple[dict[str, Drawn], list[JurisdictionEntry]]:
    """The made-up map with further municipalities in every free cell, up to MANY boundaries."""
    drawn = region_map(gazetteer, points=CORNERS)
    taken = {
        code: sum(one.county == code != one.code for one in gazetteer.jurisdictions)
        for code in COUNTIES
    }
    new: list[JurisdictionEntry] = []
    for at, county in enumerate(COUNTIES):
        for number in range(taken[county], IN_A_ROW * 10):
            row, column = divmod(number, IN_A_ROW)
            for half in range(2):
                if len(drawn) >= MANY:
                    return drawn, new
                code = f"town-{FIRST_CODE + len(new)}"
                west = WEST + at * WIDTH + 0.01 + column * 0.058
                south = SOUTH + 0.02 + row * 0.09 + half * 0.04
                land = box(west, south, 0.04, 0.035, points=CORNERS)
                geoid = str(FIRST_CODE + len(new))
                drawn[code] = Drawn(geoid, code, land)
                new.append(JurisdictionEntry(code, code, "city", county, "", "", False, geoid))
    return drawn, new


def somewhere(rnd: random.Random, boxes: list[tuple[float, float, float, float]]) -> Point:
    """Anywhere in and around one of the boundaries."""
    west, south, east, north = rnd.choice(boxes)
    wide, high = (east - west) / 10, (north - south) / 10
    return rnd.uniform(south - high, north + high), rnd.uniform(west - wide, east + wide)


def load_map(files: list[str]) -> None:
    call_command("migrate", verbosity=0)
    load(read_pack(Path(settings.REGIONS_DIR) / settings.REGION), now=NOW, actor="bench")
    said = StringIO()
    if files:
        call_command("load_boundaries", *files, stdout=said)
    else:
        drawn, new = crowded(current_gazetteer())
        Jurisdiction.objects.bulk_create(
            Jurisdiction(**{name: getattr(one, name) for name in ENTRY}) for one in new
        )
        renew(now=NOW)
        with tempfile.TemporaryDirectory() as folder:
            file = geojson(Path(folder) / "map.geojson", drawn.values())
            call_command("load_boundaries", str(file), stdout=said)
    print(said.getvalue().splitlines()[-1])


def show(label: str, step: Callable[[int], object], count: int) -> None:
    """By the clock, and by this process's own CPU time, which other work does not move."""
    took, spent = [], []
    for number in range(count):
        begun, used = time.perf_counter(), time.process_time()
        step(number)
        spent.append((time.process_time() - used) * 1000)
        took.append((time.perf_counter() - begun) * 1000)
    print(f"{label:<42} {figures(took)}   CPU {figures(spent)}", flush=True)


def figures(took: list[float]) -> str:
    return f"p50 {median(took):6.3f} p99 {quantiles(took, n=100)[98]:6.3f} ms"


def facts_at(at: Point) -> TipFacts:
    return TipFacts(
        category="SUSPICIOUS_PLACE_PATTERN",
        immediacy="ONGOING",
        minor_present="NO",
        codes=frozenset({"HTL_TRAFFIC", "VEH_DROP_PICKUP"}),
        locations=(LocationFacts(place_type="HOTEL_MOTEL", lat=at[0], lon=at[1]),),
        has_vehicle=True,
    )


def keep_at(points: list[Point]) -> None:
    """Tips that wait, each with one of these points as its pin."""
    keep(len(points))
    waiting = Place.objects.filter(tip__routed_at=None)
    for place, (lat, lon) in zip(waiting, points, strict=True):
        place.lat, place.lon, place.city, place.zip = lat, lon, "", ""
        place.save()


def routed(limit: int) -> int:
    return route_waiting(now=NOW, limit=limit)


def queries_of(limit: int) -> str:
    """How many until the commit, and how many after it to group tips that are alike."""
    with CaptureQueriesContext(connection) as seen:
        routed(limit)
    sql = [str(one["sql"]) for one in seen.captured_queries]
    last = max(at for at, one in enumerate(sql) if one == "COMMIT")
    parts = (sql[:last], sql[last:])
    to_route, to_group = (sum(not one.startswith(BRACKETS) for one in part) for part in parts)
    return f"{to_route} to route, {to_group} after the commit to group what is alike"


def main(files: list[str]) -> None:
    logging.disable(logging.WARNING)
    keys.init(settings.KEYS_DIR, settings.PRIVATE_KEYS_DIR)
    load_map(files)
    gazetteer = current_gazetteer()
    begun = time.perf_counter()
    index = current_boundaries(gazetteer)
    assert index is not None
    print(f"read and indexed in {time.perf_counter() - begun:.2f} s, once for each version")

    rnd = random.Random(29)
    areas = shapely.from_wkb([area.wkb for area in areas_of(index.version)])
    near = shapely.union_all([one for one in areas if served(one, index)])
    boxes = [one.bounds for one in areas if one.intersects(near)]
    points = [somewhere(rnd, boxes) for _ in range(LOOKUPS)]
    for at in points[:2000]:
        index.touched(*at, radius_m=100)
    begun, spent = time.perf_counter(), time.process_time()
    for at in points:
        index.touched(*at, radius_m=100)
    took, spent = time.perf_counter() - begun, time.process_time() - spent
    print(f"lookups of a 100 m disc: {LOOKUPS / took:.0f}/s; CPU alone {LOOKUPS / spent:.0f}/s")

    given = [facts_at(at) for at in points[:PASSES]]
    show(
        "a decision, place and rules",
        lambda number: decide(given[number], gazetteer, boundaries=index),
        PASSES,
    )
    keep_at(points[: ALONE + BATCH])
    routed(BATCH)
    show("a waiting tip read, decided and written", lambda _: routed(1), ALONE)
    keep_at(points[:1])
    print(f"queries of one tip: {queries_of(1)}")
    keep_at(points[:BATCH])
    print(f"queries of a batch of {BATCH}: {queries_of(BATCH + 1)}")
    assert not Tip.objects.filter(routed_at=None).exists()


def served(area: object, index: AreaIndex) -> bool:
    middle = shapely.point_on_surface(area)
    return bool(index.touched(middle.y, middle.x, radius_m=1).inside)


if __name__ == "__main__":
    main(sys.argv[1].split(",") if len(sys.argv) > 1 else [])
