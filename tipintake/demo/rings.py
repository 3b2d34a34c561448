"""What is alike on purpose: rings of tips to find, and decoys that must not be linked.

Another kind of ring is another function and another line of RINGS. A ring says which of its tips
belong together by what; a decoy names pairs that only look so.
"""

import itertools
import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from types import MappingProxyType

from tipintake.demo import speech
from tipintake.demo.scenes import HERE, HOTELS, MadeTip, Maker, hours_of, pinned
from tipintake.demo.unused import DIGITS, LETTERS, moved

Pair = tuple[MadeTip, MadeTip, str]
When = Callable[[], datetime]
WITHIN_A_RING = timedelta(days=28)
NEAR_METRES = 25.0
NOT_NEAR_METRES = (900.0, 1400.0)
PATTERN_METRES = 140.0


@dataclass(frozen=True, slots=True)
class Ring:
    """Tips of one matter. `links` are the pairs that have something in common, and what."""

    name: str
    by: str
    members: tuple[MadeTip, ...]
    links: tuple[Pair, ...]
    counted: bool = True  # False: a burst, which is held for review and not told for or against


@dataclass(frozen=True, slots=True)
class Decoy:
    """Tips that look alike and have nothing to do with each other."""

    name: str
    why: str
    members: tuple[MadeTip, ...]


def _members(maker: Maker, when: When, count: int, kind: str = "hotel") -> list[MadeTip]:
    """Tips about one place and time that have nothing else in common."""
    start = when()
    times = sorted(start + WITHIN_A_RING * maker.rng.random() for _ in range(count))
    return [maker.tip(at, kind, bare=True) for at in times]


def _all_pairs(members: Sequence[MadeTip], by: str) -> tuple[Pair, ...]:
    return tuple((one, other, by) for one, other in itertools.combinations(members, 2))


def _with_first(members: Sequence[MadeTip], by: str) -> tuple[Pair, ...]:
    return tuple((members[0], other, by) for other in members[1:])


def _size(maker: Maker) -> int:
    return maker.rng.choice((2, 3, 3, 4, 5))


def _add_plates(maker: Maker, members: Sequence[MadeTip], plates: Sequence[str]) -> None:
    """The same car, so the same make and color, as far as each of them saw it."""
    car = maker.vehicle("x")
    for made, plate in zip(members, plates, strict=True):
        made.values["vehicles"].append(
            car
            | {
                "plate_raw": plate,
                "plate_partial": "?" in plate or "*" in plate,
                "role_in_scene": maker.vehicle()["role_in_scene"],
            }
        )


def _written(plate: str, rng: random.Random) -> str:
    """As different people type one plate."""
    return rng.choice(
        (plate, plate.lower(), f"{plate[:3]} {plate[3:]}", f"{plate[:3]}-{plate[3:]}")
    )


def _replaced(plate: str, at: int, rng: random.Random) -> str:
    """The plate with another character at one place."""
    pool = DIGITS if plate[at].isdigit() else LETTERS
    return plate[:at] + rng.choice(pool.replace(plate[at], "")) + plate[at + 1 :]


def same_plate(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker))
    plate = maker.unused.plate()
    _add_plates(maker, members, [_written(plate, maker.rng) for _ in members])
    return members, _all_pairs(members, "plate")


