"""Boundary files as values: Census TIGER/Line shapefile zips, and GeoJSON with GEOID.

Everything that is wrong with a file is said at once, with the feature and the way out.
"""

import hashlib
import io
import json
import re
import struct
import warnings
import zipfile
import zlib
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import shapefile
import shapely
from shapely.geometry import shape

from tipintake.directory.models import Boundary

MOST_BYTES = 400_000_000  # of one file, and of one part of a zip once unpacked
MOST_FEATURES = 100_000
SHOWN = 20  # problems of one file that are listed one by one
GEOID_OF: Mapping[int, Boundary.Kind] = {7: Boundary.Kind.CITY, 5: Boundary.Kind.COUNTY}
YEARS = ("", "20", "10", "30")  # newer Census files write GEOID20 for GEOID
PARTS = (".shp", ".shx", ".dbf")
LONGITUDE_LATITUDE = re.compile(r"CRS84|EPSG:+(?:\d*:)?(?:4326|4269)$", re.IGNORECASE)

Land = Any  # a shapely geometry; the package has no type stubs


class BadFile(Exception):
    """A file that cannot be used. `problems` says everything that must be mended."""

    def __init__(self, name: str, problems: list[str]) -> None:
        more = len(problems) - SHOWN
        shown = problems[:SHOWN] + ([f"… and {more} more."] if more > 0 else [])
        self.problems = tuple(f"{name}: {problem}" for problem in shown)
        super().__init__("\n".join(self.problems))


@dataclass(frozen=True, slots=True)
class Feature:
    """One place or county as a file has it."""

    geoid: str
    kind: Boundary.Kind
    name: str
    class_code: str  # CLASSFP; "" when the file has none
    status: str  # FUNCSTAT; "" when the file has none
    land: Land  # degrees, longitude first


@dataclass(frozen=True, slots=True)
class BoundaryFile:
    name: str
    digest: str
    whole: bool  # lists everything of its kind in its state, so what it lacks is gone
    features: tuple[Feature, ...]
    elsewhere: int = 0  # counties of other states, which nobody looked at


@dataclass(slots=True)
class _Reading:
    """The features of one file so far, and what is wrong with them."""

    name: str
    states: Collection[str]  # Census codes; counties of others are passed over unread
    features: list[Feature] = field(default_factory=list)
    elsewhere: int = 0
    problems: list[str] = field(default_factory=list)

    def add(self, at: int, facts: Mapping[str, Any], geometry: Callable[[], Any]) -> None:
        geoid = _fact(facts, "GEOID")
        name = _fact(facts, "NAME") or _fact(facts, "NAMELSAD") or geoid
        what = f"feature {at}" + (f" ({geoid} {name})" if geoid else "")
        kind = GEOID_OF.get(len(geoid)) if geoid.isascii() and geoid.isdigit() else None
        if kind is None:
            self.problems.append(
                f"{what} has {f'the GEOID {geoid!r}' if geoid else 'no GEOID'}; a place has 7 "
                "digits, a county 5. Use a TIGER/Line place or county file."
            )
            return
        if kind is Boundary.Kind.COUNTY and geoid[:2] not in self.states:
            self.elsewhere += 1
            return
        land, problem = _land(geometry())
        if problem:
            self.problems.append(f"{what} {problem}")
            return
        self.features.append(
            Feature(
                geoid,
                kind,
                name[:100],
                _fact(facts, "CLASSFP"),
                _fact(facts, "FUNCSTAT"),
                land,
            )
        )

    def done(self, digest: str, *, whole: bool) -> BoundaryFile:
        seen: dict[str, int] = {}
        for feature in self.features:
            seen[feature.geoid] = seen.get(feature.geoid, 0) + 1
        self.problems += [
            f"GEOID {geoid} stands {count} times; keep one."
            for geoid, count in seen.items()
            if count > 1
        ]
        if not self.features and not self.elsewhere and not self.problems:
            self.problems.append("holds no place and no county.")
        if self.problems:
            raise BadFile(self.name, self.problems)
        return BoundaryFile(self.name, digest, whole, tuple(self.features), self.elsewhere)


