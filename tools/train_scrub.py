"""Train, tune and evaluate the scrubber's labeller from the labelled narratives in the package.

python tools/train_scrub.py                        train the shipped models, write them
python tools/train_scrub.py --evaluate             leave one author out at a time, print figures
python tools/train_scrub.py --leave-out train_a    one author left out, figures for that author
python tools/train_scrub.py --tune                 tune the label weights without the held-back set
"""

from __future__ import annotations

import argparse
import collections
import json
import random
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pycrfsuite  # type: ignore[import-untyped]  # ships no stubs

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tipintake.privacy.scrub.decoding import WEIGHTS, Weights, best_mask, shipped_weights  # noqa: E402
from tipintake.privacy.scrub.features import analyse, features_of  # noqa: E402
from tipintake.privacy.scrub.findings import KnownEvidence, Scrubbed, Verdict  # noqa: E402
from tipintake.privacy.scrub.labeller import MODELS, Labeller, Marginals  # noqa: E402
from tipintake.privacy.scrub.labels import OUTSIDE, model_label  # noqa: E402
from tipintake.privacy.scrub.scrubber import scrub_with  # noqa: E402
from tipintake.privacy.scrub.shields import known_tokens  # noqa: E402
from tipintake.privacy.scrub.tokens import Token, tokenize  # noqa: E402

CORPUS = ROOT / "tipintake/privacy/scrub/training"
HELD_BACK = "dev"
AUTHORS = ("train_a", "train_b", "train_c", "train_d", HELD_BACK)
ALWAYS = ("examples",)
PARAMETERS = {
    "c1": 1.0,
    "c2": 0.01,
    "max_iterations": 80,
    "feature.possible_transitions": False,
    "feature.minfreq": 1,
}
MASKED_SHARE = 0.9


@dataclass(frozen=True, slots=True)
class Narrative:
    """A labelled text, cut into tokens, with features and the label of each token."""

    row: dict[str, Any]
    tokens: list[Token]
    features: list[list[str]]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Member:
    """One model of the ensemble: which share of feature templates it sees, and how it is trained."""

    seed: int
    share: float = 1.0
    c1: float = 1.0


ENSEMBLE = (Member(1), Member(2, share=0.7, c1=0.7), Member(3, share=0.7, c1=0.7))


def known_of(row: dict[str, Any]) -> KnownEvidence:
    fields = row.get("fields") or {}
    address = fields.get("address") or ()
    return KnownEvidence(
        plates=tuple(fields.get("plates", ())),
        ad_phones=tuple(fields.get("ad_phones", ())),
        handles=tuple(fields.get("handles", ())),
        urls=tuple(fields.get("urls", ())),
        rooms=tuple(fields.get("rooms", ())),
        addresses=(address,) if isinstance(address, str) else tuple(address),
    )


def narrative(row: dict[str, Any]) -> Narrative:
    tokens = tokenize(row["text"])
    features = features_of(analyse(row["text"], tokens), known_tokens(tokens, known_of(row)))
    return Narrative(row, tokens, features, labels_of(tokens, row["spans"]))


def labels_of(tokens: Sequence[Token], spans: Iterable[dict[str, Any]]) -> list[str]:
    labels = [OUTSIDE] * len(tokens)
    for span in spans:
        for at, token in enumerate(tokens):
            if token.start < span["end"] and token.end > span["start"]:
                labels[at] = model_label(span["label"], span["action"])
    return labels


def rows_of(name: str) -> list[dict[str, Any]]:
    path = CORPUS / f"narratives_{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def template(feature: str) -> str:
    return feature.split("=", 1)[0].split("|", 1)[0]


def seen_by(member: Member, feature: str) -> bool:
    """Whether the member sees a feature: drawn by its template, the same in every run."""
    if member.share >= 1:
        return True
    return zlib.crc32(f"{member.seed}:{template(feature)}".encode()) % 1000 < 1000 * member.share


def train(narratives: Sequence[Narrative], member: Member, path: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for item in narratives:
        rows = [[f for f in row if seen_by(member, f)] for row in item.features]
        trainer.append(pycrfsuite.ItemSequence(rows), item.labels)
    trainer.select("lbfgs")
    trainer.set_params({**PARAMETERS, "c1": member.c1})
    trainer.train(str(path))
