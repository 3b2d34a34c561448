"""The people of a demo: the same for the same seed, fictional, and alike only on purpose."""

import itertools
import json
import re
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from tipintake.demo.plan import Plan, plan
from tipintake.demo.rings import DECOYS, RINGS
from tipintake.demo.scenery import NoScenery, read_scenery
from tipintake.demo.scenes import MadeTip, hours_of
from tipintake.demo.unused import metres
from tipintake.tips import online, plates
from tipintake.tips.draft import TipDraft

COUNT, DAYS = 600, 60


@pytest.fixture(scope="module")
def until() -> datetime:
    return datetime.fromisoformat("2026-11-14T15:30:00+00:00")


@pytest.fixture(scope="module")
def made(until: datetime) -> Plan:
    return drawn(until)


def drawn(until: datetime, seed: int = 7) -> Plan:
    scenery = read_scenery(settings.REGIONS_DIR / "st-louis")
    return plan(scenery, tips=COUNT, days=DAYS, seed=seed, end=until)


def as_text(made: Plan) -> str:
    return json.dumps([(one.at, one.values) for one in made.tips], default=str)


def plates_of(tip: MadeTip) -> list[str]:
    return [plates.canonical(one["plate_raw"]) for one in tip.values["vehicles"]]


def differences(one: str, other: str) -> int:
    return sum(a != b for a, b in zip(one, other, strict=True))


def test_the_same_seed_makes_the_same_people(made: Plan, until: datetime) -> None:
    assert as_text(drawn(until)) == as_text(made)
    assert as_text(drawn(until, seed=8)) != as_text(made)


def test_there_are_as_many_as_asked_for_in_the_order_of_time(made: Plan, until: datetime) -> None:
    assert len(made.tips) == COUNT
    assert [one.at for one in made.tips] == sorted(one.at for one in made.tips)
    assert all(until - timedelta(days=DAYS + 29) <= one.at <= until for one in made.tips)


def test_every_tip_is_one_that_a_door_takes(made: Plan) -> None:
    for one in made.tips:
        assert TipDraft.from_mapping(one.values).check(now=one.at) == [], one.values


def test_nobody_in_them_exists(made: Plan) -> None:
    text = as_text(made)
    phones = re.findall(r"\b\d{3}\D{1,3}\d{3}\D\d{4}\b", text)
    assert phones
    assert all(re.fullmatch(r"\d{3}\D{1,3}555\D01\d\d", one) for one in phones)
    hosts = re.findall(r"(?:https?://|@)([\w.-]+\.[a-z]+)", text)
    assert hosts
    assert all(one.endswith(".example") for one in hosts)
    for one in made.tips:
        for plate in plates_of(one):
            # The shape of Missouri's plates, so that none is anybody's.
            assert not re.fullmatch(r"[A-Z?]{2}[0-9?][A-Z?][0-9?][A-Z?]", plate)


def test_both_languages_and_every_kind_of_ring_and_decoy_are_there(made: Plan) -> None:
    languages = Counter(one.language for one in made.tips)
    assert languages["es"] > COUNT / 8
    assert languages["en"] > COUNT / 2
    assert {ring.by for ring in made.rings if ring.counted} == set(RINGS)
    assert {decoy.name.rsplit("-", 1)[0] for decoy in made.decoys} == set(DECOYS)
    assert [ring.name for ring in made.rings if not ring.counted] == ["burst-1"]
    assert any(one.picture for one in made.tips)


def shared(one: MadeTip, other: MadeTip) -> set[str]:
    """What a careful reader finds in common, by the definitions of the rings."""
    found = set()
    for one_plate, other_plate in itertools.product(plates_of(one), plates_of(other)):
        whole = bool(one_plate and other_plate) and not plates.is_partial(one_plate + other_plate)
        skeletons = plates.skeleton(one_plate), plates.skeleton(other_plate)
        if whole and differences(*skeletons) < 2:
            found.add("plate")
    for name, form in (
        ("ad_phone", online.e164),
        ("handle", online.canonical_handle),
        ("url", online.canonical_url),
    ):
        values = [
            {form(lead[name]) for lead in tip.values["online"] if lead.get(name)}
            for tip in (one, other)
        ]
        found |= {name} if values[0] & values[1] else set()
    a, b = one.place, other.place
    if a.get("name") and (a["name"], a.get("city")) == (b.get("name"), b.get("city")):
        found |= {"place"} if "city" in a else set()
    if a.get("street") and (a["street"], a["city"]) == (b.get("street"), b.get("city")):
        found.add("street")
    if "lat" in a and "lat" in b and metres(pin_of(one), pin_of(other)) < 500:
        found.add("near")
    if one.town == other.town and hours(one) & hours(other):
        found.add("hours")
    return found


def pin_of(tip: MadeTip) -> tuple[float, float]:
    return float(tip.place["lat"]), float(tip.place["lon"])


def hours(tip: MadeTip) -> frozenset[int]:
    sighting: dict[str, Any] = tip.values["sighting"] or {}
    if sighting.get("kind") != "RECURRING":
        return frozenset()
    days = sighting["rrule"].partition("BYDAY=")[2].split(",")
    return hours_of(days, sighting["local_start"].hour, sighting["duration_minutes"])


def test_only_tips_of_one_ring_have_anything_in_common(made: Plan) -> None:
    for one, other in itertools.combinations(made.tips, 2):
        if not set(one.groups) & set(other.groups):
            assert shared(one, other) == set(), (one.values, other.values)


def test_decoys_look_alike_and_share_nothing(made: Plan) -> None:
    for decoy in made.decoys:
        for one, other in itertools.combinations(decoy.members, 2):
            assert shared(one, other) == set(), decoy
    pair = next(one for one in made.decoys if one.name.startswith("two_apart"))
    (first,), (second,) = map(plates_of, pair.members)
    assert differences(first, second) == 2


def test_a_ring_says_what_its_tips_have_in_common(made: Plan) -> None:
    by = {ring.by: ring for ring in made.rings}
    one, other, _kind = by["plate_one_off"].links[0]
    assert differences(plates_of(one)[0], plates_of(other)[0]) == 1
    one, other, _kind = by["plate_lookalike"].links[0]
    assert plates.skeleton(plates_of(one)[0]) == plates.skeleton(plates_of(other)[0])
    assert plates_of(one) != plates_of(other)
    for kind, what in (("phone", "ad_phone"), ("url", "url"), ("near", "near"), ("room", "place")):
        for one, other, _kind in by[kind].links:
            assert what in shared(one, other)
    assert {kind for *_pair, kind in by["trail"].links} == {"plate", "phone", "room"}


def test_a_region_without_scenery_is_told_how_to_get_some(tmp_path: Path) -> None:
    with pytest.raises(NoScenery, match=r"demo\.toml is missing"):
        read_scenery(tmp_path)
