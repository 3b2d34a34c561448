"""Word lists by which the scrubber knows names, roles, relations and cues in two languages."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Mapping
from pathlib import Path

HERE = Path(__file__).parent
APOSTROPHES = str.maketrans("", "", "'’‘`´")


def fold(word: str) -> str:
    """Lower case, without accents and apostrophes: the form in which words are listed.

    Nothing is remembered: a cache here would hold words of tips.
    """
    if word.isascii():
        low = word.lower()
        return low if low.isalpha() else low.translate(APOSTROPHES)
    decomposed = unicodedata.normalize("NFD", word.lower().translate(APOSTROPHES))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def words_of(filename: str) -> frozenset[str]:
    lines = (HERE / filename).read_text(encoding="utf-8").splitlines()
    return frozenset(
        fold(word) for line in lines if not line.startswith("#") for word in line.split()
    )


def read_classes() -> dict[str, frozenset[str]]:
    classes: dict[str, set[str]] = {}
    name = ""
    for line in (HERE / "words.txt").read_text(encoding="utf-8").splitlines():
        if not line or line.startswith("#"):
            continue
        head, colon, tail = line.partition(":")
        if colon and not line.startswith(" "):
            name, line = head, tail
        classes.setdefault(name, set()).update(fold(word) for word in line.split())
    return {name: frozenset(words) for name, words in classes.items()}


@functools.cache
def classes_by_word() -> Mapping[str, tuple[str, ...]]:
    """For every listed word the classes it belongs to, in the order of the list."""
    table: dict[str, list[str]] = {}
    for name, words in read_classes().items():
        for word in words:
            table.setdefault(word, []).append(name)
    return {word: tuple(names) for word, names in table.items()}


@functools.cache
def clusters() -> Mapping[str, tuple[str, str, str]]:
    """For frequent English words: the word groups they belong to, coarse to fine."""
    lines = (HERE / "clusters.txt").read_text(encoding="utf-8").splitlines()
    rows = (line.split() for line in lines if not line.startswith("#"))
    return {word: (coarse, middle, fine) for word, coarse, middle, fine in rows}


@functools.cache
def given_names() -> frozenset[str]:
    return words_of("given_names.txt")


@functools.cache
def surnames() -> frozenset[str]:
    return words_of("surnames.txt")


@functools.cache
def ordinary_words() -> frozenset[str]:
    """Words that are not names by themselves."""
    return words_of("common.txt") | (
        frozenset(classes_by_word()) - frozenset(read_classes()["city"])
    )
