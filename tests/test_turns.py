"""When more wait than can be answered: who is next, and who is asked to come again."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.turns import Turns


def turns(*, most: int = 1000, most_bytes: int = 1000) -> Turns[str]:
    return Turns(most=most, most_bytes=most_bytes)


def all_of(waiting: Turns[str]) -> list[str]:
    return [waiting.take() for _ in range(len(waiting))]


def test_however_many_one_origin_sends_another_waits_for_one() -> None:
    waiting = turns()
    for number in range(50):
        waiting.put(f"flood {number}", origin="a")
    waiting.put("person", origin="b")
    assert all_of(waiting)[:4] == ["flood 0", "person", "flood 1", "flood 2"]


def test_who_sent_less_lately_comes_first() -> None:
    waiting = turns()
    for number in range(3):
        waiting.put(f"script {number}", origin=f"s{number}", sent=40)
    waiting.put("person", origin="p")
    assert waiting.take() == "person"


def test_nobody_waits_for_ever() -> None:
    waiting = turns()
    waiting.put("script", origin="s", sent=1000)
    for number in range(10):
        waiting.put(f"person {number}", origin=f"p{number}")
    assert "script" in [waiting.take() for _ in range(4)]


def test_who_has_most_waiting_is_asked_to_come_again() -> None:
    waiting = turns(most=5)
    waiting.put("early person", origin="p")
    refused = [one for n in range(6) for one in waiting.put(f"flood {n}", origin="a")]
    refused += waiting.put("late person", origin="q")
    assert refused == ["flood 4", "flood 5", "flood 3"]
    assert {"early person", "late person"} <= set(all_of(waiting))


def test_of_those_with_as_much_waiting_who_sent_most_lately_is_refused() -> None:
    waiting = turns(most=4)
    waiting.put("script", origin="s", sent=500)
    refused = [one for n in range(4) for one in waiting.put(f"tip {n}", origin=f"p{n}")]
    assert refused == ["script"]


def test_a_flood_that_counts_as_nothing_is_refused_before_who_has_one_waiting() -> None:
    waiting = turns(most=5)
    refused = [one for n in range(5) for one in waiting.put(f"flood {n}", origin="onion")]
    refused += waiting.put("person", origin="p", sent=3)
    assert refused == ["flood 4"]


def test_bytes_are_asked_of_who_holds_most_not_of_who_sent_most() -> None:
    waiting = turns(most_bytes=100)
    for number in range(3):
        waiting.put(f"flood {number}", origin="onion", size=30)
    assert waiting.put("person", origin="p", sent=3, size=20) == ["flood 2"]


def test_who_sends_more_meanwhile_is_still_one_origin() -> None:
    waiting = turns(most=5)
    for number in range(3):
        waiting.put(f"script {number}", origin="s", sent=1 << number)
    for number in range(2):
        waiting.put(f"tip {number}", origin="library")
    assert waiting.put("person", origin="p") == ["script 2"]


LINES = st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 9)), max_size=40)


@given(LINES)
def test_nobody_loses_their_only_request_while_another_has_several(
    comes: list[tuple[str, int]],
) -> None:
    waiting = turns(most=6)
    held: Counter[str] = Counter()
    for origin, sent in comes:
        held[origin] += 1
        for one in waiting.put(origin, origin=origin, sent=sent):
            assert held[one] == max(held.values())
            held[one] -= 1


def test_large_bodies_give_way_before_small_ones() -> None:
    waiting = turns(most_bytes=100)
    waiting.put("words", origin="p", size=5)
    assert waiting.put("picture", origin="q", size=60) == []
    assert waiting.put("another", origin="a", size=70) == ["another"]
    assert waiting.put("more words", origin="r", size=5) == []


def test_nobody_waits_is_said() -> None:
    with pytest.raises(LookupError):
        turns().take()


COMES = st.tuples(st.sampled_from("abcd"), st.integers(0, 9), st.integers(0, 30))


@given(st.lists(st.one_of(COMES, st.none()), max_size=60))
def test_each_is_taken_or_refused_once(happens: list[tuple[str, int, int] | None]) -> None:
    waiting = turns(most=8, most_bytes=90)
    gone: list[str] = []
    for number, comes in enumerate(happens):
        if comes is not None:
            origin, sent, size = comes
            gone += waiting.put(str(number), origin=origin, sent=sent, size=size)
        elif len(waiting):
            gone.append(waiting.take())
        assert len(waiting) <= 8
    gone += all_of(waiting)
    put = [str(number) for number, comes in enumerate(happens) if comes is not None]
    assert sorted(gone, key=int) == put
