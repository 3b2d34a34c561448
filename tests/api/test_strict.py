"""Each field takes a JSON value of its own kind and no other."""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from tipintake.api.problems import field_errors
from tipintake.api.serializers import (
    LocationSerializer,
    OnlineSerializer,
    PersonSerializer,
    SightingSerializer,
    TipSerializer,
    VehicleSerializer,
    tip_values,
)
from tipintake.api.strict import (
    StrictBoolean,
    StrictChoice,
    StrictDateTime,
    StrictDecimal,
    StrictFloat,
    StrictInteger,
    StrictLanguage,
    StrictList,
    StrictText,
    StrictTime,
)
from tipintake.tips.draft import (
    LeadDraft,
    LocationDraft,
    PersonDraft,
    SightingDraft,
    TipDraft,
    VehicleDraft,
)

PARTS: dict[str, tuple[type[serializers.Serializer[Any]], type[Any]]] = {
    "vehicles": (VehicleSerializer, VehicleDraft),
    "locations": (LocationSerializer, LocationDraft),
    "persons": (PersonSerializer, PersonDraft),
    "online": (OnlineSerializer, LeadDraft),
}
LEAST = {"category": "OTHER_UNSURE", "immediacy": "PAST", "minor_present": "UNKNOWN"}
BESIDE = {"decisions", "work"}  # what is sent with a tip and is no part of it
VALUES: dict[str, Any] = {
    "text": "text",
    "empty": "",
    "number": 7,
    "fraction": 7.5,
    "true": True,
    "list": ["x"],
    "object": {"x": 1},
}
TAKES: dict[type[Any], set[str]] = {
    StrictText: {"text", "empty"},
    StrictLanguage: {"empty"},
    StrictChoice: {"empty"},
    StrictBoolean: {"true"},
    StrictInteger: {"number"},
    StrictFloat: {"number", "fraction"},
    StrictDecimal: {"number", "fraction"},
    StrictDateTime: set(),
    StrictTime: set(),
    StrictList: set(),
}


def leaves() -> Iterator[tuple[str, Any, Any]]:
    """Every field of the API: its pointer, itself, and a way to put a value there."""
    for name, field in TipSerializer().fields.items():
        if name in PARTS:
            for inner, leaf in PARTS[name][0]().fields.items():
                yield (
                    f"/{name}/0/{inner}",
                    leaf,
                    lambda value, n=name, i=inner: {**LEAST, n: [{i: value}]},
                )
        elif name == "sighting":
            for inner, leaf in SightingSerializer().fields.items():
                yield (
                    f"/sighting/{inner}",
                    leaf,
                    lambda value, i=inner: {**LEAST, "sighting": {i: value}},
                )
        elif name not in BESIDE:
            yield f"/{name}", field, lambda value, n=name: {**LEAST, n: value}


CASES = [
    pytest.param(field, put, kind, id=f"{pointer}-{kind}")
    for pointer, field, put in leaves()
    for kind in VALUES
]


@pytest.mark.parametrize(("field", "put", "kind"), CASES)
def test_every_field_takes_its_own_kind_only(field: Any, put: Any, kind: str) -> None:
    takes = kind in TAKES[type(field)]
    if kind == "empty" and not getattr(field, "allow_blank", False):
        takes = False
    if kind == "text" and getattr(field, "max_length", None) in {1, 2, 3}:
        takes = False
    try:
        tip_values(put(VALUES[kind]))
    except ValidationError:
        assert not takes
    else:
        assert takes


@pytest.mark.parametrize("name", PARTS)
def test_the_api_names_the_fields_of_the_draft(name: str) -> None:
    shape, draft = PARTS[name]
    assert tuple(shape().fields) == tuple(fact.name for fact in fields(draft))


def test_the_api_names_the_fields_of_the_whole_draft() -> None:
    assert set(TipSerializer().fields) == {fact.name for fact in fields(TipDraft)} | BESIDE
    assert tuple(SightingSerializer().fields) == tuple(fact.name for fact in fields(SightingDraft))


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-11-14",
        "2026-11-14 21:30",
        "2026-11-14T24:00",
        "2026-02-30T10:00",
        "2026-13-01T10:00",
        "1026-01-01T10:00",
        "9999-01-01T10:00",
        "2026-W46-6T10:00",
        "20261114T2130",
        "2026-11-14T21:30+25:00",
        "2026-11-14T21:30Z\n",
        "٢٠٢٦-11-14T21:30",
        "yesterday",
    ],
)
def test_a_date_that_is_none_is_refused(stamp: str) -> None:
    with pytest.raises(ValidationError):
        tip_values({**LEAST, "sighting": {"start": stamp}})


@pytest.mark.parametrize(
    "stamp",
    [
        "2026-11-14T21:30",
        "2026-11-14T21:30:15",
        "2026-11-14T21:30:15.5Z",
        "2026-11-14T21:30-06:00",
    ],
)
def test_usual_ways_to_write_a_moment_are_taken(stamp: str) -> None:
    assert tip_values({**LEAST, "sighting": {"start": stamp}})["sighting"]["start"]


@pytest.mark.parametrize(("value", "taken"), [(5, 5), (5.0, 5), (0, 0)])
def test_a_whole_number_may_be_written_with_a_point(value: float, taken: int) -> None:
    values = tip_values({**LEAST, "persons": [{"age_from": value}]})
    assert repr(values["persons"][0]["age_from"]) == repr(taken)


@pytest.mark.parametrize("value", [-1, 40_000, 10**25])
def test_a_number_outside_its_bounds_is_told_them(value: int) -> None:
    with pytest.raises(ValidationError) as refused:
        tip_values({**LEAST, "persons": [{"age_from": value}]})
    assert "from 0 to 32767" in str(refused.value.detail)


def test_a_mile_marker_keeps_its_tenth() -> None:
    taken = tip_values({**LEAST, "locations": [{"mile_marker": 214.5}]})
    assert str(taken["locations"][0]["mile_marker"]) == "214.5"
    with pytest.raises(ValidationError):
        tip_values({**LEAST, "locations": [{"mile_marker": 214.55}]})


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(min_value=-(10**40), max_value=10**40)
    | st.decimals(allow_nan=False, allow_infinity=False)
    | st.text(max_size=60)
    | st.sampled_from(["SEX_TRAFFICKING", "NOW", "YES", "2026-11-14T21:30", "22:30", "UNKNOWN"]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                sorted(
                    {
                        fact.name
                        for draft in (
                            TipDraft,
                            VehicleDraft,
                            LocationDraft,
                            SightingDraft,
                            PersonDraft,
                            LeadDraft,
                        )
                        for fact in fields(draft)
                    }
                    | {"decisions"}
                )
            )
            | st.text(max_size=8),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(JSON, st.booleans())
def test_any_json_is_taken_or_refused_and_nothing_else(value: Any, with_least: bool) -> None:
    if with_least and isinstance(value, dict):
        value = {**value, **LEAST}
    try:
        values = tip_values(value)
    except ValidationError:
        return
    TipDraft.from_mapping(values)


def test_of_a_body_of_junk_only_the_first_names_are_compared_with_ours() -> None:
    given = {f"narrativ{at}": 1 for at in range(400)}
    with pytest.raises(ValidationError) as refused:
        tip_values(given)
    told = {one.pointer: one.detail for one in field_errors(refused.value.detail)}
    said = [told[f"/{name}"] for name in given]
    assert 'Did you mean "narrative"?' in said[0]
    assert said[-1] == 'There is no field "narrativ399" here. Leave it out.'
