"""Plates of which only a part is known, looked up among kept ones."""

import uuid
from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from tipintake.tips import plates
from tipintake.tips.models import SearchTerm, Tip
from tipintake.tips.plate_patterns import PlatePattern
from tipintake.tips.vocabulary import Term


def keep(plate: str) -> None:
    tip = Tip.objects.create(
        reference=f"T-{uuid.uuid4().hex[:8]}",
        receipt_hmac=uuid.uuid4().bytes * 2,
        receipt_public_key=bytes(32),
        submitted_hour=datetime(2026, 11, 14, 15, tzinfo=UTC),
        came_by="WEB",
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="NO",
        narrative_sealed=b"",
    )
    skeleton = plates.skeleton(plates.canonical(plate))
    SearchTerm.objects.create(tip=tip, kind=Term.PLATE, term=skeleton)
    SearchTerm.objects.create(tip=tip, kind=Term.PLATE_BACK, term=skeleton[::-1])


def finds(pattern: str) -> bool:
    return SearchTerm.objects.filter(PlatePattern.parse(pattern).condition()).exists()


@pytest.mark.parametrize(
    ("kept", "asked", "found"),
    [
        ("7KX 4B2", "7kx-4b2", True),
        ("7KX4B2", "7KX482", True),  # B and 8 are taken for one another
        ("7KX4B2", "7KX4B3", False),
        ("7KX4B2", "?KX4B2", True),
        ("7KX4B2", "7KX4B?", True),
        ("7KX4B2", "7?X4?2", True),
        ("7KX4B2", "7KX?B", False),
        ("7KX4B2", "7KX*", True),
        ("7KX4B2", "*4B2", True),
        ("7KX4B2", "*X4B*", True),
        ("7KX4B2", "7*2", True),
        ("7KX4B2", "KX4*", False),
        ("7KX4?2", "7KX4B2", True),
        ("7K?4?2", "7KX4B2", True),
        ("7KX4?2", "7KX4?2", True),
        ("7KX4?2", "7KX482", True),
        ("7KX4?2", "7KXTB2", False),
        ("7KX4?2", "7KX49?", True),
        ("7KX?82", "7KX4?2", True),
        ("7KX*", "7KX4B2", True),
        ("*4B2", "7KX4B2", True),
        ("*5B2", "7KX4B2", False),
        ("AB%12", "ABX12", False),
    ],
)
def test_what_was_seen_in_part_is_found_and_nothing_else(
    db: None, kept: str, asked: str, found: bool
) -> None:
    keep(kept)
    assert finds(asked) is found


@pytest.mark.django_db
@given(plate=st.text("ABC123", min_size=4, max_size=8), data=st.data())
def test_any_unseen_characters_still_find_the_plate(plate: str, data: st.DataObject) -> None:
    SearchTerm.objects.all().delete()
    keep(plate)
    unseen = data.draw(st.sets(st.integers(0, len(plate) - 1), max_size=len(plate) - 1))
    assert finds("".join("?" if at in unseen else char for at, char in enumerate(plate)))


def test_a_beginning_or_an_end_is_looked_up_in_an_index(db: None) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("plans are read on SQLite here")
    for pattern in ("7KX?12", "?KX412", "7KX412"):
        rows = SearchTerm.objects.filter(PlatePattern.parse(pattern).condition())
        plan = rows.explain()
        assert "SEARCH" in plan, plan
        assert "SCAN" not in plan, plan
