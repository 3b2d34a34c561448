"""NIEM 6.0 XML: one message for each tip, under an envelope and subset schema of our own.

`reports/schemas/` holds both; the messages are valid against the full model too. Codes of NCIC
stand only where our tables know one, so a word without a code is written as text.
"""

from collections.abc import Iterator
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr

from reports.formats.base import About, Files, Format, give_or_take, one_report_with
from reports.neutral import for_xml
from reports.rows import PlaceRow, TipRow, VehicleRow
from tipintake.tips import ncic
from tipintake.tips.plates import is_partial

RELEASE = "https://docs.oasis-open.org/niemopen/ns/model/"
ENVELOPE = "urn:example:tipintake:export:1"
_NAMESPACES = {
    "tip": ENVELOPE,
    "nc": RELEASE + "niem-core/6.0/",
    "hs": RELEASE + "domains/humanServices/6.0/",
    "j": RELEASE + "domains/justice/6.0/",
    "ncic": RELEASE + "codes/ncic/6.0/",
    "s": RELEASE + "structures/6.0/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_OPEN = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<tip:TipReport '
    + " ".join(f'xmlns:{prefix}="{name}"' for prefix, name in _NAMESPACES.items())
    + ">\n"
)
# Codes of the model's tip taxonomy: suspicious activity; threats and crimes against persons.
_CLASS, _DOMAIN = "SPCSA", "H"
_PARTLY = "partly seen"  # of a plate: else one reads it as whole


class _Writer:
    def __init__(self, files: Files, about: About) -> None:
        self._files, self._about = files, about

    def add(self, row: TipRow) -> None:
        message = _OPEN + "\n".join(self._parts(row)) + "\n</tip:TipReport>\n"
        self._files.whole(f"niem/{row.reference}.xml", message.encode("utf-8", "replace"))

    def end(self) -> None:
        """Every message was written when its row came."""

    def _parts(self, row: TipRow) -> Iterator[str]:
        yield _in(
            "nc:DocumentIdentification",
            _el("nc:IdentificationID", row.reference),
            _el("nc:IdentificationCategoryDescriptionText", "Tip, unverified"),
        )
        yield _in(
            "j:TipTaxonomy",
            _el("j:TipSubclassText", row.category),
            _el("j:TipClassCode", _CLASS),
            _el("j:TipDomainCode", _DOMAIN),
        )
        yield self._event(row)
        for place in row.places:
            yield _location(place)
        for number, vehicle in enumerate(row.vehicles, start=1):
            yield _vehicle(number, vehicle)
        for number, vehicle in enumerate(row.vehicles, start=1):
            if vehicle.plate:
                yield _registration(number, vehicle)

    def _event(self, row: TipRow) -> str:
        about = self._about
        venues = dict.fromkeys(ncic.venue(one.place_type) for one in row.places if one.place_type)
        return _in(
            "hs:TraffickingEvent",
            _in("nc:ActivityIdentification", _el("nc:IdentificationID", row.tip_hash)),
            _moment(row),
            _el("nc:ActivityDescriptionText", f"{about.caveat} {about.tlp}"),
            _el("nc:ActivityDescriptionText", f"Export {about.export} for {about.recipient}"),
            _el(
                "nc:ActivityDescriptionText",
                f"Source {row.source_grade}, content {row.content_grade}",
            ),
            *(
                _el("nc:ActivityDescriptionText", text)
                for text in (
                    _one_report(row),
                    *_answers(row),
                    row.narrative,
                    *map(_sign, row.indicators),
                    *_people(row),
                )
            ),
            *(_el("nc:ActivityDescriptionText", text) for text in _online(row)),
            *(
                _el("nc:ActivityDescriptionText", text)
                for text in (give_or_take(row), _hours(row))
            ),
            _el("nc:ActivityFrequencyText", row.seen_rrule),
            _in("nc:ActivityReportedDate", _el("nc:Date", str(row.received_on or ""))),
            *(_el("hs:CurrentTraffickedVenueCode", venue) for venue in venues),
        )


def _moment(row: TipRow) -> str:
    if row.seen_start is None:
        return ""
    minutes = row.seen_approx_minutes
    return _in(
        "nc:ActivityDate",
        _in(
            "nc:DateRange",
            _in("nc:StartDate", _at(row.seen_start)),
            _in("nc:EndDate", _at(row.seen_end)),
        )
        if row.seen_end
        else _at(row.seen_start),
        _el("nc:DateMarginOfErrorDuration", f"PT{minutes}M" if minutes else ""),
    )


def _at(moment: datetime) -> str:
    return _el("nc:DateTime", moment.isoformat(timespec="seconds"))


def _hours(row: TipRow) -> str:
    """Of what is seen again and again: when it begins, and for how long."""
    if row.seen_local_start is None:
        return ""
    lasts = f", for {row.seen_duration_minutes} minutes" if row.seen_duration_minutes else ""
    return f"Each time from about {row.seen_local_start:%H:%M} {row.seen_tz}".rstrip() + lasts


