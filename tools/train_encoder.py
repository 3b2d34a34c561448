"""Train the scrubber's encoder from labelled narratives and write it as an ONNX model of 8 bits.

Needs the training environment (requirements-train.txt); `tools/train_scrub.py` calls it.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from sentencepiece import SentencePieceProcessor
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tipintake.privacy.scrub.encoder import VOCABULARY, pieces_of  # noqa: E402
from tipintake.privacy.scrub.tokens import Token  # noqa: E402
from tools.encoder_base import (  # noqa: E402
    Network,
    all_pieces,
    pretrained,
    pruned_pieces,
    wanted_pieces,
)
from tools.encoder_graph import write_graph  # noqa: E402

LAYERS = 6
EPOCHS = 7
BATCH = 8
BUCKET = 16 * BATCH
RATE = 3e-4
HEAD_RATE = 1e-3
LAST_RATE = 0.02
WARM_UP = 0.1
DECAY = 0.01
LONGEST = 510
IGNORED = -100
SEED = 1


@dataclass(frozen=True, slots=True)
class Example:
    """A text as piece ids and, at the first piece of each token, the number of its label."""

    pieces: list[int]
    labels: list[int]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the encoder learns from: a text, its tokens and their labels."""

    text: str
    tokens: Sequence[Token]
    labels: Sequence[str]


def write_vocabulary(texts: Sequence[str]) -> None:
    VOCABULARY.write_bytes(pruned_pieces(wanted_pieces(texts)))


def base_ids(vocabulary: SentencePieceProcessor) -> list[int]:
    """For each piece of the shipped vocabulary its id in the base model."""
    ids = {piece: at for at, (piece, _) in enumerate(all_pieces()["model"]["vocab"])}
    return [ids[vocabulary.id_to_piece(at)] for at in range(vocabulary.get_piece_size())]


def example(
    vocabulary: SentencePieceProcessor, item: Labelled, numbers: dict[str, int]
) -> Example:
    read = pieces_of(vocabulary, item.text, item.tokens)
    labels = [IGNORED] * len(read.ids)
    for place, label in zip(read.first, item.labels, strict=True):
        labels[place] = numbers[label]
    ids = [vocabulary.bos_id(), *read.ids[:LONGEST], vocabulary.eos_id()]
    return Example(ids, [IGNORED, *labels[:LONGEST], IGNORED])


def batches(examples: Sequence[Example], chance: random.Random) -> Iterator[list[Example]]:
    """Texts of like length together, in an order of chance."""
    order = list(examples)
    chance.shuffle(order)
    cut: list[list[Example]] = []
    for at in range(0, len(order), BUCKET):
        bucket = sorted(order[at : at + BUCKET], key=lambda e: len(e.pieces))
        cut += [bucket[i : i + BATCH] for i in range(0, len(bucket), BATCH)]
    chance.shuffle(cut)
    yield from cut


def padded(
    batch: Sequence[Example], padding: int
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    length = max(len(e.pieces) for e in batch)
    pieces = torch.full((len(batch), length), padding)
    labels = torch.full((len(batch), length), IGNORED)
    seen = torch.zeros(len(batch), 1, 1, length, dtype=torch.bool)
    for row, item in enumerate(batch):
        size = len(item.pieces)
        pieces[row, :size] = torch.tensor(item.pieces)
        labels[row, :size] = torch.tensor(item.labels)
        seen[row, :, :, :size] = True
    return pieces, labels, seen


def optimizer_of(network: Network) -> torch.optim.Optimizer:
    body = [p for n, p in network.named_parameters() if p.requires_grad and "head" not in n]
    return torch.optim.AdamW(
        [
            {"params": [p for p in body if p.dim() > 1], "lr": RATE, "weight_decay": DECAY},
            {"params": [p for p in body if p.dim() == 1], "lr": RATE, "weight_decay": 0.0},
            {"params": list(network.head.parameters()), "lr": HEAD_RATE, "weight_decay": 0.0},
        ]
    )


def fit(network: Network, examples: Sequence[Example], padding: int) -> None:
    optimizer = optimizer_of(network)
    steps = EPOCHS * -(-len(examples) // BATCH)

    def rate(step: int) -> float:
        return min(1.0, step / (WARM_UP * steps)) * max(LAST_RATE, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    chance = random.Random(SEED)
    network.train()
    for epoch in range(EPOCHS):
        total = 0.0
        for batch in batches(examples, chance):
            pieces, labels, seen = padded(batch, padding)
            with torch.autocast("cpu", dtype=torch.bfloat16):
                scores = network(pieces, seen)
            loss = functional.cross_entropy(
                scores.float().flatten(0, 1), labels.flatten(), ignore_index=IGNORED
            )
            optimizer.zero_grad()
            loss.backward()
            total += loss.item()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        print(
            f"epoch {epoch + 1} of {EPOCHS}  loss {total * BATCH / len(examples):.3f}", flush=True
        )


def train_encoder(narratives: Sequence[Labelled], path: Path) -> None:
    """Train on the narratives and write the model to `path`."""
    torch.manual_seed(SEED)
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    vocabulary = SentencePieceProcessor(model_file=str(VOCABULARY))
    labels = sorted({label for item in narratives for label in item.labels})
    numbers = {label: at for at, label in enumerate(labels)}
    examples = [example(vocabulary, item, numbers) for item in narratives if item.tokens]
    network = pretrained(LAYERS, base_ids(vocabulary), len(labels))
    fit(network, examples, vocabulary.pad_id())
    write_graph(network.eval(), labels, path)
