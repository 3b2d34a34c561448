"""Administrators see whether the installation runs; machines read the same with a token."""

import json
import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import OperationalError, ProgrammingError
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from tests.web.desk.conftest import LogOn, text
from tipintake.directory.gazetteer import Gazetteer
from tipintake.door import health
from tipintake.door.quiet import QuietJSON
from tipintake.models import OperatorAlert
from tipintake.pipeline import watch
from tipintake.staff.roles import Role

pytestmark = pytest.mark.django_db

TOKEN = "a-long-token-of-the-operator"


@pytest.fixture(autouse=True)
def bells(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(watch, "waiting_bells", lambda: None)
    monkeypatch.setattr(health, "waiting_bells", lambda: None)


def test_an_administrator_reads_what_stands_still_and_since_when(
    log_on: LogOn, region: Gazetteer
) -> None:
    admin = log_on(Role.ADMIN)
    OperatorAlert.objects.create(
        code="notices",
        opened_at=timezone.now() - timedelta(hours=3),
        closed_at=timezone.now() - timedelta(hours=2),
    )
    watch.look(now=timezone.now())
    page = text(admin, "/operation/")
    assert "The broker does not answer" in page
    assert "Notices are overdue" in page
    assert "broker away" in page
    assert "There is room for tips" in page
    assert "needs somebody" in text(admin, "/")


def test_others_are_not_troubled_with_it(log_on: LogOn, region: Gazetteer) -> None:
    watch.look(now=timezone.now())
    assert "needs somebody" not in text(log_on(Role.ANALYST), "/")


def test_a_broker_that_is_away_degrades_and_loses_nothing(
    log_on: LogOn, region: Gazetteer, settings: Settings
) -> None:
    settings.ROLE = "desk"
    answer = log_on(Role.ADMIN).get("/readyz")
    said = answer.json()
    assert answer.status_code == 200
    assert said["ready"] is True
    assert said["degraded"] is True
    (broker,) = [one for one in said["checks"] if one["name"] == "broker"]
    assert broker["needed"] is False
    assert {"sweep", "routing", "notices"} <= {one["name"] for one in said["checks"]}
    assert "Tips are taken" in broker["say"]


def test_figures_are_for_the_token_alone(
    log_on: LogOn, region: Gazetteer, settings: Settings
) -> None:
    admin = log_on(Role.ADMIN)
    assert admin.get("/metrics").status_code == 404  # no token is set: there is no such page
    settings.METRICS_TOKEN = TOKEN
    assert admin.get("/metrics").status_code == 404  # a session is no token
    assert _ask("Bearer wrong").status_code == 404
    answer = _ask(f"Bearer {TOKEN}")
    assert answer.status_code == 200
    assert "tipintake_broker_up 0" in answer.content.decode()


@pytest.mark.parametrize("lacks", [ProgrammingError, OperationalError])
def test_without_tables_it_says_so_to_a_program(
    lacks: type[Exception], settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_mark: str, **_given: object) -> None:
        raise lacks("no such table: tipintake_heartbeat")

    settings.METRICS_TOKEN = TOKEN
    monkeypatch.setattr(watch, "beat", fails)
    answer = _ask(f"Bearer {TOKEN}")
    assert answer.status_code == 503
    assert answer.headers["Content-Type"] == "text/plain"
    assert "/readyz of this host says why" in answer.content.decode()


def _ask(shown: str) -> Any:
    return Client().get("/metrics", HTTP_HOST="localhost", HTTP_AUTHORIZATION=shown)


def test_a_log_line_may_be_an_object_and_quotes_nobody() -> None:
    ours = logging.LogRecord("tipintake.x", 30, "f", 1, "watch.stalled %s", ("broker",), None)
    said = json.loads(QuietJSON().format(ours))
    assert (said["event"], said["says"]) == ("watch.stalled", "watch.stalled broker")
    try:
        raise ValueError("636-555-0104")
    except ValueError as error:
        trace = (type(error), error, error.__traceback__)
    theirs = logging.LogRecord("lib", 40, "f", 1, "failed on %s", ("my words",), trace)
    line = QuietJSON().format(theirs)
    assert "my words" not in line
    assert "0104" not in line
    assert json.loads(line)["trace"].endswith("builtins.ValueError")
