"""What is written, in how many queries, and who can read it."""

import secrets
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, models, transaction
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import DjangoAssertNumQueries

from tests.tips.drafts import draft, full_draft
from tipintake.models import (
    DataKey,
    EvidenceInWords,
    HeldSpan,
    LinkKey,
    OnlineLead,
    PersonDescribed,
    Place,
    PlaceMention,
    SameWords,
    SearchTerm,
    Sighting,
    Tip,
    VaultEntry,
    Vehicle,
)
from tipintake.privacy import coarsen, keys, receipts, seal
from tipintake.privacy.keys import KeyMissing
from tipintake.privacy.receipts import ReceiptCode
from tipintake.privacy.scrub import EvidenceKind, Scrubbed
from tipintake.privacy.seal import CannotOpen
from tipintake.rows import Batch
from tipintake.tips import cleaning
from tipintake.tips.cleaning import Cleaned, Evidence, Secret, clean
from tipintake.tips.draft import TipDraft
from tipintake.tips.mentions import Mention, MentionKind
from tipintake.tips.secrets import held_words_of, narrative_of, vault_words_of
from tipintake.tips.store import store
from tipintake.tips.vocabulary import CameBy

NOW = datetime(2026, 11, 14, 15, 37, 12, 345678, tzinfo=UTC)
WENTZVILLE = Mention(MentionKind.CITY, "wentzville-mo", "scene")
TABLES = (Tip, DataKey, Sighting, Vehicle, Place, PersonDescribed, OnlineLead, PlaceMention,
          SameWords, SearchTerm, LinkKey, EvidenceInWords, HeldSpan, VaultEntry)  # fmt: skip

TOGETHER = connection.vendor == "postgresql"

pytestmark = pytest.mark.django_db


def put(
    what: TipDraft | Cleaned,
    *,
    mentions: Sequence[Mention] = (),
    receipt: ReceiptCode | None = None,
    low_trust: bool = False,
) -> Tip:
    with transaction.atomic():
        return store(
            what if isinstance(what, Cleaned) else clean(what),
            mentions=mentions,
            came_by=CameBy.WEB,
            low_trust=low_trust,
            receipt=receipt or receipts.new(),
            now=NOW,
        )


def cleaned_with(**parts: Any) -> Cleaned:
    """A cleaned tip as the scrubber could have left it."""
    plain = {"findings": {}, "held": (), "vault": (), "evidence": (), **parts}
    return Cleaned(draft=draft(narrative="A van waits at the back door."), **plain)


def everything_stored() -> bytes:
    """Each value of each row of every tip, as bytes."""
    rows = [row for table in TABLES for row in table._default_manager.values_list()]
    return b"\n".join(as_bytes(value) for row in rows for value in row)


def as_bytes(value: object) -> bytes:
    return bytes(value) if isinstance(value, bytes | memoryview) else str(value).encode()


