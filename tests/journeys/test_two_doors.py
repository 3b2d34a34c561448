"""What the web form does the API does: the same examples, the same errors, the same rows."""

import html
import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.forms.models import model_to_dict
from django.test import Client

from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import tokens
from tipintake.tips.models import Tip

SAMPLES = Path(settings.REGIONS_DIR) / settings.REGION / "samples.jsonl"
KINDS = ("vehicles", "locations", "persons", "online")
# What says through which door a tip came, or is random by design.
OWN = {
    "id",
    "tip",
    "reference",
    "receipt_hmac",
    "receipt_public_key",
    "came_by",
    "routed_at",
    "narrative_sealed",
    "name_sealed",
    "sealed",
    "low_trust",
    "destroy_after",
}
BASE: dict[str, Any] = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"],
    "narrative": "The same gray van waits behind the building every Friday night.",
}


def form_of(tip: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser would post for this tip."""
    typed: dict[str, Any] = {
        "do": "send",
        "token": tokens.issue(datetime.now(UTC) - timedelta(minutes=2)),
    }
    for name, value in tip.items():
        if name in KINDS or name == "sighting" or value is None:
            continue
        typed[name] = typed_value(value, yes="yes" if name == "police_consent" else "on")
    for kind in KINDS:
        rows = tip.get(kind) or []
        typed[f"{kind}-rows"] = str(max(len(rows), 1))
        for at, row in enumerate(rows):
            given = {k: v for k, v in row.items() if v is not None}
            if seen := given.pop("seen_at", ""):
                given["seen_on"], _, given["seen_time"] = seen[:16].partition("T")
            typed |= {f"{kind}-{at}-{k}": typed_value(v) for k, v in given.items()}
    typed |= sighting_of(tip.get("sighting") or {})
    return {name: value for name, value in typed.items() if value != ""}


def typed_value(value: Any, *, yes: str = "on") -> Any:
    if value is True:
        return yes
    if value is False:
        return "no" if yes == "yes" else ""
    return value if isinstance(value, list) else str(value)


def sighting_of(sighting: Mapping[str, Any]) -> dict[str, Any]:
    """Days and clock times for what the API takes as moments and a rule."""
    typed: dict[str, Any] = {}
    for name in ("kind", "times_seen", "approx_minutes", "local_start"):
        if sighting.get(name):
            typed[f"sighting-{name}"] = str(sighting[name])
    for name in ("start", "end"):
        if sighting.get(name):
            day, _, clock = sighting[name].partition("T")
            typed[f"sighting-{name}_date"] = day
            typed[f"sighting-{name}_time"] = clock[:5]
    if sighting.get("rrule"):
        days = sighting["rrule"].partition("BYDAY=")[2] or "MO,TU,WE,TH,FR,SA,SU"
        typed["sighting-weekdays"] = days.split(",")
    if sighting.get("duration_minutes") and sighting.get("local_start"):
        hours, minutes = map(int, sighting["local_start"].split(":")[:2])
        end = (hours * 60 + minutes + sighting["duration_minutes"]) % (24 * 60)
        typed["sighting-local_end"] = f"{end // 60:02}:{end % 60:02}"
    return typed


def by_web(tip: Mapping[str, Any]) -> tuple[int, str]:
    prefix = "/es" if tip.get("language") == "es" else ""
    body = {k: v for k, v in form_of(tip).items() if k != "language"}
    answer = Client().post(f"{prefix}/r/all/", body)
    return answer.status_code, html.unescape(answer.content.decode())


def by_api(tip: Mapping[str, Any]) -> tuple[int, dict[str, Any]]:
    answer = Client().post("/api/v1/tips", json.dumps(tip), content_type="application/json")
    return answer.status_code, answer.json()


def rows(tip: Tip) -> dict[str, Any]:
    """Every row of a tip, without what is random or says which door it was."""
    parts: dict[str, Any] = {"tip": plain(tip)}
    for name in ("vehicles", "locations", "persons", "online", "mentions", "evidence_in_words"):
        parts[name] = sorted((plain(row) for row in getattr(tip, name).all()), key=repr)
    for name in ("held_spans", "vault"):
        parts[name] = sorted((plain(row) for row in getattr(tip, name).all()), key=repr)
    parts["sighting"] = plain(tip.sighting) if hasattr(tip, "sighting") else None
    return parts


def plain(row: Any) -> dict[str, Any]:
    return {name: value for name, value in model_to_dict(row).items() if name not in OWN}


def examples() -> Iterator[Any]:
    for number, line in enumerate(SAMPLES.read_text("utf-8").splitlines(), start=1):
        if line.strip():
            yield pytest.param(json.loads(line), id=f"sample-{number}")
    yield pytest.param(BASE, id="least")
    full = deepcopy(BASE)
    full["vehicles"] = [
        {
            "plate_raw": "ab1-c2?",
            "plate_state": "NE",
            "year_from": 2012,
            "year_to": 2016,
            "make": "Dodge",
            "colour1": "grey",
            "style": "van",
            "features": "dented rear door",
            "role_in_scene": "WATCHING",
        },
        {"plate_raw": "XYZ 12*", "plate_partial": True},
    ]
    full["locations"] = [
        {"place_type": "HOTEL_MOTEL", "name": "Example Suites", "unit": "114", "city": "O Fallon"},
        {"place_type": "TRUCK_STOP", "highway": "I-70", "exit": "210", "zip": "63385"},
    ]
    full["persons"] = [
        {"role": "SUSPECTED_CONTROLLER", "name_or_alias": "Rico", "age_from": 30, "age_to": 40},
        {"role": "POSSIBLE_VICTIM", "name_or_alias": "Annie", "looks_under_18": "POSSIBLY"},
    ]
    full["online"] = [
        {
            "url": "https://ADS.example/p?id=9&utm_source=x&fbclid=1",
            "ad_phone": "3 one 4 555 01 42",
            "handle": "@Sweet.Lane",
        }
    ]
    full["sighting"] = {
        "kind": "RECURRING",
        "rrule": "FREQ=WEEKLY;BYDAY=FR,SA",
        "local_start": "22:00",
        "duration_minutes": 240,
        "times_seen": "6+",
    }
    yield pytest.param(full, id="full")
    once = {**BASE, "sighting": {"kind": "INSTANT", "start": "2026-11-01T01:30"}}
    yield pytest.param(once, id="in-the-hour-that-comes-twice")


@pytest.mark.parametrize("tip", list(examples()))
def test_both_doors_keep_the_same_rows(tip: dict[str, Any], region: Gazetteer) -> None:
    tip = {k: v for k, v in tip.items() if k != "note"}
    status, answer = by_api(tip)
    assert status == 201, answer
    web_status, page = by_web(tip)
    assert web_status == 201, page[:3000]
    api_tip, web_tip = Tip.objects.get(came_by="API"), Tip.objects.get(came_by="WEB")
    assert rows(web_tip) == rows(api_tip)


def wrong() -> Iterator[Any]:
    yield pytest.param({"indicators": [], "narrative": ""}, id="nothing-seen")
    yield pytest.param({"indicators": [], "narrative": "a short word"}, id="too-few-words")
    yield pytest.param({"vehicles": [{"year_from": 2016, "year_to": 2012}]}, id="years-backwards")
    yield pytest.param({"vehicles": [{"year_from": 1500}]}, id="year-of-no-car")
    yield pytest.param({"persons": [{"age_from": 30, "age_to": 20}]}, id="ages-backwards")
    yield pytest.param({"persons": [{"race": "x"}]}, id="race-alone")
    yield pytest.param({"locations": [{"lat": 38.7}]}, id="half-a-point")
    yield pytest.param({"locations": [{"lat": 138.7, "lon": -90.1}]}, id="no-such-latitude")
    yield pytest.param({"locations": [{"exit": "210"}]}, id="exit-of-no-highway")
    yield pytest.param({"locations": [{"mile_marker": 12.5}]}, id="marker-of-no-highway")
    yield pytest.param({"sighting": {"kind": "INSTANT"}}, id="no-time")
    yield pytest.param(
        {"sighting": {"kind": "INSTANT", "start": "2099-01-01T10:00"}}, id="in-the-future"
    )
    yield pytest.param(
        {
            "sighting": {
                "kind": "RANGE",
                "start": "2026-11-02T10:00",
                "end": "2026-11-01T10:00",
            }
        },
        id="ends-before-it-starts",
    )
    yield pytest.param({"narrative": "x" * 4001}, id="narrative-too-long")
    yield pytest.param({"vehicles": [{"plate_raw": "A" * 21}]}, id="plate-too-long")
    yield pytest.param({"online": [{"ad_alias": "A" * 81}]}, id="alias-too-long")


# The form asks for a day where the API takes a moment.
IN_THE_FORM = {
    "Give the date and time, or choose “I do not know”.": (
        "Give the day. If you do not know it, choose “I do not know”."
    )
}


@pytest.mark.parametrize("fault", list(wrong()))
def test_both_doors_refuse_with_the_same_words(fault: dict[str, Any], region: Gazetteer) -> None:
    tip = {**BASE, **fault}
    status, answer = by_api(tip)
    assert status == 422
    web_status, page = by_web(tip)
    assert web_status == 422
    details = [error["detail"] for error in answer["errors"]]
    assert details
    for detail in details:
        assert IN_THE_FORM.get(detail, detail) in page, f"the form does not say: {detail}"
    assert not Tip.objects.exists()
    if tip["narrative"]:
        assert tip["narrative"] in page, "what was typed is lost"
