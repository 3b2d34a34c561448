"""Each way to falsify the audit, tried by somebody who owns the database, is found and named.

Once as it is done in haste, and once with every hash behind it forged as well: that takes no key.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings as configured
from django.db import IntegrityError, connection, transaction

from tests.staff.owner import number_of, rehash_from, sql
from tipintake.staff import append_only, audit, chain, heads, verifying
from tipintake.staff.chain import Head
from tipintake.staff.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)

TABLE = "tipintake_auditentry"


@pytest.fixture
def ten(now: datetime) -> None:
    """Ten entries in the chain, five of them an hour before the others."""
    for number in range(10):
        at = now + timedelta(hours=number // 5)
        audit.record("tip.read", actor="kim", now=at, subject=f"T-0000-000{number}", rows=number)
        if number in {4, 9}:
            audit.seal_chain(now=at)
    assert verifying.verify() == []


def change(number: int) -> None:
    sql(f"UPDATE {TABLE} SET actor = 'nobody' WHERE id = %s", number_of(number))


def remove(number: int) -> None:
    sql(f"DELETE FROM {TABLE} WHERE id = %s", number_of(number))


def close_gap(number: int) -> None:
    """Count the entries behind a removed one anew, from the lowest."""
    for later in range(number + 1, 11):
        sql(f"UPDATE {TABLE} SET chained = %s WHERE chained = %s", later - 1, later)


def remove_and_close_gap(number: int) -> None:
    remove(number)
    close_gap(number)


def exchange(number: int, other: int) -> None:
    sql(f"UPDATE {TABLE} SET chained = 99 WHERE chained = %s", number)
    sql(f"UPDATE {TABLE} SET chained = %s WHERE chained = %s", number, other)
    sql(f"UPDATE {TABLE} SET chained = %s WHERE chained = 99", other)


def put_in(number: int) -> None:
    """A false entry at this number; those behind it are counted one further."""
    for later in range(10, number - 1, -1):
        sql(f"UPDATE {TABLE} SET chained = %s WHERE chained = %s", later + 1, later)
    sql(
        f"INSERT INTO {TABLE} "
        "(id, at, actor, act, subject, subject_salt, subject_mark, facts, chained, chain_hash) "
        "VALUES (77, '2026-11-14 15:30:00+00', 'lee', 'tip.read', '', %s, %s, '{}', %s, %s)",
        b"",
        b"",
        number,
        bytes(32),
    )


@pytest.mark.parametrize("number", [1, 3, 10])
def test_a_changed_entry_is_found(ten: None, number: int) -> None:
    change(number)
    said = verifying.verify()
    assert said[0].startswith(f"Entry number {number} (id ")
    assert "changed" in said[0]
    assert "by nobody" in said[0]


@pytest.mark.parametrize("number", [1, 3, 9])
def test_a_removed_entry_is_found(ten: None, number: int) -> None:
    remove(number)
    assert verifying.verify() == [f"Entry number {number} was removed."]


def test_a_removed_last_entry_is_found(ten: None) -> None:
    remove(10)
    (said,) = verifying.verify()
    assert "ends at number 9" in said
    assert "the last 1 entries were removed" in said


@pytest.mark.parametrize(("one", "other"), [(2, 3), (3, 8)])
def test_entries_that_changed_places_are_found(ten: None, one: int, other: int) -> None:
    exchange(one, other)
    said = "\n".join(verifying.verify())
    assert f"Entry number {one} " in said
    assert f"it stood at number {other}." in said
    assert f"it stood at number {one}." in said


@pytest.mark.parametrize("number", [2, 7])
def test_an_entry_that_was_put_in_is_found(ten: None, number: int) -> None:
    put_in(number)
    said = [one for one in verifying.verify() if "was put in" in one]
    assert any(one.startswith(f"Entry number {number} (id 77, tip.read by lee") for one in said)


def slip_in(at: datetime, actor: str = "lee") -> None:
    """A false entry with a moment of one's own choice, left for the sealer to chain."""
    audit.record("tip.read", actor=actor, now=at)


def test_entries_that_were_dated_back_are_found(ten: None, now: datetime) -> None:
    for hours in (0, 1):
        slip_in(now - timedelta(days=30, hours=hours))
    audit.seal_chain(now=now + timedelta(hours=1))
    (said,) = verifying.verify()
    assert said.startswith("Entry number 11 (id ")
    assert "like those up to number 12," in said
    assert "it was put in under an earlier date" in said
    (said,) = verifying.verify(since=verifying.recent(2))
    assert said.startswith("Entry number 11 (id ")


