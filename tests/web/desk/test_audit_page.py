from pathlib import Path

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.desk.conftest import LogOn, MakeTip, said_by, text
from tipintake.staff import audit
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role


@pytest.fixture(autouse=True)
def own_head(settings: Settings, tmp_path: Path) -> None:
    settings.HOME = tmp_path


@pytest.fixture
def auditor(log_on: LogOn) -> Client:
    return log_on(Role.AUDITOR, name="auditor")


def verified(client: Client) -> str:
    return said_by(client.post("/audit/verify/").content.decode())


def test_an_auditor_reads_who_did_what_and_is_recorded_too(
    auditor: Client, triage: Client, make_tip: MakeTip
) -> None:
    tip = make_tip("regional-triage")
    triage.get(f"/tips/{tip.reference}/")
    said = text(auditor, "/audit/")
    assert f"triage tip.read {tip.reference} narrative: opened" in said
    assert AuditEntry.objects.filter(act="audit.read", actor="auditor").exists()


def test_the_audit_is_filtered_without_recording_what_was_typed(
    auditor: Client, triage: Client, make_tip: MakeTip
) -> None:
    tip, other = make_tip("regional-triage"), make_tip("regional-triage")
    for one in (tip, other):
        triage.get(f"/tips/{one.reference}/")
    said = text(auditor, f"/audit/?subject={tip.reference}&who=triage")
    assert tip.reference in said
    assert other.reference not in said
    assert AuditEntry.objects.get(act="audit.read").facts["filters"] == ["who", "subject"]


def test_a_long_audit_is_read_page_by_page(auditor: Client) -> None:
    for number in range(130):
        audit.record("tip.read", actor="kim", now=timezone.now(), rows=number)
    first = auditor.get("/audit/?who=kim").content.decode()
    before = first.partition("before=")[2].partition('"')[0]
    second = text(auditor, f"/audit/?who=kim&before={before}")
    assert "rows: 129" in said_by(first)
    assert "rows: 30 " in said_by(first)
    assert "rows: 29 " in second
    assert "rows: 30 " not in second


@pytest.mark.django_db(transaction=True)
def test_verifying_says_that_all_is_well_or_what_is_not(auditor: Client) -> None:
    audit.record("tip.read", actor="kim", now=timezone.now())
    audit.seal_chain(now=timezone.now())
    assert "The audit holds" in verified(auditor)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE tipintake_auditentry SET actor = 'x' WHERE chained = 1")
    said = verified(auditor)
    assert "The audit does not hold" in said
    assert "Entry number 1 " in said