def lookalike_plate(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """0 and O, 8 and B, 5 and S: what one person reads as the other."""
    members = _members(maker, when, 3)
    while True:
        plate = maker.unused.plate()
        alike = plate.translate(str.maketrans("0185", "OIBS"))
        if alike != plate:
            break
    _add_plates(maker, members, [plate, alike, plate.lower()])
    return members, _all_pairs(members, "plate_lookalike")


def one_character_off(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """The first read it right; each of the others has one other character wrong."""
    members = _members(maker, when, maker.rng.choice((2, 3, 4)))
    plate = maker.unused.plate()
    wrong = maker.rng.sample((1, 3, 4), len(members) - 1)  # letters stay letters apart
    _add_plates(maker, members, [plate, *(_replaced(plate, at, maker.rng) for at in wrong)])
    return members, _with_first(members, "plate_one_off")


def partial_plate(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, 3)
    plate = maker.unused.plate()
    at = maker.rng.randint(1, 5)
    masked = plate[:at] + "?" + plate[at + 1 :]
    _add_plates(maker, members, [plate, masked, f"{plate[:5]}*"])
    return members, _with_first(members, "plate_partial")


def plate_in_words(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """One typed it into its field, the others only wrote it."""
    members = _members(maker, when, _size(maker))
    plate = maker.unused.plate()
    _add_plates(maker, members[:1], [plate])
    for made in members[1:]:
        made.values["narrative"] += " " + speech.in_words(plate, made.language)
    return members, _all_pairs(members, "plate_in_words")


def same_phone(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker), "ad")
    phone = maker.unused.phone()
    digits = phone.replace("-", "")
    spelled = (phone, f"({phone[:3]}) {phone[4:]}", phone.replace("-", "."), f"+1 {digits}")
    for made in members:
        made.values["online"] = [maker.lead(ad_phone=maker.rng.choice(spelled))]
    return members, _all_pairs(members, "phone")


def same_handle(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker), "lure")
    handle = maker.unused.handle()
    for made in members:
        spelled = maker.rng.choice((handle, f"@{handle}", handle.capitalize()))
        made.values["online"] = [maker.lead(handle=spelled, platform="SOCIAL")]
    return members, _all_pairs(members, "handle")


def same_address_online(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker), "ad")
    url = maker.unused.ad()
    copied = (url, f"{url}?utm_source=chat", url.replace("https://", "http://www."), f"{url}/")
    for made in members:
        made.values["online"] = [maker.lead(url=maker.rng.choice(copied))]
    return members, _all_pairs(members, "url")


def same_room(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker))
    name, town = maker.unused.house(HOTELS)
    room = maker.rng.randint(101, 340)
    for made in members:
        unit = maker.rng.choice((f"{room}", f"Room {room}", f"Rm. {room}", f"#{room}"))
        made.town = town
        made.place.update(name=name, city=town.name, unit=unit)
    return members, _all_pairs(members, "room")


