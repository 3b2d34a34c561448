"""Every plate, number, account and place of a packet, and the tips that name it."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports.packet import content
from reports.rows import OnlineRow, PlaceRow, TipRow, WordRow

PLATES, PHONES, ACCOUNTS, PLACES = "plates", "phones", "accounts", "places"
TITLES: Mapping[str, str] = {
    PLATES: "License plates",
    PHONES: "Phone numbers",
    ACCOUNTS: "Accounts, web addresses and payment tags",
    PLACES: "Places",
}
_OF_WORDS: Mapping[str, str] = {
    "PLATE": PLATES, "PHONE": PHONES, "EMAIL": ACCOUNTS, "HANDLE": ACCOUNTS, "URL": ACCOUNTS,
    "ROOM": PLACES,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be looked up."""

    section: str
    key: str
    shown: str
    plate: str = ""  # without its state, by which it is found where nobody names one


@dataclass(slots=True)
class Index:
    _tips: dict[str, dict[str, list[str]]] = field(
        default_factory=lambda: {name: defaultdict(list) for name in TITLES}
    )
    _shown: dict[tuple[str, str], str] = field(default_factory=dict)
    _plates: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    _order: dict[str, int] = field(default_factory=dict)

    def add(self, row: TipRow) -> None:
        self._order[row.reference] = len(self._order)
        for one in dict.fromkeys(entries_of(row)):
            tips = self._tips[one.section][one.key]
            self._shown.setdefault((one.section, one.key), one.shown)
            if row.reference not in tips:
                tips.append(row.reference)
            if one.plate:
                self._plates[one.plate].add(one.key)

    def values(self) -> list[dict[str, Any]]:
        """A table for each section that holds something, in the order of their keys."""
        self._join_plates()
        return [
            {
                "kind": name,
                "title": TITLES[name],
                "rows": [
                    {"shown": self._shown[name, key], "tips": tips[key]} for key in sorted(tips)
                ],
            }
            for name, tips in self._tips.items()
            if tips
        ]

    def _join_plates(self) -> None:
        """A plate without a state stands with the one state that is known of it."""
        tips = self._tips[PLATES]
        for plate, keys in self._plates.items():
            stated = keys - {plate}
            if plate in tips and len(stated) == 1:
                (key,) = stated
                both = {*tips[key], *tips.pop(plate)}
                tips[key] = sorted(both, key=self._order.__getitem__)


def entries_of(row: TipRow) -> Iterator[Entry]:
    for vehicle in row.vehicles:
        if plate := vehicle.plate or vehicle.plate_as_typed.upper():
            looks = content.vehicle_of(vehicle)
            shown = " ".join(filter(None, (plate, vehicle.plate_state)))
            yield Entry(PLATES, shown, f"{shown}\n{looks}" if looks else shown, plate)
    for lead in row.online:
        yield from _of_lead(lead)
    for place in row.places:
        yield from _of_place(place)
    for word in row.words:
        yield from _of_word(word)


def _of_lead(one: OnlineRow) -> Iterator[Entry]:
    if phone := one.ad_phone_e164 or one.ad_phone:
        yield Entry(PHONES, phone, phone)
    for said in (one.handle, one.ad_email, one.url, one.payment_tag):
        if said:
            yield Entry(ACCOUNTS, said.lower(), said)


def _of_place(one: PlaceRow) -> Iterator[Entry]:
    where = one.city or content.road_of(one)
    what = one.name or one.street
    if what or where:
        shown = ", ".join(filter(None, (what, f"room {one.unit}" if one.unit else "", where)))
        yield Entry(PLACES, shown.lower(), shown)


def _of_word(one: WordRow) -> Iterator[Entry]:
    section = _OF_WORDS.get(one.kind)
    said = one.canonical or one.value
    if section and said:
        shown = f"room {said}" if one.kind == "ROOM" else said
        key = said if section in (PLATES, PHONES) else shown.lower()
        yield Entry(section, key, shown, said if section == PLATES else "")
