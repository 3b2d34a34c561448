"""What is written quickly is what Django would have written."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.db import connection, models, transaction
from django.db.models.expressions import DatabaseDefault
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from tests.tips.drafts import full_draft
from tests.tips.test_store import TABLES, WENTZVILLE, put
from tipintake.delivery.models import HandOff
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door.models import IdempotentAnswer
from tipintake.pipeline.route import route_waiting
from tipintake.routing.models import Decision
from tipintake.rows import MOST_VALUES, STAYS, Batch, insert, insert_unless
from tipintake.staff.audit import record
from tipintake.staff.models import AuditEntry
from tipintake.tips.cleaning import Secret, clean
from tipintake.tips.models import LinkKey, OnlineLead, Place, SearchTerm, Tip, Vehicle
from tipintake.tips.vocabulary import PlaceType, Term

NOW = datetime(2026, 11, 14, 15, tzinfo=UTC)
Write = Callable[[Sequence[Any]], object]

pytestmark = pytest.mark.django_db


def by_django(rows: Sequence[Any]) -> None:
    type(rows[0])._default_manager.bulk_create(rows)


def kept(rows: Sequence[Any], write: Write) -> list[dict[str, Any]]:
    """What the tables hold after these rows of one model were written; then they are gone."""
    model = type(rows[0])
    with transaction.atomic():
        write(rows)
        found = [plain(row) for row in model._default_manager.order_by("pk").values()]
        transaction.set_rollback(True)
    return found


def plain(row: dict[str, Any]) -> dict[str, Any]:
    """Without the key that the database counts up, and bytes as bytes on both databases."""
    return {
        name: bytes(value) if isinstance(value, memoryview) else value
        for name, value in row.items()
        if name != "id" or not isinstance(value, int)
    }


def fresh(row: models.Model) -> models.Model:
    if isinstance(row._meta.pk, models.BigAutoField):
        row.pk = None
    row._state.adding = True
    return row


def test_every_table_of_a_tip_is_written_as_django_writes_it() -> None:
    full = clean(full_draft())
    held = (Secret("555-0143", "/narrative", "PHONE", "r"),)
    put(replace(full, held=held), mentions=[WENTZVILLE])
    rows: dict[Any, list[Any]] = {
        table: [fresh(one) for one in table._default_manager.all()] for table in TABLES
    }
    Tip.objects.all().delete()
    Tip.objects.bulk_create(rows[Tip])
    for table in TABLES[1:]:
        assert rows[table], table
        assert kept(rows[table], insert) == kept(rows[table], by_django)
    Tip.objects.all().delete()
    assert kept(rows[Tip], insert) == kept(rows[Tip], by_django)


def test_what_routing_decides_is_written_as_django_writes_it(region: Gazetteer) -> None:
    put(full_draft())
    route_waiting(now=NOW)
    for table in (HandOff, Decision):
        rows = [fresh(one) for one in table._default_manager.all()]
        assert rows, table
        table._default_manager.all().delete()
        assert kept(rows, insert) == kept(rows, by_django)


@pytest.mark.parametrize("table", [HandOff, Decision])
def test_by_names_what_is_missing_has_its_default(
    table: type[models.Model], region: Gazetteer
) -> None:
    put(full_draft())
    route_waiting(now=NOW)
    written = [fresh(one) for one in table._default_manager.all()]
    given = [
        field.attname
        for field in table._meta.concrete_fields
        if not (field.has_default() or field.null or field.generated or field.primary_key)
    ]
    some = [{name: getattr(one, name) for name in given} for one in written]
    table._default_manager.all().delete()

    def by_names(_rows: Sequence[Any]) -> None:
        batch = Batch()
        batch.add_named(table, some)
        batch.write()

    models_of_some = [table(**one) for one in some]
    assert kept(models_of_some, by_names) == kept(models_of_some, by_django)


def test_a_name_that_is_no_column_is_refused() -> None:
    with pytest.raises(ValueError, match="no columns: \\['tip'\\]"):
        Batch().add_named(HandOff, [{"tip": 1}])


@given(
    words=st.text(
        st.characters(exclude_characters="\x00", exclude_categories=["Cs"]), max_size=40
    ),
    codes=st.lists(st.sampled_from(["HTL_CASH", "a'b", 'a"b', "50%", "%s", "\\", "ñ", ""])),
    seen=st.booleans() | st.none(),
    lat=st.floats(-90, 90) | st.none(),
    mile=st.decimals(0, 9999, places=1) | st.none(),
)
@hypothesis_settings(max_examples=40)
def test_whatever_stands_in_a_row_comes_out_as_it_went_in(
    words: str, codes: list[str], seen: bool | None, lat: float | None, mile: Decimal | None
) -> None:
    tip = Tip(
        reference="T-0000-0001",
        receipt_hmac=words.encode()[:32],
        receipt_public_key=b"\x00'%s\\",
        submitted_hour=NOW,
        came_by="API",
        category="OTHER_UNSURE",
        immediacy="ONGOING",
        minor_present="NO",
        indicators=codes,
        narrative_sealed=b"",
        reporter_is_victim=True,
        police_consent=seen,
    )
    place = Place(
        tip=tip,
        position=0,
        place_type=PlaceType.HOTEL_MOTEL,
        name=words,
        lat=lat,
        lon=lat,
        mile_marker=mile,
    )
    with transaction.atomic():
        insert([tip])
        assert kept([place], insert) == kept([place], by_django)
        written = Tip.objects.get()
        transaction.set_rollback(True)
    assert written.indicators == codes
    assert written.police_consent is seen
    assert bytes(written.receipt_public_key) == b"\x00'%s\\"


def test_an_hour_that_comes_twice_is_kept_as_which_it_was() -> None:
    tip = put(full_draft())
    OnlineLead.objects.all().delete()
    here = ZoneInfo("America/Chicago")
    leads = [
        OnlineLead(
            tip=tip, position=fold, seen_at=datetime(2026, 11, 1, 1, 30, fold=fold, tzinfo=here)
        )
        for fold in (0, 1)
    ]
    insert(leads)
    kept_at = OnlineLead.objects.order_by("position").values_list("seen_at", flat=True)
    assert [at and at.astimezone(UTC).hour for at in kept_at] == [6, 7]


def test_more_rows_than_one_statement_takes_are_all_written() -> None:
    tip = put(full_draft())
    Vehicle.objects.all().delete()
    insert(Vehicle(tip=tip, position=at, plate_raw=f"K{at}") for at in range(MOST_VALUES))
    assert Vehicle.objects.count() == MOST_VALUES


def test_rows_of_several_kinds_go_together_or_not_at_all() -> None:
    tip = put(full_draft())
    before = LinkKey.objects.count(), SearchTerm.objects.count()
    batch = Batch()
    batch.add([LinkKey(tip=tip, kind="plate", key=1, value="K1")])
    batch.add([Vehicle(tip=tip, position=0)])  # there is one at this place
    with pytest.raises(Exception, match="(?i)unique"), transaction.atomic():
        batch.write()
    assert (LinkKey.objects.count(), SearchTerm.objects.count()) == before


def test_what_is_found_already_stays_as_it_is() -> None:
    tip = put(full_draft())
    before = SearchTerm.objects.count()
    batch = Batch()
    known = SearchTerm.objects.values_list("tip_id", "kind", "term")
    new = (tip.pk, Term.WORD.value, "entirely new")
    batch.add_values(SearchTerm, ("tip_id", "kind", "term"), [*known, new], ends=STAYS)
    batch.write()
    assert SearchTerm.objects.count() == before + 1


def test_one_of_two_with_the_same_key_is_written() -> None:
    def answer(words: bytes) -> IdempotentAnswer:
        return IdempotentAnswer(
            key_hmac=b"k" * 32,
            body_hmac=b"b" * 32,
            answer_sealed=words,
            expires_at=NOW + timedelta(days=1),
        )

    assert insert_unless(answer(b"first"), same="key_hmac")
    assert not insert_unless(answer(b"second"), same="key_hmac")
    assert bytes(IdempotentAnswer.objects.get().answer_sealed) == b"first"


def test_a_row_that_was_written_can_be_changed() -> None:
    tip = put(full_draft())
    tip.priority = "P1"
    tip.save()
    assert Tip.objects.get().priority == "P1"


def test_an_entry_of_the_audit_is_what_was_recorded() -> None:
    entry = record("tip.submitted", actor="door", now=NOW, subject="T-1", came_by="WEB")
    assert AuditEntry.objects.get(pk=entry.pk).content() == entry.content()
    entry.actor = "somebody else"
    with pytest.raises(Exception, match="only ever added to"):
        entry.save()


def test_a_column_that_code_does_not_fill_has_the_default_of_the_table() -> None:
    """As one that a release adds or gives up: docs/how-to/write-a-migration.md."""
    if connection.vendor == "postgresql":  # there the table itself fills it
        with connection.cursor() as cursor:
            cursor.execute("ALTER TABLE tipintake_vehicle ALTER features SET DEFAULT 'it''s red'")
    put(clean(full_draft()), mentions=[])
    rows: list[Any] = [fresh(one) for one in Vehicle.objects.all()]
    Vehicle.objects.all().delete()
    for one in rows:
        one.features = DatabaseDefault(
            models.Value("it's red"), Vehicle._meta.get_field("features")
        )
    assert {one["features"] for one in kept(rows, insert)} == {"it's red"}
    assert kept(rows, insert) == kept(rows, by_django)
