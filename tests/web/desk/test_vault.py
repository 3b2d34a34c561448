"""The names of victims and minors."""

from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.web.desk.conftest import LogOn, MakeTip, lock_away, text
from tipintake.staff.models import AuditEntry
from tipintake.staff.roles import Role
from tipintake.tips.models import Tip, VaultEntry

NAME = "Zebulonia"


@pytest.fixture
def tip(make_tip: MakeTip) -> Tip:
    return make_tip("wentzville-pd")


@pytest.fixture
def entry(tip: Tip) -> VaultEntry:
    return lock_away(tip, NAME)


@pytest.fixture
def guardian(log_on: LogOn) -> Client:
    return log_on(Role.CHILD_VICTIM, lines=("wentzville-pd",), name="guardian")


def test_the_list_shows_that_there_is_a_name_and_not_the_name(
    guardian: Client, tip: Tip, entry: VaultEntry
) -> None:
    said = text(guardian, "/vault/")
    assert "Name of a possible victim" in said
    assert tip.reference in said
    assert NAME not in said


def test_a_name_is_opened_for_a_reason_and_every_opening_is_recorded(
    guardian: Client, tip: Tip, entry: VaultEntry
) -> None:
    for _ in range(2):
        opened = guardian.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"})
        assert NAME in opened.content.decode()
        assert "no-store" in opened.headers["Cache-Control"]
    records = AuditEntry.objects.filter(act="vault.opened")
    assert [(one.actor, one.subject) for one in records] == [("guardian", tip.reference)] * 2
    assert records[0].facts == {"kind": "VICTIM_NAME", "reason": "PROTECT"}
    assert NAME not in " ".join(str(one.content()) for one in AuditEntry.objects.all())


@pytest.mark.parametrize("reason", ["", "because", "CURIOUS"])
def test_without_a_reason_no_name_is_opened(
    guardian: Client, entry: VaultEntry, reason: str
) -> None:
    response = guardian.post(f"/vault/{entry.pk}/open/", {"reason": reason})
    assert response.status_code == 422
    assert NAME not in response.content.decode()
    assert not AuditEntry.objects.filter(act="vault.opened").exists()


def test_others_see_only_that_there_is_one(triage: Client, tip: Tip, entry: VaultEntry) -> None:
    said = text(triage, f"/tips/{tip.reference}/")
    assert "1 in the vault of victims' and minors' names" in said
    assert NAME not in said
    assert triage.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"}).status_code == 403


def test_the_role_opens_names_of_its_own_lines_only(log_on: LogOn, entry: VaultEntry) -> None:
    stranger = log_on(Role.CHILD_VICTIM, lines=("nhth",), name="stranger")
    assert "No tip that you see has a name in the vault." in text(stranger, "/vault/")
    response = stranger.post(f"/vault/{entry.pk}/open/", {"reason": "PROTECT"})
    assert response.status_code == 404
    assert not AuditEntry.objects.filter(act="vault.opened").exists()


def test_a_missing_vault_key_is_said_in_a_sentence(
    guardian: Client, entry: VaultEntry, settings: Settings, tmp_path: Path
) -> None:
    settings.PRIVATE_KEYS_DIR = tmp_path
    response = guardian.post(f"/vault/{entry.pk}/open/", {"reason": "CASE"})
    assert response.status_code == 422
    assert "is missing" in response.content.decode()
