"""The receipt: a secret shown once, by which a resident comes back without being known.

128 random bits as 26 characters of Crockford's base 32 and one check character, in groups of five:
`7M3QK-…-…-…-…-XX`. Case, spaces and hyphens do not matter; O is read as 0, I and L as 1.

The check character makes the weighted sum of all 27 characters zero in GF(32), with the weights
1, a, a², … a²⁶ of a primitive element `a`. All weights differ and none is zero, so every single
wrong character and every exchange of two characters, neighbours or not, is caught; and the check
character is of the same 32 letters and digits, so it can be read out over a telephone.
"""

import hmac
import re
import secrets
import unicodedata
from dataclasses import dataclass
from hashlib import blake2b, sha256

from tipintake.privacy.seal import PrivateKey, PublicKey

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 27
_VALUES = {char: value for value, char in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
# And signs without a width, which stand around what was copied from a message or a note.
# Also what may stand around a code that is copied out of a message or a note
_SEPARATORS = re.compile(
    r"[\s\-‐‑‒–—―−_.,:;*|/\"'“”„‘’«»()\[\]<>\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]+"
)
_LONGEST_TYPED = 200


class ReceiptTypo(Exception):
    """What was typed cannot be a receipt of ours: a character is wrong, missing or too many."""

    def __init__(self) -> None:
        super().__init__(
            "This code has a typing error. Compare each character with what you saved."
        )


class ReceiptCode:
    """A receipt. It shows itself only when asked for `.pretty`."""

    __slots__ = ("_raw",)

    def __init__(self, raw: bytes) -> None:
        if len(raw) != 16:
            raise ValueError("A receipt has 128 bits.")
        self._raw = raw

    @property
    def pretty(self) -> str:
        """As it is shown, once: groups of five with hyphens."""
        number = int.from_bytes(self._raw)
        values = [(number >> (5 * place)) & 31 for place in reversed(range(LENGTH - 1))]
        text = "".join(ALPHABET[value] for value in [*values, _check_value(values)])
        return "-".join(text[at : at + 5] for at in range(0, LENGTH, 5))

    def to_bytes(self) -> bytes:
        return self._raw

    def __eq__(self, other: object) -> bool:
        return isinstance(other, ReceiptCode) and hmac.compare_digest(self._raw, other._raw)

    def __hash__(self) -> int:
        return hash(self._raw)

    def __repr__(self) -> str:
        return "<ReceiptCode>"

    def __reduce__(self) -> str:
        raise TypeError("A receipt is not copied out of its process.")


@dataclass(frozen=True, slots=True)
class ReplyKeys:
    """The key pair of one receipt: replies are sealed to `public`; only the holder has both."""

    public: PublicKey
    private: PrivateKey


def new() -> ReceiptCode:
    return ReceiptCode(secrets.token_bytes(16))


def parse(text: str) -> ReceiptCode:
    """The receipt that was typed. Raises `ReceiptTypo` when it cannot be one."""
    if len(text) > _LONGEST_TYPED:
        raise ReceiptTypo
    typed = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
    values = [_VALUES.get(char, -1) for char in typed]
    if len(values) != LENGTH or min(values) < 0 or _weighted_sum(values) != 0:
        raise ReceiptTypo
    number = 0
    for value in values[:-1]:
        number = number << 5 | value
    if number >> 128:
        raise ReceiptTypo
    return ReceiptCode(number.to_bytes(16))


def fingerprint(code: ReceiptCode, pepper: bytes) -> bytes:
    """All that the database knows of a receipt; worthless without the pepper beside it."""
    return hmac.new(pepper, b"tipintake receipt 1\x00" + code.to_bytes(), sha256).digest()


def reply_keys(code: ReceiptCode) -> ReplyKeys:
    seed = blake2b(key=code.to_bytes(), digest_size=32, person=b"tipintake reply").digest()
    private = PrivateKey(seed)
    return ReplyKeys(public=private.public, private=private)


def _times_a(value: int) -> int:
    """Multiply by the primitive element a = x in GF(32) = GF(2)[x] / (x⁵ + x² + 1)."""
    value <<= 1
    return value ^ 0b100101 if value & 32 else value


def _weighted_sum(values: list[int]) -> int:
    """Horner's rule: the last value has weight 1, the one before it a, and so on."""
    total = 0
    for value in values:
        total = _times_a(total) ^ value
    return total


def _check_value(values: list[int]) -> int:
    return _weighted_sum([*values, 0])
