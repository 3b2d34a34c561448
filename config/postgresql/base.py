"""Django's PostgreSQL, whose connections give up a server that says nothing.

A server that stands still, with its machine or because its disk answers no more, ends no statement
and breaks no connection: only who waits can end it.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from time import monotonic
from typing import Any

from django.db.backends.postgresql import base
from psycopg import Connection, IsolationLevel, OperationalError
from psycopg.abc import RV, PQGen
from psycopg.errors import ConnectionTimeout

from config.postgresql.limits import CONNECT_SECONDS

BETWEEN_LOOKS = 0.1
RESTS = 3.0


class Patient(Connection[Any]):
    """Closes itself when the server has said nothing, and taken nothing, for so many seconds."""

    patience: float | None = None

    def wait(
        self, gen: PQGen[RV], interval: float = BETWEEN_LOOKS, timeout: float | None = None
    ) -> RV:
        heard = gen if self.patience is None else self._heard(gen, self.patience)
        return super().wait(heard, interval, timeout)

    def _heard(self, gen: PQGen[RV], patience: float) -> PQGen[RV]:
        try:
            wanted = next(gen)
            last = monotonic()
            while True:
                ready = yield wanted
                if ready:
                    last = monotonic()
                elif monotonic() - last > patience:
                    self.pgconn.finish()
                    raise OperationalError(f"the server said nothing for {patience:g} seconds")
                wanted = gen.send(ready)
        except StopIteration as done:
            result: RV = done.value
            return result


class Silence:
    """What one process knows of a server that takes connections and says nothing.

    While it is so, one asks for all, now and again: else each page would wait for it in turn, and
    who needs the number of the hotline behind them.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._is_known = False
        self._rests_until = 0.0

    def is_known(self) -> bool:
        return self._is_known and monotonic() < self._rests_until

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around a new connection. Raises OperationalError where another asks, or just did."""
        with self._lock:
            if self.is_known():
                raise OperationalError("the server said nothing a moment ago")
            self._rests_until = monotonic() + CONNECT_SECONDS + RESTS
        is_silent = False
        try:
            yield
        except ConnectionTimeout:
            is_silent = True
            raise
        finally:
            self._is_known = is_silent
            self._rests_until = monotonic() + RESTS


silence = Silence()


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        given = super().get_connection_params()
        return {name: value for name, value in given.items() if name != "patience"}

    def get_new_connection(self, conn_params: dict[str, Any]) -> Patient:
        self.isolation_level = IsolationLevel.READ_COMMITTED
        patience = self.settings_dict["OPTIONS"]["patience"]
        with nullcontext() if patience is None else silence.asking():
            connection = Patient.connect(**conn_params)
        connection.patience = patience
        return connection

    def is_usable(self) -> bool:
        """As quickly as a new connection is given up."""
        if silence.is_known():
            return False
        with self._in_haste():
            return super().is_usable()

    @contextmanager
    def _in_haste(self) -> Iterator[None]:
        connection = self.connection
        patience = connection.patience
        connection.patience = CONNECT_SECONDS
        try:
            yield
        finally:
            connection.patience = patience
