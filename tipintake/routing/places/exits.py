"""Highway exits and mile markers: which jurisdiction they lie in, by the table of the pack."""

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal
from itertools import islice

from tipintake.directory.gazetteer import ExitEntry
from tipintake.routing.places import elsewhere
from tipintake.routing.places.atlas import Atlas
from tipintake.routing.places.results import OUTSIDE, Kind, Outcome, Reading

_ROAD = re.compile(
    r"(?<![a-z0-9])(?:(us|mo|il|rt|rte|route|ruta|state|sr)[\s.-]{0,2})?"
    r"(?:(i|ih|interstate|interestatal|inter|autopista|hwy|highway|carretera)[\s.-]{0,2})?"
    r"0?([0-9]{1,3})(?![0-9])",
)
_EXIT_FIELD = re.compile(r"(?<![0-9])0{0,2}([0-9]{1,3})\s{0,2}-?\s{0,2}([A-F])?(?![A-Z0-9])")
_MARKER_CODE = re.compile(r"mm([0-9]{1,3}(?:\.[0-9])?)")
_NUMBER = re.compile(r"([0-9]{1,3})([A-F]?)")

# --- In running text ---
_EXIT = re.compile(
    r"\b(?:exit|salida)s?\s{0,2}(?:ramp\s|number\s|no\.?\s?|n[uú]mero\s|nr\.?\s?)?#?\s{0,2}"
    r"([0-9]{1,3})(?:-?([A-Fa-f])\b|\s((?-i:[B-F]))\b(?!['’.])|(?!\w))",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\b(?:mile\s?(?:marker|post)|mm|milla|marcador(?:\s(?:de\s)?milla)?)\s{0,2}#?\s{0,2}"
    r"([0-9]{1,3}(?:\.[0-9])?)(?!\w)",
    re.IGNORECASE,
)
_MARKER_BEHIND = re.compile(
    r"(?<![0-9.])([0-9]{1,3}(?:\.[0-9])?)\s{1,2}mile\s?(?:marker|post)", re.IGNORECASE
)
_MILE_ALONE = re.compile(r"\bmile\s{1,2}([0-9]{1,3}(?:\.[0-9])?)(?!\w)", re.IGNORECASE)
_ROAD_IN_TEXT = re.compile(
    r"\b(?:i|ih|interstate|interestatal|autopista|highway|hwy|carretera)[\s.-]{0,2}"
    r"([0-9]{2,3})(?![0-9])"
    r"|\b(?:on|off|of|from|la|near|at|and|y)\s([0-9]{2,3})(?=[\s,.;!?)]|$)",
    re.IGNORECASE,
)
_NOT_THERE = re.compile(
    r"\b(?:from|to|toward|towards|past|after|before|until|not|no|desde|hacia|hasta"
    # "van para la salida" goes there; "se para cerca de", "que para en" stops there.
    r"|(?<!\bse\s)(?<!\bque\s)para(?!\s(?:en|cerca)\b))\s"
    r"(?:(?:at|near|off|by|en|cerca\sde)\s)?(?:the\s|la\s)?(?:i-?\s?[0-9]{2,3}\s)?$",
    re.IGNORECASE,
)
_STATES = "|".join(sorted((*elsewhere.STATES.values(), "ill", "il"), key=len, reverse=True))
_STATE_BEHIND = re.compile(
    r"(?:\s(?:off|of|on|from|de)(?:\s(?:la|the))?\s(?:interstate\s|i[\s-]?)?[0-9]{2,3})?"
    r"(?:,\s|\s(?:in|en|near)\s|\s)(?:[^\W\d][\w'’.]{0,20},?\s(?:[^\W\d][\w'’.]{0,20},?\s)?)?(?:in\s|en\s)?"
    rf"({_STATES})\b(?!\.?\s(?:{'|'.join(sorted(elsewhere.NOT_A_PLACE))})\b)",
    re.IGNORECASE,
)
_SENTENCE = re.compile(r"[.!?;]\s|\n\s*\n")
AT_MOST = 40  # exits and highways that are read in one text
REACH = 60  # characters between an exit and the highway that it belongs to


def highway_of(text: str, atlas: Atlas) -> str:
    """ "I-70" for "Interstate 70 West", "IH70", "70"; empty when no listed highway is meant."""
    for other, _prefix, number in _ROAD.findall(text.casefold()):
        name = f"I-{number}"
        if not other and name in atlas.exits:
            return name
    return ""


def read(highway: str, exit_: str, marker: Decimal | None, atlas: Atlas) -> Reading | None:
    """What the fields of one location say; None when they name no listed exit."""
    road = highway_of(highway, atlas)
    if not road:
        return None
    number = _EXIT_FIELD.search(exit_.upper())
    reading = at_exit(road, f"{number[1]}{number[2] or ''}", atlas) if number else None
    if reading is None and marker is not None and marker.is_finite():
        reading = at_marker(road, marker, atlas)
    if reading is None and not exit_:
        typed = next(codes_in(highway, atlas), "")
        reading = of_code(typed, "", atlas) if typed else None
    return reading


