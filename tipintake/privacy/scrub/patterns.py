"""Stretches of text that look like a contact, plate, code, address of a machine or a clock time.

Every quantifier is bounded, so that the time is linear in the text.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from itertools import chain
from typing import NamedTuple

from tipintake.privacy.scrub.lexicon import fold, ordinary_words


class Candidate(NamedTuple):
    """`text[start:end]` has the shape of a `kind`; whose it is, is decided elsewhere."""

    start: int
    end: int
    kind: str


DIGIT_WORD = (
    r"(?:\d|zero|one|two|three|four|five|six|seven|eight|nine|oh"
    r"|cero|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve)"
)
PHONE = re.compile(
    rf"(?<![\w$#.])[+(]{{0,2}}{DIGIT_WORD}(?:[\s.,()\-–*]{{0,3}}{DIGIT_WORD}){{6,13}}(?![\w])",
    re.IGNORECASE,
)
# "314/555/0163", "314•555•0163", "314_555_0163"; with "O" for nought, "l" for one, "x22" behind
MISTAKEN_FOR_DIGITS = "OoIl"
FEWEST_DIGITS = 7
BETWEEN = r"(?:[^\w\n&;]|_){0,3}"
# Not the price in "x 150 an hour", nor the "x2 girls".
EXTENSION = (
    r"(?: ?(?:x\d{2,5}|ext\.? ?\d{1,5})"
    r"(?!\w|\s?[/$%]| (?:an?|per|each|the|girls?|wom[ae]n|kids?|men"
    r"|usd|dollars?|bucks|hours?|hrs?|por|la|el|chicas?|muchachas?|ni[nñ][ao]s?|d[oó]lares)(?!\w)))?"
)
PLAIN_PHONE = re.compile(
    rf"(?<![\w$.])(?:\+?1[ .\-]?)?\(?"
    rf"(?:(?=[{MISTAKEN_FOR_DIGITS}]{{0,2}}\d)[\d{MISTAKEN_FOR_DIGITS}]{{3}}{BETWEEN}){{2}}"
    rf"[\d{MISTAKEN_FOR_DIGITS}]{{4}}(?:{EXTENSION}(?!\w)|(?=x\d))"
)
PLAINLY_PARTED = re.compile(r"[\d(). +\-–]{1,30}")
# "Rooms 214/216/2180", "USDOT #3145550163"
A_LIST = re.compile(
    r"(?<!\w)(?:rooms?|rms?|units?|apts?|apartments?|suites?|prices?|rates?|doors|beds?|lots?|exits?"
    r"|cuartos?|habitaci[oó]n(?:es)?|apartamentos?|departamentos?|precios?|puertas|unidades)"
    r"(?: (?:are|is|were|son|numbers?|nos?\.?))?:? ?#?$",
    re.IGNORECASE,
)
NUMBERED = re.compile(
    r"(?<!\w)(?:(?:us)?dot|mc|acc(?:oun)?t|cuenta|cases?|caso|order|orden|invoice|factura|permit"
    r"|permiso|licen[sc]e|licencia|tickets?|reports?|reporte|id|booking|reservation|reserva"
    r"|confirmation|ref|reference|tracking|serial|badge|receipt|recibo)"
    r"(?: (?:no\.?|number|n[uú]mero))?[.:]? ?#$",
    re.IGNORECASE,
)
LONGEST_LEAD = 30
SHORT_PHONE = re.compile(r"(?<![\w.\-])555[ .\-]\d{4}(?![\w])")
DIGIT = re.compile(DIGIT_WORD, re.IGNORECASE)
TLD = (
    r"(?:example|com|net|org|info|biz|io|co|me|us|xyz|site|club|online|app|link|live|gov|edu|mx"
    r"|test|invalid)"
)
Kinds = tuple[tuple[str, re.Pattern[str]], ...]
# "mary dot smith at mail dot example"
SPELLED_EMAIL = (
    "EMAIL",
    re.compile(
        r"(?<!\w)[\w.\-]{1,40}(?: (?:dot|punto|underscore|guion|dash) [\w\-]{1,30}){0,3}"
        r" ?[(\[]?(?<!\w)(?:at|arroba)[)\]]? ?[\w\-]{1,40}"
        r"(?: ?[(\[]?(?:dot|punto)[)\]]? ?[\w\-]{1,30}){1,3}(?!\w)",
        re.IGNORECASE,
    ),
)
SPELLED_POINT = re.compile("dot|punto", re.IGNORECASE)
# Streets, inns and cars have the second ones' names.
PLAIN_MAIL_HOST = r"(?:gmail|hotmail|icloud|aol|protonmail)"
MAIL_HOST = r"(?:gmail|yahoo|hotmail|outlook|icloud|aol|proton(?:mail)?)"
AT = r" ?[(\[{<]?\b(?:at|arroba)\b[)\]}>]? ?"
NO_LOCAL_PART = (
    r"(?:\d{1,5}-?[a-z]?|[a-z]-?\d{1,4}|\d{1,2}(?:[.:]\d{2})?[ap]m"
    r"|(?-i:(?=[A-Z\-]{0,8}\d)(?=[\d\-]{0,8}[A-Z])[A-Z\d]{1,7}-?[A-Z\d]{1,7}))(?![\w.+\-])"
)
# "joan.moore at gmail", "joan dot moore at gmail", "joan88#gmail.com"; not "works at yahoo",
# "AB12CD at Outlook Drive", "Room 214a at Outlook Inn".
MAIL_AT_HOST = (
    "EMAIL",
    re.compile(
        rf"(?<![\w.+\-])(?!{NO_LOCAL_PART}(?!{AT}{PLAIN_MAIL_HOST}))"
        r"(?=[\w.+\-]{0,63}[\d._]|[\w\-]{1,40} (?:dot|punto) )"
        r"(?=[\w.+\-]{0,63}[^\W\d_])[\w.+\-]{2,64}"
        r"(?: (?:dot|punto|underscore|guion|dash) [\w\-]{1,30}){0,3}"
        rf"(?:\s?[^\w\s,;]{{1,3}}\s?|{AT}| )"
        rf"(?:{PLAIN_MAIL_HOST}(?:\s?[^\w\s]?\s?(?:com|net|con|es|mx|dot com|punto com))?"
        r"|(?:yahoo|outlook)\s?(?:[^\w\s,;:]\s?|dot |punto | )(?:com(?:\.mx)?|con|es|mx)"
        r"|proton\s?(?:[^\w\s,;:]\s?|dot |punto | )(?:com|me))(?!\w)",
        re.IGNORECASE,
    ),
)
# "joan.moore at outlook": no plate and no room.
NAME_AT_HOST = (
    "EMAIL",
    re.compile(
        rf"(?<![\w.+\-])[^\W\d_]{{2,20}}\.[^\W\d_]{{2,20}}(?:\s?@\s?|{AT})"
        r"(?:yahoo|outlook|proton)(?!\w)",
        re.IGNORECASE,
    ),
)
NAMES_A_HOST = re.compile(MAIL_HOST, re.IGNORECASE)
# The slowest to look for, each with what it never is without
LOOKED_FOR_WITH = (
    (SPELLED_EMAIL, SPELLED_POINT),
    (MAIL_AT_HOST, NAMES_A_HOST),
    (NAME_AT_HOST, NAMES_A_HOST),
)
# Before telephone numbers, for an address may hold digits
ADDRESSES: Kinds = (
    ("URL", re.compile(r"(?:https?://|www\.)[^\s<>\"”»]{1,300}", re.IGNORECASE)),
    (
        "EMAIL",
        re.compile(
            r"(?<![\w.+\-])[\w.+\-][\w.+\-!#%&*/~^'’…]{0,63}(?:@|%40)"
            r"[\w\-]{1,63}(?:\.[\w\-]{1,63}){1,4}"
        ),
    ),
    (
        "EMAIL",
        re.compile(
            rf"(?<![\w.+\-])[\w.+\-]{{2,64}}\s?@\s?{MAIL_HOST}(?:com|con)?(?![\w@])",
            re.IGNORECASE,
        ),
    ),
    SPELLED_EMAIL,
    MAIL_AT_HOST,
    NAME_AT_HOST,
    (
        "URL",
        re.compile(
            rf"(?<![\w@.\-])[\w\-]{{1,63}}(?:\.[\w\-]{{1,63}}){{0,3}}\.{TLD}(?![\w@])"
            r"(?:/[^\s<>\"”»]{0,200})?",
            re.IGNORECASE,
        ),
    ),
    ("IP", re.compile(r"(?<![\w.])\d{1,3}(?:\.\d{1,3}){3}(?![\w])")),
    ("IP", re.compile(r"(?<![\w:])[0-9a-f]{1,4}(?::[0-9a-f]{0,4}){3,7}(?![\w:])", re.IGNORECASE)),
)
MEASURES: Kinds = (
    (
        "ROAD",
        re.compile(
            r"(?<![\w\-])(?:I|US|MO|IL|SR|Rt|Hwy)-\d{1,3}(?![\w\-])"
            r"|(?<![\w\-])I (?:44|55|64|70|170|255|270)(?![\w\-])"
        ),
    ),
    ("HANDLE", re.compile(r"(?<![\w@])@[A-Za-z0-9_][\w.\-]{0,39}")),
    ("HANDLE", re.compile(r"(?<![\w$])\$[A-Za-z][\w\-]{1,39}")),
    ("HANDLE", re.compile(r"(?<!\w)[A-Za-z][\w.]{1,30}#\d{3,5}(?!\w)")),
    (
        "FILE",
        re.compile(
            r"(?<!\w)[\w\-]{1,80}\.(?:jpe?g|png|heic|mov|mp4|pdf|docx?|webp|gif|m4a|mp3|txt)(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        "GPS",
        re.compile(
            r"(?<![\w.])-?\d{1,3}\.\d{3,8} ?[NSns]?,? {0,2}-?\d{1,3}\.\d{3,8} ?[EWew]?(?!\w)"
        ),
    ),
    (
        "CLOCK",
        re.compile(
            r"(?<![\w:])\d{1,2}(?::\d{2})? ?(?:a\.? ?m\.?|p\.? ?m\.?)(?![\w])"
            r"|(?<![\w:])\d{1,2}:\d{2}(?![\w:])",
            re.IGNORECASE,
        ),
    ),
    (
        "DATE",
        re.compile(
            r"(?<![\w/])\d{1,2}/\d{1,2}(?:/\d{2,4})?(?![\w/])|(?<![\w\-])\d{4}-\d{2}-\d{2}(?![\w\-])"
        ),
    ),
    ("MONEY", re.compile(r"(?<![\w$])\$ ?\d[\d,]{0,9}(?:\.\d{2})?k?(?!\w)")),
)
# After plates, for a plate may look like a code
CODES: Kinds = (
    (
        "CODE",
        re.compile(r"(?<![\w\-])#?[A-Za-z0-9]{1,12}(?:-[A-Za-z0-9]{1,12}){1,4}(?![\w\-])"),
    ),
    ("CODE", re.compile(r"(?<![\w\-])#\d{3,12}(?![\w\-])")),
)
NOT_A_PLATE_HEAD = frozenset(
    [
        "rm",
        "room",
        "apt",
        "unit",
        "exit",
        "hwy",
        "highway",
        "route",
        "rt",
        "i",
        "us",
        "mo",
        "il",
        "at",
        "on",
        "in",
        "of",
        "no",
        "and",
        "the",
        "suite",
        "ste",
        "bldg",
        "lot",
        "bay",
        "dock",
        "lvl",
        "level",
        "mile",
        "mm",
        "channel",
        "ch",
        "top",
        "about",
        "like",
        "around",
        "from",
        "to",
        "is",
        "was",
        "a",
        "an",
        "or",
        "by",
    ]
)
SINGLE_PLATE = re.compile(r"[A-Z0-9]{5,8}")
MEASURE = re.compile(
    r"\d{1,4}(?:am|pm|st|nd|rd|th|s|x|hr|hrs|k|min|mins|yo|ft|lb|lbs|in|d|g|mg|h)"
)
MACHINE_HEADER = re.compile(
    r"(?<![\w\-])(?:received|message-id|reply-to|return-path|delivered-to|user-agent|mime-version"
    r"|x-[a-z\-]{1,30})\s?:[^\n]{0,300}",
    re.IGNORECASE,
)
# Of the lines of a mail, and not who is written to in a talk; a mail of others is evidence.
COPY_LINE = re.compile(
    r"(?:^|(?<=\n))(?:b?cc\s?:(?=[^\n]{0,300}@)[^\n]{0,300}"
    r"|(?:from|to|sent|date|subject|de|para|enviado|asunto)\s?:[^\n]{0,200}"
    r"\nb?cc\s?:[^\n]{0,300})",
    re.IGNORECASE,
)
SENT_FROM = re.compile(
    r"(?<!\w)(?:sent (?:from|via) (?:my |an? |the )?|get outlook for "
    r"|enviado (?:desde|con) (?:mi |un )?)[^\n.]{1,40}",
    re.IGNORECASE,
)


def spelled_digits(text: str) -> int:
    return sum(1 for _ in DIGIT.finditer(text))


def find_phones(text: str) -> list[Candidate]:
    found = [
        Candidate(m.start(), m.end(), "PHONE")
        for m in PLAIN_PHONE.finditer(text)
        if sum(map(str.isdigit, m.group())) >= FEWEST_DIGITS and not counts_something(text, m)
    ]
    found += [
        Candidate(m.start(), m.end(), "PHONE")
        for m in PHONE.finditer(text)
        if spelled_digits(m.group()) in (7, 10, 11) or "+" in m.group()[:2]
    ]
    found += [Candidate(m.start(), m.end(), "PHONE") for m in SHORT_PHONE.finditer(text)]
    return found


def counts_something(text: str, match: re.Match[str]) -> bool:
    lead = text[max(0, match.start() - LONGEST_LEAD) : match.start()]
    if NUMBERED.search(lead):
        return True
    return PLAINLY_PARTED.fullmatch(match.group()) is None and A_LIST.search(lead) is not None


def looks_mixed(part: str) -> bool:
    return any(c.isdigit() for c in part) and any(c.isalpha() for c in part)


PICKUP = re.compile(r"[EF][ -]?[1-5]50", re.IGNORECASE)


def is_plate(parts: list[str]) -> bool:
    """Letters with digits, 4 to 8 in all, in capitals or with a part that mixes both."""
    joined = "".join(parts)
    if not 4 <= len(joined) <= 8 or not looks_mixed(joined):
        return False
    if (
        PICKUP.fullmatch("-".join(parts))
        or parts[0].lower() in NOT_A_PLATE_HEAD
        or any(MEASURE.fullmatch(p) for p in parts)
    ):
        return False
    if len(parts) == 1:
        return bool(SINGLE_PLATE.fullmatch(joined)) and sum(c.isdigit() for c in joined) >= 1
    if any(
        p.isalpha() and (fold(p) in ordinary_words() or (len(p) > 3 and not p.isupper()))
        for p in parts
    ):
        return False
    return joined.isupper() or any(looks_mixed(p) for p in parts)


def find_plates(text: str, words: list[re.Match[str]]) -> list[Candidate]:
    """The longest plate-like run of one to three neighbouring words, left to right."""
    found: list[Candidate] = []
    bare = [match.group().isalpha() for match in words]
    if all(bare):
        return found
    at = 0
    while at < len(words):
        if all(bare[at : at + 3]):
            at += 1
            continue
        for count in (3, 2, 1):
            run = words[at : at + count]
            joined = len(run) == count and joined_like_a_plate(text, run)
            if joined and is_plate([m.group() for m in run]):
                found.append(Candidate(run[0].start(), run[-1].end(), "PLATE"))
                at += count - 1
                break
        at += 1
    return found


PLATE_WORD = re.compile(r"(?<![A-Za-z0-9])[A-Za-z0-9]{1,8}(?![A-Za-z0-9])")
PLATE_JOINTS = frozenset((" ", "-", " - ", "·", "."))


def joined_like_a_plate(text: str, run: list[re.Match[str]]) -> bool:
    first, last = run[0].start(), run[-1].end()
    if text[first - 1 : first] == "-" or (
        text[last : last + 1] == "-" and text[last + 1 : last + 2].isalnum()
    ):
        return False
    return all(
        text[left.end() : right.start()] in PLATE_JOINTS for left, right in itertools.pairwise(run)
    )


def is_code(value: str) -> bool:
    alnum = [c for c in value if c.isalnum()]
    return len(alnum) >= 4 and any(c.isdigit() for c in alnum)


def matches(text: str, kinds: Kinds, trailing: str) -> Iterator[Candidate]:
    """Every match, without the marks that end a sentence rather than a value."""
    for one in kinds:
        if any(one is slow and point.search(text) is None for slow, point in LOOKED_FOR_WITH):
            continue
        kind, pattern = one
        for match in pattern.finditer(text):
            end = match.start() + len(match.group().rstrip(trailing))
            yield Candidate(match.start(), end, kind)


def find_candidates(text: str) -> list[Candidate]:
    """Candidates in order of the text; where two overlap the more telling kind stays."""
    found: list[Candidate] = []
    taken = bytearray(len(text))
    for candidate in chain(
        matches(text, ADDRESSES, ".,;:!?)'’"),
        find_phones(text),
        matches(text, MEASURES, ".,- "),
        find_plates(text, list(PLATE_WORD.finditer(text))),
        (c for c in matches(text, CODES, "") if is_code(text[c.start : c.end])),
    ):
        if not any(taken[candidate.start : candidate.end]):
            taken[candidate.start : candidate.end] = b"\1" * (candidate.end - candidate.start)
            found.append(candidate)
    found.sort(key=lambda c: c.start)
    return found
