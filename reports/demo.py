"""Rows from the region's fictional tips, for trying formats without touching any real one."""

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings

from reports.rows import (
    OnlineRow,
    PersonRow,
    PlaceRow,
    TipRow,
    VehicleRow,
    canonical,
    filled,
    tip_hash,
)
from reports.scope import COLUMNS
from tipintake.privacy.scrub import scrub
from tipintake.tips import ncic

_LIMIT = 200


def rows(*, now: datetime) -> Iterator[TipRow]:
    path = Path(settings.REGIONS_DIR) / settings.REGION / "samples.jsonl"
    for number, line in enumerate(path.read_text("utf-8").splitlines()[:_LIMIT], start=1):
        if line.strip():
            yield _row(number, json.loads(line), now)


def _row(number: int, tip: Mapping[str, Any], now: datetime) -> TipRow:
    children: dict[str, Any] = {
        "vehicles": tuple(_vehicle(one) for one in tip.get("vehicles", ())),
        "places": tuple(_made(PlaceRow, "places", one) for one in tip.get("locations", ())),
        "persons": tuple(_made(PersonRow, "persons", one) for one in tip.get("persons", ())),
        "online": tuple(_made(OnlineRow, "online", one) for one in tip.get("online", ())),
    }
    values: dict[str, Any] = {
        "reference": f"T-DEMO-{number:04d}",
        "received_on": now.date(),
        **{
            name: tip.get(name, "") for name in ("category", "immediacy", "minor_present", "basis")
        },
        "language": tip.get("language", "en"),
        "indicators": tuple(tip.get("indicators", ())),
        "narrative": scrub(tip.get("narrative", "")).text,
    }
    record = canonical(
        filled(values.items())
        | {
            table: [
                filled((one.name, getattr(child, one.name)) for one in COLUMNS[table])
                for child in found
            ]
            for table, found in children.items()
            if found
        }
    )
    return TipRow(
        key=uuid4(),
        tip_hash=tip_hash(record),
        canonical=record,
        source_grade="F",
        content_grade="6",
        priority="P3",
        **values,
        **children,
    )


def _vehicle(one: Mapping[str, Any]) -> VehicleRow:
    plate = str(one.get("plate_raw", "")).upper()
    codes = {
        f"{name}_code": ncic.lookup(name, one[name]).code
        for name in ("style", "colour1", "colour2")
        if one.get(name)
    }
    if one.get("make"):
        codes["make_code"] = ncic.lookup_make(one["make"]).code
    given = {**one, **codes, "plate": plate, "plate_as_typed": plate}
    made: VehicleRow = _made(VehicleRow, "vehicles", given)
    return made


def _made(kind: Any, table: str, given: Mapping[str, Any]) -> Any:
    names = {one.name for one in COLUMNS[table]} - {"seen_at"}
    values = {name: value for name, value in given.items() if name in names and value is not None}
    return kind(**values)
