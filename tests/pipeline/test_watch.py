"""A standstill is seen by whoever still runs, said once, and taken back when it moves again."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from celery import Celery, current_app
from pytest_django import Settings
from redis import Redis
from redis.exceptions import OutOfMemoryError

from config import env
from tests.pipeline.conftest import MakeTip
from tests.pipeline.house import broker
from tests.webhook import Endpoint, endpoint
from tipintake.door import health
from tipintake.door.metrics import as_text
from tipintake.models import HandOff, Heartbeat, OperatorAlert, Tip
from tipintake.pipeline import outcry, watch
from tipintake.pipeline.broker import waiting_bells
from tipintake.pipeline.route import route_waiting
from tipintake.pipeline.sweep import sweep
from tipintake.staff import audit

pytestmark = [pytest.mark.django_db, pytest.mark.enable_socket]

MINUTE = timedelta(minutes=1)


@pytest.fixture
def bells(monkeypatch: pytest.MonkeyPatch) -> list[int | None]:
    """The broker's answer: 0 bells, until a test says otherwise."""
    answer: list[int | None] = [0]
    monkeypatch.setattr(watch, "waiting_bells", lambda: answer[-1])
    monkeypatch.setattr(health, "waiting_bells", lambda: answer[-1])
    return answer


def round_made(*, now: datetime) -> None:
    """As a sweep ends."""
    watch.beat(watch.SWEPT, now=now)
    watch.look(now=now)


def open_alerts() -> set[str]:
    return set(OperatorAlert.objects.filter(closed_at=None).values_list("code", flat=True))


def test_a_house_that_has_just_started_gives_no_alarm(
    bells: list[int | None], now: datetime
) -> None:
    watch.look(now=now)
    watch.look(now=now + 4 * MINUTE)
    assert open_alerts() == set()