def read_boundaries(path: Path, *, states: Collection[str]) -> BoundaryFile:
    """Read one file, or raise BadFile with everything that must be mended.

    Of counties only those of `states` are read: the Census Bureau has one file for the country.
    """
    content = _content(path)
    digest = hashlib.sha256(content).hexdigest()
    reading = _Reading(path.name, states)
    if content[:4] == b"PK\x03\x04":
        _read_zip(content, reading)
        return reading.done(digest, whole=True)
    if path.suffix.lower() in {".zip", ".shp"}:
        advice = (
            "name the .zip that holds it, not the .shp alone."
            if path.suffix.lower() == ".shp"
            else "is no zip file, or only the beginning of one; download it again."
        )
        raise BadFile(path.name, [advice])
    _read_geojson(content, reading)
    return reading.done(digest, whole=False)


def _content(path: Path) -> bytes:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadFile(path.name, [f"is larger than {MOST_BYTES // 1_000_000} MB."])
        return path.read_bytes()
    except IsADirectoryError:
        raise BadFile(path.name, ["is a folder; name the file in it."]) from None
    except OSError as error:
        raise BadFile(path.name, [f"cannot be read: {error.strerror or error}."]) from None


def _fact(facts: Mapping[str, Any], name: str) -> str:
    for year in YEARS:
        value = facts.get(name + year)
        if value not in (None, ""):
            return str(value).strip()
    return ""


# --- One geometry ----------------------------------------------------------------------------


def _land(geometry: Any) -> tuple[Land, str]:
    """The land, or what is wrong with it as the end of a sentence."""
    try:
        land = shape(geometry) if geometry is not None else None
    except Exception as error:  # noqa: BLE001 - whatever shapely makes of it, the file is wrong
        return None, f"has a geometry that cannot be read ({_short(error)}); export it again."
    if land is None or land.is_empty:
        return None, "has no geometry; remove it or draw it."
    if land.geom_type not in {"Polygon", "MultiPolygon"}:
        return None, f"is a {land.geom_type}; a boundary is a Polygon or MultiPolygon."
    land = shapely.force_2d(land)
    return (None, problem) if (problem := _wrong_with(land)) else (shapely.normalize(land), "")


def _wrong_with(land: Land) -> str:
    at = shapely.get_coordinates(land)
    if not np.isfinite(at).all():
        return "has a coordinate that is no number; export it again."
    if (np.abs(at[:, 0]) > 180).any() or (np.abs(at[:, 1]) > 90).any():
        return (
            "has coordinates that are no degrees of longitude and latitude, in this order; "
            "export it in WGS 84 (EPSG:4326) or NAD 83 (EPSG:4269)."
        )
    if not land.is_valid:
        return (
            f"is no sound area ({shapely.is_valid_reason(land)}); mend it in a map "
            "editor, or take the file from its source again."
        )
    return "has no area; draw it as an area." if land.area <= 0 else ""


def _short(error: Exception) -> str:
    return str(error).splitlines()[0][:120] if str(error) else type(error).__name__


# --- Shapefile -------------------------------------------------------------------------------


# What the standard library raises for a zip that was cut off or changed.
_BROKEN_ZIP = (
    *(zipfile.BadZipFile, zlib.error, struct.error),
    *(EOFError, NotImplementedError, OSError, OverflowError, RuntimeError, ValueError),
)


def _read_zip(content: bytes, reading: _Reading) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = _parts(archive, reading.name)
            _check_projection(archive, reading.name)
    except _BROKEN_ZIP as error:
        raise BadFile(
            reading.name, [f"is a broken zip ({_short(error)}); download it again."]
        ) from None
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about the turning of rings, which is not relied on
            for at, (facts, geometry) in enumerate(_rows(parts), start=1):
                reading.add(at, facts, geometry)
    except BadFile:
        raise
    except Exception as error:  # noqa: BLE001 - a cut or garbled part fails in many ways
        raise BadFile(
            reading.name, [f"holds a shapefile that breaks off ({_short(error)}); take it again."]
        ) from None


