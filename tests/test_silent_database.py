"""PostgreSQL that stands still: who waits for how long, and who is not asked to wait behind them.

What a vanished machine does, whose kernel answers no more, only a cut wire shows.
"""

import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from functools import partial
from pathlib import Path

import psutil
import psycopg
import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from psycopg.errors import ConnectionTimeout, LockNotAvailable, QueryCanceled
from pytest_django import DjangoDbBlocker

from config import env
from config.postgresql import base
from config.postgresql.base import DatabaseWrapper, Silence
from config.postgresql.limits import BY_ROLE, NONE, Limits
from tests.postgres import embedded
from tests.waiting import eventually

pytestmark = [pytest.mark.processes, pytest.mark.enable_socket]


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with embedded() as one:
        yield one


@pytest.fixture(autouse=True)
def nothing_known(
    monkeypatch: pytest.MonkeyPatch, django_db_blocker: DjangoDbBlocker
) -> Iterator[None]:
    monkeypatch.setattr(base, "silence", Silence())
    with django_db_blocker.unblock():
        yield


@contextmanager
def connection(address: str, limits: Limits) -> Iterator[DatabaseWrapper]:
    """As a process with these limits has it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DATABASE_URL", address)
        handler = ConnectionHandler({"default": env.database("DATABASE_URL", Path(), limits)})
    one = handler["default"]
    assert isinstance(one, DatabaseWrapper)
    with closing(one):
        yield one


@contextmanager
def standing_still(address: str) -> Iterator[None]:
    """Every process of the server; the kernel goes on to take what is sent to them."""
    with psycopg.connect(address) as link:
        server = psutil.Process(link.info.backend_pid).parent()
    assert server is not None
    with ExitStack() as after:
        for process in [server, *server.children(recursive=True)]:
            with suppress(psutil.NoSuchProcess):  # what served the link above has ended
                process.suspend()
                after.callback(process.resume)
        yield


def said(one: DatabaseWrapper, asks: str) -> str:
    with one.cursor() as cursor:
        cursor.execute(asks)
        return str(cursor.fetchone()[0])


def answers(one: DatabaseWrapper) -> bool:
    try:
        return said(one, "SELECT 1") == "1"
    except OperationalError:
        return False


@pytest.mark.parametrize(
    ("role", "statement", "lock", "idle"),
    [
        ("public", "10s", "5s", "1min"),
        ("desk", "30s", "5s", "1min"),
        ("worker", "0", "0", "0"),
        ("exporter", "0", "0", "0"),
        ("manage", "0", "0", "0"),
    ],
)
def test_only_what_a_person_waits_for_is_ended_by_the_server(
    address: str, role: str, statement: str, lock: str, idle: str
) -> None:
    with connection(address, BY_ROLE.get(role, NONE)) as one:
        assert said(one, "SHOW statement_timeout") == statement
        assert said(one, "SHOW lock_timeout") == lock
        assert said(one, "SHOW idle_in_transaction_session_timeout") == idle
        assert said(one, "SHOW jit") == "off"


def test_a_limit_that_others_set_at_the_database_ends_no_backup(address: str) -> None:
    """As where others run the server: a table of years takes longer than a page may."""
    names = ("statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout")
    with psycopg.connect(address, autocommit=True) as link:
        for name in names:
            link.execute(f"ALTER DATABASE postgres SET {name} = '200ms'")
        try:
            with connection(address, NONE) as one:
                assert [said(one, f"SHOW {name}") for name in names] == ["0", "0", "0"]
                assert said(one, "SELECT 1 FROM pg_sleep(0.4)") == "1"
        finally:
            link.execute("ALTER DATABASE postgres RESET ALL")


def test_both_ends_ask_whether_the_other_is_there(address: str) -> None:
    """As they are told. Over a socket of one machine neither asks, and PostgreSQL shows 0."""
    with connection(address, NONE) as one:
        given = one.get_connection_params()
    assert given["tcp_user_timeout"] == 10_000
    assert given["keepalives_idle"] + given["keepalives_count"] * given["keepalives_interval"] < 30
    assert "-c tcp_keepalives_idle=30 " in given["options"]
    assert "-c tcp_user_timeout=30s" in given["options"]


def test_a_statement_in_the_middle_of_which_the_server_stands_still_is_given_up(
    address: str,
) -> None:
    with connection(address, Limits(silence=1)) as one:
        said(one, "SELECT 1")
        begun = time.monotonic()
        with ExitStack() as later:
            still = threading.Timer(0.3, lambda: later.enter_context(standing_still(address)))
            still.start()
            with pytest.raises(OperationalError, match="said nothing for 1 seconds"):
                said(one, "SELECT pg_sleep(30)")
            still.join()
            assert time.monotonic() - begun < 5
        one.close_if_unusable_or_obsolete()  # as Django does before the next request
        assert said(one, "SELECT 1") == "1"


def test_a_server_that_goes_on_to_answer_is_not_given_up(address: str) -> None:
    rows = "SELECT repeat('x', 100000), pg_sleep(0.1) FROM generate_series(1, 25)"
    with connection(address, Limits(silence=1)) as one, one.cursor() as cursor:
        cursor.execute(rows)
        assert len(cursor.fetchall()) == 25


def test_what_a_silent_server_was_told_in_a_transaction_is_undone(address: str) -> None:
    with psycopg.connect(address) as link:
        link.execute("CREATE TABLE kept (a int)")
    with connection(address, Limits(silence=1)) as one:
        one.set_autocommit(False)
        said(one, "INSERT INTO kept VALUES (1) RETURNING a")
        with standing_still(address), pytest.raises(OperationalError, match="said nothing"):
            said(one, "INSERT INTO kept VALUES (2) RETURNING a")
    with connection(address, NONE) as other:
        assert said(other, "SELECT count(*) FROM kept") == "0"


def test_who_waits_for_others_rows_is_told_before_the_statement_ends(address: str) -> None:
    limits = Limits(statement=3, lock=1)
    with psycopg.connect(address) as holder, connection(address, limits) as one:
        holder.execute("CREATE TABLE held (a int)")
        holder.commit()
        holder.execute("LOCK TABLE held")
        with pytest.raises(OperationalError) as refused:
            said(one, "SELECT count(*) FROM held")
        assert isinstance(refused.value.__cause__, LockNotAvailable)
        with pytest.raises(OperationalError) as ended:
            said(one, "SELECT pg_sleep(30)")
        assert isinstance(ended.value.__cause__, QueryCanceled)


def test_of_all_that_wait_for_a_silent_server_one_asks(address: str) -> None:
    limits = Limits(silence=1)
    with connection(address, limits) as first, connection(address, limits) as other:
        with standing_still(address):
            with pytest.raises(OperationalError, match="timeout"):
                first.ensure_connection()
            begun = time.monotonic()
            with pytest.raises(OperationalError, match="a moment ago"):
                other.ensure_connection()
            assert time.monotonic() - begun < 1
        for one in (other, first):
            eventually(partial(answers, one), seconds=base.RESTS + 10)


def test_an_open_connection_is_left_at_once_while_the_server_is_known_to_be_silent(
    address: str,
) -> None:
    with connection(address, Limits(silence=1)) as one:
        said(one, "SELECT 1")
        with pytest.raises(ConnectionTimeout), base.silence.asking():
            raise ConnectionTimeout("connection timeout expired")
        assert not one.is_usable()
