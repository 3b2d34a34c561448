"""Which tips the installation itself would link: what the score of a demo judges."""

from collections.abc import Iterator, Sequence

from tipintake.triage import links


def suggested_pairs(references: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Pairs of tip numbers. At least each pair with one of these tips; in any order."""
    wanted = set(references)
    for pair in links.suggested_pairs():
        if not wanted.isdisjoint(pair):
            yield pair
