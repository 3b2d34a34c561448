"""Train the scrubber's encoder from labelled narratives and write it as an ONNX model of 8 bits.

Two teachers learn the labels; the encoder learns the labels and what the two together say, also of
variations that nobody labelled. Then it is made narrower and learns to say that again. Needs the
training environment (requirements-train.txt); `tools/train_scrub.py` calls it.
"""

from __future__ import annotations

import functools
import json
import random
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnxruntime
import torch
from sentencepiece import SentencePieceProcessor
from torch import nn
from torch.nn import functional

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tipintake.privacy.scrub.encoder import (  # noqa: E402
    LEAST,
    VOCABULARY,
    WHOLE,
    Encoder,
    pieces_of,
)
from tipintake.privacy.scrub.tokens import Token, tokenize  # noqa: E402
from tools.encoder_base import (  # noqa: E402
    Network,
    all_pieces,
    pretrained,
    pruned_pieces,
    wanted_pieces,
)
from tools.encoder_graph import read_graph, write_graph  # noqa: E402
from tools.narrowing import Width, narrow_all  # noqa: E402
from tools.variations import Variations  # noqa: E402


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a network is made. `hidden`: the share of pieces that it does not see as it learns."""

    layers: int
    words_from: int | None = None
    hidden: float = 0.0


TEACHERS = {"whole": Recipe(6), "words": Recipe(8, words_from=2, hidden=0.1)}
OF_SHORT_TEXTS = ("whole",)  # the other holds too much of a single sentence
PUPIL = Recipe(6, hidden=0.05)
# What has learned with every piece goes on with words alone behind its first layer.
WORDS_FROM = 1
EPOCHS = 7
LATER = (1, 2, 4, 3, 6)  # the variations that it goes on with
SHORT = 4  # which of the seven variations is a sentence or two
BATCH = 8
BUCKET = 16 * BATCH
RATE = 3e-4
HEAD_RATE = 1e-3
LATER_RATE = 1.5e-4
LAST_RATE = 0.02
# What has learned so is made narrower and goes on, held to what it said.
NARROW = Width(heads=6, inner=512)
NARROW_DROPOUT = 0.05
WATCHED = 1200  # narratives by which it is seen what matters least
ONWARD = (0, 1, 4, 2, 6, 3)  # the variations that it goes on with
THIRD = 3  # of the narratives, from which a single sentence is read besides
ONWARD_RATE = 2.5e-4
TIMES = 2  # that a narrative which is new to it is read in a round
BY_WORDS = 0.15  # share of the shorter texts that are read by their words too
WARM_UP = 0.1
DECAY = 0.01
LONGEST = 510
MARKS = 2  # of a text's beginning and end
SEED = 1

Shares = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Labelled:
    """What the encoder learns from: a narrative, its tokens and their labels."""

    row: Mapping[str, Any]
    tokens: Sequence[Token]
    labels: Sequence[str]


@dataclass(frozen=True, slots=True)
class Example:
    """A text as piece ids, the first piece of each token, and what is to be said of each token."""

    pieces: list[int]
    first: list[int]
    target: Shares  # tokens x labels


def write_vocabulary(texts: Sequence[str]) -> None:
    VOCABULARY.write_bytes(pruned_pieces(wanted_pieces(texts)))


def base_ids(vocabulary: SentencePieceProcessor) -> list[int]:
    """For each piece of the shipped vocabulary its id in the base model."""
    ids = {piece: at for at, (piece, _) in enumerate(all_pieces()["model"]["vocab"])}
    return [ids[vocabulary.id_to_piece(at)] for at in range(vocabulary.get_piece_size())]


def read(
    vocabulary: SentencePieceProcessor, text: str, tokens: Sequence[Token]
) -> tuple[list[int], list[int]]:
    """Piece ids between the two marks, and among them the first piece of each token."""
    pieces = pieces_of(vocabulary, text, tokens)
    ids = [vocabulary.bos_id(), *pieces.ids[:LONGEST], vocabulary.eos_id()]
    return ids, [place + 1 for place in pieces.first if place < LONGEST]


# --- Teachers -----------------------------------------------------------------------------------


class Teacher:
    """A trained network, asked about texts."""

    def __init__(self, path: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self.session = onnxruntime.InferenceSession(
            str(path), options, providers=["CPUExecutionProvider"]
        )
        self.labels: list[str] = json.loads(
            self.session.get_modelmeta().custom_metadata_map["labels"]
        )
        self.first = [one.name for one in self.session.get_inputs()][1:]

    def says(self, ids: list[int], first: list[int]) -> npt.NDArray[np.float64]:
        """Tokens x labels."""
        given = {"pieces": np.array([ids], dtype=np.int64)}
        if not self.first:
            (answer,) = self.session.run(None, given)
            return np.asarray(answer[0][first], dtype=np.float64)
        words = sorted({0, *first, len(ids) - 1})  # the marks are words too
        given[self.first[0]] = np.array(words, dtype=np.int64)
        (answer,) = self.session.run(None, given)
        return np.asarray(answer[0][np.searchsorted(words, first)], dtype=np.float64)


def together(opinions: Sequence[npt.NDArray[np.float64]]) -> Shares:
    mixed = np.exp(sum(np.log(one + LEAST) for one in opinions) / len(opinions))
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True), dtype=np.float32)


def labelled_example(
    vocabulary: SentencePieceProcessor, item: Labelled, labels: Sequence[str]
) -> Example:
    """Each token is certainly what its label says."""
    ids, first = read(vocabulary, item.row["text"], item.tokens)
    numbers = [labels.index(label) for label in item.labels[: len(first)]]
    return Example(ids, first, np.eye(len(labels), dtype=np.float32)[numbers])


def taught(example: Example, teachers: Sequence[Teacher]) -> Example:
    """Half of the word is the label's, half the teachers'."""
    said = together([one.says(example.pieces, example.first) for one in teachers])
    return halfway(example, said)


def halfway(example: Example, said: Shares) -> Example:
    return replace(example, target=((example.target + said) / 2).astype(np.float32))


def told(
    vocabulary: SentencePieceProcessor, text: str, teachers: Sequence[Teacher]
) -> Example | None:
    """A text without labels, as the teachers read it."""
    ids, first = read(vocabulary, text, tokenize(text))
    if not first:
        return None
    return Example(ids, first, together([one.says(ids, first) for one in teachers]))


# --- Learning -----------------------------------------------------------------------------------


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


@dataclass(frozen=True, slots=True)
class Padded:
    """A batch: texts x pieces, and texts x words with the two marks as the first and last."""

    pieces: torch.Tensor
    seen: torch.Tensor
    first: torch.Tensor
    heard: torch.Tensor
    target: torch.Tensor  # words of all texts x labels
    asked: torch.Tensor  # which of texts x words those are


def padded(batch: Sequence[Example], vocabulary: SentencePieceProcessor) -> Padded:
    length = max(len(e.pieces) for e in batch)
    most = max(len(e.first) for e in batch) + 2
    pieces = torch.full((len(batch), length), vocabulary.pad_id())
    first = torch.zeros((len(batch), most), dtype=torch.long)
    seen = torch.zeros_like(pieces, dtype=torch.bool)
    heard = torch.zeros_like(first, dtype=torch.bool)
    asked = torch.zeros_like(heard)
    for row, item in enumerate(batch):
        size, words = len(item.pieces), len(item.first)
        pieces[row, :size] = torch.tensor(item.pieces)
        seen[row, :size] = True
        first[row, : words + 2] = torch.tensor([0, *item.first, size - 1])
        heard[row, : words + 2] = True
        asked[row, 1 : words + 1] = True
    target = torch.from_numpy(np.concatenate([e.target for e in batch]))
    return Padded(pieces, seen, first, heard, target, asked)


def with_hidden(batch: Padded, share: float, vocabulary: SentencePieceProcessor) -> Padded:
    """Some pieces as unknown ones, never the marks."""
    hit = (torch.rand(batch.pieces.shape) < share) & batch.seen
    hit[:, 0] = False
    hit &= batch.pieces != vocabulary.eos_id()
    return replace(batch, pieces=batch.pieces.masked_fill(hit, vocabulary.unk_id()))


def loss_of(network: Network, batch: Padded) -> torch.Tensor:
    with torch.autocast("cpu", dtype=torch.bfloat16):
        scores = network(batch.pieces, batch.seen, batch.first, batch.heard)
    said = functional.log_softmax(scores.float()[batch.asked], dim=-1)
    return -(batch.target * said).sum(dim=-1).mean()


def is_long(batch: Padded, chance: random.Random) -> bool:
    """Read by its words in the service, or one of a few that are besides."""
    return batch.pieces.shape[1] > WHOLE + MARKS or chance.random() < BY_WORDS


def optimizer_of(network: Network, rate: float, head_rate: float) -> torch.optim.Optimizer:
    body = [p for n, p in network.named_parameters() if p.requires_grad and "head" not in n]
    return torch.optim.AdamW(
        [
            {"params": [p for p in body if p.dim() > 1], "lr": rate, "weight_decay": DECAY},
            {"params": [p for p in body if p.dim() == 1], "lr": rate, "weight_decay": 0.0},
            {"params": list(network.head.parameters()), "lr": head_rate, "weight_decay": 0.0},
        ]
    )


def fit(
    network: Network,
    epochs: Sequence[Sequence[Example]],
    vocabulary: SentencePieceProcessor,
    hidden: float,
    rates: tuple[float, float] = (RATE, HEAD_RATE),
    *,
    as_served: bool = False,
) -> None:
    """One round over the examples of each epoch. `rates`: of the body and of the head. With
    `as_served` shorter texts are read whole, as the service does."""
    torch.manual_seed(SEED)
    optimizer = optimizer_of(network, *rates)
    steps = sum(-(-len(examples) // BATCH) for examples in epochs)

    def rate(step: int) -> float:
        return min(1.0, step / (WARM_UP * steps)) * max(LAST_RATE, 1 - step / steps)

    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, rate)
    chance = random.Random(SEED)
    words_from = network.words_from
    network.train()
    for epoch, examples in enumerate(epochs, start=1):
        total = 0.0
        for some in batches(examples, chance):
            batch = padded(some, vocabulary)
            if hidden:
                batch = with_hidden(batch, hidden, vocabulary)
            if as_served:
                network.words_from = words_from if is_long(batch, chance) else None
            loss = loss_of(network, batch)
            optimizer.zero_grad()
            loss.backward()
            total += loss.item()
            nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        network.words_from = words_from
        print(
            f"epoch {epoch} of {len(epochs)}  loss {total * BATCH / len(examples):.3f}", flush=True
        )


def trained(
    recipe: Recipe,
    epochs: Sequence[Sequence[Example]],
    labels: Sequence[str],
    vocabulary: SentencePieceProcessor,
) -> Network:
    torch.manual_seed(SEED)
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    network = pretrained(recipe.layers, base_ids(vocabulary), len(labels), recipe.words_from)
    fit(network, epochs, vocabulary, recipe.hidden)
    return network


def train_encoder(narratives: Sequence[Labelled], path: Path, teachers: Path) -> None:
    """Train on the narratives and write the model to `path`. Teachers are kept as files whose
    names begin like `teachers`, and taken from there the next time."""
    vocabulary = SentencePieceProcessor(model_file=str(VOCABULARY))
    labels = sorted({label for item in narratives for label in item.labels})
    read_by_all = [item for item in narratives if item.tokens]
    examples = [labelled_example(vocabulary, item, labels) for item in read_by_all]
    files = {name: teachers.with_name(f"{teachers.name}.{name}.onnx") for name in TEACHERS}
    for name, recipe in TEACHERS.items():
        if not files[name].exists():
            print(f"teacher: {name}", flush=True)
            teacher = trained(recipe, [examples] * EPOCHS, labels, vocabulary)
            write_graph(teacher.eval(), labels, files[name])
    both = {name: Teacher(file) for name, file in files.items()}
    of_short = [both[name] for name in OF_SHORT_TEXTS]
    own = [taught(example, list(both.values())) for example in examples]
    variations = Variations([item.row for item in narratives])
    varied = [
        [
            told(vocabulary, text, of_short if number == SHORT else list(both.values()))
            for number, text in enumerate(variations.of(item.row))
        ]
        for item in narratives
    ]
    epochs = [
        [*own, *(made for one in varied if (made := one[number]))] for number in range(EPOCHS)
    ]
    print("pupil", flush=True)
    pupil = trained(PUPIL, epochs, labels, vocabulary)
    pupil.words_from = WORDS_FROM
    later = [epochs[number] for number in LATER]
    fit(pupil, later, vocabulary, PUPIL.hidden, (LATER_RATE, LATER_RATE))
    wide = teachers.with_name(f"{teachers.name}.wide.onnx")
    write_graph(pupil.eval(), labels, wide)
    go_on(wide, read_by_all, [], path)


# --- Narrower -----------------------------------------------------------------------------------


def as_before(encoder: Encoder, text: str, tokens: Sequence[Token], length: int) -> Shares:
    """What an encoder says of the first `length` tokens of a text."""
    return encoder.probabilities(text, tokens)[:length]


def said_again(encoder: Encoder, texts: Iterable[str]) -> Iterator[Example]:
    """Texts without labels, as the encoder reads them."""
    for text in texts:
        tokens = tokenize(text)
        ids, first = read(encoder.vocabulary, text, tokens)
        if first:
            yield Example(ids, first, as_before(encoder, text, tokens, len(first)))


def losses_of(
    network: Network, examples: Sequence[Example], vocabulary: SentencePieceProcessor
) -> Iterator[Callable[[], torch.Tensor]]:
    for example in examples:
        batch = padded([example], vocabulary)
        yield functools.partial(loss_of, network, batch)


def narrowed(
    network: Network, examples: Sequence[Example], vocabulary: SentencePieceProcessor
) -> None:
    if network.layers[0].inner.out_features > NARROW.inner:
        some = random.Random(SEED).sample(examples, min(len(examples), WATCHED))
        narrow_all(network.eval(), losses_of(network, some, vocabulary), NARROW)


def go_on(
    wide: Path,
    known: Sequence[Labelled],
    later: Sequence[Labelled],
    path: Path,
    siblings: Sequence[Path] = (),
) -> None:
    """Narrow the encoder `wide`, train it further and write it to `path`.

    It learns the known narratives by their labels and by what it said of them, variations of
    those by that alone, and later ones, which it had not read, by their labels. Each weight is
    then the mean of its own and the `siblings`', others that went on from the same start.
    """
    torch.manual_seed(SEED)
    torch.set_flush_denormal(True)
    torch.set_num_threads(1)
    before = Encoder(wide, VOCABULARY)
    vocabulary = before.vocabulary
    network, labels = read_graph(wide)
    network.words_from = WORDS_FROM
    new = [labelled_example(vocabulary, item, labels) for item in later] * TIMES
    own: list[Example] = []
    for item in known:
        if item.tokens:
            example = labelled_example(vocabulary, item, labels)
            said = as_before(before, item.row["text"], item.tokens, len(example.first))
            own.append(halfway(example, said))
    narrowed(network, own, vocabulary)
    network.dropout_of(NARROW_DROPOUT)
    variations = Variations([item.row for item in known])
    varied = [variations.of(item.row) for item in known]
    epochs = []
    for number in ONWARD:
        some = [texts[number] for texts in varied]
        some += [variations.short(item.row) for item in known[number % THIRD :: THIRD]]
        epochs.append([*own, *said_again(before, some), *new])
    fit(network, epochs, vocabulary, PUPIL.hidden, (ONWARD_RATE, ONWARD_RATE), as_served=True)
    others = [read_graph(each)[0] for each in siblings]
    with torch.no_grad():
        for one, *same in zip(
            network.parameters(), *(each.parameters() for each in others), strict=True
        ):
            one.copy_((one + sum(same)) / (1 + len(same)))
    write_graph(network.eval(), labels, path)