def _location(one: PlaceRow) -> str:
    town = " ".join(part for part in (one.city, one.state, one.zip) if part)
    address = ", ".join(part for part in (one.street, town) if part)
    said = (
        ("Kind", one.place_type),
        ("Cross street", one.cross_street),
        ("Highway", " ".join(part for part in (one.highway, one.direction) if part)),
        ("Exit", one.exit),
        ("Mile marker", one.mile_marker),
        ("Point within meters", str(one.accuracy_m or "")),
    )
    return _in(
        "nc:Location",
        _in(
            "nc:Address",
            _el("nc:AddressFullText", address),
            _el("nc:AddressSecondaryUnitText", one.unit),
        ),
        _el(
            "nc:LocationDescriptionText",
            "; ".join(f"{title}: {text}" for title, text in said if text),
        ),
        _point(one),
        _el("nc:LocationName", one.name),
    )


def _point(one: PlaceRow) -> str:
    if one.lat is None or one.lon is None:
        return ""
    latitude, longitude = f"{one.lat:.6f}", f"{one.lon:.6f}"
    return _in(
        "nc:Location2DGeospatialCoordinate",
        _in("nc:GeographicCoordinateLatitude", _el("nc:LatitudeDegreeValue", latitude)),
        _in("nc:GeographicCoordinateLongitude", _el("nc:LongitudeDegreeValue", longitude)),
    )


def _vehicle(number: int, one: VehicleRow) -> str:
    colours = " and ".join(part for part in (one.colour1, one.colour2) if part)
    years = "–".join(str(year) for year in (one.year_from, one.year_to) if year)
    single = one.year_from and one.year_to in (None, one.year_from)
    said = [
        one.features,
        one.role_in_scene,
        "" if single else years and f"Years {years}",
        f"Plate {_PARTLY}: {one.plate}" if _is_partial(one) else "",
    ]
    return _in(
        f"nc:Vehicle s:id={quoteattr(f'V{number}')}",
        _el("nc:ItemColorDescriptionText", colours),
        _el("ncic:ConveyanceColorPrimaryCode", one.colour1_code),
        _el("nc:ItemDescriptionText", "; ".join(part for part in said if part)),
        _el("nc:ItemMakeName", one.make),
        _el("nc:ItemModelName", one.model),
        _el("nc:ItemModelYearDate", f"{one.year_from:04d}" if single else ""),
        _el("ncic:VehicleStyleCode", one.style_code) or _el("nc:ItemStyleText", one.style),
        _el("ncic:VehicleMakeCode", one.make_code),
        _el("ncic:VehicleModelCode", one.model_code if one.make_code else ""),
    )


def _registration(number: int, one: VehicleRow) -> str:
    return _in(
        "j:ConveyanceRegistration",
        f'<nc:Conveyance s:ref="V{number}" xsi:nil="true"/>',
        _in(
            "j:ConveyanceRegistrationPlateIdentification",
            _el("nc:IdentificationID", one.plate),
            _el(
                "nc:IdentificationCategoryDescriptionText",
                "; ".join(filter(None, (one.plate_state, _PARTLY if _is_partial(one) else ""))),
            ),
        ),
        _el(
            "ncic:ConveyanceRegistrationPlateCategoryCode",
            ncic.lookup("plate_type", one.plate_type).code if one.plate_type else "",
        ),
    )


def _is_partial(one: VehicleRow) -> bool:
    return bool(one.plate) and (bool(one.plate_partial) or is_partial(one.plate))


def _sign(code: str) -> str:
    return f"Sign: {code}"


def _answers(row: TipRow) -> Iterator[str]:
    """What was chosen of the form, as the other formats have it."""
    said = (
        ("When", row.immediacy),
        ("Anyone under 18", row.minor_present),
        ("How known", row.basis),
        ("Written in", row.language),
        ("Times seen", row.times_seen),
    )
    return (f"{title}: {code}" for title, code in said if code)


def _one_report(row: TipRow) -> str:
    others = one_report_with(row)
    return f"Counts as one report with {', '.join(others)}" if others else ""


def _people(row: TipRow) -> Iterator[str]:
    for one in row.persons:
        ages = "–".join(str(age) for age in (one.age_from, one.age_to) if age is not None)
        said = (
            ("Person", one.role or "described"),
            ("age", ages),
            ("looks under 18", one.looks_under_18),
            ("sex", one.sex),
            ("height cm", str(one.height_cm or "")),
            ("build", one.build),
            ("hair", one.hair),
            ("eyes", one.eyes),
            ("marks", one.marks),
            ("clothing", one.clothing),
            ("name or nickname heard", one.name_or_alias),
            ("race or skin tone, as described", one.race),
        )
        yield "; ".join(f"{title}: {text}" for title, text in said if text)


def _online(row: TipRow) -> Iterator[str]:
    for one in row.online:
        said = (
            ("Online", one.platform or "lead"),
            ("address", one.url),
            ("user name", one.handle),
            ("phone", one.ad_phone_e164 or one.ad_phone),
            ("e-mail", one.ad_email),
            ("name", one.ad_alias),
            ("payment tag", one.payment_tag),
            ("seen on", one.seen_at.isoformat(timespec="seconds") if one.seen_at else ""),
        )
        yield "; ".join(f"{title}: {text}" for title, text in said if text)


def _el(name: str, text: str) -> str:
    """An element with this text; nothing when there is none."""
    return f"<{name}>{escape(for_xml(text))}</{name}>" if text else ""


def _in(name: str, *parts: str) -> str:
    inside = "".join(parts)
    return f"<{name}>{inside}</{name.partition(' ')[0]}>" if inside else ""


FORMAT = Format(name="niem", title="NIEM 6.0 XML messages", begin=_Writer)
