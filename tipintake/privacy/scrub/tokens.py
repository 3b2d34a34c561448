"""Cut a text into tokens: words, numbers, marks, and candidates as one token each."""

from __future__ import annotations

import re
from typing import NamedTuple

from tipintake.privacy.scrub.lexicon import fold
from tipintake.privacy.scrub.patterns import Candidate, find_candidates

RAW_TOKEN = re.compile(
    r"[^\W\d_](?:[^\W\d_]|[\u0300-\u036f])*"
    r"(?:['’](?:[^\W\d_]|[\u0300-\u036f])+)?"
    r"|\d+|\n+|([^\w\s])\1*|[^\s]"
)
LONGEST_WORD = 40
SHAPE_LENGTH = 8


class Token(NamedTuple):
    """`text[start:end]`; `norm` is its folded form, or the candidate kind in angle brackets."""

    start: int
    end: int
    text: str
    norm: str
    kind: str
    shape: str


def shape_of(word: str) -> str:
    """Xx for Xavier, X for XAVIER, x for xavier, 9 for 214, .: for marks."""
    if word.isalpha() and word.islower():
        return "x"
    out = ""
    for c in word[:LONGEST_WORD]:
        sign = "X" if c.isupper() else "x" if c.isalpha() else "9" if c.isdigit() else c
        if not out.endswith(sign):
            out += sign
    return out[:SHAPE_LENGTH]


def plain_token(match: re.Match[str], offset: int) -> Token:
    word = match.group()
    first = word[0]
    if first == "\n":
        return Token(match.start() + offset, match.end() + offset, word, "\n", "LINE", "\n")
    if first.isdigit():
        norm = word if len(word) <= 2 else "0" * min(len(word), 6)
        return Token(match.start() + offset, match.end() + offset, word, norm, "NUM", "9")
    if first.isalpha():
        norm = fold(word[:LONGEST_WORD])
        return Token(
            match.start() + offset, match.end() + offset, word, norm, "WORD", shape_of(word)
        )
    return Token(match.start() + offset, match.end() + offset, word, first, "MARK", first)


def candidate_token(text: str, candidate: Candidate) -> Token:
    value = text[candidate.start : candidate.end]
    return Token(
        candidate.start,
        candidate.end,
        value,
        f"<{candidate.kind}>",
        candidate.kind,
        shape_of(value),
    )


def tokenize(text: str) -> list[Token]:
    """Tokens in order; they do not overlap and leave out nothing but spaces."""
    tokens: list[Token] = []
    at = 0
    for candidate in find_candidates(text):
        tokens += [plain_token(m, at) for m in RAW_TOKEN.finditer(text[at : candidate.start])]
        tokens.append(candidate_token(text, candidate))
        at = candidate.end
    tokens += [plain_token(m, at) for m in RAW_TOKEN.finditer(text[at:])]
    return tokens
