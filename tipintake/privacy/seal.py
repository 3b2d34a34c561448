"""Sealing: what may still identify somebody is readable only to the holder of a private key.

    key = DataKey.new()                                  one for each tip
    sealed = key.seal(b"...", context="tip:<id>:narrative")
    row = key.sealed_to(desk_public)                     the only copy of the key that is kept
    DataKey.unseal(row, desk_private).open(sealed, context="tip:<id>:narrative")

XChaCha20-Poly1305 with a random nonce; the context is authenticated, so that a sealed value moved
to another row or field does not open. Keys are sealed with X25519 (libsodium's sealed boxes).
Every plain text is padded to a size bucket first: 64, 256, 1 024, 4 096, 16 384, 65 536 bytes, and
whole multiples of 65 536 beyond.
"""

from hashlib import blake2b
from typing import Self

from nacl import bindings, exceptions, utils

_VERSION = b"\x01"
_NONCE = bindings.crypto_aead_xchacha20poly1305_ietf_NPUBBYTES
_TAG = bindings.crypto_aead_xchacha20poly1305_ietf_ABYTES
_KEY = bindings.crypto_aead_xchacha20poly1305_ietf_KEYBYTES
_BOXED_KEY = 1 + _KEY + bindings.crypto_box_SEALBYTES
_BUCKETS = (64, 256, 1024, 4096, 16384, 65536)
_PURPOSE = b"tipintake seal 1\x00"


class CannotOpen(Exception):
    """A sealed value does not open: another key, another place, or it was changed."""

    def __init__(self) -> None:
        super().__init__(
            "This sealed value does not open: it was sealed to another key, moved from another "
            "row, or changed. Run `manage.py keys verify` to see how many are affected."
        )


class Sealed(bytes):
    """Ciphertext. Only what is of this type may be written to a sealed column."""

    def __repr__(self) -> str:
        return f"<Sealed {len(self)} bytes>"

    __str__ = __repr__


class _Secret:
    """Thirty-two bytes that neither print, compare nor pickle by accident."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY:
            raise ValueError(f"A key has {_KEY} bytes.")
        self._raw = raw

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    def __reduce__(self) -> str:
        raise TypeError("A secret key is not copied out of its process.")


class PublicKey:
    """Anybody may seal to it."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != _KEY:
            raise ValueError(f"A public key has {_KEY} bytes.")
        self.raw = bytes(raw)

    @property
    def id(self) -> str:
        """Sixteen hex digits that name the key pair."""
        return blake2b(self.raw, digest_size=8, person=b"tipintake key id").hexdigest()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicKey) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)

    def __repr__(self) -> str:
        return f"<PublicKey {self.id}>"


class PrivateKey(_Secret):
    """Opens what was sealed to its public half, and to any earlier key that it still carries."""

    __slots__ = ("_public", "earlier")

    def __init__(self, raw: bytes, *, earlier: tuple["PrivateKey", ...] = ()) -> None:
        super().__init__(raw)
        self.earlier = earlier
        self._public: PublicKey | None = None

    @classmethod
    def new(cls) -> Self:
        return cls(utils.random(_KEY))

    @property
    def public(self) -> PublicKey:
        # Kept: it takes a tenth of the time of opening a box.
        if self._public is None:
            self._public = PublicKey(bindings.crypto_scalarmult_base(self._raw))
        return self._public

    def to_bytes(self) -> bytes:
        """For the key file, and for the process in which the exporter opens words."""
        return self._raw

    def _open_box(self, boxed: bytes) -> bytes:
        for key in (self, *self.earlier):
            try:
                return bindings.crypto_box_seal_open(boxed, key.public.raw, key._raw)  # noqa: SLF001
            except exceptions.CryptoError:
                continue
        raise CannotOpen


class DataKey(_Secret):
    """The key of one tip. Destroying its sealed copy shreds everything sealed under it."""

    __slots__ = ()

    @classmethod
    def new(cls) -> Self:
        return cls(utils.random(_KEY))

    @classmethod
    def unseal(cls, sealed: Sealed, private: PrivateKey) -> Self:
        boxed = bytes(sealed)
        if boxed[:1] != _VERSION or len(boxed) != _BOXED_KEY:
            raise CannotOpen
        return cls(private._open_box(boxed[1:]))  # noqa: SLF001

    @property
    def mailbox(self) -> PrivateKey:
        """A key pair of the tip's own. Who holds its public half can drop something in; only who
        can unseal this key can take it out, and with this key the box is shredded too."""
        seed = blake2b(key=self._raw, digest_size=32, person=b"tipintake mail")
        return PrivateKey(seed.digest())

    def for_file(self, context: str) -> bytes:
        """A key for one file under this key (`privacy/streams.py`)."""
        seed = blake2b(context.encode(), key=self._raw, digest_size=32, person=b"tipintake file")
        return seed.digest()

    def sealed_to(self, public: PublicKey) -> Sealed:
        return Sealed(_VERSION + bindings.crypto_box_seal(self._raw, public.raw))

    def seal(self, plain: bytes, *, context: str) -> Sealed:
        """`context` names the row and the field; the same words are needed to open."""
        nonce = utils.random(_NONCE)
        body = bindings.crypto_aead_xchacha20poly1305_ietf_encrypt(
            padded(plain), _bound(context), nonce, self._raw
        )
        return Sealed(_VERSION + nonce + body)

    def open(self, sealed: Sealed, *, context: str) -> bytes:
        raw = bytes(sealed)
        if raw[:1] != _VERSION or len(raw) < 1 + _NONCE + _TAG:
            raise CannotOpen
        try:
            plain = bindings.crypto_aead_xchacha20poly1305_ietf_decrypt(
                raw[1 + _NONCE :], _bound(context), raw[1 : 1 + _NONCE], self._raw
            )
        except exceptions.CryptoError:
            raise CannotOpen from None
        return _unpadded(plain)


def seal_to(public: PublicKey, plain: bytes, *, context: str) -> Sealed:
    """Seal one value to a public key: a key of its own, boxed, before the text under it."""
    key = DataKey.new()
    return Sealed(key.sealed_to(public) + key.seal(plain, context=context))


def open_with(private: PrivateKey, sealed: Sealed, *, context: str) -> bytes:
    """Open what `seal_to` sealed."""
    raw = bytes(sealed)
    key = DataKey.unseal(Sealed(raw[:_BOXED_KEY]), private)
    return key.open(Sealed(raw[_BOXED_KEY:]), context=context)


def resealed(sealed: Sealed, private: PrivateKey, public: PublicKey) -> Sealed:
    """The same value sealed to another key pair. Its text is not opened and its context stays.

    Serves both a sealed `DataKey` and what `seal_to` made.
    """
    raw = bytes(sealed)
    key = DataKey.unseal(Sealed(raw[:_BOXED_KEY]), private)
    return Sealed(key.sealed_to(public) + raw[_BOXED_KEY:])


def padded(plain: bytes) -> bytes:
    """Up to the next bucket: 0x80, then zeros (ISO/IEC 7816-4)."""
    return plain + b"\x80" + b"\x00" * (bucket(len(plain) + 1) - len(plain) - 1)


def bucket(size: int) -> int:
    """The smallest bucket that holds `size` bytes."""
    for one in _BUCKETS:
        if size <= one:
            return one
    return -(-size // _BUCKETS[-1]) * _BUCKETS[-1]


def _unpadded(plain: bytes) -> bytes:
    text, mark, zeros = plain.rpartition(b"\x80")
    if not mark or zeros.strip(b"\x00"):
        raise CannotOpen
    return text


def _bound(context: str) -> bytes:
    return _PURPOSE + context.encode()