def test_a_worker_that_never_came_is_said_by_another_and_taken_back(
    bells: list[int | None], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    watch.exporter_round(now=now)
    with caplog.at_level(logging.WARNING, logger="tipintake"):
        for minutes in range(1, 9):
            watch.exporter_round(now=now + minutes * MINUTE)
    assert open_alerts() == {"sweep"}
    assert caplog.messages == ["watch.stalled sweep"]
    sweep(now=now + 9 * MINUTE)
    assert open_alerts() == set()
    assert OperatorAlert.objects.get().closed_at is not None


def test_an_exporter_that_is_gone_is_said_by_the_worker(
    bells: list[int | None], now: datetime
) -> None:
    watch.exporter_round(now=now)
    round_made(now=now + 29 * MINUTE)
    assert open_alerts() == set()
    round_made(now=now + 31 * MINUTE)
    assert open_alerts() == {"exporter"}


def test_a_step_that_fails_in_each_round_is_said_and_taken_back(
    bells: list[int | None], now: datetime, caplog: pytest.LogCaptureFixture
) -> None:
    def breaks(_now: datetime) -> int:
        raise ZeroDivisionError

    def passes(_now: datetime) -> int:
        return 0

    def rounds(first: int, last: int, step: Callable[[datetime], int]) -> None:
        for minute in range(first, last):
            sweep(now=now + minute * MINUTE, also=[("forget", step)])

    watch.exporter_round(now=now)
    rounds(0, 4, breaks)
    assert open_alerts() == set()
    rounds(4, 6, passes)
    rounds(6, 11, breaks)
    assert open_alerts() == set()
    rounds(11, 14, breaks)
    assert open_alerts() == {"steps"}
    assert caplog.messages.count("watch.stalled steps") == 1
    reading = watch.read(now=now + 14 * MINUTE)
    assert reading.step_fails > 5 * MINUTE
    assert "tipintake_step_failing_seconds 4" in as_text(reading, alerts=1)
    rounds(14, 16, passes)
    assert open_alerts() == set()


def test_steps_that_fail_in_turns_do_not_fail_each_time(
    bells: list[int | None], now: datetime
) -> None:
    for minute in range(9):
        watch.beat(watch.SWEPT, now=now + minute * MINUTE)
        watch.note_failing(["forget" if minute % 2 else "audit"], now=now + minute * MINUTE)
    assert watch.read(now=now + 9 * MINUTE).step_fails == timedelta()


def test_a_step_that_is_mended_hides_no_other(bells: list[int | None], now: datetime) -> None:
    for minute in range(9):
        watch.beat(watch.SWEPT, now=now + minute * MINUTE)
        both = ["audit", "forget"] if minute < 7 else ["forget"]
        watch.note_failing(both, now=now + minute * MINUTE)
    assert watch.read(now=now + 9 * MINUTE).step_fails == 8 * MINUTE


def test_tips_that_wait_are_said_without_their_own_time(
    kept: MakeTip, bells: list[int | None], now: datetime
) -> None:
    round_made(now=now)
    kept()
    round_made(now=now + MINUTE)
    assert watch.read(now=now + 2 * MINUTE).tip_waits == MINUTE
    round_made(now=now + 7 * MINUTE)
    assert open_alerts() == {"routing"}
    route_waiting(now=now + 6 * MINUTE, limit=9)
    Tip.objects.update(routed_at=now)
    HandOff.objects.update(notify_at=None)
    round_made(now=now + 8 * MINUTE)
    assert open_alerts() == set()
    assert not Heartbeat.objects.filter(name=watch.WAITING).exists()


def test_under_load_some_tip_always_waits_and_that_is_no_standstill(
    kept: MakeTip, bells: list[int | None], now: datetime
) -> None:
    for minutes in range(9):
        Tip.objects.update(routed_at=now)
        kept()
        round_made(now=now + minutes * MINUTE)
    assert open_alerts() == set()


def test_a_notice_that_is_late_is_said(
    kept: MakeTip, bells: list[int | None], now: datetime
) -> None:
    kept()
    route_waiting(now=now, limit=9)
    HandOff.objects.update(notify_at=now)
    reading = watch.read(now=now + 11 * MINUTE)
    assert reading.notice_overdue == 11 * MINUTE
    assert "notices" in {one.code for one in watch.standing_still(reading)}


def test_backups_are_missed_only_where_they_are_wanted(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    late = now + timedelta(hours=51)
    watch.read(now=now)
    assert watch.read(now=late).since_backup is None
    settings.BACKUP_RECIPIENTS = ["age1somebody"]
    assert "backup" in {one.code for one in watch.standing_still(watch.read(now=late))}
    audit.record("backup.made", actor="test", now=late)
    assert watch.read(now=late).since_backup == timedelta()


def test_a_backup_that_was_made_under_a_time_ahead_hides_no_missing_one(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    settings.BACKUP_RECIPIENTS = ["age1somebody"]
    audit.record("backup.made", actor="test", now=now)
    audit.record("backup.made", actor="test", now=now + timedelta(days=700))
    assert watch.read(now=now + timedelta(hours=1)).since_backup == timedelta(hours=1)
    late = watch.read(now=now + timedelta(hours=51))
    assert "backup" in {one.code for one in watch.standing_still(late)}


def test_a_time_that_was_ahead_when_backups_were_first_missed_hides_none(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    settings.BACKUP_RECIPIENTS = ["age1somebody"]
    watch.read(now=now + timedelta(days=700))
    assert "backup" in {one.code for one in watch.standing_still(watch.read(now=now))}


def test_a_tip_that_waits_is_said_although_the_clock_was_set_back(
    kept: MakeTip, bells: list[int | None], now: datetime
) -> None:
    kept()
    round_made(now=now + timedelta(days=700))
    round_made(now=now)
    round_made(now=now + 7 * MINUTE)
    assert "routing" in open_alerts()


def test_whoever_watches_from_outside_is_told_once(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        bells.append(None)
        watch.look(now=now)
        watch.look(now=now + MINUTE)
        bells.append(0)
        watch.look(now=now + 2 * MINUTE)
        assert said(there) == [("broker", "opened"), ("broker", "closed")]
    settings.ALERT_WEBHOOK = "http://127.0.0.1:9/nobody"
    bells.append(None)
    watch.look(now=now + 3 * MINUTE)
    assert open_alerts() == {"broker"}


def test_what_a_process_without_a_way_out_found_is_told_by_another(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    with endpoint() as there:
        watch.exporter_round(now=now)
        watch.exporter_round(now=now + 6 * MINUTE)
        assert open_alerts() == {"sweep"}
        settings.ALERT_WEBHOOK = there.url
        watch.look(now=now + 7 * MINUTE)
        assert said(there) == [("sweep", "opened")]
        settings.ALERT_WEBHOOK = ""
        watch.beat(watch.SWEPT, now=now + 8 * MINUTE)
        watch.look(now=now + 8 * MINUTE)
        assert open_alerts() == set()
        settings.ALERT_WEBHOOK = there.url
        watch.look(now=now + 9 * MINUTE)
        watch.look(now=now + 10 * MINUTE)
        assert said(there) == [("sweep", "opened"), ("sweep", "closed")]


@pytest.mark.parametrize("status", [302, 404, 503])
def test_what_was_not_taken_is_told_again(
    bells: list[int | None],
    now: datetime,
    settings: Settings,
    caplog: pytest.LogCaptureFixture,
    status: int,
) -> None:
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        there.answer = lambda _one: status
        bells.append(None)
        watch.look(now=now)
        bells.append(0)
        watch.look(now=now + MINUTE)
        assert said(there) == [("broker", "opened"), ("broker", "opened")]
        assert caplog.messages.count("watch.not_told broker") == 2
        there.answer = lambda _one: 200
        for minutes in (2, 3):
            watch.look(now=now + minutes * MINUTE)
        assert said(there)[2:] == [("broker", "opened"), ("broker", "closed")]


def test_one_process_tells_at_a_time_and_one_that_died_holds_up_nobody(
    bells: list[int | None], now: datetime, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        bells.append(None)
        with monkeypatch.context() as dying:
            dying.setattr(outcry, "PoolManager", _died)
            with pytest.raises(KeyboardInterrupt):
                watch.look(now=now)
        watch.look(now=now + timedelta(seconds=10))
        assert said(there) == []
        watch.look(now=now + MINUTE)
        assert said(there) == [("broker", "opened")]


def _died(**_options: Any) -> None:
    raise KeyboardInterrupt


def test_a_clock_that_is_set_back_keeps_nobody_from_telling(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        there.answer = lambda _one: 503
        bells.append(None)
        watch.look(now=now + 4 * MINUTE)
        there.answer = lambda _one: 204
        watch.look(now=now)
        assert said(there) == [("broker", "opened"), ("broker", "opened")]
        watch.look(now=now)
        assert len(said(there)) == 2


def test_who_begins_to_listen_hears_of_the_last_day_and_of_what_is_open(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    long_ago, lately = now - timedelta(days=40), now - timedelta(hours=20)
    OperatorAlert.objects.create(code="backup", opened_at=long_ago, closed_at=long_ago)
    for code in ("routing", "exporter"):
        OperatorAlert.objects.create(code=code, opened_at=long_ago, closed_at=lately)
    OperatorAlert.objects.create(code="broker", opened_at=long_ago)
    bells.append(None)
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        watch.look(now=now)
        assert said(there) == [
            ("routing", "opened"),
            ("routing", "closed"),
            ("exporter", "opened"),
            ("exporter", "closed"),
            ("broker", "opened"),
        ]


def test_every_alarm_can_be_marked_as_told(
    bells: list[int | None], now: datetime, settings: Settings
) -> None:
    for alarm in watch.ALARMS:
        OperatorAlert.objects.create(code=alarm.code, opened_at=now)
    with endpoint() as there:
        settings.ALERT_WEBHOOK = there.url
        watch.look(now=now)
        assert len(said(there)) == 2 * len(watch.ALARMS)
    for row in Heartbeat.objects.all():
        row.full_clean()


def said(there: Endpoint) -> list[tuple[str, str]]:
    return [(one.body["alert"], one.body["state"]) for one in there.received]


def test_a_broker_is_asked_with_little_patience(tmp_path: Path, settings: Settings) -> None:
    where = tmp_path / "b.sock"
    settings.REDIS_URL = f"redis+socket://{where}"
    assert waiting_bells() is None
    with broker("--port", "0", "--unixsocket", str(where)):
        assert waiting_bells() == 0


def test_a_broker_that_asks_for_a_password_on_its_socket_is_told_it(
    tmp_path: Path, settings: Settings
) -> None:
    where = tmp_path / "b.sock"
    with (
        broker("--port", "0", "--unixsocket", str(where)),
        Redis(unix_socket_path=str(where)) as client,
    ):
        client.config_set("requirepass", "open-sesame")
        settings.REDIS_URL = f"redis+socket://:open-sesame@{where}"
        assert waiting_bells() == 0
        settings.REDIS_URL = f"redis+socket://{where}"
        assert waiting_bells() is None


@pytest.mark.parametrize("query", ["db=3", "virtual_host=3"])
def test_all_that_speak_to_a_brokers_socket_take_the_same_of_its_databases(
    query: str, tmp_path: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    where = tmp_path / "b.sock"
    monkeypatch.setenv("REDIS_URL", f"redis+socket://{where}?{query}")
    settings.REDIS_URL = url = env.broker("REDIS_URL", "")
    app = Celery(broker=url, set_as_current=False)
    with (
        broker("--port", "0", "--unixsocket", str(where)),
        Redis(unix_socket_path=str(where), db=3) as client,
    ):
        app.send_task("a bell", queue=current_app.conf.task_default_queue, ignore_result=True)
        assert client.llen(current_app.conf.task_default_queue) == 1
        assert waiting_bells() == 1


def test_a_broker_that_takes_no_bell_any_more_is_said_like_one_that_is_away(
    tmp_path: Path, settings: Settings
) -> None:
    where = tmp_path / "b.sock"
    settings.REDIS_URL = f"redis+socket://{where}"
    with (
        broker("--port", "0", "--unixsocket", str(where)),
        Redis(unix_socket_path=str(where)) as client,
    ):
        client.config_set("maxmemory", "1kb")
        with pytest.raises(OutOfMemoryError):
            client.rpush("intake", "a bell")
        assert waiting_bells() is None
        client.config_set("maxmemory", "0")
        assert waiting_bells() == 0
        assert client.dbsize() == 0


def test_figures_are_in_the_text_format_and_name_nobody(
    bells: list[int | None], now: datetime
) -> None:
    text = as_text(watch.read(now=now), alerts=1)
    for line in text.splitlines():
        assert line.startswith(("# HELP tipintake_", "# TYPE tipintake_", "tipintake_"))
        assert "{" not in line  # no labels
    values = dict(x.split(" ") for x in text.splitlines() if not x.startswith("#"))
    assert values["tipintake_broker_up"] == "1"
    assert values["tipintake_alerts_open"] == "1"
    assert all(float(value) >= 0 for value in values.values())
    assert text.endswith("\n")
