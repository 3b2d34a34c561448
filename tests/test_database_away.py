"""A command that the database stands in the way of says what to do; a fault shows where it is."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import psycopg.errors
import pytest
from django.db import IntegrityError, OperationalError, ProgrammingError
from django.db.migrations.exceptions import MigrationSchemaMissing

from config.database_away import sentence

ROOT = Path(__file__).resolve().parent.parent


def staff_listed(home: Path, database: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "manage.py", "staff", "list"],
        cwd=ROOT,
        env={**os.environ, "TIPINTAKE_HOME": str(home), "DATABASE_URL": database},
        capture_output=True,
        text=True,
        check=False,
        timeout=40,
    )


@pytest.mark.processes
@pytest.mark.parametrize(
    ("database", "said"),
    [
        ("sqlite:///{home}/new.sqlite3", "The database has no tables yet"),
        ("sqlite:///{home}/missing/tips.sqlite3", "may write TIPINTAKE_HOME"),
        ("postgresql://tips:open-sesame@127.0.0.1:1/tips", "Start the database or mend"),
    ],
)
def test_a_command_without_its_database_ends_with_one_sentence(
    tmp_path: Path, database: str, said: str
) -> None:
    ended = staff_listed(tmp_path, database.format(home=tmp_path))
    (line,) = ended.stderr.strip().splitlines()
    assert said in line
    assert "open-sesame" not in line
    assert "no tables" not in line or str(tmp_path) in line  # a command typed without its home
    assert ended.returncode == 1


@pytest.mark.parametrize(
    ("told", "advice"),
    [
        ("database or disk is full", "Make room on its disk"),
        ("disk I/O error", "Make room on its disk"),
        ("attempt to write a readonly database", "may write TIPINTAKE_HOME"),
        ("database is locked", "Try again when it has ended"),
        ("the connection is closed\nDETAIL: AB1 23C", "Start the database"),
    ],
)
def test_each_trouble_of_the_database_has_its_advice(told: str, advice: str) -> None:
    said = sentence(OperationalError(told))
    assert said is not None
    assert advice in said
    assert "DETAIL" not in said


def test_a_first_table_that_cannot_be_made_is_said_like_any_other() -> None:
    missing = MigrationSchemaMissing("Unable to create the table")
    missing.__context__ = OperationalError("attempt to write a readonly database")
    assert "may write TIPINTAKE_HOME" in str(sentence(missing))


def test_tables_that_postgresql_lacks_are_said_and_a_fault_of_ours_is_not_hidden() -> None:
    missing = ProgrammingError("relation does not exist")
    missing.__cause__ = psycopg.errors.UndefinedTable()
    assert "manage.py migrate" in str(sentence(missing))
    assert sentence(ProgrammingError("syntax error")) is None
    assert sentence(IntegrityError("UNIQUE constraint failed")) is None


@pytest.mark.processes
def test_a_python_without_the_libraries_says_which_one_has_them() -> None:
    ended = subprocess.run(
        [sys.executable, "-S", "manage.py", "staff", "list"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    (line,) = ended.stderr.strip().splitlines()
    assert ".venv/bin/python manage.py" in line
    assert ended.returncode == 1


INTERRUPTED = """
import runpy, sys
class AtImport:
    def find_spec(self, name, *_rest):
        if name == "django.core.management":
            raise KeyboardInterrupt
sys.meta_path.insert(0, AtImport())
runpy.run_path("manage.py", run_name="__main__")
"""


@pytest.mark.processes
def test_ctrl_c_before_a_command_begins_is_no_fault() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", INTERRUPTED],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert (ended.returncode, ended.stderr) == (130, "")


@pytest.mark.processes
def test_a_database_that_takes_connections_and_says_nothing_is_not_waited_for(
    tmp_path: Path,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        ended = staff_listed(tmp_path, f"postgresql://tips:tips@127.0.0.1:{port}/tips")
    assert "Start the database or mend" in ended.stderr
