"""Bring a new version of the boundaries into force, or an earlier one back."""

import enum
import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import shapely
from django.db import transaction

from tipintake.directory.boundaries import Area, areas_of, dataset_in_force
from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Boundary, BoundaryDataset, BoundaryRelease
from tipintake.region.boundaries.check import Wanted, problems_of, wanted_of
from tipintake.region.boundaries.files import BoundaryFile
from tipintake.routing.places.areas import (
    area_m2,
    missing_counties,
    missing_municipalities,
    on_the_map,
)
from tipintake.staff.audit import record

BATCH = 100
WORTH_SAYING_M2 = 1_000  # a change of fewer square metres is said as "redrawn a little"


class CannotLoad(Exception):
    """The files cannot become a version. Says everything that must be mended."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


class NoSuchVersion(LookupError):
    """There is nothing to go back to. Says what there is."""


class Act(enum.StrEnum):
    ADD = "add"
    CHANGE = "change"
    REMOVE = "remove"


@dataclass(frozen=True, slots=True)
class Change:
    act: Act
    geoid: str
    words: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What a load would do: the whole next version, and how it differs from the one in force."""

    version: str
    areas: Mapping[str, Area]
    changes: tuple[Change, ...]
    files: tuple[BoundaryFile, ...]
    passed_over: int
    warnings: tuple[str, ...]
    based_on: str  # the version in force when this was planned

    def count(self, act: Act) -> int:
        return sum(change.act is act for change in self.changes)

    def of_kind(self, kind: Boundary.Kind) -> int:
        return sum(area.kind == kind.value for area in self.areas.values())


def plan(files: Sequence[BoundaryFile], gazetteer: Gazetteer) -> Plan:
    """Compare the files with the version in force; write nothing.

    Raises BadFile or CannotLoad with everything that must be mended.
    """
    based_on = _version_in_force()
    before = {area.geoid: area for area in areas_of(based_on)}
    wanted = wanted_of(files, before, gazetteer)
    after = dict(sorted(_after(before, wanted).items()))
    changes = tuple(_changes(before, after, wanted))
    changed = [change.geoid for change in changes if change.act is not Act.REMOVE]
    problems = problems_of(after, changed, gazetteer)
    if problems:
        raise CannotLoad(problems)
    return Plan(
        version=version_of(after),
        areas=after,
        changes=changes,
        files=tuple(files),
        passed_over=wanted.passed_over,
        warnings=tuple(warnings_of(after, gazetteer)),
        based_on=based_on,
    )


def put_in_force(planned: Plan, *, now: datetime, actor: str) -> bool:
    """Write the version and bring it into force; every running process sees it at its next tip.

    False: it was in force already, and nothing was written. Raises CannotLoad when another load
    came between plan and act.
    """
    with transaction.atomic():
        if _version_in_force() != planned.based_on:
            raise CannotLoad(["Somebody else loaded boundaries meanwhile; run this again."])
        if planned.version == planned.based_on:
            return False
        dataset, is_new = BoundaryDataset.objects.get_or_create(
            version=planned.version,
            defaults={
                "loaded_at": now,
                "loaded_by": actor,
                "files": [{"name": one.name, "sha256": one.digest} for one in planned.files],
            },
        )
        if is_new:
            Boundary.objects.bulk_create(
                [
                    Boundary(
                        dataset=dataset,
                        kind=area.kind,
                        geoid=area.geoid,
                        name=area.name,
                        wkb=area.wkb,
                    )
                    for area in planned.areas.values()
                ],
                batch_size=BATCH,
            )
        _release(dataset, now=now, actor=actor)
        record(
            "boundaries.loaded",
            actor=actor,
            now=now,
            subject=planned.version[:12],
            areas=len(planned.areas),
            **{act.value: planned.count(act) for act in Act},
        )
    return True


def roll_back(version: str, *, now: datetime, actor: str) -> BoundaryDataset:
    """Bring an earlier version back into force; "" is the one before the present one."""
    with transaction.atomic():
        present = _version_in_force()
        dataset = _earlier(version, present)
        _release(dataset, now=now, actor=actor)
        record(
            "boundaries.rolled_back",
            actor=actor,
            now=now,
            subject=dataset.version[:12],
            instead_of=present[:12],
        )
    return dataset


