"""What somebody with the database in their hands can change without being seen: nothing sealed."""

import stat
from collections.abc import Callable
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.staff.owner import number_of, sql
from tipintake.staff import audit, heads, verifying
from tipintake.staff import chain as chain_of
from tipintake.staff.chain import Head
from tipintake.staff.models import AuditEntry, AuditIsAppendOnly

# The head file is written when a transaction has ended, so these tests let theirs end.
pytestmark = pytest.mark.django_db(transaction=True)

Chain = Callable[[int], None]


@pytest.fixture
def chain(now: datetime) -> Chain:
    """So many more entries, chained."""

    def lengthen(count: int) -> None:
        for number in range(count):
            audit.record(
                "tip.read", actor="kim", now=now, subject=f"T-0000-000{number % 10}", rows=number
            )
        audit.seal_chain(now=now)

    return lengthen


def test_a_chain_that_nobody_touched_holds(chain: Chain) -> None:
    chain(5)
    chain(4)
    assert verifying.verify() == []
    assert audit.head().number == 9


def test_sealing_is_done_in_batches_and_each_entry_once(
    monkeypatch: pytest.MonkeyPatch, chain: Chain, now: datetime
) -> None:
    monkeypatch.setattr(audit, "BATCH", 3)
    chain(10)
    assert audit.seal_chain(now=now) == 0
    numbers = AuditEntry.objects.in_chain().values_list("chained", flat=True)
    assert list(numbers) == list(range(1, 11))
    assert verifying.verify() == []


@pytest.mark.parametrize(
    "change",
    [
        "actor = 'somebody else'",
        "act = 'tip.closed'",
        "subject = 'T-9999-9999'",
        "at = '2020-01-01 00:00:00'",
        "facts = '{\"rows\": 99}'",
    ],
)
def test_a_changed_entry_is_named(chain: Chain, change: str) -> None:
    chain(5)
    sql(f"UPDATE tipintake_auditentry SET {change} WHERE id = %s", number_of(3))
    (problem,) = verifying.verify()
    assert problem.startswith("Entry number 3 ")


def test_a_changed_entry_with_a_matching_new_hash_breaks_the_next_link(chain: Chain) -> None:
    chain(5)
    entry = AuditEntry.objects.get(pk=number_of(3))
    before = bytes(AuditEntry.objects.get(pk=number_of(2)).chain_hash or b"")
    entry.actor = "somebody else"
    forged = chain_of.link(before, 3, entry.content())
    sql(
        "UPDATE tipintake_auditentry SET actor = %s, chain_hash = %s WHERE id = %s",
        "somebody else",
        forged,
        entry.pk,
    )
    (problem,) = verifying.verify()
    assert problem.startswith("Entry number 4 ")


def test_a_removed_entry_is_missed(chain: Chain) -> None:
    chain(5)
    sql("DELETE FROM tipintake_auditentry WHERE id = %s", number_of(3))
    assert verifying.verify() == ["Entry number 3 was removed."]


def test_removing_an_entry_and_counting_anew_is_seen(chain: Chain) -> None:
    chain(5)
    third, fourth, fifth = number_of(3), number_of(4), number_of(5)
    sql("DELETE FROM tipintake_auditentry WHERE id = %s", third)
    sql("UPDATE tipintake_auditentry SET chained = 3 WHERE id = %s", fourth)
    sql("UPDATE tipintake_auditentry SET chained = 4 WHERE id = %s", fifth)
    problems = verifying.verify()
    assert any(one.startswith("Entry number 3 ") for one in problems)
    assert any("the last 1 entries were removed" in one for one in problems)


def test_entries_that_changed_places_are_seen(chain: Chain) -> None:
    chain(5)
    second, fourth = number_of(2), number_of(4)
    sql("UPDATE tipintake_auditentry SET chained = 99 WHERE id = %s", second)
    sql("UPDATE tipintake_auditentry SET chained = 2 WHERE id = %s", fourth)
    sql("UPDATE tipintake_auditentry SET chained = 4 WHERE id = %s", second)
    named = [one.split(" (")[0] for one in verifying.verify()]
    assert "Entry number 2" in named
    assert "Entry number 4" in named


def test_an_entry_put_in_between_is_seen(chain: Chain) -> None:
    chain(4)
    third, fourth = number_of(3), number_of(4)
    sql("UPDATE tipintake_auditentry SET chained = 5 WHERE id = %s", fourth)
    sql("UPDATE tipintake_auditentry SET chained = 4 WHERE id = %s", third)
    sql(
        "INSERT INTO tipintake_auditentry "
        "(id, at, actor, act, subject, subject_salt, subject_mark, facts, chained, chain_hash) "
        "VALUES (77, '2026-11-14 15:30:00+00', 'kim', 'tip.read', '', %s, %s, '{}', 3, %s)",
        b"",
        b"",
        bytes(32),
    )
    assert any(one.startswith("Entry number 3 ") for one in verifying.verify())


def test_a_cut_off_tail_is_seen_by_the_head_file(chain: Chain) -> None:
    chain(5)
    sql("DELETE FROM tipintake_auditentry WHERE chained > 3")
    (problem,) = verifying.verify()
    assert "ends at number 3" in problem
    assert "the last 2 entries were removed" in problem


def test_entries_written_after_a_cut_do_not_cover_it(chain: Chain) -> None:
    chain(5)
    sql("DELETE FROM tipintake_auditentry WHERE chained > 3")
    chain(4)
    assert any("the chain was rewritten" in one for one in verifying.verify())


