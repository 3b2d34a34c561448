"""What the score says of given suggestions."""

from pathlib import Path

import pytest

from tipintake.demo.score import score
from tipintake.demo.truth import KnownDecoy, KnownLink, KnownRing, NotTruth, Truth


def ring(name: str, by: str, *pairs: str, counted: bool = True) -> KnownRing:
    members = tuple(sorted(set("".join(pairs))))
    return KnownRing(
        name, by, counted, members, tuple(KnownLink(pair[0], pair[1], by) for pair in pairs)
    )


TRUTH = Truth(
    seed=7,
    days=60,
    end="2026-11-14T15:30:00+00:00",
    tips=tuple("ABCDEFGHJKLM"),
    rings=(
        ring("plate-1", "plate", "AB", "AC"),  # B and C know each other through A
        ring("phone-1", "phone", "DE"),
        ring("burst-1", "burst", "FG", counted=False),
    ),
    decoys=(KnownDecoy("two_apart-1", "plates that differ in two characters", ("H", "J")),),
)


def pairs(text: str) -> list[tuple[str, str]]:
    return [(pair[0], pair[1]) for pair in text.split()]


def test_all_links_found_and_nothing_else_is_a_full_score() -> None:
    found = score(TRUTH, pairs("AB AC DE"))
    assert (found.recall, found.precision) == (1.0, 1.0)
    assert found.missed == ()
    assert found.wrong == ()
    assert found.decoys == ()


def test_order_and_repetition_change_nothing() -> None:
    assert score(TRUTH, pairs("BA AB CA ED ED")) == score(TRUTH, pairs("AB AC DE"))


def test_two_members_that_know_each_other_through_a_third_are_right_and_no_link() -> None:
    found = score(TRUTH, pairs("BC"))
    assert (found.found, found.links) == (0, 3)
    assert found.precision == 1.0


def test_recall_is_told_by_kind() -> None:
    found = score(TRUTH, pairs("AB"))
    assert [(one.kind, one.recall) for one in found.kinds] == [("phone", 0.0), ("plate", 0.5)]
    assert found.missed == (("plate", "A", "C"), ("phone", "D", "E"))
    assert found.recall == pytest.approx(1 / 3)


def test_a_decoy_and_any_other_wrong_pair_cost_precision() -> None:
    found = score(TRUTH, pairs("AB AC DE HJ KL"))
    assert found.precision == pytest.approx(3 / 5)
    assert found.decoys == (("two_apart-1", "H", "J"),)
    assert found.wrong == (("K", "L"),)


def test_a_burst_counts_neither_way_but_not_with_others() -> None:
    assert score(TRUTH, pairs("AB AC DE FG")) == score(TRUTH, pairs("AB AC DE"))
    assert score(TRUTH, pairs("FA")).wrong == (("A", "F"),)


def test_tips_that_are_not_of_the_demo_are_not_judged() -> None:
    found = score(TRUTH, pairs("AZ YZ AA"))
    assert found.suggested == 0
    assert (found.recall, found.precision) == (0.0, 1.0)


def test_the_truth_is_read_as_it_was_written(tmp_path: Path) -> None:
    TRUTH.write(tmp_path / "truth.json")
    assert Truth.read(tmp_path / "truth.json") == TRUTH


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"seed": 7}', '{"tips": 3}'])
def test_another_file_is_refused_with_what_to_do(text: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text(text)
    with pytest.raises(NotTruth, match=r"manage\.py demo"):
        Truth.read(tmp_path / "other.json")
    with pytest.raises(NotTruth, match="cannot be read"):
        Truth.read(tmp_path / "none.json")
