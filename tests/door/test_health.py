"""Alive and ready are told apart, in sentences without secrets."""

from pathlib import Path

import pytest
from django.conf import settings as configured
from django.test import Client
from pytest_django import Settings

from tipintake.directory.gazetteer import Gazetteer
from tipintake.directory.models import Contact

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
        "keys",
        "own keys",
        "directory",
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


@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_only_reading_is_answered(public: Client, path: str) -> None:
    assert public.head(path).status_code in {200, 503}
    assert public.post(path).status_code == 405
