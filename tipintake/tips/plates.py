"""License plates as people type them, brought to one form for search and one for matching."""

import re
import unicodedata

_LOOKALIKES = str.maketrans("OQDISZBG", "00015286")
_UNKNOWN = "?¿_"
_RUN = "*"
_LONGEST = 20


def canonical(raw: str) -> str:
    """Upper case A–Z and 0–9; `?` for one character not seen, `*` for a run of them.

    "ab1-?2d" -> "AB1?2D"; "AB1…" -> "AB1*". Empty when no letter or digit is left.
    """
    # An ellipsis would be taken apart by NFKC into three full stops.
    text = raw.replace("…", "*").replace("...", "*")
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKC", text)).upper()
    kept = "".join(_kept(char) for char in text)
    kept = re.sub(r"\?*\*[?*]*", "*", kept)
    kept = kept[:_LONGEST]
    return kept if any(char.isalnum() for char in kept) else ""


def skeleton(plate: str) -> str:
    """Characters that are taken for one another made equal: O Q D → 0, I → 1, S → 5, Z → 2, …"""
    return plate.translate(_LOOKALIKES)


def is_partial(plate: str) -> bool:
    """True when the canonical plate says that characters are missing."""
    return "?" in plate or "*" in plate


def _kept(char: str) -> str:
    if char.isascii() and char.isalnum():
        return char
    if char in _UNKNOWN:
        return "?"
    return "*" if char in _RUN else ""
