"""One made-up tip at a time: what happened, where, when and who tells of it."""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from tipintake.demo import speech
from tipintake.demo.scenery import Scenery, Town
from tipintake.demo.unused import Unused
from tipintake.tips import recurrence

HERE = ZoneInfo("America/Chicago")
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


@dataclass(slots=True)
class MadeTip:
    """A tip as a person would type it, and when they send it. `values` are the API's."""

    number: int
    kind: str
    at: datetime
    values: dict[str, Any]
    town: Town
    picture: bool = False
    waits: bool = False  # nobody has answered it when the demo ends
    groups: list[str] = field(default_factory=list)  # rings and decoys it belongs to

    @property
    def language(self) -> str:
        return str(self.values["language"])

    @property
    def place(self) -> dict[str, Any]:
        places: list[dict[str, Any]] = self.values["locations"]
        return places[0]


@dataclass(frozen=True, slots=True)
class Scene:
    """What goes together: the answers that people give, and how often they tell of this."""

    kind: str
    weight: int
    categories: tuple[str, ...]
    places: tuple[str, ...]
    signs: tuple[str, ...]
    vehicle: float = 0.5  # the share that has one
    lead: float = 0.05
    names: tuple[str, ...] = ()


HOTELS = (
    "Example Suites", "Harborlight Inn", "Prairie Star Motel", "Copper Kettle Lodge",
    "Redbud Inn", "Sycamore Suites", "Lamplight Motel", "Northfork Lodge", "Bluebell Inn",
    "Half Moon Motel", "Granary Suites", "Willow Bend Inn", "Sunflower Motel",
    "Old Mill Suites", "Paddlewheel Inn", "Evening Star Lodge", "Brickyard Inn",
    "Silo Suites", "Catalpa Motel", "Rivermark Inn", "Hawthorn Lodge", "Turnpike Suites",
)  # fmt: skip
SPAS = (
    "Jade Lantern Spa", "Quiet Palm Massage", "Lotus Corner Spa", "Bamboo Room Massage",
    "Warm Stone Spa", "Silk Garden Massage", "Moonflower Spa", "Cedar Hand Massage",
)  # fmt: skip
SITES = (
    "Example Meat Packing", "Highfield Nursery", "Stillwater Poultry", "new homes at Tin Bridge",
    "Example Laundry Works", "Bright Kitchen", "Greenhouse Seven", "roofing site at the depot",
)  # fmt: skip
STOPS = ("Example Travel Center", "Big Pine Truck Stop", "Crossroads Fuel Plaza")