@pytest.fixture(autouse=True)
def words_as_they_are(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the scrubber takes out is tried elsewhere; here everything that is left is stored."""
    monkeypatch.setattr(cleaning, "scrub", lambda text, **_: Scrubbed(text=text, findings=()))


def test_every_part_of_a_tip_is_kept_in_the_form_for_search() -> None:
    put(full_draft())
    tip = Tip.objects.with_all_parts().get()
    assert tip.came_by == "WEB"
    assert tip.indicators == ["CTL_ID_HELD", "HTL_TRAFFIC"]
    assert tip.wants_reward
    assert tip.status == "NEW"
    assert tip.routed_at is None
    van, other = tip.vehicles.all()
    assert van.plate_raw == "ab1-?2d"
    assert (van.plate_canonical, van.plate_skeleton) == ("AB1?2D", "A81?20")
    assert van.plate_partial
    assert (van.plate_state, van.plate_type) == ("NB", "TM")
    assert (van.make, van.make_code) == ("Chevrolet", "CHEV")
    assert (van.model, van.model_code) == ("Express", "EXP")
    assert (van.style, van.style_code) == ("van", "VN")
    assert (van.colour1, van.colour1_code) == ("gris", "GRY")
    assert (other.position, other.plate_canonical, other.plate_partial) == (1, "XYZ789", False)
    (place,) = tip.locations.all()
    assert (place.unit, place.unit_canonical) == ("Rm. 114", "114")
    (lead,) = tip.online.all()
    assert lead.url == "https://WWW.ads.example/post/77"
    assert lead.url_canonical == "https://ads.example/post/77"
    assert lead.handle_canonical == "sweet_example"
    assert lead.ad_phone_e164 == "+13145550143"
    assert tip.sighting.start == datetime(2026, 11, 14, 4, 15, tzinfo=UTC)
    victim, suspect = tip.persons.all()
    assert (victim.name_or_alias, suspect.name_or_alias) == ("", "Rico")
    assert (victim.hair_code, victim.eyes_code) == ("BLN", "BLU")


def test_the_desk_reads_the_words_and_the_database_does_not() -> None:
    put(full_draft())
    tip = Tip.objects.get()
    desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    assert narrative_of(tip, desk) == full_draft().narrative
    assert b"gray van drops" not in everything_stored()
    with pytest.raises(CannotOpen):
        narrative_of(tip, keys.vault_private(settings.PRIVATE_KEYS_DIR))


def test_the_name_of_a_victim_is_only_in_the_vault() -> None:
    put(full_draft())
    assert b"Marisol" not in everything_stored()
    entry = VaultEntry.objects.get()
    assert vault_words_of(entry, keys.vault_private(settings.PRIVATE_KEYS_DIR)) == "Marisol"
    desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    with pytest.raises(CannotOpen):
        vault_words_of(entry, desk)
    assert entry.field == "/persons/0/name_or_alias"
    assert entry.vault_key_id == keys.public_keys(settings.KEYS_DIR).vault_id


def test_held_words_are_sealed_for_fourteen_days() -> None:
    put(cleaned_with(held=(Secret("555-0199", "/narrative", "PHONE", "no-cue"),)))
    span = HeldSpan.objects.get()
    assert b"555-0199" not in everything_stored()
    desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
    assert held_words_of(span, desk) == "555-0199"
    assert span.destroy_after == (NOW + timedelta(days=14)).date()


def test_words_that_the_scrubber_made_are_longer_than_a_column_and_still_fit() -> None:
    put(cleaned_with(held=(Secret("x", "/narrative", "K" * 60, "r" * 90),)))
    span = HeldSpan.objects.get()
    assert len(span.kind) <= 24
    assert len(span.rule) <= 40


def test_evidence_and_places_of_the_words_are_rows() -> None:
    plate = Evidence(EvidenceKind.PLATE, "ab1 c2d", "AB1C2D", "A81C20")
    put(cleaned_with(evidence=(plate,)), mentions=[WENTZVILLE, WENTZVILLE])
    row = EvidenceInWords.objects.get()
    assert (row.kind, row.canonical, row.skeleton) == ("plate", "AB1C2D", "A81C20")
    mention = PlaceMention.objects.get()
    assert (mention.kind, mention.code, mention.strength) == ("city", "wentzville-mo", "scene")


def test_no_time_of_the_persons_act_is_finer_than_the_hour() -> None:
    put(full_draft(sighting=None))
    tip = Tip.objects.get()
    assert tip.submitted_hour == datetime(2026, 11, 14, 15, 0, tzinfo=UTC)
    stored = everything_stored()
    for fine in (b"15:37", b"37:12", b"345678"):
        assert fine not in stored


def test_the_length_of_the_words_is_a_class() -> None:
    put(draft(narrative="x" * 777))
    assert Tip.objects.get().narrative_length == 500


@given(st.integers(-5, 10_000))
def test_length_classes_are_lower_bounds(length: int) -> None:
    assert 0 <= coarsen.length(length) <= max(length, 0)
    assert (coarsen.length(length) >= 20) == (length >= 20)


def test_the_receipt_finds_the_tip_and_is_nowhere_in_it() -> None:
    code = receipts.new()
    put(draft(), receipt=code)
    pepper = keys.pepper(settings.KEYS_DIR)
    tip = Tip.objects.get(receipt_hmac=receipts.fingerprint(code, pepper))
    assert bytes(tip.receipt_public_key) == receipts.reply_keys(code).public.raw
    stored = everything_stored()
    assert code.to_bytes() not in stored
    assert code.pretty.encode() not in stored


def test_a_reply_sealed_to_the_tip_opens_with_the_receipt_only() -> None:
    code = receipts.new()
    put(draft(), receipt=code)
    public = seal.PublicKey(bytes(Tip.objects.get().receipt_public_key))
    reply = seal.seal_to(public, b"Which door?", context="m")
    holder = receipts.reply_keys(receipts.parse(code.pretty)).private
    assert seal.open_with(holder, reply, context="m") == b"Which door?"


def test_tip_numbers_are_random_and_clear() -> None:
    numbers = [put(draft()).reference for _ in range(5)]
    assert len(set(numbers)) == 5
    for number in numbers:
        assert len(number) == 11
        assert number.startswith("T-")
        assert set(number[2:]) <= {*receipts.ALPHABET, "-"}


def test_a_taken_tip_number_is_not_given_again(monkeypatch: pytest.MonkeyPatch) -> None:
    taken = put(draft()).reference
    chars = iter([*taken.replace("-", "")[1:], *"23456789"])
    monkeypatch.setattr(secrets, "choice", lambda _alphabet: next(chars))
    assert put(draft()).reference == "T-2345-6789"


def store_first() -> None:
    """What a process asks once, it has asked then."""
    with transaction.atomic():
        store(clean(draft()), mentions=(), came_by=CameBy.API, low_trust=False,
              receipt=receipts.new(), now=NOW)  # fmt: skip


def test_a_small_tip_takes_few_queries(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cleaned = clean(draft())
    store_first()
    # The tip; and its key and what it is found by, which PostgreSQL takes together.
    with transaction.atomic(), django_assert_num_queries(2 if TOGETHER else 3):
        store(cleaned, mentions=(), came_by=CameBy.API, low_trust=False,
              receipt=receipts.new(), now=NOW)  # fmt: skip


def test_a_full_tip_takes_hardly_more_queries_than_tables(
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    full = clean(full_draft())
    cleaned = Cleaned(
        draft=full.draft,
        findings=full.findings,
        held=(Secret("a", "/narrative", "PHONE", "r"), Secret("b", "/narrative", "NAME", "r")),
        vault=full.vault,
        evidence=(Evidence(EvidenceKind.ROOM, "114", "114"),),
    )
    store_first()
    # Its many link keys may take two statements; what places are called is asked once a release.
    with transaction.atomic(), django_assert_max_num_queries(3 if TOGETHER else 2 + len(TABLES)):
        store(cleaned, mentions=[WENTZVILLE], came_by=CameBy.API, low_trust=True,
              receipt=receipts.new(), now=NOW)  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_storing_outside_a_transaction_is_refused() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        store(clean(draft()), mentions=(), came_by=CameBy.API, low_trust=False,
              receipt=receipts.new(), now=NOW)  # fmt: skip
    assert not Tip.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_a_failure_in_the_middle_leaves_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = Batch.write

    def broken(batch: Batch) -> None:
        whole(batch)
        raise RuntimeError

    monkeypatch.setattr(Batch, "write", broken)
    with pytest.raises(RuntimeError):
        put(full_draft())
    assert not any(table._default_manager.exists() for table in TABLES)


def test_the_front_door_stores_without_any_private_key(tmp_path: Path, settings: Any) -> None:
    keys.init(tmp_path / "keys", tmp_path / "elsewhere")
    settings.KEYS_DIR = tmp_path / "keys"
    settings.PRIVATE_KEYS_DIR = tmp_path / "not-here"
    put(full_draft())
    with pytest.raises(KeyMissing, match=r"desk\.key is missing"):
        narrative_of(Tip.objects.get(), keys.desk_private(settings.PRIVATE_KEYS_DIR))


def test_destroying_the_key_row_shreds_the_words() -> None:
    put(full_draft())
    DataKey.objects.all().delete()
    with pytest.raises(DataKey.DoesNotExist):
        narrative_of(Tip.objects.get(), keys.desk_private(settings.PRIVATE_KEYS_DIR))


def test_words_moved_to_another_tip_do_not_open() -> None:
    put(draft(narrative="The first tip has these words."))
    put(draft(narrative="The second tip has other words."))
    first, second = Tip.objects.all()
    second.narrative_sealed = first.narrative_sealed
    DataKey.objects.filter(tip=second).update(sealed=first.data_key.sealed)
    with pytest.raises(CannotOpen):
        narrative_of(second, keys.desk_private(settings.PRIVATE_KEYS_DIR))


def test_empty_parts_are_not_stored() -> None:
    put(draft(vehicles=[{}, {"plate_raw": "AB1"}], online=[{}], locations=[{}]))
    assert [vehicle.position for vehicle in Vehicle.objects.all()] == [1]
    assert not OnlineLead.objects.exists()
    assert not Place.objects.exists()


def test_the_same_part_twice_is_stored_once_but_two_people_are_two() -> None:
    van = {"plate_raw": "AB1", "colour1": "white"}
    woman = {"role": "POSSIBLE_VICTIM", "sex": "FEMALE"}
    put(draft(vehicles=[van, van], online=[{"handle": "x"}] * 3, persons=[woman, woman]))
    assert [vehicle.position for vehicle in Vehicle.objects.all()] == [0]
    assert OnlineLead.objects.count() == 1
    assert PersonDescribed.objects.count() == 2


def test_two_places_of_which_different_words_are_held_are_two() -> None:
    """Else nobody could open or release the words of the second."""
    named = draft(locations=[{"name": "[held]"}] * 2)
    held = [
        Secret(value=words, pointer=f"/locations/{at}/name", kind="REPORTER_PLACE", rule="r")
        for at, words in enumerate(["my cousin's garage", "my uncle's garage"])
    ]
    put(Cleaned(draft=named, findings={}, held=tuple(held), vault=(), evidence=()))
    assert [place.position for place in Place.objects.all()] == [0, 1]
    assert HeldSpan.objects.count() == 2


def test_two_vans_of_one_colour_are_two() -> None:
    put(draft(vehicles=[{"colour1": "white", "style": "van"}] * 2))
    assert Vehicle.objects.count() == 2


BREAKS: list[tuple[type[models.Model], dict[str, Any]]] = [
    (Tip, {"category": "PROSTITUTION"}),
    (Tip, {"immediacy": "SOON"}),
    (Tip, {"minor_present": ""}),
    (Tip, {"basis": "GUESS"}),
    (Tip, {"priority": "P9"}),
    (Tip, {"police_consent": True}),
    (Sighting, {"end": datetime(2020, 1, 1, tzinfo=UTC)}),
    (Sighting, {"duration_minutes": 1441}),
    (Vehicle, {"year_from": 2014, "year_to": 2010}),
    (Place, {"lat": 38.8}),
    (Place, {"lat": 91.0, "lon": 0.0}),
    (Place, {"lat": 0.0, "lon": -181.0}),
    (PersonDescribed, {"age_from": 30, "age_to": 20}),
]


@pytest.mark.parametrize(("table", "values"), BREAKS)
def test_what_must_never_be_the_database_refuses(
    table: type[models.Model], values: dict[str, Any]
) -> None:
    put(full_draft())
    with pytest.raises(IntegrityError), transaction.atomic():
        table._default_manager.update(**values)


def test_questions_about_tips_read_like_questions() -> None:
    put(full_draft())
    put(draft(vehicles=[{"plate_raw": "QQ1"}]))
    put(cleaned_with(evidence=(
        Evidence(EvidenceKind.PHONE, "314-555-0143", "+13145550143"),
        Evidence(EvidenceKind.PLATE, "xyz-789", "XYZ789", "XY2789"),
    )))  # fmt: skip
    assert Tip.objects.waiting().count() == 3
    assert Tip.objects.filter(evidence_in_words__skeleton="XY2789").count() == 1
    first = Tip.objects.waiting()[0]
    Tip.objects.filter(pk=first.pk).update(routed_at=NOW, status="CLOSED")
    assert Tip.objects.waiting().count() == 2
    assert Tip.objects.open().count() == 2


def test_a_whole_tip_is_read_in_one_query_a_table(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    put(full_draft())
    put(full_draft())
    with django_assert_num_queries(7):
        for tip in Tip.objects.with_all_parts():
            assert tip.sighting.kind == "INSTANT"
            assert [*tip.vehicles.all(), *tip.locations.all(), *tip.persons.all()]
            assert tip.online.all()[0].handle
            assert not tip.mentions.all()
            assert {one.kind for one in tip.evidence_in_words.all()} <= set(EvidenceKind)


texts = st.text(max_size=40)


@hypothesis_settings(max_examples=40)
@given(texts, texts, texts, st.text(max_size=200))
def test_what_passes_the_check_can_be_stored(
    plate: str, name: str, url: str, narrative: str
) -> None:
    one = draft(
        narrative=narrative,
        vehicles=[{"plate_raw": plate, "make": name, "plate_state": name}],
        locations=[{"name": name, "city": name, "unit": plate[:20], "zip": plate[:10]}],
        persons=[{"role": "POSSIBLE_VICTIM", "name_or_alias": name, "hair": name}],
        online=[{"url": url, "handle": name, "ad_phone": url}],
    )
    if not one.check(now=NOW):
        with transaction.atomic():
            tip = put(one)
            tip.refresh_from_db()
            desk = keys.desk_private(settings.PRIVATE_KEYS_DIR)
            assert narrative_of(tip, desk) == clean(one).draft.narrative
            transaction.set_rollback(True)


def test_the_database_is_asked_to_forget_what_is_deleted() -> None:
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete")
            assert cursor.fetchone() == (1,)
