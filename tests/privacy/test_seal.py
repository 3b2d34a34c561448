"""What is sealed opens with the right key, in the right place, unchanged; and in no other way."""

import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tipintake.privacy import seal
from tipintake.privacy.seal import CannotOpen, DataKey, PrivateKey, Sealed

BUCKETS = (64, 256, 1024, 4096, 16384, 65536)
OVERHEAD = 1 + 24 + 16


@given(st.binary(max_size=5000), st.text(max_size=50))
def test_what_was_sealed_opens_again(plain: bytes, context: str) -> None:
    key = DataKey.new()
    assert key.open(key.seal(plain, context=context), context=context) == plain


@given(st.binary(max_size=300), st.text(max_size=30), st.text(max_size=30))
def test_a_value_moved_to_another_place_does_not_open(
    plain: bytes, context: str, other: str
) -> None:
    key = DataKey.new()
    sealed = key.seal(plain, context=context)
    if context != other:
        with pytest.raises(CannotOpen):
            key.open(sealed, context=other)


@given(st.binary(max_size=100), st.data())
def test_a_changed_byte_is_noticed(plain: bytes, data: st.DataObject) -> None:
    key = DataKey.new()
    raw = bytearray(key.seal(plain, context="c"))
    at = data.draw(st.integers(0, len(raw) - 1))
    raw[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(CannotOpen):
        key.open(Sealed(raw), context="c")


@given(st.binary(max_size=400))
def test_bytes_that_nobody_sealed_never_open(raw: bytes) -> None:
    private = PrivateKey.new()
    with pytest.raises(CannotOpen):
        DataKey.new().open(Sealed(raw), context="c")
    with pytest.raises(CannotOpen):
        DataKey.unseal(Sealed(raw), private)
    with pytest.raises(CannotOpen):
        seal.open_with(private, Sealed(raw), context="c")


@given(st.binary(max_size=70000))
def test_sealed_sizes_are_buckets(plain: bytes) -> None:
    assert len(DataKey.new().seal(plain, context="c")) - OVERHEAD in {*BUCKETS, 131072}


@given(st.integers(0, 10_000_000))
def test_a_bucket_is_the_smallest_that_holds(size: int) -> None:
    bucket = seal.bucket(size)
    assert bucket >= size
    assert bucket in BUCKETS or bucket % BUCKETS[-1] == 0
    assert not any(size <= smaller < bucket for smaller in BUCKETS)


def test_one_word_and_sixty_bytes_look_the_same() -> None:
    key = DataKey.new()
    assert len(key.seal(b"no", context="c")) == len(key.seal(b"x" * 60, context="c"))


@given(st.binary(max_size=200))
def test_a_tips_key_opens_with_the_private_half_only(plain: bytes) -> None:
    private, other = PrivateKey.new(), PrivateKey.new()
    key = DataKey.new()
    sealed = key.seal(plain, context="c")
    row = key.sealed_to(private.public)
    assert DataKey.unseal(row, private).open(sealed, context="c") == plain
    with pytest.raises(CannotOpen):
        DataKey.unseal(row, other)


def test_a_vault_value_opens_with_its_key_and_place_only() -> None:
    private, other = PrivateKey.new(), PrivateKey.new()
    sealed = seal.seal_to(private.public, b"Marisol", context="here")
    assert seal.open_with(private, sealed, context="here") == b"Marisol"
    with pytest.raises(CannotOpen):
        seal.open_with(other, sealed, context="here")
    with pytest.raises(CannotOpen):
        seal.open_with(private, sealed, context="there")


def test_resealing_moves_a_value_to_a_new_key() -> None:
    old, new = PrivateKey.new(), PrivateKey.new()
    value = seal.seal_to(old.public, b"Marisol", context="here")
    moved = seal.resealed(value, old, new.public)
    assert seal.open_with(new, moved, context="here") == b"Marisol"
    with pytest.raises(CannotOpen):
        seal.open_with(old, moved, context="here")


def test_a_private_key_carries_earlier_ones() -> None:
    old = PrivateKey.new()
    row = DataKey.new().sealed_to(old.public)
    with pytest.raises(CannotOpen):
        DataKey.unseal(row, PrivateKey.new())
    both = PrivateKey(PrivateKey.new().to_bytes(), earlier=(old,))
    assert isinstance(DataKey.unseal(row, both), DataKey)


def test_no_secret_shows_itself() -> None:
    private, key = PrivateKey.new(), DataKey.new()
    sealed = key.seal(b"the words of a tip", context="c")
    for secret in (private, key, sealed):
        shown = f"{secret!r} {secret} {[secret]}"
        assert "the words" not in shown
        assert private.to_bytes().hex() not in shown
        assert "\\x" not in shown
    with pytest.raises(TypeError):
        pickle.dumps(key)


def test_the_same_words_never_look_the_same() -> None:
    key = DataKey.new()
    assert key.seal(b"again", context="c") != key.seal(b"again", context="c")