def test_a_whole_chain_written_anew_is_seen(chain: Chain, now: datetime) -> None:
    chain(5)
    sql("UPDATE tipintake_auditentry SET actor = 'x', chained = NULL, chain_hash = NULL")
    audit.seal_chain(now=now)
    assert all("the chain was rewritten" in one for one in verifying.verify())
    assert verifying.verify()


def test_a_missing_head_file_is_said_and_not_quietly_replaced(chain: Chain, now: datetime) -> None:
    chain(3)
    heads.head_file().unlink()
    chain(3)
    (problem,) = verifying.verify()
    assert "is missing" in problem
    audit.begin_new_head(actor="operator", now=now)
    assert verifying.verify() == []
    assert AuditEntry.objects.filter(act="audit.head_renewed", actor="operator").exists()


def test_an_unreadable_head_file_is_said(chain: Chain) -> None:
    chain(3)
    heads.head_file().write_text("nothing", encoding="ascii")
    (problem,) = verifying.verify()
    assert "does not hold a head" in problem


def test_a_head_noted_on_paper_shows_a_rewritten_chain_and_file(
    chain: Chain, now: datetime
) -> None:
    chain(5)
    noted = audit.head()
    sql("UPDATE tipintake_auditentry SET actor = 'x', chained = NULL, chain_hash = NULL")
    audit.begin_new_head(actor="x", now=now)
    assert verifying.verify() == []
    (problem,) = verifying.verify(known=noted)
    assert "the head you gave" in problem


def test_only_its_owner_reads_the_head_file(chain: Chain, tmp_path: Path) -> None:
    chain(1)
    assert heads.head_file().parent == tmp_path
    assert stat.S_IMODE(heads.head_file().stat().st_mode) == 0o600


def test_nothing_in_our_code_changes_or_removes_an_entry(chain: Chain) -> None:
    chain(2)
    entry = AuditEntry.objects.all()[0]
    everything = AuditEntry.objects.all()
    attempts: list[Callable[[], object]] = [
        entry.save,
        entry.delete,
        lambda: everything.update(actor="x"),
        everything.delete,
        lambda: everything.bulk_update([entry], ["actor"]),
        lambda: AuditEntry.objects.update_or_create({"actor": "x"}, pk=entry.pk),
        lambda: AuditEntry.objects.seal([(7, bytes(32), entry.pk)]),
        AuditEntry(at=entry.at, actor="x", act="x", chained=3, chain_hash=bytes(32)).save,
    ]
    for attempt in attempts:
        with pytest.raises(AuditIsAppendOnly):
            attempt()
    assert verifying.verify() == []


@given(number=st.integers(0, 2**62), digest=st.binary(min_size=32, max_size=32))
def test_a_head_is_read_as_it_was_written(number: int, digest: bytes) -> None:
    head = Head(number, digest)
    assert Head.parse(str(head)) == head


def run(*words: str) -> str:
    out = StringIO()
    call_command("audit", *words, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize("days", ["0", "-1", "1000000"])
def test_a_digest_is_of_one_day_or_more(days: str) -> None:
    with pytest.raises(CommandError, match="use a number from 1 to 36500"):
        run("digest", "--days", days)


def test_an_operator_seals_verifies_and_gets_the_head_to_note(now: datetime) -> None:
    audit.record("tip.read", actor="kim", now=now)
    assert "1 entries chained" in run("seal")
    said = run("verify")
    assert "The audit holds: 1 entries." in said
    assert str(audit.head()) in said
    assert "The audit holds" in run("verify", "--known", str(audit.head()))


def test_a_broken_chain_ends_the_command_with_an_error(chain: Chain) -> None:
    chain(3)
    sql("UPDATE tipintake_auditentry SET actor = 'x' WHERE id = %s", number_of(2))
    with pytest.raises(CommandError, match="does not hold"):
        run("verify")
    with pytest.raises(CommandError, match="NUMBER:HASH"):
        run("verify", "--known", "seven")


def test_a_purge_takes_a_number_out_of_the_audit_and_the_chain_holds(
    chain: Chain, now: datetime
) -> None:
    chain(12)
    stood = AuditEntry.objects.filter(subject="T-0000-0001").count()
    assert audit.forget("T-0000-0001") == stood == 2
    audit.record(audit.PURGED, actor="retain", now=now, entries=stood)
    audit.seal_chain(now=now)
    assert not AuditEntry.objects.filter(subject="T-0000-0001").exists()
    assert verifying.verify() == []


def test_a_number_that_somebody_emptied_without_a_purge_is_seen(chain: Chain) -> None:
    chain(3)
    sql("UPDATE tipintake_auditentry SET subject = '' WHERE id = %s", number_of(2))
    (problem,) = verifying.verify()
    assert "1 entries have lost their subject, but purges account for 0" in problem


def test_no_two_entries_about_a_tip_carry_the_same_mark(chain: Chain) -> None:
    chain(11)
    same = AuditEntry.objects.filter(subject="T-0000-0000")
    assert len({bytes(one.subject_mark) for one in same}) == same.count() == 2


def test_nothing_is_forgotten_for_an_empty_subject(chain: Chain, now: datetime) -> None:
    audit.record("log_on.failed", actor="x", now=now)
    assert audit.forget("") == 0
