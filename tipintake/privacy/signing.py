"""The installation's Ed25519 signature: who has its public key sees that nothing was changed.

A signature is detached, 64 raw bytes, and openssl checks it without us:

    openssl pkeyutl -verify -pubin -inkey signing.pem -rawin -in FILE -sigfile FILE.sig
"""

import base64
from hashlib import blake2b
from typing import Self

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

# SubjectPublicKeyInfo of Ed25519 (RFC 8410) before the 32 raw bytes.
_SPKI = bytes.fromhex("302a300506032b6570032100")
SIGNATURE = 64


class PublicSigningKey:
    """Anybody may check with it."""

    __slots__ = ("raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 32:
            raise ValueError("A signing key has 32 bytes.")
        self.raw = bytes(raw)

    @classmethod
    def from_pem(cls, text: str) -> Self:
        """Raises ValueError for anything but one Ed25519 public key."""
        body = "".join(line for line in text.split("\n") if line and not line.startswith("-----"))
        raw = base64.b64decode(body.strip(), validate=True)
        if not raw.startswith(_SPKI):
            raise ValueError("This is not an Ed25519 public key in PEM.")
        return cls(raw.removeprefix(_SPKI))

    @property
    def id(self) -> str:
        """Sixteen hex digits that name the key."""
        return blake2b(self.raw, digest_size=8, person=b"tipintake key id").hexdigest()

    @property
    def pem(self) -> str:
        body = base64.b64encode(_SPKI + self.raw).decode()
        return f"-----BEGIN PUBLIC KEY-----\n{body}\n-----END PUBLIC KEY-----\n"

    def accepts(self, content: bytes, signature: bytes) -> bool:
        if len(signature) != SIGNATURE:
            return False
        try:
            VerifyKey(self.raw).verify(content, signature)
        except BadSignatureError:
            return False
        return True

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PublicSigningKey) and self.raw == other.raw

    def __hash__(self) -> int:
        return hash(self.raw)


class PrivateSigningKey:
    """Thirty-two bytes that neither print nor pickle by accident."""

    __slots__ = ("_seed",)

    def __init__(self, seed: bytes) -> None:
        if len(seed) != 32:
            raise ValueError("A signing key has 32 bytes.")
        self._seed = seed

    def __repr__(self) -> str:
        return "<PrivateSigningKey>"

    def __reduce__(self) -> str:
        raise TypeError("A secret key is not copied out of its process.")

    @property
    def public(self) -> PublicSigningKey:
        return PublicSigningKey(bytes(SigningKey(self._seed).verify_key))

    def sign(self, content: bytes) -> bytes:
        return bytes(SigningKey(self._seed).sign(content).signature)
