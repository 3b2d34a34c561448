"""Telephone numbers as the directory writes them, made into links that a phone can follow."""

import re
from dataclasses import dataclass

from django.utils.translation import get_language, gettext

from tipintake.directory.lookup import shown_line
from tipintake.directory.models import Line
from tipintake.web.site import at_hand
from tipintake.web.site.at_hand import HOTLINE, Known

_TEXT = re.compile(r"text\s+(?P<number>[\d -]{3,20})", re.IGNORECASE)
_TTY = re.compile(r"TTY\s+(?P<number>[\d -]{3,20})", re.IGNORECASE)
_CALL = re.compile(r"(?P<number>[+\d][\d ().-]{1,24})")
_SHORT = 6  # 911, 211, 988 and text codes take no country code


@dataclass(frozen=True, slots=True)
class Way:
    """One way to reach somebody. Without `href` it is words only."""

    words: str
    href: str = ""


def ways(number: str) -> list[Way]:
    """ "1-888-555-0100, text 55501, TTY 711" as three ways."""
    return [_way(part.strip()) for part in number.split(",") if part.strip()]


def _way(part: str) -> Way:
    if found := _TEXT.fullmatch(part):
        words = gettext("text %(number)s") % {"number": found["number"]}
        return Way(words, f"sms:{_dialled(found['number'])}")
    if found := _TTY.fullmatch(part):
        words = gettext("TTY %(number)s") % {"number": found["number"]}
        return Way(words, f"tel:{_dialled(found['number'])}")
    if _CALL.fullmatch(part):
        return Way(part, f"tel:{_dialled(part)}")
    return Way(part)


def _dialled(number: str) -> str:
    digits = re.sub(r"\D", "", number)
    if len(digits) <= _SHORT:
        return digits
    return f"+{digits}" if len(digits) == 11 else f"+1{digits}"


@dataclass(frozen=True, slots=True)
class Answering:
    """Somebody whom a resident may call: the number is checked, or it would not be here."""

    name: str
    ways: list[Way]
    year: int | None = None  # said beside a number that only a dated source supports


def answering(code: str, among: Known[Line] | None = None) -> Answering | None:
    """The line of this code as residents may see it, or None without a checked number."""
    for row in (among or at_hand.lines.read()).rows:
        if row.code == code:
            line = shown_line(row, get_language() or "")
            return Answering(line.name, ways(line.number), line.year)
    return None


def hotline_at_hand() -> Answering | None:
    """For a page that tells that the database is away: it is not asked once more."""
    return answering(HOTLINE, at_hand.lines.known())
