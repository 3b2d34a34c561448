"""Keep a cleaned tip: evidence in clear, words sealed, in the caller's transaction."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, QuerySet

from tipintake.privacy import coarsen, keys, receipts
from tipintake.privacy.keys import PublicKeys
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.seal import DataKey, PublicKey, seal_to
from tipintake.rows import Batch, insert_unless
from tipintake.tips import (
    floods,
    link_keys,
    ncic,
    one_form,
    online,
    own_keys,
    pictures,
    plates,
    retention,
    shared,
    terms,
)
from tipintake.tips.cleaning import Cleaned
from tipintake.tips.clues import clues_of
from tipintake.tips.draft import LeadDraft, LocationDraft, PersonDraft, VehicleDraft
from tipintake.tips.mentions import Mention
from tipintake.tips.models import (
    DataKey as DataKeyRow,
)
from tipintake.tips.models import (
    EvidenceInWords,
    HeldSpan,
    OnlineLead,
    PersonDescribed,
    Place,
    PlaceMention,
    SameWords,
    Sighting,
    Tip,
    VaultEntry,
    Vehicle,
)
from tipintake.tips.secrets import context, vault_entry
from tipintake.tips.vocabulary import CameBy

NOTHING_MOVED: Mapping[str, str] = MappingProxyType({})


def store(
    cleaned: Cleaned,
    *,
    mentions: Sequence[Mention],
    came_by: CameBy,
    low_trust: bool,
    receipt: ReceiptCode,
    now: datetime,
) -> Tip:
    """Write every row of one tip. Needs public keys only; call it inside a transaction."""
    if not transaction.get_connection().in_atomic_block:
        raise transaction.TransactionManagementError("Call store() inside transaction.atomic().")
    public = own_keys.to_seal_to(settings.KEYS_DIR)
    key = DataKey.new()
    tip = _tip(cleaned, key, came_by=came_by, low_trust=low_trust, receipt=receipt, now=now)
    while not insert_unless(tip, same="reference"):
        tip.reference = new_reference()
    mailbox = key.mailbox.public
    batch = Batch()
    batch.add(
        [
            DataKeyRow(
                tip=tip,
                sealed=key.sealed_to(public.desk),
                desk_key_id=public.desk_id,
                mailbox=mailbox.raw,
            )
        ]
    )
    vehicles, places, persons, leads = _add_parts(batch, tip, cleaned)
    in_words = _add_secrets(batch, tip, cleaned, mailbox, public, now)
    clues = clues_of(vehicles=vehicles, places=places, leads=leads, in_words=in_words)
    link_keys.add(batch, tip.pk, clues)
    batch.add(pictures.rows(tip, cleaned.draft.attachments, mailbox))
    batch.add(_same_words(tip, cleaned, now))
    named = batch.add(
        PlaceMention(tip=tip, kind=one.kind, code=one.code, strength=one.strength)
        for one in dict.fromkeys(mentions)
    )
    terms.add(batch, tip, [tip, *vehicles, *places, *persons, *leads, *in_words, *named])
    batch.write()
    return tip


def add(cleaned: Cleaned, tip: Tip, *, mailbox: PublicKey, words_are: str, now: datetime) -> None:
    """Append what its writer told later: vehicles, places, pictures, and what belongs to the
    new words.

    `words_are` is the pointer under which what is held or locked away of the words is kept.
    """
    public = own_keys.to_seal_to(settings.KEYS_DIR)
    draft = cleaned.draft
    batch = Batch()
    vehicles = batch.add(
        _vehicle(tip, at, one)
        for at, one in enumerate(draft.vehicles, start=_next(tip.vehicles.all()))
    )
    places = batch.add(
        _place(tip, at, one)
        for at, one in enumerate(draft.locations, start=_next(tip.locations.all()))
    )
    batch.add(pictures.rows(tip, draft.attachments, mailbox, first=_next(tip.attachments.all())))
    batch.write()
    moved = {
        "/narrative": words_are,
        **_moved("/vehicles", len(draft.vehicles), _next(tip.vehicles.all())),
        **_moved("/locations", len(draft.locations), _next(tip.locations.all())),
    }
    batch = Batch()
    evidence = _add_secrets(batch, tip, cleaned, mailbox, public, now, moved)
    terms.add(batch, tip, [*vehicles, *places, *evidence])
    batch.write()
    shared.compare_again(tip.pk)


def _next(rows: QuerySet[Any]) -> int:
    last = rows.aggregate(last=Max("position"))["last"]
    return 0 if last is None else int(last) + 1


def _moved(group: str, count: int, after: int) -> dict[str, str]:
    """Where the parts just added stand now: the last of the tip's."""
    return {f"{group}/{at}": f"{group}/{after - count + at}" for at in range(count)}


