"""Version 1 as data decides exactly what it decided as code."""

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.routing import first_as_code
from tests.routing.test_decide import tips
from tipintake.directory.gazetteer import Gazetteer
from tipintake.routing.decide import acting_at, decide
from tipintake.routing.facts import TipFacts
from tipintake.routing.places.resolve import resolve
from tipintake.routing.policy.fields import Scene
from tipintake.routing.policy.rulebook import FIRST


@given(tips, st.booleans())
@settings(max_examples=800, deadline=None)
def test_every_tip_is_decided_as_before(gazetteer: Gazetteer, tip: TipFacts, shared: bool) -> None:
    before = first_as_code.decide(tip, gazetteer, shares_evidence=shared)
    after = decide(tip, gazetteer, shares_evidence=shared)
    assert replace(after, reasons_by_line={}) == replace(before, reasons_by_line={})
    assert json.dumps(after.reasons_by_line) == json.dumps(before.reasons_by_line)


@given(tips)
@settings(max_examples=150, deadline=None)
def test_the_law_adds_nothing_to_version_one(gazetteer: Gazetteer, tip: TipFacts) -> None:
    """It takes away what a rule of version 1 asks for only where a victim did not agree."""
    places = resolve(tip.locations, tip.mentions, gazetteer)
    acting = acting_at(Scene(tip, places.lead), FIRST)
    assert acting.lawful or tip.victim_without_consent
    assert "LAW" not in {one.rule for one in acting.asked}
