"""What was seen, in the desk's words: short, dense, and never more than the tip says."""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import TextChoices
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tipintake.directory.models import Contact, Line
from tipintake.tips import labels, when
from tipintake.tips import vocabulary as words
from tipintake.tips.indicators import Indicator
from tipintake.tips.models import (
    EvidenceInWords,
    OnlineLead,
    PersonDescribed,
    Place,
    Sighting,
    Tip,
    Vehicle,
)
from tipintake.web.desk.spoken_words import Spoken

CATEGORIES: Mapping[str, str] = Spoken(labels.CATEGORIES)
IMMEDIACY: Mapping[str, str] = Spoken(labels.IMMEDIACY)
MINORS: Mapping[str, str] = Spoken(labels.MINORS)
BASIS: Mapping[str, str] = Spoken(labels.BASIS)
IN_SCENE: Mapping[str, str] = Spoken(labels.IN_SCENE)
PRIORITIES: Mapping[str, str] = Spoken(
    {
        "P1": _("P1 · acknowledge within 15 minutes"),
        "P2": _("P2 · within 4 hours"),
        "P3": _("P3 · by the end of the next business day"),
        "P4": _("P4 · within 5 days"),
    }
)
SEVERITIES = ("low", "medium", "high", "critical", "emergency")
EVIDENCE_KINDS: Mapping[str, str] = Spoken(labels.EVIDENCE_KINDS)

# As the scrubber writes them.
_MARK = re.compile(r"\[(removed|held)\]")
# What would turn the direction of the text after it: named as in a packet, never obeyed.
_TURN = re.compile("([\u202a-\u202e\u2066-\u2069])")
_MARK_MEANS = {
    "removed": _("Removed before the tip was kept: it could have identified the person who wrote"),
    "held": _("Held back: only the privacy officer can open it"),
}
_TURN_MEANS = _("An invisible character that would turn the direction of the text")


@dataclass(frozen=True, slots=True)
class Card:
    """One vehicle, place, person or online lead, as label and value."""

    title: str | SafeString
    rows: tuple[tuple[str, str | SafeString], ...]
    plate: str = ""
    note: str = ""


def marked(text: str) -> SafeString:
    """Escaped text in which the scrubber's marks stand out, and that cannot turn what follows."""
    return _with_marks(text, _MARK, _mark, _unturned)


def _unturned(text: str) -> SafeString:
    return _with_marks(text, _TURN, _turn, escape)


def _with_marks(
    text: str,
    found: re.Pattern[str],
    mark: Callable[[str], SafeString],
    between: Callable[[str], SafeString],
) -> SafeString:
    """What the pattern's one group finds as a mark, and what stands between as it is given."""
    parts = found.split(text)
    pairs = ((between(parts[at]), _mark_at(parts, at + 1, mark)) for at in range(0, len(parts), 2))
    return format_html_join("", "{}{}", pairs)


def _mark_at(parts: Sequence[str], at: int, mark: Callable[[str], SafeString]) -> str:
    return mark(parts[at]) if at < len(parts) else ""


def _turn(character: str) -> SafeString:
    return format_html('<mark title="{}">{}</mark>', gettext(_TURN_MEANS), _named(character))


def turns_named(text: str) -> str:
    """The same for a line in which no mark can stand."""
    return _TURN.sub(lambda found: _named(found[0]), text)


def _named(character: str) -> str:
    return f"[{unicodedata.name(character).lower()}]"


def _mark(kind: str) -> SafeString:
    means = gettext(_MARK_MEANS[kind])
    return format_html('<mark class="{0}" title="{1}">{0}</mark>', kind, means)


# --- The tip ---------------------------------------------------------------------------------


def category(tip: Tip) -> str:
    return CATEGORIES.get(tip.category, tip.category)


def priority_heading(priority: str) -> str:
    return PRIORITIES.get(priority, priority)


def signs(codes: Iterable[str], known: Mapping[str, Indicator]) -> list[tuple[str, str, str]]:
    """(code, label, severity) of each sign, the worst first."""
    found = [
        (code, str(known[code].label), known[code].severity) if code in known else (code, code, "")
        for code in codes
    ]
    return sorted(found, key=lambda sign: -_weight(sign[2]))


def worst_severity(codes: Iterable[str], known: Mapping[str, Indicator]) -> str:
    return max((known[code].severity for code in codes if code in known), key=_weight, default="")


