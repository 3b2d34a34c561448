"""The figures that the model card prints, at the least."""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from tipintake.privacy import scrub as scrub_package
from tipintake.privacy.scrub import KnownEvidence, Verdict, scrub

CORPUS = Path(scrub_package.__file__).parent / "training"
# Authors on whom nothing was trained: masked and kept at the least, lost at the most.
GOALS = {
    "narratives_dev": (0.95, 0.93, 0.015),
    "narratives_later_p": (0.92, 0.87, 0.015),
    "narratives_later_q": (0.94, 0.86, 0.02),
}
MASKED_SHARE = 0.9
SHORTEST = 5


def known_of(row: dict[str, Any]) -> KnownEvidence:
    fields = dict(row.get("fields") or {})
    address = fields.pop("address", None)
    values = {name: tuple(given) for name, given in fields.items()}
    return KnownEvidence(**values, addresses=(address,) if address else ())


def levels(row: dict[str, Any]) -> list[int]:
    """For each character 2 when removed, 1 when held, 0 when it stands."""
    state = [0] * len(row["text"])
    for finding in scrub(row["text"], known=known_of(row)).findings:
        level = {Verdict.REMOVE: 2, Verdict.UNSURE: 1, Verdict.KEEP: 0}[finding.verdict]
        state[finding.start : finding.end] = [level] * (finding.end - finding.start)
    return state


def rows_of(author: str) -> list[dict[str, Any]]:
    lines = (CORPUS / f"{author}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def outcomes_of(rows: Iterable[dict[str, Any]]) -> Counter[str]:
    """How the spans come out."""
    counted: Counter[str] = Counter()
    for row in rows:
        state = levels(row)
        for span in row["spans"]:
            inside = [
                state[i] for i in range(span["start"], span["end"]) if row["text"][i].isalnum()
            ]
            if not inside:
                continue
            if span["action"] == "redact":
                masked = sum(level > 0 for level in inside) >= MASKED_SHARE * len(inside)
                counted["masked" if masked else "leaked"] += 1
            else:
                counted[("kept", "held", "lost")[max(inside)]] += 1
    return counted


@pytest.mark.parametrize("author", GOALS)
def test_what_tells_who_wrote_is_masked_and_evidence_kept(author: str) -> None:
    least_masked, least_kept, most_lost = GOALS[author]
    counted = outcomes_of(rows_of(author))
    must_go = counted["masked"] + counted["leaked"]
    evidence = counted["kept"] + counted["held"] + counted["lost"]
    assert must_go > 300
    assert evidence > 600
    assert counted["masked"] >= least_masked * must_go
    assert counted["kept"] >= least_kept * evidence
    assert counted["lost"] <= most_lost * evidence


@pytest.mark.parametrize("author", GOALS)
def test_no_masked_value_survives_elsewhere(author: str) -> None:
    for row in rows_of(author):
        state, left = levels(row), scrub(row["text"], known=known_of(row)).text
        for span in row["spans"]:
            value = row["text"][span["start"] : span["end"]]
            hidden = all(state[span["start"] : span["end"]])
            if span["action"] == "redact" and len(value) >= SHORTEST and hidden:
                assert value not in left, row["id"]
