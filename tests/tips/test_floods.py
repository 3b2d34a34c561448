"""Many tips alike within a day are put together; few, old and different ones are not."""

import secrets
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.privacy import coarsen
from tipintake.tips import floods
from tipintake.tips.floods import marks_of
from tipintake.tips.models import EvidenceInWords, OnlineLead, SameWords, Tip, Vehicle
from tipintake.tips.plates import skeleton

PEPPER = secrets.token_bytes(32)
WORDS = "The same gray van waits behind the building every Friday night."


def alike(one: str, other: str, *, at: datetime, then: datetime) -> bool:
    return bool(
        set(marks_of(one, pepper=PEPPER, now=at)) & set(marks_of(other, pepper=PEPPER, now=then))
    )


def test_the_same_words_in_other_case_spacing_and_signs_are_the_same(now: datetime) -> None:
    shouted = "  THE same GRAY van — waits behind the building, every Friday night!!! "
    assert alike(WORDS, shouted, at=now, then=now)
    assert alike("Él está detrás del edificio.", "el esta detras del edificio", at=now, then=now)
    assert not alike(WORDS, WORDS.replace("gray", "blue"), at=now, then=now)


def test_midnight_parts_no_flood_and_two_days_do(now: datetime) -> None:
    late = now.replace(hour=23, minute=59)
    assert alike(WORDS, WORDS, at=late, then=late + timedelta(minutes=2))
    assert not alike(WORDS, WORDS, at=late, then=late + timedelta(days=2))


def test_short_words_are_alike_by_chance_and_have_no_mark(now: datetime) -> None:
    assert marks_of("", pepper=PEPPER, now=now) == ()
    assert marks_of("[removed] [held]", pepper=PEPPER, now=now) == ()


def test_without_the_pepper_nobody_makes_the_mark(now: datetime) -> None:
    other = marks_of(WORDS, pepper=secrets.token_bytes(32), now=now)
    assert not set(other) & set(marks_of(WORDS, pepper=PEPPER, now=now))


@given(st.text(max_size=300))
def test_any_words_can_be_marked(text: str) -> None:
    assert len(marks_of(text, pepper=PEPPER, now=datetime(2026, 11, 14, tzinfo=UTC))) in {0, 2}


# --- Groups ----------------------------------------------------------------------------------


def a_tip(now: datetime, *, hours_ago: int = 0) -> Tip:
    return Tip.objects.create(
        reference=f"T-{secrets.token_hex(2)}-{secrets.token_hex(2)}".upper(),
        receipt_hmac=secrets.token_bytes(32),
        receipt_public_key=bytes(32),
        submitted_hour=coarsen.hour(now) - timedelta(hours=hours_ago),
        came_by="API",
        category="OTHER_UNSURE",
        immediacy="PAST",
        minor_present="UNKNOWN",
        narrative_sealed=b"x",
    )


def with_words(tip: Tip) -> None:
    SameWords.objects.create(tip=tip, mark=b"m" * 16, expires_at=tip.submitted_hour)


def with_plate(tip: Tip) -> None:
    Vehicle.objects.create(tip=tip, position=0, plate_skeleton="A81C20")


def with_phone(tip: Tip) -> None:
    OnlineLead.objects.create(tip=tip, position=0, ad_phone_e164="+13145550142")


def grouped(tips: list[Tip], now: datetime) -> list[UUID | None]:
    for tip in tips:
        floods.group([tip.pk], now=now)
    return [Tip.objects.get(pk=tip.pk).flood for tip in tips]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("give", "least"),
    [(with_words, 3), (with_plate, 5), (with_phone, 5)],
    ids=["words", "plate", "phone"],
)
def test_so_many_alike_are_one_group_and_fewer_are_none(
    give: object, least: int, now: datetime
) -> None:
    assert callable(give)
    tips = [a_tip(now, hours_ago=at) for at in range(least)]
    for tip in tips[:-1]:
        give(tip)
    assert grouped(tips, now) == [None] * least
    give(tips[-1])
    found = grouped(tips, now)
    assert None not in found
    assert len(set(found)) == 1


@pytest.mark.django_db
def test_a_later_one_joins_and_an_older_one_stays_out(now: datetime) -> None:
    old, *tips = [a_tip(now, hours_ago=at) for at in (25, 3, 2, 1, 0)]
    for tip in (old, *tips):
        with_words(tip)
    found = grouped(tips, now)
    assert len(set(found)) == 1
    later = a_tip(now)
    with_words(later)
    assert grouped([later], now) == [found[0]]
    old.refresh_from_db()
    assert old.flood is None


@pytest.mark.django_db
def test_a_plate_in_a_field_and_one_in_words_are_one(now: datetime) -> None:
    tips = [a_tip(now) for _ in range(5)]
    for tip in tips[:2]:
        with_plate(tip)
        EvidenceInWords.objects.create(
            tip=tip, kind="plate", value="x", canonical="AB1C2D", skeleton="A81C20"
        )
    for tip in tips[2:4]:
        EvidenceInWords.objects.create(
            tip=tip, kind="plate", value="x", canonical="AB1C2D", skeleton="A81C20"
        )
    assert set(grouped(tips, now)) == {None}  # four tips, though six rows
    with_plate(tips[4])
    assert len(set(grouped(tips, now))) == 1


@pytest.mark.django_db
def test_a_plate_of_which_little_was_seen_groups_nothing(now: datetime) -> None:
    tips = [a_tip(now) for _ in range(9)]
    for tip in tips:
        Vehicle.objects.create(tip=tip, position=0, plate_skeleton="A8*")
        Vehicle.objects.create(tip=tip, position=1, plate_skeleton="")
    assert set(grouped(tips, now)) == {None}


@pytest.mark.django_db
def test_what_is_written_where_nothing_is_known_groups_nothing(now: datetime) -> None:
    tips = [a_tip(now) for _ in range(9)]
    for tip in tips:
        Vehicle.objects.create(tip=tip, position=0, plate_skeleton=skeleton("UNKNOWN"))
        Vehicle.objects.create(tip=tip, position=1, plate_skeleton=skeleton("DESCONOCIDA"))
        Vehicle.objects.create(tip=tip, position=2, plate_skeleton=skeleton("COULDNOTREADIT"))
        OnlineLead.objects.create(tip=tip, position=0, ad_phone_e164="+10000000000")
    assert set(grouped(tips, now)) == {None}


@pytest.mark.django_db
def test_marks_are_forgotten_after_a_day(now: datetime) -> None:
    tip = a_tip(now)
    SameWords.objects.create(tip=tip, mark=b"m" * 16, expires_at=tip.submitted_hour + floods.KEPT)
    assert floods.forget_marks(now + timedelta(hours=23)) == 0
    assert floods.forget_marks(now + timedelta(hours=25)) == 1
