"""Words of a text as names are compared: without case, accents, apostrophes, dots, hyphens.

`St` is `Saint`, `&` is `and`, `œ` is `oe`, and `San Luis` is `St. Louis`. Each token knows how it
follows the one before, so that a name never reaches over a comma or the end of a sentence.
"""

import enum
import re
import unicodedata
from dataclasses import dataclass, replace

from tipintake.routing.places.wording import word_set

_WORD = re.compile(r"&|[^\W_]+(?:['’‘`´ʼ]+[^\W_]+)*")
_APOSTROPHES = str.maketrans("", "", "'’‘`´ʼ")
_LIGATURES = str.maketrans({"œ": "oe", "æ": "ae", "ß": "ss"})
_POSSESSIVE = re.compile(r"['’‘`´ʼ]s$", re.IGNORECASE)
_SAME = {"saint": "st", "santo": "st", "sainte": "ste", "&": "and"}
# A dot after these does not end a sentence.
_ABBREVIATIONS = word_set(
    "st ste mt ft hwy rd ave av blvd ln dr ct pkwy pl no nr apt co cnty mo ill us rt rte mm "
    "uninc unincorp"
)
_HARD = re.compile(r"[!?;]|\.\.|…|\n\s*\n")
_SOFT = re.compile(r"[,()\[\]{}/\\\"“”«»—–:|*+=<>@#%$]|(?<=\s)-|-(?=\s)")


class Gap(enum.IntEnum):
    """How a token follows the one before."""

    JOINED = 0  # a space, a hyphen, an apostrophe, the dot of an abbreviation
    SOFT = 1  # a comma, a bracket, a slash, a dash
    HARD = 2  # the end of a sentence, or the beginning of the text


@dataclass(frozen=True, slots=True)
class Token:
    text: str  # "ofallon"
    bare: str  # without a possessive s: "wentzville" for "Wentzville's"; else as text
    start: int
    end: int
    gap: Gap
    capital: bool  # written with a capital, in a text that is not all capitals
    upper: bool  # written in capitals only, in a text that is not all capitals
    brackets: bool = False  # opens in brackets


def fold(text: str) -> str:
    """One word in the form in which names are compared."""
    text = text.casefold().translate(_APOSTROPHES)
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LIGATURES))
        text = "".join(c for c in text if not unicodedata.combining(c)).translate(_APOSTROPHES)
    return _SAME.get(text, text)


def tokens_of(text: str) -> list[Token]:
    shouted = not any(c.islower() for c in text)
    tokens: list[Token] = []
    end = 0
    for match in _WORD.finditer(text):
        raw = match[0]
        folded = fold(raw)
        tokens.append(
            Token(
                text=folded,
                bare=fold(_POSSESSIVE.sub("", raw)) if _POSSESSIVE.search(raw) else folded,
                start=match.start(),
                end=match.end(),
                gap=_gap(text[end : match.start()], tokens),
                capital=raw[0].isupper() and not shouted,
                upper=raw.isupper() and not shouted,
                brackets="(" in text[end : match.start()],
            )
        )
        end = match.end()
    return _as_st_louis(tokens)


def compact(text: str) -> str:
    """A whole name as one string: "Lake Saint Louis" is "lakestlouis"."""
    return "".join(token.text for token in tokens_of(text))


def parts(text: str) -> int:
    """Over how many words a name may be spread when typed: "O'Fallon" over two."""
    return len(re.findall(r"[^\W_]+|&", text))


def _gap(between: str, before: list[Token]) -> Gap:
    if not before or _HARD.search(between):
        return Gap.HARD
    if "." in between and len(between) > 1 and not _may_be_short(before[-1].text):
        return Gap.HARD
    if between in {"", " "}:
        return Gap.JOINED
    return Gap.SOFT if _SOFT.search(between) else Gap.JOINED


def _may_be_short(word: str) -> bool:
    return len(word) == 1 or word in _ABBREVIATIONS


def _as_st_louis(tokens: list[Token]) -> list[Token]:
    """ "San Luis", and the "E." of East St. Louis, which is another town in another state."""
    for at in range(len(tokens) - 1):
        words = [token.bare for token in tokens[at : at + 3]]
        if words == ["e", "st", "louis"] and tokens[at + 1].gap is Gap.JOINED:
            tokens[at] = replace(tokens[at], text="east", bare="east")
        if tokens[at].text == "san" and tokens[at + 1].bare == "luis":
            tokens[at] = replace(tokens[at], text="st", bare="st")
            tokens[at + 1] = replace(tokens[at + 1], text="louis", bare="louis")
    return tokens