SCENES = (
    Scene("hotel", 30, ("SUSPICIOUS_PLACE_PATTERN", "SEX_TRAFFICKING", "COERCED_COMMERCIAL_SEX"),
          ("HOTEL_MOTEL",),
          ("HTL_TRAFFIC", "HTL_CASH", "HTL_NO_HOUSEKEEPING", "HTL_MULTI_ROOM", "CTL_SPEAKS_FOR",
           "CTL_ID_HELD", "VEH_RECURRING", "VIC_INJURY", "VIC_FEAR", "CTL_ACCOMPANIED"),
          vehicle=0.55, names=HOTELS),
    Scene("truck stop", 9, ("SEX_TRAFFICKING",), ("TRUCK_STOP",),
          ("TRK_CAB_KNOCKING", "VEH_DROP_PICKUP", "VIC_FEAR"), vehicle=0.7, names=STOPS),
    Scene("spa", 10, ("COERCED_COMMERCIAL_SEX", "SEX_TRAFFICKING"), ("MASSAGE_SPA",),
          ("MSG_LIVE_IN", "VIC_LANGUAGE_ISOLATED", "CTL_CANNOT_LEAVE"), vehicle=0.4, names=SPAS),
    Scene("labor", 16, ("LABOR_TRAFFICKING",), ("CONSTRUCTION", "FARM", "FACTORY", "RETAIL"),
          ("LAB_UNPAID", "LAB_CREW", "CTL_ID_HELD", "HTL_CROWDED", "CTL_DEBT_QUOTA"),
          vehicle=0.5, names=SITES),
    Scene("ad", 12, ("COERCED_COMMERCIAL_SEX", "SEX_TRAFFICKING"), ("ONLINE",),
          ("ONL_AD",), vehicle=0.0, lead=1.0),
    Scene("lure", 6, ("RECRUITMENT_GROOMING",), ("BUS_STATION", "ONLINE", "STREET"),
          ("ONL_RECRUIT_JOB",), vehicle=0.15, lead=0.6),
    Scene("house", 9, ("SEX_TRAFFICKING", "LABOR_TRAFFICKING"), ("RESIDENCE",),
          ("CTL_CANNOT_LEAVE", "VIC_FEAR", "HTL_TRAFFIC"), vehicle=0.5),
    Scene("minor", 3, ("MINOR_EXPLOITATION",), ("HOTEL_MOTEL", "STREET", "SCHOOL"),
          ("MIN_IN_HOTEL", "MIN_OLDER_CONTROLLER", "MIN_TRUANT"), vehicle=0.4),
    Scene("game", 1, ("ONLINE_CHILD_EXPLOITATION",), ("ONLINE",), ("MIN_GROOMING_ONLINE",),
          vehicle=0.0, lead=1.0),
    Scene("victim", 1, ("OTHER_UNSURE", "LABOR_TRAFFICKING"), ("UNKNOWN",),
          ("CTL_ID_HELD",), vehicle=0.0),
    Scene("vague", 4, ("OTHER_UNSURE",), ("STREET", "UNKNOWN"), (), vehicle=0.4),
)  # fmt: skip
SCENE: Mapping[str, Scene] = MappingProxyType({one.kind: one for one in SCENES})
VEHICLES = (
    ("Ford", "Transit", "van"), ("Dodge", "Caravan", "van"), ("Toyota", "Sienna", "van"),
    ("Honda", "Odyssey", "van"), ("Chevrolet", "Tahoe", "suv"), ("Nissan", "Altima", "sedan"),
    ("Chrysler", "300", "sedan"), ("Ford", "F-150", "pickup"), ("Kia", "Sorento", "suv"),
    ("Hyundai", "Sonata", "sedan"), ("GMC", "Yukon", "suv"), ("Toyota", "Camry", "sedan"),
)  # fmt: skip
COLOURS = ("white", "black", "gray", "silver", "blue", "red", "green", "tan")
FEATURES = (
    "dent in the rear door", "sticker of a fish on the window", "one hubcap missing",
    "roof rack with a ladder", "cracked tail light", "very dark windows",
)  # fmt: skip
ROLES = ("DROPPED_OFF", "COLLECTED", "WATCHING", "PARKED", "LEFT_WITH_PERSON")
CLOTHES = ("gray hood", "red cap", "long black coat", "work boots", "white apron", "blue scarf")
MARKS = ("star tattoo on the left hand", "scar over one eye", "name tattooed on the neck")


