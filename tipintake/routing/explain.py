"""A decision as the stable commands print it, from a tip as the API takes it."""

from collections.abc import Mapping
from dataclasses import fields
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any, TypeVar, get_type_hints

from tipintake.directory.gazetteer import Gazetteer
from tipintake.privacy.scrub import scrub
from tipintake.routing.decide import Decided, decide
from tipintake.routing.facts import facts_of_draft
from tipintake.routing.places.pins import Boundaries
from tipintake.routing.places.resolve import resolve
from tipintake.routing.places.words import mentions_in
from tipintake.routing.policy.rulebook import FIRST, Rulebook
from tipintake.tips.cleaning import clean
from tipintake.tips.draft import LeadDraft, LocationDraft, Part, TipDraft, VehicleDraft
from tipintake.tips.indicators import INDICATORS
from tipintake.tips.vocabulary import Basis, Category, Immediacy, MinorPresent, PlaceType

REQUIRED = {"category": Category, "immediacy": Immediacy, "minor_present": MinorPresent}
FLAGS = ("reporter_is_victim", "police_consent", "wants_reward", "distrusts_police")
PARTS: dict[str, type[Part]] = {
    "vehicles": VehicleDraft,
    "locations": LocationDraft,
    "online": LeadDraft,
}
# Named by the API, and nothing that a rule reads.
OTHER = frozenset({"language", "sighting", "persons", "attachments", "basis", "indicators"})
KNOWN = OTHER | {"narrative"} | set(REQUIRED) | set(FLAGS) | set(PARTS)
_Part = TypeVar("_Part", bound=Part)


class BadTip(ValueError):
    """A tip that cannot be read. The message says what to mend."""


def explain(
    values: object,
    gazetteer: Gazetteer,
    *,
    policy: Rulebook = FIRST,
    boundaries: Boundaries | None = None,
    at: datetime | None = None,
) -> dict[str, Any]:
    """Where this tip would go if it came at `at`, and why; it is scrubbed first, as at the door.

    Writes nothing.
    """
    tip = _object(values, "tip")
    draft = clean(draft_of(tip)).draft
    mentions = mentions_in(draft.narrative, gazetteer)
    facts = facts_of_draft(draft, mentions, at=at)
    answer = as_json(decide(facts, gazetteer, policy=policy, boundaries=boundaries))
    unread = sorted(str(name) for name in tip.keys() - KNOWN)
    return {**answer, "ignored": unread} if unread else answer


def explain_place(
    values: object, gazetteer: Gazetteer, *, boundaries: Boundaries | None
) -> dict[str, Any]:
    """Where these locations and words are. The words are scrubbed first. Writes nothing."""
    given = _object(values, "line")
    locations = _parts(given.get("locations"), "locations", LocationDraft)
    words = scrub(_text(given.get("narrative"), "narrative")).text
    mentions = mentions_in(words, gazetteer)
    return resolve(locations, mentions, gazetteer, boundaries=boundaries).lead.as_json()


def as_json(decided: Decided) -> dict[str, Any]:
    return {
        "primary": decided.primary,
        "also": list(decided.also),
        "priority": decided.priority,
        "banner_911": decided.banner_911,
        "rule": decided.rule,
        "rules": list(decided.rules),
        "because": decided.because,
        "reasons": decided.reasons_by_line,
        "place": decided.place.as_json(),
    }


# --- Reading ---------------------------------------------------------------------------------


def draft_of(tip: Mapping[str, Any]) -> TipDraft:
    """A draft from the API's field names; null equals absent. Raises `BadTip`."""
    required = {
        name: _choice(tip.get(name), name, choices.values) for name, choices in REQUIRED.items()
    }
    basis = tip.get("basis")
    return TipDraft(
        category=required["category"],
        immediacy=required["immediacy"],
        minor_present=required["minor_present"],
        basis=_choice(basis, "basis", Basis.values) if basis else "",
        indicators=_indicators(tip.get("indicators")),
        narrative=_text(tip.get("narrative"), "narrative"),
        language=_text(tip.get("language"), "language") or "en",
        reporter_is_victim=bool(_flag(tip.get("reporter_is_victim"), "reporter_is_victim")),
        police_consent=_flag(tip.get("police_consent"), "police_consent"),
        wants_reward=bool(_flag(tip.get("wants_reward"), "wants_reward")),
        distrusts_police=bool(_flag(tip.get("distrusts_police"), "distrusts_police")),
        vehicles=_parts(tip.get("vehicles"), "vehicles", VehicleDraft),
        locations=_parts(tip.get("locations"), "locations", LocationDraft),
        online=_parts(tip.get("online"), "online", LeadDraft),
    )


def _parts(value: object, name: str, kind: type[_Part]) -> tuple[_Part, ...]:
    rows = [] if value is None else value
    if not isinstance(rows, list):
        raise BadTip(f'"{name}" is a list; write [] when there are none.')
    return tuple(_part(row, f"{name}[{at}]", kind) for at, row in enumerate(rows))


def _part(row: object, where: str, kind: type[_Part]) -> _Part:
    given = _object(row, where)
    hints = get_type_hints(kind)
    values = {}
    for field in fields(kind):
        value, read = given.get(field.name), _READERS.get(hints[field.name])
        if value is not None and read is not None:
            values[field.name] = read(value, f"{where}.{field.name}")
    if "place_type" in values and values["place_type"] != "":
        _choice(values["place_type"], f"{where}.place_type", PlaceType.values)
    return kind.from_mapping({name: value for name, value in values.items() if value != ""})


def _object(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise BadTip(f'"{name}" is missing or no object; write it with braces, {{"…": …}}.')
    return value


def _choice(value: object, name: str, allowed: list[str]) -> str:
    if value is None or value == "":
        raise BadTip(f'"{name}" is missing; use one of {", ".join(allowed)}.')
    if not isinstance(value, str) or value not in allowed:
        raise BadTip(f'"{name}" is none of its choices; use one of {", ".join(allowed)}.')
    return value


def _indicators(value: object) -> tuple[str, ...]:
    codes = [] if value is None else value
    if not isinstance(codes, list):
        raise BadTip('"indicators" is a list of codes; write [] when there are none.')
    for at, code in enumerate(codes):
        if not isinstance(code, str) or code not in INDICATORS:
            raise BadTip(f'"indicators[{at}]" is not on the list of signs.')
    return tuple(dict.fromkeys(codes))


def _flag(value: object, name: str) -> bool | None:
    if value is None or isinstance(value, bool):
        return value
    raise BadTip(f'"{name}" is true, false or null.')


def _text(value: object, name: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise BadTip(f'"{name}" is a text; put it in quotation marks.')
    return str(value)


def _number(value: object, name: str) -> Decimal | None:
    if value == "":
        return None
    try:
        number = Decimal(_text(value, name))
    except InvalidOperation:
        raise BadTip(f'"{name}" is a number such as 214.5, or null.') from None
    if not number.is_finite() or abs(number) >= 10**9:
        raise BadTip(f'"{name}" is a number such as 214.5, or null.')
    return number


def _whole(value: object, name: str) -> int | None:
    number = _number(value, name)
    return None if number is None else int(number)


def _decimal_degrees(value: object, name: str) -> float | None:
    number = _number(value, name)
    return None if number is None else float(number)


_READERS: dict[Any, Any] = {
    str: _text,
    bool: _flag,
    int | None: _whole,
    float | None: _decimal_degrees,
    Decimal | None: _number,
    datetime | None: None,
}
