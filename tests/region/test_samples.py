"""The fictional tips of the pack: what a first start shows on the desk."""

import re
from datetime import datetime
from typing import Any

import pytest

from tests.region.packs import HOME_PACK
from tipintake.api.parsers import read
from tipintake.api.serializers import tip_values
from tipintake.region.pack import Pack
from tipintake.routing.decide import decide
from tipintake.routing.facts import facts_of_draft
from tipintake.routing.places.words import mentions_in
from tipintake.tips.draft import TipDraft

SAMPLES = (HOME_PACK / "samples.jsonl").read_text(encoding="utf-8").splitlines()
NUMBERED = [pytest.param(sample, id=str(n)) for n, sample in enumerate(SAMPLES, start=1)]


def values(sample: str) -> dict[str, Any]:
    return dict(tip_values(read(sample.encode())))


@pytest.mark.parametrize("sample", NUMBERED)
def test_each_sample_is_a_tip_that_the_api_takes(sample: str, now: datetime) -> None:
    assert TipDraft.from_mapping(values(sample)).check(now=now) == []


@pytest.mark.parametrize("sample", NUMBERED)
def test_samples_are_fictional(sample: str) -> None:
    telephones = re.findall(r"\b\d{3}-\d{3}-\d{4}\b", sample)
    assert all(re.fullmatch(r"\d{3}-555-01\d\d", telephone) for telephone in telephones)
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\.[a-z]+)", sample)
    assert all(host.endswith(".example") for host in hosts)


def test_the_samples_show_each_kind_of_tip_that_the_desk_will_meet() -> None:
    tips = [values(sample) for sample in SAMPLES]
    places = [place for tip in tips for place in tip.get("locations") or ()]
    cities = {(place.get("city"), place.get("state")) for place in places}
    assert {("Creve Coeur", "MO"), ("O'Fallon", "MO"), ("Wentzville", "MO")} <= cities
    assert ("O'Fallon", "IL") in cities
    assert ("Columbia", "MO") in cities
    assert any(place.get("zip") and not place.get("city") for place in places)
    assert any(place.get("exit") and not place.get("city") for place in places)
    assert {"NOW", "RECENT", "ONGOING", "PAST"} == {tip["immediacy"] for tip in tips}
    assert any(tip["minor_present"] == "YES" for tip in tips)
    assert any(tip.get("reporter_is_victim") and not tip.get("police_consent") for tip in tips)
    assert any(tip.get("indicators") == ["ONL_AD"] for tip in tips)
    assert any(tip.get("language") == "es" for tip in tips)


def test_the_samples_reach_every_sort_of_line(pack: Pack) -> None:
    gazetteer = pack.gazetteer()
    drafts = [TipDraft.from_mapping(values(sample)) for sample in SAMPLES]
    decided = [
        decide(facts_of_draft(draft, mentions_in(draft.narrative, gazetteer)), gazetteer)
        for draft in drafts
    ]
    assert [(each.rule, each.primary) for each in decided] == [
        ("R4", "creve-coeur-pd"),
        ("R3", "st-charles-county-task-force"),
        ("R5", "wentzville-pd"),
        ("R1", "wentzville-pd"),
        ("R0", "ofallon-pd"),
        ("R5", "ofallon-pd"),
        ("R4", "regional-triage"),
        ("R3", "out-of-area"),
        ("R7", "victim-advocate"),
        ("R6", "st-louis-county-task-force"),
        ("R1", "wentzville-pd"),
        ("R4", "out-of-area"),
        ("R2", "icac"),
        ("R3", "st-louis-county-task-force"),
    ]
