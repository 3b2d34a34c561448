"""A whole installation in real processes, as `manage.py up` starts it, in a home of its own."""

import hashlib
import http.client
import json
import os
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

from config.supervisor import free_port
from tests.waiting import eventually

ROOT = Path(__file__).resolve().parent.parent
DATABASE = "tipintake.sqlite3"
# A process that looks as often as it is asked: starting one takes a second of a processor.
LOOK = """
import sys
for asked in sys.stdin:
    exec({script!r})
    sys.stdout.flush()
"""
READY = re.compile(r"ready public=(\S+) desk=(\S+)")


@dataclass(slots=True)
class Installation:
    """One running `manage.py up`. `output` is all it printed so far."""

    home: Path
    env: Mapping[str, str]
    process: "subprocess.Popen[str]"
    output: list[str] = field(default_factory=list)
    public: str = ""
    desk: str = ""

    def printed(self) -> str:
        return "".join(self.output)

    def parts(self, *words: str) -> list[psutil.Process]:
        """The processes of this installation whose command line holds all of these words."""
        if self.process.poll() is not None:
            return []
        found = []
        for process in psutil.Process(self.process.pid).children(recursive=True):
            try:
                line = " ".join(process.cmdline())
            except psutil.NoSuchProcess:
                continue
            if all(word in line for word in words) and "guard.py" not in line:
                found.append(process)
        return found

    def kill(self, *words: str) -> None:
        for process in self.parts(*words):
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue

    def command(self, *arguments: str) -> str:
        """Run a management command on this installation; what it printed."""
        status, printed = self.attempt(*arguments)
        assert status == 0, printed
        return printed

    def attempt(self, *arguments: str) -> tuple[int, str]:
        """The same of one that may fail: its exit code and all that it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **self.env},
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    @contextmanager
    def watching(self, script: str) -> Iterator[Callable[[], dict[str, Any]]]:
        """Within the block, ask what the script says: it prints "SAID " and an object as JSON."""
        with subprocess.Popen(
            [sys.executable, "manage.py", "shell", "-c", LOOK.format(script=script)],
            cwd=ROOT,
            env={**os.environ, **self.env},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield lambda: _said(process)
            finally:
                process.kill()

    def stop(self) -> None:
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            self.process.wait(40)

    def post(
        self, path: str, body: bytes | Mapping[str, Any], headers: Mapping[str, str] | None = None
    ) -> tuple[int, dict[str, Any]]:
        """POST to the public API on a fresh connection; status and parsed body."""
        where = urlsplit(self.public)
        link = http.client.HTTPConnection(where.hostname or "", where.port, timeout=30)
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        try:
            link.request(
                "POST", path, raw, {"Content-Type": "application/json", **(headers or {})}
            )
            answer = link.getresponse()
            content = answer.read()
        finally:
            link.close()
        return answer.status, json.loads(content) if content else {}


def _said(process: "subprocess.Popen[str]") -> dict[str, Any]:
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write("\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("SAID "):
            said = json.loads(line.removeprefix("SAID "))
            assert isinstance(said, dict)
            return said
    raise AssertionError("the process that looks has ended")


@cache
def migrated() -> Path:
    """A database as `migrate` leaves it, made once for these migrations: it takes longer than all
    the rest of a start. A start from nothing is tested in tests/backup/test_rehearsal.py.
    """
    state = hashlib.sha256(version("django").encode())
    for one in sorted(ROOT.glob("*/migrations/*.py")):
        state.update(one.read_bytes())
    kept = ROOT / "var" / "tests" / f"migrated-{state.hexdigest()[:16]}.sqlite3"
    if not kept.exists():
        kept.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=kept.parent) as home:
            env = {**os.environ, "TIPINTAKE_HOME": home, "DATABASE_URL": ""}
            migrate = [sys.executable, "manage.py", "migrate", "--verbosity", "0"]
            subprocess.run(migrate, cwd=ROOT, env=env, check=True)
            made = Path(home) / DATABASE
            assert not made.with_name(f"{DATABASE}-wal").exists()
            made.replace(kept)  # whole, or not at all
    return kept


@contextmanager
def installation(**extra: str) -> Iterator[Installation]:
    """Start one, wait until it is ready, stop it and see that nothing is left."""
    with tempfile.TemporaryDirectory(prefix="tipintake-up-") as folder, database() as address:
        env = {
            "TIPINTAKE_HOME": folder,
            "TIPINTAKE_HASHED_STATIC": "1",
            "DATABASE_URL": address,
            "REDIS_URL": "",
            **own_ports(),
            **extra,
        }
        if not env["DATABASE_URL"]:
            shutil.copyfile(migrated(), Path(folder) / DATABASE)
        one = start(Path(folder), env)
        try:
            yield one
        finally:
            children = (
                psutil.Process(one.process.pid).children(recursive=True)
                if one.process.poll() is None
                else []
            )
            one.stop()
            _, alive = psutil.wait_procs(children, timeout=10)
        assert not alive, f"left running: {[p.cmdline() for p in alive if p.is_running()]}"


def start(home: Path, env: Mapping[str, str], *, samples: bool = False) -> Installation:
    process = subprocess.Popen(
        [sys.executable, "manage.py", "up", *([] if samples else ["--no-samples"])],
        cwd=ROOT,
        env={**os.environ, **env, "PYTHONUNBUFFERED": "1"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    one = Installation(home, env, process)
    threading.Thread(target=_collect, args=(one,), daemon=True).start()
    try:
        eventually(
            lambda: "ready public=" in one.printed() or process.poll() is not None, seconds=120
        )
    except AssertionError:
        one.stop()
        raise
    found = READY.search(one.printed())
    assert found, one.printed()
    one.public, one.desk = found.groups()
    return one


def _collect(one: Installation) -> None:
    assert one.process.stdout is not None
    for line in one.process.stdout:
        one.output.append(line)


def some_port(first: int = 10_000, last: int = 20_000) -> int:
    """Nobody's at this moment, and hardly anybody's at the next: another test looks elsewhere,
    and outgoing connections are given ports from 32,768 on."""
    return free_port(first + secrets.randbelow(last - first))


def own_ports() -> dict[str, str]:
    return {
        "PUBLIC_PORT": str(some_port(20_000, 26_000)),
        "DESK_PORT": str(some_port(26_000, 32_000)),
    }


@contextmanager
def database() -> Iterator[str]:
    """An empty database of the kind that this run of the suite uses; "" is SQLite in the home."""
    server = os.environ.get("DATABASE_URL", "")
    if not server:
        yield ""
        return
    name = f"up_{secrets.token_hex(6)}"
    with psycopg.connect(server, autocommit=True) as link:
        link.execute(f'CREATE DATABASE "{name}"')
    try:
        yield urlunsplit(urlsplit(server)._replace(path=f"/{name}"))
    finally:
        with psycopg.connect(server, autocommit=True) as link:
            link.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def rows_in(address: str) -> Iterator[tuple[str, bytes]]:
    """Every row of every table of a PostgreSQL database, as text; nothing for SQLite's ""."""
    if not address:
        return
    with psycopg.connect(address) as link:
        names = link.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        for (name,) in names.fetchall():
            rows = link.execute(f'SELECT t::text FROM "{name}" t')
            yield f"table {name}", "\n".join(str(row[0]) for row in rows).encode()
