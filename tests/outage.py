"""A database that goes away at the worst moment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, NoReturn

import pytest
from django.db import Error, OperationalError, connection


def _away(*_asked: Any) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


@contextmanager
def away(fault: type[Error] = OperationalError) -> Iterator[None]:
    """Within the block each statement fails so."""

    def fails(*_asked: Any) -> NoReturn:
        raise fault("server closed the connection unexpectedly")

    with connection.execute_wrapper(fails):
        yield


@contextmanager
def away_after(module: ModuleType, name: str) -> Iterator[None]:
    """The database answers until this function of the module has returned, and then no more."""
    real = getattr(module, name)
    with ExitStack() as stack, pytest.MonkeyPatch.context() as patch:

        def last(*given: Any, **named: Any) -> Any:
            done = real(*given, **named)
            stack.enter_context(connection.execute_wrapper(_away))
            return done

        patch.setattr(module, name, last)
        yield


@contextmanager
def away_at_the_commit(*, back: bool) -> Iterator[None]:
    """The next commit is done, and its answer is lost with the connection. Where the database is
    not `back`, no new connection is taken either."""
    link = connection.connection
    real = connection._commit  # type: ignore[attr-defined]  # where Django commits; not in stubs

    with pytest.MonkeyPatch.context() as patch:

        def breaks() -> NoReturn:
            real()
            patch.undo()
            if connection.vendor == "postgresql":  # one of SQLite in memory is the database
                link.close()
            if not back:
                stack.enter_context(connection.execute_wrapper(_away))
            raise OperationalError("server closed the connection unexpectedly")

        with ExitStack() as stack:
            patch.setattr(connection, "_commit", breaks)
            yield
