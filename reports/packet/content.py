"""A tip in the words of a packet: label and value, table by table, as JSON can hold them.

A row holds only what its scope shows, and what is empty is left out: nothing here decides who
may see what.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import translation

from reports.formats.base import About
from reports.formats.signs import sign
from reports.packet.glyphs import is_rtl
from reports.rows import (
    CONFIRMED,
    ONE_REPORT,
    DialogRow,
    LinkRow,
    OnlineRow,
    PersonRow,
    PictureRow,
    PlaceRow,
    TipRow,
    VaultRow,
    VehicleRow,
    WordRow,
)
from tipintake.tips import labels, languages, when
from tipintake.tips import vocabulary as words
from tipintake.triage.figures.seen import Seen

Value = dict[str, Any]
_SEVERITIES = ("emergency", "critical", "high", "medium", "low")
_CHOICES: Mapping[str, type[Any]] = {
    "place_type": words.PlaceType, "role": words.PersonRole, "sex": words.Sex,
    "build": words.Build, "platform": words.Platform, "times_seen": words.TimesSeen,
    "status": words.Status, "disposition": words.Disposition, "source_grade": words.Source,
    "content_grade": words.Content,
}  # fmt: skip
_PARAGRAPH = re.compile(r"\r\n|\r|\n")
_VAGUE = frozenset({"UNKNOWN", "OTHER", "ONLINE"})


def tip(row: TipRow, about: About) -> Value:
    """Everything that is printed of one tip, except figures and pictures."""
    with translation.override("en"):
        return {
            "reference": row.reference,
            "kind": labels.CATEGORIES.get(row.category, row.category),
            "grade": row.source_grade + row.content_grade,
            "priority": row.priority,
            "received": day(row.received_on),
            "place": place_of(row, about),
            "hash": row.tip_hash,
            "facts": _pairs(_facts(row, about)),
            "routing": _routing(row, about),
            "signs": _signs(row.indicators),
            "narrative": _paragraphs(row.narrative),
            "language": languages.base(row.language) if languages.is_tag(row.language) else "en",
            "tables": [one for one in _tables(row) if one["rows"]],
            "dialog": [_said(one) for one in row.dialog],
            "links": [_link(one) for one in row.links if one.judgement == CONFIRMED],
            "names": [_name(one) for one in row.vault],
        }


def _facts(row: TipRow, about: About) -> Iterator[tuple[str, str]]:
    yield "When", labels.IMMEDIACY.get(row.immediacy, row.immediacy)
    yield "Seen", sighting(row)
    yield "Anyone under 18", labels.MINORS.get(row.minor_present, row.minor_present)
    yield "How known", labels.BASIS.get(row.basis, row.basis)
    yield "Received", day(row.received_on)
    yield "Written in", labels.language(row.language)
    if not row.because:
        yield "Jurisdiction", about.jurisdictions.get(row.jurisdiction, row.jurisdiction)
    yield (
        "Status",
        ": ".join(
            filter(None, (_label("status", row.status), _label("disposition", row.disposition)))
        ),
    )
    yield "One report with", _one_report(row.links)
    yield "Source", _label("source_grade", row.source_grade)
    yield "Content", _label("content_grade", row.content_grade)
    for title, said in (
        ("Writer is in the situation", row.reporter_is_victim),
        ("Writer allows police", row.police_consent),
        ("Writer asked about rewards", row.wants_reward),
        ("Writer would rather not deal with police", row.distrusts_police),
    ):
        yield title, "" if said is None else "Yes" if said else "No"


def _one_report(links: Iterable[LinkRow]) -> str:
    """Whatever else this tip tells again: two that count once bear nothing out."""
    counted = [one for one in links if one.pattern == ONE_REPORT]
    return "; ".join(f"{one.other_reference} ({one.because})" for one in counted)


def sighting(row: TipRow) -> str:
    """When it was seen, in words; empty when the scope does not show it."""
    if not row.seen_kind:
        return ""
    said = [when.said(seen_of(row))]
    if row.times_seen:
        said.append(f"Seen {_label('times_seen', row.times_seen).lower()}.")
    return " ".join(said)


def seen_of(row: TipRow) -> Seen:
    return Seen(
        row.seen_kind,
        row.seen_start,
        row.seen_end,
        row.seen_tz or "America/Chicago",
        row.seen_approx_minutes,
        row.seen_rrule,
        row.seen_local_start,
        row.seen_duration_minutes,
    )


def _routing(row: TipRow, about: About) -> list[list[str]]:
    names = about.line_names
    also = "; ".join(names.get(code, code) for code in row.also_lines)
    policy = "" if row.policy_version is None else f", policy version {row.policy_version}"
    return _pairs(
        [
            ("Placed with", names.get(row.primary_line, row.primary_line)),
            ("Because", row.because),
            ("Also with", also),
            ("Rule", f"{row.rule}{policy}" if row.rule else ""),
        ]
    )


def _signs(codes: Iterable[str]) -> list[Value]:
    """The worst first."""
    found = [(code, *sign(code)) for code in codes]
    known = [
        {"label": label or code, "severity": severity, "code": code}
        for code, label, severity in found
    ]
    return sorted(known, key=lambda one: _weight(one["severity"]))


def _weight(severity: str) -> int:
    return _SEVERITIES.index(severity) if severity in _SEVERITIES else len(_SEVERITIES)


def _paragraphs(text: str) -> list[Value]:
    found = (one.strip() for one in _PARAGRAPH.split(text))
    return [{"text": one, "rtl": is_rtl(one)} for one in found if one]


# --- Tables ------------------------------------------------------------------------------------


def _tables(row: TipRow) -> Iterator[Value]:
    yield _table("vehicles", map(_vehicle, row.vehicles))
    yield _table("places", map(_place, row.places))
    yield _table("persons", map(_person, row.persons))
    yield _table("online", map(_lead, row.online))
    yield _table("words", map(_word, row.words))


def _table(kind: str, rows: Iterable[Value]) -> Value:
    return {"kind": kind, "rows": [one for one in rows if any(one.values())]}


def _vehicle(one: VehicleRow) -> Value:
    return {
        "plate": one.plate or one.plate_as_typed,
        "state": one.plate_state,
        "what": vehicle_of(one),
        "codes": _joined(
            " · ",
            _coded("VMA", one.make_code),
            _coded("VMO", one.model_code),
            _coded("VST", one.style_code),
            _coded("VCO", "/".join(filter(None, (one.colour1_code, one.colour2_code)))),
        ),
        "special": one.features,
        "did": labels.IN_SCENE.get(one.role_in_scene, ""),
        "note": _joined(
            ". ",
            "Only part of the plate was seen" if one.plate_partial else "",
            one.plate_type.capitalize(),
            f"Typed as {one.plate_as_typed}" if one.plate and _differs(one) else "",
        ),
    }


def vehicle_of(one: VehicleRow) -> str:
    colours = " and ".join(filter(None, (one.colour1, one.colour2)))
    name = _joined(" ", colours, _span(one.year_from, one.year_to), one.make, one.model)
    return _sentence(_joined(", ", name, one.style.lower() if name else one.style))


def _differs(one: VehicleRow) -> bool:
    return (
        bool(one.plate_as_typed) and re.sub(r"[\s-]", "", one.plate_as_typed).upper() != one.plate
    )


def _place(one: PlaceRow) -> Value:
    kind = _label("place_type", one.place_type)
    street = _joined(" at ", one.street, one.cross_street)
    return {
        "kind": kind,
        "name": one.name or street or kind,
        "address": _joined(
            " · ",
            street if one.name else "",
            _joined(", ", one.city, _joined(" ", one.state, one.zip)),
            road_of(one),
        ),
        "unit": one.unit,
        "point": point_of(one),
    }


def road_of(one: PlaceRow) -> str:
    return _joined(
        " ",
        one.highway,
        one.direction,
        f"exit {one.exit}" if one.exit else "",
        f"mile {one.mile_marker}" if one.mile_marker else "",
    )


def point_of(one: PlaceRow) -> str:
    if one.lat is None or one.lon is None:
        return ""
    within = f" ± {one.accuracy_m} m" if one.accuracy_m else ""
    return f"{one.lat:.5f}, {one.lon:.5f}{within}"


def place_of(row: TipRow, about: About) -> str:
    """Where a tip is, in a few words."""
    for one in row.places:
        kind = "" if one.place_type in _VAGUE else _label("place_type", one.place_type)
        what = one.name or one.street or kind
        if said := _joined(", ", what, one.city or road_of(one)):
            return said
    return about.jurisdictions.get(row.jurisdiction, "")


def _person(one: PersonRow) -> Value:
    looks = _joined(
        " · ",
        _sex(one),
        _height(one.height_cm),
        "" if one.build == "UNKNOWN" else _label("build", one.build),
        _titled("hair", one.hair, one.hair_code),
        _titled("eyes", one.eyes, one.eyes_code),
    )
    under = labels.MINORS.get(one.looks_under_18, "")
    return {
        "role": _label("role", one.role),
        "age": _span(one.age_from, one.age_to),
        "minor": "" if under in ("", "Not known") else under,
        "looks": looks,
        "marks": _joined("; ", one.marks, one.clothing),
        "name": one.name_or_alias,
        "race": one.race,
    }


def _sex(one: PersonRow) -> str:
    return "" if one.sex == "UNKNOWN" else _label("sex", one.sex)


def _height(centimetres: int | None) -> str:
    if not centimetres:
        return ""
    feet, inches = divmod(round(centimetres / 2.54), 12)
    return f"{feet} ft {inches} in ({centimetres} cm)"


def _lead(one: OnlineRow) -> Value:
    phone = one.ad_phone_e164 or one.ad_phone
    typed = one.ad_phone if one.ad_phone != phone else ""
    return {
        "where": _joined(": ", _label("platform", one.platform), one.url),
        "who": _joined("\n", one.handle, one.ad_email, one.ad_alias),
        "phone": _joined("\n", phone, f"as typed: {typed}" if typed else ""),
        "pay": one.payment_tag,
        "seen": moment(one.seen_at),
    }


def _word(one: WordRow) -> Value:
    same = one.canonical == one.value
    return {
        "kind": labels.EVIDENCE_KINDS.get(one.kind, one.kind.capitalize()),
        "value": one.value,
        "canonical": "" if same else one.canonical,
    }


def _said(one: DialogRow) -> Value:
    asked = one.side == "DESK"
    # Of an answer the hour alone is kept: as a minute it would stand before its question.
    at = moment(one.at)
    return {
        "asked": asked,
        "at": at if asked else f"within the hour from {at}",
        "text": _paragraphs(one.text),
    }


def _link(one: LinkRow) -> Value:
    return {"other": one.other_reference, "because": _sentence(one.because)}


def _name(one: VaultRow) -> Value:
    where = one.field.rsplit("/", 1)[-1].replace("_", " ")
    return {"name": one.name, "kind": one.kind.replace("_", " ").capitalize(), "where": where}


def picture(one: PictureRow, reference: str, number: int) -> Value:
    """A caption and what is read aloud in place of the picture."""
    black = one.blacked_out or 0
    parts = f"{black} part{'' if black == 1 else 's'} blacked out"
    where = "" if one.taken_lat is None or one.taken_lon is None else (
        f" at {one.taken_lat:.5f}, {one.taken_lon:.5f}"
    )  # fmt: skip
    taken = f"Its file said: taken {moment(one.taken_at)}{where}. " if one.taken_at else ""
    return {
        "alt": f"Picture {number} of tip {reference}, confirmed by an analyst; {parts}.",
        "caption": f"Picture {number}. {taken}{_sentence(parts)}.",
        "file": one.path,
        "sha256": one.sha256,
    }


def left_out(count: int) -> str:
    """Of pictures that nobody has confirmed."""
    if not count:
        return ""
    stay = "1 picture stays" if count == 1 else f"{count} pictures stay"
    return f"{stay} out because nobody at the desk has confirmed {'it' if count == 1 else 'them'}."


# --- Words -------------------------------------------------------------------------------------


def day(one: date | None) -> str:
    return f"{one:%b} {one.day}, {one.year}" if one else ""


def moment(one: datetime | None) -> str:
    return f"{day(one)}, {one:%H:%M}" if one else ""


def _label(name: str, code: str) -> str:
    known = _CHOICES[name]
    return str(known(code).label) if code in known.values else code


def _coded(field: str, code: str) -> str:
    return f"{field} {code}" if code else ""


def _titled(what: str, text: str, code: str) -> str:
    if not text:
        return ""
    return f"{text} {what} ({code})" if code else f"{text} {what}"


def _span(start: int | None, end: int | None) -> str:
    return "–".join(map(str, sorted({one for one in (start, end) if one is not None})))


def _pairs(given: Iterable[tuple[str, str]]) -> list[list[str]]:
    return [[title, said] for title, said in given if said]


def _joined(between: str, *parts: str) -> str:
    return between.join(part for part in parts if part)


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]
