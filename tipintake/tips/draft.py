"""A tip before it is kept: what a person typed, as values. Both doors make one and hand it on.

`TipDraft.check()` holds every rule that looks at more than one field; facts about single fields
(length, choices) stand on the models and are applied by the doors' own field classes.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime, time
from decimal import Decimal
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend. `pointer` is a JSON pointer ("/vehicles/0/year_to"; "" = whole tip)."""

    pointer: str
    code: str
    message: str  # translated; says what to do


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build from validated values; null and absent both leave the default."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: v for k, v in values.items() if k in known and v is not None})


@dataclass(frozen=True, slots=True, kw_only=True)
class VehicleDraft(_Part):
    plate_raw: str = ""
    plate_state: str = ""
    plate_type: str = ""
    plate_partial: bool = False
    year_from: int | None = None
    year_to: int | None = None
    make: str = ""
    model: str = ""
    style: str = ""
    colour1: str = ""
    colour2: str = ""
    features: str = ""
    role_in_scene: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LocationDraft(_Part):
    place_type: str = "UNKNOWN"
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
    mile_marker: Decimal | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None
    precision: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SightingDraft(_Part):
    kind: str = "UNKNOWN"
    start: datetime | None = None  # aware; a naive input is read in `tz`
    end: datetime | None = None
    tz: str = "America/Chicago"
    approx_minutes: int | None = None
    rrule: str = ""
    local_start: time | None = None
    duration_minutes: int | None = None
    times_seen: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonDraft(_Part):
    role: str = ""
    age_from: int | None = None
    age_to: int | None = None
    looks_under_18: str = ""
    sex: str = ""
    height_cm: int | None = None
    build: str = ""
    hair: str = ""
    eyes: str = ""
    marks: str = ""
    clothing: str = ""
    name_or_alias: str = ""
    race: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadDraft(_Part):
    url: str = ""
    platform: str = ""
    handle: str = ""
    ad_phone: str = ""
    ad_email: str = ""
    ad_alias: str = ""
    payment_tag: str = ""
    seen_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class TipDraft:
    """Everything one person typed. Its repr shows nothing, so that no traceback can."""

    category: str
    immediacy: str
    minor_present: str
    basis: str = ""
    indicators: tuple[str, ...] = ()
    narrative: str = ""
    reporter_is_victim: bool = False
    police_consent: bool | None = None
    wants_reward: bool = False
    distrusts_police: bool = False
    language: str = "en"
    vehicles: tuple[VehicleDraft, ...] = ()
    locations: tuple[LocationDraft, ...] = ()
    sighting: SightingDraft | None = None
    persons: tuple[PersonDraft, ...] = ()
    online: tuple[LeadDraft, ...] = ()

    def __repr__(self) -> str:
        return "<TipDraft>"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build from a mapping keyed by the API's field names; null equals absent."""
        given = {k: v for k, v in values.items() if v is not None}
        own = {f.name for f in fields(cls)}
        plain = {
            k: v for k, v in given.items() if k in own and k not in _PARTS and k != "sighting"
        }
        plain["indicators"] = tuple(given.get("indicators", ()))
        parts = {
            name: tuple(part.from_mapping(row) for row in given.get(name, ()))
            for name, part in _PARTS.items()
        }
        sighting = given.get("sighting")
        return cls(
            **plain,
            **parts,
            sighting=SightingDraft.from_mapping(sighting) if sighting is not None else None,
        )

    def check(self, *, now: datetime) -> list[Problem]:
        """Every rule across fields, in the order of the form. Empty: it can be sent."""
        raise NotImplementedError


_PARTS: dict[str, type[_Part]] = {
    "vehicles": VehicleDraft,
    "locations": LocationDraft,
    "persons": PersonDraft,
    "online": LeadDraft,
}
