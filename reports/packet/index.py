"""Every plate, number, account and place of a packet, and the tips that name it.

What nothing identifies stands once for each tip that names it (reports/identity.py).
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from reports import identity
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
        """A table for each section that holds something, in the order in which one looks it up."""
        self._join_plates()
        return [
            {
                "kind": name,
                "title": TITLES[name],
                "rows": [
                    {"shown": self._shown[name, key], "tips": tips[key]}
                    for key in sorted(tips, key=lambda key: self._sorted_by(name, key))
                ],
            }
            for name, tips in self._tips.items()
            if tips
        ]

    def _sorted_by(self, section: str, key: str) -> tuple[str, int]:
        """What alike things of several tips share goes before the order of the tips."""
        first = self._tips[section][key][0]
        return self._shown[section, key].partition("\n")[0].casefold(), self._order[first]

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
    for number, vehicle in enumerate(row.vehicles, start=1):
        if plate := vehicle.plate or vehicle.plate_as_typed.upper():
            looks = content.vehicle_of(vehicle)
            named = " ".join(filter(None, (plate, vehicle.plate_state)))
            shown = f"{named}\n{looks}" if looks else named
            if identity.whole_plate(vehicle.plate, partial=vehicle.plate_partial):
                yield Entry(PLATES, named, shown, plate)
            else:
                yield Entry(PLATES, identity.own("vehicle", row.reference, number), shown)
    for lead in row.online:
        yield from _of_lead(row.reference, lead)
    for number, place in enumerate(row.places, start=1):
        key = identity.place(place) or _around(place)
        yield from _of_place(place, key or identity.own("place", row.reference, number))
    for word in row.words:
        yield from _of_word(word, row)


def _of_lead(reference: str, one: OnlineRow) -> Iterator[Entry]:
    def key(known: str, kind: str, said: str) -> str:
        return known or identity.own(kind, reference, said)

    if phone := one.ad_phone_e164 or one.ad_phone:
        yield Entry(PHONES, key(identity.phone(phone), "phone", phone), phone)
    if one.handle:
        known = identity.account(one) or identity.own_account(one, reference)
        yield Entry(ACCOUNTS, known, _joined(one.handle, identity.site(one)))
    if said := one.ad_email:
        yield Entry(ACCOUNTS, key(identity.email(said), "email", said), said)
    if said := one.url:
        yield Entry(ACCOUNTS, key(identity.url(said), "url", said), said)
    if one.payment_tag:
        known = key(identity.payment(one.payment_tag), "payment", one.payment_tag)
        yield Entry(ACCOUNTS, known, one.payment_tag)


def _of_place(one: PlaceRow, key: str) -> Iterator[Entry]:
    what = _joined(one.name, one.street)
    where = _joined(content.road_of(one), one.city)
    if what or where:
        area = " ".join(filter(None, (one.state, one.zip)))
        room = f"room {one.unit}" if one.unit else ""
        yield Entry(PLACES, key, _joined(what, room, where, area))


def _around(one: PlaceRow) -> str:
    """A stretch of road of a state, or a town, where nothing nearer is told."""
    if one.name or one.street or one.unit:
        return ""
    if (road := content.road_of(one)) and one.state:
        return f"road:{road.casefold()},{one.city.casefold()},{one.state.casefold()}"
    area = "" if road else identity.town(one)
    return f"town:{area}" if area else ""


def _of_word(one: WordRow, row: TipRow) -> Iterator[Entry]:
    kind = one.kind.upper()
    section = _OF_WORDS.get(kind)
    said = one.canonical or one.value
    if not section or not said:
        return
    if kind == "ROOM":
        key, place = identity.room_in_words(one, row)
        if place.name or place.street:
            yield from _of_place(place, key)
        else:
            yield Entry(section, key, f"room {said}")
    elif kind == "HANDLE":
        yield Entry(section, identity.account_in_words(one, row), said)
    elif kind == "PLATE" and identity.whole_plate(said):
        yield Entry(section, said, said, said)
    else:
        yield Entry(section, identity.in_words(one, row.reference), said)


def _joined(*parts: str) -> str:
    return ", ".join(filter(None, parts))
