import inspect
import subprocess
import sys
from datetime import date

import pytest
from django.conf import settings
from django.db import connection

from config.celery import TABLES, OnRows, app
from tests.pipeline.conftest import MakeTip, Silence
from tipintake import tasks
from tipintake.directory.models import Line
from tipintake.tips.models import Tip


def notices_of(tip: Tip) -> list[str]:
    return list(tip.hand_offs.values_list("notices__state", flat=True))


OURS = {"tipintake.route", "tipintake.notify", "tipintake.sweep"}


def test_the_worker_knows_the_names_that_the_bell_rings() -> None:
    app.loader.import_default_modules()
    assert set(app.tasks) >= OURS


def test_a_worker_loads_no_page_of_the_web_and_nothing_that_reads_a_text() -> None:
    loaded = "app.loader.import_default_modules(); print('\\n'.join(sys.modules))"
    command = [sys.executable, "-c", f"import sys; from config.celery import app; {loaded}"]
    done = subprocess.run(command, cwd=settings.BASE_DIR, capture_output=True, check=True)
    modules = done.stdout.decode().split()
    assert "tipintake.tasks" in modules
    needless = ("tipintake.web", "tipintake.api", "tipintake.privacy.scrub.scrubber", "holidays")
    assert not [one for one in modules if one.startswith(needless)]


def test_the_clock_rings_for_the_sweep() -> None:
    assert settings.CELERY_BEAT_SCHEDULE["sweep"]["task"] in OURS


@pytest.mark.parametrize("name", sorted(OURS))
def test_a_message_has_no_room_for_anything_about_a_tip(name: str) -> None:
    assert not inspect.signature(app.tasks[name].run).parameters
    assert app.tasks[name].ignore_result


def test_nothing_comes_back_through_the_broker() -> None:
    assert app.conf.result_backend is None


def test_a_worker_keeps_its_database_connection_between_tasks() -> None:
    assert app.conf.get("CELERY_DB_REUSE_MAX") == settings.CELERY_DB_REUSE_MAX > 1


def test_two_rings_route_and_announce(kept: MakeTip, silence: Silence) -> None:
    tip = kept()
    tasks.route()
    tasks.notify()
    assert Tip.objects.get(pk=tip.pk).routed_at is not None
    assert set(notices_of(tip)) == {"SENT"}


def test_a_sweep_lets_numbers_end_and_compares_tips(kept: MakeTip, silence: Silence) -> None:
    Line.objects.filter(code="nhth").update(expires_on=date(2020, 1, 1))
    tip = kept()
    tasks.sweep()
    assert Line.objects.get(code="nhth").shown_number == ""
    assert Tip.objects.get(pk=tip.pk).to_compare == 0


def test_one_sweep_does_both(kept: MakeTip, silence: Silence) -> None:
    tip = kept()
    tasks.sweep()
    assert set(notices_of(tip)) == {"SENT"}


@pytest.mark.django_db
@pytest.mark.parametrize("tables", [[], ["django_migrations", "tipintake_tip"]])
def test_until_there_are_tables_a_task_says_so_in_one_line_and_does_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, tables: list[str]
) -> None:
    monkeypatch.setattr(OnRows, "tables_were_here", False)
    with monkeypatch.context() as before_migrate:
        before_migrate.setattr(connection.introspection, "table_names", lambda: tables)
        before_migrate.setattr(tasks, "sweep_once", None)
        tasks.sweep()
    (said,) = caplog.records
    assert said.getMessage().startswith("tasks.no_tables run `manage.py migrate`")
    assert said.exc_info is None
    done = list[object]()
    monkeypatch.setattr(tasks, "sweep_once", lambda **given: done.append(given))
    tasks.sweep()
    assert len(done) == 1


@pytest.mark.django_db
def test_the_tables_that_tasks_wait_for_are_among_ours() -> None:
    assert set(connection.introspection.table_names()) >= TABLES
