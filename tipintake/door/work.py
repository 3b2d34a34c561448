"""Proof of work: how a script in a crowd shows that it means this one tip.

    challenge = ask(now, busy=busy)                     signed, forgotten at once
    claim = check(challenge.text, nonce, now=now)       raises WorkRefused; microseconds
    burn(claim, now=now)                                in the transaction that keeps the tip

It is never asked of the form, and it never decides whether a tip is kept: without it a tip that
comes from a crowded address sorts behind the rest, and that is all. A solution lifts that once.

Work: find a nonce such that SHA-256 of the challenge, a point and the nonce begins with `bits`
zero bits. At 22 bits that takes 4.2 million hashes on average: about a quarter of a second in a
compiled program on one core of 2026, two seconds in Python.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from tipintake.door import signed
from tipintake.door.crowd import CROWDED

LIFE = timedelta(minutes=10)
BITS_BY_BUSY = (22, 22, 23, 24)
NONCE = r"^[0-9A-Za-z_-]{1,64}$"
LONGEST_CHALLENGE = 80
PURPOSE = "work"
ISSUED_BYTES, BITS_BYTES, RANDOM_BYTES = 5, 1, 16
CLAIM_BYTES = ISSUED_BYTES + BITS_BYTES + RANDOM_BYTES

ACCEPTED = "accepted"
WRONG, EXPIRED, SPENT = "wrong", "expired", "spent"


class WorkRefused(Exception):
    """The work counts for nothing; `why` is wrong, expired or spent."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Challenge:
    text: str
    bits: int
    needed: bool  # whether a tip from there would be sorted behind the rest without work


def ask(now: datetime, *, busy: int, bits: int = 0) -> Challenge:
    """A challenge as hard as its origin is busy, or of so many `bits`."""
    bits = bits or BITS_BY_BUSY[busy]
    claim = int(now.timestamp()).to_bytes(ISSUED_BYTES, "big") + bytes([bits])
    claim += secrets.token_bytes(RANDOM_BYTES)
    return Challenge(signed.sign(PURPOSE, claim), bits, busy >= CROWDED)


def check(challenge: str, nonce: str, *, now: datetime) -> bytes:
    """The challenge's claim, which is then to be burnt. Reads the database only for right work."""
    claim = signed.read(PURPOSE, challenge, CLAIM_BYTES)
    if claim is None or not is_solved(challenge, nonce, claim[ISSUED_BYTES]):
        raise WorkRefused(WRONG)
    if not timedelta(seconds=-1) <= now - _issued(claim) <= LIFE:
        raise WorkRefused(EXPIRED)
    if signed.is_burnt(PURPOSE, claim):
        raise WorkRefused(SPENT)
    return claim


def burn(claim: bytes) -> None:
    """Use the challenge up, in the caller's transaction; who is late is refused."""
    try:
        signed.burn(PURPOSE, claim, until=_issued(claim) + LIFE)
    except signed.Used:
        raise WorkRefused(SPENT) from None


def is_solved(challenge: str, nonce: str, bits: int) -> bool:
    if not re.fullmatch(NONCE, nonce):
        return False
    digest = hashlib.sha256(f"{challenge}.{nonce}".encode()).digest()
    return int.from_bytes(digest, "big") >> (len(digest) * 8 - bits) == 0


def _issued(claim: bytes) -> datetime:
    return datetime.fromtimestamp(int.from_bytes(claim[:ISSUED_BYTES], "big"), tz=UTC)
