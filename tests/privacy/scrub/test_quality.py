"""The figures that the model card prints, at the least."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from tipintake.privacy import scrub as scrub_package
from tipintake.privacy.scrub import KnownEvidence, Verdict, scrub

CORPUS = Path(scrub_package.__file__).parent / "training"
LEAST_MASKED, LEAST_KEPT, MOST_LOST = 0.92, 0.93, 0.015
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


@pytest.fixture(scope="module")
def outcomes() -> Counter[str]:
    """How the spans of narratives that nothing was trained on come out."""
    counted: Counter[str] = Counter()
    for line in (CORPUS / "narratives_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
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


def test_no_masked_value_survives_elsewhere() -> None:
    for line in (CORPUS / "narratives_dev.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        state, left = levels(row), scrub(row["text"], known=known_of(row)).text
        for span in row["spans"]:
            value = row["text"][span["start"] : span["end"]]
            hidden = all(state[span["start"] : span["end"]])
            if span["action"] == "redact" and len(value) >= SHORTEST and hidden:
                assert value not in left, row["id"]


def test_most_of_what_tells_who_wrote_is_masked(outcomes: Counter[str]) -> None:
    assert outcomes["masked"] >= LEAST_MASKED * (outcomes["masked"] + outcomes["leaked"])


def test_most_evidence_is_kept_and_little_is_lost(outcomes: Counter[str]) -> None:
    evidence = outcomes["kept"] + outcomes["held"] + outcomes["lost"]
    assert outcomes["kept"] >= LEAST_KEPT * evidence
    assert outcomes["lost"] <= MOST_LOST * evidence
