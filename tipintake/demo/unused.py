"""Values that no other made-up tip has, nor nearly has: what is alike is alike on purpose.

Plates are of a shape that Missouri and its neighbours do not issue (4K7PX23), telephone numbers
are 555-01xx, hosts end in .example, streets and houses do not exist.
"""

import itertools
import math
import random
from collections.abc import Callable, Iterator, Sequence

from tipintake.demo.scenery import Town
from tipintake.tips.plates import skeleton

LETTERS = "ACEFHJKLMNPRTUVWXY"  # none that is taken for another letter or a digit
DIGITS = "0123456789"
SHAPE = "NLNLLNN"
AREA_CODES = (
    "314", "636", "573", "618", "217", "417", "816", "660", "620", "785", "913", "316", "515",
    "319", "712", "309",
)  # fmt: skip
STREETS = (
    "Quarry Mill Rd", "Fernleaf Ct", "Old Depot Ave", "Lantern Hill Dr", "Tin Bridge Rd",
    "Juniper Bend", "Harrow Ln", "Cinder Path Rd", "Wagon Wheel Dr", "Sparrow Ridge Ln",
    "Millrace Ave", "Copperfield Ct", "Blue Heron Dr", "Stonegate Ln", "Orchard Gate Rd",
    "Windmill Ct", "Foxglove Ave", "Thistledown Dr", "Barley Field Rd", "Clover Hollow Ln",
    "Painted Barn Rd", "Silver Birch Ct", "Kettle Creek Dr", "Long Meadow Ave",
)  # fmt: skip
HANDLE_WORDS = (
    "lilac", "ember", "willow", "coral", "violet", "sable", "honey", "raven", "opal", "cedar",
    "misty", "juno", "velvet", "saffron", "pearl", "onyx", "dahlia", "indigo",
)  # fmt: skip
APART_METRES = 700.0
METRES_A_DEGREE = 111_320.0


class Unused:
    """Hands out each value once."""

    def __init__(self, rng: random.Random, towns: Sequence[Town]) -> None:
        self.rng = rng
        self.towns = towns
        self._near_plates: set[str] = set()
        self._pins: dict[tuple[int, int], list[tuple[float, float]]] = {}
        self._hours: dict[str, set[int]] = {}
        self._taken: set[object] = set()
        self._phones = self._shuffled(
            f"{code}-555-01{number:02}" for code in AREA_CODES for number in range(100)
        )

    def _shuffled(self, values: Iterator[str]) -> list[str]:
        listed = list(values)
        self.rng.shuffle(listed)
        return listed

    def plate(self) -> str:
        """A plate that differs from every other in three characters or more."""
        while True:
            plate = "".join(self.rng.choice(LETTERS if kind == "L" else DIGITS) for kind in SHAPE)
            if self.keep_plate(plate):
                return plate

    def keep_plate(self, plate: str) -> bool:
        """Whether the plate is far from all; then it is taken."""
        keys = set(_with_two_unknown(skeleton(plate)))
        if keys & self._near_plates:
            return False
        self._near_plates |= keys
        return True

    def phone(self) -> str:
        """A telephone number; empty when there are no more."""
        return self._phones.pop() if self._phones else ""

    def handle(self) -> str:
        return self._once(
            lambda: "_".join([*self.rng.sample(HANDLE_WORDS, 2), str(self.rng.randint(10, 989))])
        )

    def ad(self) -> str:
        host = self.rng.choice(("ads", "listings", "meet", "evening"))
        return self._once(lambda: f"https://{host}.example/post/{self.rng.randint(10**6, 10**7)}")

    def address(self) -> str:
        return self._once(
            lambda: f"{self.rng.randint(101, 9899)} {self.rng.choice(STREETS)}",
        )

    def house(self, names: Sequence[str]) -> tuple[str, Town]:
        """A name and the town in which it stands; the same name stands in other towns too."""
        for _ in range(200):
            name, town = self.rng.choice(names), self.rng.choice(self.towns)
            if self.keep_house(name, town):
                return name, town
        return "", self.rng.choice(self.towns)

    def keep_house(self, name: str, town: Town) -> bool:
        """Whether no other tip names this house; then it is taken."""
        is_free = (name, town) not in self._taken
        self._taken.add((name, town))
        return is_free

    def pin(self, town: Town) -> tuple[float, float]:
        """A point in the town, 700 m or more from every other."""
        spread = 0.02
        while True:
            lat = round(self.rng.gauss(town.lat, spread), 5)
            lon = round(self.rng.gauss(town.lon, spread * 1.3), 5)
            if self._is_far(lat, lon):
                self._pins.setdefault(_cell(lat, lon), []).append((lat, lon))
                return lat, lon
            spread *= 1.02

    def hours(self, town: Town, hours: frozenset[int]) -> bool:
        """Whether nobody in this town comes at any of these hours of the week; then taken."""
        taken = self._hours.setdefault(town.name, set())
        if taken & hours:
            return False
        taken |= hours
        return True

    def _once(self, make: Callable[[], str]) -> str:
        while True:
            value = make()
            if value not in self._taken:
                self._taken.add(value)
                return value

    def _is_far(self, lat: float, lon: float) -> bool:
        row, column = _cell(lat, lon)
        near = itertools.product((row - 1, row, row + 1), (column - 1, column, column + 1))
        return all(
            metres((lat, lon), other) >= APART_METRES
            for cell in near
            for other in self._pins.get(cell, ())
        )


def moved(pin: tuple[float, float], north: float, east: float) -> tuple[float, float]:
    """The point so many metres north and east."""
    lat, lon = pin
    return (
        round(lat + north / METRES_A_DEGREE, 5),
        round(lon + east / METRES_A_DEGREE / math.cos(math.radians(lat)), 5),
    )


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Between two points, near enough over a few kilometres."""
    north = (one[0] - other[0]) * METRES_A_DEGREE
    east = (one[1] - other[1]) * METRES_A_DEGREE * math.cos(math.radians(one[0]))
    return math.hypot(north, east)


def _cell(lat: float, lon: float) -> tuple[int, int]:
    return int(lat / 0.01), int(lon / 0.01)


def _with_two_unknown(plate: str) -> Iterator[str]:
    """Two plates that differ in two characters or fewer share one of these."""
    for first, second in itertools.combinations(range(len(plate)), 2):
        yield "".join("?" if at in {first, second} else char for at, char in enumerate(plate))
