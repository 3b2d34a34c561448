"""What the rules read of a tip: codes and fields, never words. From a draft and from stored rows
alike, with the same result."""

import functools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from tipintake.tips.draft import LocationDraft, TipDraft
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.mentions import Mention, MentionKind
from tipintake.tips.models import Place, Tip

CHILD_CATEGORIES = frozenset({"MINOR_EXPLOITATION", "ONLINE_CHILD_EXPLOITATION"})
FORCE_CATEGORIES = frozenset({"SEX_TRAFFICKING", "LABOR_TRAFFICKING", "COERCED_COMMERCIAL_SEX"})
FORCE_SIGNS = frozenset(
    {
        "VIC_INJURY",
        "VIC_MALNOURISHED",
        "VIC_BRANDING",
        "VIC_DISORIENTED",
        "VIC_SUBSTANCE",
        "MSG_LIVE_IN",
        "ONL_RECRUIT_JOB",
    }
)
SUPPORTING_SIGNS = frozenset({"VIC_FEAR", "VIC_LANGUAGE_ISOLATED"})
ONLINE_CHILD_SIGNS = frozenset({"ONL_AD_YOUNG", "ONL_CSAM"})
STRONG = frozenset({"high", "critical", "emergency"})
MEDIUM_OR_MORE = STRONG | {"medium"}
ZONE = ZoneInfo("America/Chicago")  # the one clock by which rules read weekday and hour
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
ROAD_PLACES = frozenset({"STREET", "OTHER", "UNKNOWN", ""})
_EXIT_WITH_HIGHWAY = re.compile(r"(?:exit|salida|mile|mm|milla)\D{0,12}[0-9]", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LocationFacts:
    """One location as the place step reads it. Its repr shows nothing that was typed."""

    place_type: str = "UNKNOWN"
    name: str = ""
    street: str = ""
    cross_street: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    highway: str = ""
    exit: str = ""
    mile_marker: Decimal | None = None
    lat: float | None = None
    lon: float | None = None
    accuracy_m: int | None = None

    def __repr__(self) -> str:
        return f"<LocationFacts {self.place_type}>"

    @property
    def is_on_a_highway(self) -> bool:
        at_a_point = bool(self.exit) or self.mile_marker is not None
        at_a_point |= _EXIT_WITH_HIGHWAY.search(self.highway) is not None
        return bool(self.highway) and at_a_point and self.place_type in ROAD_PLACES


@dataclass(frozen=True, kw_only=True, repr=False)
class TipFacts:
    category: str
    immediacy: str
    minor_present: str
    basis: str = ""
    codes: frozenset[str] = frozenset()
    locations: tuple[LocationFacts, ...] = ()
    mentions: tuple[Mention, ...] = ()
    has_vehicle: bool = False
    has_lead: bool = False  # an online lead: a link, handle, ad phone
    is_victim: bool = False
    police_consent: bool = False  # an answer that is missing means no
    wants_reward: bool = False
    distrusts_police: bool = False
    received: datetime | None = None  # aware, the full hour; None when nobody knows
    place_read: str = ""  # the place as staff read it, instead of what was given

    def __repr__(self) -> str:
        return "<TipFacts>"

    # --- When it came --------------------------------------------------------------------

    @functools.cached_property
    def weekday(self) -> str | None:
        """By the same clock as the hour, so that 23:00 on Sunday is Sunday."""
        return WEEKDAYS[self.received.astimezone(ZONE).weekday()] if self.received else None

    @functools.cached_property
    def hour(self) -> int | None:
        return self.received.astimezone(ZONE).hour if self.received else None

    # --- Who is concerned ----------------------------------------------------------------

    @functools.cached_property
    def minor(self) -> bool:
        """A code beats minor_present=NO."""
        return (
            self.minor_present in {"YES", "POSSIBLY"}
            or self.category in CHILD_CATEGORIES
            or bool(self.codes & ONLINE_CHILD_SIGNS)
            or "IMM_CHILD_PRESENT_NOW" in self.codes
            or self._any("MIN_")
        )

    @property
    def victim_without_consent(self) -> bool:
        return self.is_victim and not self.police_consent

    @property
    def only_asks_for_help(self) -> bool:
        """The person in the situation writes, and neither danger now nor a child is in it."""
        return self.is_victim and not self.danger_now and not self.minor

    @property
    def child_in_person(self) -> bool:
        return self.minor and (self.physical or not self.online)

    @property
    def child_online(self) -> bool:
        return self.minor and self.online

    @property
    def only_child_online(self) -> bool:
        """The town that an advertisement claims must not reach its police by category."""
        return self.child_online and not self.child_in_person

    # --- Where it happens ----------------------------------------------------------------

    @functools.cached_property
    def online(self) -> bool:
        return (
            self.has_lead
            or self.basis == "ONLINE_ONLY"
            or self.category == "ONLINE_CHILD_EXPLOITATION"
            or any(_is_online(code) for code in self.codes)
        )

    @functools.cached_property
    def physical(self) -> bool:
        return (
            self.has_vehicle
            or any(place.place_type != "ONLINE" for place in self.locations)
            or any(not _is_online(code) for code in self.codes)
        )

    @property
    def online_only(self) -> bool:
        return self.online and not self.physical

    @functools.cached_property
    def place_types(self) -> frozenset[str]:
        return frozenset(place.place_type or "UNKNOWN" for place in self.locations)

    @functools.cached_property
    def highway_scene(self) -> bool:
        return self._any("TRK_") or any(
            place.place_type == "TRUCK_STOP" or place.is_on_a_highway for place in self.locations
        )

    # --- What was seen -------------------------------------------------------------------

    @property
    def happens_now(self) -> bool:
        return self.immediacy == "NOW"

    @functools.cached_property
    def imminent_sign(self) -> bool:
        return self._any("IMM_")

    @property
    def danger_now(self) -> bool:
        """NOW or any IMM_*; for a victim without consent an IMM_* of the past wakes nobody."""
        if self.victim_without_consent and self.immediacy == "PAST":
            return False
        return self.happens_now or self.imminent_sign

    @property
    def no_sign(self) -> bool:
        return not self.codes

    @functools.cached_property
    def force_sign(self) -> bool:
        return self._any("CTL_", "LAB_") or bool(self.codes & FORCE_SIGNS)

    @functools.cached_property
    def pattern_sign(self) -> bool:
        return self._any("HTL_", "VEH_", "TRK_")

    @functools.cached_property
    def conduct_codes(self) -> frozenset[str]:
        return frozenset(
            code
            for code in self.codes
            if not code.startswith(("IMM_", "MIN_")) and code not in ONLINE_CHILD_SIGNS
        )

    @functools.cached_property
    def counted_codes(self) -> frozenset[str]:
        return self.codes - SUPPORTING_SIGNS

    @property
    def only_supporting_signs(self) -> bool:
        return bool(self.codes) and not self.counted_codes

    @property
    def only_an_ad(self) -> bool:
        return self.counted_codes == {"ONL_AD"}

    @property
    def only_truancy(self) -> bool:
        return self.codes == {"MIN_TRUANT"} and self.category not in CHILD_CATEGORIES

    @functools.cached_property
    def strong(self) -> bool:
        return self._any("CTL_") or any(_severity(code) in STRONG for code in self.codes)

    @functools.cached_property
    def two_signs(self) -> bool:
        counted = self.counted_codes
        return len(counted) >= 2 and any(_severity(code) in MEDIUM_OR_MORE for code in counted)

    @property
    def force_by_category(self) -> bool:
        """The category speaks only when no conduct code is ticked."""
        if self.conduct_codes:
            return False
        grooming_of_adult = self.category == "RECRUITMENT_GROOMING" and not self.minor
        return self.category in FORCE_CATEGORIES or grooming_of_adult

    def _any(self, *prefixes: str) -> bool:
        return any(code.startswith(prefixes) for code in self.codes)


def facts_of_draft(
    draft: TipDraft, mentions: Iterable[Mention], *, at: datetime | None = None
) -> TipFacts:
    """The facts of a cleaned draft, which comes at `at`, and of places that its words name."""
    return TipFacts(
        category=draft.category,
        immediacy=draft.immediacy,
        minor_present=draft.minor_present,
        basis=draft.basis,
        codes=frozenset(draft.indicators),
        locations=tuple(_location(place) for place in draft.locations if not place.is_empty),
        mentions=_in_order(mentions),
        has_vehicle=not all(vehicle.is_empty for vehicle in draft.vehicles),
        has_lead=not all(lead.is_empty for lead in draft.online),
        is_victim=draft.reporter_is_victim,
        police_consent=bool(draft.reporter_is_victim and draft.police_consent),
        wants_reward=draft.wants_reward,
        distrusts_police=draft.distrusts_police,
        received=_hour(at),
    )


def facts_of_tip(tip: Tip) -> TipFacts:
    """The same from rows; prefetch them."""
    return TipFacts(
        category=tip.category,
        immediacy=tip.immediacy,
        minor_present=tip.minor_present,
        basis=tip.basis,
        codes=frozenset(tip.indicators),
        locations=tuple(
            _location(place) for place in sorted(tip.locations.all(), key=lambda p: p.position)
        ),
        mentions=_in_order(_mentions(tip)),
        has_vehicle=bool(tip.vehicles.all()),
        has_lead=bool(tip.online.all()),
        is_victim=tip.reporter_is_victim,
        police_consent=bool(tip.reporter_is_victim and tip.police_consent),
        wants_reward=tip.wants_reward,
        distrusts_police=tip.distrusts_police,
        received=_hour(tip.submitted_hour),
    )


def _hour(at: datetime | None) -> datetime | None:
    """No finer than a tip is dated when it is kept, so that door and worker read the same."""
    return at.astimezone(ZONE).replace(minute=0, second=0, microsecond=0) if at else None


TIP_COLUMNS = (
    "category", "immediacy", "minor_present", "basis", "indicators", "reporter_is_victim",
    "police_consent", "wants_reward", "distrusts_police", "submitted_hour",
)  # fmt: skip
LOCATION_COLUMNS = tuple(LocationFacts.__dataclass_fields__)
MENTION_COLUMNS = ("kind", "code", "strength")


def facts_of_rows(
    tip: Sequence[Any],
    *,
    locations: Iterable[Sequence[Any]],
    mentions: Iterable[Sequence[Any]],
    has_vehicle: bool,
    has_lead: bool,
) -> TipFacts:
    """The same from plain values of these columns, for one who reads very many tips."""
    row = dict(zip(TIP_COLUMNS, tip, strict=True))
    return TipFacts(
        category=row["category"],
        immediacy=row["immediacy"],
        minor_present=row["minor_present"],
        basis=row["basis"],
        codes=frozenset(row["indicators"]),
        locations=tuple(LocationFacts(**_named(LOCATION_COLUMNS, place)) for place in locations),
        mentions=_in_order(
            Mention(_KINDS[kind], code, strength)
            for kind, code, strength in mentions
            if kind in _KINDS
        ),
        has_vehicle=has_vehicle,
        has_lead=has_lead,
        is_victim=row["reporter_is_victim"],
        police_consent=bool(row["reporter_is_victim"] and row["police_consent"]),
        wants_reward=row["wants_reward"],
        distrusts_police=row["distrusts_police"],
        received=_hour(row["submitted_hour"]),
    )


def _named(names: Sequence[str], values: Sequence[Any]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def _location(place: LocationDraft | Place) -> LocationFacts:
    return LocationFacts(**{name: getattr(place, name) for name in LOCATION_COLUMNS})


_KINDS = {kind.value: kind for kind in MentionKind}


def _mentions(tip: Tip) -> Iterable[Mention]:
    for row in tip.mentions.all():
        if row.kind in _KINDS:
            yield Mention(_KINDS[row.kind], row.code, row.strength)


def _in_order(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    unique = dict.fromkeys(mentions)
    return tuple(sorted(unique, key=lambda one: (one.strength, one.kind, one.code)))


def _is_online(code: str) -> bool:
    return code.startswith("ONL_") or code == "MIN_GROOMING_ONLINE"


def _severity(code: str) -> str:
    known = INDICATORS.get(code)
    return known.severity if known else ""
