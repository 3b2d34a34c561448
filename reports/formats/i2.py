"""Entities and links as CSV, for import into i2 Analyst's Notebook and other link charts.

An entity (a plate, phone, handle, address, room) has one identity however many tips name it, and
stands once in `entities.csv`. Of what was written already only a digest of eight bytes is kept.
"""

import csv
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

from reports.formats.base import About, Files, Format
from reports.formats.neutral import for_table
from reports.rows import OnlineRow, PlaceRow, TipRow, VehicleRow, WordRow

_ENTITIES = ("id", "type", "label", "attributes", "caveat", "tlp", "destroy_by")
_LINKS = ("from_id", "to_id", "type", "label", "tip", "caveat", "tlp", "destroy_by")
_OF_WORDS = {"PLATE": "Vehicle", "PHONE": "Phone", "EMAIL": "E-mail", "HANDLE": "Online account",
             "URL": "Web address", "ROOM": "Room"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Entity:
    id: str
    type: str
    label: str
    attributes: str
    how: str


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._marks = [about.caveat, about.tlp, about.destroy_by]
        self._entity_file = files.text("i2/entities.csv")
        self._link_file = files.text("i2/links.csv")
        self._entities: Callable[[Sequence[str]], object] = csv.writer(self._entity_file).writerow
        self._links: Callable[[Sequence[str]], object] = csv.writer(self._link_file).writerow
        self._entities(_ENTITIES)
        self._links(_LINKS)
        self._written: set[bytes] = set()
        self._linked: set[str] = set()  # by analysts: few

    def add(self, row: TipRow) -> None:
        tip = f"tip:{row.reference}"
        label = f"{row.reference} ({row.source_grade}{row.content_grade})"
        about = _joined(
            row.category, row.immediacy, row.priority, str(row.received_on or ""), row.tip_hash
        )
        self._entity(_Entity(tip, "Tip", label, about, ""))
        for one in _entities_of(row):
            self._entity(one)
            self._link(tip, one.id, one.how, one.label, row.reference)
        for link in row.links:
            self._linked.add(link.other_reference)
            other = f"tip:{link.other_reference}"
            self._link(tip, other, link.pattern, link.because, row.reference)

    def end(self) -> None:
        for reference in sorted(self._linked):  # those that are not in the package
            self._entity(_Entity(f"tip:{reference}", "Tip", reference, "not in this export", ""))
        self._entity_file.close()
        self._link_file.close()

    def _entity(self, one: _Entity) -> None:
        digest = blake2b(one.id.encode("utf-8", "replace"), digest_size=8).digest()
        if digest not in self._written:
            self._written.add(digest)
            self._entities(_safe(one.id, one.type, one.label, one.attributes) + self._marks)

    def _link(self, tip: str, other: str, how: str, label: str, reference: str) -> None:
        self._links(_safe(tip, other, how, label, reference) + self._marks)


def _entities_of(row: TipRow) -> Iterator[_Entity]:
    for number, vehicle in enumerate(row.vehicles, start=1):
        yield _vehicle(row.reference, number, vehicle)
    for number, place in enumerate(row.places, start=1):
        yield _place(row.reference, number, place)
    for lead in row.online:
        yield from _leads(lead)
    for word in row.words:
        yield _word(word)


def _vehicle(reference: str, number: int, one: VehicleRow) -> _Entity:
    looks = _joined(one.colour1, one.make, one.model, one.style, one.features)
    whole = one.plate and not set(one.plate) & set("?*")
    # A plate that is known in part may be many cars: it stays the tip's own.
    key = f"plate:{one.plate_state}:{one.plate}" if whole else f"vehicle:{reference}:{number}"
    label = _joined(one.plate, one.plate_state) or looks or "vehicle"
    return _Entity(key, "Vehicle", label, looks, one.role_in_scene or "SEEN")


def _place(reference: str, number: int, one: PlaceRow) -> _Entity:
    where = _joined(one.name, one.street, one.unit, one.city, one.zip, one.highway, one.exit)
    exact = one.street or one.name
    key = f"place:{_joined(one.name, one.street, one.unit, one.city).casefold()}"
    return _Entity(
        key if exact else f"place:{reference}:{number}",
        "Place",
        where or one.place_type,
        one.place_type,
        "SEEN_AT",
    )


def _leads(one: OnlineRow) -> Iterator[_Entity]:
    if phone := one.ad_phone_e164 or one.ad_phone:
        yield _Entity(f"phone:{phone}", "Phone", phone, one.ad_alias, "IN_AD")
    if one.handle:
        key = f"handle:{one.platform}:{one.handle.lstrip('@').casefold()}"
        yield _Entity(key, "Online account", one.handle, one.platform, "ONLINE")
    if one.url:
        yield _Entity(f"url:{one.url}", "Web address", one.url, one.platform, "ONLINE")
    if one.ad_email:
        yield _Entity(f"email:{one.ad_email.casefold()}", "E-mail", one.ad_email, "", "IN_AD")
    if one.payment_tag:
        yield _Entity(f"payment:{one.payment_tag}", "Payment tag", one.payment_tag, "", "IN_AD")


def _word(one: WordRow) -> _Entity:
    kind = one.kind.upper()
    value = one.canonical or one.value
    prefix = {"PLATE": "plate:", "PHONE": "phone", "EMAIL": "email", "URL": "url"}
    key = f"{prefix.get(kind, kind.lower())}:{value}"
    return _Entity(key, _OF_WORDS.get(kind, "Other"), one.value or value, "", "IN_WORDS")


def _joined(*parts: str) -> str:
    return " ".join(part for part in parts if part)


def _safe(*texts: str) -> list[str]:
    return [for_table(text) for text in texts]


FORMAT = Format(name="i2", title="Entities and links (i2)", begin=_Writer)
