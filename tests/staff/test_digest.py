"""The week's digest: mailed once, without a tip's number, with the alarm in its first lines."""

from datetime import datetime, timedelta

import pytest
from django.core import mail
from django.core.management import CommandError
from pytest_django import Settings

from tests.staff.owner import number_of, sql
from tests.staff.test_audit import run
from tipintake.staff import audit, digest, heads
from tipintake.staff.models import AuditEntry

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "T-7777-8888"


@pytest.fixture(autouse=True)
def week(settings: Settings, now: datetime) -> None:
    settings.AUDIT_DIGEST_TO = ["auditor@county.example", "board@county.example"]
    audit.record("tip.read", actor="kim", now=now - timedelta(hours=5), subject=NUMBER)
    for hours in (4, 3):
        opened = now - timedelta(hours=hours)
        audit.record("vault.opened", actor="lee", now=opened, subject=NUMBER, reason="PROTECT")
    audit.seal_chain(now=now)


def test_everybody_gets_it_alone_and_once_a_week(now: datetime) -> None:
    assert digest.send_due(now=now)
    assert [one.to for one in mail.outbox] == [
        ["auditor@county.example"],
        ["board@county.example"],
    ]
    said = mail.outbox[0].body
    assert "The audit holds" in said
    assert "Names in the vault opened: 2 (lee 2)" in said
    assert NUMBER not in said
    assert not digest.send_due(now=now + timedelta(days=6, hours=23))
    assert digest.send_due(now=now + timedelta(days=7, minutes=1))


def test_the_mailed_head_finds_a_chain_written_anew(now: datetime) -> None:
    digest.send_due(now=now)
    line = mail.outbox[0].body.strip().splitlines()[-1]
    assert heads.read(line).head == audit.head()
    assert "The audit holds" in run("verify", "--known", line)


def test_a_broken_chain_is_the_first_thing_it_says(now: datetime) -> None:
    sql("UPDATE tipintake_auditentry SET actor = 'x' WHERE id = %s", number_of(2))
    digest.send_due(now=now)
    assert mail.outbox[0].subject == "Audit of the tip desk: does not hold"
    assert "THE AUDIT DOES NOT HOLD" in mail.outbox[0].body.splitlines()[2]
    assert AuditEntry.objects.get(act="audit.digest_made").facts == {"told": 2, "problems": 1}


def test_a_mail_server_that_refuses_is_asked_again_later(
    now: datetime, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", 1
    assert not digest.send_due(now=now)
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert not digest.send_due(now=now + timedelta(hours=1))
    assert digest.send_due(now=now + timedelta(hours=7))


def test_what_was_done_while_no_mail_went_out_stands_in_the_next(now: datetime) -> None:
    """It told of the last seven days alone, however long ago the one before was."""
    week = timedelta(days=7)
    assert digest.send_due(now=now)
    audit.record("account.created", actor="lee", now=now + timedelta(hours=1), subject="mole")
    audit.seal_chain(now=now + week)
    asked = digest.digest_of(now + timedelta(days=6), now + week)  # of a day alone
    digest.send(asked, actor="manage.py", now=now + week)
    assert digest.send_due(now=now + week * 2)
    said = mail.outbox[-1].body
    assert "Accounts made, changed or ended: 1 (lee 1)" in said
    assert "Names in the vault opened: 0" in said


def test_a_digest_that_was_dated_ahead_keeps_none_back(now: datetime) -> None:
    assert digest.send_due(now=now + timedelta(days=365))
    assert digest.send_due(now=now)
    assert not digest.send_due(now=now + timedelta(hours=1))


def test_a_digest_that_would_only_be_printed_is_not_noted_as_mailed(
    now: datetime, settings: Settings
) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.console.EmailBackend"
    assert not digest.send_due(now=now)
    assert not AuditEntry.objects.filter(act="audit.digest_made").exists()
    with pytest.raises(CommandError, match="was not mailed: EMAIL_BACKEND only prints letters"):
        run("digest", "--send")


def test_a_digest_for_nobody_is_not_noted_as_sent(now: datetime, settings: Settings) -> None:
    """Else the first one that somebody could get came a week later."""
    settings.AUDIT_DIGEST_TO = []
    with pytest.raises(CommandError, match="AUDIT_DIGEST_TO names no address"):
        run("digest", "--send")
    assert not AuditEntry.objects.filter(act="audit.digest_made").exists()


def test_an_operator_reads_it_without_sending(now: datetime) -> None:
    said = run("digest", "--days", "36500")
    assert "The audit holds" in said
    assert "tip.read: 1" in said
    assert mail.outbox == []


def test_nobody_is_told_where_nobody_is_named_but_the_chain_is_walked(
    now: datetime, settings: Settings
) -> None:
    settings.AUDIT_DIGEST_TO = []
    assert digest.send_due(now=now)
    assert mail.outbox == []
    assert AuditEntry.objects.get(act="audit.digest_made").facts == {"told": 0, "problems": 0}


def test_who_is_named_after_a_digest_for_nobody_does_not_wait_a_week_for_the_first(
    now: datetime, settings: Settings
) -> None:
    settings.AUDIT_DIGEST_TO = []
    assert digest.send_due(now=now)
    assert not digest.send_due(now=now + timedelta(days=1))
    settings.AUDIT_DIGEST_TO = ["auditor@county.example"]
    assert digest.send_due(now=now + timedelta(days=1, minutes=1))
    assert not digest.send_due(now=now + timedelta(days=2))
    assert len(mail.outbox) == 1
