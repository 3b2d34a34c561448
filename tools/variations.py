"""Texts that nobody wrote: narratives with other names, places and roles, mixed, or cut short.

They have no labels of their own; those who have learned from the narratives say what they think of
each, and a pupil learns that.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Any

SEED = 5
LONGEST = 260  # words
SWAPPED, OFTEN_SWAPPED = 0.5, 0.7  # share of the labelled stretches
SMALL = {"REPORTER_ROLE", "REPORTER_RELATION", "INDICATOR", "PLACE", "TIME"}
SENTENCE_END = re.compile(r"(?<=[.!?\n])\s+")
BARE = str.maketrans("áéíóúñ¿¡", "aeioun  ")

Row = Mapping[str, Any]


class Variations:
    """Variations of these narratives, out of their own stretches and sentences alone."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self._chance = random.Random(SEED)
        self._stretches: dict[tuple[str, str, str], list[str]] = defaultdict(list)
        self._by_language: dict[str, list[Row]] = defaultdict(list)
        for row in rows:
            self._by_language[language(row)].append(row)
            for span in row["spans"]:
                kind = language(row), span["label"], span["action"]
                self._stretches[kind].append(row["text"][span["start"] : span["end"]])

    def of(self, row: Row) -> list[str]:
        """Seven, the fifth of them a sentence or two."""
        return [
            clipped(self._swapped(row, SWAPPED)),
            clipped(self._mixed(row, lambda one: str(one["text"]))),
            clipped(self._rough(self._swapped(row, SWAPPED))),
            clipped(self._mixed(row, lambda one: self._swapped(one, SWAPPED))),
            self.short(row),
            clipped(self._rough(self._mixed(row, lambda one: self._swapped(one, SWAPPED)))),
            clipped(self._swapped(row, OFTEN_SWAPPED)),
        ]

    def _swapped(self, row: Row, share: float) -> str:
        """Some stretches replaced by others of the same label and language."""
        text: str = row["text"]
        parts: list[str] = []
        at = 0
        for span in sorted(row["spans"], key=lambda one: one["start"]):
            if span["start"] < at:
                continue
            parts.append(text[at : span["start"]])
            value = text[span["start"] : span["end"]]
            if self._chance.random() < share:
                kind = language(row), span["label"], span["action"]
                value = cased(self._chance.choice(self._stretches[kind]), value, span["label"])
            parts.append(value)
            at = span["end"]
        return "".join(parts) + text[at:]

    def _mixed(self, row: Row, read: Callable[[Row], str]) -> str:
        other = self._chance.choice(self._by_language[language(row)])
        return f"{self._part(read(row))} {self._part(read(other))}"

    def _part(self, text: str) -> str:
        sentences = SENTENCE_END.split(text)
        if len(sentences) == 1:
            return text
        count = max(1, round(len(sentences) * self._chance.uniform(0.35, 0.75)))
        first = self._chance.randrange(0, len(sentences) - count + 1)
        return " ".join(sentences[first : first + count])

    def short(self, row: Row) -> str:
        """A sentence or two."""
        sentences = SENTENCE_END.split(row["text"])
        first = self._chance.randrange(len(sentences))
        return " ".join(sentences[first : first + self._chance.choice((1, 1, 2))])

    def _rough(self, text: str) -> str:
        if self._chance.random() < 0.3:
            text = text.lower()
        if self._chance.random() < 0.3:
            text = re.sub(r"[.,;]", "", text)
        return text.translate(BARE) if self._chance.random() < 0.3 else text


def language(row: Row) -> str:
    return str(row.get("lang", "en"))


def cased(new: str, old: str, label: str) -> str:
    """The new stretch, beginning small or large as the old one did."""
    if old == old.lower():
        return new.lower()
    if old[:1].isupper() and new[:1].islower():
        return new[:1].upper() + new[1:]
    if old[:1].islower() and new[:1].isupper() and label in SMALL:
        return new[:1].lower() + new[1:]
    return new


def clipped(text: str) -> str:
    return " ".join(text.split(" ")[:LONGEST])
