"""The policy holds for every case, and the officer's table says the same."""

import json
import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as conf
from django.core.management import CommandError, call_command
from django.utils import translation
from pytest_django import Settings

from tipintake.directory.gazetteer import Gazetteer
from tipintake.region.pack import Pack
from tipintake.routing.decide import decide
from tipintake.routing.explain import draft_of, explain
from tipintake.routing.facts import facts_of_draft
from tipintake.routing.golden import judge
from tipintake.routing.places.pins import Touched
from tipintake.routing.places.words import mentions_in
from tipintake.routing.policy.reasons import decision_in_language

PACK = Path(conf.REGIONS_DIR) / "st-louis"
CASES = PACK / "cases"


def cases(name: str, folder: Path = CASES) -> list[Any]:
    lines = (folder / name).read_text(encoding="utf-8").splitlines()
    return [pytest.param(case, id=case["id"]) for case in map(json.loads, lines)]


@pytest.fixture(scope="module")
def gazetteer(pack: Pack) -> Gazetteer:
    return pack.gazetteer()


@pytest.mark.parametrize("case", cases("dev.jsonl") + cases("own.jsonl"))
def test_a_case_is_decided_as_the_policy_says(case: dict[str, Any], gazetteer: Gazetteer) -> None:
    assert judge(case, gazetteer).differences == ()


@pytest.mark.parametrize("case", cases("points.jsonl", Path(__file__).parent))
def test_a_point_without_boundaries_decides_nothing(
    case: dict[str, Any], gazetteer: Gazetteer
) -> None:
    decided = decide(facts_of_draft(draft_of(case["tip"]), ()), gazetteer)
    expect = case["expect"]
    assert (decided.rule, decided.priority, decided.banner_911) == (
        expect["rule"],
        expect["priority"],
        expect["banner_911"],
    )
    codes = {"Creve Coeur": "creve-coeur-mo", "O'Fallon": "ofallon-mo"}
    city = case["tip"]["locations"][0].get("city")
    assert decided.place.jurisdiction == codes.get(city)


@pytest.mark.parametrize("case", cases("dev.jsonl") + cases("own.jsonl"))
def test_scrubbing_first_takes_no_place_and_no_line_away(
    case: dict[str, Any], gazetteer: Gazetteer
) -> None:
    explained, expect = explain(case["tip"], gazetteer), case["expect"]
    assert (explained["primary"], explained["also"]) == (expect["primary"], sorted(expect["also"]))
    assert explained["place"]["jurisdiction"] == expect["place"]["jurisdiction"]


@pytest.mark.django_db
@pytest.mark.parametrize("case", cases("dev.jsonl") + cases("own.jsonl"))
def test_on_the_spanish_desk_no_sentence_of_a_decision_is_left_in_english(
    case: dict[str, Any], gazetteer: Gazetteer
) -> None:
    kept = explain(case["tip"], gazetteer)["because"]
    assert decision_in_language(kept) == kept
    with translation.override("es"):
        said = decision_in_language(kept).replace("Town and Country", "")
    for word in (" the ", " is ", " by ", " and ", "No place", "The "):
        assert word not in f" {said}", said


class NotedBoundaries:
    """Boundaries as each case's note says them: "near the limit of … [one, another]"."""

    def __init__(self, note: str, gazetteer: Gazetteer) -> None:
        self.version = "noted"
        counties = {entry.code: entry.county for entry in gazetteer.jurisdictions}
        codes = note.rpartition("[")[2].rstrip("]").split(", ")
        on_side = note.partition("on the ")[2].partition(" side")[0]
        self.around = frozenset(
            (code, on_side or counties[code]) for code in codes if code != "out"
        )

    def touched(self, lat: float, lon: float, *, radius_m: float) -> Touched:
        inside, county = next(iter(sorted(self.around)), ("", ""))
        return Touched(inside, county, self.around)


@pytest.mark.parametrize("case", cases("points.jsonl", Path(__file__).parent))
def test_a_point_decides_once_boundaries_are_there(
    case: dict[str, Any], gazetteer: Gazetteer
) -> None:
    draft = draft_of(case["tip"])
    decided = decide(
        facts_of_draft(draft, mentions_in(draft.narrative, gazetteer)),
        gazetteer,
        boundaries=NotedBoundaries(case["note"], gazetteer),
    )
    expect = case["expect"]
    assert decided.primary == expect["primary"]
    assert list(decided.also) == expect["also"]
    assert list(decided.rules) == expect["rules"]
    assert decided.place.outcome == expect["place"]["outcome"]
    assert decided.place.jurisdiction == expect["place"]["jurisdiction"]


def test_the_officers_table_is_up_to_date() -> None:
    call_command("golden", "--check")


def test_another_county_is_judged_by_its_own_cases(tmp_path: Path, settings: Settings) -> None:
    theirs = Path(shutil.copytree(PACK, tmp_path / "boone-county"))
    settings.REGIONS_DIR, settings.REGION = tmp_path, "boone-county"
    shutil.rmtree(theirs / "cases")
    with pytest.raises(CommandError, match=r"boone-county has no cases.*own\.jsonl"):
        call_command("golden", "--check")
    (theirs / "cases").mkdir()
    first = (CASES / "dev.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (theirs / "cases" / "own.jsonl").write_text(first, encoding="utf-8")
    call_command("golden")
    call_command("golden", "--check")
    assert len((theirs / "golden.csv").read_text(encoding="utf-8").splitlines()) == 2


def test_a_stale_table_is_refused(tmp_path: Path) -> None:
    first = (CASES / "dev.jsonl").read_text(encoding="utf-8").splitlines()[0]
    (tmp_path / "one.jsonl").write_text(first, encoding="utf-8")
    with pytest.raises(CommandError, match="manage.py golden"):
        call_command("golden", tmp_path / "one.jsonl", "--check")


def test_a_case_that_the_policy_does_not_meet_is_refused_by_name(tmp_path: Path) -> None:
    case = json.loads((CASES / "dev.jsonl").read_text(encoding="utf-8").splitlines()[0])
    case["expect"]["primary"] = "ofallon-pd"
    (tmp_path / "one.jsonl").write_text(json.dumps(case), encoding="utf-8")
    before = (PACK / "golden.csv").read_bytes()
    with pytest.raises(CommandError, match="dev-001: primary"):
        call_command("golden", tmp_path / "one.jsonl")
    assert (PACK / "golden.csv").read_bytes() == before


def test_every_ambiguity_of_the_policy_has_a_case() -> None:
    named = {
        word
        for param in cases("own.jsonl")
        for word in param.values[0]["policy"].split()
        if word.startswith("A")
    }
    assert {f"A{number}" for number in range(1, 28)} <= named
