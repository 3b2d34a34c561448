"""Links between tips: renew what they are found by, list the pairs, hold them against a truth."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from itertools import combinations
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from tipintake.pipeline.corroborate import numbers_of_lines
from tipintake.tips import link_keys
from tipintake.tips.links import Strength
from tipintake.tips.models import Tip
from tipintake.triage import links

AT_ONCE = 50


class Command(BaseCommand):
    help = "Renews the keys by which tips are linked, lists linked pairs, or scores them."

    def add_arguments(self, parser: ArgumentParser) -> None:
        acts = parser.add_subparsers(dest="act", required=True)
        acts.add_parser("renew", help="write every key anew, and look for what belongs together")
        pairs = acts.add_parser("pairs", help="every linked or suggested pair, one object a line")
        score = acts.add_parser("score", help="recall and precision against known rings")
        score.add_argument("--truth", required=True, type=Path, metavar="FILE")
        for one in (pairs, score):
            one.add_argument("--weak", action="store_true", help="weak suggestions too")

    def handle(self, *, act: str, **given: Any) -> None:
        if act == "renew":
            self._renew()
            return
        least = Strength.WEAK if given["weak"] else Strength.FAIR
        found = links.suggested_pairs(least=least)
        if act == "pairs":
            for one, other in sorted(found):
                self.stdout.write(json.dumps({"one": one, "other": other}))
        else:
            self.stdout.write(json.dumps(score(found, list(_rings(given["truth"])))))

    def _renew(self) -> None:
        keys = list(Tip.objects.order_by("pk").values_list("pk", flat=True))
        for key in keys:
            link_keys.renew(key)
        numbers = numbers_of_lines()
        new = 0
        for start in range(0, len(keys), AT_ONCE):
            new += links.suggest_for(keys[start : start + AT_ONCE], leaving_out=numbers)
        self.stdout.write(f"{len(keys)} tips; {new} new suggestions.")


def score(found: set[tuple[str, str]], rings: list[list[str]]) -> dict[str, float]:
    """How many pairs within the rings were found, and how many of what was found are such pairs.

    Two tips of a ring that share nothing by themselves count as found when others tie them.
    """
    true = {(min(pair), max(pair)) for ring in rings for pair in combinations(ring, 2)}
    tied = {pair for pair in true if pair in found} | _tied_by_others(found, rings)
    right = len(found & true)
    return {
        "rings": len(rings),
        "true_pairs": len(true),
        "suggested": len(found),
        "found": len(tied),
        "recall": round(len(tied) / len(true), 4) if true else 1.0,
        "precision": round(right / len(found), 4) if found else 1.0,
    }


def _tied_by_others(found: set[tuple[str, str]], rings: list[list[str]]) -> set[tuple[str, str]]:
    """Pairs of one ring that hang together by suggested pairs within that ring."""
    tied = set()
    for ring in rings:
        group = {tip: {tip} for tip in ring}
        for one, other in combinations(ring, 2):
            if (min(one, other), max(one, other)) in found and group[one] is not group[other]:
                group[one] |= group[other]
                for tip in group[other]:
                    group[tip] = group[one]
        for one, other in combinations(ring, 2):
            if group[one] is group[other]:
                tied.add((min(one, other), max(one, other)))
    return tied


def _rings(truth: Path) -> Iterator[list[str]]:
    try:
        lines = truth.read_text("utf-8").splitlines()
    except OSError as problem:
        raise CommandError(f"{truth} cannot be read: {problem.strerror}.") from None
    for number, line in enumerate(filter(str.strip, lines), start=1):
        try:
            yield [str(one) for one in json.loads(line)["tips"]]
        except (ValueError, KeyError, TypeError):
            raise CommandError(
                f'{truth}, line {number}: write {{"tips": ["T-XXXX-XXXX", …]}}, one ring a line.'
            ) from None