def version_of(areas: Mapping[str, Area]) -> str:
    """SHA-256 over everything that decides where a point is."""
    total = hashlib.sha256()
    for area in areas.values():
        total.update(f"{area.kind} {area.geoid} {area.name}\0".encode())
        total.update(hashlib.sha256(area.wkb).digest())
    return total.hexdigest()


def warnings_of(areas: Mapping[str, Area], gazetteer: Gazetteer) -> Iterator[str]:
    """What these boundaries cannot say yet, and what that means for tips."""
    counties = missing_counties(areas.values(), gazetteer)
    if counties:
        yield (
            f"Points decide nothing yet: there is no boundary of {', '.join(counties)}. Load the "
            "county file too."
        )
    cities = missing_municipalities(areas.values(), gazetteer)
    if cities:
        yield (
            f"No boundary of {_some(cities)}: until it is loaded, a point outside every known "
            "municipality of that county is known by its county alone."
        )


# --- What they share -------------------------------------------------------------------------


def _version_in_force() -> str:
    dataset = dataset_in_force()
    return dataset.version if dataset else ""


def _after(before: Mapping[str, Area], wanted: Wanted) -> dict[str, Area]:
    kept = {geoid: area for geoid, area in before.items() if geoid not in wanted.gone}
    return {**kept, **wanted.areas}


def _changes(
    before: Mapping[str, Area], after: Mapping[str, Area], wanted: Wanted
) -> Iterator[Change]:
    for geoid, area in after.items():
        was = before.get(geoid)
        if was is None:
            yield Change(Act.ADD, geoid, f"add {_called(area)}, {_km2(area)} km²")
        elif was != area:
            yield Change(Act.CHANGE, geoid, f"change {_called(area)}: {_how(was, area)}")
    for geoid in before.keys() - after.keys():
        why = wanted.gone[geoid]
        yield Change(Act.REMOVE, geoid, f"remove {_called(before[geoid])}: {why}")


def _how(was: Area, area: Area) -> str:
    said = [f"was called {was.name}"] if was.name != area.name else []
    if was.wkb != area.wkb:
        old, new = on_the_map(shapely.from_wkb([was.wkb, area.wkb]))
        gained, lost = area_m2(shapely.difference(new, old)), area_m2(shapely.difference(old, new))
        if gained + lost < WORTH_SAYING_M2:
            said.append("redrawn a little")
        else:
            said.append(f"{gained / 1e6:.3f} km² gained, {lost / 1e6:.3f} km² lost")
    return ", ".join(said)


def _called(area: Area) -> str:
    kind = "county" if area.kind == Boundary.Kind.COUNTY else "municipality"
    return f"{kind} {area.geoid} {area.name}"


def _km2(area: Area) -> str:
    return f"{area_m2(on_the_map(shapely.from_wkb(area.wkb))) / 1e6:.2f}"


def _earlier(version: str, present: str) -> BoundaryDataset:
    others = BoundaryDataset.objects.exclude(version=present)
    if version:
        found = list(others.filter(version__startswith=version)[:2])
    else:
        before = BoundaryRelease.objects.exclude(dataset__version=present).order_by("-pk")
        newest = before.select_related("dataset").first()
        found = [newest.dataset] if newest else []
    if len(found) != 1:
        known = ", ".join(others.values_list("version", flat=True)) or "none"
        raise NoSuchVersion(
            f"No one earlier version {version or 'before the present one'}. Others than the one "
            f"in force: {known}."
        )
    return found[0]


def _release(dataset: BoundaryDataset, *, now: datetime, actor: str) -> None:
    BoundaryRelease.objects.create(dataset=dataset, released_at=now, released_by=actor)


def _some(names: Sequence[str]) -> str:
    more = len(names) - FEW_NAMES
    return ", ".join(names[:FEW_NAMES]) + (f" and {more} more" if more > 0 else "")


FEW_NAMES = 8
