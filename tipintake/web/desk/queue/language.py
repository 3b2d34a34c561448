"""The words of the queue's box: `is:new city:wentzville plate:AB?C* age:>2d "Sunset Inn"`.

Pure: it takes a text and says what was asked, or which word it did not understand and what to
write instead. What a word means to the database stands in facets.py, what they mean together in
questions.py.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta

from django.utils.translation import gettext as _
from rapidfuzz import fuzz, process

LONGEST = 200
MOST_WORDS = 12
QUOTED = "words"  # the facet of a word in quotes
NUMBER = "tip"  # the facet of a tip number

_TOKEN = re.compile(r'(?P<not>-?)(?:(?P<key>[A-Za-z]+):)?(?P<value>"[^"]*"?|[^\s"]+)|(?P<odd>\S)')
_TIP = re.compile(r"T-?([0-9A-Z]{4})-?([0-9A-Z]{4})", re.IGNORECASE)
_AGE = re.compile(r"(?P<than>[<>])(?P<count>[0-9]{1,4})(?P<unit>[hdw])")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


@dataclass(frozen=True, slots=True)
class Word:
    """One thing that was asked: `values` are alternatives, `refused` turns it round."""

    key: str
    values: tuple[str, ...]
    refused: bool = False

    def __str__(self) -> str:
        value = ",".join(f'"{one}"' if _needs_quotes(one) else one for one in self.values)
        sign = "-" if self.refused else ""
        if self.key == QUOTED:
            return f'{sign}"{self.values[0]}"'
        return f"{sign}{value}" if self.key == NUMBER else f"{sign}{self.key}:{value}"


def _needs_quotes(value: str) -> bool:
    """Without them it would be read as several words, or as alternatives."""
    return not value or "," in value or any(char.isspace() for char in value)


@dataclass(frozen=True, slots=True)
class Asked:
    words: tuple[Word, ...] = ()
    problems: tuple[str, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.words))

    def values(self, key: str) -> tuple[str, ...]:
        """What was asked for under this key, turned-round words left out."""
        found = (one.values for one in self.words if one.key == key and not one.refused)
        return tuple(value for values in found for value in values)

    def without(self, word: Word) -> "Asked":
        return replace(self, words=tuple(one for one in self.words if one is not word))


def parse(text: str, known: Iterable[str]) -> Asked:
    """What was asked. A word that is none of `known` is refused by its name."""
    keys = tuple(known)
    if len(text) > LONGEST:
        return Asked(problems=(_("Write at most {longest} characters.").format(longest=LONGEST),))
    words: list[Word] = []
    problems: list[str] = []
    for token in _TOKEN.finditer(text.replace("\x00", " ")):
        found = _word(token, keys)
        if isinstance(found, Word):
            words.append(found)
        else:
            problems.append(found)
    if len(words) > MOST_WORDS:
        problems.append(
            _("Ask for at most {most_words} things at once.").format(most_words=MOST_WORDS)
        )
    return Asked(tuple(words), tuple(problems))


def _word(token: re.Match[str], keys: tuple[str, ...]) -> Word | str:
    if token["odd"]:
        return _("“{odd}” does not belong here. Put names of places in straight quotes.").format(
            odd=token["odd"]
        )
    key, raw, refused = (token["key"] or "").lower(), token["value"], bool(token["not"])
    if not key:
        return _bare(raw, refused=refused)
    if key not in keys:
        return _("“{key}:” is not a word of this box. {hint}").format(
            key=key, hint=_instead(key, keys)
        )
    values = (raw.strip('"'),) if raw.startswith('"') else tuple(filter(None, raw.split(",")))
    if not values or not values[0]:
        return _(
            "Nothing stands after “{key}:”. Write what you look for, without a space."
        ).format(key=key)
    return Word(key, values, refused)


def _bare(raw: str, *, refused: bool) -> Word | str:
    if raw.startswith('"'):
        inside = raw.strip('"').strip()
        return (
            Word(QUOTED, (inside,), refused) if inside else _("Nothing stands between the quotes.")
        )
    if number := _TIP.fullmatch(raw):
        return Word(NUMBER, (f"T-{number[1]}-{number[2]}".upper(),), refused)
    if raw.endswith(":"):
        return _("Nothing stands after “{raw}”. Write what you look for, without a space.").format(
            raw=raw
        )
    return _(
        "“{raw}” stands alone. Put the name of a place or street in quotes, “city:{raw}” for a "
        "city, “plate:…” for a plate. The words of a tip are sealed and are not read here."
    ).format(raw=raw)


def _instead(key: str, keys: tuple[str, ...]) -> str:
    near = closest(key, keys)
    return (
        _("Did you mean “{near}:”?").format(near=near)
        if near
        else _("It knows {value}.").format(value=", ".join(f"{k}:" for k in keys))
    )


def closest(word: str, known: Iterable[str]) -> str:
    """The known word that is most like this one; empty when none is much like it."""
    found = process.extractOne(word.lower(), list(known), scorer=fuzz.WRatio, score_cutoff=70)
    return str(found[0]) if found else ""


def age(value: str) -> tuple[str, timedelta] | None:
    """(">" or "<", how long) of ">2d", "<3h", ">1w"; None for anything else."""
    found = _AGE.fullmatch(value.lower())
    return (found["than"], int(found["count"]) * _UNITS[found["unit"]]) if found else None
