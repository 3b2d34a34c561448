"""Train, tune and evaluate the scrubber's two labellers from the labelled narratives.

    python tools/train_scrub.py                      train the shipped models and write them
    python tools/train_scrub.py --field              train the random field alone
    python tools/train_scrub.py --onward FILE        make a trained encoder narrower, teach it the
                                                     latest authors and write it as the shipped one
        --sibling FILE ...                           as the mean of it and of others made so before
    python tools/train_scrub.py --evaluate           leave one author out at a time, figures
    python tools/train_scrub.py --groups             leave four authors out at a time (quicker)
    python tools/train_scrub.py --leave-out train_a  leave one author out, figures by label
    python tools/train_scrub.py --tune               tune the label weights and write them
    python tools/train_scrub.py --vocabulary         choose the encoder's word pieces anew

Needs the training environment (requirements-train.txt). Teachers, and models of authors left out,
are kept in `--folder` and taken from there the next time. The shipped models never see
narratives_dev.jsonl, nor does any model that an evaluation does not train for another author.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pycrfsuite

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from bench._outcomes import (  # noqa: E402
    MASKED_SHARE,
    Tallies,
    Tally,
    added,
    known_of,
    means,
    narratives_of,
    tallies,
    told_of,
)
from tipintake.privacy.scrub import Writer  # noqa: E402
from tipintake.privacy.scrub.decoding import (  # noqa: E402
    WEIGHTS,
    Opinion,
    Weights,
    best_mask,
    shipped_weights,
)
from tipintake.privacy.scrub.encoder import (  # noqa: E402
    ENCODER,
    VOCABULARY,
    Encoder,
    mixture,
)
from tipintake.privacy.scrub.ensemble import Ensemble  # noqa: E402
from tipintake.privacy.scrub.features import View, analyse, features_of, look_at  # noqa: E402
from tipintake.privacy.scrub.labeller import FIELD, Labeller, Trained  # noqa: E402
from tipintake.privacy.scrub.labels import OUTSIDE, model_label  # noqa: E402
from tipintake.privacy.scrub.scrubber import scrub_with  # noqa: E402
from tipintake.privacy.scrub.shields import known_tokens  # noqa: E402
from tipintake.privacy.scrub.tokens import Token, tokenize  # noqa: E402
from tools.train_encoder import Labelled, go_on, train_encoder, write_vocabulary  # noqa: E402

FOLDER = ROOT / "var/left-out"
HELD_BACK = "dev"
GROUPS = (
    ("train_a", "dev", "train_g", "train_k", "train_p", "train_x", "train_aa", "train_ee"),
    ("train_b", "train_e", "train_h", "train_l", "train_q", "train_y", "train_bb", "train_ff"),
    ("train_c", "train_f", "train_i", "train_m", "train_r", "train_z", "train_gg"),
    ("train_d", "train_j", "train_n", "train_o", "train_s", "train_cc"),
)
# What an encoder that goes on had not read.
LATEST = tuple(f"train_{name}" for name in "p q r s x y z aa bb cc ee ff gg jj kk".split())
AUTHORS = tuple(sorted(author for group in GROUPS for author in group))
TUNED_ON = tuple(author for author in AUTHORS if author != HELD_BACK)
ALWAYS = ("examples", "written")
PARAMETERS = {
    "c1": 1.0,
    "c2": 0.01,
    "max_iterations": 80,
    "feature.possible_transitions": False,
    "feature.minfreq": 1,
}
STEP = re.compile(r"  \(1\) (\S+) --> (\S+): (-?[\d.]+)\n")
FEATURE = re.compile(r"  \(0\) (.*?) --> (\S+): (-?[\d.]+)\n(?=  \(0\)|\})", re.DOTALL)
KEPT_GOAL = 0.87
KEPT_PRICE = 0.9
LEAST_GAIN = 3e-4
FACTORS = (0.5, 0.7, 1.4, 2.0)
BIAS_FACTORS = (0.9, 1.1)
LABEL_RANGE = (0.3, 3.0)


@dataclass(frozen=True, slots=True)
class Narrative:
    """A labelled text, cut into tokens, as the field sees it, and the label of each token."""

    row: dict[str, Any]
    tokens: list[Token]
    view: View
    labels: list[str]


def labels_of(tokens: Sequence[Token], spans: Iterable[Mapping[str, Any]]) -> list[str]:
    labels = [OUTSIDE] * len(tokens)
    for span in spans:
        for at, token in enumerate(tokens):
            if token.start < span["end"] and token.end > span["start"]:
                labels[at] = model_label(span["label"], span["action"])
    return labels


def narrative(row: dict[str, Any]) -> Narrative:
    tokens = tokenize(row["text"])
    view = look_at(analyse(row["text"], tokens), known_tokens(tokens, known_of(row)))
    return Narrative(row, tokens, view, labels_of(tokens, row["spans"]))


def corpus() -> dict[str, list[Narrative]]:
    return {name: [narrative(row) for row in narratives_of(name)] for name in (*AUTHORS, *ALWAYS)}


def train_field(narratives: Iterable[Narrative], path: Path) -> None:
    trainer = pycrfsuite.Trainer(verbose=False)
    for item in narratives:
        trainer.append(pycrfsuite.ItemSequence(features_of(item.view)), item.labels)
    trainer.select("lbfgs")
    trainer.set_params(PARAMETERS)
    with tempfile.TemporaryDirectory() as folder:
        learned = Path(folder) / "field.crfsuite"
        trainer.train(str(learned))
        what_was_learned(learned).write(path)


def what_was_learned(field: Path) -> Trained:
    """The weights of a field as crfsuite prints them; a feature may hold a line end."""
    tagger = pycrfsuite.Tagger()
    tagger.open(str(field))
    labels = tagger.labels()
    printed = field.with_suffix(".txt")
    tagger.dump(str(printed))
    with printed.open(encoding="utf-8", newline="") as file:
        steps_printed, _, features_printed = file.read().partition("STATE_FEATURES = {")
    steps = np.zeros((len(labels), len(labels)))
    for match in STEP.finditer(steps_printed):
        steps[labels.index(match[1]), labels.index(match[2])] = float(match[3])
    weights: dict[str, npt.NDArray[np.float32]] = {}
    for match in FEATURE.finditer(features_printed):
        row = weights.setdefault(match[1], np.zeros(len(labels), dtype=np.float32))
        row[labels.index(match[2])] = float(match[3])
    return Trained(labels, list(weights), np.array(list(weights.values())), steps)


def train_both(
    narratives: Sequence[Narrative], field: Path, encoder: Path, teachers: Path
) -> None:
    train_field(narratives, field)
    train_encoder(labelled(narratives), encoder, teachers)


def trained_without(
    left_out: Sequence[str], texts: Mapping[str, list[Narrative]], folder: Path
) -> Ensemble:
    """Labellers that have seen none of the authors left out."""
    seen = [item for name, items in texts.items() if name not in left_out for item in items]
    folder.mkdir(parents=True, exist_ok=True)
    name = "-".join(left_out)
    field, encoder = folder / f"{name}.npz", folder / f"{name}.onnx"
    if not (field.exists() and encoder.exists()):
        train_both(seen, field, encoder, folder / name)
    return Ensemble(Labeller(field), Encoder(encoder, VOCABULARY), shipped_weights())


def evaluate(ensemble: Ensemble, narratives: Iterable[Narrative]) -> dict[str, Tally]:
    """What becomes of the stretches under "all", each language and each label."""
    rows = (item.row for item in narratives)
    return tallies(
        (row, told_of(row, scrub_with(ensemble, row["text"], known_of(row), Writer(told=True))))
        for row in rows
    )


def line(name: str, tally: Tally) -> str:
    parts = [f"{name:22}"]
    if tally.must_go:
        parts.append(f"masked {tally.masked:.3f} of {tally.must_go:4}")
    if tally.evidence:
        parts.append(f"kept {tally.kept:.3f} lost {tally.lost:.3f} of {tally.evidence:4}")
    if tally.survives:
        parts.append(f"SURVIVE {tally.survives}")
    return "  ".join(parts)


def print_tallies(title: str, found: Tallies, *, labels: bool) -> None:
    print(line(title, found["all"]))
    for key in ("en", "es"):
        if key in found:
            print(line(f"  {key}", found[key]))
    if labels:
        for key in sorted(key for key in found if key.isupper()):
            print(line(f"  {key}", found[key]))


def evaluate_groups(groups: Sequence[Sequence[str]], folder: Path, *, labels: bool) -> None:
    texts = corpus()
    parts = []
    for group in groups:
        ensemble = trained_without(group, texts, folder)
        for author in group:
            found = evaluate(ensemble, texts[author])
            print_tallies(author, found, labels=labels)
            parts.append(found)
    if len(parts) > 1:
        print_tallies("together", added(parts), labels=True)
        masked, kept, lost = means(part["all"] for part in parts)
        print(f"mean of the authors  masked {masked:.3f}  kept {kept:.3f}  lost {lost:.3f}")


def train_shipped(onward: Path | None, siblings: Sequence[Path]) -> None:
    texts = corpus()
    held_back = texts.pop(HELD_BACK)
    FOLDER.mkdir(parents=True, exist_ok=True)
    if onward is None:
        train_both(all_of(texts), FIELD, ENCODER, FOLDER / "shipped")
    else:
        latest = {name: texts.pop(name) for name in LATEST}
        go_on(onward, labelled(all_of(texts)), labelled(all_of(latest)), ENCODER, siblings)
    shipped = Ensemble(Labeller(FIELD), Encoder(ENCODER, VOCABULARY), shipped_weights())
    print_tallies(f"shipped on {HELD_BACK}", evaluate(shipped, held_back), labels=True)


def all_of(texts: Mapping[str, Sequence[Narrative]]) -> list[Narrative]:
    return [item for items in texts.values() for item in items]


def labelled(narratives: Iterable[Narrative]) -> list[Labelled]:
    return [Labelled(item.row, item.tokens, item.labels) for item in narratives]


@dataclass(frozen=True, slots=True)
class Judged:
    """A narrative of a left-out author with its probabilities and its spans in tokens."""

    author: str
    field: npt.NDArray[np.float64]
    encoder: npt.NDArray[np.float32]
    labels: list[str]
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


def judged_authors(folder: Path) -> list[Judged]:
    texts = corpus()
    judged = []
    for group in GROUPS:
        ensemble = trained_without(group, texts, folder)
        for author in group:
            if author in TUNED_ON:
                judged += [judged_narrative(author, ensemble, item) for item in texts[author]]
    return judged


def judged_narrative(author: str, ensemble: Ensemble, item: Narrative) -> Judged:
    labels = ensemble.encoder.labels
    return Judged(
        author,
        ensemble.field.probabilities(item.view, labels),
        ensemble.encoder.probabilities(item.row["text"], item.tokens),
        labels,
        [
            (span["action"] == "redact", held)
            for span in item.row["spans"]
            if (held := span_tokens(item, span))
        ],
    )


def figures(judged: Sequence[Judged], weights: Weights) -> tuple[float, float]:
    """Masked recall and evidence kept by the labellers alone, mean over the authors."""
    counts: dict[str, Counter[str]] = {author: Counter() for author in TUNED_ON}
    for item in judged:
        mixed = mixture(item.field, item.encoder, weights.encoder)
        mask = best_mask(Opinion(item.labels, mixed).odds(weights), weights.switch)
        for redact, held in item.spans:
            hit = sum(letters for at, letters in held.items() if mask[at])
            if redact:
                enough = hit >= MASKED_SHARE * sum(held.values())
                counts[item.author]["removed" if enough else "leaked"] += 1
            else:
                counts[item.author]["lost" if hit else "kept"] += 1
    masked, kept, _ = means(Tally(counted) for counted in counts.values())
    return masked, kept


def worth(found: tuple[float, float]) -> float:
    masked, kept = found
    short = kept - KEPT_GOAL
    return masked + (KEPT_PRICE * short if short < 0 else 0.3 * short)


def variants(weights: Weights, name: str) -> Iterator[Weights]:
    if name in ("encoder", "bias", "switch", "floor"):
        for factor in BIAS_FACTORS if name in ("encoder", "bias") else FACTORS:
            yield replace(weights, **{name: getattr(weights, name) * factor})
        return
    for factor in FACTORS:
        value = weights.label.get(name, 1.0) * factor
        if LABEL_RANGE[0] <= value <= LABEL_RANGE[1]:
            yield replace(weights, label={**weights.label, name: value})


def tuned(judged: Sequence[Judged], weights: Weights, rounds: int = 2) -> Weights:
    """Coordinate ascent: one weight after the other, kept when it gains enough."""
    labels = sorted({label for item in judged for label in item.labels})
    names = ["encoder", "bias", "switch", *(one for one in labels if one != OUTSIDE), "floor"]
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


def tune_shipped(folder: Path) -> None:
    judged = judged_authors(folder)
    shipped = shipped_weights()
    first = Weights(bias=1.5, short=shipped.short, switch=1.5, sure=shipped.sure, plain=0.1)
    weights = tuned(judged, first)
    masked, kept = figures(judged, weights)
    print(f"labellers alone: masked {masked:.3f}  kept {kept:.3f}")
    rounded = replace(weights, label={k: round(v, 3) for k, v in weights.label.items()})
    WEIGHTS.write_text(json.dumps(asdict(rounded), indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--onward", type=Path, help="an encoder to narrow and to train further")
    parser.add_argument(
        "--sibling", type=Path, nargs="+", default=[], help="made so before: the mean is written"
    )
    parser.add_argument("--field", action="store_true", help="train the random field alone")
    parser.add_argument("--evaluate", action="store_true", help="leave each author out in turn")
    parser.add_argument("--groups", action="store_true", help="leave four out at a time")
    parser.add_argument("--leave-out", choices=AUTHORS, help="leave this author out")
    parser.add_argument("--tune", action="store_true", help="tune the label weights")
    parser.add_argument("--vocabulary", action="store_true", help="choose the word pieces")
    parser.add_argument("--folder", type=Path, default=FOLDER, help="models of authors left out")
    options = parser.parse_args()
    if options.tune:
        tune_shipped(options.folder)
    elif options.leave_out:
        evaluate_groups([[options.leave_out]], options.folder, labels=True)
    elif options.evaluate:
        evaluate_groups([[author] for author in AUTHORS], options.folder, labels=False)
    elif options.groups:
        evaluate_groups(GROUPS, options.folder, labels=False)
    elif options.vocabulary:
        write_vocabulary(
            [row["text"] for name in (*TUNED_ON, *ALWAYS) for row in narratives_of(name)]
        )
    elif options.field:
        texts = corpus()
        del texts[HELD_BACK]
        train_field(all_of(texts), FIELD)
    else:
        train_shipped(options.onward, options.sibling)


if __name__ == "__main__":
    main()
