"""Entities and links as CSV, for import into i2 Analyst's Notebook and other link charts.

An entity (a plate, phone, handle, address, room) has one identity however many tips name it, and
stands once in `entities.csv`; what nothing identifies is of its tip alone (reports/identity.py).
Of what was written already only a digest of eight bytes is kept. Whole plates wait sealed until
the end: only then is it known whether a plate without a state is one of a state, or could be of
several.
"""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import NamedTuple

from reports import identity
from reports.formats.base import About, Files, Format, Scratch
from reports.neutral import for_table
from reports.rows import OnlineRow, PlaceRow, TipRow, VehicleRow, WordRow

ENTITIES = ("id", "type", "label", "attributes", "caveat", "tlp", "destroy_by")
LINKS = ("from_id", "to_id", "type", "label", "tip", "caveat", "tlp", "destroy_by")
_OF_WORDS = {"PLATE": "Vehicle", "PHONE": "Phone", "EMAIL": "E-mail", "HANDLE": "Online account",
             "URL": "Web address", "ROOM": "Room"}  # fmt: skip

_SEVERAL = "several"  # states


@dataclass(frozen=True, slots=True)
class _Entity:
    id: str
    type: str
    label: str
    attributes: str
    how: str


class _Plate(NamedTuple):
    """A whole plate that a tip names."""

    plate: str
    state: str
    looks: str
    how: str

    def entity(self, known: str) -> _Entity:
        """`known`: the one state in which it was seen; or that it was seen in several."""
        if known == _SEVERAL:
            key = f"plate:{self.state}:{self.plate}" if self.state else f"plate:{self.plate}"
            return _Entity(key, "Vehicle", _joined(self.plate, self.state), self.looks, self.how)
        label = _joined(self.plate, known)
        return _Entity(f"plate:{self.plate}", "Vehicle", label, self.looks, self.how)


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._marks = [about.caveat, about.tlp, about.destroy_by]
        self._entity_file = files.text("i2/entities.csv")
        self._link_file = files.text("i2/links.csv")
        self._entities: Callable[[Sequence[str]], object] = csv.writer(self._entity_file).writerow
        self._links: Callable[[Sequence[str]], object] = csv.writer(self._link_file).writerow
        self._entities(ENTITIES)
        self._links(LINKS)
        self._written: set[bytes] = set()
        self._waiting = files.scratch("i2-plates")
        self._states: dict[bytes, str] = {}
        self._linked: set[str] = set()  # by analysts: few

    def add(self, row: TipRow) -> None:
        tip = f"tip:{row.reference}"
        label = f"{row.reference} ({row.source_grade}{row.content_grade})"
        about = _joined(
            row.category, row.immediacy, row.priority, str(row.received_on or ""), row.tip_hash
        )
        self._entity(_Entity(tip, "Tip", label, about, ""))
        for one in _entities_of(row):
            self._linked_to(one, row.reference)
        for plate in _plates_of(row):
            self._wait(plate, row.reference)
        for link in row.links:
            self._linked.add(link.other_reference)
            other = f"tip:{link.other_reference}"
            self._link(tip, other, link.pattern, link.because, row.reference)

    def end(self) -> None:
        for line in _lines(self._waiting):
            reference, *said = json.loads(line)
            plate = _Plate(*said)
            self._linked_to(plate.entity(self._states[_digest(plate.plate)]), reference)
        for reference in sorted(self._linked):  # those that are not in the package
            self._entity(_Entity(f"tip:{reference}", "Tip", reference, "not in this export", ""))
        self._entity_file.close()
        self._link_file.close()

    def _wait(self, one: "_Plate", reference: str) -> None:
        digest = _digest(one.plate)
        known = self._states.get(digest, "")
        several = known and one.state and known != one.state
        self._states[digest] = _SEVERAL if several else known or one.state
        self._waiting.write(json.dumps([reference, *one]).encode() + b"\n")

    def _linked_to(self, one: _Entity, reference: str) -> None:
        self._entity(one)
        self._link(f"tip:{reference}", one.id, one.how, one.label, reference)

    def _entity(self, one: _Entity) -> None:
        digest = _digest(one.id)
        if digest not in self._written:
            self._written.add(digest)
            self._entities(_safe(one.id, one.type, one.label, one.attributes) + self._marks)

    def _link(self, tip: str, other: str, how: str, label: str, reference: str) -> None:
        self._links(_safe(tip, other, how, label, reference) + self._marks)