class Maker:
    """Makes tips that have nothing in common, besides what every place and van has."""

    def __init__(self, scenery: Scenery, rng: random.Random) -> None:
        self.scenery = scenery
        self.rng = rng
        self.unused = Unused(rng, scenery.towns)
        self._count = 0

    def tip(self, at: datetime, kind: str = "", *, bare: bool = False) -> MadeTip:
        """One tip. A `bare` one names no vehicle, lead, house, point or hours of its own."""
        scene = SCENE[kind] if kind else self.rng.choices(SCENES, [s.weight for s in SCENES])[0]
        language = "es" if self.rng.random() < 0.22 else "en"
        name, town = self._house(scene, bare=bare)
        made = MadeTip(self._count, scene.kind, at, {}, town)
        self._count += 1
        made.values = {
            "category": self.rng.choice(scene.categories),
            "immediacy": self.rng.choices(("NOW", "RECENT", "ONGOING", "PAST"), (4, 32, 46, 18))[
                0
            ],
            "minor_present": self._minor(scene.kind),
            "basis": "ONLINE_ONLY"
            if scene.lead == 1
            else self.rng.choice(("SAW", "SAW", "HEARD_DIRECT")),
            "indicators": self._signs(scene),
            "language": language,
            "narrative": speech.said(
                scene.kind, language, self.rng, speech.own_of(self.rng, self.unused.phone())
            ),
            "locations": [self._place(scene, name, town, bare=bare)],
            "vehicles": [],
            "online": [],
            "persons": [self._person() for _ in range(self.rng.choice((0, 0, 1, 1, 2)))],
            "sighting": self._sighting(made, bare=bare),
            "wants_reward": self.rng.random() < 0.05,
            "distrusts_police": self.rng.random() < 0.08,
        }
        if scene.kind == "victim":
            made.values |= {
                "reporter_is_victim": True,
                "police_consent": self.rng.random() < 0.3,
                "wants_reward": False,
            }
        if not bare:
            self._add_evidence(made, scene)
        made.picture = scene.kind in {"hotel", "labor", "house"} and self.rng.random() < 0.06
        return made

    def vehicle(self, plate: str = "") -> dict[str, Any]:
        make, model, style = self.rng.choice(VEHICLES)
        return {
            "plate_raw": plate,
            "plate_state": self.rng.choice(("MO", "MO", "MO", "IL", "KS")) if plate else "",
            "plate_partial": "?" in plate or "*" in plate,
            "make": make,
            "model": model if self.rng.random() < 0.7 else "",
            "style": style,
            "colour1": self.rng.choice(COLOURS),
            "features": self.rng.choice(FEATURES) if self.rng.random() < 0.25 else "",
            "role_in_scene": self.rng.choice(ROLES),
        }

    def lead(self, **known: str) -> dict[str, Any]:
        return {"platform": self.rng.choice(("AD_SITE", "SOCIAL", "DATING")), **known}

    def sighting_every(self, days: Sequence[str], hour: int, minutes: int) -> dict[str, Any]:
        return {
            "kind": "RECURRING",
            "rrule": f"FREQ=WEEKLY;BYDAY={','.join(days)}",
            "local_start": time(hour),
            "duration_minutes": minutes,
            "tz": "America/Chicago",
            "times_seen": self.rng.choice(("2-5", "6+")),
        }

    def free_hours(self, town: Town) -> tuple[tuple[str, ...], int, int] | None:
        """Days, hour and length of a pattern that nobody else has in this town."""
        for _ in range(30):
            days = tuple(sorted(self.rng.sample(DAYS, self.rng.choice((1, 1, 2))), key=DAYS.index))
            hour = self.rng.choice((18, 19, 20, 21, 22, 23, 0, 1, 5))
            minutes = self.rng.choice((120, 180, 240))
            if self.unused.hours(town, hours_of(days, hour, minutes)):
                return days, hour, minutes
        return None

    def _add_evidence(self, made: MadeTip, scene: Scene) -> None:
        if self.rng.random() < scene.vehicle:
            seen = self.rng.random()
            plate = self.unused.plate() if seen < 0.7 else ""
            made.values["vehicles"].append(self.vehicle(plate))
            if plate and seen < 0.15:
                made.values["narrative"] += " " + speech.in_words(plate, made.language)
        if self.rng.random() < scene.lead:
            lead = self.lead()
            if self.rng.random() < 0.6:
                lead["ad_phone"] = self.unused.phone()
            if self.rng.random() < 0.6:
                lead["handle"] = self.unused.handle()
            if self.rng.random() < 0.7 or len(lead) == 1:
                lead["url"] = self.unused.ad()
            made.values["online"].append({key: value for key, value in lead.items() if value})

    def _house(self, scene: Scene, *, bare: bool) -> tuple[str, Town]:
        if bare or not scene.names:
            return "", self.rng.choice(self.scenery.towns)
        return self.unused.house(scene.names)

    def _place(self, scene: Scene, name: str, town: Town, *, bare: bool) -> dict[str, Any]:
        place: dict[str, Any] = {"place_type": self.rng.choice(scene.places), "name": name}
        if place["place_type"] in {"ONLINE", "UNKNOWN"}:
            return {"place_type": place["place_type"]}
        if scene.kind == "truck stop":
            highway = self.rng.choice(sorted(self.scenery.exits))
            place |= {"highway": highway, "exit": self.rng.choice(self.scenery.exits[highway])}
        else:
            place |= {"city": town.name, "state": "MO"}
        if bare:
            return place
        if self.rng.random() < 0.45 and scene.kind != "truck stop":
            place["street"] = self.unused.address()
        if name and scene.kind == "hotel" and self.rng.random() < 0.5:
            place["unit"] = str(self.rng.randint(101, 340))
        if self.rng.random() < 0.3 and scene.kind != "truck stop":
            lat, lon = self.unused.pin(town)
            place |= pinned(lat, lon, self.rng.choice((15, 30, 60, 120, 250)))
        return place

    def _signs(self, scene: Scene) -> list[str]:
        most = min(3, len(scene.signs))
        return self.rng.sample(scene.signs, self.rng.randint(min(1, most), most)) if most else []

    def _minor(self, kind: str) -> str:
        if kind in {"minor", "game"}:
            return self.rng.choice(("YES", "POSSIBLY"))
        return self.rng.choices(("NO", "UNKNOWN", "POSSIBLY"), (55, 41, 4))[0]

    def _person(self) -> dict[str, Any]:
        age = self.rng.randint(19, 55)
        return {
            "role": self.rng.choice(
                ("POSSIBLE_VICTIM", "SUSPECTED_CONTROLLER", "BUYER", "DRIVER", "OTHER")
            ),
            "age_from": age,
            "age_to": age + self.rng.choice((3, 5, 10)),
            "sex": self.rng.choice(("FEMALE", "MALE", "UNKNOWN")),
            "build": self.rng.choice(("SLIM", "MEDIUM", "HEAVY")),
            "clothing": self.rng.choice(CLOTHES),
            "marks": self.rng.choice(MARKS) if self.rng.random() < 0.2 else "",
        }

    def _sighting(self, made: MadeTip, *, bare: bool) -> dict[str, Any] | None:
        chance = self.rng.random()
        seen = made.at - timedelta(hours=self.rng.uniform(0.3, 70))
        seen = seen.astimezone(HERE).replace(minute=self.rng.choice((0, 10, 15, 30, 45)), second=0)
        seen = min(seen, made.at.astimezone(HERE) - timedelta(minutes=5))
        start = seen.replace(microsecond=0)
        if chance < 0.3:
            return {"kind": "INSTANT", "start": start, "times_seen": "1"}
        if chance < 0.5:
            about = self.rng.choice((15, 30, 60))
            return {"kind": "APPROX", "start": start, "approx_minutes": about}
        if chance < 0.6:
            early = start - timedelta(minutes=self.rng.choice((45, 90, 150)))
            return {"kind": "RANGE", "start": early, "end": start}
        if chance < 0.76 and not bare:
            free = self.free_hours(made.town)
            return self.sighting_every(*free) if free else None
        return None


def pinned(lat: float, lon: float, accuracy: int) -> dict[str, Any]:
    return {"lat": lat, "lon": lon, "accuracy_m": accuracy, "source": "PIN"}


def hours_of(days: Sequence[str], hour: int, minutes: int) -> frozenset[int]:
    first = [DAYS.index(day) * 24 + hour for day in days]
    more = range((minutes - 1) // 60 + 1)
    return frozenset((start + n) % recurrence.HOURS_OF_WEEK for start in first for n in more)


def arrival(end: datetime, days: int, rng: random.Random) -> datetime:
    """A moment of the last `days`, more often in the evening than at dawn."""
    while True:
        at = end - timedelta(seconds=rng.uniform(120, days * 86_400))
        hour = at.astimezone(HERE).hour
        if rng.random() < (0.25 if 2 <= hour < 9 else 0.6 if hour < 17 else 1.0):
            return at.replace(microsecond=0)
