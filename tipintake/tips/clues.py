"""What two tips can have in common, as values: plates, numbers, names online, places, pins.

A clue is what stands in clear, in a form that can be looked up: its main key, and for a plate and
a pin the further keys by which something near is found without reading every other one. The name
of a suspect, and a name in an ad, are never clues: they are allegations and fit many.

Which plates are found by their keys, exactly:
* whole against whole: the same after lookalikes are made equal, or one character wrong, missing,
  added, or two neighbours swapped (each stores itself with each one character left out);
* whole against partial: up to three `?`, or one run `*` with four characters beside it that were
  seen; a plate of which only a part was typed counts when that part begins or ends the other.
"""

import enum
import hashlib
import itertools
import math
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from tipintake.privacy.scrub import EvidenceKind
from tipintake.tips import one_form, online, shared_pages, unknown
from tipintake.tips.floods import LEAST_PLATE
from tipintake.tips.models import EvidenceInWords, OnlineLead, Place, Vehicle
from tipintake.tips.plates import is_partial, skeleton

MOST_UNSEEN = 3  # characters of a plate
ALPHABET = "".join(sorted(set(skeleton("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))))
LONGEST_PLATE = 10  # a longer one is not a plate; it is compared whole only
NEAR_METRES = 250
LEAST_HANDLE = 4
VALUE_LENGTH = 120
_EARTH = 6_371_000.0
_METRES_A_DEGREE = 111_190.0  # a little less than it is: squares are never too narrow
_STREETS = {
    "st": "street",
    "rd": "road",
    "ave": "avenue",
    "dr": "drive",
    "ln": "lane",
    "blvd": "boulevard",
    "pkwy": "parkway",
    "hwy": "highway",
    "ct": "court",
}
# Names that fit hundreds of places say nothing.
NO_NAMES = frozenset(
    "motel hotel house home apartment apartments gasstation truckstop parkinglot park school "
    "restaurant bar club mall store shop spa massage massageparlor salon nailsalon bus busstation "
    "street church casa hotelmotel unknown reststop restarea walmart mcdonalds qt".split()
)
# "Calle Cedar 1200", not "Highway 67".
_NUMBER_BEHIND = re.compile(
    r"^(?!(?:(?:state|us|u\.s\.|interstate|county|old) )?(?:highway|hwy|route|rte|road|rd"
    r"|interstate|exit|mile|i|us|mo|il|ruta|autopista|carretera|salida)\b).*[^\W\d].* #?\d{1,6}$",
    re.IGNORECASE,
)
_STATE_CODE = re.compile(r"[A-Z]{2}")


class Kind(enum.StrEnum):
    PLATE = "plate"
    PHONE = "phone"
    EMAIL = "email"
    HANDLE = "handle"
    URL = "url"
    PAYMENT = "payment"
    ROOM = "room"
    ADDRESS = "address"
    PLACE = "place"
    PIN = "pin"


NEAR = "near"  # a further key of a plate
# Of these many tips may name one: only the newest are looked at.
CROWDED = frozenset({Kind.PLACE, Kind.ADDRESS, Kind.PIN})


@dataclass(frozen=True, slots=True)
class Clue:
    """One thing that a tip names. `key` is what another tip must have to name the same."""

    kind: Kind
    key: int
    value: str  # as staff read it; of a plate its canonical form, of a pin "latitude,longitude"
    within: str = ""  # a plate's state
    about: str = ""  # of a plate: make and colour of its vehicle, as NCIC codes


def key_of(space: str, value: str) -> int:
    """Eight bytes that stand for a value, as a signed number that both databases index."""
    digest = hashlib.blake2b(value.encode(), digest_size=8, person=space.encode()).digest()
    return int.from_bytes(digest, "big", signed=True)


def clues_of(
    *,
    vehicles: Iterable[Vehicle] = (),
    places: Sequence[Place] = (),
    leads: Iterable[OnlineLead] = (),
    in_words: Iterable[EvidenceInWords] = (),
) -> list[Clue]:
    """Every clue of a tip, each once."""
    words = list(in_words)
    found = [
        *(clue for one in vehicles for clue in _of_vehicle(one)),
        *(clue for one in leads for clue in _of_lead(one)),
        *(clue for one in places for clue in _of_place(one)),
        *(clue for one in words for clue in _of_words(one)),
        *_rooms_in_words(words, places),
    ]
    # The field of a vehicle says more of a plate than the words do, and comes first.
    return list({(one.kind, one.key): one for one in reversed(found)}.values())[::-1]


# --- Vehicles ---------------------------------------------------------------------------------


def _of_vehicle(vehicle: Vehicle) -> Iterator[Clue]:
    plate = vehicle.plate_canonical
    if vehicle.plate_partial and plate and not is_partial(plate):
        plate = f"*{plate}*"
    state = vehicle.plate_state if _STATE_CODE.fullmatch(vehicle.plate_state) else ""
    about = f"{vehicle.make_code}|{vehicle.colour1_code}"
    yield from _plate(plate, state, "" if about == "|" else about)


def _plate(plate: str, state: str = "", about: str = "") -> Iterator[Clue]:
    if seen(plate) >= LEAST_PLATE and not unknown.is_no_plate(plate):
        yield Clue(Kind.PLATE, plate_key(plate), plate, state, about)


def seen(plate: str) -> int:
    """How many characters of a plate were seen."""
    return sum(char.isalnum() for char in plate)


def plate_key(plate: str) -> int:
    """What a plate is found by when it is the same, or the same part of one."""
    return key_of("part" if is_partial(plate) else "plate", skeleton(plate))


def further_keys(clue: Clue) -> set[int]:
    """What is stored beside the main key, so that others find it by what is near."""
    if clue.kind != Kind.PLATE:
        return set()
    plate = skeleton(clue.value)
    if "*" in plate:
        return {key_of("beside a run", one) for one in _beside_runs(plate)}
    if "?" in plate or len(plate) > LONGEST_PLATE:
        return set()
    shorter = {key_of("plate", one) for one in _one_left_out(plate)}
    return shorter | {key_of("ends", one) for one in _ends(plate)}


def keys_to_ask(clue: Clue) -> set[int]:
    """Every stored key under which another tip may name the same, or something near it."""
    if clue.kind == Kind.PIN:
        return set(_cells_around(*point(clue.value), metres=NEAR_METRES))
    if clue.kind != Kind.PLATE:
        return {clue.key}
    plate = skeleton(clue.value)
    if "*" in plate:
        return {clue.key} | {key_of("ends", one) for one in _beside_runs(plate)}
    if "?" in plate:
        return {clue.key} | {key_of("plate", one) for one in _possible(plate)}
    if len(plate) > LONGEST_PLATE:
        return {clue.key}
    return {
        clue.key,
        *(key_of("plate", one) for one in _one_left_out(plate)),
        *(key_of("part", one) for one in _parts(plate)),
        *(key_of("beside a run", one) for one in _ends(plate)),
    }


def _one_left_out(plate: str) -> set[str]:
    return {plate[:at] + plate[at + 1 :] for at in range(len(plate))}


def _ends(plate: str) -> set[str]:
    """The plate with only four characters seen, at its ends: "AB1C*", "AB1*D", …, "*1C2D"."""
    most = LEAST_PLATE
    if len(plate) < most:
        return set()
    return {f"{plate[:at]}*{plate[len(plate) - (most - at) :]}" for at in range(most + 1)}


def _beside_runs(plate: str) -> set[str]:
    """Four characters that were seen beside the run, in the form of `_ends`."""
    before, after = plate.partition("*")[0], plate.rpartition("*")[2]
    if not before and not after:  # a part whose place is unknown begins or ends the plate
        part = plate.strip("*")
        if not part.isalnum():
            return set()
        return {f"{part[:LEAST_PLATE]}*", f"*{part[-LEAST_PLATE:]}"}
    for at in range(LEAST_PLATE, -1, -1):
        rest = LEAST_PLATE - at
        head, tail = before[:at], after[len(after) - rest :] if rest else ""
        if len(head) == at and len(tail) == rest and "?" not in head + tail:
            return {f"{head}*{tail}"}
    return set()


def _parts(plate: str) -> Iterator[str]:
    """The plate with one, two or three characters unseen."""
    for count in range(1, MOST_UNSEEN + 1):
        if len(plate) - count < LEAST_PLATE:
            return
        for unseen in itertools.combinations(range(len(plate)), count):
            yield "".join("?" if at in unseen else char for at, char in enumerate(plate))


def _possible(plate: str) -> Iterator[str]:
    """Whole plates that fit, each with its last unseen character left out."""
    *others, last = [at for at, char in enumerate(plate) if char == "?"]
    if len(others) >= MOST_UNSEEN:
        return
    for chars in itertools.product(ALPHABET, repeat=len(others)):
        whole = list(plate)
        for at, char in zip(others, chars, strict=True):
            whole[at] = char
        del whole[last]
        yield "".join(whole)


# --- Online -----------------------------------------------------------------------------------


def _of_lead(lead: OnlineLead) -> Iterator[Clue]:
    yield from _phone(lead.ad_phone_e164)
    yield from _email(lead.ad_email)
    yield from _name(Kind.HANDLE, lead.handle_canonical)
    yield from _url(lead.url_canonical)
    tag = online.canonical_payment_tag(lead.payment_tag)
    yield from _name(Kind.PAYMENT, tag)


def _of_words(one: EvidenceInWords) -> Iterator[Clue]:
    if one.kind == EvidenceKind.PLATE:
        yield from _plate(one.canonical)
    elif one.kind == EvidenceKind.PHONE and one.canonical.startswith("+"):
        yield from _phone(one.canonical)
    elif one.kind == EvidenceKind.EMAIL:
        yield from _email(one.canonical)
    elif one.kind == EvidenceKind.HANDLE:
        yield from _name(Kind.HANDLE, one.canonical)
    elif one.kind == EvidenceKind.URL:
        yield from _url(one.canonical)


def _phone(number: str) -> Iterator[Clue]:
    yield from _named(Kind.PHONE, "" if unknown.is_no_number(number) else number)


def _email(address: str) -> Iterator[Clue]:
    plain = address.strip().casefold()
    if not one_form.is_marked(plain) and not unknown.is_no_address(plain):
        yield from _named(Kind.EMAIL, plain)


def _name(kind: Kind, name: str) -> Iterator[Clue]:
    is_known = not one_form.is_marked(name) and not unknown.is_no_name(name)
    if len(name) >= LEAST_HANDLE and is_known:
        yield from _named(kind, name)


def _url(url: str) -> Iterator[Clue]:
    """One page; a whole site is no clue, and no page that thousands share."""
    if one_form.is_marked(url):
        return
    try:
        parts = urlsplit(url)
    except ValueError:
        return
    names_a_page = parts.path.strip("/") or parts.query or parts.fragment
    if parts.netloc and names_a_page and not shared_pages.is_shared(url):
        yield from _named(Kind.URL, url)


def _named(kind: Kind, value: str) -> Iterator[Clue]:
    if value:
        yield Clue(kind, key_of(kind, value), value[:VALUE_LENGTH])


# --- Places -----------------------------------------------------------------------------------


def _of_place(place: Place) -> Iterator[Clue]:
    said = (place.name, place.street, place.city, place.zip)
    if place.unit_canonical:
        yield from _room(place.unit_canonical, said)
    areas = _areas(place.city, place.zip)
    name, street, crossing = plain(place.name), plain(place.street), plain(place.cross_street)
    town = place.city or place.zip
    if street[:1].isdigit():
        yield from _placed(Kind.ADDRESS, street, areas, f"{place.street}, {town}")
    elif _is_known(street) and _is_known(crossing):
        both = "+".join(sorted((street, crossing)))
        shown = f"{place.street} at {place.cross_street}, {town}"
        yield from _placed(Kind.ADDRESS, both, areas, shown)
    if _is_a_name(name):
        yield from _placed(Kind.PLACE, name, areas, f"{place.name}, {town}")
    if place.lat is None or place.lon is None:
        return
    if not unknown.is_no_point(place.lat, place.lon):
        cell = cell_of(place.lat, place.lon, metres=NEAR_METRES)
        yield Clue(Kind.PIN, cell, f"{place.lat:.6f},{place.lon:.6f}")


def _placed(kind: Kind, what: str, areas: Iterable[str], shown: str) -> Iterator[Clue]:
    for area in areas:
        yield Clue(kind, key_of(kind, f"{what}@{area}"), shown[:VALUE_LENGTH])


def _room(room: str, place: tuple[str, str, str, str]) -> Iterator[Clue]:
    if unknown.knows_nothing(room):
        return
    name, street, city, zip_code = place
    shown = f"room {room}, {name or street}, {city or zip_code}"[:VALUE_LENGTH]
    for where in places(*place):
        yield Clue(Kind.ROOM, key_of(Kind.ROOM, f"{room}|{where}"), shown)


def _rooms_in_words(words: Iterable[EvidenceInWords], tips: Sequence[Place]) -> Iterator[Clue]:
    """A room that the words name is in the place of the tip, when it has but one."""
    described = [one for one in tips if one.name or one.street]
    if len(described) != 1:
        return
    place = described[0]
    for one in words:
        if one.kind == EvidenceKind.ROOM:
            said = (place.name, place.street, place.city, place.zip)
            yield from _room(one.canonical, said)


def places(name: str, street: str, city: str, zip_code: str) -> list[str]:
    """The ways in which two people may name one place: name or street, in a city or ZIP.

    Room 12 of a motel whose town nobody names is room 12 of many, and so is that of "a motel".
    """
    what = [one for one in (plain(name), _house(street)) if _is_a_name(one)]
    return [f"{one}@{area}" for one in what for area in _areas(city, zip_code)]


def _house(street: str) -> str:
    """Apartment 1 on Main Street is apartment 1 of every house there."""
    words = street.split()
    is_numbered = bool(words) and (words[0][:1].isdigit() or _NUMBER_BEHIND.search(street))
    return plain(street) if is_numbered else ""


def _is_a_name(plain_name: str) -> bool:
    return plain_name not in NO_NAMES and _is_known(plain_name)


def _is_known(plain_text: str) -> bool:
    return bool(plain_text) and not unknown.knows_nothing(plain_text)


def _areas(city: str, zip_code: str) -> list[str]:
    towns = (plain(city), zip_code.strip()[:5])
    return [one for one in towns if one and not unknown.is_no_name(one)]


def plain(text: str) -> str:
    """ "The St. Ann Inn" and "Saint Ann Inn" alike, as "12 Main St" and "12 main street"."""
    taken_apart = unicodedata.normalize("NFKD", text).casefold().replace("&", " and ")
    letters = "".join(char for char in taken_apart if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", re.sub(r"['’]", "", letters))
    if words[:1] == ["the"]:
        words = words[1:]
    if len(words) > 1 and words[-1] in _STREETS:
        words[-1] = _STREETS[words[-1]]
    return "".join("saint" if word == "st" else word for word in words)


# --- Pins -------------------------------------------------------------------------------------


def point(value: str) -> tuple[float, float]:
    latitude, _, longitude = value.partition(",")
    return float(latitude), float(longitude)


def cell_of(lat: float, lon: float, *, metres: int) -> int:
    """The square of about so many metres in which a point lies."""
    row = math.floor(lat * _METRES_A_DEGREE / metres)
    return _cell(row, _column(row, lon, metres), metres)


def _cells_around(lat: float, lon: float, *, metres: int) -> Iterator[int]:
    """Every square that holds a point within so many metres."""
    middle = math.floor(lat * _METRES_A_DEGREE / metres)
    for row in (middle - 1, middle, middle + 1):
        # As wide as a square of this row, and no narrower than the distance itself.
        for column in range(_column(row, lon, metres) - 1, _column(row, lon, metres) + 2):
            yield _cell(row, column, metres)


def _column(row: int, lon: float, metres: int) -> int:
    """Squares are as wide as the distance at the edge of their row that lies nearer to a pole."""
    edge = (max(abs(row), abs(row + 1)) + 1) * metres / _METRES_A_DEGREE
    wide = _METRES_A_DEGREE * max(math.cos(math.radians(min(edge, 89.0))), 0.01)
    return math.floor(lon * wide / metres)


def _cell(row: int, column: int, metres: int) -> int:
    return key_of("cell", f"{metres}:{row}:{column}")


def metres_between(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Along the surface of the earth."""
    lat, other_lat = math.radians(one[0]), math.radians(other[0])
    across = math.radians(other[1] - one[1])
    half = (
        math.sin((other_lat - lat) / 2) ** 2
        + math.cos(lat) * math.cos(other_lat) * math.sin(across / 2) ** 2
    )
    return 2 * _EARTH * math.asin(min(1.0, math.sqrt(half)))