def _plates_of(row: TipRow) -> Iterator[_Plate]:
    for vehicle in row.vehicles:
        if identity.whole_plate(vehicle.plate, partial=vehicle.plate_partial):
            how = vehicle.role_in_scene or "SEEN"
            yield _Plate(vehicle.plate, vehicle.plate_state, _looks(vehicle), how)
    for word in row.words:
        plate = word.canonical or word.value
        if word.kind.upper() == "PLATE" and identity.whole_plate(plate):
            yield _Plate(plate, "", "", "IN_WORDS")


def _digest(text: str) -> bytes:
    return blake2b(text.encode("utf-8", "replace"), digest_size=8).digest()


def _lines(scratch: Scratch) -> Iterator[bytes]:
    begun = b""
    for block in scratch.blocks():
        *whole, begun = (begun + block).split(b"\n")
        yield from whole


def _entities_of(row: TipRow) -> Iterator[_Entity]:
    for number, vehicle in enumerate(row.vehicles, start=1):
        if not identity.whole_plate(vehicle.plate, partial=vehicle.plate_partial):
            yield _vehicle(row.reference, number, vehicle)
    for number, place in enumerate(row.places, start=1):
        yield _place(row.reference, number, place)
    for lead in row.online:
        yield from _leads(row.reference, lead)
    for word in row.words:
        plate = word.kind.upper() == "PLATE"
        if not (plate and identity.whole_plate(word.canonical or word.value)):
            yield _word(word, row)


def _vehicle(reference: str, number: int, one: VehicleRow) -> _Entity:
    looks = _looks(one)
    label = _joined(one.plate, one.plate_state) or looks or "vehicle"
    key = f"vehicle:{reference}:{number}"
    return _Entity(key, "Vehicle", label, looks, one.role_in_scene or "SEEN")


def _looks(one: VehicleRow) -> str:
    return _joined(one.colour1, one.make, one.model, one.style, one.features)


def _place(reference: str, number: int, one: PlaceRow) -> _Entity:
    key = identity.place(one) or identity.own("place", reference, number)
    return _Entity(key, "Place", _where(one) or one.place_type, one.place_type, "SEEN_AT")


def _where(one: PlaceRow) -> str:
    return _joined(
        one.name, one.street, one.unit, one.city, one.state, one.zip, one.highway, one.exit
    )


def _leads(reference: str, one: OnlineRow) -> Iterator[_Entity]:
    def key(known: str, kind: str, said: str) -> str:
        return known or identity.own(kind, reference, said)

    if phone := one.ad_phone_e164 or one.ad_phone:
        known = key(identity.phone(phone), "phone", phone)
        yield _Entity(known, "Phone", phone, one.ad_alias, "IN_AD")
    if one.handle:
        known = identity.account(one) or identity.own_account(one, reference)
        yield _Entity(known, "Online account", one.handle, one.platform, "ONLINE")
    if one.url:
        known = key(identity.url(one.url), "url", one.url)
        yield _Entity(known, "Web address", one.url, one.platform, "ONLINE")
    if said := one.ad_email:
        yield _Entity(key(identity.email(said), "email", said), "E-mail", said, "", "IN_AD")
    if one.payment_tag:
        known = key(identity.payment(one.payment_tag), "payment", one.payment_tag)
        yield _Entity(known, "Payment tag", one.payment_tag, "", "IN_AD")


def _word(one: WordRow, row: TipRow) -> _Entity:
    kind = one.kind.upper()
    said = one.canonical or one.value
    known, label, sort = "", one.value or said, _OF_WORDS.get(kind, "Other")
    if kind == "HANDLE":
        known = identity.account_in_words(one, row)
    elif kind == "ROOM":
        known, place = identity.room_in_words(one, row)
        if place.name or place.street:
            label, sort = _where(place), "Place"
    key = known or identity.in_words(one, row.reference)
    return _Entity(key, sort, label, "", "IN_WORDS")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _safe(*texts: str) -> list[str]:
    return [for_table(text) for text in texts]


FORMAT = Format(name="i2", title="Entities and links (i2)", begin=_Writer)