def _weight(severity: str) -> int:
    return SEVERITIES.index(severity) if severity in SEVERITIES else -1


def contact(one: Contact) -> str:
    """An endpoint as the desk names it: its kind and name, never its address or secret."""
    label = gettext(Contact.Channel(one.channel).label)
    return f"{label} ({one.name})" if one.name else label


def number_words(line: Line) -> str:
    """A line's telephone number as staff may rely on it: empty when nobody has verified it."""
    number = line.shown_number
    return (
        gettext("{number} (as of {shown_year})").format(number=number, shown_year=line.shown_year)
        if number and line.shown_year
        else number
    )


# --- Vehicles --------------------------------------------------------------------------------


def plate(vehicle: Vehicle) -> str:
    """State and characters, with ? and * where they were not seen."""
    characters = vehicle.plate_canonical or turns_named(vehicle.plate_raw)
    return f"{vehicle.plate_state} {characters}".strip() if characters else ""


def vehicle_card(vehicle: Vehicle) -> Card:
    colours = " and ".join(filter(None, (vehicle.colour1, vehicle.colour2)))
    name = " ".join(filter(None, (colours, _years(vehicle), vehicle.make, vehicle.model)))
    partial = gettext("Only part of the plate was seen") if vehicle.plate_partial else ""
    return Card(
        title=marked(_sentence(name) or gettext("Vehicle")),
        plate=plate(vehicle),
        note=partial,
        rows=_filled(
            (_("Body"), vehicle.style),
            (_("Plate state"), vehicle.plate_state if not vehicle.plate_canonical else ""),
            (_("Plate type"), vehicle.plate_type),
            (_("Special"), vehicle.features),
            (_("In the scene"), IN_SCENE.get(vehicle.role_in_scene, "")),
            ("NCIC", _codes(vehicle)),
        ),
    )


def _years(vehicle: Vehicle) -> str:
    start, end = vehicle.year_from, vehicle.year_to
    if start and end and start != end:
        return f"{start}–{end}"
    return str(start or end or "")


def _codes(vehicle: Vehicle) -> str:
    named = (
        ("VMA", vehicle.make_code),
        ("VMO", vehicle.model_code),
        ("VST", vehicle.style_code),
        ("VCO", "/".join(filter(None, (vehicle.colour1_code, vehicle.colour2_code)))),
        ("LIS", vehicle.plate_state if vehicle.plate_canonical else ""),
        ("LIT", vehicle.plate_type if vehicle.plate_canonical else ""),
    )
    return " · ".join(f"{field} {code}" for field, code in named if code)


# --- Places ----------------------------------------------------------------------------------


def place_words(place: Place) -> str:
    """A place in one line: "Sunset Inn, room 12 · Wentzville · I-70 exit 212"."""
    kind = words.PlaceType(place.place_type)
    vague = {words.PlaceType.UNKNOWN, words.PlaceType.OTHER, words.PlaceType.ONLINE}
    what = place.name or place.street or ("" if kind in vague else str(kind.label))
    if place.unit and what:
        what = gettext("{what}, room {unit}").format(what=what, unit=place.unit)
    crossing = ""
    if place.cross_street and not place.name:
        crossing = gettext("at {street}").format(street=place.cross_street)
    where = " ".join(filter(None, (place.city, place.state, "" if place.city else place.zip)))
    said = " · ".join(filter(None, (f"{what} {crossing}".strip(), where, road_words(place))))
    return turns_named(said)


def road_words(place: Place) -> str:
    mile = exit_ = ""
    if place.mile_marker is not None:
        mile = gettext("mile {number}").format(number=f"{place.mile_marker.normalize():f}")
    if place.exit:
        exit_ = gettext("exit {number}").format(number=place.exit)
    return " ".join(filter(None, (place.highway, place.direction, exit_, mile)))


def place_of_tip(tip: Tip, names: Mapping[str, str]) -> str:
    """Where it is: the first place that says something, else what the words or the pin gave."""
    for place in tip.locations.all():
        if said := place_words(place):
            return said
    for decision in tip.decisions.all():
        if decision.jurisdiction:
            return names.get(decision.jurisdiction, decision.jurisdiction)
    return ""


