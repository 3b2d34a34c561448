"""What becomes of the labelled stretches of narratives: one measure for the model card, the
training, the tests and the benchmark beside Presidio."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from statistics import fmean
from typing import Any

from tipintake.privacy import scrub as scrub_package
from tipintake.privacy.scrub import KnownEvidence, Scrubbed, Verdict, Writer, scrub

CORPUS = Path(scrub_package.__file__).parent / "training"
LEVELS = {Verdict.REMOVE: 2, Verdict.UNSURE: 1, Verdict.KEEP: 0}
MUST_GO = ("leaked", "held back", "removed")
EVIDENCE = ("kept", "held", "lost")  # by level
MASKED_SHARE = 0.9
SHORTEST = 5

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Told:
    """What is left of a text, and for each character of it 2 when removed, 1 when held, 0 when it
    stands."""

    left: str
    levels: list[int]


def rows_of(path: Path) -> list[Row]:
    """The narratives of a file of JSON lines: `text`, `spans` with `start`, `end`, `label` and
    `action`, perhaps `lang` and `fields`."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def narratives_of(author: str) -> list[Row]:
    return rows_of(CORPUS / f"narratives_{author}.jsonl")


def known_of(row: Row) -> KnownEvidence:
    fields = {
        name: (given,) if isinstance(given, str) else tuple(given)
        for name, given in (row.get("fields") or {}).items()
        if given
    }
    addresses = fields.pop("address", ())
    return KnownEvidence(**fields, addresses=addresses)


def read(row: Row) -> Told:
    """By the shipped scrubber, as a narrative."""
    return told_of(row, scrub(row["text"], known=known_of(row), writer=Writer(told=True)))


def told(text: str, left: str, stretches: Iterable[tuple[int, int, int]]) -> Told:
    """Of stretches as start, end and level."""
    levels = [0] * len(text)
    for start, end, level in stretches:
        levels[start:end] = [max(level, before) for before in levels[start:end]]
    return Told(left, levels)


def told_of(row: Row, scrubbed: Scrubbed) -> Told:
    found = ((f.start, f.end, LEVELS[f.verdict]) for f in scrubbed.findings)
    return told(row["text"], scrubbed.text, found)


def outcomes_of(row: Row, told: Told) -> Iterator[tuple[str, str]]:
    """The label of each stretch, and what became of it."""
    text = row["text"]
    for span in row["spans"]:
        start, end = span["start"], span["end"]
        inside = [told.levels[at] for at in range(start, end) if text[at].isalnum()]
        if not inside:
            continue
        if span["action"] == "redact":
            yield span["label"], MUST_GO[gone(inside)]
        elif max(inside) == 0 and text[start:end] not in told.left:
            yield span["label"], "lost"
        else:
            yield span["label"], EVIDENCE[max(inside)]


def gone(inside: list[int]) -> int:
    """The level that nine tenths of the letters have at the least."""
    enough = MASKED_SHARE * len(inside)
    return max(least for least in (0, 1, 2) if sum(level >= least for level in inside) >= enough)


def survivors(row: Row, told: Told) -> Iterator[str]:
    """Masked values of five characters or more, written once, that an agency still sees."""
    text = row["text"]
    for span in row["spans"]:
        value = text[span["start"] : span["end"]]
        long = span["action"] == "redact" and len(value) >= SHORTEST and text.count(value) == 1
        letters = [at for at in range(span["start"], span["end"]) if text[at].isalnum()]
        if long and all(told.levels[at] for at in letters) and value in told.left:
            yield value


@dataclass(frozen=True, slots=True)
class Tally:
    """Stretches counted by what became of them; each figure is a share, 1 of none."""

    counts: Counter[str] = field(default_factory=Counter)

    @property
    def must_go(self) -> int:
        return sum(self.counts[outcome] for outcome in MUST_GO)

    @property
    def evidence(self) -> int:
        return sum(self.counts[outcome] for outcome in EVIDENCE)

    @property
    def masked(self) -> float:
        return 1 - self.counts["leaked"] / self.must_go if self.must_go else 1.0

    @property
    def removed(self) -> float:
        return self.counts["removed"] / self.must_go if self.must_go else 1.0

    @property
    def kept(self) -> float:
        return self.counts["kept"] / self.evidence if self.evidence else 1.0

    @property
    def lost(self) -> float:
        return self.counts["lost"] / self.evidence if self.evidence else 0.0

    @property
    def survives(self) -> int:
        return self.counts["survives"]


Tallies = Mapping[str, Tally]


def means(found: Iterable[Tally]) -> tuple[float, float, float]:
    """Masked, kept and lost on the mean of these, each with the same weight."""
    every = list(found)
    return (
        fmean(tally.masked for tally in every),
        fmean(tally.kept for tally in every),
        fmean(tally.lost for tally in every),
    )


def tallies(pairs: Iterable[tuple[Row, Told]]) -> dict[str, Tally]:
    """Under "all", each language and each label."""
    counted: dict[str, Tally] = {"all": Tally()}
    for row, after in pairs:
        for label, outcome in outcomes_of(row, after):
            for key in ("all", row.get("lang", "en"), label):
                counted.setdefault(key, Tally()).counts[outcome] += 1
        counted["all"].counts["survives"] += len(list(survivors(row, after)))
    return counted


def added(parts: Iterable[Tallies]) -> dict[str, Tally]:
    together: dict[str, Tally] = {}
    for part in parts:
        for key, tally in part.items():
            together.setdefault(key, Tally()).counts.update(tally.counts)
    return {key: together[key] for key in sorted(together)}
