"""What a reader sees of a text: no invisible characters, one kind of space, hyphen, digit, letter.

A number that is copied from an address book comes wrapped in invisible marks, its hyphens do not
break, and its spaces are of another kind; telephones offer wide, ringed, raised and struck
through signs. Cues and patterns know the plain ones.
"""

from __future__ import annotations

import re
import string
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

from tipintake.privacy.scrub.findings import Finding

UNSPEAKABLE = re.compile(r"[\ud800-\udfff\x00]")
# Other forms of these signs, and digits of any script, stand in these blocks.
OTHER_FORMS = (
    range(0x80, 0x2490),
    range(0x24B6, 0x2794),
    range(0x3007, 0x3008),
    range(0xA620, 0xABFA),
    range(0xFE50, 0xFFEF),
    range(0x1D400, 0x1D800),
    range(0x1F100, 0x1F150),
    range(0x1FBF0, 0x1FBFA),
)
# Letters in a dark ring or square, of which Unicode does not say what they mean.
DARK = (0x1F150, 0x1F170)
# Spanish writes "1.º" and "2.ª"; the sign of an information desk is no word.
OF_THEIR_OWN = frozenset("ªºℹ")


# Raised and ringed digits mark what they stand beside, or number a list; three and more are a
# number that somebody drew.
RAISED_OR_RINGED = (
    "\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u249b\u24ea-\u24ff\u2776-\u2793"
    "\U0001f100-\U0001f10c"
)
BETWEEN_RINGED = r"(?:[^\w\n]|_){0,3}"
A_MARK = "•"
RINGED_DIGIT = re.compile(f"[{RAISED_OR_RINGED}]")
RINGED_NUMBER = re.compile(
    rf"(?<![^\W_])(?=(?:0{{0,9}}{BETWEEN_RINGED}[{RAISED_OR_RINGED}]){{3}})"
    rf"[0{RAISED_OR_RINGED}](?:{BETWEEN_RINGED}[0{RAISED_OR_RINGED}]){{2,200}}(?![^\W_])"
)
# A letter in a ring or square is a sign of its own, the beginning of a word, or one of several.
RINGED = "\u24b6-\u24e9\U0001f12b\U0001f12c\U0001f130-\U0001f169\U0001f170-\U0001f189"
RINGED_LETTERS = re.compile(
    f"[{RINGED}](?=[a-z])|[{RINGED}]{{2,}}|[{RINGED}](?: [{RINGED}]){{2,60}}"
)
ROMAN = range(0x2160, 0x2189)


def plain_forms() -> Iterator[tuple[int, str]]:
    for sign in map(chr, chain.from_iterable(OTHER_FORMS)):
        digit = unicodedata.digit(sign, None)
        plain = unicodedata.normalize("NFKC", sign) if digit is None else str(digit)
        if len(plain) == 1 and plain != " " and plain.isascii() and sign not in OF_THEIR_OWN:
            yield ord(sign), plain
    for first in DARK:
        yield from zip(range(first, first + 26), string.ascii_uppercase, strict=True)