def _parts(archive: zipfile.ZipFile, name: str) -> dict[str, bytes]:
    shapes = [one for one in archive.namelist() if one.lower().endswith(".shp")]
    if len(shapes) != 1:
        found = "no shapefile" if not shapes else f"{len(shapes)} shapefiles"
        raise BadFile(name, [f"holds {found}; it must hold one."])
    stem = shapes[0][: -len(".shp")]
    by_name = {one.lower(): one for one in archive.namelist()}
    parts = {}
    for part in PARTS:
        member = by_name.get(f"{stem}{part}".lower())
        if member is None:
            raise BadFile(name, [f"lacks {stem}{part}; a shapefile needs .shp, .shx and .dbf."])
        if archive.getinfo(member).file_size > MOST_BYTES:
            raise BadFile(name, [f"{member} is larger than {MOST_BYTES // 1_000_000} MB."])
        parts[part] = archive.read(member)
    return parts


def _check_projection(archive: zipfile.ZipFile, name: str) -> None:
    for member in archive.namelist():
        if member.lower().endswith(".prj"):
            written = archive.read(member)[:2000].decode("utf-8", "replace").lstrip().upper()
            if written and not written.startswith(("GEOGCS", "GEOGCRS")):
                raise BadFile(
                    name, ["is in a projection; export it in WGS 84 or NAD 83 (degrees)."]
                )


def _rows(parts: Mapping[str, bytes]) -> Iterator[tuple[Mapping[str, Any], Callable[[], Any]]]:
    files = {part[1:]: io.BytesIO(content) for part, content in parts.items()}
    with shapefile.Reader(**files, encoding="utf-8", encodingErrors="replace") as reader:
        if len(reader) > MOST_FEATURES:
            raise ValueError(f"{len(reader)} features are too many")
        for row in reader.iterShapeRecords():
            yield row.record.as_dict(), partial(_geometry, row.shape)


def _geometry(drawn: Any) -> Any:
    return drawn.__geo_interface__ if drawn.points else None


# --- GeoJSON ---------------------------------------------------------------------------------


def _read_geojson(content: bytes, reading: _Reading) -> None:
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise BadFile(
            reading.name,
            [f"is neither a zip nor JSON ({_short(error)}); use a TIGER/Line zip or GeoJSON."],
        ) from None
    rows = whole.get("features") if isinstance(whole, dict) else None
    if not isinstance(rows, list) or whole.get("type") != "FeatureCollection":
        raise BadFile(
            reading.name,
            ['is no GeoJSON FeatureCollection; it begins {"type": "FeatureCollection"'],
        )
    if len(rows) > MOST_FEATURES:
        raise BadFile(reading.name, [f"has {len(rows)} features; that is too many."])
    _check_crs(whole, reading.name)
    for at, row in enumerate(rows, start=1):
        facts = row.get("properties") if isinstance(row, dict) else None
        if not isinstance(row, dict) or not isinstance(facts, dict | None):
            reading.problems.append(f"feature {at} is no GeoJSON feature; remove it.")
            continue
        facts = facts or {}
        if "GEOID" not in facts and isinstance(row.get("id"), str):
            facts = {**facts, "GEOID": row["id"]}
        reading.add(at, facts, partial(row.get, "geometry"))


def _check_crs(whole: Mapping[str, Any], name: str) -> None:
    """GeoJSON is in degrees; an older file may say otherwise."""
    crs = whole.get("crs")
    facts = crs.get("properties") if isinstance(crs, dict) else None
    named = str(facts.get("name") or "") if isinstance(facts, dict) else ""
    if named and not LONGITUDE_LATITUDE.search(named):
        raise BadFile(name, [f"is in {named}; export it in WGS 84 (EPSG:4326)."])
