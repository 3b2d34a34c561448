"""The figures that the model card prints, at the least."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tipintake.privacy import scrub as scrub_package
from tipintake.privacy.scrub import KnownEvidence, Verdict, scrub

CORPUS = Path(scrub_package.__file__).parent / "training"
# Authors on whom nothing was trained: masked and kept at the least, lost at the most.
GOALS = {
    "narratives_dev": (0.96, 0.93, 0.015),
    "narratives_later_t": (0.92, 0.90, 0.02),
    "narratives_later_u": (0.94, 0.89, 0.02),
    "narratives_later_v": (0.96, 0.94, 0.02),
    "narratives_later_w": (0.87, 0.91, 0.02),
    "narratives_later_dd": (0.87, 0.91, 0.02),
    "narratives_later_hh": (0.92, 0.92, 0.02),
    "narratives_later_ii": (0.92, 0.93, 0.02),
    "narratives_later_ll": (0.94, 0.89, 0.03),
}
MASKED_SHARE = 0.9
SHORTEST = 5


def known_of(row: dict[str, Any]) -> KnownEvidence:
    fields = dict(row.get("fields") or {})
    address = fields.pop("address", None)
    values = {name: tuple(given) for name, given in fields.items()}
    return KnownEvidence(**values, addresses=(address,) if address else ())


@dataclass(frozen=True)
class Told:
    """A narrative with what became of it: for each character 2 when removed, 1 when held, 0 when
    it stands."""

    row: dict[str, Any]
    state: list[int]
    left: str


def scrubbed(row: dict[str, Any]) -> Told:
    state = [0] * len(row["text"])
    done = scrub(row["text"], known=known_of(row))
    for finding in done.findings:
        level = {Verdict.REMOVE: 2, Verdict.UNSURE: 1, Verdict.KEEP: 0}[finding.verdict]
        state[finding.start : finding.end] = [level] * (finding.end - finding.start)
    return Told(row, state, done.text)


@pytest.fixture(scope="module", params=GOALS)
def author(request: pytest.FixtureRequest) -> tuple[str, list[Told]]:
    lines = (CORPUS / f"{request.param}.jsonl").read_text(encoding="utf-8").splitlines()
    return request.param, [scrubbed(json.loads(line)) for line in lines]


def outcomes_of(narratives: Iterable[Told]) -> Counter[str]:
    """How the spans come out."""
    counted: Counter[str] = Counter()
    for told in narratives:
        for span in told.row["spans"]:
            places = range(span["start"], span["end"])
            inside = [told.state[at] for at in places if told.row["text"][at].isalnum()]
            if not inside:
                continue
            if span["action"] == "redact":
                masked = sum(level > 0 for level in inside) >= MASKED_SHARE * len(inside)
                counted["masked" if masked else "leaked"] += 1
            else:
                counted[("kept", "held", "lost")[max(inside)]] += 1
    return counted


def test_what_tells_who_wrote_is_masked_evidence_kept_and_nothing_said_twice(
    author: tuple[str, list[Told]],
) -> None:
    name, narratives = author
    least_masked, least_kept, most_lost = GOALS[name]
    counted = outcomes_of(narratives)
    must_go = counted["masked"] + counted["leaked"]
    evidence = counted["kept"] + counted["held"] + counted["lost"]
    assert must_go >= 200
    assert evidence > 400
    assert counted["masked"] >= least_masked * must_go
    assert counted["kept"] >= least_kept * evidence
    assert counted["lost"] <= most_lost * evidence
    for told in narratives:
        for span in told.row["spans"]:
            value = told.row["text"][span["start"] : span["end"]]
            hidden = all(told.state[span["start"] : span["end"]])
            if span["action"] == "redact" and len(value) >= SHORTEST and hidden:
                assert value not in told.left, told.row["id"]
