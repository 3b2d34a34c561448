"""The stable commands: JSON lines in, JSON lines out, with or without a database."""

import io
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.lookup import renew
from tipintake.directory.models import Alias

TIP = {
    "category": "SUSPICIOUS_PLACE_PATTERN",
    "immediacy": "ONGOING",
    "minor_present": "NO",
    "indicators": ["HTL_TRAFFIC"],
    "locations": [{"place_type": "HOTEL_MOTEL", "city": "Wentzville", "state": None}],
}


def run(
    command: str, lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> list[dict[str, Any]]:
    given = io.TextIOWrapper(io.BytesIO("\n".join(lines).encode("utf-8", "surrogatepass")))
    monkeypatch.setattr(sys, "stdin", given)
    call_command(command, "--jsonl")
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_that_is_no_utf8_is_said_to_be_none(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    line = '{"id": 1, "text": "caf\udce9"}'.encode("utf-8", "surrogateescape")
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(line)))
    call_command("scrub", "--jsonl")
    assert "is not UTF-8" in capsys.readouterr().out


@pytest.mark.django_db
def test_a_tip_is_explained(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    (answer,) = run("explain_route", [json.dumps({"id": 7, "tip": TIP})], monkeypatch, capsys)
    assert answer["id"] == 7
    assert (answer["primary"], answer["also"], answer["priority"]) == ("wentzville-pd", [], "P3")
    assert (answer["banner_911"], answer["rule"], answer["rules"]) == (False, "R4", ["R4"])
    assert "Wentzville" in answer["because"]
    place = answer["place"]
    assert (place["outcome"], place["jurisdiction"]) == ("resolved", "wentzville-mo")
    assert (place["confidence"], place["conflicts"]) == ("high", [])
    assert place["evidence"] == [
        {
            "kind": "city",
            "rank": 2,
            "value": "wentzville-mo",
            "says": "wentzville-mo",
            "strength": "decides",
            "may_be": [],
        }
    ]


@pytest.mark.django_db
def test_a_place_is_resolved(monkeypatch: pytest.MonkeyPatch, capsys: Any) -> None:
    lines = [
        json.dumps({"id": "a", "locations": [{"zip": "63366"}]}),
        json.dumps({"id": "b", "locations": [], "narrative": "A motel in Wentzville."}),
        json.dumps({"id": "c", "locations": [{"zip": 63103, "exit": 5, "lat": "38.6"}]}),
    ]
    answers = run("resolve_place", lines, monkeypatch, capsys)
    assert [(a["id"], a["outcome"], a["jurisdiction"]) for a in answers] == [
        ("a", "ambiguous", "st-charles-county"),
        ("b", "resolved", "wentzville-mo"),
        ("c", "resolved", "st-louis-city"),
    ]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("line", "name", "says"),
    [
        ("not json", None, "not JSON"),
        ("[1]", None, "no object"),
        ('{"id": "x"}', "x", '"tip" is missing'),
        ('{"id": "x", "tip": []}', "x", '"tip" is missing'),
        (json.dumps({"id": "x", "tip": {**TIP, "category": None}}), "x", '"category" is missing'),
        (json.dumps({"id": "x", "tip": {**TIP, "immediacy": "SOON"}}), "x", "NOW, RECENT"),
        (json.dumps({"id": "x", "tip": {**TIP, "indicators": ["X"]}}), "x", "indicators[0]"),
        (json.dumps({"id": "x", "tip": {**TIP, "indicators": "X"}}), "x", "is a list"),
        (json.dumps({"id": "x", "tip": {**TIP, "locations": [1]}}), "x", "locations[0]"),
        (json.dumps({"id": "x", "tip": {**TIP, "locations": {}}}), "x", '"locations" is a list'),
        (json.dumps({"id": "x", "tip": {**TIP, "wants_reward": 1}}), "x", "true, false or null"),
        (
            json.dumps({"id": "x", "tip": {**TIP, "locations": [{"mile_marker": "far"}]}}),
            "x",
            "214.5",
        ),
        (
            json.dumps({"id": "x", "tip": {**TIP, "locations": [{"place_type": "CAVE"}]}}),
            "x",
            "place_type",
        ),
        (json.dumps({"id": "x", "tip": {**TIP, "narrative": ["a"]}}), "x", '"narrative"'),
        ("[" * 100_000, None, "not JSON"),
    ],
)
def test_a_bad_line_says_what_to_mend_and_the_next_is_answered(
    line: str, name: str | None, says: str, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    good = json.dumps({"id": "good", "tip": TIP})
    bad, answer = run("explain_route", [line, "", good], monkeypatch, capsys)
    assert bad.keys() == {"id", "error"}
    assert bad["id"] == name
    assert says in bad["error"]
    assert (answer["id"], answer["primary"]) == ("good", "wentzville-pd")


@pytest.mark.django_db
def test_a_name_that_the_api_does_not_know_is_said(
    monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    line = json.dumps({"id": 1, "tip": {**TIP, "indicatrs": [], "sighting": None}})
    (answer,) = run("explain_route", [line], monkeypatch, capsys)
    assert answer["ignored"] == ["indicatrs"]


def test_the_loaded_region_is_asked_when_there_is_one(
    region: Gazetteer, now: Any, monkeypatch: pytest.MonkeyPatch, capsys: Any
) -> None:
    line = json.dumps({"id": 1, "locations": [{"name": "Galleria"}]})
    assert run("resolve_place", [line], monkeypatch, capsys)[0]["outcome"] == "unknown"
    Alias.objects.filter(text="Galleria").update(approved=True)
    renew(now=now)
    (answer,) = run("resolve_place", [line], monkeypatch, capsys)
    assert answer["jurisdiction"] == "richmond-heights-mo"


def test_a_fresh_clone_explains_without_making_a_database(tmp_path: Path) -> None:
    environment = {
        name: value for name, value in os.environ.items() if not name.startswith("DATABASE")
    }
    finished = subprocess.run(
        [sys.executable, "manage.py", "explain_route", "--jsonl"],
        input=json.dumps({"id": 1, "tip": TIP}),
        capture_output=True,
        text=True,
        cwd=settings.BASE_DIR,
        env={**environment, "TIPINTAKE_HOME": str(tmp_path)},
        timeout=120,
        check=True,
    )
    assert json.loads(finished.stdout)["primary"] == "wentzville-pd"
    assert not list(tmp_path.rglob("*.sqlite3*"))
