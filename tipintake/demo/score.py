"""How well suggested links find the rings of a demo: recall by kind, precision, decoys taken in.

Recall is the share of true links that were suggested. Precision is the share of suggestions whose
two tips belong to one ring: two members that know each other only through a third are not wrong.
Pairs within a burst count neither way, and pairs with a tip that is not of the demo neither.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from tipintake.demo.truth import Truth


@dataclass(frozen=True, slots=True)
class Found:
    """Of `links` true links of one kind `found` were suggested."""

    kind: str
    found: int
    links: int

    @property
    def recall(self) -> float:
        return self.found / self.links if self.links else 1.0


@dataclass(frozen=True, slots=True)
class Score:
    kinds: tuple[Found, ...]
    suggested: int  # pairs that are judged
    right: int
    decoys: tuple[tuple[str, str, str], ...]  # (its name, two tips) of each that was taken in
    wrong: tuple[tuple[str, str], ...]  # the other pairs that belong to no ring
    missed: tuple[tuple[str, str, str], ...]  # (kind, two tips)

    @property
    def links(self) -> int:
        return sum(one.links for one in self.kinds)

    @property
    def found(self) -> int:
        return sum(one.found for one in self.kinds)

    @property
    def recall(self) -> float:
        return self.found / self.links if self.links else 1.0

    @property
    def precision(self) -> float:
        return self.right / self.suggested if self.suggested else 1.0


def score(truth: Truth, suggested: Iterable[tuple[str, str]]) -> Score:
    """`suggested` are pairs of tip numbers, each in any order and as often as you like."""
    known = set(truth.tips)
    pairs = {frozenset(pair) for pair in suggested if known.issuperset(pair)}
    pairs = {pair for pair in pairs if len(pair) == 2}
    judged = {pair for pair in pairs if not _in_one(pair, truth, counted=False)}
    right = {pair for pair in judged if _in_one(pair, truth, counted=True)}
    wrong = judged - right
    decoys = [(one.name, pair) for one in truth.decoys for pair in one.pairs() if pair in wrong]
    taken_in = {pair for _name, pair in decoys}
    found: dict[str, int] = defaultdict(int)
    links: dict[str, int] = defaultdict(int)
    missed = []
    for link in (link for ring in truth.rings if ring.counted for link in ring.links):
        links[link.by] += 1
        found[link.by] += link.pair in pairs
        if link.pair not in pairs:
            missed.append((link.by, link.one, link.other))
    return Score(
        kinds=tuple(Found(kind, found[kind], links[kind]) for kind in sorted(links)),
        suggested=len(judged),
        right=len(right),
        decoys=tuple((name, *_ordered(pair)) for name, pair in decoys),
        wrong=tuple(sorted(_ordered(pair) for pair in wrong - taken_in)),
        missed=tuple(missed),
    )


def _in_one(pair: frozenset[str], truth: Truth, *, counted: bool) -> bool:
    return any(ring.counted == counted and pair.issubset(ring.members) for ring in truth.rings)


def _ordered(pair: frozenset[str]) -> tuple[str, str]:
    one, other = sorted(pair)
    return one, other
