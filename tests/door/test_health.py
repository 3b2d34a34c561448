"""Alive and ready are told apart, in sentences without secrets."""

import shutil
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.db import OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact
from tipintake.door import health
from tipintake.privacy import keys
from tipintake.tips.models import KeyMark

pytestmark = pytest.mark.django_db


def failing(client: Client) -> dict[str, str]:
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["ready"] is False
    assert str(configured.HOME) not in response.content.decode()
    return {check["name"]: check["say"] for check in response.json()["checks"] if not check["ok"]}


def test_a_process_is_alive_without_a_region(public: Client) -> None:
    assert public.get("/healthz").json() == {"alive": True}


def test_an_installation_with_keys_and_a_region_is_ready(
    public: Client, region: Gazetteer
) -> None:
    response = public.get("/readyz")
    assert response.status_code == 200
    assert [check["name"] for check in response.json()["checks"]] == [
        "database",
        "migrations",
        "room",
        "writing",
        "keys",
        "own keys",
        "directory",
        "broker",
    ]


def test_without_a_region_nobody_would_read_a_tip(public: Client) -> None:
    assert "directory" in failing(public)


def test_a_line_that_nobody_answers_makes_it_unready(public: Client, region: Gazetteer) -> None:
    Contact.objects.filter(line__code="regional-triage").update(active=False)
    assert "has nobody" in failing(public)["directory"]


def test_a_missing_key_is_said_without_its_path(
    public: Client, region: Gazetteer, settings: Settings, tmp_path: Path
) -> None:
    settings.KEYS_DIR = tmp_path
    assert "keys status" in failing(public)["keys"]


@pytest.mark.parametrize("name", ["vault.key", "accounts.key"])
def test_a_desk_without_one_of_its_other_keys_is_degraded_and_says_so(
    region: Gazetteer, settings: Settings, tmp_path: Path, name: str
) -> None:
    settings.ROLE = "desk"
    settings.PRIVATE_KEYS_DIR = Path(shutil.copytree(settings.PRIVATE_KEYS_DIR, tmp_path / "k"))
    keys.accounts_key(settings.PRIVATE_KEYS_DIR, make=True)
    assert not [
        one.name for one in health.readiness() if one.name == "private keys" and not one.ok
    ]
    (settings.PRIVATE_KEYS_DIR / name).unlink()
    (said,) = (one for one in health.readiness() if one.name == "private keys")
    assert not said.ok
    assert not said.needed
    assert "keys status" in said.say


def test_a_full_disk_is_said(
    public: Client, region: Gazetteer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL's disk is its own")
    file = tmp_path / "tips.sqlite3"
    file.touch()
    monkeypatch.setitem(connection.settings_dict, "NAME", str(file))
    assert public.get("/readyz").status_code == 200
    full = shutil.disk_usage(tmp_path)._replace(free=4096)
    monkeypatch.setattr(shutil, "disk_usage", lambda _folder: full)
    assert "The disk is full" in failing(public)["room"]


def test_a_database_that_takes_no_row_is_said_and_a_trial_leaves_none(
    public: Client, region: Gazetteer
) -> None:
    assert public.get("/readyz").status_code == 200
    assert not KeyMark.objects.filter(kind="trial").exists()

    def full(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith("INSERT"):
            raise OperationalError("database or disk is full")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(full):
        assert "takes no new row" in failing(public)["writing"]


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(public: Client, path: str) -> None:
    assert public.head(path).status_code in {200, 503}
    assert public.post(path).status_code == 405
