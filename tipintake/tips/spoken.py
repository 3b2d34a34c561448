"""Digits that are spoken out or disguised: "3 one 4", "tres uno cuatro", "555-O1double4"."""

import re
import unicodedata
from collections.abc import Iterator

_LONGEST = 200
_ENGLISH = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"  # noqa: E501
_SPANISH = "cero uno dos tres cuatro cinco seis siete ocho nueve diez once doce trece catorce quince dieciseis diecisiete dieciocho diecinueve"  # noqa: E501
_TWENTIES = "veinte veintiuno veintidos veintitres veinticuatro veinticinco veintiseis veintisiete veintiocho veintinueve"  # noqa: E501
_UNITS = (
    {word: number for number, word in enumerate(_ENGLISH.split())}
    | {word: number for number, word in enumerate(_SPANISH.split())}
    | {word: 20 + number for number, word in enumerate(_TWENTIES.split()) if number}
    | {"niner": 9, "un": 1, "una": 1, "fourty": 40}
)
# Words that stand for a digit only where the others do not already make a number.
_SOUNDS = {"oh": 0, "o": 0, "to": 2, "too": 2, "tu": 2, "for": 4, "fore": 4, "ate": 8, "won": 1}
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fourty": 40, "fifty": 50, "sixty": 60,
    "seventy": 70, "eighty": 80, "ninety": 90, "veinte": 20, "treinta": 30, "cuarenta": 40,
    "cincuenta": 50, "sesenta": 60, "setenta": 70, "ochenta": 80, "noventa": 90,
}  # fmt: skip
_HUNDREDS = {
    "ciento": 1, "cien": 1, "doscientos": 2, "trescientos": 3, "cuatrocientos": 4,
    "quinientos": 5, "seiscientos": 6, "setecientos": 7, "ochocientos": 8, "novecientos": 9,
}  # fmt: skip
_TIMES = {"double": 2, "triple": 3, "doble": 2}
_JOINS = frozenset(("hundred", "thousand", "mil", "y", "and"))
_ALL_WORDS = frozenset((*_UNITS, *_SOUNDS, *_TENS, *_HUNDREDS, *_TIMES, *_JOINS))
_PIECES = re.compile(
    "|".join(sorted(_ALL_WORDS - {"o", "y", "to", "un"}, key=len, reverse=True)) + r"|o|\d+|\+"
)
_LOOKS_LIKE_A_DIGIT = str.maketrans("oil", "011")


def readings(text: str) -> Iterator[str]:
    """The digits that the text may mean, the strictest reading first. May start with "+"."""
    pieces = [piece for word in _words(text) for piece in _pieces(word)]
    seen = {""}
    for sounds in (False, True):
        for joined in (True, False):
            digits = _Reader(pieces, sounds=sounds, joined=joined).read()
            if digits not in seen:
                seen.add(digits)
                yield digits


class _Reader:
    """Reads a row of pieces from left to right; each piece is looked at once or twice."""

    def __init__(self, pieces: list[str], *, sounds: bool, joined: bool) -> None:
        self.pieces = pieces
        self.joined = joined
        self.units = _UNITS | _SOUNDS if sounds else _UNITS
        self.at = 0

    def read(self) -> str:
        digits = ""
        while self.at < len(self.pieces):
            digits += self._next()
        plus = "+" if digits.startswith("+") else ""
        return plus + digits.replace("+", "")

    def _next(self) -> str:
        piece = self._take()
        if piece.isdigit() or piece == "+":
            return piece
        if piece in _TIMES:
            return self._next()[:1] * _TIMES[piece] if self.at < len(self.pieces) else ""
        if piece in _HUNDREDS:
            return self._after_hundred(_HUNDREDS[piece])
        if piece in _TENS:
            return str(self._with_unit(_TENS[piece]))
        if piece not in self.units:
            return {"hundred": "00", "thousand": "000", "mil": "000"}.get(piece, "")
        value = self.units[piece]
        if value and value < 10 and self._peek() == "hundred":
            self._take()
            return self._after_hundred(value)
        return str(value)

    def _after_hundred(self, hundreds: int) -> str:
        """ "five hundred fifty five" is 555, "eight hundred" 800."""
        rest = 0
        if self.joined:
            if self._peek() in {"and", "y"}:
                self._take()
            if self._peek() in _TENS:
                rest = self._with_unit(_TENS[self._take()])
            elif self._peek() in self.units:
                rest = self.units[self._take()]
        return f"{hundreds}{rest:02d}"

    def _with_unit(self, tens: int) -> int:
        """ "forty three" and "cuarenta y tres" are 43; "forty" is 40."""
        start = self.at
        if self._peek() == "y":
            self._take()
        unit = self.units.get(self._peek(), 0)
        if 0 < unit < 10:
            self._take()
            return tens + unit
        self.at = start
        return tens

    def _peek(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def _take(self) -> str:
        self.at += 1
        return self.pieces[self.at - 1]


def _words(text: str) -> list[str]:
    plain = unicodedata.normalize("NFKD", text[:_LONGEST]).casefold()
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.findall(r"[a-z0-9]+|\+", plain)


def _pieces(word: str) -> list[str]:
    """A word as number words and digits; empty when it is another word."""
    if word in _ALL_WORDS or word.isdigit() or word == "+":
        return [word]
    mended = word.translate(_LOOKS_LIKE_A_DIGIT)
    if mended.isdigit() and any(char.isdigit() for char in word):
        return [mended]
    pieces = _PIECES.findall(word)
    return pieces if "".join(pieces) == word else []