@pytest.mark.parametrize(("actor", "minutes"), [("lee", 20), ("door", 130)])
def test_an_entry_is_dated_back_by_no_more_than_its_act_takes(
    ten: None, now: datetime, actor: str, minutes: int
) -> None:
    last = now + timedelta(hours=1)
    slip_in(last - timedelta(minutes=minutes // 2), actor)
    audit.seal_chain(now=last + timedelta(hours=2))
    assert verifying.verify() == []
    slip_in(last - timedelta(minutes=minutes), actor)
    audit.seal_chain(now=last + timedelta(hours=2))
    assert verifying.verify()[0].startswith("Entry number 12 (id ")


def test_a_worker_that_was_down_chains_late_and_nothing_is_said(ten: None, now: datetime) -> None:
    for hour in range(2, 30):
        start = (now + timedelta(hours=hour)).replace(minute=0)
        audit.record("tip.submitted", actor="door", now=start, subject=f"T-0000-{hour:04}")
        audit.record("tip.read", actor="kim", now=start + timedelta(minutes=50))
    audit.seal_chain(now=now + timedelta(hours=29, minutes=20))
    for minute in range(30, 90, 7):
        at = now + timedelta(hours=29, minutes=minute)
        audit.record("tip.read", actor="kim", now=at)
        audit.seal_chain(now=at)
    assert verifying.verify() == []


FORGERIES: dict[str, Callable[[], None]] = {
    "changed": lambda: change(3),
    "removed": lambda: remove_and_close_gap(3),
    "reordered": lambda: exchange(2, 4),
    "put in": lambda: put_in(3),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_forging_every_hash_behind_it_does_not_hide_it(ten: None, forgery: str) -> None:
    FORGERIES[forgery]()
    rehash_from(1)
    said = "\n".join(verifying.verify())
    assert "Entry number 5 is not the one that the journal of heads knows" in said
    assert "something between 1 and 5 was changed, removed, moved or put in" in said


def test_what_lies_before_the_last_noted_head_is_told_from_what_lies_behind(ten: None) -> None:
    change(8)
    rehash_from(8)
    (said,) = verifying.verify()
    assert "Up to number 5 it is as it was noted; something between 6 and 10" in said


def test_heads_cannot_be_forged_without_the_key(ten: None, tmp_path: Path) -> None:
    change(3)
    rehash_from(1)
    reached = audit.head()
    line = heads.signed(reached, now=datetime.fromisoformat("2026-11-14T15:30:00+00:00"))
    forged = line.replace(line.split()[2][:8], "AAAAAAAA")
    heads.journal_file().write_text(forged + "\n", encoding="ascii")
    heads.head_file().write_text(forged + "\n", encoding="ascii")
    said = "\n".join(verifying.verify())
    assert "does not hold a head that this installation signed" in said
    assert "holds a line that this installation did not sign" in said


def test_a_head_kept_elsewhere_finds_what_the_whole_machine_was_made_to_say(
    ten: None, now: datetime
) -> None:
    """Database, files and key in one hand: only a copy that lies elsewhere tells."""
    kept = audit.head()
    change(3)
    rehash_from(1)
    heads.head_file().unlink()
    heads.journal_file().unlink()
    heads.note(audit.head(), now=now)
    assert verifying.verify() == []
    assert "the head you gave" in verifying.verify(known=kept)[0]


def test_a_lost_key_is_said_and_not_replaced(ten: None, now: datetime) -> None:
    heads.key_file().unlink()
    now += timedelta(hours=1)
    audit.record("tip.read", actor="kim", now=now)
    audit.seal_chain(now=now)
    assert "is missing or damaged" in verifying.verify()[0]
    assert not heads.key_file().exists()
    audit.begin_new_head(actor="operator", now=now)
    assert verifying.verify() == []


def test_the_key_lies_outside_the_home_and_is_for_its_owner(ten: None) -> None:
    assert heads.key_file().parent == Path(configured.AUDIT_KEYS_DIR)
    assert heads.key_file().stat().st_mode & 0o077 == 0


def test_a_line_of_the_journal_that_a_full_disk_cut_off_is_no_forgery(
    ten: None, now: datetime
) -> None:
    whole = heads.journal_file().read_text("ascii")
    heads.journal_file().write_text(f"{whole}{whole.splitlines()[-1][:90]}", "ascii")
    assert verifying.verify() == []
    audit.record("tip.read", actor="kim", now=now + timedelta(hours=3), subject="T-0000-0009")
    audit.seal_chain(now=now + timedelta(hours=3))
    assert verifying.verify() == []
    assert heads.journal_file().read_text("ascii").startswith(whole)
    assert len(list(heads.journal())) == len(whole.splitlines()) + 1


def test_a_time_that_was_ahead_keeps_no_hour_out_of_the_journal(ten: None, now: datetime) -> None:
    before = len(list(heads.journal()))
    heads.note(audit.head(), now=now + timedelta(days=700))
    heads.note(audit.head(), now=now + timedelta(hours=3))
    assert len(list(heads.journal())) == before + 2


def test_a_quick_look_begins_behind_a_noted_head(ten: None) -> None:
    assert verifying.recent(20) == Head(0, chain.START)
    since = verifying.recent(5)
    assert since.number == 5
    change(3)
    assert verifying.verify(since=since) == []
    change(8)
    assert verifying.verify(since=since)[0].startswith("Entry number 8 ")


def test_a_ruined_chain_is_told_in_few_sentences(ten: None, now: datetime) -> None:
    for number in range(190):
        audit.record("tip.read", actor="kim", now=now, rows=number)
    audit.seal_chain(now=now)
    sql(f"UPDATE {TABLE} SET actor = 'nobody'")
    said = verifying.verify()
    assert len(said) < 30
    assert "And 180 more of this kind." in said


# --- The database refuses by itself ------------------------------------------------------------


REFUSED = {
    "a changed actor": f"UPDATE {TABLE} SET actor = 'x' WHERE chained = 3",
    "changed facts": f"UPDATE {TABLE} SET facts = '{{}}' WHERE chained = 3",
    "another moment": f"UPDATE {TABLE} SET at = '2020-01-01 00:00:00+00' WHERE chained = 3",
    "another subject": f"UPDATE {TABLE} SET subject = 'T-9999-9999' WHERE chained = 3",
    "another number": f"UPDATE {TABLE} SET chained = 99 WHERE chained = 3",
    "an unchained entry": f"UPDATE {TABLE} SET chained = NULL, chain_hash = NULL",
    "a removed entry": f"DELETE FROM {TABLE} WHERE chained = 3",
    "all removed": f"DELETE FROM {TABLE}",
}


@pytest.mark.parametrize("what", REFUSED)
def test_the_database_refuses(ten: None, what: str) -> None:
    with (
        pytest.raises(IntegrityError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(REFUSED[what])
    assert verifying.verify() == []


def test_the_database_refuses_an_entry_put_in_between(ten: None) -> None:
    with (
        pytest.raises(IntegrityError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(
            f"INSERT INTO {TABLE} (id, at, actor, act, subject, subject_salt, subject_mark, "
            "facts, chained, chain_hash) VALUES "
            "(77, '2026-11-14 15:30:00+00', 'x', 'y', '', %s, %s, '{}', 11, %s)",
            [b"", b"", bytes(32)],
        )


@pytest.mark.skipif(connection.vendor != "sqlite", reason="REPLACE is SQLite's")
@pytest.mark.parametrize(
    "statement",
    [
        (
            f"INSERT OR REPLACE INTO {TABLE} SELECT id, at, 'x', act, subject, subject_salt, "
            f"subject_mark, facts, NULL, NULL FROM {TABLE} WHERE chained = 3"
        ),
        f"UPDATE OR REPLACE {TABLE} SET chained = 3, chain_hash = x'00' WHERE chained IS NULL",
    ],
)
def test_replacing_is_refused_too(ten: None, now: datetime, statement: str) -> None:
    audit.record("tip.read", actor="kim", now=now)
    with (
        pytest.raises(IntegrityError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


@pytest.mark.skipif(connection.vendor != "postgresql", reason="TRUNCATE is PostgreSQL's")
def test_truncating_is_refused_too(ten: None) -> None:
    with (
        pytest.raises(IntegrityError, match="only ever added to"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(f"TRUNCATE {TABLE}")


def test_triggers_that_were_taken_away_are_missed(ten: None) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for one in append_only.lift(connection, AuditEntry):
            cursor.execute(one)
    try:
        (said,) = verifying.verify()
        assert "The database no longer refuses changes" in said
    finally:
        with transaction.atomic(), connection.cursor() as cursor:
            for one in append_only.put_back(connection, AuditEntry):
                cursor.execute(one)
    assert verifying.verify() == []


# --- Residents' acts ---------------------------------------------------------------------------


def test_the_chain_does_not_order_what_residents_did(now: datetime) -> None:
    """Their acts of an hour are chained after it, together, in an order that says nothing."""
    hour = now.replace(minute=0)
    orders = set()
    for day in range(6):
        start = hour + timedelta(days=day)
        for minute in range(8):
            audit.record("tip.submitted", actor="door", now=start, subject=f"T-000{day}-{minute}")
            audit.record("tip.read", actor="kim", now=start + timedelta(minutes=minute))
            audit.seal_chain(now=start + timedelta(minutes=minute))
        of_day = AuditEntry.objects.filter(subject__startswith=f"T-000{day}")
        assert not of_day.filter(chained__isnull=False).exists()
        audit.seal_chain(now=start + timedelta(minutes=60))
        numbers = [(one.chained or 0, one.subject) for one in of_day]
        assert max(numbers)[0] - min(numbers)[0] == 7
        staff = AuditEntry.objects.filter(actor="kim", at__gte=start, chained__isnull=False)
        assert max(one.chained or 0 for one in staff) < min(numbers)[0]
        orders.add(tuple(subject[-1] for _number, subject in sorted(numbers)))
    assert len(orders) > 1
    assert orders != {tuple("01234567")}
    assert verifying.verify() == []


def test_no_key_counts_up(now: datetime) -> None:
    made = [audit.record("tip.submitted", actor="door", now=now).pk for _ in range(40)]
    assert made != sorted(made)