FORMS = dict(plain_forms())
OF_A_RUN = re.compile(f"[{RAISED_OR_RINGED}{RINGED}]")
ALIKE = {
    sign: plain
    for sign, plain in FORMS.items()
    if sign not in ROMAN and OF_A_RUN.match(chr(sign)) is None
} | str.maketrans(
    dict.fromkeys("\u00a0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
                  "\u202f\u205f\u2800\u3000", " ")
    | dict.fromkeys("\u2010\u2011\u2012\u2212\ufe58\ufe63\uff0d", "-")
)  # fmt: skip
# Signs that nobody sees: zero-width, soft hyphens, fillers, tags, controls, and what turns the
# direction of a text, which telephones put around each number and name that is copied from them.
# They hide a name from who looks for it, and turn what a page writes behind them.
NEVER_SEEN = (
    (0x80, 0x84),
    (0x86, 0x9F),
    (0xAD, 0xAD),
    (0x34F, 0x34F),
    (0x61C, 0x61C),
    (0x115F, 0x1160),
    (0x17B4, 0x17B5),
    (0x180B, 0x180F),
    (0x200B, 0x200F),
    (0x202A, 0x202E),
    (0x2060, 0x206F),
    (0x3164, 0x3164),
    (0xFEFF, 0xFEFF),
    (0xFFA0, 0xFFA0),
    (0xFFF9, 0xFFFB),
    (0x1BCA0, 0x1BCA3),
    (0x1D173, 0x1D17A),
    (0xE0000, 0xE0FFF),
)
# Seen only in how the sign before them is drawn: of a keycap the digit is what is said.
DRAWN = ((0x20E3, 0x20E3), (0xFE00, 0xFE0F))
INVISIBLE = "".join(f"{chr(first)}-{chr(last)}" for first, last in (*NEVER_SEEN, *DRAWN))
UNSEEN = re.compile(f"(?<= )[ {INVISIBLE}]+|[{INVISIBLE}]+")
# Strokes, rings and accents that are written behind the sign they belong to.
DRAWN_OVER = (
    "\u0300-\u034e\u0350-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
)
DRAWN_TOGETHER = re.compile(f"([^{DRAWN_OVER}]?)[{DRAWN_OVER}]+")
# What people and address books write a telephone number with
OF_A_NUMBER = re.compile(
    "[-0-9\\s().+\u2800\u2010-\u2013\u2212\ufe58\ufe63\uff0d"
    + "".join(f"{chr(first)}-{chr(last)}" for first, last in NEVER_SEEN)
    + "]*"
)


@dataclass(frozen=True, slots=True)
class Readable:
    """`text` as it is seen; `places` says where each of its characters, and its end, stands in
    what was written, None where all stand in their own place."""

    text: str
    places: tuple[int, ...] | None = None

    def as_written(self, findings: Iterable[Finding]) -> tuple[Finding, ...]:
        """The findings, of `text`, with the places of what was written."""
        if self.places is None:
            return tuple(findings)
        spans = ((one, self.place_of((one.start, one.end))) for one in findings)
        return tuple(replace(one, start=start, end=end) for one, (start, end) in spans)

    def place_of(self, span: tuple[int, int]) -> tuple[int, int]:
        """From where to where in what was written a stretch of `text` stands."""
        start, end = span
        return span if self.places is None else (self.places[start], self.places[end])


def is_plainly_drawn(number: str) -> bool:
    """A telephone number of plain digits, parted by blanks, hyphens, points and brackets."""
    return OF_A_NUMBER.fullmatch(number) is not None


def readable(written: str) -> Readable:
    """Lone surrogates and NUL, which no model can be told, are replaced one for one."""
    text = UNSPEAKABLE.sub("\ufffd", written)
    if text.isascii() and "  " not in text:
        return Readable(text)
    text, places = with_accents(text.translate(ALIKE))
    kept: list[int] = []
    at = 0
    for gap in UNSEEN.finditer(text):
        kept += range(at, gap.start())
        at = gap.end()
    kept += range(at, len(text))
    if len(kept) == len(written):
        return Readable(drawn_together(text))
    seen = drawn_together("".join(text[place] for place in kept))
    return Readable(seen, (*(places[place] for place in kept), len(written)))


def drawn_together(seen: str) -> str:
    """Ringed and raised signs as what they mean where several stand together, sign for sign."""
    if OF_A_RUN.search(seen) is None:
        return seen
    seen = RINGED_LETTERS.sub(lambda run: run.group().translate(FORMS), seen)
    seen = RINGED_NUMBER.sub(lambda run: run.group().translate(FORMS), seen)
    return RINGED_DIGIT.sub(A_MARK, seen)


def with_accents(text: str) -> tuple[str, Sequence[int]]:
    """An accent in one with its letter, and of what is struck through the sign itself; with the
    place of each."""
    parts: list[str] = []
    places: list[int] = []
    at = 0
    for drawn in DRAWN_TOGETHER.finditer(text):
        under = drawn.group(1)
        parts += [
            text[at : drawn.start()],
            unicodedata.normalize("NFC", drawn.group())[: len(under)],
        ]
        places += range(at, drawn.start() + len(under))
        at = drawn.end()
    if at == 0:
        return text, range(len(text))
    return "".join([*parts, text[at:]]), [*places, *range(at, len(text))]
