"""A proof of work costs its sender a while, us nothing, and counts once."""

import time
from datetime import datetime, timedelta

import pytest
from django.db import transaction

from tests.docs.commands import DOCS, names_shown
from tipintake.door import work
from tipintake.door.crowd import Crowd
from tipintake.door.forgetting import forget_expired
from tipintake.door.models import SpentToken
from tipintake.door.trust import Reason, reasons
from tipintake.door.work import WorkRefused

solve = names_shown(DOCS / "reference" / "api.md", "solve")["solve"]
EASY = 8  # bits, so that a test solves it at once


def solved(now: datetime, *, bits: int = EASY) -> tuple[str, str]:
    challenge = work.ask(now, busy=2, bits=bits)
    return challenge.text, solve(challenge.text, challenge.bits)


def why(challenge: str, nonce: str, now: datetime) -> str:
    with pytest.raises(WorkRefused) as refused:
        work.check(challenge, nonce, now=now)
    return refused.value.why


@pytest.mark.django_db
def test_a_solution_counts_once(now: datetime) -> None:
    challenge, nonce = solved(now)
    later = now + timedelta(minutes=1)
    work.burn(work.check(challenge, nonce, now=later))
    assert why(challenge, nonce, later) == work.SPENT


@pytest.mark.django_db
def test_another_nonce_does_not_make_a_spent_challenge_new(now: datetime) -> None:
    challenge, nonce = solved(now)
    work.burn(work.check(challenge, nonce, now=now))
    other = str(int(nonce) + 1)
    while not work.is_solved(challenge, other, EASY):
        other = str(int(other) + 1)
    assert why(challenge, other, now) == work.SPENT


@pytest.mark.django_db
def test_of_two_that_come_at_once_one_is_late(now: datetime) -> None:
    challenge, nonce = solved(now)
    first = work.check(challenge, nonce, now=now)
    second = work.check(challenge, nonce, now=now)
    work.burn(first)
    with pytest.raises(WorkRefused):
        work.burn(second)


@pytest.mark.django_db
def test_work_for_a_tip_that_is_not_kept_is_not_lost(now: datetime) -> None:
    challenge, nonce = solved(now)
    with transaction.atomic():
        work.burn(work.check(challenge, nonce, now=now))
        transaction.set_rollback(True)
    assert work.check(challenge, nonce, now=now)


@pytest.mark.django_db
def test_it_is_good_for_ten_minutes_and_then_forgotten(now: datetime) -> None:
    challenge, nonce = solved(now)
    work.burn(work.check(challenge, nonce, now=now + timedelta(minutes=10)))
    row = SpentToken.objects.get()
    assert (row.expires_at.minute, row.expires_at.second, row.expires_at.microsecond) == (0, 0, 0)
    other, solution = solved(now)
    assert why(other, solution, now + timedelta(minutes=11)) == work.EXPIRED
    assert forget_expired(row.expires_at - timedelta(seconds=1)) == 0
    assert forget_expired(row.expires_at) == 1


@pytest.mark.parametrize("text", ["", "x", "é" * 20, "A" * 51, "A" * 10_000, "\x00"])
def test_what_is_no_challenge_of_ours_counts_for_nothing(text: str, now: datetime) -> None:
    assert why(text, "1", now) == work.WRONG


def test_nobody_makes_a_challenge_easier(now: datetime) -> None:
    challenge, nonce = solved(now, bits=12)
    for at in range(len(challenge) - 1):
        other = "A" if challenge[at] != "A" else "B"
        assert why(challenge[:at] + other + challenge[at + 1 :], nonce, now) == work.WRONG


@pytest.mark.parametrize("nonce", ["", " 1", "1\n", "ñ", "1" * 65, "{}"])
def test_an_odd_nonce_counts_for_nothing(nonce: str, now: datetime) -> None:
    assert why(work.ask(now, busy=2, bits=1).text, nonce, now) == work.WRONG


def test_the_base_costs_a_script_a_fifth_of_a_second_and_us_microseconds(now: datetime) -> None:
    challenge = work.ask(now, busy=0)
    begun = time.perf_counter()
    solution = solve(challenge.text, 16)
    each = (time.perf_counter() - begun) / (int(solution) + 1)
    assert each * 2**challenge.bits > 0.2
    begun = time.perf_counter()
    for _ in range(200):
        work.is_solved(challenge.text, solution, challenge.bits)
    assert (time.perf_counter() - begun) / 200 < 0.000_2


def test_it_gets_harder_with_the_load(now: datetime) -> None:
    asked = [work.ask(now, busy=busy) for busy in range(4)]
    assert [one.bits for one in asked] == sorted(one.bits for one in asked)
    assert asked[3].bits > asked[0].bits
    assert [one.needed for one in asked] == [False, False, True, True]


def test_asking_how_busy_it_is_makes_nobody_busier() -> None:
    crowd = Crowd()
    for _ in range(100):
        assert crowd.foresee("203.0.113.5", now=0.0) == 0
    for _ in range(20):
        crowd.count("203.0.113.5", now=0.0)
    assert crowd.foresee("203.0.113.5", now=0.0) == crowd.count("203.0.113.5", now=0.0)


def test_work_lifts_the_crowd_and_nothing_else() -> None:
    assert reasons(busy=3) == (Reason.CROWDED,)
    assert reasons(busy=3, has_worked=True) == ()
    assert reasons(busy=3, has_worked=True, honeypot="x") == (Reason.HONEYPOT,)


def test_people_who_share_an_address_fill_it_later_than_programs_do() -> None:
    calm = timedelta(minutes=3)
    assert reasons(busy=2) == (Reason.CROWDED,)
    assert reasons(busy=2, form_age=calm) == ()
    assert reasons(busy=3, form_age=calm) == (Reason.CROWDED,)
