"""A tip before it is kept: what a person typed, as values. Both doors make one and hand it on.

`TipDraft.check()` holds every rule that looks at more than one field; facts about single fields
(length, choices) stand on the models, are applied by the doors' own field classes, and are asked
once more here, so that no door can hand on what the database would refuse.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, replace
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal
from typing import Any, Final, Self
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from tipintake.privacy.attachments import Sanitized
from tipintake.privacy.scrub.readable import NEVER_SEEN
from tipintake.tips import languages, models, plates, recurrence
from tipintake.tips.fields import Problem, field_problems, too_many_characters
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.vocabulary import Category, SightingKind

__all__ = [
    "AttachmentDraft",
    "LeadDraft",
    "LocationDraft",
    "Part",
    "PersonDraft",
    "Problem",
    "SightingDraft",
    "TipDraft",
    "VehicleDraft",
]

MOST = {"vehicles": 5, "locations": 5, "persons": 8, "online": 5, "attachments": 5}
ENOUGH_WORDS = 20
NEEDS_A_WHAT = "needs_a_what"
MARKS = ("[removed]", "[held]")
OLDEST_YEAR = 1950
OLDEST_VEHICLE = 1900
CLOCK_TOLERANCE = timedelta(hours=1)
# What must be filled in for each kind of sighting, in the order of the form.
SIGHTING_NEEDS: dict[str, tuple[str, ...]] = {
    SightingKind.INSTANT: ("start",),
    SightingKind.RANGE: ("start", "end"),
    SightingKind.APPROX: ("start", "approx_minutes"),
    SightingKind.RECURRING: (),  # "every Friday night" is enough, and so is "again and again"
    SightingKind.UNKNOWN: (),
}
# Files beside the zones: what this machine has set, which says nothing of where it was seen.
_ZONES_OF_NO_PLACE = frozenset({"Factory", "localtime", "posixrules"})
DESCRIBING = ("sex", "age", "height_cm", "build", "hair", "eyes", "marks", "clothing")


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Part:
    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build from validated values; null and absent both leave the default."""
        known = {f.name for f in fields(cls)}
        return cls(**{k: tame(v) for k, v in values.items() if k in known and v is not None})

    @property
    def is_empty(self) -> bool:
        """True when nothing was filled in."""
        return self == type(self)()


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class VehicleDraft(Part):
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

    @property
    def says_what(self) -> bool:
        return any(
            (self.plate_raw, self.make, self.model, self.style, self.colour1, self.features)
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LocationDraft(Part):
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


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class SightingDraft(Part):
    kind: str = "UNKNOWN"
    start: datetime | None = None  # aware; a naive input is read in `tz`
    end: datetime | None = None
    tz: str = "America/Chicago"
    approx_minutes: int | None = None
    rrule: str = ""
    local_start: time | None = None
    duration_minutes: int | None = None
    times_seen: str = ""

    @property
    def zone(self) -> ZoneInfo | None:
        """The named time zone; None when there is no such zone."""
        try:
            return None if self.tz in _ZONES_OF_NO_PLACE else ZoneInfo(self.tz)
        except (KeyError, ValueError, OSError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class PersonDraft(Part):
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

    @property
    def descriptors(self) -> int:
        """How many things describe the person, race apart. An age counts once."""
        age = self.age_from is not None or self.age_to is not None or self.looks_under_18
        return sum(bool(age if name == "age" else getattr(self, name)) for name in DESCRIBING)


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class LeadDraft(Part):
    url: str = ""
    platform: str = ""
    handle: str = ""
    ad_phone: str = ""
    ad_email: str = ""
    ad_alias: str = ""
    payment_tag: str = ""
    seen_at: datetime | None = None

    @property
    def says_what(self) -> bool:
        return any(
            (self.url, self.handle, self.ad_phone, self.ad_email, self.ad_alias, self.payment_tag)
        )


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class AttachmentDraft(Part):
    """A file made anew from its pixels. Its own date and place are here only if they may be kept.

    `offers_date` and `offers_place` say that the file claimed them, kept or not.
    """

    kind: str = ""
    pages: tuple[bytes, ...] = ()
    shapes: tuple[tuple[int, int], ...] = ()
    previews: tuple[bytes, ...] = ()
    removed: tuple[str, ...] = ()
    offers_date: bool = False
    offers_place: bool = False
    taken_at: datetime | None = None
    taken_lat: float | None = None
    taken_lon: float | None = None

    @classmethod
    def of(cls, clean: Sanitized, *, keep_claims: bool) -> Self:
        taken_at = _clock_time(clean.taken_at)
        lat, lon = clean.taken_where or (None, None)
        return cls(
            kind=clean.kind,
            pages=clean.pages,
            shapes=clean.shapes,
            previews=clean.previews,
            removed=clean.removed,
            offers_date=taken_at is not None,
            offers_place=lat is not None,
            taken_at=taken_at if keep_claims else None,
            taken_lat=lat if keep_claims else None,
            taken_lon=lon if keep_claims else None,
        )


def _clock_time(said: str | None) -> datetime | None:
    """A camera's own clock, which names no zone. Many a camera has a day that never was."""
    if not said:
        return None
    try:
        moment = datetime.fromisoformat(said).replace(tzinfo=ZoneInfo("America/Chicago"))
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the last evening of 9999 is in no year by UTC
        return None


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
    attachments: tuple[AttachmentDraft, ...] = ()

    def __repr__(self) -> str:
        return "<TipDraft>"

    @classmethod
    def from_mapping(cls, values: Mapping[str, Any]) -> Self:
        """Build from a mapping keyed by the API's field names; null equals absent.

        Pictures are no text of a mapping: a door adds them when they are cleaned. Texts lose
        control characters, half characters and the spaces around them, and lines end
        with \\n, whichever door they came by; a sign that stands twice is taken once.
        """
        given = {k: v for k, v in values.items() if v is not None}
        own = {f.name for f in fields(cls)} - set(MOST) - {"sighting", "indicators"}
        sighting = given.get("sighting")
        values = {name: tame(value) for name, value in given.items() if name in own}
        if "language" in values:
            values["language"] = languages.in_one_form(values["language"])
        return cls(
            **values,
            indicators=tuple(dict.fromkeys(given.get("indicators", ()))),
            vehicles=tuple(map(VehicleDraft.from_mapping, given.get("vehicles", ()))),
            locations=tuple(map(LocationDraft.from_mapping, given.get("locations", ()))),
            persons=tuple(map(PersonDraft.from_mapping, given.get("persons", ()))),
            online=tuple(map(LeadDraft.from_mapping, given.get("online", ()))),
            sighting=_sighting_from(sighting) if sighting else None,
        )

    @property
    def suspects_image_of_a_child(self) -> bool:
        """No upload is offered then; the page says not to save or send it, and where to report."""
        return "ONL_CSAM" in self.indicators

    @property
    def takes_pictures(self) -> bool:
        """Never where one may be a sexual image of a child: to hold it would itself be a harm."""
        return (
            not self.suspects_image_of_a_child
            and self.category != Category.ONLINE_CHILD_EXPLOITATION
        )

    def picture_problems(self, count: int) -> list[Problem]:
        """What forbids so many files. Asked before any is opened, and again when all are."""
        if not count or self.takes_pictures:
            return list(_too_many("attachments", count))
        return [
            Problem(
                "/attachments",
                "no_pictures_of_this_kind",
                _(
                    "For this kind of report we take no pictures, so that nobody sends or stores "
                    "a sexual picture of a child. Do not save it and do not send it to anyone. "
                    "Report it to the CyberTipline, report.cybertip.org. Your tip itself can be "
                    "sent without the picture."
                ),
            )
        ]

    @property
    def says_what(self) -> bool:
        """At least one *what*: a sign, a vehicle, an online lead, a picture, or enough words.

        Of the one in the situation any word is enough, and any place: that they cry for help is
        the what.
        """
        return (
            self.cries_for_help
            or bool(self.indicators)
            or bool(self.attachments)
            or characters_left(self.narrative) >= ENOUGH_WORDS
            or any(vehicle.says_what for vehicle in self.vehicles)
            or any(lead.says_what for lead in self.online)
        )

    @property
    def cries_for_help(self) -> bool:
        """The one in the situation says where, or anything at all in words.

        Marks count as words: what the scrubber took was said, and must not cost the tip.
        """
        return self.reporter_is_victim and (
            bool(self.narrative) or any(not place.is_empty for place in self.locations)
        )

    def check(self, *, now: datetime) -> list[Problem]:
        """Every rule across fields, in the order of the form. Empty: it can be sent."""
        return list(
            dict.fromkeys(
                [
                    *_whole_tip(self),
                    *_counts(self),
                    *(p for at, one in enumerate(self.locations) for p in _location(one, at)),
                    *(_sighting(self.sighting, now) if self.sighting else ()),
                    *(p for at, one in enumerate(self.vehicles) for p in _vehicle(one, at, now)),
                    *(p for at, one in enumerate(self.persons) for p in _person(self, one, at)),
                    *(p for at, one in enumerate(self.online) for p in _lead(one, at, now)),
                ]
            )
        )


UNSEEN: Final = dict.fromkeys(at for first, last in NEVER_SEEN for at in range(first, last + 1))


def tame(value: Any) -> Any:
    """A text that every database and every encoding can hold; other values as they are."""
    if not isinstance(value, str):
        return value
    text = value.replace("\r\n", "\n").replace("\r", "\n").encode("utf-8", "replace").decode()
    return (
        "".join(char for char in text if char >= " " or char in "\n\t").translate(UNSEEN).strip()
    )


def words_left(text: str) -> str:
    """What a person wrote, the scrubber's marks apart."""
    for mark in MARKS:
        text = text.replace(mark, "")
    return " ".join(text.split())


def characters_left(text: str) -> int:
    """How many characters of it there are."""
    return len(words_left(text))


def needs_a_what(*, captive: bool = False) -> Problem:
    if captive:
        words = _("Write one word, or say where you are. Either is enough.")
        return Problem("", NEEDS_A_WHAT, words)
    return Problem(
        "",
        NEEDS_A_WHAT,
        _(
            "Tell us one thing you noticed. Tick a sign, describe a vehicle, add a link or a "
            "phone number from an ad, or add a picture. Or write a sentence of at least 20 "
            "characters."
        ),
    )


def _sighting_from(values: Mapping[str, Any]) -> SightingDraft | None:
    draft = SightingDraft.from_mapping(values)
    if draft == SightingDraft():
        return None  # "I do not know", and nothing besides
    zone = draft.zone
    if zone is None:
        return draft
    return replace(draft, start=_aware(draft.start, zone), end=_aware(draft.end, zone))


def _aware(moment: datetime | None, zone: ZoneInfo) -> datetime | None:
    return moment.replace(tzinfo=zone) if moment and moment.tzinfo is None else moment


def _whole_tip(draft: TipDraft) -> Iterator[Problem]:
    for name in ("category", "immediacy", "minor_present"):
        if not getattr(draft, name):
            yield Problem(f"/{name}", "required", _("Choose the answer that fits best."))
    yield from field_problems(draft, models.Tip, "")
    if len(draft.narrative) > models.NARRATIVE_LIMIT:
        yield Problem(
            "/narrative",
            "max_length",
            too_many_characters(len(draft.narrative), models.NARRATIVE_LIMIT),
        )
    if not languages.is_tag(draft.language):
        yield Problem("/language", "unknown_language", str(languages.NO_TAG))
    yield from _indicators(draft)
    if draft.police_consent is not None and not draft.reporter_is_victim:
        yield Problem(
            "/police_consent",
            "asked_of_victims_only",
            _(
                "This question is only for a person who is in the situation. Leave it empty, or "
                "say that you are the one in this situation."
            ),
        )
    if not draft.says_what:
        yield needs_a_what(captive=draft.reporter_is_victim)


def _indicators(draft: TipDraft) -> Iterator[Problem]:
    seen: set[str] = set()
    for at, code in enumerate(draft.indicators):
        if code not in INDICATORS:
            yield Problem(
                f"/indicators/{at}",
                "unknown_sign",
                _("“%(code)s” is not on the list of signs. Take one from the list, or say it in "
                  "your own words.") % {"code": str(code)[:40]},
            )  # fmt: skip
        elif code in seen:
            yield Problem(
                f"/indicators/{at}", "twice", _("This sign stands twice. Take one of them away.")
            )
        seen.add(code)


def _counts(draft: TipDraft) -> Iterator[Problem]:
    for name in MOST:
        count = len(getattr(draft, name))
        yield from (
            draft.picture_problems(count) if name == "attachments" else _too_many(name, count)
        )


def _too_many(name: str, count: int) -> Iterator[Problem]:
    most = MOST[name]
    if count > most:
        yield Problem(
            f"/{name}",
            "too_many",
            _("There are %(count)d here; we can take %(most)d. Send the others as a second tip.")
            % {"count": count, "most": most},
        )


def _location(place: LocationDraft, at: int) -> Iterator[Problem]:
    pointer = f"/locations/{at}"
    yield from field_problems(place, models.Place, pointer)
    if (place.exit or place.mile_marker is not None) and not place.highway:
        yield Problem(
            f"{pointer}/highway",
            "highway_needed",
            _("Which highway? For example I-70. An exit or mile marker needs it."),
        )
    if (place.lat is None) != (place.lon is None):
        missing = "lat" if place.lat is None else "lon"
        yield Problem(
            f"{pointer}/{missing}",
            "coordinates_together",
            _("Latitude and longitude belong together. Give both, or neither."),
        )
    for name, value, most in (("lat", place.lat, 90), ("lon", place.lon, 180)):
        # "Not within" also refuses what is not a number.
        if value is not None and not -most <= value <= most:
            yield Problem(
                f"{pointer}/{name}",
                "not_on_earth",
                _("This lies between -%(most)d and %(most)d. Check the number, or leave it empty.")
                % {"most": most},
            )
    marker = place.mile_marker
    if marker is not None and not (marker.is_finite() and 0 <= marker < 10000):
        yield Problem(
            f"{pointer}/mile_marker",
            "out_of_range",
            _("A mile marker is a number such as 214.5. Check it, or leave it empty."),
        )


def _sighting(sighting: SightingDraft, now: datetime) -> Iterator[Problem]:
    yield from field_problems(sighting, models.Sighting, "/sighting")
    for name in SIGHTING_NEEDS.get(sighting.kind, ()):
        if getattr(sighting, name) in {None, ""}:
            yield Problem(f"/sighting/{name}", "needed_for_this_kind", _missing_in_sighting(name))
    zone = sighting.zone
    if zone is None:
        yield Problem(
            "/sighting/tz",
            "unknown_time_zone",
            _("This time zone is not known. Use America/Chicago for the St. Louis area."),
        )
    zone = zone or ZoneInfo("America/Chicago")
    yield from _when(sighting.start, "/sighting/start", zone, now)
    yield from _when(sighting.end, "/sighting/end", zone, now)
    if _is_before(sighting.end, sighting.start, zone):
        yield Problem(
            "/sighting/end",
            "ends_before_it_starts",
            _("The end is before the start. Check both; past midnight is the next day."),
        )
    yield from _pattern(sighting)


def _missing_in_sighting(name: str) -> str:
    return {
        "start": _("Give the date and time, or choose “I do not know”."),
        "end": _("Give the time when it ended, or choose “At one time”."),
        "approx_minutes": _("Give or take how many minutes? 30 is fine."),
        "local_start": _("From about what time of day? A guess helps."),
    }[name]


def _pattern(sighting: SightingDraft) -> Iterator[Problem]:
    minutes = sighting.duration_minutes
    if minutes is not None and not 1 <= minutes <= 1440:
        yield Problem(
            "/sighting/duration_minutes",
            "out_of_range",
            _("A length from 1 to 1440 minutes (one day). For longer, describe it in words."),
        )
    is_again = sighting.kind == SightingKind.RECURRING
    if is_again and minutes is not None and sighting.local_start is None:
        yield Problem(
            "/sighting/local_start", "needed_for_this_kind", _missing_in_sighting("local_start")
        )
    if not sighting.rrule:
        return
    try:
        rule = recurrence.parse(sighting.rrule)
    except recurrence.RuleProblem as problem:
        yield Problem("/sighting/rrule", "pattern_not_understood", str(problem))
        return
    if recurrence.needs_first_day(rule) and sighting.start is None:
        yield Problem(
            "/sighting/rrule",
            "pattern_needs_days",
            _("On which days? Add BYDAY or BYMONTHDAY, or give the first day as the start."),
        )


def _when(
    moment: datetime | None, pointer: str, zone: ZoneInfo, now: datetime
) -> Iterator[Problem]:
    if moment is None:
        return
    if moment.year < OLDEST_YEAR:
        yield Problem(
            pointer, "too_long_ago", _("Check the year. For long ago, say it in your own words.")
        )
    elif _is_before(now + CLOCK_TOLERANCE, moment, zone):
        yield Problem(
            pointer,
            "in_the_future",
            _(
                "This time has not come yet. Give the time when you saw it. Is something planned "
                "for later? Write that in your own words."
            ),
        )


def _is_before(one: datetime | None, other: datetime | None, zone: ZoneInfo) -> bool:
    if one is None or other is None:
        return False
    # By the clock first: shifting a moment at either end of the calendar overflows.
    if abs(one.year - other.year) > 1:
        return one.year < other.year
    first, second = _aware(one, zone), _aware(other, zone)
    return bool(first and second and first < second)


def _vehicle(vehicle: VehicleDraft, at: int, now: datetime) -> Iterator[Problem]:
    pointer = f"/vehicles/{at}"
    yield from field_problems(vehicle, models.Vehicle, pointer)
    latest = now.astimezone(UTC).year + 2
    for name in ("year_from", "year_to"):
        year = getattr(vehicle, name)
        if year is not None and not OLDEST_VEHICLE <= year <= latest:
            yield Problem(
                f"{pointer}/{name}",
                "implausible_year",
                _("A model year from %(first)d to %(last)d. Leave it empty if you are not sure.")
                % {"first": OLDEST_VEHICLE, "last": latest},
            )
    if _in_disorder(vehicle.year_from, vehicle.year_to):
        yield Problem(
            f"{pointer}/year_to",
            "years_in_disorder",
            _("The second year is before the first. Swap them, or leave one empty."),
        )
    if vehicle.plate_raw and not plates.canonical(vehicle.plate_raw):
        yield Problem(
            f"{pointer}/plate_raw",
            "no_plate_character",
            _("Write at least one letter or number of the plate, or leave it empty. Use ? for a "
              "character you are not sure of."),
        )  # fmt: skip


def _person(draft: TipDraft, person: PersonDraft, at: int) -> Iterator[Problem]:
    pointer = f"/persons/{at}"
    yield from field_problems(person, models.PersonDescribed, pointer)
    for name in ("age_from", "age_to"):
        age = getattr(person, name)
        if age is not None and not 0 <= age <= 120:
            yield Problem(
                f"{pointer}/{name}",
                "implausible_age",
                _("An age from 0 to 120. A guess is fine; leave it empty if you are not sure."),
            )
    if _in_disorder(person.age_from, person.age_to):
        yield Problem(
            f"{pointer}/age_to",
            "ages_in_disorder",
            _("The second age is below the first. Swap them, or leave one empty."),
        )
    if person.height_cm is not None and not 30 <= person.height_cm <= 260:
        yield Problem(
            f"{pointer}/height_cm",
            "implausible_height",
            _("A height from 30 to 260 centimeters. 5 feet 6 inches are 168 cm."),
        )
    if person.race and (not draft.indicators or person.descriptors < 2):
        yield Problem(
            f"{pointer}/race",
            "what_they_did_comes_first",
            _(
                "First say what the person did (tick a sign) and describe them in two other ways, "
                "such as age and clothing. Or leave this empty."
            ),
        )


def _lead(lead: LeadDraft, at: int, now: datetime) -> Iterator[Problem]:
    pointer = f"/online/{at}"
    yield from field_problems(lead, models.OnlineLead, pointer)
    yield from _when(lead.seen_at, f"{pointer}/seen_at", ZoneInfo("America/Chicago"), now)


def _in_disorder(first: int | None, last: int | None) -> bool:
    return first is not None and last is not None and last < first