def _add_secrets(
    batch: Batch,
    tip: Tip,
    cleaned: Cleaned,
    mailbox: PublicKey,
    public: PublicKeys,
    now: datetime,
    moved: Mapping[str, str] = NOTHING_MOVED,
) -> list[EvidenceInWords]:
    """Evidence that stands in the words, and what was taken out of them under seal."""
    in_words = batch.add(
        EvidenceInWords(
            tip=tip,
            kind=one.kind,
            value=one.value,
            canonical=one.canonical,
            skeleton=one.skeleton,
        )
        for one in cleaned.evidence
    )
    batch.add(_held(tip, cleaned, mailbox, now, moved))
    batch.add(_vaulted(tip, cleaned, public, moved))
    return in_words


def _place_of(pointer: str, moved: Mapping[str, str]) -> str:
    for start, end in moved.items():
        if pointer == start or pointer.startswith(f"{start}/"):
            return end + pointer.removeprefix(start)
    return pointer


def new_reference() -> str:
    """A tip number for staff: random, not secret, never read as a receipt."""
    chars = "".join(secrets.choice(receipts.ALPHABET) for _ in range(8))
    return f"T-{chars[:4]}-{chars[4:]}"


def _tip(
    cleaned: Cleaned,
    key: DataKey,
    *,
    came_by: CameBy,
    low_trust: bool,
    receipt: ReceiptCode,
    now: datetime,
) -> Tip:
    draft = cleaned.draft
    tip = Tip(
        reference=new_reference(),
        receipt_hmac=receipts.fingerprint(receipt, keys.pepper(settings.KEYS_DIR)),
        receipt_public_key=receipts.reply_keys(receipt).public.raw,
        submitted_hour=coarsen.hour(now),
        came_by=came_by,
        low_trust=low_trust,
        category=draft.category,
        immediacy=draft.immediacy,
        minor_present=draft.minor_present,
        basis=draft.basis,
        indicators=list(dict.fromkeys(draft.indicators)),
        narrative_length=coarsen.length(len(draft.narrative)),
        reporter_is_victim=draft.reporter_is_victim,
        police_consent=draft.police_consent if draft.reporter_is_victim else None,
        wants_reward=draft.wants_reward,
        distrusts_police=draft.distrusts_police,
        language=draft.language,
    )
    tip.narrative_sealed = key.seal(draft.narrative.encode(), context=context(tip.id, "narrative"))
    return tip


def _add_parts(
    batch: Batch, tip: Tip, cleaned: Cleaned
) -> tuple[list[Vehicle], list[Place], list[PersonDescribed], list[OnlineLead]]:
    """The rows of what was seen."""
    draft = cleaned.draft
    sighting = draft.sighting
    if sighting is not None:
        batch.add(
            [
                Sighting(
                    tip=tip,
                    kind=sighting.kind,
                    start=sighting.start,
                    end=sighting.end,
                    tz=sighting.tz,
                    approx_minutes=sighting.approx_minutes,
                    rrule=sighting.rrule,
                    local_start=sighting.local_start,
                    duration_minutes=sighting.duration_minutes,
                    times_seen=sighting.times_seen,
                )
            ]
        )
    vehicles = batch.add(
        _vehicle(tip, at, one) for at, one in _distinct("vehicles", cleaned) if not one.is_empty
    )
    places = batch.add(
        _place(tip, at, one) for at, one in _distinct("locations", cleaned) if not one.is_empty
    )
    # A person whose only entry went to the vault keeps a row: somebody was there.
    persons = batch.add(_person(tip, at, one) for at, one in enumerate(draft.persons))
    leads = batch.add(
        _lead(tip, at, one) for at, one in _distinct("online", cleaned) if not one.is_empty
    )
    return vehicles, places, persons, leads


def _distinct(group: str, cleaned: Cleaned) -> Iterator[tuple[int, Any]]:
    """Each part with its place, the same one once. Two vans without a plate may be two vans, and
    two marks may stand for different words, which nobody could put back without their row."""
    parts = getattr(cleaned.draft, group)
    for at, part in enumerate(parts):
        unnamed = isinstance(part, VehicleDraft) and not part.plate_raw
        holds = any(one.pointer.startswith(f"/{group}/{at}/") for one in cleaned.held)
        if unnamed or holds or part not in parts[:at]:
            yield at, part


