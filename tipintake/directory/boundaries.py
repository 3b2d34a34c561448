"""Which land is whose: the areas of the dataset in force, as rows keep them."""

from dataclasses import dataclass

from tipintake.directory.models import Boundary, BoundaryDataset, BoundaryRelease


@dataclass(frozen=True, slots=True)
class Area:
    """The land of one active municipality or one county."""

    geoid: str  # 7 digits for a place, 5 for a county
    kind: str  # "city" | "county"
    name: str
    wkb: bytes  # degrees, longitude first


def version_in_force() -> str:
    """Asked at each use, so that a load in one process is seen by every other; "" when none."""
    newest = BoundaryRelease.objects.order_by("-pk").values_list("dataset__version", flat=True)
    return newest.first() or ""


def areas_of(version: str) -> tuple[Area, ...]:
    rows = Boundary.objects.filter(dataset__version=version).order_by("geoid")
    return tuple(
        Area(geoid, kind, name, bytes(wkb))
        for geoid, kind, name, wkb in rows.values_list("geoid", "kind", "name", "wkb")
    )


def dataset_in_force() -> BoundaryDataset | None:
    newest = BoundaryRelease.objects.select_related("dataset").order_by("-pk").first()
    return newest.dataset if newest else None
