"""What the shipped scrubber makes of authors whom neither of its models has read: the tables of
the model card.

    python -m bench.authors                    every such author
    python -m bench.authors dev later_w        some of them
    python -m bench.authors MY.jsonl           labelled narratives of your own
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

from bench._outcomes import (
    Row,
    Tallies,
    Tally,
    added,
    means,
    narratives_of,
    read,
    rows_of,
    tallies,
)

UNREAD = (
    "dev",
    *(f"later_{name}" for name in ("t", "u", "v", "w", "dd", "hh", "ii", "ll", "mm", "nn")),
)
LANGUAGES = ("en", "es")


def tallied(rows: Iterable[Row]) -> Tallies:
    return tallies((row, read(row)) for row in rows)


def named(name: str) -> list[Row]:
    return rows_of(Path(name)) if name.endswith(".jsonl") else narratives_of(name)


def three(tally: Tally) -> str:
    return f"{tally.masked:.3f} / {tally.kept:.3f} / {tally.lost:.3f}"


def by_author(authors: dict[str, Tallies]) -> Iterable[str]:
    yield "| author | must go | removed | evidence | masked / kept / lost | English | Spanish |"
    yield "|---|---|---|---|---|---|---|"
    for name, found in authors.items():
        every = found["all"]
        cells = [three(found[lang]) if lang in found else "" for lang in LANGUAGES]
        yield (
            f"| {name} | {every.must_go} | {every.removed:.3f} | {every.evidence}"
            f" | {three(every)} | {' | '.join(cells)} |"
        )
    for key in ("all", *LANGUAGES):
        masked, kept, lost = means(found[key] for found in authors.values() if key in found)
        yield f"mean of the authors, {key}: masked {masked:.3f}, kept {kept:.3f}, lost {lost:.3f}"
    yield f"masked values that stand elsewhere: {sum(f['all'].survives for f in authors.values())}"


def by_label(together: Tallies) -> Iterable[str]:
    labels = {key: tally for key, tally in together.items() if key.isupper()}
    yield "| must go | stretches | masked | removed, not held |"
    yield "|---|---|---|---|"
    for name, tally in labels.items():
        if tally.must_go:
            yield f"| {name} | {tally.must_go} | {tally.masked:.3f} | {tally.removed:.3f} |"
    yield ""
    yield "| evidence | stretches | kept | lost |"
    yield "|---|---|---|---|"
    for name, tally in labels.items():
        if tally.evidence:
            yield f"| {name} | {tally.evidence} | {tally.kept:.3f} | {tally.lost:.3f} |"


def main() -> None:
    authors = {name: tallied(named(name)) for name in sys.argv[1:] or UNREAD}
    print("\n".join([*by_author(authors), "", *by_label(added(authors.values()))]))


if __name__ == "__main__":
    main()
