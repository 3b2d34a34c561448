"""How an entry is bound to those before it. Pure: docs/explanation/audit.md gives the formula."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Self

START = bytes(32)

_as_json = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":")).encode


def content(
    *, key: int, at: datetime, actor: str, act: str, mark: bytes, facts: Mapping[str, object]
) -> bytes:
    """What the chain binds: everything that was recorded, of the subject its mark only."""
    said = {
        "id": key,
        "at": at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": actor,
        "act": act,
        "subject": mark.hex(),
        "facts": facts,
    }
    return _as_json(said).encode()


def link(previous: bytes, number: int, said: bytes) -> bytes:
    return hashlib.sha256(previous + number.to_bytes(8, "big") + said).digest()


def mark(subject: str, salt: bytes) -> bytes:
    """What stands for a subject in the chain; without its salt it tells nothing."""
    if not subject:
        return b""
    return hashlib.blake2b(subject.encode(), key=salt, digest_size=32).digest()


@dataclass(frozen=True, slots=True)
class Head:
    """How far the chain has come: the last number and its hash."""

    number: int
    digest: bytes

    def __str__(self) -> str:
        return f"{self.number}:{self.digest.hex()}"

    @classmethod
    def parse(cls, text: str) -> Self:
        number, _, digest = text.strip().partition(":")
        head = cls(int(number), bytes.fromhex(digest))
        if head.number < 0 or len(head.digest) != len(START):
            raise ValueError(text)
        return head


BEGINNING = Head(0, START)
