"""The second labeller: a small transformer that reads the whole text before it names a word.

The only module that touches onnxruntime and sentencepiece.
"""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt
import onnxruntime
from sentencepiece import SentencePieceProcessor

from tipintake.privacy.scrub.labeller import MODELS, Matrix
from tipintake.privacy.scrub.labels import OUTSIDE
from tipintake.privacy.scrub.tokens import Token

ENCODER = MODELS / "encoder.onnx"
VOCABULARY = MODELS / "pieces.model"
LONGEST_WORD = 40
MOST_ALIKE = 8
SHOUTED = 4  # words in capitals in a row; fewer may be names, codes or a plate
WINDOW = 320
OVERLAP = 64
WHOLE = 150  # pieces; of longer texts only the first piece of each word is read to the end
LEAST = 1e-4


@dataclass(frozen=True, slots=True)
class Pieces:
    """The ids of a text's word pieces, and for each token the place of its first piece."""

    ids: list[int]
    first: list[int]


def pieces_of(vocabulary: SentencePieceProcessor, text: str, tokens: Sequence[Token]) -> Pieces:
    """Word pieces of the tokens.

    A word of more than 40 characters is read by its beginning, and so are more than eight of the
    same token in a row. What is shouted is read as if it were said.
    """
    words: list[str] = []
    starts: list[int] = []
    at = end = alike = 0
    previous = ""
    shouted = shouted_words(tokens)
    for nth, token in enumerate(tokens):
        word = text[token.start : token.start + min(LONGEST_WORD, token.end - token.start)]
        if nth in shouted:
            word = word.lower()
        alike = alike + 1 if word == previous else 0
        if alike < MOST_ALIKE:
            gap = " " if token.start > end and words else ""
            words += [gap, word]
            starts.append(at + len(gap))
            at += len(gap) + len(word)
        else:
            starts.append(starts[-1])
        end, previous = token.end, word
    read = vocabulary.encode("".join(words), return_type="offset_mapping")
    return Pieces(read["ids"], first_pieces(starts, read["offsets"]))


def shouted_words(tokens: Sequence[Token]) -> frozenset[int]:
    """Of words in capitals those that stand among others, with nothing but marks and numbers in
    between: the encoder knows few words in capitals."""
    shouted: set[int] = set()
    run: list[int] = []
    for at, token in enumerate(tokens):
        if token.kind != "WORD":
            continue
        if token.text.isupper():
            run.append(at)
            continue
        if len(run) >= SHOUTED:
            shouted.update(run)
        run = []
    if len(run) >= SHOUTED:
        shouted.update(run)
    return frozenset(shouted)


def first_pieces(starts: Sequence[int], offsets: Sequence[tuple[int, int]]) -> list[int]:
    first, piece, last = [], 0, len(offsets) - 1
    for start in starts:
        while piece < last and (
            offsets[piece][1] <= start or offsets[piece][0] == offsets[piece][1]
        ):
            piece += 1
        first.append(piece)
    return first


def windows(length: int) -> Iterator[tuple[int, int, int, int]]:
    """Stretches to read, and within each the part whose answers count: start, end, from, to."""
    start, counted = 0, 0
    while True:
        end = min(start + WINDOW, length)
        upto = length if end == length else end - OVERLAP // 2
        yield start, end, counted, upto
        if end == length:
            return
        start, counted = end - OVERLAP, upto


def places_to_read(pieces: Pieces) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The places of the pieces that are read to the end, and for each token which of them."""
    if len(pieces.ids) <= WHOLE:
        return np.arange(len(pieces.ids)), np.array(pieces.first)
    words, of_token = np.unique(pieces.first, return_inverse=True)
    return words, of_token


class Encoder:
    """A transformer on one core: the same text gives the same answer."""

    def __init__(self, model: Path, vocabulary: Path) -> None:
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.use_deterministic_compute = True
        self.session = onnxruntime.InferenceSession(
            str(model), options, providers=["CPUExecutionProvider"]
        )
        self.labels: list[str] = json.loads(
            self.session.get_modelmeta().custom_metadata_map["labels"]
        )
        self.vocabulary = SentencePieceProcessor(model_file=str(vocabulary))
        self.begin, self.end = self.vocabulary.bos_id(), self.vocabulary.eos_id()

    def probabilities(self, text: str, tokens: Sequence[Token]) -> npt.NDArray[np.float32]:
        """Tokens x labels."""
        pieces = pieces_of(self.vocabulary, text, tokens)
        if not pieces.ids:
            return self.unread(len(tokens))
        places, of_token = places_to_read(pieces)
        read = []
        for start, end, counted, upto in windows(len(pieces.ids)):
            inside = places[(start <= places) & (places < end)]
            answer = self.read(pieces.ids[start:end], inside - start)
            read.append(answer[(counted <= inside) & (inside < upto)])
        return np.concatenate(read)[of_token]

    def unread(self, tokens: int) -> npt.NDArray[np.float32]:
        """Line ends and the like, which have no pieces: plain words for certain."""
        answer = np.zeros((tokens, len(self.labels)), dtype=np.float32)
        answer[:, self.labels.index(OUTSIDE)] = 1
        return answer

    def read(self, ids: list[int], places: npt.NDArray[np.int64]) -> npt.NDArray[np.float32]:
        """Places x labels of one window."""
        row = np.array([[self.begin, *ids, self.end]], dtype=np.int64)
        read_on = np.concatenate([[0], places + 1, [len(ids) + 1]])  # the marks too
        (answer,) = self.session.run(["probabilities"], {"pieces": row, "first": read_on})
        return np.asarray(answer[0, 1:-1], dtype=np.float32)


def mixture(first: Matrix, second: npt.NDArray[np.float32], share: float) -> Matrix:
    """The two opinions multiplied, the second with `share` of the weight: each may object."""
    mixed = np.exp((1 - share) * np.log(first + LEAST) + share * np.log(second + LEAST))
    return np.asarray(mixed / mixed.sum(axis=1, keepdims=True))


@functools.cache
def shipped_encoder() -> Encoder:
    """The encoder that comes with the package, read once a process."""
    return Encoder(ENCODER, VOCABULARY)
