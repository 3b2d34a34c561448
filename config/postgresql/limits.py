"""How long each process waits for PostgreSQL, and PostgreSQL for it. The law is a table.

What a person waits for ends early. What a command does (`migrate`, `backup`, `links renew`) and
what the exporter makes may take its time: there only a machine that vanished is given up.
"""

from collections.abc import Mapping
from dataclasses import dataclass

CONNECT_SECONDS = 5
# A server that vanished is asked whether it is there after ten seconds, and given up after 15.
KEEPALIVES: Mapping[str, int] = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 10_000,  # milliseconds that what was sent may stay unanswered
}
# The server asks likewise: else it holds the rows that a vanished process had locked for hours,
# and workers pass over them. Then what is not of a role: pages ask for few rows, and compiling or
# sharing out such a statement takes longer than it.
OF_ALL: Mapping[str, str] = {
    "jit": "off",
    "max_parallel_workers_per_gather": "0",
    "tcp_keepalives_idle": "30",
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "30s",  # of its last answer, if that was not taken: then it asks nothing
}


@dataclass(frozen=True, slots=True)
class Limits:
    """In seconds. None: as long as it takes."""

    statement: int | None = None  # ended by the server
    lock: int | None = None  # a wait for others' rows, likewise
    idle_in_transaction: int | None = None  # for a process that stands still; then others go on
    silence: float | None = None  # of a server that ends nothing itself, because it stands still


NONE = Limits()
BY_ROLE: Mapping[str, Limits] = {
    "public": Limits(statement=10, lock=5, idle_in_transaction=60, silence=12),
    "desk": Limits(statement=30, lock=5, idle_in_transaction=60, silence=32),
    # Before the broker hands its message to another (CELERY_BROKER_TRANSPORT_OPTIONS).
    "worker": Limits(silence=90),
}


def startup(limits: Limits) -> str:
    """What PostgreSQL is told when a connection begins."""
    timeouts = {
        "statement_timeout": limits.statement,
        "lock_timeout": limits.lock,
        "idle_in_transaction_session_timeout": limits.idle_in_transaction,
    }
    # "As long as it takes" is said too: who runs the server may have set another for everybody.
    told = {**OF_ALL, **{name: f"{most}s" if most else "0" for name, most in timeouts.items()}}
    return " ".join(f"-c {name}={value}" for name, value in told.items())
