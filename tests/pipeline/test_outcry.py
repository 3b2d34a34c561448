"""Where no row can be kept there is no place for an alert: it is heard all the same."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from django.db import Error, OperationalError, connection
from django.test import Client
from pytest_django import Settings

from tests.outage import away
from tests.webhook import Endpoint, endpoint
from tipintake.door import health
from tipintake.models import OperatorAlert
from tipintake.pipeline import outcry, watch
from tipintake.pipeline.outcry import Outcry
from tipintake.pipeline.sweep import sweep

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

OPENED, CLOSED = ("rows", "opened"), ("rows", "closed")


@contextmanager
def read_only() -> Iterator[None]:
    """What is only read is answered, as from a full disk."""

    def refuses(execute: Any, sql: str, *given: Any) -> Any:
        if sql.lstrip().split()[0] in {"INSERT", "UPDATE", "DELETE"}:
            raise OperationalError("attempt to write a readonly database")
        return execute(sql, *given)

    with connection.execute_wrapper(refuses):
        yield


@pytest.fixture(autouse=True)
def fresh(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process that has said nothing yet, with a broker that moves."""
    monkeypatch.setattr(watch, "outcry", Outcry())
    monkeypatch.setattr(watch, "waiting_bells", lambda: 0)
    monkeypatch.setattr(health, "waiting_bells", lambda: 0)


@pytest.fixture
def there(settings: Settings) -> Iterator[Endpoint]:
    with endpoint() as one:
        settings.ALERT_WEBHOOK = one.url
        yield one


def said(there: Endpoint) -> list[tuple[str, str]]:
    return [(one.body["alert"], one.body["state"]) for one in there.received]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("trouble", [away, read_only])
def test_worker_and_exporter_say_it_once_and_take_it_back(
    there: Endpoint, now: datetime, trouble: Any, caplog: pytest.LogCaptureFixture
) -> None:
    with trouble(), caplog.at_level(logging.ERROR, logger="tipintake"):
        sweep(now=now)
        for _ in range(2):
            with pytest.raises(Error):
                watch.exporter_round(now=now)
    assert said(there) == [OPENED]
    assert "No tip can be kept" in there.received[0].body["says"]
    assert caplog.messages.count("watch.no_row OperationalError") == 3
    watch.exporter_round(now=now)
    watch.exporter_round(now=now)
    assert said(there) == [OPENED, CLOSED]
    assert not OperatorAlert.objects.exists()


def test_what_was_not_heard_is_said_again_after_a_rest(
    there: Endpoint, now: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    there.answer = lambda _one: 503
    at = [100.0]
    monkeypatch.setattr(outcry, "monotonic", lambda: at[0])
    with away():
        for seconds in (0.0, 44.0, 46.0):
            at[0] = 100.0 + seconds
            with pytest.raises(Error):
                watch.look(now=now)
        assert said(there) == [OPENED, OPENED]
        there.answer = lambda _one: 204
        at[0] += 46
        with pytest.raises(Error):
            watch.look(now=now)
    watch.look(now=now)
    assert said(there) == [OPENED, OPENED, OPENED, CLOSED]


def test_nobody_is_told_where_nobody_is_named(now: datetime, settings: Settings) -> None:
    settings.ALERT_WEBHOOK = ""
    with away(), pytest.raises(Error):
        watch.look(now=now)
    watch.look(now=now)


def test_the_desk_is_asked_how_it_does_and_says_it_too(
    there: Endpoint, region: None, settings: Settings
) -> None:
    settings.ROLE = "desk"
    with read_only():
        answer = Client(raise_request_exception=False).get("/readyz")
    assert answer.status_code == 503
    assert {one["name"]: one["ok"] for one in answer.json()["checks"]}["rows"] is False
    assert said(there) == [OPENED]