def same_address(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    members = _members(maker, when, _size(maker), "house")
    address, town = maker.unused.address(), maker.rng.choice(maker.scenery.towns)
    long = address.replace(" Rd", " Road").replace(" Ct", " Court").replace(" Dr", " Drive")
    for made in members:
        made.town = town
        made.place.update(
            city=town.name, street=maker.rng.choice((address, long, address.upper()))
        )
    return members, _all_pairs(members, "address")


def near_pins(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """Points within 50 meters of each other, dropped by people who named no house."""
    members = _members(maker, when, _size(maker), "house")
    town = maker.rng.choice(maker.scenery.towns)
    middle = maker.unused.pin(town)
    for made in members:
        north, east = (maker.rng.uniform(-NEAR_METRES, NEAR_METRES) * 0.7 for _ in "ne")
        made.town = town
        made.place.update(city=town.name, **pinned(*moved(middle, north, east), 20))
    return members, _all_pairs(members, "near")


def same_pattern(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """The same hours of the week around one block of streets."""
    members = _members(maker, when, _size(maker))
    free = None
    while free is None:
        town = maker.rng.choice(maker.scenery.towns)
        free = maker.free_hours(town)
    middle = maker.unused.pin(town)
    for made in members:
        north, east = (maker.rng.uniform(-PATTERN_METRES, PATTERN_METRES) for _ in "ne")
        made.town = town
        made.values["sighting"] = maker.sighting_every(*free)
        made.place.update(city=town.name, **pinned(*moved(middle, north, east), 60))
    return members, _all_pairs(members, "pattern")


def a_trail(maker: Maker, when: When) -> tuple[Sequence[MadeTip], tuple[Pair, ...]]:
    """The first two share a car, the next a number, the last a room: found in steps."""
    members = _members(maker, when, 4)
    plate, phone = maker.unused.plate(), maker.unused.phone()
    name, town = maker.unused.house(HOTELS)
    room = str(maker.rng.randint(101, 340))
    _add_plates(maker, members[:2], [plate, plate])
    for made in members[1:3]:
        made.values["online"] = [maker.lead(ad_phone=phone)]
    for made in members[2:]:
        made.town = town
        made.place.update(name=name, city=town.name, unit=room)
    first, second, third, fourth = members
    return members, (
        (first, second, "plate"),
        (second, third, "phone"),
        (third, fourth, "room"),
    )


RINGS: Mapping[str, Callable[[Maker, When], tuple[Sequence[MadeTip], tuple[Pair, ...]]]] = (
    MappingProxyType(
        {
            "plate": same_plate,
            "plate_one_off": one_character_off,
            "phone": same_phone,
            "room": same_room,
            "plate_partial": partial_plate,
            "near": near_pins,
            "url": same_address_online,
            "pattern": same_pattern,
            "handle": same_handle,
            "plate_lookalike": lookalike_plate,
            "address": same_address,
            "plate_in_words": plate_in_words,
            "trail": a_trail,
        }
    )
)


# --- Bursts and decoys ---------------------------------------------------------------------------


def burst(maker: Maker, when: When) -> Sequence[MadeTip]:
    """Six tips on one plate within the hour: grouped for review, never counted as six."""
    start, plate = when(), maker.unused.plate()
    members = [maker.tip(start + timedelta(minutes=7 * n), "vague", bare=True) for n in range(6)]
    _add_plates(maker, members, [plate] * 6)
    return members


def two_characters_apart(maker: Maker, when: When) -> Sequence[MadeTip]:
    members = _members(maker, when, 2)
    plate = maker.unused.plate()
    other = _replaced(_replaced(plate, 1, maker.rng), 4, maker.rng)
    _add_plates(maker, members, [plate, other])
    members[1].values["vehicles"] = [maker.vehicle(other)]
    return members


def same_chain(maker: Maker, when: When) -> Sequence[MadeTip]:
    """One name and one room number, in two towns."""
    members = _members(maker, when, 2)
    name, town = maker.unused.house(HOTELS)
    other = maker.rng.choice(maker.scenery.towns)
    while not maker.unused.keep_house(name, other):
        other = maker.rng.choice(maker.scenery.towns)
    room = str(maker.rng.randint(101, 340))
    for made, where in zip(members, (town, other), strict=True):
        made.town = where
        made.place.update(name=name, city=where.name, unit=room)
    return members


def same_looking_car(maker: Maker, when: When) -> Sequence[MadeTip]:
    members = _members(maker, when, 3)
    car = maker.vehicle()
    for made in members:
        plate = maker.unused.plate()
        made.values["vehicles"] = [car | {"plate_raw": plate, "plate_state": "MO"}]
    return members


def pins_apart(maker: Maker, when: When) -> Sequence[MadeTip]:
    """The same town, more than 900 meters apart."""
    members = _members(maker, when, 2, "house")
    town = maker.rng.choice(maker.scenery.towns)
    here = maker.unused.pin(town)
    there = moved(here, maker.rng.uniform(*NOT_NEAR_METRES), 0)
    for made, pin in zip(members, (here, there), strict=True):
        made.town = town
        made.place.update(city=town.name, **pinned(*pin, 30))
    return members


def same_hours_elsewhere(maker: Maker, when: When) -> Sequence[MadeTip]:
    """The same hours of the week, in two towns."""
    members = _members(maker, when, 2)
    towns = maker.rng.sample(maker.scenery.towns, 2)
    free = None
    while free is None:
        free = maker.free_hours(towns[0])
        if free and not maker.unused.hours(towns[1], hours_of(*free)):
            free = None
    for made, town in zip(members, towns, strict=True):
        made.town = town
        made.place["city"] = town.name
        made.values["sighting"] = maker.sighting_every(*free)
    return members


DECOYS: Mapping[str, tuple[Callable[[Maker, When], Sequence[MadeTip]], str]] = MappingProxyType(
    {
        "two_apart": (two_characters_apart, "plates that differ in two characters"),
        "chain": (same_chain, "the same hotel name and room number in two towns"),
        "looks": (same_looking_car, "the same make and color with other plates"),
        "far_pins": (pins_apart, "points in one town, more than 900 meters apart"),
        "hours": (same_hours_elsewhere, "the same hours of the week in two towns"),
    }
)

__all__ = ["DECOYS", "HERE", "RINGS", "Decoy", "Pair", "Ring", "burst"]
