"""The encoder reads every word of a text, however long, and says the same each time."""

import itertools
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import onnxruntime
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.privacy.scrub.encoder import (
    OVERLAP,
    WHOLE,
    WINDOW,
    Pieces,
    mixture,
    pieces_of,
    places_to_read,
    shipped_encoder,
    windows,
)
from tipintake.privacy.scrub.tokens import tokenize

TIP = (
    "My neighbor Ana told me that a man called Rico keeps two girls in room 214 of the motel "
    "on Route 94. Yo limpio cuartos ahí los martes, mi teléfono es 314-555-0163.\n"
)


@pytest.mark.parametrize("length", [0, 1, WINDOW, WINDOW + 1, 3 * WINDOW, 5000])
def test_every_piece_is_answered_for_once_and_with_words_around_it(length: int) -> None:
    cut = list(windows(length))
    answered = [at for _, _, first, end in cut for at in range(first, end)]
    assert answered == list(range(length))
    for start, end, first, last in cut:
        assert end - start <= WINDOW
        assert first == 0 or first - start >= OVERLAP // 2
        assert last == length or end - last >= OVERLAP // 2


def test_each_token_is_read_at_its_own_first_piece() -> None:
    encoder, tokens = shipped_encoder(), tokenize(TIP)
    pieces = pieces_of(encoder.vocabulary, TIP, tokens)
    words = [token for token in tokens if token.kind == "WORD"]
    firsts = [pieces.first[at] for at, token in enumerate(tokens) if token.kind == "WORD"]
    for token, first in zip(words, firsts, strict=True):
        piece = encoder.vocabulary.id_to_piece(pieces.ids[first]).strip("▁")
        assert piece
        assert token.text.startswith(piece)


@pytest.mark.parametrize("length", [1, WHOLE, WHOLE + 1, 3 * WINDOW])
def test_of_long_texts_words_alone_are_read_to_the_end(length: int) -> None:
    pieces = Pieces(list(range(length)), list(range(0, length, 2)))
    places, of_token = places_to_read(pieces)
    assert [places[at] for at in of_token] == pieces.first
    assert len(places) == (length if length <= WHOLE else len(pieces.first))


def test_both_ways_of_reading_agree_on_what_is_plain() -> None:
    encoder = shipped_encoder()
    short = TIP * 2
    long = f"{short}{'They come and go at night. ' * 40}"
    assert len(pieces_of(encoder.vocabulary, short, tokenize(short)).ids) <= WHOLE
    assert len(pieces_of(encoder.vocabulary, long, tokenize(long)).ids) > WHOLE
    whole, words = (encoder.probabilities(text, tokenize(text)) for text in (short, long))
    begins = len(tokenize(TIP))
    assert (whole[:begins].argmax(axis=1) == words[:begins].argmax(axis=1)).mean() > 0.9


def test_a_long_text_reads_as_its_beginning_does_alone() -> None:
    """What stands far behind does not change what the first words are."""
    encoder = shipped_encoder()
    text = TIP * 20
    whole = encoder.probabilities(text, tokenize(text))
    assert len(whole) == len(tokenize(text))
    near = tokenize(TIP * 4)
    alone = encoder.probabilities(TIP * 4, near)
    same = (whole[:40].argmax(axis=1) == alone[:40].argmax(axis=1)).mean()
    assert same > 0.95


def test_two_readings_are_equal_to_the_last_bit() -> None:
    encoder, tokens = shipped_encoder(), tokenize(TIP)
    first, second = (encoder.probabilities(TIP, tokens) for _ in range(2))
    assert np.array_equal(first, second)


@given(st.text(max_size=400))
def test_any_text_gets_one_row_of_probabilities_for_each_token(text: str) -> None:
    encoder, tokens = shipped_encoder(), tokenize(text)
    answer = encoder.probabilities(text, tokens)
    assert answer.shape == (len(tokens), len(encoder.labels))
    assert np.allclose(answer.sum(axis=1), 1, atol=1e-3)


def test_either_labeller_can_object() -> None:
    """Columns: plain, name."""
    first = np.array([[0.01, 0.99]])
    sure = np.array([[0.01, 0.99]], dtype=np.float32)
    unsure = np.array([[0.9, 0.1]], dtype=np.float32)
    both, one = mixture(first, sure, 0.5)[0][1], mixture(first, unsure, 0.5)[0][1]
    assert 0.98 < both < 1
    assert 0.5 < one < both
    shares = [mixture(first, unsure, share)[0][1] for share in (0.0, 0.5, 1.0)]
    assert all(more > less for more, less in itertools.pairwise(shares))


def test_reading_leaves_no_file_and_the_library_has_nobody_to_tell(tmp_path: Path) -> None:
    """Official builds from 1.29 on keep a device id and report every session to their makers."""
    places = {name: str(tmp_path / name.lower()) for name in ("HOME", "TMPDIR", "XDG_CACHE_HOME")}
    for place in places.values():
        Path(place).mkdir()
    reading = (
        "from tipintake.privacy.scrub import scrub; print(scrub('My name is Ana Ruiz.').text)"
    )
    done = subprocess.run(
        [sys.executable, "-c", reading],
        env={**places, "PYTHONDONTWRITEBYTECODE": "1", "PATH": os.environ["PATH"]},
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        check=True,
    )
    assert "Ana" not in done.stdout
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    libraries = list(Path(onnxruntime.__file__).parent.rglob("*.so*"))
    assert libraries
    for library in libraries:
        assert b"OneCollector" not in library.read_bytes(), library.name
