"""A database that goes away at the worst moment."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from types import ModuleType
from typing import Any, NoReturn

import pytest
from django.db import OperationalError, connection


def _away(*_asked: Any) -> NoReturn:
    raise OperationalError("server closed the connection unexpectedly")


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