def of_code(code: str, highway: str, atlas: Atlas) -> Reading | None:
    """What a stored mention says: "I-70:217", "I-70:mm214.5", or ":217" on the field's highway."""
    road, _, number = code.partition(":")
    road = road or highway
    marker = _MARKER_CODE.fullmatch(number)
    if marker:
        return at_marker(road, Decimal(marker[1]), atlas)
    return at_exit(road, number, atlas)


def at_exit(road: str, number: str, atlas: Atlas) -> Reading | None:
    """An exit without its letter stands for all its lettered ones; an unlisted one for none."""
    parsed = _NUMBER.fullmatch(number)
    if not parsed:
        return None
    known = atlas.exits.get(road, {}).get(int(parsed[1]), ())
    meant = [entry for entry in known if entry.exit.upper() == number]
    if not meant and not parsed[2]:
        meant = list(known)
    return _together(meant, f"{road}:{number}", atlas) if meant else None


def at_marker(road: str, marker: Decimal, atlas: Atlas) -> Reading | None:
    """Between two neighbouring listed exits of one resolved jurisdiction it is that one."""
    known = atlas.exits.get(road, {})
    below = max((number for number in known if number <= marker), default=None)
    above = min((number for number in known if number >= marker), default=None)
    if below is None or above is None:
        return None
    around = [entry for number in dict.fromkeys((below, above)) for entry in known[number]]
    return _together(around, f"{road}:mm{marker.normalize():f}", atlas)


def _together(entries: Iterable[ExitEntry], value: str, atlas: Atlas) -> Reading:
    entries = list(entries)
    sides = frozenset(side for entry in entries for side in _sides(entry))
    resolved = {entry.jurisdiction for entry in entries if entry.outcome == "resolved"}
    if len(resolved) == 1 and all(entry.outcome == "resolved" for entry in entries):
        (jurisdiction,) = resolved
        county = atlas.county_of(jurisdiction)
        return Reading(
            Kind.EXIT,
            Outcome.RESOLVED,
            value,
            jurisdiction=jurisdiction,
            county=county,
            within=frozenset({county or OUTSIDE}),
            sides=sides,
        )
    counties = {_county(entry, atlas) for entry in entries}
    common = counties.pop() if len(counties) == 1 else ""
    return Reading(Kind.EXIT, Outcome.AMBIGUOUS, value, county=common, sides=sides)


def _sides(entry: ExitEntry) -> tuple[str, ...]:
    return entry.sides or ((entry.jurisdiction,) if entry.jurisdiction else ())


def _county(entry: ExitEntry, atlas: Atlas) -> str:
    """The county of an exit; of an ambiguous one the county that holds all its sides."""
    return atlas.county_of(entry.jurisdiction)


# --- In running text -------------------------------------------------------------------------


def codes_in(text: str, atlas: Atlas) -> Iterator[str]:
    """Exits and mile markers that a text names as a scene, as codes of mentions."""
    roads = [
        (match.start(), match.end(), f"I-{match[1] or match[2]}")
        for match in islice(_ROAD_IN_TEXT.finditer(text), AT_MOST)
    ]
    for start, end, number in islice(_numbers(text), AT_MOST):
        if _NOT_THERE.search(text[max(0, start - 30) : start]):
            continue
        if _is_elsewhere(text[end : end + REACH], atlas):
            continue
        road = _nearest(roads, start, end, text)
        if not road and _MILE_ALONE.match(text, start):
            continue  # "mile 5" is a place beside a highway only
        if of_code(f"{road}:{number}", road, atlas) or (not road and _is_listed(number, atlas)):
            yield f"{road}:{number}"


def _is_elsewhere(behind: str, atlas: Atlas) -> bool:
    """ "exit 19B in Illinois", "exit 14 off I-64, O'Fallon, IL": numbers begin anew there."""
    match = _STATE_BEHIND.match(behind)
    word = "".join(match[1].casefold().split()) if match else ""
    return elsewhere.STATE_WORDS.get(word, atlas.home_state) != atlas.home_state


def _numbers(text: str) -> Iterator[tuple[int, int, str]]:
    for match in _EXIT.finditer(text):
        yield match.start(), match.end(), match[1] + (match[2] or match[3] or "").upper()
    for pattern in (_MARKER, _MARKER_BEHIND, _MILE_ALONE):
        for match in pattern.finditer(text):
            yield match.start(), match.end(), f"mm{match[1]}"


def _nearest(roads: list[tuple[int, int, str]], start: int, end: int, text: str) -> str:
    best, name = REACH + 1, ""
    for begins, stops, road in roads:
        gap = slice(stops, start) if stops <= start else slice(end, begins)
        far = gap.stop - gap.start
        if far < best and not _SENTENCE.search(text[gap]):
            best, name = far, road
    return name


def _is_listed(number: str, atlas: Atlas) -> bool:
    return any(of_code(f":{number}", road, atlas) for road in atlas.exits)