def place_card(place: Place) -> Card:
    kind = _known(words.PlaceType, place.place_type)
    return Card(
        title=marked(place.name or place.street or kind or gettext("Place")),
        rows=_filled(
            (_("Kind"), kind if place.name or place.street else ""),
            (_("Street"), place.street if place.name else ""),
            (_("Room or unit"), place.unit),
            (_("Crossing"), place.cross_street),
            (_("City"), " ".join(filter(None, (place.city, place.state, place.zip)))),
            (_("Road"), road_words(place)),
            (_("Pin"), _pin(place)),
        ),
    )


def _known(choices: type[TextChoices], code: str) -> str:
    """What was chosen; nothing where the person did not know: "I do not know" is theirs to say."""
    return "" if code in {"", "UNKNOWN"} else str(choices(code).label)


def _pin(place: Place) -> str:
    if place.lat is None or place.lon is None:
        return ""
    point = f"{place.lat:.5f}, {place.lon:.5f}"
    if not place.accuracy_m:
        return point
    return f"{point}, {gettext('within {meters} m').format(meters=place.accuracy_m)}"


# --- People and online leads -------------------------------------------------------------------


def person_card(person: PersonDescribed) -> Card:
    role = str(words.PersonRole(person.role).label) if person.role else gettext("Person")
    return Card(
        title=role,
        rows=_filled(
            (_("Age"), _ages(person)),
            (_("Under 18"), MINORS.get(person.looks_under_18, "")),
            (_("Sex"), _known(words.Sex, person.sex)),
            (_("Height"), _height(person.height_cm)),
            (_("Build"), _known(words.Build, person.build)),
            (_("Hair"), _coded(person.hair, person.hair_code)),
            (_("Eyes"), _coded(person.eyes, person.eyes_code)),
            (_("Marks"), person.marks),
            (_("Clothing"), person.clothing),
            (_("Name heard"), person.name_or_alias),
            (_("Race or skin tone"), person.race),
        ),
        note=gettext("A name is an unverified allegation.") if person.name_or_alias else "",
    )


def _ages(person: PersonDescribed) -> str:
    ages = sorted({age for age in (person.age_from, person.age_to) if age is not None})
    return gettext("about {ages}").format(ages="–".join(map(str, ages))) if ages else ""


def _height(centimetres: int | None) -> str:
    if not centimetres:
        return ""
    feet, inches = divmod(round(centimetres / 2.54), 12)
    return gettext("{feet} ft {inches} in ({centimetres} cm)").format(
        feet=feet, inches=inches, centimetres=centimetres
    )


def _coded(text: str, code: str) -> str:
    return f"{text} (NCIC {code})" if text and code else text


def _lead_seen(lead: OnlineLead) -> str:
    return when.at(lead.seen_at, ZoneInfo(settings.TIME_ZONE)) if lead.seen_at else ""


def lead_card(lead: OnlineLead) -> Card:
    return Card(
        title=str(dict(words.Platform.choices).get(lead.platform, lead.platform))
        or gettext("Online lead"),
        rows=_filled(
            (_("Address"), lead.url),
            (_("User name"), lead.handle),
            (_("Phone"), _phone(lead)),
            (_("E-mail"), lead.ad_email),
            (_("Name in the ad"), lead.ad_alias),
            (_("Payment tag"), lead.payment_tag),
            (_("Seen"), _lead_seen(lead)),
        ),
    )


def _phone(lead: OnlineLead) -> str:
    typed, number = lead.ad_phone, lead.ad_phone_e164
    return (
        gettext("{number} (as typed: {typed})").format(number=number, typed=typed)
        if number and typed and typed != number
        else typed
    )


def evidence_kind(one: EvidenceInWords) -> str:
    return EVIDENCE_KINDS.get(one.kind.upper(), one.kind.capitalize())


# --- When --------------------------------------------------------------------------------------


def sighting_words(sighting: Sighting) -> list[str]:
    """When it was seen, a sentence for each thing that is known."""
    said = [when.said(sighting)]
    if sighting.times_seen:
        said.append(
            gettext("Seen: {times}.").format(times=words.TimesSeen(sighting.times_seen).label)
        )
    if sighting.tz != settings.TIME_ZONE:
        said.append(gettext("Times are in {tz}.").format(tz=sighting.tz))
    return [one for one in said if one]


def _filled(*pairs: tuple[str, str]) -> tuple[tuple[str, SafeString], ...]:
    return tuple(_marked_pairs(pairs))


def _marked_pairs(pairs: Iterable[tuple[str, str]]) -> Iterator[tuple[str, SafeString]]:
    for label, value in pairs:
        if value:
            yield label, marked(value)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