def _vehicle(tip: Tip, position: int, vehicle: VehicleDraft) -> Vehicle:
    plate = one_form.plate(vehicle.plate_raw)
    make = ncic.lookup_make(vehicle.make)
    model = ncic.lookup_model(make.code, vehicle.model)
    style = ncic.lookup("style", vehicle.style)
    colour1 = ncic.lookup("colour1", vehicle.colour1)
    colour2 = ncic.lookup("colour2", vehicle.colour2)
    return Vehicle(
        tip=tip,
        position=position,
        plate_raw=vehicle.plate_raw,
        plate_canonical=plate,
        plate_skeleton=plates.skeleton(plate),
        plate_state=ncic.lookup("plate_state", vehicle.plate_state).code or vehicle.plate_state,
        plate_type=ncic.lookup("plate_type", vehicle.plate_type).code or vehicle.plate_type,
        plate_partial=vehicle.plate_partial or plates.is_partial(plate),
        year_from=vehicle.year_from,
        year_to=vehicle.year_to,
        make=make.label,
        make_code=make.code,
        model=model.label,
        model_code=model.code,
        style=style.label,
        style_code=style.code,
        colour1=colour1.label,
        colour1_code=colour1.code,
        colour2=colour2.label,
        colour2_code=colour2.code,
        features=vehicle.features,
        role_in_scene=vehicle.role_in_scene,
    )


def _place(tip: Tip, position: int, place: LocationDraft) -> Place:
    return Place(
        tip=tip,
        position=position,
        place_type=place.place_type,
        name=place.name,
        street=place.street,
        unit=place.unit,
        unit_canonical=one_form.room(place.unit),
        cross_street=place.cross_street,
        city=place.city,
        state=place.state,
        zip=place.zip,
        highway=place.highway,
        direction=place.direction,
        exit=place.exit,
        mile_marker=place.mile_marker,
        lat=place.lat,
        lon=place.lon,
        accuracy_m=place.accuracy_m,
        precision=place.precision,
        source=place.source,
    )


def _person(tip: Tip, position: int, person: PersonDraft) -> PersonDescribed:
    hair = ncic.lookup("hair", person.hair)
    eyes = ncic.lookup("eyes", person.eyes)
    return PersonDescribed(
        tip=tip,
        position=position,
        role=person.role,
        age_from=person.age_from,
        age_to=person.age_to,
        looks_under_18=person.looks_under_18,
        sex=person.sex,
        height_cm=person.height_cm,
        build=person.build,
        hair=hair.label,
        hair_code=hair.code,
        eyes=eyes.label,
        eyes_code=eyes.code,
        marks=person.marks,
        clothing=person.clothing,
        name_or_alias=person.name_or_alias,
        race=person.race,
    )


def _lead(tip: Tip, position: int, lead: LeadDraft) -> OnlineLead:
    return OnlineLead(
        tip=tip,
        position=position,
        url=lead.url,
        url_canonical=online.canonical_url(lead.url),
        platform=lead.platform,
        handle=lead.handle,
        handle_canonical=one_form.handle(lead.handle),
        ad_phone=lead.ad_phone,
        ad_phone_e164=online.e164(lead.ad_phone),
        ad_email=lead.ad_email,
        ad_alias=lead.ad_alias,
        payment_tag=lead.payment_tag,
        seen_at=lead.seen_at,
    )


def _same_words(tip: Tip, cleaned: Cleaned, now: datetime) -> Iterator[SameWords]:
    pepper = keys.pepper(settings.KEYS_DIR)
    for mark in floods.marks_of(cleaned.draft.narrative, pepper=pepper, now=now):
        yield SameWords(tip=tip, mark=mark, expires_at=coarsen.hour(now) + floods.KEPT)


def _held(
    tip: Tip, cleaned: Cleaned, mailbox: PublicKey, now: datetime, moved: Mapping[str, str]
) -> Iterator[HeldSpan]:
    for one in cleaned.held:
        field = _place_of(one.pointer, moved)
        yield HeldSpan(
            tip=tip,
            field=field,
            mark=one.mark,
            kind=one.kind[:24],
            rule=one.rule[:40],
            sealed=seal_to(mailbox, one.value.encode(), context=context(tip.id, f"held:{field}")),
            destroy_after=(coarsen.hour(now) + retention.HELD_SPANS).date(),
        )


def _vaulted(
    tip: Tip, cleaned: Cleaned, public: PublicKeys, moved: Mapping[str, str]
) -> Iterator[VaultEntry]:
    for one in cleaned.vault:
        yield vault_entry(tip, _place_of(one.pointer, moved), one.kind, one.value, public)
