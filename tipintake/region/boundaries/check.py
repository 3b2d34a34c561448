"""Which boundaries a file means, and whether they can be true together."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import shapely

from tipintake.directory.boundaries import Area
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Boundary
from tipintake.region.boundaries.files import BadFile, BoundaryFile, Feature

ACTIVE = "A"
MUNICIPAL = "C"  # the Census class codes of municipalities begin with it
OVERLAP = 0.01  # of the smaller of two; less is how two files draw one limit
IN_ITS_COUNTY = 0.5  # of a municipality, at least
MOST_GONE = 0.1  # of what was there; a whole list that takes away more is probably no whole list
FEW = 5
NOT_WHOLE = (
    "would take away {many}: a zip counts as the list of a whole state. To change only some, "
    "give them as GeoJSON."
)

City, County = Boundary.Kind.CITY, Boundary.Kind.COUNTY
Land = Any


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the files ask for: areas to write, GEOIDs that are no boundary any more, and why."""

    areas: Mapping[str, Area]
    gone: Mapping[str, str]  # GEOID -> why
    passed_over: int  # features that are no active municipality and no county of the state


def wanted_of(
    files: Sequence[BoundaryFile], before: Mapping[str, Area], gazetteer: Gazetteer
) -> Wanted:
    """Only active municipalities and counties count. Raises BadFile."""
    kinds = {place.geoid: place.kind for place in gazetteer.places if place.geoid}
    areas: dict[str, Area] = {}
    gone: dict[str, str] = {}
    passed_over = sum(file.elsewhere for file in files)
    for file in files:
        unclear = []
        for feature in file.features:
            if feature.geoid in areas:
                raise BadFile(file.name, [f"GEOID {feature.geoid} is in another file too."])
            counts = _counts(feature, kinds)
            if counts is None:
                unclear.append(
                    f"{feature.geoid} {feature.name} has no CLASSFP and FUNCSTAT, and no list of "
                    "places has it; write them in, so that it is known whether it is an active "
                    "municipality (C1 and A)."
                )
            elif counts:
                areas[feature.geoid] = _area(feature)
            else:
                passed_over += 1
                if feature.geoid in before:
                    gone[feature.geoid] = "it is no active municipality any more"
        if unclear:
            raise BadFile(file.name, unclear)
        gone |= _no_longer_listed(file, before)
    return Wanted(areas, {g: why for g, why in gone.items() if g not in areas}, passed_over)


def _counts(feature: Feature, kinds: Mapping[str, str]) -> bool | None:
    """None: nobody knows."""
    if feature.kind == County:
        return True
    if feature.class_code and feature.status:
        return feature.class_code.startswith(MUNICIPAL) and feature.status == ACTIVE
    kind = kinds.get(feature.geoid)
    return None if kind is None else kind == "city"


def _area(feature: Feature) -> Area:
    # Byte order given, so that the version is the same on every machine.
    wkb = shapely.to_wkb(feature.land, byte_order=1)
    return Area(feature.geoid, feature.kind.value, feature.name, wkb)


def _no_longer_listed(file: BoundaryFile, before: Mapping[str, Area]) -> dict[str, str]:
    """What a list of a whole state leaves out. Refused when that is suspiciously much."""
    if not file.whole:
        return {}
    listed = {feature.geoid for feature in file.features}
    found: dict[str, str] = {}
    for kind, state in {(feature.kind.value, feature.geoid[:2]) for feature in file.features}:
        known = [one for one in before if before[one].kind == kind and one.startswith(state)]
        absent = [geoid for geoid in known if geoid not in listed]
        if len(absent) > max(FEW, MOST_GONE * len(known)):
            many = f"{len(absent)} of {len(known)} known areas"
            raise BadFile(file.name, [NOT_WHOLE.format(many=many)])
        found |= dict.fromkeys(absent, "the list no longer has it")
    return found


# --- Can they be true together? --------------------------------------------------------------


def problems_of(
    areas: Mapping[str, Area], changed: Iterable[str], gazetteer: Gazetteer
) -> list[str]:
    """What is wrong with the changed ones among all, in sentences."""
    changed = set(changed)
    lands = dict(zip(areas, shapely.from_wkb([area.wkb for area in areas.values()]), strict=True))
    problems = [
        problem for kind in (City, County) for problem in _overlaps(kind, areas, lands, changed)
    ]
    return problems + list(_far_from_their_county(areas, lands, changed, gazetteer))


def _overlaps(
    kind: Boundary.Kind, areas: Mapping[str, Area], lands: Mapping[str, Land], changed: set[str]
) -> Iterator[str]:
    geoids = [geoid for geoid, area in areas.items() if area.kind == kind.value]
    tree = shapely.STRtree([lands[geoid] for geoid in geoids])
    for geoid in sorted(changed.intersection(geoids)):
        for at in tree.query(lands[geoid], predicate="intersects"):
            other = geoids[at]
            if other == geoid or (other in changed and other < geoid):
                continue
            smaller = min(lands[geoid].area, lands[other].area)
            share = shapely.intersection(lands[geoid], lands[other]).area / smaller
            if share > OVERLAP:
                yield (
                    f"{_called(areas[geoid])} and {_called(areas[other])} lie over one another "
                    f"({share:.0%} of the smaller); land has one police. Mend one of them, or "
                    "give both in one file."
                )


def _far_from_their_county(
    areas: Mapping[str, Area],
    lands: Mapping[str, Land],
    changed: set[str],
    gazetteer: Gazetteer,
) -> Iterator[str]:
    """A municipality lies where the directory says that it does; else the drawing is wrong."""
    counties = {
        one.code: (one.name, one.geoid) for one in gazetteer.jurisdictions if one.kind == "county"
    }
    for entry in gazetteer.jurisdictions:
        name, county = counties.get(entry.county, ("", ""))
        if entry.kind == "county" or entry.geoid not in lands or county not in lands:
            continue
        if changed.isdisjoint({entry.geoid, county}):
            continue
        city = lands[entry.geoid]
        if shapely.intersection(city, lands[county]).area < IN_ITS_COUNTY * city.area:
            yield (
                f"{_called(areas[entry.geoid])} does not lie in {name}, where the directory has "
                "it; look whether the coordinates are right, or mend jurisdictions.csv first."
            )


def _called(area: Area) -> str:
    return f"{area.name} ({area.geoid})"
