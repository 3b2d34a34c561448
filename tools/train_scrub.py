"""Train, tune and evaluate the scrubber's labeller from the labelled narratives in the package.

    python tools/train_scrub.py                        train the shipped models and write them
    python tools/train_scrub.py --evaluate             leave one author out at a time, figures
    python tools/train_scrub.py --leave-out train_a    leave one author out, figures for that one
    python tools/train_scrub.py --tune                 tune the label weights and write them

The shipped models and weights never see the held-back set (narratives_dev.jsonl). With
`--all-authors` an evaluation trains on the held-back set too, when another author is left out.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import pycrfsuite

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tipintake.privacy.scrub.decoding import (  # noqa: E402
    WEIGHTS,
    Weights,
    best_mask,
    shipped_weights,
)
from tipintake.privacy.scrub.features import analyse, features_of  # noqa: E402
from tipintake.privacy.scrub.findings import (  # noqa: E402
    Finding,
    KnownEvidence,
    Scrubbed,
    Verdict,
)
from tipintake.privacy.scrub.labeller import MODELS, Labeller, Marginals  # noqa: E402
from tipintake.privacy.scrub.labels import OUTSIDE, model_label  # noqa: E402
from tipintake.privacy.scrub.scrubber import scrub_with  # noqa: E402
from tipintake.privacy.scrub.shields import known_tokens  # noqa: E402
from tipintake.privacy.scrub.tokens import Token, tokenize  # noqa: E402

CORPUS = ROOT / "tipintake/privacy/scrub/training"
HELD_BACK = "dev"
AUTHORS = ("train_a", "train_b", "train_c", "train_d", HELD_BACK)
TUNED_ON = AUTHORS[:-1]
ALWAYS = ("examples", "written")
PARAMETERS = {
    "c2": 0.01,
    "max_iterations": 80,
    "feature.possible_transitions": False,
    "feature.minfreq": 1,
}
MASKED_SHARE = 0.9
KEPT_GOAL = 0.868
KEPT_PRICE = 0.9
LEAST_GAIN = 3e-4
FACTORS = (0.5, 0.7, 1.4, 2.0)
BIAS_FACTORS = (0.9, 1.1)
LABEL_RANGE = (0.3, 3.0)


@dataclass(frozen=True, slots=True)
class Narrative:
    """A labelled text, cut into tokens, with features and the label of each token."""

    row: dict[str, Any]
    tokens: list[Token]
    features: list[list[str]]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class Member:
    """One model of the ensemble and the strength with which it drops rare features."""

    name: str
    c1: float


ENSEMBLE = (Member("1", c1=1.0),)


@dataclass(frozen=True, slots=True)
class Outcome:
    """Spans by what became of them."""

    counts: Counter[str]

    @property
    def masked(self) -> float:
        return share(self.counts, "masked", "leaked")

    @property
    def kept(self) -> float:
        return share(self.counts, "kept", "held", "lost")

    @property
    def lost(self) -> float:
        return share(self.counts, "lost", "held", "kept")

    def line(self, name: str) -> str:
        redacted = self.counts["masked"] + self.counts["leaked"]
        evidence = self.counts["kept"] + self.counts["held"] + self.counts["lost"]
        parts = [f"{name:22}"]
        if redacted:
            parts.append(f"masked {self.masked:.3f} of {redacted:4}")
        if evidence:
            parts.append(f"kept {self.kept:.3f} lost {self.lost:.3f} of {evidence:4}")
        return "  ".join(parts)


def share(counts: Mapping[str, int], first: str, *others: str) -> float:
    total = counts[first] + sum(counts[other] for other in others)
    return counts[first] / total if total else 1.0


def known_of(row: Mapping[str, Any]) -> KnownEvidence:
    fields = dict(row.get("fields") or {})
    address = fields.pop("address", None)
    lists = {name: tuple(values) for name, values in fields.items()}
    return KnownEvidence(**lists, addresses=(address,) if address else ())


def labels_of(tokens: Sequence[Token], spans: Iterable[Mapping[str, Any]]) -> list[str]:
    labels = [OUTSIDE] * len(tokens)
    for span in spans:
        for at, token in enumerate(tokens):
            if token.start < span["end"] and token.end > span["start"]:
                labels[at] = model_label(span["label"], span["action"])
    return labels


def narrative(row: dict[str, Any]) -> Narrative:
    tokens = tokenize(row["text"])
    features = features_of(analyse(row["text"], tokens), known_tokens(tokens, known_of(row)))
    return Narrative(row, tokens, features, labels_of(tokens, row["spans"]))


def rows_of(name: str) -> list[dict[str, Any]]:
    path = CORPUS / f"narratives_{name}.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]


def corpus() -> dict[str, list[Narrative]]:
    return {name: [narrative(row) for row in rows_of(name)] for name in (*AUTHORS, *ALWAYS)}


def train(narratives: Iterable[Narrative], member: Member, path: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for item in narratives:
        trainer.append(pycrfsuite.ItemSequence(item.features), item.labels)
    trainer.select("lbfgs")
    trainer.set_params({**PARAMETERS, "c1": member.c1})
    trainer.train(str(path))


def trained_without(
    left_out: str, texts: Mapping[str, list[Narrative]], folder: Path, *, all_authors: bool
) -> Labeller:
    """A labeller that has seen neither the author nor, unless asked, the held-back set."""
    unseen = {left_out} if all_authors else {left_out, HELD_BACK}
    seen = [item for name, items in texts.items() if name not in unseen for item in items]
    paths = []
    for member in ENSEMBLE:
        path = folder / f"{left_out}-{member.name}.crfsuite"
        train(seen, member, path)
        paths.append(path)
    return Labeller(paths)


class Remembered(Labeller):
    """Hands out probabilities that were worked out before."""

    def __init__(self, marginals: Marginals) -> None:
        self.remembered = marginals

    def marginals(self, rows: list[list[str]]) -> Marginals:
        assert len(rows) == len(self.remembered)
        return self.remembered


def levels_of(text: str, findings: Iterable[Finding]) -> list[int]:
    """For each character 2 when removed, 1 when held, 0 when it stands."""
    levels = [0] * len(text)
    by_verdict = {Verdict.REMOVE: 2, Verdict.UNSURE: 1, Verdict.KEEP: 0}
    for finding in findings:
        for at in range(finding.start, finding.end):
            levels[at] = by_verdict[finding.verdict]
    return levels


def outcomes_of(row: Mapping[str, Any], scrubbed: Scrubbed) -> Iterator[tuple[str, str]]:
    """The label of each span and what became of it."""
    levels = levels_of(row["text"], scrubbed.findings)
    for span in row["spans"]:
        inside = [levels[i] for i in range(span["start"], span["end"]) if row["text"][i].isalnum()]
        if not inside:
            continue
        if span["action"] == "redact":
            masked = sum(level > 0 for level in inside) >= MASKED_SHARE * len(inside)
            yield span["label"], "masked" if masked else "leaked"
        else:
            yield span["label"], ("kept", "held", "lost")[max(inside)]


def evaluate(
    labeller: Labeller, weights: Weights, narratives: Iterable[Narrative]
) -> dict[str, Outcome]:
    """Outcomes under "all", each language and each label."""
    counts: dict[str, Counter[str]] = {}
    for item in narratives:
        row = item.row
        scrubbed = scrub_with(labeller, weights, row["text"], known_of(row), {})
        for label, outcome in outcomes_of(row, scrubbed):
            for key in ("all", row.get("lang", "en"), label):
                counts.setdefault(key, Counter())[outcome] += 1
    return {key: Outcome(counted) for key, counted in counts.items()}


def added(parts: Sequence[Mapping[str, Outcome]]) -> dict[str, Outcome]:
    keys = sorted({key for part in parts for key in part})
    return {
        key: Outcome(sum((part[key].counts for part in parts if key in part), Counter()))
        for key in keys
    }


def print_outcomes(title: str, outcomes: Mapping[str, Outcome], *, labels: bool) -> None:
    print(outcomes["all"].line(title))
    for key in ("en", "es"):
        if key in outcomes:
            print(outcomes[key].line(f"  {key}"))
    if labels:
        for key in sorted(key for key in outcomes if key.isupper()):
            print(outcomes[key].line(f"  {key}"))


def evaluate_authors(authors: Sequence[str], *, all_authors: bool) -> None:
    texts = corpus()
    weights = shipped_weights()
    parts = []
    with tempfile.TemporaryDirectory() as folder:
        for author in authors:
            labeller = trained_without(author, texts, Path(folder), all_authors=all_authors)
            outcomes = evaluate(labeller, weights, texts[author])
            print_outcomes(author, outcomes, labels=len(authors) == 1)
            parts.append(outcomes)
    if len(parts) > 1:
        print_outcomes("together", added(parts), labels=True)
        mean = sum(part["all"].masked for part in parts) / len(parts)
        kept = sum(part["all"].kept for part in parts) / len(parts)
        print(f"mean of the authors  masked {mean:.3f}  kept {kept:.3f}")


def train_shipped() -> None:
    texts = corpus()
    seen = [item for name, items in texts.items() if name != HELD_BACK for item in items]
    MODELS.mkdir(exist_ok=True)
    for member in ENSEMBLE:
        train(seen, member, MODELS / f"{member.name}.crfsuite")
    outcomes = evaluate(
        Labeller(sorted(MODELS.glob("*.crfsuite"))), shipped_weights(), texts[HELD_BACK]
    )
    print_outcomes(f"shipped on {HELD_BACK}", outcomes, labels=True)


@dataclass(frozen=True, slots=True)
class Judged:
    """A narrative of a left-out author with its probabilities and its spans in tokens."""

    author: str
    marginals: Marginals
    spans: list[tuple[bool, dict[int, int]]]


def span_tokens(item: Narrative, span: Mapping[str, Any]) -> dict[int, int]:
    """How many letters and digits of the span each token holds."""
    text = item.row["text"]
    held: dict[int, int] = {}
    for at, token in enumerate(item.tokens):
        first, end = max(token.start, span["start"]), min(token.end, span["end"])
        letters = sum(text[i].isalnum() for i in range(first, end))
        if letters:
            held[at] = letters
    return held


def judged_authors() -> list[Judged]:
    texts = corpus()
    judged = []
    with tempfile.TemporaryDirectory() as folder:
        for author in TUNED_ON:
            labeller = trained_without(author, texts, Path(folder), all_authors=False)
            for item in texts[author]:
                spans = [
                    (span["action"] == "redact", span_tokens(item, span))
                    for span in item.row["spans"]
                ]
                judged.append(Judged(author, labeller.marginals(item.features), spans))
    return judged


def figures(judged: Sequence[Judged], weights: Weights) -> tuple[float, float]:
    """Masked recall and evidence kept by the labeller alone, mean over the authors."""
    counts: dict[str, Counter[str]] = {author: Counter() for author in TUNED_ON}
    for item in judged:
        mask = best_mask([weights.odds(token) for token in item.marginals], weights.switch)
        for redact, held in item.spans:
            hit = sum(letters for at, letters in held.items() if mask[at])
            if redact:
                enough = hit >= MASKED_SHARE * sum(held.values())
                counts[item.author]["masked" if enough else "leaked"] += 1
            else:
                counts[item.author]["lost" if hit else "kept"] += 1
    outcomes = [Outcome(counted) for counted in counts.values()]
    return (
        sum(o.masked for o in outcomes) / len(outcomes),
        sum(o.kept for o in outcomes) / len(outcomes),
    )


def worth(found: tuple[float, float]) -> float:
    masked, kept = found
    short = kept - KEPT_GOAL
    return masked + (KEPT_PRICE * short if short < 0 else 0.3 * short)


def variants(weights: Weights, name: str) -> Iterator[Weights]:
    if name in ("bias", "switch", "floor"):
        for factor in BIAS_FACTORS if name == "bias" else FACTORS:
            yield replace(weights, **{name: getattr(weights, name) * factor})
        return
    for factor in FACTORS:
        value = weights.label.get(name, 1.0) * factor
        if LABEL_RANGE[0] <= value <= LABEL_RANGE[1]:
            yield replace(weights, label={**weights.label, name: value})


def tuned(judged: Sequence[Judged], weights: Weights, rounds: int = 2) -> Weights:
    """Coordinate ascent: one weight after the other, kept when it gains enough."""
    labels = sorted({label for item in judged for token in item.marginals for label in token})
    names = ["bias", "switch", *(label for label in labels if label != OUTSIDE), "floor"]
    best = worth(figures(judged, weights))
    for _ in range(rounds):
        for name in names:
            tried = [
                (worth(figures(judged, v)), at, v) for at, v in enumerate(variants(weights, name))
            ]
            value, _, variant = max(tried, key=lambda t: (t[0], -t[1]))
            if value > best + LEAST_GAIN:
                best, weights = value, variant
    return weights


def tune_shipped() -> None:
    judged = judged_authors()
    weights = tuned(judged, Weights(bias=1.5, switch=1.5, sure=0.85, plain=0.1))
    masked, kept = figures(judged, weights)
    print(f"labeller alone: masked {masked:.3f}  kept {kept:.3f}")
    rounded = replace(weights, label={k: round(v, 3) for k, v in weights.label.items()})
    WEIGHTS.write_text(json.dumps(asdict(rounded), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--evaluate", action="store_true", help="leave each author out in turn")
    parser.add_argument("--leave-out", choices=AUTHORS, help="leave this author out")
    parser.add_argument(
        "--all-authors", action="store_true", help="train on the held-back set too"
    )
    parser.add_argument("--tune", action="store_true", help="tune the label weights")
    options = parser.parse_args()
    if options.tune:
        tune_shipped()
    elif options.leave_out:
        evaluate_authors([options.leave_out], all_authors=options.all_authors)
    elif options.evaluate:
        evaluate_authors(AUTHORS, all_authors=options.all_authors)
    else:
        train_shipped()


if __name__ == "__main__":
    main()
