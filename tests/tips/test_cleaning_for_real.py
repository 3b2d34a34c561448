"""The cleaning with the scrubber that is shipped: plain cues, and any text at all."""

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.tips.drafts import draft, full_draft
from tests.tips.test_cleaning import texts_of
from tests.tips.test_draft import drafts
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import TipDraft

OWN = ("Dana Example", "314-555-0163", "dana@mail.example")


@pytest.mark.parametrize(
    "place",
    [
        {"narrative": "{} A gray van waits at the back door every night."},
        {"vehicles": [{"plate_raw": "AB1C2D", "features": "{}"}]},
        {"locations": [{"name": "{}"}]},
        {"persons": [{"role": "BUYER", "clothing": "{}"}]},
    ],
    ids=lambda place: next(iter(place)),
)
@pytest.mark.parametrize(
    "said", ["My name is Dana Example.", "Call me at 314-555-0163.", "Email me: dana@mail.example"]
)
def test_what_stands_behind_a_plain_cue_is_in_no_field(place: dict[str, Any], said: str) -> None:
    def filled(value: Any) -> Any:
        if isinstance(value, list):
            return [{name: filled(text) for name, text in value[0].items()}]
        return value.replace("{}", said)

    cleaned = clean(draft(**{name: filled(value) for name, value in place.items()}))
    left = " ".join(texts_of(cleaned.draft))
    assert not any(own in left for own in OWN)


def test_the_places_vehicles_and_suspects_of_a_tip_stay() -> None:
    before, after = full_draft(), clean(full_draft()).draft
    assert after.locations == before.locations
    assert after.vehicles == before.vehicles
    assert after.persons[1] == before.persons[1]
    assert after.online[0].handle == before.online[0].handle


@pytest.mark.parametrize(
    "city",
    ["Wentzville", "O'Fallon", "St. Charles", "Creve Coeur", "St. Louis County", "Florissant"],
)
def test_a_city_alone_is_never_taken_for_a_name(city: str) -> None:
    assert clean(draft(locations=[{"city": city}])).draft.locations[0].city == city


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(drafts)
def test_no_typed_value_breaks_the_cleaning(one: TipDraft) -> None:
    cleaned = clean(one)
    assert {secret.pointer for secret in (*cleaned.held, *cleaned.vault)} <= set(cleaned.findings)
    again = clean(cleaned.draft)
    assert len(again.draft.persons) == len(one.persons)


@settings(max_examples=30, deadline=None)
@given(st.text(max_size=400))
def test_findings_lie_within_the_text(narrative: str) -> None:
    one = draft(narrative=narrative)
    for finding in clean(one).findings.get("/narrative", ()):
        assert 0 <= finding.start < finding.end <= len(one.narrative)


def test_ones_own_number_behind_a_cue_goes_where_it_stands_alone_too() -> None:
    said = "A gray van waits at the back door every night. Call me at 314-555-0163."
    fields = {"vehicles": [{"plate_raw": "AB1C2D", "features": "314-555-0163"}]}
    assert "0163" not in " ".join(texts_of(clean(draft(narrative=said, **fields)).draft))


def test_a_number_of_an_ad_field_stays_whatever_is_said_of_it() -> None:
    said = "A gray van waits at the back door every night. Call me at 314-555-0163."
    cleaned = clean(draft(narrative=said, online=[{"ad_phone": "314-555-0163"}]))
    assert cleaned.draft.online[0].ad_phone == "314-555-0163"
