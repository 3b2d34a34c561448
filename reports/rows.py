"""One row per tip with its children: what every format reads, and nothing more.

Plain values without Django. A field that the scope does not show is empty here. `canonical` is
the tip as it was reported, as one line of JSON; `tip_hash` is its SHA-256. Rows are named tuples:
an export makes seven of them for each tip, and a dataclass takes four times as long.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, time
from operator import attrgetter
from typing import NamedTuple
from uuid import UUID

Value = str | int | float | bool | date | time | tuple[str, ...] | None


class VehicleRow(NamedTuple):
    plate: str = ""
    plate_as_typed: str = ""
    plate_state: str = ""
    plate_type: str = ""
    plate_partial: bool | None = None
    year_from: int | None = None
    year_to: int | None = None
    make: str = ""
    make_code: str = ""
    model: str = ""
    model_code: str = ""
    style: str = ""
    style_code: str = ""
    colour1: str = ""
    colour1_code: str = ""
    colour2: str = ""
    colour2_code: str = ""
    features: str = ""
    role_in_scene: str = ""


class PlaceRow(NamedTuple):
    place_type: str = ""
    name: str = ""
    street: str = ""
    unit: str = ""
    cross_street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    highway: str = ""
    direction: str = ""
    exit: str = ""
    mile_marker: str = ""
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    pin_source: str = ""


class PersonRow(NamedTuple):
    role: str = ""
    age_from: int | None = None
    age_to: int | None = None
    looks_under_18: str = ""
    sex: str = ""
    height_cm: int | None = None
    build: str = ""
    hair: str = ""
    hair_code: str = ""
    eyes: str = ""
    eyes_code: str = ""
    marks: str = ""
    clothing: str = ""
    name_or_alias: str = ""
    race: str = ""


class OnlineRow(NamedTuple):
    url: str = ""
    platform: str = ""
    handle: str = ""
    ad_phone: str = ""
    ad_phone_e164: str = ""
    ad_email: str = ""
    ad_alias: str = ""
    payment_tag: str = ""
    seen_at: datetime | None = None


class WordRow(NamedTuple):
    """Evidence that stands in the words: a plate, phone, handle, address or room."""

    kind: str = ""
    value: str = ""
    canonical: str = ""


class DialogRow(NamedTuple):
    """One message between the desk and the person who wrote, as both were scrubbed."""

    side: str  # "DESK" or "WRITER"
    at: datetime  # of an answer: the hour
    text: str

    def __repr__(self) -> str:
        return "<DialogRow>"


ONE_REPORT = "one_report"  # the pattern of a link whose tips count once
CONFIRMED = "CONFIRMED"


class LinkRow(NamedTuple):
    """Another tip that shares something with this one, and whether an analyst agreed. Tips that
    were grouped as alike have no judgement: each names the first of them."""

    other_reference: str = ""
    pattern: str = ""
    because: str = ""
    judgement: str = ""


class PictureRow(NamedTuple):
    """A picture that an analyst has confirmed. Its bytes come from `About.picture`."""

    id: UUID
    path: str = ""
    sha256: str = ""
    width: int | None = None
    height: int | None = None
    blacked_out: int | None = None
    taken_at: datetime | None = None
    taken_lat: float | None = None
    taken_lon: float | None = None


class VaultRow(NamedTuple):
    """The name of a victim or minor. In RED packages only."""

    field: str = ""
    kind: str = ""
    name: str = ""

    def __repr__(self) -> str:
        return "<VaultRow>"


class TipRow(NamedTuple):
    """One tip, as much of it as the scope shows. `key` is the database's own: never written."""

    key: UUID
    reference: str
    tip_hash: str
    canonical: bytes
    received_on: date | None = None
    category: str = ""
    immediacy: str = ""
    minor_present: str = ""
    basis: str = ""
    language: str = ""
    indicators: tuple[str, ...] = ()
    narrative: str = ""
    seen_kind: str = ""
    seen_start: datetime | None = None
    seen_end: datetime | None = None
    seen_approx_minutes: int | None = None
    seen_rrule: str = ""
    seen_local_start: time | None = None
    seen_duration_minutes: int | None = None
    seen_tz: str = ""
    times_seen: str = ""
    priority: str = ""
    status: str = ""
    disposition: str = ""
    source_grade: str = ""
    content_grade: str = ""
    jurisdiction: str = ""
    primary_line: str = ""
    also_lines: tuple[str, ...] = ()
    rule: str = ""
    because: str = ""
    policy_version: int | None = None
    reporter_is_victim: bool | None = None
    police_consent: bool | None = None
    wants_reward: bool | None = None
    distrusts_police: bool | None = None
    vehicles: tuple[VehicleRow, ...] = ()
    places: tuple[PlaceRow, ...] = ()
    persons: tuple[PersonRow, ...] = ()
    online: tuple[OnlineRow, ...] = ()
    words: tuple[WordRow, ...] = ()
    dialog: tuple[DialogRow, ...] = ()
    links: tuple[LinkRow, ...] = ()
    pictures: tuple[PictureRow, ...] = ()
    vault: tuple[VaultRow, ...] = ()
    pictures_left_out: int = 0  # where pictures were asked for: those that nobody has confirmed

    def __repr__(self) -> str:
        return f"<TipRow {self.reference}>"


Child = VehicleRow | PlaceRow | PersonRow | OnlineRow | WordRow
ROWS: Mapping[str, type] = {
    "tips": TipRow,
    "vehicles": VehicleRow,
    "places": PlaceRow,
    "persons": PersonRow,
    "online": OnlineRow,
    "words": WordRow,
    "dialog": DialogRow,
    "links": LinkRow,
    "pictures": PictureRow,
    "vault": VaultRow,
}


def _plain(value: object) -> object:
    if isinstance(value, date | time):
        return value.isoformat()
    raise TypeError(type(value).__name__)


_encode = json.JSONEncoder(
    ensure_ascii=False,
    check_circular=False,
    sort_keys=True,
    separators=(",", ":"),
    default=_plain,
).encode


def canonical(reported: Mapping[str, object]) -> bytes:
    """One line of JSON that is the same for the same tip, whoever writes it.

    As RFC 8785: sorted keys, no blanks, UTF-8. Fields without a value are left out; numbers are
    whole, and coordinates are texts, so that no two programs write them differently.
    """
    return _encode(reported).encode("utf-8", "surrogatepass")


def tip_hash(record: bytes) -> str:
    return hashlib.sha256(record).hexdigest()


def filled(pairs: Iterable[tuple[str, object]]) -> dict[str, object]:
    """Only what has a value; `False` and 0 are values."""
    return {
        name: f"{value:.6f}" if type(value) is float else value
        for name, value in pairs
        if value or value == 0
    }


def text_of(value: Value) -> str:
    """A value as text, the same in every format."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, tuple):
        return "; ".join(value)
    return value.isoformat() if isinstance(value, date | time) else str(value)


def reader_of(
    names: Sequence[str], row: type | None = None
) -> Callable[[object], Sequence[Value]]:
    """Reads the values of these fields from a row, in this order. Made once for a table.

    Where they are all the fields of its kind of `row`, the row itself is their values.
    """
    if row is not None and tuple(names) == getattr(row, "_fields", ()):
        return lambda one: one  # type: ignore[return-value]  # a named tuple of them
    if len(names) == 1:
        single = attrgetter(names[0])
        return lambda one: (single(one),)
    return attrgetter(*names) if names else lambda _row: ()
